//! Checkout.com's five-digit codes for what a card network answered, and their texts. The codes are those of its list of
//! response codes: most are 20 and the network's answer, pick-up answers are 30 and the answer.

use crate::domain::card::Network;
use crate::domain::payment::response::Response;

/// Code and text of an approval.
pub(super) const APPROVED: (&str, &str) = ("10000", "Approved");
/// The customer was to be authenticated, and was not; did not come back; has a card that takes no part in it.
pub(super) const FAILED: (&str, &str) = ("20151", "Cardholder failed 3DS authentication");
pub(super) const LAPSED: (&str, &str) = (
    "20152",
    "Initial 3DS transaction not completed within 15 minutes",
);
pub(super) const IMPOSSIBLE: (&str, &str) = ("20150", "Card not 3D Secure (3DS) enabled");
const NO_SUCH_NUMBER: &str = "14";

/// Code and text for what the network answered; a number that belongs to no network is a wrong number.
pub(super) fn declined(
    network: Option<Network>,
    response: Option<&Response>,
) -> (&'static str, &'static str) {
    let answer = response.map_or(NO_SUCH_NUMBER, |response| response.de39.as_str());
    match answer {
        "01" => ("20001", "Refer to card issuer"),
        "02" => ("20002", "Refer to card issuer - Special conditions"),
        "03" => ("20003", "Invalid merchant or service provider"),
        "04" => ("30004", "Pick up card (No fraud)"),
        "05" => ("20005", "Declined - Do not honour"),
        "07" => ("30007", "Pick up card - Special conditions"),
        "12" => ("20012", "Invalid transaction"),
        "13" => ("20013", "Invalid value/amount"),
        NO_SUCH_NUMBER => ("20014", "Invalid account number (no such number)"),
        "15" => ("30015", "No such issuer"),
        "19" => ("20019", "Re-enter transaction"),
        "33" => ("30033", "Expired card - Pick up"),
        "41" => ("30041", "Lost card - pick up"),
        "43" => ("30043", "Stolen card - pick up"),
        "46" => ("30046", "Closed account"),
        "51" => ("20051", "Insufficient funds"),
        "54" => ("20054", "Expired card"),
        "57" => ("20057", "Transaction not permitted to cardholder"),
        "58" => ("20058", "Transaction not permitted to terminal"),
        "59" => ("20059", "Suspected fraud"),
        "61" => ("20061", "Activity amount limit exceeded"),
        "62" => ("20062", "Restricted card"),
        "63" => ("20063", "Security violation"),
        // Mastercard's issuers ask for authentication with the code of the frequency limit.
        "65" if network == Some(Network::Mastercard) => ("20154", "3DS authentication required"),
        "65" => ("20065", "Exceeds Withdrawal Frequency Limit"),
        "1A" => ("20154", "3DS authentication required"),
        "68" => ("20068", "Response received too late / timeout"),
        "78" => ("20078", "Blocked at first use"),
        "82" => ("20082", "Negative CAM, dCVV, iCVV, or CVV results"),
        "87" => ("20087", "Bad track data"),
        "91" => ("20091", "Issuer unavailable or switch is inoperative"),
        "96" => ("20096", "System malfunction"),
        "N7" => ("200N7", "Decline for CVV2 failure"),
        "R1" => (
            "200R1",
            "Issuer initiated a stop payment (revocation order) for this authorization",
        ),
        "R0" | "R3" => (
            "200R3",
            "Issuer initiated a stop payment (revocation order) for all authorizations",
        ),
        _ => ("20099", "Other / Unidentified responses"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_code() {
        let answer = |de39: &str| Response {
            de39: de39.to_owned(),
            merchant_advice: None,
            token_result: None,
            own_code: None,
            source: "test".to_owned(),
        };
        let rows = [
            (Network::Visa, "05", "20005"),
            (Network::Visa, "41", "30041"),
            (Network::Visa, "N7", "200N7"),
            (Network::Visa, "65", "20065"),
            (Network::Mastercard, "65", "20154"),
            (Network::Visa, "ZZ", "20099"),
        ];
        for (network, de39, code) in rows {
            assert_eq!(declined(Some(network), Some(&answer(de39))).0, code);
        }
        assert_eq!(declined(None, None).0, "20014");
    }
}
