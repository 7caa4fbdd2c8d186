//! Stripe's test payment methods and the cards that they stand for (docs.stripe.com/testing, read as docs.stripe.com/testing.md;
//! the shorter names of declines as Active Merchant's remote tests have them). A test token, `tok_…`, is called alike. Of cards
//! of networks that standin does not imitate there is none.

use super::cards::{CODE, MONTH, NUMBER, YEAR};
use super::form::Form;
use crate::domain::card::Expiry;
use crate::wire::edge::Request;

/// What stands behind `pm_card_`, and the number.
const CARDS: [(&str, &str); 38] = [
    ("visa", "4242424242424242"),
    ("visa_debit", "4000056655665556"),
    ("mastercard", "5555555555554444"),
    ("mastercard_debit", "5200828282828210"),
    ("mastercard_prepaid", "5105105105105100"),
    ("amex", "378282246310005"),
    ("amex_threeDSecureNotSupported", "378282246310005"),
    ("discover", "6011111111111117"),
    ("visa_chargeDeclined", "4000000000000002"),
    ("chargeDeclined", "4000000000000002"),
    ("visa_chargeDeclinedInsufficientFunds", "4000000000009995"),
    ("chargeDeclinedInsufficientFunds", "4000000000009995"),
    ("visa_chargeDeclinedLostCard", "4000000000009987"),
    ("chargeDeclinedLostCard", "4000000000009987"),
    ("visa_chargeDeclinedStolenCard", "4000000000009979"),
    ("chargeDeclinedStolenCard", "4000000000009979"),
    ("visa_chargeDeclinedExpiredCard", "4000000000000069"),
    ("chargeDeclinedExpiredCard", "4000000000000069"),
    ("visa_chargeDeclinedIncorrectCvc", "4000000000000127"),
    ("chargeDeclinedIncorrectCvc", "4000000000000127"),
    ("visa_chargeDeclinedProcessingError", "4000000000000119"),
    ("chargeDeclinedProcessingError", "4000000000000119"),
    (
        "visa_chargeDeclinedVelocityLimitExceeded",
        "4000000000006975",
    ),
    ("chargeCustomerFail", "4000000000000341"),
    ("visa_chargeCustomerFail", "4000000000000341"),
    ("radarBlock", "4100000000000019"),
    ("authenticationRequiredOnSetup", "4000002500003155"),
    ("authenticationRequired", "4000002760003184"),
    (
        "authenticationRequiredSetupForOffSession",
        "4000003800000446",
    ),
    (
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
    ),
    ("threeDSecure2Required", "4000000000003220"),
    ("threeDSecureRequired", "4000000000003220"),
    ("threeDSecureRequiredChargeDeclined", "4000008400001629"),
    ("threeDSecureRequiredProcessingError", "4000008400001280"),
    ("threeDSecureOptional", "4000000000003055"),
    ("threeDSecureOptionalProcessingError", "4000000000003097"),
    ("bypassPending", "4000000000000077"),
    ("avsUnchecked", "4000000000000044"),
];

/// The number of a test method or token.
fn number_of(name: &str) -> Option<&'static str> {
    let rest = name
        .strip_prefix("pm_card_")
        .or(name.strip_prefix("tok_"))?;
    let mut cards = CARDS.into_iter();
    cards.find(|(known, _)| *known == rest).map(|(_, pan)| pan)
}

/// The card of a test method, as a form has it. It expires in three years, as nothing else is published.
pub(super) fn card_of(name: &str, request: &Request) -> Option<Vec<(String, String)>> {
    let number = number_of(name)?;
    let year = (Expiry::of(request.now).year() + 3).to_string();
    let pairs = [
        ("payment_method_data[type]", "card"),
        (NUMBER, number),
        (MONTH, "12"),
        (YEAR, &year),
        (CODE, "123"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(pairs.into())
}

/// The form with the card of a test method in place of its name.
pub(super) fn with_test_method(form: Form, request: &Request) -> Form {
    let card = form
        .text("payment_method")
        .and_then(|name| card_of(name, request));
    let Some(card) = card else {
        return form;
    };
    let mut pairs = form.into_pairs();
    pairs.retain(|(name, _)| name != "payment_method");
    pairs.extend(card);
    Form::of(&pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::card::Pan;
    use crate::domain::persona::Personas;

    #[test]
    fn every_test_method_stands_for_a_listed_card() {
        let text = include_str!("../../../fixtures/cards.toml");
        let personas = Personas::parse(text).unwrap();
        for (name, number) in CARDS {
            let pan = Pan::parse(number).unwrap();
            assert!(personas.find(&pan).is_some(), "{name}");
            assert_eq!(number_of(&format!("pm_card_{name}")), Some(number));
            assert_eq!(number_of(&format!("tok_{name}")), Some(number));
        }
        assert_eq!(number_of("pm_card_diners"), None);
        assert_eq!(number_of("pm_1"), None);
    }
}
