//! Checkout.com.

use serde_json::json;

use super::{Signed, changed_cases, message, plain_cases};
use crate::crypto::encoding::{base64, from_hex};
use crate::crypto::webhook::{Scheme, WebhookError};
use crate::vectors::VectorsError;
use crate::vectors::material::{Material, NOW_S};
use crate::vectors::pack::{Cases, Code, Pack, VALID};

const BODY: &str =
    r#"{"id":"evt_1","type":"payment_approved","data":{"note":"café","amount": 2500}}"#;

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | everything as the rules want it
least | valid | the least JSON there is
spaced | valid | the body is signed as it was sent
escaped | valid | escapes in the body stay
long | valid | eight kibibytes
no-json | valid | what is signed need not be JSON
changed-body | signature | the amount in the body is another one
rewritten-body | signature | the body was parsed and written anew, without a space
added-newline | signature | the body has a newline at its end that was not signed
reordered-body | signature | the members of the body have another order
escaped-body | signature | a letter of the body is written as an escape
emptied-body | signature | the body is an empty object
other-secret | signature | signed with another secret
misread-secret | signature | signed with the secret in small letters
empty | missing | the header is empty
upper-case | signature | the digits are upper-case
base64 | signature | the code is in base64
half | signature | half of the code is missing
named | signature | there is a name before the code
stamped | signature | there is a time before the code
over-time | signature | time and body were signed
twice | signature | the code comes twice
zeros | signature | the code is made up of zeros
unsigned | missing | there is no such header
other-header | missing | the code stands in another header
"#;

pub(in crate::vectors) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let secret = material.letters("checkout");
    let other = material.letters("checkout, another");
    let plain = Signed::plain(Scheme::Checkout, &secret, BODY);
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, plain)?;
    changed_cases(&mut cases, plain)?;
    changed(&mut cases, plain, &other)?;
    headers(&mut cases, plain)?;
    Ok(Pack {
        name: "webhooks-checkout",
        about: "Webhook messages signed as Checkout.com signs them. No time is signed, so an old message is as good as a new one",
        sources: &["Checkout.com, webhooks: validate the Cko-Signature header"],
        rules: &[
            "cko-signature is there and not empty.",
            "It is, in lower-case hexadecimal, HMAC-SHA256 over the body as it was sent, under the secret as text.",
        ],
        codes: &[
            Code(VALID, "accepted"),
            Code("missing", "the header is missing or empty"),
            Code(
                "signature",
                "the signature is of another message, or by another secret",
            ),
        ],
        keys: json!({ "secret": secret }),
        cases,
    })
}

fn valid(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    let long = format!("{{\"note\":\"{}\"}}", "0123456789abcdef".repeat(512));
    plain_cases(cases, plain)?;
    let mut add = |name, signed: Signed<'_>| signed.input().map(|input| cases.add(name, input));
    add("escaped", plain.saying(r#"{"note":"caf\u00e9 \/ \"x\""}"#))?;
    add("long", plain.saying(&long))?;
    add("no-json", plain.saying("a=1&b=2"))?;
    Ok(())
}

fn changed(cases: &mut Cases, plain: Signed<'_>, other: &str) -> Result<(), WebhookError> {
    let mut add =
        |name, signed: Signed<'_>| signed.as_signed(&plain).map(|input| cases.add(name, input));
    add(
        "reordered-body",
        plain.saying(
            r#"{"type":"payment_approved","id":"evt_1","data":{"note":"café","amount": 2500}}"#,
        ),
    )?;
    add("escaped-body", plain.saying(&BODY.replace('é', "\\u00e9")))?;
    cases.add("other-secret", plain.under(other).input()?);
    let lower = plain.secret.to_lowercase();
    cases.add("misread-secret", plain.under(&lower).input()?);
    Ok(())
}

fn headers(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    let digits = plain.signature()?;
    let bytes = from_hex(&digits).unwrap_or_default();
    let stamped = plain.by(Scheme::Stripe).signature()?;
    let code_over_time = stamped.rsplit('=').next().unwrap_or_default().to_owned();
    let mut with = |name, value: String| {
        cases.add(name, message(&[("cko-signature", value)], BODY));
    };
    with("empty", String::new());
    with("upper-case", digits.to_uppercase());
    with("base64", base64(&bytes));
    with("half", digits[..32].to_owned());
    with("named", format!("v1={digits}"));
    with("stamped", format!("t={NOW_S},v1={digits}"));
    with("over-time", code_over_time);
    with("twice", format!("{digits},{digits}"));
    with("zeros", "0".repeat(64));
    cases.add("unsigned", message(&[], BODY));
    cases.add("other-header", message(&[("hmacsignature", digits)], BODY));
    Ok(())
}
