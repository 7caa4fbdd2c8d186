//! Signatures with their time beside them in one header, as Stripe and VGS have them. They differ in the name of the version and
//! in what a receiver grants: Stripe's libraries take what is ahead of their clock.

use serde_json::json;

use super::{Signed, changed_cases, message, plain_cases};
use crate::crypto::encoding::{base64, from_hex};
use crate::crypto::webhook::{Scheme, WebhookError};
use crate::vectors::VectorsError;
use crate::vectors::material::{Material, NOW_S};
use crate::vectors::pack::{Cases, Code, Pack, VALID};

const CODES: &[Code] = &[
    Code(VALID, "accepted"),
    Code("missing", "the header is missing or empty"),
    Code("malformed", "the header has no time"),
    Code("time_form", "the time is no number"),
    Code("version", "no signature of the version is there"),
    Code("stale", "the time is too far in the past"),
    Code("signature", "no signature matches"),
];

const CODES_WITH_EARLY: &[Code] = &[
    Code(VALID, "accepted"),
    Code("missing", "the header is missing or empty"),
    Code("malformed", "the header has no time"),
    Code("time_form", "the time is no number"),
    Code("version", "no signature of the version is there"),
    Code("stale", "the time is too far in the past"),
    Code("early", "the time is too far in the future"),
    Code("signature", "no signature matches"),
];

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | everything as the rules want it
oldest | valid | as far behind as is granted
a-little-ahead | valid | a minute ahead is granted
least | valid | the least JSON there is
spaced | valid | the body is signed as it was sent
rotated | valid | one of two signatures is enough while the secret changes
other-version-too | valid | a signature of another version is passed over
unknown-pair | valid | a pair that is not known is passed over
changed-body | signature | the amount in the body is another one
rewritten-body | signature | the body was parsed and written anew, without a space
added-newline | signature | the body has a newline at its end that was not signed
emptied-body | signature | the body is an empty object
stale | stale | a second more behind than is granted
yesterday | stale | a message of yesterday is sent again
early | early | a second more ahead than is granted
milliseconds | early | the time is in milliseconds
far-ahead | valid | nothing is too far ahead for Stripe's libraries
other-secret | signature | signed with another secret
misread-secret | signature | signed with the secret in other letters, or without its prefix
empty | missing | the header is empty
no-time | malformed | there is no t
time-as-words | time_form | t is no number
no-signature | version | there is only t
only-other-version | version | the right code under another version
space-behind-comma | version | there is a space before the name
moved-time | signature | t was changed after signing
upper-case | signature | the digits are upper-case
base64 | signature | the code is in base64
half | signature | half of the code is missing
of-nothing | signature | the code is empty
body-alone | signature | the body was signed without its time
unsigned | missing | there is no such header
"#;

/// What the cases of a scheme are made with.
#[derive(Clone, Copy)]
struct Kind<'a> {
    plain: Signed<'a>,
    other: &'a str,
    version: &'static str,
    foreign: &'static str,
}

pub(in crate::vectors) fn stripe(material: &Material) -> Result<Pack, VectorsError> {
    let secret = format!("whsec_{}", material.letters("stripe"));
    let other = format!("whsec_{}", material.letters("stripe, another"));
    let body = r#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded","note":"café","amount": 2500}"#;
    let kind = Kind {
        plain: Signed::plain(Scheme::Stripe, &secret, body),
        other: &other,
        version: "v1",
        foreign: "v0",
    };
    Ok(Pack {
        name: "webhooks-stripe",
        about: "Webhook messages signed as Stripe signs events",
        sources: &[
            "Stripe, webhooks: verify manually; stripe-node and stripe-python, which refuse what is more than 300 s old and nothing that is ahead",
        ],
        rules: &[
            "stripe-signature is there and not empty: pairs name=value with commas between, and no spaces.",
            "t is a decimal number of Unix seconds. It is at most 300 s before now, and may be ahead.",
            "One v1 at least is there.",
            "One of them is, in lower-case hexadecimal, HMAC-SHA256 over t and the body with a dot between, under the secret as text, whsec_ included.",
        ],
        codes: CODES,
        keys: json!({ "secret": secret }),
        cases: cases(kind)?,
    })
}

pub(in crate::vectors) fn vgs(material: &Material) -> Result<Pack, VectorsError> {
    let secret = &material.hexadecimal("vgs")[..32];
    let other = &material.hexadecimal("vgs, another")[..32];
    let body = r#"{"id":"1","event":"cmp_network_token.updated","note":"café","amount": 2500}"#;
    let kind = Kind {
        plain: Signed::plain(Scheme::Vgs, secret, body),
        other,
        version: "v0",
        foreign: "v1",
    };
    Ok(Pack {
        name: "webhooks-vgs",
        about: "Webhook messages signed as VGS signs notifications",
        sources: &[
            "VGS, notifications: the header; the receiver of VGS's demonstration: the construction and the 60 s",
        ],
        rules: &[
            "vgs-signature is there and not empty: pairs name=value with commas between, and no spaces.",
            "t is a decimal number of Unix seconds, at most 60 s from now, either way.",
            "One v0 at least is there.",
            "One of them is, in lower-case hexadecimal, HMAC-SHA256 over t and the body with a dot between, under the secret as text, although it looks like hexadecimal.",
        ],
        codes: CODES_WITH_EARLY,
        keys: json!({ "secret": secret }),
        cases: cases(kind)?,
    })
}

fn cases(kind: Kind<'_>) -> Result<Cases, WebhookError> {
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, kind)?;
    changed_cases(&mut cases, kind.plain)?;
    resigned(&mut cases, kind)?;
    headers(&mut cases, kind)?;
    Ok(cases)
}

fn valid(cases: &mut Cases, kind: Kind<'_>) -> Result<(), WebhookError> {
    let plain = kind.plain;
    let most = plain.scheme.tolerance().map_or(0, |most| most.behind_s);
    plain_cases(cases, plain)?;
    let mut add = |name, signed: Signed<'_>| signed.input().map(|input| cases.add(name, input));
    add("oldest", plain.at(NOW_S - most))?;
    add("a-little-ahead", plain.at(NOW_S + 60))?;
    let signature = plain.signature()?;
    let zeros = "0".repeat(64);
    let Kind {
        version, foreign, ..
    } = kind;
    let mut with = |name, value: String| {
        let input = plain.with(plain.scheme.place(), Some(&value));
        input.map(|input| cases.add(name, input))
    };
    with(
        "rotated",
        signature.replace(
            &format!(",{version}="),
            &format!(",{version}={zeros},{version}="),
        ),
    )?;
    with(
        "other-version-too",
        format!("{signature},{foreign}={zeros}"),
    )?;
    with("unknown-pair", format!("{signature},note=1"))?;
    Ok(())
}

/// Messages of another time, or by another secret.
fn resigned(cases: &mut Cases, kind: Kind<'_>) -> Result<(), WebhookError> {
    let plain = kind.plain;
    let most = plain.scheme.tolerance().map_or(0, |most| most.behind_s);
    let mut own = |name, signed: Signed<'_>| signed.input().map(|input| cases.add(name, input));
    own("stale", plain.at(NOW_S - most - 1))?;
    own("yesterday", plain.at(NOW_S - 86_400))?;
    if plain.scheme == Scheme::Vgs {
        own("early", plain.at(NOW_S + 61))?;
        own("milliseconds", plain.at(NOW_S * 1000))?;
    } else {
        own("far-ahead", plain.at(NOW_S + 86_400))?;
    }
    own("other-secret", plain.under(kind.other))?;
    let bare = plain.secret.strip_prefix("whsec_").unwrap_or(plain.secret);
    let upper = bare.to_uppercase();
    let misread = if bare == plain.secret { &upper } else { bare };
    own("misread-secret", plain.under(misread))?;
    Ok(())
}

fn headers(cases: &mut Cases, kind: Kind<'_>) -> Result<(), WebhookError> {
    let Kind {
        plain,
        version,
        foreign,
        ..
    } = kind;
    let signature = plain.signature()?;
    let place = plain.scheme.place();
    let (_, digits) = signature.rsplit_once('=').unwrap_or_default();
    let bytes = from_hex(digits).unwrap_or_default();
    let body_alone = Scheme::Checkout.sign(
        plain.secret,
        crate::crypto::webhook::Message {
            id: "",
            at_s: NOW_S,
            body: plain.body,
        },
    )?;
    let body_alone = body_alone.first().map_or("", |(_, value)| value.as_str());
    let mut with = |name, value: String| {
        cases.add(name, message(&[(place, value)], plain.body));
    };
    with("empty", String::new());
    with("no-time", format!("{version}={digits}"));
    with("time-as-words", format!("t=now,{version}={digits}"));
    with("no-signature", format!("t={NOW_S}"));
    with(
        "only-other-version",
        format!("t={NOW_S},{foreign}={digits}"),
    );
    with(
        "space-behind-comma",
        format!("t={NOW_S}, {version}={digits}"),
    );
    with("moved-time", format!("t={},{version}={digits}", NOW_S - 1));
    with(
        "upper-case",
        format!("t={NOW_S},{version}={}", digits.to_uppercase()),
    );
    with(
        "base64",
        format!(
            "t={NOW_S},{version}={}",
            base64(&bytes).trim_end_matches('=')
        ),
    );
    with("half", format!("t={NOW_S},{version}={}", &digits[..32]));
    with("of-nothing", format!("t={NOW_S},{version}="));
    with("body-alone", format!("t={NOW_S},{version}={body_alone}"));
    cases.add("unsigned", message(&[], plain.body));
    Ok(())
}
