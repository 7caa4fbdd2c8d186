//! The bodies of messages, each with an amount in it that can be changed, and a name by which a receiver knows the event again.

use jiff::Timestamp;
use serde_json::{Value, json};

/// An event, before a service words it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event<'a> {
    /// The same on every try.
    pub(super) name: &'a str,
    /// In Unix seconds.
    pub(super) at_s: i64,
    pub(super) known: bool,
}

/// What every body has in it, and what a changed one has in its place.
pub(super) const AMOUNT: [&str; 2] = ["2500", "2599"];

impl Event<'_> {
    fn time(&self) -> String {
        Timestamp::from_second(self.at_s)
            .unwrap_or_default()
            .to_string()
    }

    fn kind<'k>(&self, known: &'k str, unknown: &'k str) -> &'k str {
        if self.known { known } else { unknown }
    }

    pub(super) fn stripe(&self) -> Value {
        let name = self.name;
        json!({
            "id": format!("evt_{name}"),
            "object": "event",
            "api_version": "2026-03-25.dahlia",
            "created": self.at_s,
            "data": { "object": {
                "id": format!("pi_{name}"),
                "object": "payment_intent",
                "amount": 2500,
                "currency": "usd",
                "status": "succeeded",
            } },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null },
            "type": self.kind("payment_intent.succeeded", "standin.made_up"),
        })
    }

    pub(super) fn vgs(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "id": name,
            "event": self.kind("cmp_network_token.updated", "cmp_made_up.happened"),
            "description": "A network token has changed",
            "summary": "cmp_network_token.activated",
            "timestamp": time,
            "scope": "vault",
            "grouping": "every_single",
            "occurrence": 1,
            "tenant": "tntconform",
            "details": {
                "card_id": format!("CRD{name}"),
                "network_token_id": format!("NTK{name}"),
                "state": "activated",
                "reason_code": "cmp_network_token.activated",
                "number_of_uses": 2500,
            },
        })
    }

    pub(super) fn checkout(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "id": format!("evt_{name}"),
            "type": self.kind("payment_approved", "payment_made_up"),
            "version": "1.0.0",
            "created_on": time,
            "data": {
                "id": format!("pay_{name}"),
                "action_id": format!("act_{name}"),
                "amount": 2500,
                "currency": "USD",
                "approved": true,
                "status": "Authorized",
                "reference": name,
            },
        })
    }

    pub(super) fn adyen(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "live": "false",
            "notificationItems": [{ "NotificationRequestItem": {
                "additionalData": {},
                "amount": { "currency": "EUR", "value": 2500 },
                "eventCode": self.kind("AUTHORISATION", "MADE_UP"),
                "eventDate": time.replace('Z', "+00:00"),
                "merchantAccountCode": "StandinMerchant",
                "merchantReference": name,
                "operations": ["CANCEL", "CAPTURE", "REFUND"],
                "paymentMethod": "visa",
                "pspReference": name.to_ascii_uppercase(),
                "reason": "012345:1111:03/2030",
                "success": "true",
            } }],
        })
    }

    pub(super) fn adyen_payload(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "type": self.kind("recurring.token.updated", "recurring.token.made_up"),
            "environment": "test",
            "eventId": name.to_ascii_uppercase(),
            "createdAt": time,
            "data": {
                "merchantAccount": "StandinMerchant",
                "operation": "updated",
                "shopperReference": format!("shopper-{name}"),
                "storedPaymentMethodId": "2500",
                "type": "visa",
            },
        })
    }

    pub(super) fn mastercard(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "tokens": [{
                "tokenUniqueReference": format!("DSHRMC{name}"),
                "status": self.kind("ACTIVE", "MADE_UP"),
                "eventReasonCode": "STATUS_UPDATE",
                "statusTimestamp": time,
                "productConfig": { "issuerName": "2500" },
            }],
        })
    }

    pub(super) fn standard(&self) -> Value {
        let time = self.time();
        let name = self.name;
        json!({
            "id": name,
            "type": self.kind("network_token.updated", "standin.made_up"),
            "timestamp": time,
            "data": { "token_reference": format!("NTK{name}"), "state": "active", "uses": 2500 },
        })
    }
}
