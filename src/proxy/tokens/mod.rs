//! Network tokens on the way out: a payment that asks for it goes to its service with the card's token, and with a cryptogram,
//! in the place of the number and the code (VGS, transact with a network token). The token is that which the card's alias was
//! enrolled for; a number that came as it is has none.
//!
//! | file | is |
//! |---|---|
//! | `decide` | what a payment is made with |
//! | `services` | how each service wants a token |

mod decide;
mod services;

use std::sync::Arc;

use http::HeaderMap;
use serde_json_path::JsonPath;

use super::find::{self, Change, Piece};
use super::refused;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::token::TokenRecord;
use crate::operations::cryptograms::{self, Want};
use crate::operations::revealed::Revealed;
use crate::operations::{Call, enrolments};
use crate::server::refused::Refused;
use crate::wire::edge::headers::once;
use decide::{Means, decide};

/// Whether a token is to be put in the place of the number. Any other word than `yes` asks for the number.
const WANTED: &str = "vgs-network-token";
/// For which kind of payment the cryptogram is to be.
const KIND: &str = "vgs-cryptogram-txn-type";
const KINDS: [&str; 4] = ["ECOM", "POS", "RECURRING", "AFT"];

/// Takes the vault's own headers off a request, and says whether a token is wanted.
pub(super) fn take(headers: &mut HeaderMap) -> Result<bool, Box<Refused>> {
    let read = |name| {
        let read = once(headers, name).map(|value| value.map(str::to_owned));
        read.map_err(|problem| refused::head(&problem.in_small_letters()))
    };
    let (wanted, kind) = (read(WANTED)?, read(KIND)?);
    if let Some(kind) = kind.filter(|kind| !KINDS.contains(&kind.as_str())) {
        let why = format!(
            "{KIND} must be one of {}, unlike {kind:?}",
            KINDS.join(", ")
        );
        return Err(refused::head(&why));
    }
    for name in [WANTED, KIND] {
        headers.remove(name);
    }
    Ok(wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case("yes")))
}

/// Where a card stands in a payment: members by JSONPath, or fields of a form.
#[derive(Debug, Clone)]
pub(super) struct CardPlaces {
    pub(super) number: Spot,
    pub(super) cvc: Option<Spot>,
    pub(super) exp_month: Option<Spot>,
    pub(super) exp_year: Option<Spot>,
}

/// One place.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    Json(JsonPath),
    Field(String),
}

impl Spot {
    /// A text that begins with `$` is a JSONPath.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            let path = JsonPath::parse(text).map_err(|error| error.to_string())?;
            return Ok(Self::Json(path));
        }
        Ok(Self::Field(text.to_owned()))
    }

    fn pieces(&self, body: &str) -> Vec<Piece> {
        match self {
            Self::Json(path) => find::json(body, path),
            Self::Field(name) => find::form(body, name),
        }
    }
}

/// A payment, and what became of its aliases.
pub(super) struct Payment<'a> {
    pub(super) host: &'a str,
    pub(super) places: &'a CardPlaces,
    pub(super) revealed: &'a [Revealed],
    pub(super) body: &'a str,
}

/// What goes to the service, if anything else than what came; and a word about it for the journal.
pub(super) struct Paid {
    pub(super) body: Option<String>,
    pub(super) note: String,
}

/// Puts the token of a payment's card in its place, where the table says so.
pub(super) async fn put_in(call: &Call, payment: &Payment<'_>) -> Paid {
    let number = payment.places.number.pieces(payment.body);
    let alias = number.first().and_then(|number| {
        let mut revealed = payment.revealed.iter();
        revealed.find(|known| known.value == number.text)
    });
    let token = match alias {
        Some(known) => of_alias(call, &known.alias).await,
        None => None,
    };
    let service = services::find(payment.host);
    let usable = token
        .as_ref()
        .is_some_and(|token| token.usable(call.now).is_ok());
    let network = token.as_ref().map(|token| token.network);
    let means = decide(network.filter(|_| usable), service.is_some());
    let kind = match means {
        Means::Card => None,
        Means::Long => Some(CryptogramKind::Long),
        Means::Short => Some(CryptogramKind::Short),
    };
    let (Some(kind), Some(token)) = (kind, token) else {
        return Paid {
            body: None,
            note: "a network token was asked for, and the card is sent: it has none that can be used here".to_owned(),
        };
    };
    let mut minting = Call::at(Arc::clone(&call.space), call.now);
    let want = Want { kind, limit: None };
    let minted = match cryptograms::mint(&mut minting, &token.reference, want).await {
        Ok(minted) => minted,
        Err(rejection) => {
            let note = format!("a network token was asked for, and the card is sent: {rejection}");
            return Paid { body: None, note };
        }
    };
    let written = match service.filter(|_| kind == CryptogramKind::Long) {
        Some(service) => (service.long)(payment.body, &minted),
        None => Some(short(payment, &minted.token, &minted.value)),
    };
    let how = if kind == CryptogramKind::Long {
        "long"
    } else {
        "short"
    };
    Paid {
        note: match &written {
            Some(_) => format!("the network token and a {how} cryptogram are sent"),
            None => "a network token was asked for, and the card is sent: its service's form could not be read".to_owned(),
        },
        body: written,
    }
}

/// The token that an alias was enrolled for, by whichever account of the vault's organisation.
async fn of_alias(call: &Call, alias: &str) -> Option<TokenRecord> {
    let mut found = None;
    for (owner, _) in call.space.config.accounts.iter() {
        let enrolled = enrolments::read(call, owner, alias).await;
        let token = enrolled.ok().and_then(|enrolled| enrolled.token);
        if token
            .as_ref()
            .is_some_and(|token| token.usable(call.now).is_ok())
        {
            return token;
        }
        found = found.or(token);
    }
    found
}

/// The token where the number would be, its own expiry, and the short cryptogram where the code would be.
fn short(payment: &Payment<'_>, token: &TokenRecord, cryptogram: &str) -> String {
    let number = token
        .number
        .map(|number| number.expose())
        .unwrap_or_default();
    let places = payment.places;
    let year = token.expiry.year();
    let mut changes = Vec::new();
    let mut put = |spot: Option<&Spot>, text: &dyn Fn(&str) -> String| {
        for piece in spot
            .map(|spot| spot.pieces(payment.body))
            .unwrap_or_default()
        {
            let text = text(&piece.text);
            changes.push(Change { piece, text });
        }
    };
    put(Some(&places.number), &|_| number.clone());
    put(places.cvc.as_ref(), &|_| cryptogram.to_owned());
    put(places.exp_month.as_ref(), &|before| {
        padded(token.expiry.month().into(), before)
    });
    put(places.exp_year.as_ref(), &|before| match before.len() {
        1 | 2 => padded(u16::from(token.expiry.year_two_digits()), before),
        _ => year.to_string(),
    });
    changes.sort_by_key(|change| change.piece.start());
    find::splice(payment.body, &changes)
}

/// As many digits as there were before.
fn padded(number: u16, before: &str) -> String {
    format!("{number:0width$}", width = before.len().min(2))
}
