//! In whose manner a letter is worded: one file for each that has words of its own.

mod own;
mod vgs;

use serde_json::Value;

use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::webhook::{Letter, Profile};
use crate::operations::Desk;

/// What there is to tell. The card may be gone by now, and some notices are about no token.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) desk: &'a Desk,
    pub(super) letter: &'a Letter,
    pub(super) token: Option<TokenRecord>,
    pub(super) card: Option<CardRecord>,
}

impl Told<'_> {
    /// The letter called `id`.
    pub(super) fn written(&self, profile: Profile, id: &str) -> Value {
        match profile {
            Profile::Vgs => vgs::written(self),
            Profile::Standard
            | Profile::Stripe
            | Profile::Checkout
            | Profile::Adyen
            | Profile::Visa
            | Profile::Mastercard => own::written(self, id),
        }
    }
}
