//! How each profile signs: the headers of a message.

use http::HeaderValue;

use crate::crypto::encoding::{base64, hex};
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Handling, Profile, Signature};
use crate::wire::edge::webhook::{Signing, WebhookProfile, Worded};

/// A secret in the form of the profile's that no receiver has, because standin never makes it.
pub(super) fn nobodys(profile: Profile) -> String {
    const ZEROS: [u8; 32] = [0; 32];
    match profile {
        Profile::Standard => format!("whsec_{}", base64(&ZEROS)),
        Profile::Vgs
        | Profile::Stripe
        | Profile::Checkout
        | Profile::Adyen
        | Profile::Hyperswitch
        | Profile::Visa
        | Profile::Mastercard => hex(&ZEROS),
    }
}

/// Every header of a message that is sent at `at`, signed as it is to be handled.
pub(super) fn signed(
    row: &WebhookProfile,
    endpoint: &Endpoint,
    id: &str,
    at: Moment,
    written: &Worded,
    handling: &Handling,
) -> Vec<(&'static str, HeaderValue)> {
    let own = |secret: &str, body: &str| {
        let signing = Signing {
            secret,
            id,
            at,
            body,
        };
        row.headers(&signing)
    };
    let own = match handling.signature {
        Signature::Genuine => own(&endpoint.secret, &written.body),
        Signature::OtherBody => own(&endpoint.secret, &format!("{} ", written.body)),
        Signature::OtherSecret => own(&nobodys(endpoint.profile), &written.body),
        Signature::Missing => Vec::new(),
    };
    let worded = written.headers.iter().filter_map(|(name, value)| {
        let value = match (*name, handling.signature) {
            // Every message is JSON, which is said once.
            ("content-type", _) | (PAY_TOKEN, Signature::Missing) => return None,
            (PAY_TOKEN, Signature::OtherSecret | Signature::OtherBody) => spoiled(value),
            (_, _) => value.clone(),
        };
        Some((*name, value.try_into().ok()?))
    });
    own.into_iter().chain(worded).collect()
}

/// Visa's signature, which is made where the message is worded.
const PAY_TOKEN: &str = "x-pay-token";

/// The same with another last digit.
fn spoiled(signature: &str) -> String {
    let mut signature = signature.to_owned();
    let other = if signature.ends_with('0') { '1' } else { '0' };
    signature.pop();
    signature.push(other);
    signature
}
