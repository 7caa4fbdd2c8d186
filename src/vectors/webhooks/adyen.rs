//! Adyen: notifications about payments are signed inside, member by member, and other messages in a header.

use serde_json::{Value, json};

use super::{Signed, message};
use crate::crypto::encoding::{base64, from_base64, hex};
use crate::crypto::webhook::{Scheme, WebhookError};
use crate::vectors::VectorsError;
use crate::vectors::material::Material;
use crate::vectors::pack::{Cases, Code, Pack, VALID};

/// Where the item of a notification stands.
const ITEM: &str = "/notificationItems/0/NotificationRequestItem";
const PAYLOAD: &str = r#"{"type":"recurring.token.disabled","environment":"test","eventId":"QBQQ9DLNRHHKGK38","data":{"note":"café","amount": 2500}}"#;

/// Name, code and reason of each case.
const WORDS: &str = r#"
item | valid | everything as the rules want it
item-modification | valid | an original reference is signed when there is one
item-refused | valid | a refusal is signed like a success
item-colon | valid | a colon in a member is signed as it is
item-zero | valid | an amount of nothing is signed as 0
item-spaced | valid | the body may be written in another way
item-other-date | valid | the date is not signed
item-other-reason | valid | the reason is not signed
item-other-additional-data | valid | what else stands in additionalData is not signed
item-amount | signature | the amount was changed after signing
item-currency | signature | the currency was changed after signing
item-success | signature | a refusal was made a success
item-event | signature | the event was changed after signing
item-reference | signature | the reference was changed after signing
item-original | signature | an original reference was added after signing
item-merchant | signature | the merchant account was changed after signing
item-order | signature | the merchant's reference was changed after signing
item-empty | missing | the signature is empty
item-hexadecimal | signature | the code is in hexadecimal, which reads as a longer one in base64
item-half | signature | half of the code is missing
item-zeros | signature | the code is made up of zeros
item-unsigned | missing | there is no signature
item-other-key | signature | signed with another key
payload | valid | everything as the rules want it
payload-least | valid | the least JSON there is
payload-spaced | valid | the body is signed as it was sent
payload-changed | signature | the body was changed after signing
payload-rewritten | signature | the body was parsed and written anew, without a space
payload-other-key | signature | signed with another key
payload-key-as-text | signature | signed with the letters of the key, and not the bytes that they stand for
payload-empty | missing | the header is empty
payload-unsigned | missing | there is no such header
payload-no-base64 | malformed | the signature is no base64
"#;

pub(in crate::vectors) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let key = material.hexadecimal("adyen").to_uppercase();
    let other = material.hexadecimal("adyen, another").to_uppercase();
    let mut cases = Cases::new(WORDS);
    let item = Item { key: &key };
    item_cases(&mut cases, item)?;
    unsigned_members(&mut cases, item)?;
    item_signatures(&mut cases, item, &other)?;
    payload_cases(&mut cases, &key, &other)?;
    Ok(Pack {
        name: "webhooks-adyen",
        about: "Webhook messages signed as Adyen signs them. No time is signed, so an old message is as good as a new one",
        sources: &["Adyen, verify HMAC signatures; the libraries of Adyen, hmacValidator"],
        rules: &[
            "A body that has notificationItems is signed inside, whatever the headers say; any other in the header hmacsignature.",
            "Inside, additionalData.hmacSignature of the item is there and not empty. It is the base64 of HMAC-SHA256 over pspReference, originalReference, merchantAccountCode, merchantReference, amount.value, amount.currency, eventCode and success with colons between; what is missing is empty. Other members are not signed.",
            "In the header, it is the base64 of HMAC-SHA256 over the body as it was sent.",
            "The key is the bytes that stand in hexadecimal in the secret.",
        ],
        codes: &[
            Code(VALID, "accepted"),
            Code("missing", "the signature is missing or empty"),
            Code("malformed", "the signature is no base64"),
            Code(
                "signature",
                "the signature is of another message, or by another key",
            ),
        ],
        keys: json!({ "hmac_key": key }),
        cases,
    })
}

/// Makes notifications.
#[derive(Clone, Copy)]
struct Item<'a> {
    key: &'a str,
}

impl Item<'_> {
    fn plain() -> Value {
        json!({ "live": "false", "notificationItems": [{ "NotificationRequestItem": {
            "additionalData": {},
            "amount": { "currency": "EUR", "value": 1130 },
            "eventCode": "AUTHORISATION",
            "eventDate": "2023-11-14T22:13:20+00:00",
            "merchantAccountCode": "TestMerchant",
            "merchantReference": "Order-café-1",
            "paymentMethod": "visa",
            "pspReference": "7914073381342284",
            "reason": "",
            "success": "true",
        } }] })
    }

    fn signed(self, whole: &Value) -> Result<Value, WebhookError> {
        let text = whole.to_string();
        let signed = Scheme::AdyenItem.sign_within(self.key, &text, &text)?;
        Ok(signed
            .and_then(|signed| serde_json::from_str(&signed).ok())
            .unwrap_or_default())
    }

    /// The plain one, signed, with one member of the item set to something.
    fn after(self, pointer: &str, value: Value) -> Result<Value, WebhookError> {
        Ok(set(self.signed(&Self::plain())?, pointer, value))
    }

    /// The plain one with one member of the item set to something, signed.
    fn before(self, pointer: &str, value: Value) -> Result<Value, WebhookError> {
        self.signed(&set(Self::plain(), pointer, value))
    }
}

/// Sets a member of the item, which may be new in its object.
fn set(mut whole: Value, pointer: &str, value: Value) -> Value {
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(parent) = whole.pointer_mut(&format!("{ITEM}{parent}"))
    {
        parent[name] = value;
    }
    whole
}

fn inside(whole: &Value) -> Value {
    message(&[], &whole.to_string())
}

fn item_cases(cases: &mut Cases, item: Item<'_>) -> Result<(), WebhookError> {
    let mut add = |name, whole: Value| cases.add(name, inside(&whole));
    add("item", item.signed(&Item::plain())?);
    add(
        "item-modification",
        item.before("/originalReference", "8312046862812345".into())?,
    );
    add("item-refused", item.before("/success", "false".into())?);
    add(
        "item-colon",
        item.before("/merchantReference", "Order:1".into())?,
    );
    add("item-zero", item.before("/amount/value", 0.into())?);
    let spaced = item.signed(&Item::plain())?;
    let spaced = serde_json::to_string_pretty(&spaced).unwrap_or_default();
    cases.add("item-spaced", message(&[], &spaced));
    Ok(())
}

fn unsigned_members(cases: &mut Cases, item: Item<'_>) -> Result<(), WebhookError> {
    let mut add = |name, whole: Value| cases.add(name, inside(&whole));
    add(
        "item-other-date",
        item.after("/eventDate", "2020-01-01T00:00:00+00:00".into())?,
    );
    add(
        "item-other-reason",
        item.after("/reason", "033899:1111:03/2030".into())?,
    );
    add(
        "item-other-additional-data",
        item.after("/additionalData/authCode", "033899".into())?,
    );
    let mut add = |name, whole: Value| cases.add(name, inside(&whole));
    add("item-amount", item.after("/amount/value", 11_300.into())?);
    add(
        "item-currency",
        item.after("/amount/currency", "USD".into())?,
    );
    add(
        "item-success",
        set(
            item.before("/success", "false".into())?,
            "/success",
            "true".into(),
        ),
    );
    add("item-event", item.after("/eventCode", "CAPTURE".into())?);
    add(
        "item-reference",
        item.after("/pspReference", "7914073381342285".into())?,
    );
    add(
        "item-original",
        item.after("/originalReference", "7914073381342285".into())?,
    );
    add(
        "item-merchant",
        item.after("/merchantAccountCode", "OtherMerchant".into())?,
    );
    add(
        "item-order",
        item.after("/merchantReference", "Order-2".into())?,
    );
    Ok(())
}

fn item_signatures(cases: &mut Cases, item: Item<'_>, other: &str) -> Result<(), WebhookError> {
    let place = "/additionalData/hmacSignature";
    let signed = item.signed(&Item::plain())?;
    let code = signed
        .pointer(&format!("{ITEM}{place}"))
        .and_then(Value::as_str);
    let bytes = from_base64(code.unwrap_or_default()).unwrap_or_default();
    let mut add = |name, value: Value| {
        cases.add(name, inside(&set(signed.clone(), place, value)));
    };
    add("item-empty", "".into());
    add("item-hexadecimal", hex(&bytes).into());
    add("item-half", base64(&bytes[..16.min(bytes.len())]).into());
    add("item-zeros", base64(&[0; 32]).into());
    cases.add("item-unsigned", inside(&Item::plain()));
    let stranger = Item { key: other }.signed(&Item::plain())?;
    cases.add("item-other-key", inside(&stranger));
    Ok(())
}

fn payload_cases(cases: &mut Cases, key: &str, other: &str) -> Result<(), WebhookError> {
    let plain = Signed::plain(Scheme::AdyenPayload, key, PAYLOAD);
    let changed = PAYLOAD.replace("disabled", "created");
    cases.add("payload", plain.input()?);
    cases.add("payload-least", plain.saying("{}").input()?);
    cases.add("payload-spaced", plain.saying("{ \"a\" : 1 }\n").input()?);
    cases.add("payload-changed", plain.saying(&changed).as_signed(&plain)?);
    cases.add(
        "payload-rewritten",
        plain
            .saying(&PAYLOAD.replace(": 2", ":2"))
            .as_signed(&plain)?,
    );
    cases.add("payload-other-key", plain.under(other).input()?);
    let as_text = plain.by(Scheme::Checkout).signature()?;
    let as_text = crate::crypto::encoding::from_hex(&as_text).unwrap_or_default();
    let place = Scheme::AdyenPayload.place();
    cases.add(
        "payload-key-as-text",
        plain.with(place, Some(&base64(&as_text)))?,
    );
    cases.add("payload-empty", plain.with(place, Some(""))?);
    cases.add("payload-unsigned", plain.with(place, None)?);
    cases.add("payload-no-base64", plain.with(place, Some("!!!!"))?);
    Ok(())
}
