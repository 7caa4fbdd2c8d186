//! Stripe's test payment methods and the cards that they stand for (docs.stripe.com/testing, read as docs.stripe.com/testing.md;
//! the shorter names of declines as Active Merchant's remote tests have them). A test token, `tok_…`, is called alike. Of cards
//! of networks that standin does not imitate there is none.

use super::cards::{CODE, MONTH, NUMBER, YEAR};
use super::form::Form;
use crate::domain::card::Expiry;
use crate::wire::edge::Request;

/// What stands behind `pm_card_`, and the number.
const CARDS: [(&str, &str); 133] = [
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
    ("ar", "4000000320000021"),
    ("br", "4000000760000002"),
    ("ca", "4000001240000000"),
    ("cl", "4000001520000001"),
    ("co", "4000001700000003"),
    ("cr", "4000001880000005"),
    ("ec", "4000002180000000"),
    ("mx", "4000004840008001"),
    ("pa", "4000005910000000"),
    ("py", "4000006000000066"),
    ("pe", "4000006040000068"),
    ("uy", "4000008580000003"),
    ("ae", "4000007840000001"),
    ("ae_mastercard", "5200007840000022"),
    ("at", "4000000400000008"),
    ("be", "4000000560000004"),
    ("bg", "4000001000000000"),
    ("by", "4000001120000005"),
    ("hr", "4000001910000009"),
    ("cy", "4000001960000008"),
    ("cz", "4000002030000002"),
    ("dk", "4000002080000001"),
    ("ee", "4000002330000009"),
    ("fi", "4000002460000001"),
    ("fr", "4000002500000003"),
    ("de", "4000002760000016"),
    ("gi", "4000002920000005"),
    ("gr", "4000003000000030"),
    ("hu", "4000003480000005"),
    ("ie", "4000003720000005"),
    ("it", "4000003800000008"),
    ("lv", "4000004280000005"),
    ("li", "4000004380000004"),
    ("lt", "4000004400000000"),
    ("lu", "4000004420000006"),
    ("mt", "4000004700000007"),
    ("nl", "4000005280000002"),
    ("no", "4000005780000007"),
    ("pl", "4000006160000005"),
    ("pt", "4000006200000007"),
    ("ro", "4000006420000001"),
    ("si", "4000007050000006"),
    ("sk", "4000007030000001"),
    ("es", "4000007240000007"),
    ("se", "4000007520000008"),
    ("ch", "4000007560000009"),
    ("gb", "4000008260000000"),
    ("gb_debit", "4000058260000005"),
    ("gb_mastercard", "5555558265554449"),
    ("au", "4000000360000006"),
    ("cn", "4000001560000002"),
    ("hk", "4000003440000004"),
    ("in", "4000003560000008"),
    ("jp", "4000003920000003"),
    ("my", "4000004580000002"),
    ("nz", "4000005540000008"),
    ("sg", "4000007020000003"),
    ("tw", "4000001580000008"),
    ("th_credit", "4000007640000003"),
    ("th_debit", "4000057640000008"),
    ("us", "4242424242424242"),
    ("visa_cartesBancaires", "4000002500001001"),
    ("mastercard_cartesBancaires", "5555552500001001"),
    ("visa_debit_eftposAuCoBranded", "4000050360000001"),
    ("mastercard_debit_eftposAuCoBranded", "5555050360000080"),
    ("debit_visaFsaProductCode", "4000051230000072"),
    ("debit_visaHsaProductCode", "4000051230000072"),
    (
        "mastercard_debit_mastercardFsaProductCode",
        "5200828282828897",
    ),
    ("riskLevelHighest", "4000000000004954"),
    ("riskLevelElevated", "4000000000009235"),
    ("highFraudDisputeScore", "4000008400000407"),
    ("highEfwScore", "4000008400000159"),
    ("radarDynamicRiskThreshold", "4000008400001017"),
    ("adaptive3dsChallenge", "4000008405600003"),
    ("cvcCheckFail", "4000000000000101"),
    ("avsZipFail", "4000000000000036"),
    ("cvcCheckFailElevatedRisk", "4000058400307872"),
    ("avsZipFailElevatedRisk", "4000058400306072"),
    ("avsLine1Fail", "4000000000000028"),
    ("avsFail", "4000000000000010"),
    ("createDispute", "4000000000000259"),
    ("createDisputeProductNotReceived", "4000000000002685"),
    ("createDisputeInquiry", "4000000000001976"),
    ("createIssuerFraudRecord", "4000000000005423"),
    ("createMultipleDisputes", "4000000404000079"),
    ("createCe3EligibleDispute", "4000000404000038"),
    ("createComplianceDispute", "4000008400000779"),
    ("createMastercardComplianceDispute", "5105008400000002"),
    ("createAutoRepresentmentEligibleDispute", "4000000001000043"),
    ("createRapidDisputeResolutionDispute", "4000000404004816"),
    ("createCe3BlockDispute", "4000000404005649"),
    ("createEthocaAlert", "5105000300000018"),
    ("pendingRefund", "4000000000007726"),
    ("refundFail", "4000000000005126"),
    ("bypassPendingInternational", "4000003720000278"),
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
