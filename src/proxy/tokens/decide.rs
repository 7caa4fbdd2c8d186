//! What a payment is made with: the table of VGS's guide on transacting with network tokens.

use crate::domain::card::Network;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// Token and long cryptogram, in the service's own form.
    Long,
    /// The token in the place of the number, and a short cryptogram in that of the code.
    Short,
    /// The card's number and code.
    Card,
}

/// By the network of a token that can be used, if there is one, and whether the service takes cryptograms.
pub(super) const fn decide(token: Option<Network>, takes_cryptograms: bool) -> Means {
    match (token, takes_cryptograms) {
        (Some(Network::Visa | Network::Mastercard), true) => Means::Long,
        (Some(Network::Visa), false) => Means::Short,
        (Some(Network::Mastercard), false)
        // The table names no other network.
        | (Some(Network::Amex | Network::Discover) | None, _) => Means::Card,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_guide() {
        for (token, takes, want) in [
            (Some(Network::Visa), true, Means::Long),
            (Some(Network::Visa), false, Means::Short),
            (Some(Network::Mastercard), true, Means::Long),
            (Some(Network::Mastercard), false, Means::Card),
            (Some(Network::Amex), true, Means::Card),
            (Some(Network::Discover), false, Means::Card),
            (None, true, Means::Card),
            (None, false, Means::Card),
        ] {
            assert_eq!(decide(token, takes), want, "{token:?} {takes}");
        }
    }
}
