//! The identifiers that a network gives a payment: the network transaction id (NTI) and Mastercard's transaction link id
//! (TLID). Both are derived from the payment, so they depend on its token and on how often that has paid.

use serde::{Deserialize, Serialize};

use crate::crypto::check_digit::passes_luhn;
use crate::crypto::encoding::base64_url;
use crate::domain::card::Network;
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::seed::{Purpose, Seed};

const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CHARACTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// Mastercard's Banknet reference number, before the date.
const BANKNET_LENGTH: usize = 9;
/// Transaction ids of Visa, American Express and Discover (Cybersource and PayPal field references).
const DIGITS: usize = 15;
/// The longest that one published payment schema allows.
const LENGTH_MAX: usize = 36;

/// A network transaction id in its plain form: 15 digits, or on Mastercard nine characters and the date as MMDD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Nti(String);

impl Nti {
    /// The id of a payment approved or declined at `now`. `attempt` counts from zero and grows only when the id is taken.
    pub fn mint(
        seed: &Seed,
        network: Network,
        payment: &PaymentId,
        now: Moment,
        attempt: u32,
    ) -> Self {
        let inputs: [&[u8]; 2] = [payment.bytes(), &attempt.to_be_bytes()];
        match network {
            Network::Visa | Network::Amex | Network::Discover => {
                let digits = seed.digits(Purpose::NetworkTransaction, &inputs, DIGITS);
                Self(unlike_a_card(digits))
            }
            Network::Mastercard => {
                let bytes = seed.derive(Purpose::NetworkTransaction, &inputs);
                let letter = |place: usize| LETTERS[usize::from(bytes[place]) % LETTERS.len()];
                let character =
                    |place: usize| CHARACTERS[usize::from(bytes[place]) % CHARACTERS.len()];
                let banknet = (0..3).map(letter).chain((3..BANKNET_LENGTH).map(character));
                let date = now.rfc3339();
                let month_and_day = date[5..7].bytes().chain(date[8..10].bytes());
                Self(banknet.chain(month_and_day).map(char::from).collect())
            }
        }
    }

    /// Reads an id in any form that payment services carry: with spaces or hyphens inside, padded with spaces, in lower
    /// case, or with Mastercard's date in front. None when it cannot be an id of any network.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LENGTH_MAX * 2 {
            return None;
        }
        let plain: String = text
            .chars()
            .filter(|letter| !letter.is_ascii_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let sound = plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !sound || !(BANKNET_LENGTH..=LENGTH_MAX).contains(&plain.len()) {
            return None;
        }
        let date_first = plain.len() == BANKNET_LENGTH + 4
            && plain[..4].bytes().all(|byte| byte.is_ascii_digit())
            && plain[4..7].bytes().all(|byte| byte.is_ascii_alphabetic());
        if date_first {
            return Some(Self(format!("{}{}", &plain[4..], &plain[..4])));
        }
        Some(Self(plain))
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The same digits with the last one moved on where they pass the check digit of card numbers. Nobody who looks for card
/// numbers in a log then mistakes an id for one.
fn unlike_a_card(mut digits: String) -> String {
    if passes_luhn(&digits)
        && let Some(last) = digits.pop().and_then(|last| last.to_digit(10))
    {
        digits.extend(char::from_digit((last + 1) % 10, 10));
    }
    digits
}

/// A transaction link id: 22 characters of the URL-safe base64 alphabet (Mastercard, by its acquirers' documents).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tlid(String);

impl Tlid {
    const LENGTH: usize = 22;

    pub fn mint(seed: &Seed, payment: &PaymentId) -> Self {
        Self(base64_url(
            &seed.derive16(Purpose::TransactionLink, &[payment.bytes()]),
        ))
    }

    /// None when the text cannot be a transaction link id.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        (text.len() == Self::LENGTH && letters).then(|| Self(text.to_owned()))
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn payment(number: u32) -> PaymentId {
        let mut bytes = [0; 16];
        bytes[12..].copy_from_slice(&number.to_be_bytes());
        PaymentId::from_bytes(bytes)
    }

    #[test]
    fn each_network_has_its_form() {
        let seed = Seed::from_text("references");
        let now = Moment::parse("2026-03-09T23:59:59Z").unwrap();
        for number in 0..500 {
            let visa = Nti::mint(&seed, Network::Visa, &payment(number), now, 0);
            assert_eq!(visa.text().len(), 15, "{number:?}");
            assert!(
                visa.text().bytes().all(|byte| byte.is_ascii_digit()),
                "{number:?}"
            );
            assert!(!passes_luhn(visa.text()), "{number:?}");
            let mastercard = Nti::mint(&seed, Network::Mastercard, &payment(number), now, 0);
            let text = mastercard.text();
            assert_eq!((text.len(), &text[9..]), (13, "0309"), "{number:?}");
            assert!(
                text[..3].bytes().all(|byte| byte.is_ascii_uppercase()),
                "{number:?}"
            );
            let tlid = Tlid::mint(&seed, &payment(number));
            assert_eq!(Tlid::parse(tlid.text()), Some(tlid), "{number:?}");
        }
    }

    #[test]
    fn ids_do_not_repeat() {
        let seed = Seed::from_text("references");
        let now = Moment::parse("2026-03-09T23:59:59Z").unwrap();
        for network in Network::ALL {
            let seen: HashSet<_> = (0..20_000)
                .map(|number| Nti::mint(&seed, network, &payment(number), now, 0))
                .collect();
            assert_eq!(seen.len(), 20_000, "{network:?}");
        }
        let again = Nti::mint(&seed, Network::Visa, &payment(1), now, 1);
        assert_ne!(again, Nti::mint(&seed, Network::Visa, &payment(1), now, 0));
    }

    #[test]
    fn an_id_is_read_in_every_carriers_form() {
        for text in [
            "MCC123ABC0309",
            "MCC123ABC 0309",
            "0309MCC123ABC",
            "mcc123abc0309  ",
        ] {
            assert_eq!(Nti::parse(text).unwrap().text(), "MCC123ABC0309", "{text}");
        }
        assert_eq!(
            Nti::parse("123456789012345").unwrap().text(),
            "123456789012345"
        );
        for text in ["", "12345678", "1234567890é", &"1".repeat(37)] {
            assert_eq!(Nti::parse(text), None, "{text}");
        }
        for text in ["", "short", "=========.============"] {
            assert_eq!(Tlid::parse(text), None, "{text}");
        }
    }
}
