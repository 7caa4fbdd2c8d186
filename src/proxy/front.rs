//! What is asked of the proxy itself: to open a tunnel, or to fetch something that is named in full. A vault's own name leads
//! here too, by which requests come in from outside.

use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use tokio::sync::Semaphore;

use super::Shared;
use super::credentials::Caller;
use super::head::{self, Asked, Place};
use super::hosts::vault_of;
use super::inside::{Inside, Way};
use super::refused;
use super::tally::Fate;
use super::tunnel;
use crate::limits::UPSTREAM_WAIT;
use crate::operations::SpaceName;
use crate::operations::settings::ClientBounds;
use crate::server::connection::Answers;
use crate::server::exchange::Answered;
use crate::server::gate::check_coding;
use crate::server::inject::{Line, Outcome};
use crate::server::refused::{Refused, no_room};

/// See the module.
#[derive(Debug)]
pub(super) struct Front {
    shared: Arc<Shared>,
}

impl Front {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// `space` is the one that the caller chose, once that is known.
    async fn asked(
        &self,
        parts: &mut Parts,
        body: Incoming,
        upgrade: Option<OnUpgrade>,
        line: &Arc<Line>,
        space: &mut Option<SpaceName>,
    ) -> Result<Answered, Box<Refused>> {
        if line.door.reserved {
            return Err(no_room("connections"));
        }
        check_coding(&parts.headers)
            .map_err(|(status, code, why)| Refused::with(status, code, &why))?;
        let asked = head::asked(parts)?;
        if asked == Asked::Own {
            return self.own(parts, body, line).await;
        }
        let named = line.door.server_name.as_deref().and_then(vault_of);
        let caller = self.shared.vaults.admit(parts, named)?;
        space.clone_from(&caller.space);
        match asked {
            Asked::Tunnel(place) => self.tunnel(parts, place, caller, upgrade, line).await,
            Asked::Absolute(place) => {
                let inside = self.inside(place, caller, parts)?;
                in_short(parts);
                inside.exchange(parts, body, line).await
            }
            Asked::Own => Err(refused::head(OWN)),
        }
    }

    /// Opens a tunnel, once it is known that it leads somewhere.
    async fn tunnel(
        &self,
        parts: &Parts,
        place: Place,
        caller: Caller,
        upgrade: Option<OnUpgrade>,
        line: &Arc<Line>,
    ) -> Result<Answered, Box<Refused>> {
        let inside = self.inside(place, caller, parts)?;
        let upgrade =
            upgrade.ok_or_else(|| refused::head("this connection cannot become a tunnel"))?;
        let dialled = match &inside.way {
            Way::Passed(upstream) if !self.shared.looks_into(&inside.place.host) => {
                let dialled = upstream.dial(&inside.place.host, UPSTREAM_WAIT).await;
                let dialled = dialled.inspect_err(|_| inside.note(Fate::Refused))?;
                inside.note(Fate::Passed);
                inside
                    .write_down(parts, StatusCode::OK, "a tunnel that is passed on as it is")
                    .await;
                Some(dialled)
            }
            Way::Passed(_) | Way::Imitated(_) | Way::Replayed(_) => None,
        };
        let door = line.door.clone();
        tokio::spawn(tunnel::serve(upgrade, inside, dialled, door));
        Ok(Answered::whole(Response::new(Bytes::new())))
    }

    /// What answers for a place.
    fn inside(&self, place: Place, caller: Caller, parts: &Parts) -> Result<Inside, Box<Refused>> {
        let shared = &self.shared;
        let way = shared.way(&place);
        let inside = |way| Inside {
            shared: Arc::clone(shared),
            place: place.clone(),
            way,
            space: caller.space.clone(),
            implied: if parts.uri.scheme_str() == Some("https") {
                443
            } else {
                80
            },
        };
        match way {
            Some(way) => Ok(inside(way)),
            None => {
                shared.tally.note(Fate::Refused, &place.host);
                Err(refused::offline(&place.host))
            }
        }
    }

    /// A request that believes to have come to where it wanted to: to a vault by its own name, or by mistake.
    async fn own(
        &self,
        parts: &mut Parts,
        body: Incoming,
        line: &Arc<Line>,
    ) -> Result<Answered, Box<Refused>> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = host.unwrap_or_default().to_ascii_lowercase();
        let name = host.split(':').next().unwrap_or_default();
        let vault = vault_of(name).ok_or_else(|| refused::head(OWN))?;
        if !self.shared.vaults.has(vault) {
            let why = format!("there is no vault {vault:?}; name it in [[proxy.vault]]");
            return Err(Refused::with(StatusCode::NOT_FOUND, "proxy_vault", &why));
        }
        let place = Place {
            host: name.to_owned(),
            port: 443,
        };
        let inside = self.inside(place, Caller::default(), parts)?;
        inside.exchange(parts, body, line).await
    }
}

const OWN: &str = "this is standin's proxy: ask it for a tunnel (CONNECT), or name what you want in full, such as http://api.stripe.com/v1/charges";

/// The request as its host wants it: the path alone, and the host in its header.
fn in_short(parts: &mut Parts) {
    let host = parts
        .uri
        .authority()
        .and_then(|host| host.as_str().parse().ok());
    if let Some(host) = host {
        parts.headers.insert(HOST, host);
    }
    let path = parts.uri.path_and_query().cloned();
    parts.uri = path.map_or_else(Uri::default, Uri::from);
}

impl Answers for Front {
    fn bounds(&self) -> &ClientBounds {
        self.shared.app.bounds()
    }

    fn room(&self) -> &Arc<Semaphore> {
        self.shared.app.room()
    }

    async fn answer(&self, mut request: Request<Incoming>, line: &Arc<Line>) -> Outcome {
        let version = request.version();
        let upgrade =
            (request.method() == Method::CONNECT).then(|| hyper::upgrade::on(&mut request));
        let (mut parts, body) = request.into_parts();
        // Any page can send what names no host in full, and must not fill the journal.
        let is_of_a_program = parts.method == Method::CONNECT || parts.uri.scheme().is_some();
        let mut space = None;
        let answered = self
            .asked(&mut parts, body, upgrade, line, &mut space)
            .await;
        let answered = match answered {
            Ok(answered) => answered,
            Err(refused) => {
                tracing::info!(code = refused.code, "the proxy refused: {}", refused.why);
                if is_of_a_program {
                    let space = space.as_ref();
                    self.shared.write_down(space, &parts, &refused).await;
                }
                Answered::refused(*refused)
            }
        };
        self.shared.app.send(answered, version, line).await
    }

    fn unread(&self, status: StatusCode, why: String) {
        self.shared.app.unread(status, why);
    }
}
