//! How each profile signs: the headers of a letter.

use http::HeaderValue;

use crate::crypto::encoding::{base64, from_hex, hex};
use crate::crypto::mac::{HmacKey, hmac_sha256};
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Profile};
use crate::operations::webhooks::standard_key;

/// The headers that carry the signature of `body`, which is sent at `at` in the letter called `id`.
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
        // A network's letter is signed or sealed where it is worded.
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
