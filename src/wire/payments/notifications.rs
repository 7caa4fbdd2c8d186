//! standin's own events, signed as the Standard Webhooks specification says: over id, timestamp and body joined by dots.

use crate::crypto::encoding::base64;
use crate::crypto::mac::{HmacKey, hmac_sha256};
use crate::domain::webhook::Profile;
use crate::operations::endpoints::standard_key;
use crate::wire::edge::own_events::event;
use crate::wire::edge::webhook::{Signing, WebhookProfile};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Standard,
    word: |telling| Some(event(telling).into()),
    sign,
    within: None,
    signs: true,
    stamps: true,
    over: "{id}.{time}.BODY, HMAC-SHA256 in base64",
};

fn sign(signing: &Signing<'_>) -> Vec<(&'static str, String)> {
    let key = standard_key(signing.secret).unwrap_or_default();
    let (id, time) = (signing.id.to_owned(), signing.time());
    let parts = [&id, ".", &time, ".", signing.body].map(str::as_bytes);
    let signature = base64(&hmac_sha256(&HmacKey::new(&key), &parts));
    vec![
        ("webhook-id", id),
        ("webhook-timestamp", time),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    /// The example of the Standard Webhooks libraries' own tests.
    #[test]
    fn the_published_signature_of_the_standard() {
        let signed = sign(&Signing {
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Moment::from_seconds(1_614_265_330),
            body: r#"{"test": 2432232314}"#,
        });
        let want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed[2], ("webhook-signature", want.to_owned()));
    }
}
