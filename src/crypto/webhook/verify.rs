//! The receiver's half, as the vendors' own libraries do it.

use serde_json::Value;

use super::{Scheme, WebhookError, adyen};
use crate::crypto::encoding::{from_base64, hex};
use crate::crypto::mac::{HmacKey, hmac_sha256, same};

impl Scheme {
    /// Checks a message. `header` finds a header by its name in small letters.
    ///
    /// # Errors
    /// [`WebhookError`], the first cause in the order of its variants.
    pub fn verify(
        self,
        secret: &str,
        header: impl Fn(&str) -> Option<String>,
        body: &str,
        now_s: i64,
    ) -> Result<(), WebhookError> {
        let key = self.key(secret)?;
        let required = |name: &'static str| {
            let value = header(name).filter(|value| !value.is_empty());
            value.ok_or(WebhookError::Missing { name })
        };
        match self {
            Self::Standard => {
                let id = required("webhook-id")?;
                let time = required("webhook-timestamp")?;
                let given = required(self.place())?;
                self.in_time(seconds(&time)?, now_s)?;
                let code = over(&key, &[&id, ".", &time, ".", body]);
                standard(&given, &code)
            }
            Self::Vgs | Self::Stripe => {
                let given = required(self.place())?;
                self.stamped(&key, &given, body, now_s)
            }
            Self::Checkout => {
                let given = required(self.place())?;
                matches(same(given.as_bytes(), hex(&over(&key, &[body])).as_bytes()))
            }
            Self::AdyenPayload => {
                let given = required(self.place())?;
                in_base64(self.place(), &given, &over(&key, &[body]))
            }
            Self::AdyenItem => within(&key, body),
        }
    }

    fn in_time(self, signed_s: i64, now_s: i64) -> Result<(), WebhookError> {
        let Some(tolerance) = self.tolerance() else {
            return Ok(());
        };
        let behind_s = now_s.saturating_sub(signed_s);
        if behind_s > tolerance.behind_s {
            return Err(WebhookError::Stale { behind_s });
        }
        let ahead_s = behind_s.saturating_neg();
        if tolerance.ahead_s.is_some_and(|most| ahead_s > most) {
            return Err(WebhookError::Early { ahead_s });
        }
        Ok(())
    }

    /// `t=…,v1=…`: any one of several signatures will do, as there are while a secret is changed.
    fn stamped(
        self,
        key: &HmacKey,
        given: &str,
        body: &str,
        now_s: i64,
    ) -> Result<(), WebhookError> {
        let name = self.place();
        let want = if self == Self::Vgs { "v0" } else { "v1" };
        let pairs: Vec<_> = given
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let mut times = pairs.iter().filter(|(name, _)| *name == "t");
        let time = times.next().ok_or(WebhookError::Malformed { name })?.1;
        if times.next().is_some() {
            return Err(WebhookError::Malformed { name });
        }
        let signed_s = seconds(time)?;
        let mut signatures = pairs.iter().filter(|(name, _)| *name == want).peekable();
        if signatures.peek().is_none() {
            return Err(WebhookError::Version { want });
        }
        self.in_time(signed_s, now_s)?;
        let code = hex(&over(key, &[time, ".", body]));
        matches(signatures.any(|(_, given)| same(given.as_bytes(), code.as_bytes())))
    }
}

fn over(key: &HmacKey, parts: &[&str]) -> [u8; 32] {
    let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
    hmac_sha256(key, &parts)
}

fn matches(found: bool) -> Result<(), WebhookError> {
    found.then_some(()).ok_or(WebhookError::Signature)
}

/// Decimal digits alone: what a lenient reader would take for a number is none.
fn seconds(text: &str) -> Result<i64, WebhookError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WebhookError::Time);
    }
    text.parse().map_err(|_| WebhookError::Time)
}

/// `v1,…` among others, with spaces between them.
fn standard(given: &str, code: &[u8]) -> Result<(), WebhookError> {
    let signatures: Vec<_> = given
        .split(' ')
        .filter_map(|one| one.strip_prefix("v1,"))
        .collect();
    if signatures.is_empty() {
        return Err(WebhookError::Version { want: "v1" });
    }
    let right = |given: &&str| from_base64(given).is_ok_and(|given| same(&given, code));
    matches(signatures.iter().any(right))
}

fn in_base64(name: &'static str, given: &str, code: &[u8]) -> Result<(), WebhookError> {
    let given = from_base64(given).map_err(|_| WebhookError::Malformed { name })?;
    matches(same(&given, code))
}

fn within(key: &HmacKey, body: &str) -> Result<(), WebhookError> {
    let name = Scheme::AdyenItem.place();
    let unreadable = WebhookError::Malformed {
        name: "notificationItems",
    };
    let whole: Value = serde_json::from_str(body).map_err(|_| unreadable.clone())?;
    let item = adyen::item(&whole).ok_or(unreadable)?;
    let given = item
        .pointer("/additionalData/hmacSignature")
        .and_then(Value::as_str);
    let given = given.filter(|given| !given.is_empty());
    let given = given.ok_or(WebhookError::Missing { name })?;
    in_base64(name, given, &adyen::code(key, item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::webhook::Message;

    const MESSAGE: Message<'_> = Message {
        id: "msg_1",
        at_s: 1_700_000_000,
        body: r#"{"live":"false","notificationItems":[{"NotificationRequestItem":{"success":"true"}}]}"#,
    };

    fn secret(scheme: Scheme) -> &'static str {
        match scheme {
            Scheme::Standard => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            Scheme::Vgs | Scheme::Stripe | Scheme::Checkout => "some secret",
            Scheme::AdyenPayload | Scheme::AdyenItem => "44782def547aaa06c910c43932b1eb0c",
        }
    }

    #[test]
    fn each_scheme_takes_what_it_has_signed_and_nothing_else() {
        for scheme in Scheme::ALL {
            let headers = scheme.sign(secret(scheme), MESSAGE).unwrap();
            let within = scheme.sign_within(secret(scheme), MESSAGE.body, MESSAGE.body);
            let body = within.unwrap().unwrap_or_else(|| MESSAGE.body.to_owned());
            let header = |name: &str| {
                let found = headers.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone())
            };
            let check = |body: &str, now| scheme.verify(secret(scheme), header, body, now);
            assert_eq!(check(&body, MESSAGE.at_s), Ok(()), "{scheme:?}");
            let changed = body.replace("true", "false");
            assert_eq!(
                check(&changed, MESSAGE.at_s),
                Err(WebhookError::Signature),
                "{scheme:?}"
            );
            let none = scheme.verify(secret(scheme), |_| None, MESSAGE.body, MESSAGE.at_s);
            assert!(
                matches!(none, Err(WebhookError::Missing { .. })),
                "{scheme:?}"
            );
            let late = check(&body, MESSAGE.at_s + 10_000);
            assert_eq!(late.is_ok(), scheme.tolerance().is_none(), "{scheme:?}");
        }
    }

    /// The example of the specification (standard-webhooks, verifying signatures), a year ahead of its time in no library.
    #[test]
    fn the_published_example_of_standard_webhooks() {
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at_s: 1_614_265_330,
            body: r#"{"test": 2432232314}"#,
        };
        let headers = Scheme::Standard
            .sign(secret(Scheme::Standard), message)
            .unwrap();
        assert_eq!(
            headers[2].1,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    /// Key, item and signature of the tests of Adyen's own library for PHP (HmacSignatureTest).
    #[test]
    fn the_published_signature_of_an_item() {
        let item = serde_json::json!({
            "pspReference": "7914073381342284",
            "merchantAccountCode": "TestMerchant",
            "merchantReference": "TestPayment-1407325143704",
            "amount": { "value": 1130, "currency": "EUR" },
            "eventCode": "AUTHORISATION",
            "success": "true",
            "additionalData": { "hmacSignature": "Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=" },
        });
        let key = "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00";
        let items = serde_json::json!({"live":"false","notificationItems":[{"NotificationRequestItem": item}]});
        let body = items.to_string();
        assert_eq!(Scheme::AdyenItem.verify(key, |_| None, &body, 0), Ok(()));
    }

    #[test]
    fn a_secret_that_cannot_be_read_signs_nothing() {
        for (scheme, secret) in [
            (Scheme::Standard, "whsec_???"),
            (Scheme::Standard, "whsec_"),
            (Scheme::Stripe, ""),
            (Scheme::AdyenPayload, "no hexadecimal"),
            (Scheme::AdyenItem, "abc"),
        ] {
            assert_eq!(
                scheme.sign(secret, MESSAGE),
                Err(WebhookError::Secret),
                "{scheme:?}"
            );
        }
    }
}
