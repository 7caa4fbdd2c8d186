//! Card data that a shop's page has sealed before its server saw it. Nobody but Adyen can open what its component seals; of the test
//! environment is published that `test_` before a value stands for the seal (Adyen, test card numbers: encrypted values).

use serde_json::{Map, Value};

use crate::wire::edge::read::{Flaw, Members};

const METHOD: &str = "paymentMethod";
const SEAL: &str = "test_";
/// Under which name each stands sealed and as it is.
const MEMBERS: [(&str, &str); 4] = [
    ("encryptedCardNumber", "number"),
    ("encryptedExpiryMonth", "expiryMonth"),
    ("encryptedExpiryYear", "expiryYear"),
    ("encryptedSecurityCode", "cvc"),
];

/// The payment method as if nothing in it had been sealed.
pub(super) fn opened(body: &Members<'_>) -> Option<Map<String, Value>> {
    body.require(METHOD);
    let sealed = body.object(METHOD)?;
    let mut opened: Map<_, _> = sealed
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    for (name, plain) in MEMBERS {
        let value = sealed.parsed(name, |text| {
            let value = text.strip_prefix(SEAL).map(Value::from);
            value.ok_or("cannot be decrypted")
        });
        if let Some(value) = value {
            opened.insert(plain.to_owned(), value);
        }
    }
    // All of a card in one.
    if sealed.has("encryptedCard") {
        sealed.flaw("encryptedCard", Flaw::Value, "cannot be decrypted");
    }
    Some(opened)
}

/// Its members, under the name that it has in the body.
pub(super) fn members<'a>(body: &'a Members<'_>, opened: &'a Map<String, Value>) -> Members<'a> {
    body.opened(METHOD, opened)
}
