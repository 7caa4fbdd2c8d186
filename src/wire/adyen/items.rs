//! What Adyen tells of a payment: a standard notification with one item, signed inside it (Adyen, webhooks: the structure of
//! notifications, and the verification of HMAC signatures).

use serde_json::{Map, Value, json};

use super::declines::refused;
use super::messages::{self, psp_reference, reference_of};
use super::metadata;
use super::modifications::{Noted, move_reference};
use crate::crypto::webhook::Scheme;
use crate::domain::id::PaymentId;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::record::Payment;
use crate::domain::payment::told::{PaymentThen, RefusedMove};
use crate::domain::webhook::Profile;
use crate::operations::Space;
use crate::wire::edge::webhook::{Signing, Telling};

/// The notification; None for what Adyen does not tell.
pub(super) fn notification(
    telling: &Telling<'_>,
    event: PaymentEvent,
    then: &PaymentThen,
) -> Option<Value> {
    let space = telling.space;
    let payment = then.payment()?;
    let merchant = space.config.merchants.named(&payment.merchant)?;
    let Told {
        reference,
        noted,
        minor,
        reason,
        success,
    } = told(space, then)?;
    let modifies = !matches!(event, PaymentEvent::Approved | PaymentEvent::Declined);
    let mut additional = if modifies {
        Map::new()
    } else {
        let mut additional = messages::additional(space, payment);
        additional.extend(metadata::told(&messages::noted(payment)));
        additional
    };
    let code = match &noted {
        Some(noted) if noted.reversal => {
            let action = if event == PaymentEvent::Refunded {
                "refund"
            } else {
                "cancel"
            };
            additional.insert("modification.action".to_owned(), action.into());
            "CANCEL_OR_REFUND"
        }
        Some(noted) if noted.technical => "TECHNICAL_CANCEL",
        _ => Profile::Adyen.name_of(event)?,
    };
    let own = noted.and_then(|noted| noted.reference).map(Value::from);
    let mut item = json!({
        "additionalData": additional,
        "amount": { "currency": payment.authorized.currency.code(), "value": minor },
        "eventCode": code,
        "eventDate": telling.notice().at.rfc3339().replace('Z', "+00:00"),
        "merchantAccountCode": merchant.adyen_account,
        "merchantReference": own.unwrap_or_else(|| messages::merchant_reference(payment)),
        "paymentMethod": messages::brand(payment.network),
        "pspReference": reference,
        "reason": reason,
        "success": if success { "true" } else { "false" },
    });
    if modifies {
        item["originalReference"] = psp_reference(&payment.id).into();
    } else if success {
        item["operations"] = json!(["CANCEL", "CAPTURE", "REFUND"]);
    }
    Some(json!({ "live": "false", "notificationItems": [{ "NotificationRequestItem": item }] }))
}

/// What is particular to an authorization, a move, and a move that was not possible.
struct Told {
    reference: String,
    noted: Option<Noted>,
    minor: u64,
    reason: String,
    success: bool,
}

fn told(space: &Space, then: &PaymentThen) -> Option<Told> {
    Some(match then {
        PaymentThen::Waits(_) | PaymentThen::Customer(_) | PaymentThen::Method(_) => return None,
        PaymentThen::Refused(refused) => {
            let RefusedMove {
                note,
                minor,
                receipt,
                reason,
                ..
            } = refused;
            let mut head = [0; PaymentId::HEAD];
            head.copy_from_slice(&receipt[..PaymentId::HEAD]);
            Told {
                reference: reference_of(&head),
                noted: Noted::read(note.as_deref()),
                minor: *minor,
                reason: reason.clone(),
                success: false,
            }
        }
        PaymentThen::Made(payment) => match payment.moves.last() {
            None => Told {
                reference: psp_reference(&payment.id),
                noted: None,
                minor: payment.authorized.minor,
                reason: summary(space, payment),
                success: payment.approved(),
            },
            Some(made) => Told {
                reference: move_reference(&payment.id, payment.moves.len() - 1),
                noted: Noted::read(made.note.as_deref()),
                minor: made.minor,
                reason: String::new(),
                success: true,
            },
        },
    })
}

/// Authorization code, last four digits and expiry, or why it was refused.
fn summary(space: &Space, payment: &Payment) -> String {
    if let Some(code) = payment.authorization_code() {
        let last4 = payment.paid_with.last4();
        let (month, year) = (payment.expiry.month(), payment.expiry.year());
        return format!("{code}:{last4}:{month:02}/{year}");
    }
    let response = space.config.responses.of(payment);
    refused(payment, response).reason.to_owned()
}

/// The notification with its signature inside.
pub(super) fn signed(signing: &Signing<'_>, body: &str) -> Option<String> {
    let within = Scheme::AdyenItem.sign_within(signing.secret, signing.body, body);
    within.ok().flatten()
}
