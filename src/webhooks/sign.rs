//! How each profile signs: the headers of a message.

use http::HeaderValue;

use super::body::Written;
use crate::crypto::encoding::{base64, from_hex, hex};
use crate::crypto::mac::{HmacKey, hmac_sha256};
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Handling, Profile, Signature};
use crate::operations::endpoints::standard_key;

/// Whether a receiver of such messages checks a signature. Mastercard's are sealed for it instead.
pub(super) const fn signs(profile: Profile) -> bool {
    match profile {
        Profile::Standard
        | Profile::Vgs
        | Profile::Stripe
        | Profile::Checkout
        | Profile::Adyen
        | Profile::Hyperswitch
        | Profile::Visa => true,
        Profile::Mastercard => false,
    }
}

/// Whether the signature covers when it was made.
pub(super) const fn stamps(profile: Profile) -> bool {
    match profile {
        Profile::Standard | Profile::Vgs | Profile::Stripe | Profile::Visa => true,
        Profile::Checkout | Profile::Adyen | Profile::Hyperswitch | Profile::Mastercard => false,
    }
}

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
    endpoint: &Endpoint,
    id: &str,
    at: Moment,
    written: &Written,
    handling: &Handling,
) -> Vec<(&'static str, HeaderValue)> {
    let own = |endpoint: &Endpoint, body: &str| headers(endpoint, id, at, body);
    let own = match handling.signature {
        Signature::Genuine => own(endpoint, &written.body),
        Signature::OtherBody => own(endpoint, &format!("{} ", written.body)),
        Signature::OtherSecret => {
            let secret = nobodys(endpoint.profile);
            let other = Endpoint {
                secret,
                ..endpoint.clone()
            };
            own(&other, &written.body)
        }
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

/// The headers that carry the signature of `body`, which is sent at `at` in the message called `id`.
pub(super) fn headers(
    endpoint: &Endpoint,
    id: &str,
    at: Moment,
    body: &str,
) -> Vec<(&'static str, HeaderValue)> {
    let time = at.seconds().to_string();
    let secret = endpoint.secret.as_bytes();
    let over_time = |key: &[u8]| hex(&mac(key, &[time.as_bytes(), b".", body.as_bytes()]));
    let named = match endpoint.profile {
        // Standard Webhooks: id, timestamp and body joined by dots.
        Profile::Standard => {
            let key = standard_key(&endpoint.secret).unwrap_or_default();
            let parts = [id.as_bytes(), b".", time.as_bytes(), b".", body.as_bytes()];
            let signature = format!("v1,{}", base64(&mac(&key, &parts)));
            vec![
                ("webhook-id", id.to_owned()),
                ("webhook-timestamp", time),
                ("webhook-signature", signature),
            ]
        }
        Profile::Vgs => vec![(
            "vgs-signature",
            format!("t={time},v0={}", over_time(secret)),
        )],
        Profile::Stripe => vec![(
            "stripe-signature",
            format!("t={time},v1={}", over_time(secret)),
        )],
        Profile::Checkout => vec![("cko-signature", hex(&mac(secret, &[body.as_bytes()])))],
        Profile::Adyen => {
            let key = from_hex(&endpoint.secret).unwrap_or_default();
            vec![("hmacsignature", base64(&mac(&key, &[body.as_bytes()])))]
        }
        // It is compared with what hyperswitch is configured with, and nothing else.
        Profile::Hyperswitch => vec![("authorization", endpoint.secret.clone())],
        // A network's message is signed or sealed where it is worded.
        Profile::Visa | Profile::Mastercard => Vec::new(),
    };
    named
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
        .collect()
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    hmac_sha256(&HmacKey::new(key), parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::EndpointId;

    fn signed(profile: Profile, secret: &str) -> Vec<(&'static str, String)> {
        let endpoint = Endpoint {
            id: EndpointId(1),
            url: "http://127.0.0.1/".to_owned(),
            profile,
            secret: secret.to_owned(),
            events: None,
            owner: None,
            disabled: None,
        };
        let at = Moment::from_seconds(1_614_265_330);
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        headers(&endpoint, id, at, r#"{"test": 2432232314}"#)
            .into_iter()
            .map(|(name, value)| (name, value.to_str().unwrap().to_owned()))
            .collect()
    }

    /// The example of the Standard Webhooks libraries' own tests.
    #[test]
    fn the_published_signature_of_the_standard() {
        let got = signed(Profile::Standard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(got[2], ("webhook-signature", want.to_owned()));
    }

    #[test]
    fn each_profile_has_its_own_header() {
        for (profile, secret, name, start) in [
            (Profile::Vgs, "s", "vgs-signature", "t=1614265330,v0="),
            (Profile::Stripe, "s", "stripe-signature", "t=1614265330,v1="),
            (Profile::Checkout, "s", "cko-signature", ""),
            (Profile::Adyen, "00ff", "hmacsignature", ""),
            (
                Profile::Hyperswitch,
                "0123456789abcdef0123456789abcdef0123456789abcdef",
                "authorization",
                "0123",
            ),
        ] {
            let got = signed(profile, secret);
            assert_eq!(got.len(), 1);
            assert_eq!(got[0].0, name);
            assert!(
                got[0].1.starts_with(start) && got[0].1.len() >= 44,
                "{got:?}"
            );
        }
    }
}
