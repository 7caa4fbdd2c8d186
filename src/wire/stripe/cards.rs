//! What Stripe finds wrong with a card before anybody is asked for money: a `card_error` with the code of what is wrong
//! (Stripe, error codes).

use super::errors::{Own, StripeError};
use crate::domain::card::Expiry;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::provision::in_token_range;
use crate::domain::rejection::Rejection;
use crate::wire::edge::Request;
use crate::wire::edge::payment::{card_problem, is_security_code};

pub(super) const NUMBER: &str = "payment_method_data[card][number]";
pub(super) const MONTH: &str = "payment_method_data[card][exp_month]";
pub(super) const YEAR: &str = "payment_method_data[card][exp_year]";
pub(super) const CODE: &str = "payment_method_data[card][cvc]";

pub(super) fn wrong_number(name: &'static str) -> StripeError {
    card(name, "incorrect_number", "Your card number is incorrect.")
}

pub(super) fn wrong_month(name: &'static str) -> StripeError {
    let message = "Your card's expiration month is invalid.";
    card(name, "invalid_expiry_month", message)
}

pub(super) fn wrong_year(name: &'static str) -> StripeError {
    let message = "Your card's expiration year is invalid.";
    card(name, "invalid_expiry_year", message)
}

fn card(name: &'static str, code: &'static str, message: &'static str) -> StripeError {
    Own::Card {
        name,
        code,
        message,
    }
    .into()
}

/// Looks at what can be seen without asking anybody.
pub(super) fn check(request: &Request, wanted: &PaymentRequest) -> Result<(), StripeError> {
    let code = wanted.proof.code.as_deref();
    match card_problem(request, wanted) {
        Some(Rejection::CardNumberInvalid) => Err(wrong_number(NUMBER)),
        Some(_) if wanted.expiry.year() < Expiry::of(request.now).year() => Err(wrong_year(YEAR)),
        // A month of this year that has passed is a card that has expired, which its issuer says.
        Some(_) => Ok(()),
        // A token's code is a cryptogram, and the network's to judge.
        None if in_token_range(&wanted.number.as_pan()) => Ok(()),
        None if code.is_some_and(|code| !is_security_code(code)) => Err(card(
            CODE,
            "invalid_cvc",
            "Your card's security code is invalid.",
        )),
        None => Ok(()),
    }
}
