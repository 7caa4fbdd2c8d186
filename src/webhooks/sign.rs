//! How each profile signs: the headers of a message.

use std::borrow::Cow;

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

/// What is signed of a message at an instant, and what is wrong with it, for people.
pub(super) fn told(row: &WebhookProfile, id: &str, at: Moment, signature: Signature) -> String {
    let over = row.told(id, at);
    match signature {
        Signature::Genuine => over,
        Signature::OtherSecret => format!("{over}; with another secret"),
        Signature::OtherBody => format!("{over}; over another body"),
        Signature::Missing => format!("{over}; left out"),
    }
}

/// A message that is sent at an instant, signed as it is to be handled.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    pub(super) row: &'a WebhookProfile,
    pub(super) endpoint: &'a Endpoint,
    pub(super) id: &'a str,
    pub(super) at: Moment,
    pub(super) handling: &'a Handling,
}

impl Attempt<'_> {
    /// Every header, and the body, inside which some profiles sign.
    pub(super) fn signed<'w>(
        &self,
        written: &'w Worded,
    ) -> (Vec<(&'static str, HeaderValue)>, Cow<'w, str>) {
        let others = nobodys(self.endpoint.profile);
        let altered;
        let (secret, over) = match self.handling.signature {
            Signature::Missing => {
                return (self.headers(written, None), written.body.as_str().into());
            }
            Signature::Genuine => (&self.endpoint.secret, &written.body),
            Signature::OtherSecret => (&others, &written.body),
            Signature::OtherBody => {
                altered = format!("{} ", written.body);
                (&self.endpoint.secret, &altered)
            }
        };
        let signing = Signing {
            secret,
            id: self.id,
            at: self.at,
            body: over,
        };
        let within = self
            .row
            .within
            .and_then(|sign| sign(&signing, &written.body));
        let body = within.map_or(written.body.as_str().into(), Cow::Owned);
        (self.headers(written, Some(&signing)), body)
    }

    fn headers(
        &self,
        written: &Worded,
        signing: Option<&Signing<'_>>,
    ) -> Vec<(&'static str, HeaderValue)> {
        let own = signing.map(|signing| self.row.headers(signing));
        let worded = written.headers.iter().filter_map(|(name, value)| {
            let value = match (*name, self.handling.signature) {
                // Every message is JSON, which is said once.
                ("content-type", _) | (PAY_TOKEN, Signature::Missing) => return None,
                (PAY_TOKEN, Signature::OtherSecret | Signature::OtherBody) => spoiled(value),
                (_, _) => value.clone(),
            };
            Some((*name, value.try_into().ok()?))
        });
        own.unwrap_or_default().into_iter().chain(worded).collect()
    }
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
