//! Adyen's notifications about payments, which are signed member by member, inside.

use serde_json::Value;

use crate::crypto::encoding::base64;
use crate::crypto::mac::{HmacKey, hmac_sha256};

/// Whether a body is a notification about payments.
pub fn is_notification(body: &str) -> bool {
    body.starts_with(r#"{"live":"#)
}

/// The item of a notification. One with several is not signed here, as none is sent.
pub(super) fn item(whole: &Value) -> Option<&Value> {
    let item = whole.pointer("/notificationItems/0/NotificationRequestItem")?;
    item.is_object().then_some(item)
}

/// The notification with its signature inside. What is signed in its place is no item, and has none of the members.
pub(super) fn signed(key: &HmacKey, over: &str, body: &str) -> Option<String> {
    let mut whole: Value = serde_json::from_str(body).ok()?;
    let own = item(&whole)?;
    let signature = code(key, if over == body { own } else { &Value::Null });
    let item = &mut whole["notificationItems"][0]["NotificationRequestItem"];
    if !item["additionalData"].is_object() {
        item["additionalData"] = Value::Object(serde_json::Map::new());
    }
    item["additionalData"]["hmacSignature"] = base64(&signature).into();
    Some(whole.to_string())
}

/// HMAC-SHA256 over eight members with colons between them.
pub(super) fn code(key: &HmacKey, item: &Value) -> [u8; 32] {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let over = [
        &item["pspReference"],
        &item["originalReference"],
        &item["merchantAccountCode"],
        &item["merchantReference"],
        &item["amount"]["value"],
        &item["amount"]["currency"],
        &item["eventCode"],
        &item["success"],
    ];
    hmac_sha256(key, &[over.map(text).join(":").as_bytes()])
}
