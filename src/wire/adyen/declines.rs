//! How Adyen words what a card network answered. The codes and their names are those of Adyen's list of refusal reasons;
//! which of them stands for which answer of a network follows its page on raw responses where that says it, and is our
//! choice for the rest.

use crate::domain::card::Network;
use crate::domain::payment::record::Payment;
use crate::domain::payment::response::Response;

/// The words for a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: &'static str,
    pub(super) code: &'static str,
}

const NO_SUCH_NUMBER: &str = "14";

/// The words for what the network answered; a number that belongs to no network is a wrong number.
fn refusal(network: Option<Network>, response: Option<&Response>) -> Refusal {
    let answer = response.map_or(NO_SUCH_NUMBER, |response| response.de39.as_str());
    let (reason, code) = match answer {
        "01" | "02" => ("Referral", "3"),
        "04" | "07" | "41" | "43" | "46" => ("Blocked Card", "5"),
        "13" => ("Invalid Amount", "7"),
        NO_SUCH_NUMBER | "15" => ("Invalid Card Number", "8"),
        "51" => ("Not enough balance", "12"),
        "54" => ("Expired Card", "6"),
        "57" | "58" => ("Transaction Not Permitted", "23"),
        "59" => ("Issuer Suspected Fraud", "31"),
        "61" => ("Withdrawal amount exceeded", "28"),
        "62" => ("Restricted Card", "25"),
        // Mastercard's issuers ask for authentication with the code of the frequency limit.
        "65" if network == Some(Network::Mastercard) => ("Authentication required", "38"),
        "65" => ("Withdrawal count exceeded", "29"),
        "1A" => ("Authentication required", "38"),
        "78" | "79" | "82" => ("Declined Non Generic", "27"),
        "91" => ("Issuer Unavailable", "9"),
        "96" => ("Acquirer Error", "4"),
        "N7" => ("CVC Declined", "24"),
        "R0" | "R1" | "R3" => ("Revocation Of Auth", "26"),
        _ => ("Refused", "2"),
    };
    Refusal { reason, code }
}

/// The words for a payment that was declined. Without its shopper nobody is asked.
pub(super) fn refused(payment: &Payment, response: Option<&Response>) -> Refusal {
    if payment.authentication.is_missed() {
        return Refusal {
            reason: "3D Not Authenticated",
            code: "11",
        };
    }
    refusal(payment.network, response)
}

/// The answer as the network gave it: the code and what it is called.
pub(super) fn raw(response: &Response) -> String {
    let name = match response.de39.as_str() {
        "00" => "Approved",
        "05" => "Do not honor",
        "14" => "Invalid card number",
        "1A" => "Additional customer authentication required",
        "41" => "Lost card",
        "43" => "Stolen card",
        "46" => "Closed account",
        "51" => "Insufficient funds",
        "54" => "Expired card",
        "57" => "Transaction not permitted to cardholder",
        "59" => "Suspected fraud",
        "61" => "Exceeds amount limit",
        "62" => "Restricted card",
        "65" => "Exceeds frequency limit",
        "78" => "Blocked, first used",
        "82" => "Negative CAM, dCVV, iCVV or CVV results",
        "91" => "Issuer unavailable",
        "N7" => "CVV2 failure",
        "R1" => "Revocation of authorization",
        _ => "Declined",
    };
    format!("{} : {name}", response.de39)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_words() {
        let answer = |de39: &str| Response {
            de39: de39.to_owned(),
            merchant_advice: None,
            token_result: None,
            own_code: None,
            source: "test".to_owned(),
        };
        let rows = [
            (Network::Visa, "05", "Refused", "2", "05 : Do not honor"),
            (
                Network::Visa,
                "N7",
                "CVC Declined",
                "24",
                "N7 : CVV2 failure",
            ),
            (
                Network::Visa,
                "65",
                "Withdrawal count exceeded",
                "29",
                "65 : Exceeds frequency limit",
            ),
            (
                Network::Mastercard,
                "65",
                "Authentication required",
                "38",
                "65 : Exceeds frequency limit",
            ),
            (Network::Visa, "ZZ", "Refused", "2", "ZZ : Declined"),
        ];
        for (network, de39, reason, code, text) in rows {
            let answer = answer(de39);
            let words = refusal(Some(network), Some(&answer));
            assert_eq!((words.reason, words.code), (reason, code));
            assert_eq!(raw(&answer), text);
        }
        assert_eq!(refusal(None, None).reason, "Invalid Card Number");
    }
}
