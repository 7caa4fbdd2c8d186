//! The card networks that a test card may be of, and the numbers that each of them gives out.

use serde::Deserialize;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CardNetwork {
    Visa,
    Mastercard,
    Amex,
    Discover,
    Jcb,
    Unionpay,
}

impl CardNetwork {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::Discover => "discover",
            Self::Jcb => "jcb",
            Self::Unionpay => "unionpay",
        }
    }

    /// Whether a number begins as the network's numbers do (ISO/IEC 7812, and what the networks publish).
    pub(crate) fn owns(self, number: &str) -> bool {
        let head = |digits: usize| {
            number
                .get(..digits)
                .and_then(|text| text.parse::<u32>().ok())
        };
        let within =
            |digits, from, to| head(digits).is_some_and(|head| (from..=to).contains(&head));
        match self {
            Self::Visa => within(1, 4, 4),
            Self::Mastercard => within(2, 51, 55) || within(4, 2221, 2720),
            Self::Amex => within(2, 34, 34) || within(2, 37, 37),
            Self::Discover => within(2, 60, 60) || within(2, 64, 65),
            Self::Jcb => within(4, 3528, 3589),
            Self::Unionpay => within(2, 62, 62) || within(2, 81, 81),
        }
    }
}

/// Whether the last digit is the check digit (ISO/IEC 7812-1, annex B).
pub(crate) fn check_digit_holds(number: &str) -> bool {
    let digits = number.bytes().rev().enumerate();
    let sum = digits.fold(0_u32, |sum, (place, byte)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let doubled = if place % 2 == 1 { digit * 2 } else { digit };
        sum + doubled / 10 + doubled % 10
    });
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_network_and_a_check_digit() {
        assert!(CardNetwork::Visa.owns("4111111111111111"));
        assert!(CardNetwork::Mastercard.owns("5555555555554444"));
        assert!(!CardNetwork::Mastercard.owns("4111111111111111"));
        assert!(check_digit_holds("4111111111111111"));
        assert!(!check_digit_holds("4111111111111112"));
        assert!(!check_digit_holds(""));
    }
}
