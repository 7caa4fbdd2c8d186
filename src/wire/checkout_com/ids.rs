//! Names of things: a word and 26 letters of base 32.

use crate::crypto::base32::{base32, from_base32};
use crate::crypto::digest::sha256_of_parts;
use crate::domain::id::{DraftId, PaymentId, TokenReference};
use crate::domain::payment::record::Payment;
use crate::wire::edge::Exchange;

pub(super) fn payment_id(id: &PaymentId) -> String {
    format!("pay_{}", base32(id.bytes()))
}

pub(super) fn parse_payment_id(text: &str) -> Option<PaymentId> {
    let bytes = from_base32(text.strip_prefix("pay_")?).ok()?;
    Some(PaymentId::from_bytes(bytes))
}

/// The name of a payment, which it has from when it began to wait.
pub(super) fn name(payment: &Payment) -> String {
    match &payment.waited_as {
        Some(id) => payment_id_of(id),
        None => payment_id(&payment.id),
    }
}

/// The same of one that waits.
pub(super) fn payment_id_of(id: &DraftId) -> String {
    payment_id(&PaymentId::from_bytes(*id.bytes()))
}

/// The session in which its customer is authenticated.
pub(super) fn session_id(id: &DraftId) -> String {
    format!("sid_{}", base32(id.bytes()))
}

pub(super) fn parse_session_id(text: &str) -> Option<DraftId> {
    let bytes = from_base32(text.strip_prefix("sid_")?).ok()?;
    Some(DraftId::from_bytes(bytes))
}

pub(super) fn token_id(reference: &TokenReference) -> String {
    format!("nt_{}", base32(reference.bytes()))
}

pub(super) fn parse_token_id(text: &str) -> Option<TokenReference> {
    let bytes = from_base32(text.strip_prefix("nt_")?).ok()?;
    Some(TokenReference::from_bytes(bytes))
}

/// What a request is called in its answer.
pub(super) fn receipt(exchange: Exchange<'_>) -> String {
    base32(&exchange.request.receipt(&exchange.context.call))
}

/// What was done with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Authorization,
    /// The one that happens with the authorization.
    Capture,
    /// The move with this place.
    Move(usize),
}

/// An authorization is called as its payment is, as recorded answers have it.
pub(super) fn action_id(payment: &Payment, action: Action) -> String {
    let number = match action {
        Action::Authorization => return name(payment).replacen("pay_", "act_", 1),
        Action::Capture => usize::MAX,
        Action::Move(place) => place + 1,
    };
    let digest = sha256_of_parts(&[payment.id.bytes(), &number.to_be_bytes()]);
    format!("act_{}", base32(&digest[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back() {
        let payment = PaymentId::from_bytes([0xab; 16]);
        assert_eq!(payment_id(&payment).len(), 30);
        assert_eq!(parse_payment_id(&payment_id(&payment)), Some(payment));
        let token = TokenReference::from_bytes([0xcd; 16]);
        assert_eq!(parse_token_id(&token_id(&token)), Some(token));
        for text in ["", "pay_", "pay_x", "nt_", "src_abc"] {
            assert!(
                parse_payment_id(text).is_none() && parse_token_id(text).is_none(),
                "{text:?}"
            );
        }
    }
}
