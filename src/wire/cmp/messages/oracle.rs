//! The same documents as serde writes them, and a comparison byte by byte.

use proptest::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::*;
use crate::domain::card::{Expiry, Pan, TokenNumber};
use crate::domain::id::{Owner, TokenReference};
use crate::domain::lifecycle::TokenStatus;
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::domain::subscription::{Subscription, UpdaterEvent};
use crate::domain::token::{CardDetails, Usage};
use crate::wire::cmp::updates;

#[derive(Debug, Serialize)]
struct CardDocument<'a> {
    data: CardResource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<&'a [Box<RawValue>]>,
}

#[derive(Debug, Serialize)]
struct CardResource<'a> {
    id: String,
    r#type: &'static str,
    attributes: CardAttributes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<&'a [Box<RawValue>]>,
    meta: CardMeta,
}

#[derive(Debug, Serialize)]
struct CardAttributes<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pan: Option<&'a str>,
    pan_alias: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvc_status: Option<&'static str>,
    bin: &'a str,
    first8: &'a str,
    last4: &'a str,
    exp_month: u8,
    exp_year: u8,
    card_fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cardholder: Option<Box<RawValue>>,
    capabilities: [&'static str; 1],
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct CardMeta {
    token_type: &'static str,
    #[serde(flatten)]
    own: Option<serde_json::Map<String, serde_json::Value>>,
}

/// A network token, in a document of its own or among what a card includes.
#[derive(Debug, Serialize)]
struct TokenResource<'a> {
    r#type: &'static str,
    id: String,
    attributes: TokenAttributes<'a>,
    relationships: Relationships,
}

#[derive(Debug, Serialize)]
struct TokenAttributes<'a> {
    payment_account_reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_token: Option<Numeral<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<Numeral<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<Numeral<'a>>,
    exp_month: u8,
    exp_year: u8,
    created_at: String,
    updated_at: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cryptogram: Option<Cryptogram<'a>>,
}

#[derive(Debug, Serialize)]
struct Cryptogram<'a> {
    value: &'a str,
    eci: &'static str,
    r#type: &'static str,
}

#[derive(Debug, Serialize)]
struct Relationships {
    card: Related,
}

#[derive(Debug, Serialize)]
struct Related {
    data: Identifier,
}

#[derive(Debug, Serialize)]
struct Identifier {
    r#type: &'static str,
    id: String,
}

#[derive(Debug, Serialize)]
struct TokenDocument<'a> {
    data: TokenResource<'a>,
}

/// Digits as a string or, in the dialect of one page of the documentation, as a number.
#[derive(Debug)]
struct Numeral<'a>(&'a str, Digits);

impl Serialize for Numeral<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.1, self.0.parse::<u64>()) {
            (Digits::Numbers, Ok(number)) => to.serialize_u64(number),
            (Digits::Strings, _) | (Digits::Numbers, Err(_)) => to.serialize_str(self.0),
        }
    }
}

/// A card with the token that it has now or had last.
fn card_document(view: View<'_>, card: &CardRecord, token: Option<&TokenRecord>) -> Vec<u8> {
    // It stands in two places by default, so it is written once and put there twice.
    let token = token.and_then(|token| {
        let number = digits(token);
        let resource = token_resource(view, card, token, number.as_deref());
        serde_json::value::to_raw_value(&resource).ok()
    });
    // The account updater comes first where there is both (VGS's own demonstration reads the token second).
    let watched = card.subscription().and_then(|subscription| {
        serde_json::value::to_raw_value(&updates::resource(card, subscription)).ok()
    });
    let included: Vec<_> = watched.into_iter().chain(token).collect();
    let included = included.as_slice();
    let (top, inside) = match view.dialect.included {
        Included::Both => (Some(included), Some(included)),
        Included::Top => (Some(included), None),
        Included::Data => (None, Some(included)),
    };
    let number = card.pan.expose();
    json(&CardDocument {
        data: CardResource {
            id: card_id(&card.id),
            r#type: "cards",
            attributes: attributes(view, card, &number),
            included: inside,
            meta: meta(card),
        },
        included: top,
    })
}

fn attributes<'a>(view: View<'a>, card: &CardRecord, number: &'a str) -> CardAttributes<'a> {
    let holder = card.more.as_ref().and_then(|more| more.cardholder.clone());
    CardAttributes {
        pan_alias: &view.names.alias,
        cvc_status: card.has_cvc.then_some("active"),
        bin: &number[..6],
        first8: &number[..8],
        last4: &number[number.len() - 4..],
        exp_month: card.expiry.month(),
        exp_year: card.expiry.year_two_digits(),
        card_fingerprint: &view.names.fingerprint,
        cardholder: holder.and_then(|text| RawValue::from_string(text).ok()),
        capabilities: ["network-tokens"],
        created_at: card.created.rfc3339(),
        updated_at: card.updated.rfc3339(),
        pan: view.pci.then_some(number),
    }
}

fn meta(card: &CardRecord) -> CardMeta {
    let own = card.more.as_ref().and_then(|more| more.metadata.as_ref());
    let mut own: Option<serde_json::Map<_, _>> =
        own.and_then(|text| serde_json::from_str(text).ok());
    // The card's own member of that name stands there already.
    own.as_mut().map(|own| own.remove("token_type"));
    CardMeta {
        token_type: "pan",
        own,
    }
}

fn token_document(view: View<'_>, card: &CardRecord, token: &TokenRecord) -> Vec<u8> {
    let number = digits(token);
    let data = token_resource(view, card, token, number.as_deref());
    json(&TokenDocument { data })
}

/// The token's document with a cryptogram in it.
fn cryptogram_document(
    view: View<'_>,
    card: &CardRecord,
    token: &TokenRecord,
    issued: Issued<'_>,
) -> Vec<u8> {
    let Issued { value, kind } = issued;
    let number = digits(token);
    let mut data = token_resource(view, card, token, number.as_deref());
    data.attributes.cryptogram = Some(Cryptogram {
        value,
        eci: match token.network {
            Network::Mastercard => "06",
            Network::Visa | Network::Amex | Network::Discover => "07",
        },
        r#type: match kind {
            CryptogramKind::Long => "TAVV",
            CryptogramKind::Short => "DTVV",
        },
    });
    json(&TokenDocument { data })
}

fn digits(token: &TokenRecord) -> Option<String> {
    token.number.map(|number| number.expose())
}

/// `number` is the token's, in digits.
fn token_resource<'a>(
    view: View<'a>,
    card: &CardRecord,
    token: &TokenRecord,
    number: Option<&'a str>,
) -> TokenResource<'a> {
    let dialect = view.dialect;
    let numeral = |digits| Numeral(digits, dialect.digits);
    let failure = token.failure.map(EnrolmentFailure::of);
    let attributes = TokenAttributes {
        payment_account_reference: &view.names.payment_account_reference,
        last4: number.map(|number| numeral(&number[number.len() - 4..])),
        bin: number.map(|number| numeral(&number[..6])),
        network_token: number.map(numeral),
        exp_month: token.expiry.month(),
        exp_year: token.expiry.year_two_digits(),
        created_at: without_zone(token.created.rfc3339_micros()),
        updated_at: without_zone(token.updated.rfc3339_micros()),
        state: state(token, dialect.resumed),
        error_code: failure.map(EnrolmentFailure::code),
        description: failure.map(EnrolmentFailure::description),
        cryptogram: None,
    };
    TokenResource {
        r#type: "network_tokens",
        id: ["NTK", &token.reference.base58()].concat(),
        attributes,
        relationships: Relationships {
            card: Related {
                data: Identifier {
                    r#type: "cards",
                    id: card_id(&card.id),
                },
            },
        },
    }
}

/// Token times have no zone designator in the samples, card times have one.
fn without_zone(mut text: String) -> String {
    if text.ends_with('Z') {
        text.pop();
    }
    text
}

fn moment() -> impl Strategy<Value = Moment> {
    (0..253_402_300_799_999_999_i64).prop_map(Moment::from_micros)
}

fn details() -> impl Strategy<Value = CardDetails> {
    let texts = prop::option::of("\\PC{0,12}");
    (
        texts,
        prop::bool::ANY,
        prop::option::of((prop::bool::ANY, moment())),
    )
        .prop_map(|(text, named, subscribed)| CardDetails {
            cardholder: text
                .as_ref()
                .map(|text| serde_json::json!({ "name": text }).to_string()),
            metadata: text.as_ref().filter(|_| named).map(|text| {
                serde_json::json!({ "token_type": 1, "order": text, "\"": [text] }).to_string()
            }),
            subscription: subscribed.map(|(enrolled, created)| Subscription {
                enrolled,
                event: UpdaterEvent::Expired,
                created,
                updated: created,
            }),
            ..CardDetails::default()
        })
}

prop_compose! {
    fn card()(
        bytes: [u8; 16],
        pan in prop::sample::select(vec!["4111111111111111", "5555555555554444", "378282246310005", "4000000000000000005"]),
        month in 1_i64..=12,
        has_cvc: bool,
        created in moment(),
        updated in moment(),
        more in prop::option::of(details()),
    ) -> CardRecord {
        CardRecord {
            id: CardId::from_bytes(bytes),
            owner: Owner(0),
            pan: Pan::parse(pan).unwrap(),
            expiry: Expiry::new(month, 2040).unwrap(),
            has_cvc,
            created,
            updated,
            token: None,
            tokens_asked: 0,
            more: more.map(Box::new),
        }
    }
}

prop_compose! {
    fn token()(
        bytes: [u8; 16],
        number in prop::option::of(prop::sample::select(vec!["4895370016781988", "5480000000000008"])),
        state in prop::sample::select(vec![State::Active, State::Inactive, State::Suspended, State::Deleted, State::Failed]),
        latest in prop::sample::select(vec![LatestChange::Provisioned, LatestChange::Resumed, LatestChange::PanReplaced]),
        failure in prop::option::of(prop::sample::select(vec![Rejection::CardNotEligible, Rejection::IssuerUnavailable])),
        network in prop::sample::select(vec![Network::Visa, Network::Mastercard]),
        created in moment(),
        updated in moment(),
    ) -> TokenRecord {
        TokenRecord {
            reference: TokenReference::from_bytes(bytes),
            card: CardId::from_bytes(bytes),
            owner: Owner(0),
            network,
            number: number.map(|number| TokenNumber::parse(number).unwrap()),
            expiry: Expiry::new(1, 2031).unwrap(),
            status: TokenStatus::plain(state),
            latest,
            failure,
            created,
            updated,
            usage: Usage::default(),
        }
    }
}

prop_compose! {
    fn dialect()(
        included in prop::sample::select(vec![Included::Both, Included::Top, Included::Data]),
        digits in prop::sample::select(vec![Digits::Strings, Digits::Numbers]),
        resumed in prop::sample::select(vec![Resumed::Activated, Resumed::Active]),
    ) -> CmpDialect {
        CmpDialect { included, digits, resumed, ..CmpDialect::default() }
    }
}

proptest! {
    #[test]
    fn documents_are_written_as_serde_writes_them(
        dialect in dialect(),
        pci: bool,
        card in card(),
        token in token(),
        has_token: bool,
        kind in prop::sample::select(vec![CryptogramKind::Long, CryptogramKind::Short]),
    ) {
        let names = AccountNames {
            alias: "tok_sandbox_\"1".to_owned(),
            payment_account_reference: "V0010000".to_owned(),
            fingerprint: "3yQ".to_owned(),
        };
        let view = View { dialect: &dialect, pci, names: &names };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let had = has_token.then_some(&token);
        prop_assert_eq!(text(super::card_document(view, &card, had)), text(card_document(view, &card, had)));
        prop_assert_eq!(text(super::token_document(view, &card, &token)), text(token_document(view, &card, &token)));
        let issued = Issued { value: "AAECAwQFBgcICQoLDA0ODw==", kind };
        let written = super::cryptogram_document(view, &card, &token, issued);
        prop_assert_eq!(text(written), text(cryptogram_document(view, &card, &token, issued)));
    }
}
