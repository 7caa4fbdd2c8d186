//! What a shop is to do with its shopper before the payment goes on: the `action` of an answer (Adyen, API explorer, the
//! examples of `/payments`).

use serde_json::{Value, json};

use super::passes::Pass;
use crate::crypto::encoding::base64;
use crate::domain::id::DraftId;
use crate::operations::Space;
use crate::wire::edge::Request;

/// The version of the protocol that is spoken.
pub(super) const VERSION: &str = "2.2.0";

/// Where the page is.
fn page(request: &Request, id: &DraftId) -> String {
    let pass = Pass::Page.of(&request.space, id);
    format!("{}/checkoutshopper/threeDS/{pass}", request.base())
}

/// The shopper is to be sent to a page.
pub(super) fn redirect(request: &Request, id: &DraftId) -> Value {
    json!({
        "resultCode": "RedirectShopper",
        "action": {
            "paymentMethodType": "scheme",
            "url": page(request, id),
            "method": "GET",
            "type": "redirect",
        },
    })
}

/// The shopper's device is to be looked at.
pub(super) fn fingerprint(space: &Space, id: &DraftId) -> Value {
    let token = json!({
        "threeDSMessageVersion": VERSION,
        "threeDSServerTransID": id.base58(),
    });
    native(space, id, "IdentifyShopper", "fingerprint", &token)
}

/// The shopper is to be asked. The bank's page is the one to which others are sent.
pub(super) fn challenge(request: &Request, id: &DraftId) -> Value {
    let token = json!({
        "acsReferenceNumber": "STANDIN",
        "acsTransID": id.base58(),
        "acsURL": page(request, id),
        "messageVersion": VERSION,
        "threeDSServerTransID": id.base58(),
    });
    let (result, subtype) = ("ChallengeShopper", "challenge");
    native(&request.space, id, result, subtype, &token)
}

fn native(space: &Space, id: &DraftId, result: &str, subtype: &str, token: &Value) -> Value {
    let pass = Pass::Details.of(space, id);
    json!({
        "resultCode": result,
        "action": {
            "paymentData": pass,
            "paymentMethodType": "scheme",
            "authorisationToken": pass,
            "subtype": subtype,
            "token": base64(token.to_string().as_bytes()),
            "type": "threeDS2",
        },
    })
}
