//! Webhook profiles are rows beside their surface: how a receiver is told, and how that is signed.

use http::HeaderValue;

use super::Surface;
use crate::crypto::webhook::{self, Scheme};
use crate::domain::account::Account;
use crate::domain::digitization::SealedForm;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::payment::told::PaymentThen;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::webhook::{Message, Profile};
use crate::operations::{Space, derived_ids};

/// How one kind of receiver is told.
#[derive(Debug)]
pub struct WebhookProfile {
    pub profile: Profile,
    /// Words a message. None when the receiver has nothing to do with it.
    pub word: fn(&Telling<'_>) -> Option<Worded>,
    /// The headers that carry the signature; none where a message is signed or sealed as it is worded.
    pub sign: fn(&Signing<'_>) -> Vec<(&'static str, String)>,
    /// The body with the signature inside, where it stands there and not in the headers.
    pub within: Option<fn(&Signing<'_>, &str) -> Option<String>>,
    /// Whether a receiver checks a signature at all.
    pub signs: bool,
    /// Whether the signature covers when it was made.
    pub stamps: bool,
    /// Over what it is made, and how, for people: `{id}` and `{time}` stand for those of the message.
    pub over: &'static str,
}

/// What there is to tell. All of it stands in the notice, so a message tells of the instant at which it happened.
#[derive(Debug)]
pub struct Telling<'a> {
    pub space: &'a Space,
    pub message: &'a Message,
    /// The message's name, which stays the same on every attempt.
    pub id: &'a str,
    /// The path that the receiver registered, without a slash at its end.
    pub base: &'a str,
    /// When this attempt claims to be made.
    pub at: Moment,
    /// In which the receiver has shown that it seals, where it seals at all.
    pub form: Option<SealedForm>,
}

impl Telling<'_> {
    pub fn notice(&self) -> &Notice {
        &self.message.notice
    }

    /// The token as it was when it happened.
    pub fn token(&self) -> Option<&TokenRecord> {
        self.notice().token_then.as_deref()
    }

    /// The card as it was when it happened.
    pub fn card(&self) -> Option<&CardRecord> {
        self.notice().card_then.as_deref()
    }

    /// The account whose token or card it is.
    pub fn account(&self) -> Option<&Account> {
        self.space.config.accounts.get(self.notice().owner?)
    }

    /// The payment, or what may become one, as it was when it happened.
    pub fn payment(&self) -> Option<&PaymentThen> {
        self.notice().payment_then.as_deref()
    }

    /// What names of the message are made of.
    pub fn name(&self) -> [u8; 16] {
        derived_ids::message_name(self.space, self.message)
    }
}

/// A message as it is sent: the text, and where a network decides that too, path and headers.
#[derive(Debug, Default)]
pub struct Worded {
    pub body: String,
    pub path_and_query: Option<String>,
    pub headers: Vec<(&'static str, String)>,
}

impl From<serde_json::Value> for Worded {
    fn from(body: serde_json::Value) -> Self {
        Self {
            body: body.to_string(),
            ..Self::default()
        }
    }
}

/// What is to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// As the receiver knows it.
    pub secret: &'a str,
    pub id: &'a str,
    pub at: Moment,
    pub body: &'a str,
}

impl Signing<'_> {
    /// The headers that a scheme signs with. A secret that is not written as the scheme wants it was refused when the
    /// receiver was registered.
    pub(in crate::wire) fn by(&self, scheme: Scheme) -> Vec<(&'static str, String)> {
        let message = webhook::Message {
            id: self.id,
            at_s: self.at.seconds(),
            body: self.body,
        };
        scheme.sign(self.secret, message).unwrap_or_default()
    }
}

impl WebhookProfile {
    /// What is signed of a message that is sent at an instant, for people.
    pub fn told(&self, id: &str, at: Moment) -> String {
        let time = at.seconds().to_string();
        self.over.replace("{id}", id).replace("{time}", &time)
    }

    /// The signature as headers.
    pub fn headers(&self, signing: &Signing<'_>) -> Vec<(&'static str, HeaderValue)> {
        let named = (self.sign)(signing).into_iter();
        named
            .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
            .collect()
    }

    /// The row of a profile among those of all surfaces.
    pub fn find(
        mut surfaces: impl Iterator<Item = &'static Surface>,
        profile: Profile,
    ) -> Option<&'static Self> {
        surfaces.find_map(|surface| surface.webhooks.iter().find(|row| row.profile == profile))
    }
}
