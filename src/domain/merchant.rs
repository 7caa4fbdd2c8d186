//! Who takes payments: a merchant, and the keys by which each payment service knows it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::vocabulary::words;
use crate::wording::told;

/// One `[[merchant]]` of the fixture. Every key is a whole credential, as the service's client sends it; a client may put
/// `@` and the name of a space behind it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merchant {
    /// What accounts and allowances name it by.
    pub name: String,
    /// What customers read on a page or statement.
    pub title: String,
    /// standin's own payment API.
    pub key: String,
    pub stripe_key: String,
    pub adyen_key: String,
    /// The `merchantAccount` that Adyen's requests name.
    pub adyen_account: String,
    pub checkout_key: String,
    /// Client and secret with which Checkout.com gives access tokens in place of the key.
    pub checkout_client: String,
    pub checkout_secret: String,
    /// The gateway account on whose behalf a payment service requests tokens for the merchant.
    pub requestor: String,
}

words! {
    /// A payment service whose credentials merchants have, and the member of the file that its key is.
    pub enum Service {
        Own = "key",
        Stripe = "stripe_key",
        Adyen = "adyen_key",
        Checkout = "checkout_key",
    }
}

impl Merchant {
    /// The key by which a service knows the merchant.
    pub fn key_at(&self, service: Service) -> &str {
        match service {
            Service::Own => &self.key,
            Service::Stripe => &self.stripe_key,
            Service::Adyen => &self.adyen_key,
            Service::Checkout => &self.checkout_key,
        }
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Merchant({})", self.name)
    }
}

/// Why a list of merchants cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MerchantsError {
    #[error("{0}")]
    Syntax(String),
    #[error(
        "merchant {0}: {1} must not be empty, hold white space or '@', which separates it from the name of a space"
    )]
    Word(usize, &'static str),
    #[error("merchant {0}: another merchant has the same {1}")]
    Twice(usize, &'static str),
}

/// Every merchant, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Merchants(Vec<Merchant>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    merchant: Vec<Merchant>,
}

impl Merchants {
    /// Reads `[[merchant]]` tables.
    pub fn parse(text: &str) -> Result<Self, MerchantsError> {
        let file: File = toml::from_str(text).map_err(|e| MerchantsError::Syntax(told(&e)))?;
        let mut seen = BTreeSet::new();
        for (place, merchant) in file.merchant.iter().enumerate() {
            for (what, word) in merchant.words() {
                if word.is_empty() || word.contains(|c: char| c == '@' || c.is_whitespace()) {
                    return Err(MerchantsError::Word(place + 1, what));
                }
                if what != "requestor" && !seen.insert((what, word.to_owned())) {
                    return Err(MerchantsError::Twice(place + 1, what));
                }
            }
        }
        Ok(Self(file.merchant))
    }

    pub fn named(&self, name: &str) -> Option<&Merchant> {
        self.0.iter().find(|merchant| merchant.name == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Merchant> {
        self.0.iter()
    }
}

impl Merchant {
    fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let keys = Service::ALL.iter().copied();
        let keys = keys.map(|service| (service.word(), self.key_at(service)));
        let name: (&'static str, &str) = ("name", &self.name);
        let others: [(&'static str, &str); 4] = [
            ("adyen_account", &self.adyen_account),
            ("checkout_client", &self.checkout_client),
            ("checkout_secret", &self.checkout_secret),
            ("requestor", &self.requestor),
        ];
        std::iter::once(name).chain(keys).chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merchant(name: &str, key: &str) -> String {
        format!(
            "[[merchant]]\nname = \"{name}\"\ntitle = \"A Shop\"\nkey = \"{key}\"\nstripe_key = \"sk_{name}\"\n\
             adyen_key = \"ak_{name}\"\nadyen_account = \"aa_{name}\"\ncheckout_key = \"ck_{name}\"\n\
             checkout_client = \"cc_{name}\"\ncheckout_secret = \"cs_{name}\"\nrequestor = \"r\"\n"
        )
    }

    #[test]
    fn a_list_of_merchants_says_what_is_wrong_with_it() {
        let refusal = |text: &str| Merchants::parse(text).unwrap_err();
        let two = merchant("a", "k") + &merchant("b", "k");
        assert_eq!(refusal(&two), MerchantsError::Twice(2, "key"));
        assert_eq!(
            refusal(&merchant("a@b", "k")),
            MerchantsError::Word(1, "name")
        );
        assert_eq!(refusal(&merchant("a", " ")), MerchantsError::Word(1, "key"));
        let MerchantsError::Syntax(text) = refusal("[[merchant]]\nshop = 1\n") else {
            panic!("an unknown member must be refused");
        };
        assert!(text.contains("shop"), "{text}");
    }

    #[test]
    fn a_merchant_has_a_key_at_every_service_and_shows_none() {
        let merchants = Merchants::parse(&merchant("a", "k")).unwrap();
        let found = merchants.named("a").unwrap();
        let keys = Service::ALL.iter().map(|service| found.key_at(*service));
        assert_eq!(keys.collect::<Vec<_>>(), ["k", "sk_a", "ak_a", "ck_a"]);
        assert_eq!(format!("{found:?}"), "Merchant(a)");
    }
}
