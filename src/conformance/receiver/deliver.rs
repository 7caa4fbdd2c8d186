//! Words, signs and sends messages, and remembers what was said for the report.

use std::convert::Infallible;
use std::time::Duration;

use futures::stream;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::json;

use super::ReceiverOptions;
use super::events::{AMOUNT, Event};
use super::given::{address, key, peer};
use super::profile::Profile;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, hex};
use crate::crypto::field_level::{self, TextForm};
use crate::crypto::oaep::OaepHash;
use crate::crypto::rsa_key::PublicKey;
use crate::crypto::webhook::{Header, Message, Scheme};
use crate::outgoing::{Bounds, Client, Failure, Resend, Trust, anywhere};
use crate::report::{ExchangeReport, Secrets};

/// How much of an answer is read, and of a body told.
const ANSWER_BYTES_MAX: usize = 64 << 10;
const TOLD_BYTES_MAX: usize = 2_000;
/// How a message trickles in: so many pieces, each after so long.
const PIECES: usize = 8;
const BETWEEN: Duration = Duration::from_millis(200);

/// How a message is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signing {
    Right,
    Missing,
    OtherSecret,
    /// Right for another body.
    Changed,
    /// So many seconds before now, or after it.
    At(i64),
    /// A wrong one beside the right one.
    Rotated,
}

/// A request as it goes out.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) method: &'static str,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<Header>,
    pub(super) body: String,
    pub(super) trickles: bool,
}

/// What came back: a status and a body.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) elapsed: Duration,
}

/// See the module.
pub(super) struct Session {
    pub(super) profile: &'static Profile,
    pub(super) within: Duration,
    pub(super) count_url: Option<Uri>,
    pub(super) exchanges: Vec<ExchangeReport>,
    pub(super) secrets: Secrets,
    url: Uri,
    secret: String,
    sealed_for: Option<PublicKey>,
    client: Client,
    now: fn() -> i64,
    seed: String,
    /// How many events there have been.
    events: u32,
}

impl Session {
    /// # Errors
    /// A sentence when the options cannot be used.
    pub(super) fn new(
        options: &ReceiverOptions,
        profile: &'static Profile,
        now: fn() -> i64,
    ) -> Result<Self, String> {
        let url = address("--url", &options.url)?;
        let count_url = options.count_url.as_deref();
        let count_url = count_url
            .map(|url| address("--count-url", url))
            .transpose()?;
        let secret = options.secret.clone().unwrap_or_default();
        if let Some(scheme) = profile.scheme {
            scheme
                .key(&secret)
                .map_err(|error| format!("--secret: {error}"))?;
        }
        let sealed_for = match (profile.scheme, &options.certificate) {
            (None, Some(file)) => Some(key(file)?),
            (None, None) => {
                return Err("--certificate: for whom is a message to be sealed?".to_owned());
            }
            (Some(_), _) => None,
        };
        let trust = Trust::read(options.ca.as_deref()).map_err(|why| format!("--ca {why}"))?;
        let mut secrets = Secrets::default();
        secrets.learn(&secret);
        Ok(Self {
            profile,
            within: options.within,
            count_url,
            exchanges: Vec::new(),
            secrets,
            url,
            secret,
            sealed_for,
            // The receiver sees each request once.
            client: Client::new(trust, Resend::Unsent),
            now,
            seed: options.seed.clone(),
            events: 0,
        })
    }

    pub(super) fn now(&self) -> i64 {
        (self.now)()
    }

    /// A name that no event has had, of sixteen letters and digits. It begins with the second, so that a receiver which
    /// remembers an earlier run does not take it for a duplicate.
    pub(super) fn name(&mut self) -> String {
        self.events += 1;
        let parts = format!("{}/{}/{}", self.seed, self.now(), self.events);
        hex(&sha256(parts.as_bytes()))[..16].to_owned()
    }

    /// A message about an event.
    ///
    /// # Errors
    /// A sentence when it cannot be made, which the options have ruled out.
    pub(super) fn message(&self, event: Event<'_>, signing: Signing) -> Result<Outgoing, String> {
        self.signed(event.name, &self.worded(event)?, signing)
    }

    /// The body as its service words it, and seals it where it does.
    pub(super) fn worded(&self, event: Event<'_>) -> Result<String, String> {
        let body = (self.profile.body)(&event);
        let Some(to) = &self.sealed_for else {
            return Ok(body.to_string());
        };
        let mut rng = ChaCha20Rng::from_seed(sha256(event.name.as_bytes()));
        let sealed = field_level::seal(
            &mut rng,
            to,
            TextForm::Hex,
            OaepHash::Sha256,
            Some(&to.fingerprint()),
            body.to_string().as_bytes(),
        );
        let sealed = sealed.map_err(|error| format!("--certificate: the key {error}"))?;
        Ok(json!({
            "responseHost": "standin.example",
            "requestId": event.name,
            "encryptedPayload": {
                "publicKeyFingerprint": sealed.public_key_fingerprint,
                "encryptedKey": sealed.encrypted_key,
                "oaepHashingAlgorithm": sealed.oaep_hashing_algorithm,
                "iv": sealed.iv,
                "encryptedData": sealed.encrypted_data,
            },
        })
        .to_string())
    }

    /// A body under a signature.
    pub(super) fn signed(
        &self,
        name: &str,
        body: &str,
        signing: Signing,
    ) -> Result<Outgoing, String> {
        let mut outgoing = Outgoing {
            method: "POST",
            content_type: "application/json",
            headers: Vec::new(),
            body: body.to_owned(),
            trickles: false,
        };
        let (Some(scheme), true) = (self.profile.scheme, signing != Signing::Missing) else {
            return Ok(outgoing);
        };
        let other = other_secret(scheme);
        let secret = if signing == Signing::OtherSecret {
            &other
        } else {
            &self.secret
        };
        let id = format!("msg_{name}");
        let offset_s = match signing {
            Signing::At(offset_s) => offset_s,
            Signing::Right
            | Signing::Missing
            | Signing::OtherSecret
            | Signing::Changed
            | Signing::Rotated => 0,
        };
        let at_s = self.now() + offset_s;
        let message = Message {
            id: &id,
            at_s,
            body,
        };
        let failed = |error| format!("--secret: {error}");
        outgoing.headers = scheme.sign(secret, message).map_err(failed)?;
        let within = scheme.sign_within(secret, body, body).map_err(failed)?;
        outgoing.body = within.unwrap_or_else(|| body.to_owned());
        if signing == Signing::Changed {
            outgoing.body = outgoing.body.replacen(AMOUNT[0], AMOUNT[1], 1);
        }
        if signing == Signing::Rotated {
            rotate(scheme, &mut outgoing.headers);
        }
        Ok(outgoing)
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// When there is no answer, or not in time.
    pub(super) async fn send(&mut self, outgoing: &Outgoing) -> Result<Answer, Failure> {
        let started = tokio::time::Instant::now();
        let answered = tokio::time::timeout(self.within, self.exchange(outgoing)).await;
        let answered = answered.unwrap_or(Err(Failure::Late(self.within)));
        let elapsed = started.elapsed();
        self.note(outgoing, &answered, elapsed);
        answered.map(|(status, _)| Answer { status, elapsed })
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<(u16, String), Failure> {
        let mut request = Request::builder()
            .method(outgoing.method)
            .uri(self.url.clone());
        if outgoing.method == "POST" {
            request = request.header("content-type", outgoing.content_type);
        }
        for (name, value) in &outgoing.headers {
            request = request.header(*name, value);
        }
        let body = Bytes::from(outgoing.body.clone());
        let (head, body) = if outgoing.trickles {
            // Its length is known, as that of every message: only the pieces are slow, and nothing of it is chunked.
            let request = request.header("content-length", body.len());
            let request = request.body(trickle(body)).map_err(|_| Failure::Url)?;
            let peer = peer(&self.url).ok_or(Failure::Url)?;
            let answer = self.client.pass(request, &peer, anywhere).await?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
            (head, body.map(|body| body.to_bytes()).unwrap_or_default())
        } else {
            let request = request.body(Full::new(body)).map_err(|_| Failure::Url)?;
            let bounds = Bounds {
                wait: self.within,
                bytes_max: ANSWER_BYTES_MAX,
            };
            let answer = self.client.exchange(request, anywhere, bounds).await?;
            let (head, body) = answer.into_parts();
            (head, body.unwrap_or_default())
        };
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok((head.status.as_u16(), text))
    }

    /// Asks the URL of the count, which is no exchange of the report.
    pub(super) async fn ask_count(&self, url: &Uri) -> Result<String, String> {
        let request = Request::get(url.clone()).body(Full::new(Bytes::new()));
        let request = request.map_err(|error| error.to_string())?;
        let bounds = Bounds {
            wait: self.within,
            bytes_max: ANSWER_BYTES_MAX,
        };
        let answer = self.client.exchange(request, anywhere, bounds).await;
        let answer = answer.map_err(|failure| failure.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("it answered {}", answer.status().as_u16()));
        }
        let body = answer.into_body()?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    fn note(
        &mut self,
        outgoing: &Outgoing,
        answered: &Result<(u16, String), Failure>,
        elapsed: Duration,
    ) {
        let secrets = &self.secrets;
        let header = |(name, value): &Header| ((*name).to_owned(), secrets.header(name, value));
        let answer = answered.as_ref().ok();
        let url = crate::masking::target(&self.url.to_string());
        let body = answer.map_or("", |(_, body)| body.as_str());
        self.exchanges.push(ExchangeReport {
            step: 0,
            decided: false,
            method: outgoing.method.to_owned(),
            url: secrets.text(&url),
            request_headers: outgoing.headers.iter().map(header).collect(),
            request_body: secrets.body(&outgoing.body).cut(TOLD_BYTES_MAX),
            status: answer.map(|(status, _)| *status),
            answer_headers: Vec::new(),
            answer_body: secrets.body(body).cut(TOLD_BYTES_MAX),
            no_answer: answered
                .as_ref()
                .err()
                .map(|failure| secrets.text(&failure.to_string())),
            put_off: Vec::new(),
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        });
    }
}

/// A secret that no receiver has.
fn other_secret(scheme: Scheme) -> String {
    let bytes = sha256(b"a secret that nobody has");
    match scheme {
        Scheme::Standard => format!("whsec_{}", base64(&bytes)),
        Scheme::Vgs
        | Scheme::Stripe
        | Scheme::Checkout
        | Scheme::AdyenPayload
        | Scheme::AdyenItem => hex(&bytes),
    }
}

/// Puts a wrong signature before the right one, where a scheme has a list of them.
fn rotate(scheme: Scheme, headers: &mut [Header]) {
    for (name, value) in headers {
        if *name != scheme.place() {
            continue;
        }
        let zeros = "0".repeat(64);
        *value = match scheme {
            Scheme::Standard => format!("v1,{} {value}", base64(&[0; 32])),
            Scheme::Stripe => value.replace(",v1=", &format!(",v1={zeros},v1=")),
            Scheme::Vgs => value.replace(",v0=", &format!(",v0={zeros},v0=")),
            Scheme::Checkout | Scheme::AdyenPayload | Scheme::AdyenItem => return,
        };
    }
}

/// A body that comes in pieces.
fn trickle(
    body: Bytes,
) -> StreamBody<impl futures::Stream<Item = Result<Frame<Bytes>, Infallible>>> {
    let size = body.len().div_ceil(PIECES).max(1);
    StreamBody::new(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(BETWEEN).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    }))
}
