//! Standard Webhooks.

use serde_json::json;

use super::{Signed, changed_cases, plain_cases};
use crate::crypto::webhook::{Scheme, WebhookError};
use crate::vectors::VectorsError;
use crate::vectors::material::{Material, NOW_S};
use crate::vectors::pack::{Cases, Code, Pack, VALID};

const BODY: &str = r#"{"type":"network_token.suspended","timestamp":"2023-11-14T22:13:20Z","data":{"note":"café","amount": 2500}}"#;
const SIGNATURE: &str = "webhook-signature";
const TIME: &str = "webhook-timestamp";

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | everything as the rules want it
oldest | valid | 300 s behind is the most that is granted
newest | valid | 300 s ahead is the most that is granted
least | valid | the least JSON there is
spaced | valid | the body is signed as it was sent
dotted-id | valid | an id may have dots in it
rotated | valid | one of two signatures is enough while the secret changes
unknown-version-first | valid | a version that is not known is passed over
unknown-version-last | valid | a version that is not known is passed over
changed-body | signature | the amount in the body is another one
rewritten-body | signature | the body was parsed and written anew, without a space
added-newline | signature | the body has a newline at its end that was not signed
emptied-body | signature | the body is an empty object
stale | stale | the timestamp is 301 s behind
early | early | the timestamp is 301 s ahead
milliseconds | early | the timestamp is in milliseconds
other-secret | signature | signed with another secret
moved-timestamp | signature | the timestamp was changed after signing
other-id | signature | the id was changed after signing
signed-without-id | signature | time and body were signed, under the secret as text
of-nothing | signature | the signature is empty
half | signature | half of the signature is missing
unsigned | missing | there is no signature
empty-signature | missing | the header of the signature is empty
no-id | missing | there is no id
no-timestamp | missing | there is no timestamp
timestamp-as-words | time_form | the timestamp is no number
other-version | version | the right code under a version that is not known
only-asymmetric | version | only a signature by a key pair is there, which nobody here can check
"#;

pub(in crate::vectors) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let secret = format!("whsec_{}", material.base64("standard webhooks"));
    let other = format!("whsec_{}", material.base64("standard webhooks, another"));
    let plain = Signed::plain(Scheme::Standard, &secret, BODY);
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, plain)?;
    changed_cases(&mut cases, plain)?;
    resigned(&mut cases, plain, &other)?;
    unreadable(&mut cases, plain)?;
    Ok(Pack {
        name: "webhooks-standard",
        about: "Webhook messages signed as the Standard Webhooks specification says, under a shared secret",
        sources: &[
            "standard-webhooks, spec/standard-webhooks.md; its libraries grant five minutes either way",
        ],
        rules: &[
            "webhook-id, webhook-timestamp and webhook-signature are there and not empty.",
            "webhook-timestamp is a number of Unix seconds, at most 300 s from now, either way.",
            "webhook-signature is a list with spaces between; those that begin with v1, count.",
            "One of them is, in base64, HMAC-SHA256 over id, timestamp and body with dots between, under the bytes that stand in base64 behind whsec_ in the secret.",
        ],
        codes: &[
            Code(VALID, "accepted"),
            Code("missing", "a header is missing or empty"),
            Code("time_form", "the timestamp is no number"),
            Code("stale", "the timestamp is too far in the past"),
            Code("early", "the timestamp is too far in the future"),
            Code("version", "no signature of a known version is there"),
            Code("signature", "no signature matches"),
        ],
        keys: json!({ "secret": secret }),
        cases,
    })
}

fn valid(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    let signature = plain.signature()?;
    let unknown = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
    plain_cases(cases, plain)?;
    let mut add = |name, signed: Signed<'_>| signed.input().map(|input| cases.add(name, input));
    add("oldest", plain.at(NOW_S - 300))?;
    add("newest", plain.at(NOW_S + 300))?;
    add("dotted-id", plain.called("msg.1.2"))?;
    let mut with = |name, value: String| {
        let input = plain.with(SIGNATURE, Some(&value));
        input.map(|input| cases.add(name, input))
    };
    with(
        "rotated",
        format!("v1,{} {signature}", "A".repeat(43) + "="),
    )?;
    with("unknown-version-first", format!("{unknown} {signature}"))?;
    with("unknown-version-last", format!("{signature} {unknown}"))?;
    Ok(())
}

/// Messages of another time, or with another signature.
fn resigned(cases: &mut Cases, plain: Signed<'_>, other: &str) -> Result<(), WebhookError> {
    let mut own = |name, signed: Signed<'_>| signed.input().map(|input| cases.add(name, input));
    own("stale", plain.at(NOW_S - 301))?;
    own("early", plain.at(NOW_S + 301))?;
    own("milliseconds", plain.at(NOW_S * 1000))?;
    own("other-secret", plain.under(other))?;
    let mut with = |name, header, value: String| {
        let input = plain.with(header, Some(&value));
        input.map(|input| cases.add(name, input))
    };
    with("moved-timestamp", TIME, (NOW_S + 1).to_string())?;
    with("other-id", "webhook-id", "msg_another".to_owned())?;
    let as_text = Scheme::Stripe.sign(
        plain.secret,
        crate::crypto::webhook::Message {
            id: "",
            at_s: NOW_S,
            body: BODY,
        },
    )?;
    let of_stripe = as_text
        .first()
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    let digits = of_stripe.rsplit('=').next().unwrap_or_default();
    let bytes = crate::crypto::encoding::from_hex(digits).unwrap_or_default();
    with(
        "signed-without-id",
        SIGNATURE,
        format!("v1,{}", crate::crypto::encoding::base64(&bytes)),
    )?;
    let signature = plain.signature()?;
    with("of-nothing", SIGNATURE, "v1,".to_owned())?;
    with("half", SIGNATURE, signature[..3 + 24].to_owned())?;
    Ok(())
}

fn unreadable(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    let signature = plain.signature()?;
    let mut with = |name, header, value: Option<&str>| {
        let input = plain.with(header, value);
        input.map(|input| cases.add(name, input))
    };
    with("unsigned", SIGNATURE, None)?;
    with("empty-signature", SIGNATURE, Some(""))?;
    with("no-id", "webhook-id", None)?;
    with("no-timestamp", TIME, None)?;
    with("timestamp-as-words", TIME, Some("now"))?;
    with(
        "other-version",
        SIGNATURE,
        Some(&signature.replace("v1,", "v2,")),
    )?;
    with(
        "only-asymmetric",
        SIGNATURE,
        Some(&signature.replace("v1,", "v1a,")),
    )?;
    Ok(())
}
