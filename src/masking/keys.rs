//! The keys of payment services, by the prefixes that they give them.

use std::ops::Range;

/// What a key is made of behind its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// Letters, digits and what joins them.
    Words,
    /// Letters and digits, of which some are.
    Chance,
    /// Base64, and whatever else Adyen puts behind it.
    Base64,
}

/// A prefix, what follows it, and of how many letters at least. Publishable keys (`pk_`) are no secrets.
///
/// Sources: Stripe, "API keys" and "Receive events in your webhook endpoint" (`sk_`, `rk_`, `ek_`, `whsec_`); Checkout.com,
/// "Manage API keys" (`sk_`, `sk_sbox_`); Adyen, "API credentials" (`AQE`); Hyperswitch, "API keys" (`snd_`, `dev_`, `prd_`,
/// `epk_`).
const PREFIXES: [(&str, Made, usize); 15] = [
    ("sk_test_", Made::Words, 7),
    ("sk_live_", Made::Words, 7),
    ("rk_test_", Made::Words, 7),
    ("rk_live_", Made::Words, 7),
    ("ek_test_", Made::Words, 7),
    ("ek_live_", Made::Words, 7),
    ("sk_sbox_", Made::Words, 7),
    ("sk_org_", Made::Words, 16),
    ("sk_", Made::Chance, 24),
    ("whsec_", Made::Base64, 8),
    ("snd_", Made::Chance, 32),
    ("dev_", Made::Chance, 32),
    ("prd_", Made::Chance, 32),
    ("epk_", Made::Chance, 24),
    ("AQE", Made::Base64, 40),
];

/// Stands between the name of an intent and what its client proves itself by: `pi_3MtwBw_secret_YrKJUK8`.
const CLIENT: &str = "_secret_";

/// Such a proof has so many letters at least.
const CLIENT_LETTERS_MIN: usize = 8;

/// What of the key with which a text begins is not to be seen.
pub(super) fn key(text: &str) -> Option<Range<usize>> {
    let mut prefixes = PREFIXES.iter();
    let found = prefixes.find_map(|(prefix, made, letters_min)| {
        let starts = text.starts_with(prefix);
        starts.then(|| made.key(text, prefix.len(), *letters_min))?
    });
    found.or_else(|| {
        let at = behind_name(text)?;
        Made::Chance.key(text, at, CLIENT_LETTERS_MIN)
    })
}

/// Where the secret of `pi_1_secret_2` begins.
fn behind_name(text: &str) -> Option<usize> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = &text[..text.find(|c| !in_name(c)).unwrap_or(text.len())];
    let at = word.find(CLIENT)?;
    word[..at].contains('_').then_some(at + CLIENT.len())
}

impl Made {
    /// The key whose letters begin here, if there are enough.
    fn key(self, text: &str, at: usize, letters_min: usize) -> Option<Range<usize>> {
        let rest = text.get(at..)?;
        let fits = |byte: u8| match self {
            Self::Words => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Self::Chance => byte.is_ascii_alphanumeric(),
            Self::Base64 => byte.is_ascii_graphic() && !b"\"'\\<>&,".contains(&byte),
        };
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
        // First, because what may stand behind it in a key stands behind many words.
        let begins = rest.bytes().take(letters_min).all(is_base64);
        if self == Self::Base64 && !begins {
            return None;
        }
        let length = rest.bytes().position(|byte| !fits(byte));
        let length = length.unwrap_or(rest.len());
        let digits = || rest.bytes().take(length).any(|byte| byte.is_ascii_digit());
        let is_key = self != Self::Chance || digits();
        (is_key && length >= letters_min).then_some(at..at + length)
    }
}
