//! What Stripe finds wrong with a card before anybody is asked for money: a `card_error` with the code of what is wrong
//! (Stripe, error codes). Its test methods, `pm_card_…`, stand for cards of its own list (Stripe, testing).

use super::errors::{Own, StripeError};
use super::form::Form;
use crate::domain::card::Expiry;
use crate::domain::payment::request::PaymentRequest;
use crate::domain::provision::in_token_range;
use crate::domain::rejection::Rejection;
use crate::wire::edge::Request;
use crate::wire::edge::payment::card_problem;

const NUMBER: &str = "payment_method_data[card][number]";
const MONTH: &str = "payment_method_data[card][exp_month]";
const YEAR: &str = "payment_method_data[card][exp_year]";
const CODE: &str = "payment_method_data[card][cvc]";

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
    let is_code = |text: &str| {
        (3..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match card_problem(request, wanted) {
        Some(Rejection::CardNumberInvalid) => Err(wrong_number(NUMBER)),
        Some(_) if wanted.expiry.year() < Expiry::of(request.now).year() => Err(wrong_year(YEAR)),
        // A month of this year that has passed is a card that has expired, which its issuer says.
        Some(_) => Ok(()),
        // A token's code is a cryptogram, and the network's to judge.
        None if in_token_range(&wanted.number.as_pan()) => Ok(()),
        None if code.is_some_and(|code| !is_code(code)) => Err(card(
            CODE,
            "invalid_cvc",
            "Your card's security code is invalid.",
        )),
        None => Ok(()),
    }
}

/// Stripe's test methods and the cards that they stand for.
const TEST_METHODS: [(&str, &str); 16] = [
    ("pm_card_visa", "4242424242424242"),
    ("pm_card_visa_debit", "4000056655665556"),
    ("pm_card_mastercard", "5555555555554444"),
    ("pm_card_mastercard_debit", "5200828282828210"),
    ("pm_card_mastercard_prepaid", "5105105105105100"),
    ("pm_card_amex", "378282246310005"),
    ("pm_card_discover", "6011111111111117"),
    ("pm_card_visa_chargeDeclined", "4000000000000002"),
    ("pm_card_chargeDeclined", "4000000000000002"),
    (
        "pm_card_chargeDeclinedInsufficientFunds",
        "4000000000009995",
    ),
    ("pm_card_chargeDeclinedLostCard", "4000000000009987"),
    ("pm_card_chargeDeclinedStolenCard", "4000000000009979"),
    ("pm_card_chargeDeclinedExpiredCard", "4000000000000069"),
    ("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127"),
    ("pm_card_chargeDeclinedProcessingError", "4000000000000119"),
    ("pm_card_chargeCustomerFail", "4000000000000341"),
];

/// The form with the card of a test method in place of its name. It expires in three years, as nothing else is published.
pub(super) fn with_test_method(form: Form, request: &Request) -> Form {
    let named = form.text("payment_method");
    let found = TEST_METHODS
        .into_iter()
        .find(|(name, _)| Some(*name) == named);
    let Some((_, number)) = found else {
        return form;
    };
    let year = (Expiry::of(request.now).year() + 3).to_string();
    let mut pairs = form.into_pairs();
    pairs.retain(|(name, _)| name != "payment_method");
    for (name, value) in [
        ("payment_method_data[type]", "card"),
        (NUMBER, number),
        (MONTH, "12"),
        (YEAR, &year),
        (CODE, "123"),
    ] {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    Form::of(&pairs)
}
