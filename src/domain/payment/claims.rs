//! What a client says of a token beside its number, held against what the token is. Services and networks refuse what
//! contradicts itself; here it is let pass with a warning, unless the rules are strict.

use super::instrument::{Instrument, TokenFacts};
use super::proof::present;
use super::reason::Warning;
use super::request::{ClaimedNetwork, Initiator, PaymentRequest, TokenClaims};
use crate::domain::card::Network;

/// Everything that contradicts what the request or its token says elsewhere.
pub(super) fn contradictions(request: &PaymentRequest, instrument: &Instrument) -> Vec<Warning> {
    let mut found: Vec<_> = request.claims.noticed.iter().copied().collect();
    let network = instrument.network();
    let other_network = |claimed: &ClaimedNetwork| match (claimed, network) {
        (ClaimedNetwork::One(claimed), Some(network)) => *claimed != network,
        (ClaimedNetwork::Another, Some(_)) => true,
        (_, None) => false,
    };
    if request.claims.network.as_ref().is_some_and(other_network) {
        found.push(Warning::NetworkMismatch);
    }
    if let Instrument::Token(facts) = instrument {
        found.extend(of_token(request, facts));
    }
    found
}

fn of_token<'a>(
    request: &'a PaymentRequest,
    facts: &'a TokenFacts,
) -> impl Iterator<Item = Warning> + 'a {
    let TokenClaims { last4, account, .. } = &request.claims;
    let card = facts.card.as_ref().map(|card| card.pan.last4());
    let network = facts.token.network;
    let eci = present(request.eci.as_ref());
    let wrong_eci = eci.is_some_and(|eci| !is_indicator(network, request.initiator, eci));
    let rows = [
        (wrong_eci, Warning::EciMismatch),
        (differs(last4, card.as_deref()), Warning::Last4Mismatch),
        (
            differs(account, Some(&facts.account)),
            Warning::AccountMismatch,
        ),
    ];
    rows.into_iter()
        .filter_map(|(found, warning)| found.then_some(warning))
}

fn differs(claimed: &Option<String>, own: Option<&str>) -> bool {
    claimed
        .as_deref()
        .zip(own)
        .is_some_and(|(claimed, own)| claimed != own)
}

/// Whether an electronic commerce indicator is one of the network's. Mastercard's own are 00 to 02, 04 and 06, and 07 where
/// the merchant starts the payment; everybody else has 05 to 07. That the default of one network fails at the other is told in
/// <https://github.com/activemerchant/active_merchant/pull/5055>.
fn is_indicator(network: Network, initiator: Initiator, eci: &str) -> bool {
    let digit = match eci.as_bytes() {
        [digit @ b'0'..=b'9'] | [b'0', digit @ b'0'..=b'9'] => *digit,
        _ => return false,
    };
    match network {
        Network::Mastercard => {
            matches!(digit, b'0' | b'1' | b'2' | b'4' | b'6')
                || digit == b'7' && initiator == Initiator::Merchant
        }
        Network::Visa | Network::Amex | Network::Discover => matches!(digit, b'5'..=b'7'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_is_of_its_network() {
        let customer = |network, eci| is_indicator(network, Initiator::Customer, eci);
        for eci in ["05", "06", "07", "5"] {
            assert!(customer(Network::Visa, eci), "{eci}");
        }
        for eci in ["00", "01", "02", "04", "06", "2"] {
            assert!(customer(Network::Mastercard, eci), "{eci}");
        }
        for (network, eci) in [
            (Network::Mastercard, "07"),
            (Network::Mastercard, "05"),
            (Network::Visa, "02"),
            (Network::Amex, "00"),
            (Network::Visa, "55"),
            (Network::Visa, "x"),
        ] {
            assert!(!customer(network, eci), "{network:?} {eci}");
        }
        assert!(is_indicator(Network::Mastercard, Initiator::Merchant, "07"));
    }
}
