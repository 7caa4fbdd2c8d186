//! In whose manner a message is worded: standin's own and VGS's here, those of other surfaces by the surface.

mod own;
mod vgs;

use serde_json::Value;

use super::body::bytes;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::webhook::{Message, Profile};
use crate::operations::Space;
use crate::wire::adyen::notifications as adyen;
use crate::wire::checkout_com::notifications as checkout_com;
use crate::wire::hyperswitch::notifications as hyperswitch;

/// What there is to tell. All of it stands in the notice, so it tells of the instant at which it happened.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) space: &'a Space,
    pub(super) message: &'a Message,
}

impl Told<'_> {
    /// The token as it was when it happened.
    pub(super) fn token(&self) -> Option<&TokenRecord> {
        self.message.notice.token_then.as_deref()
    }

    /// The card as it was when it happened.
    pub(super) fn card(&self) -> Option<&CardRecord> {
        self.message.notice.card_then.as_deref()
    }

    /// The message called `id`. None when whoever is written to has nothing to do with it.
    pub(super) fn written(&self, profile: Profile, id: &str) -> Option<Value> {
        let own = || own::written(self, id);
        match profile {
            Profile::Vgs => Some(vgs::written(self)),
            Profile::Checkout => Some(self.checkout().unwrap_or_else(own)),
            Profile::Adyen => Some(self.adyen().unwrap_or_else(own)),
            Profile::Hyperswitch => {
                let (card, token) = (self.card()?, self.token()?);
                hyperswitch::call_back(&self.message.notice, card, token)
            }
            Profile::Standard | Profile::Stripe | Profile::Visa | Profile::Mastercard => {
                Some(own())
            }
        }
    }

    fn checkout(&self) -> Option<Value> {
        let (card, token) = (self.card()?, self.token()?);
        let id = bytes(self.space, &self.message.key);
        checkout_com::network_token_update(self.space, &self.message.notice, &id, card, token)
    }

    fn adyen(&self) -> Option<Value> {
        let id = bytes(self.space, &self.message.key);
        adyen::recurring_token(self.space, &self.message.notice, &id)
    }
}
