//! How Stripe words what a card network answered: an error code, a decline code, advice. Sources: Stripe's pages on decline
//! codes, on network codes and on retrying; which code stands for which answer of a network is our reading of their texts.

use crate::domain::card::Network;
use crate::domain::payment::response::Response;

/// The words for a decline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decline {
    /// The error's code.
    pub(super) code: &'static str,
    pub(super) decline_code: &'static str,
    pub(super) message: &'static str,
    pub(super) advice: Option<&'static str>,
}

/// For people who pay.
const DECLINED: &str = "Your card was declined.";
const NO_SUCH_NUMBER: &str = "14";
/// What Stripe's own test cards are answered where the network's answer says less (Stripe, testing).
const PUBLISHED: [&str; 3] = [
    "generic_decline",
    "card_velocity_exceeded",
    "processing_error",
];

/// The words for what the network answered; a number that belongs to no network is a wrong number.
pub(super) fn decline(network: Option<Network>, response: Option<&Response>) -> Decline {
    let answer = response.map_or(NO_SUCH_NUMBER, |response| response.de39.as_str());
    let published = response.and_then(|response| response.own_code.as_deref());
    let published = published.and_then(|own| PUBLISHED.into_iter().find(|word| *word == own));
    let decline_code = published.unwrap_or(match answer {
        NO_SUCH_NUMBER | "15" => "incorrect_number",
        "01" | "02" => "call_issuer",
        "04" | "07" => "pickup_card",
        "05" => "do_not_honor",
        "12" => "invalid_account",
        "13" => "invalid_amount",
        "19" => "reenter_transaction",
        "41" => "lost_card",
        "43" => "stolen_card",
        "46" | "78" => "invalid_account",
        "51" => "insufficient_funds",
        "54" => "expired_card",
        "57" | "58" => "transaction_not_allowed",
        "59" => "fraudulent",
        "61" => "card_velocity_exceeded",
        "62" => "restricted_card",
        "63" => "security_violation",
        // Mastercard's issuers ask for authentication with the code of the frequency limit.
        "65" if network == Some(Network::Mastercard) => "authentication_required",
        "65" => "withdrawal_count_limit_exceeded",
        "1A" => "authentication_required",
        "91" => "issuer_not_available",
        "96" => "processing_error",
        "N7" => "incorrect_cvc",
        "R0" => "stop_payment_order",
        "R1" => "revocation_of_authorization",
        "R3" => "revocation_of_all_authorizations",
        _ => "generic_decline",
    });
    let (code, message) = match decline_code {
        "incorrect_number" => ("incorrect_number", "Your card number is incorrect."),
        "expired_card" => ("expired_card", "Your card has expired."),
        "incorrect_cvc" => ("incorrect_cvc", "Your card's security code is incorrect."),
        "authentication_required" => (
            "authentication_required",
            "Your card was declined. This transaction requires authentication.",
        ),
        "insufficient_funds" => ("card_declined", "Your card has insufficient funds."),
        "processing_error" => (
            "processing_error",
            "An error occurred while processing your card. Try again in a little bit.",
        ),
        "transaction_not_allowed" => (
            "card_declined",
            "Your card does not support this type of purchase.",
        ),
        _ => ("card_declined", DECLINED),
    };
    let by_merchant_advice = response.and_then(|response| response.merchant_advice.as_deref());
    Decline {
        code,
        decline_code,
        message,
        advice: by_merchant_advice
            .and_then(advised)
            .or_else(|| advice(network, answer)),
    }
}

/// What Mastercard's advice comes to.
fn advised(code: &str) -> Option<&'static str> {
    match code {
        "01" | "04" => Some("confirm_card_data"),
        "02" | "24" | "25" | "26" | "27" | "28" | "29" | "30" => Some("try_again_later"),
        "03" | "21" => Some("do_not_try_again"),
        _ => None,
    }
}

/// Visa's categories of answers: never again, later, once the card's details are right. Mastercard gives its advice beside
/// the answer.
fn advice(network: Option<Network>, answer: &str) -> Option<&'static str> {
    match answer {
        _ if network == Some(Network::Mastercard) => None,
        "04" | "07" | "12" | "15" | "41" | "43" | "46" | "57" | "R0" | "R1" | "R3" => {
            Some("do_not_try_again")
        }
        NO_SUCH_NUMBER | "54" | "82" | "N7" => Some("confirm_card_data"),
        "19" | "51" | "59" | "61" | "62" | "65" | "78" | "91" | "96" => Some("try_again_later"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(de39: &str, merchant_advice: Option<&str>) -> Response {
        Response {
            de39: de39.to_owned(),
            merchant_advice: merchant_advice.map(str::to_owned),
            token_result: None,
            own_code: None,
            source: "test".to_owned(),
        }
    }

    #[test]
    fn an_answer_has_its_words() {
        let rows = [
            (
                Network::Visa,
                "05",
                None,
                "card_declined",
                "do_not_honor",
                None,
            ),
            (
                Network::Visa,
                "N7",
                None,
                "incorrect_cvc",
                "incorrect_cvc",
                Some("confirm_card_data"),
            ),
            (
                Network::Visa,
                "65",
                None,
                "card_declined",
                "withdrawal_count_limit_exceeded",
                Some("try_again_later"),
            ),
            (
                Network::Mastercard,
                "65",
                None,
                "authentication_required",
                "authentication_required",
                None,
            ),
            (
                Network::Mastercard,
                "05",
                Some("03"),
                "card_declined",
                "do_not_honor",
                Some("do_not_try_again"),
            ),
            (
                Network::Visa,
                "ZZ",
                None,
                "card_declined",
                "generic_decline",
                None,
            ),
        ];
        for (network, de39, merchant_advice, code, decline_code, advice) in rows {
            let words = decline(Some(network), Some(&answer(de39, merchant_advice)));
            assert_eq!(
                (words.code, words.decline_code, words.advice),
                (code, decline_code, advice),
                "{de39}"
            );
        }
        assert_eq!(decline(None, None).code, "incorrect_number");
    }
}
