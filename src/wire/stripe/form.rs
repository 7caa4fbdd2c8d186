//! Stripe's forms: members of members in brackets, such as `payment_method_data[card][cvc]`.

use super::errors::{Own, StripeError};
use crate::domain::number::digits;

/// A card that comes as a token in an intent.
pub(super) const IN_INTENT: &str = "payment_method_data[card][token]";

/// Under this name stands where the customer was sent. No client can send it.
pub(super) const CHALLENGE: &str = "next_action[url]";

/// The members of a form, by their full names.
#[derive(Debug)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// What was asked for before with what is asked for now in its place. Where another card comes now, nothing of the one
    /// before stays, so that a token's number cannot be mixed with a card's, or its cryptogram with another token.
    pub(super) fn over(before: &[(String, String)], now: &Self) -> Self {
        let other_card = now.has_method();
        let stays = before
            .iter()
            .filter(|(name, _)| !(other_card && is_of_card(name)));
        Self(stays.chain(&now.0).cloned().collect())
    }

    /// What was said of an object before with what is said now in its place: an empty value unsets what is below it too.
    pub(super) fn amended(before: &[(String, String)], now: &Self) -> Vec<(String, String)> {
        let replaced = |name: &str| {
            now.0.iter().any(|(changed, value)| {
                let below = name.strip_prefix(changed.as_str());
                below.is_some_and(|rest| {
                    rest.is_empty() || (value.is_empty() && rest.starts_with('['))
                })
            })
        };
        let stays = before.iter().filter(|(name, _)| !replaced(name));
        let said = now.0.iter().filter(|(_, value)| !value.is_empty());
        stays.chain(said).cloned().collect()
    }

    /// Whether it says what is paid with.
    pub(super) fn has_method(&self) -> bool {
        self.has_below("payment_method_data") || self.text("payment_method").is_some()
    }

    /// What is asked for beside the card, where a confirmation has failed: another one says again how it is to be confirmed.
    pub(super) fn to_try_again(&self) -> Vec<(String, String)> {
        let kept = self.to_keep().0.into_iter();
        kept.filter(|(name, _)| !is_of_card(name)).collect()
    }

    /// What stays asked for when a call is over: not how it is answered, and not how this one confirms.
    pub(super) fn to_keep(&self) -> Self {
        let stays = |name: &str| !name.starts_with("expand") && !OF_ONE_CALL.contains(&name);
        let pairs = self.0.iter().filter(|(name, _)| stays(name));
        Self(pairs.cloned().collect())
    }

    /// The same, and this.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        Self(pairs.to_vec())
    }

    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// Whether anything stands below `name`.
    pub(super) fn has_below(&self, name: &str) -> bool {
        let below = |full: &str| {
            full.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('['))
        };
        self.0
            .iter()
            .any(|(full, value)| below(full) && !value.is_empty())
    }

    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The last value of a member. An empty one unsets it; where that cannot be it was refused.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter().rev();
        let value = pairs
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// Whether a member is there, empty or not.
    pub(super) fn says(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&str, StripeError> {
        Ok(self.text(name).ok_or(Own::Missing(name))?)
    }

    /// A whole number of zero or more.
    pub(super) fn integer(&self, name: &'static str) -> Result<Option<u64>, StripeError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = digits(text).ok_or_else(|| Own::NotAnInteger {
            name,
            given: text.chars().take(40).collect(),
        })?;
        Ok(Some(number))
    }

    pub(super) fn boolean(&self, name: &'static str) -> Result<Option<bool>, StripeError> {
        match self.text(name) {
            None => Ok(None),
            // So Stripe's client for Python wrote them until 2025 (https://github.com/stripe/stripe-python/pull/1499).
            Some("true" | "True") => Ok(Some(true)),
            Some("false" | "False") => Ok(Some(false)),
            Some(other) => Err(Own::NotABoolean {
                name,
                given: other.chars().take(40).collect(),
            }
            .into()),
        }
    }

    /// Whether nobody is there. The words that say why are as good as `true` (Stripe, API reference, confirm a payment intent).
    pub(super) fn off_session(&self) -> Result<Option<bool>, StripeError> {
        let name = "off_session";
        match self.text(name) {
            Some(word) if OFF_SESSION.contains(&word) => Ok(Some(true)),
            Some(_) | None => self.boolean(name),
        }
    }

    /// Members one level below `name`, such as those of `metadata`.
    pub(super) fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(full, value)| {
            let inner = full
                .strip_prefix(name)?
                .strip_prefix('[')?
                .strip_suffix(']')?;
            (!inner.contains(['[', ']'])).then_some((inner, value.as_str()))
        })
    }

    /// Whether a member of answers is to be written out in place of its id.
    pub(super) fn expands(&self, member: &str) -> bool {
        self.below("expand").any(|(_, wanted)| wanted == member)
    }
}

/// What `off_session` takes beside true and false.
pub(super) const OFF_SESSION: &[&str] = &["one_off", "recurring"];

/// What only one call can say: how it confirms (Stripe, API reference, each parameter), and a token, which is good once.
const OF_ONE_CALL: [&str; 6] = [
    "confirm",
    IN_INTENT,
    "error_on_requires_action",
    "off_session",
    "return_url",
    "use_stripe_sdk",
];

/// Whether a parameter is the card's that pays, and goes with it.
fn is_of_card(name: &str) -> bool {
    let with = [
        "payment_method_data[",
        "payment_method_options[card][network]",
        "payment_method_options[card][network_token]",
        "payment_method_options[card][mit_exemption]",
        "payment_method_options[card][stored_credential_transaction_type]",
    ];
    [CHALLENGE, "payment_method"].contains(&name)
        || with.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_in_brackets() {
        let form = Form::parse(
            b"amount=100&a%5Bb%5D%5Bc%5D=x+y&expand[]=latest_charge&expand[1]=other&metadata[k]=v&empty=&off=true",
        );
        assert_eq!(form.integer("amount").unwrap(), Some(100));
        assert_eq!(form.text("a[b][c]"), Some("x y"));
        assert_eq!(form.text("empty"), None);
        assert!(form.expands("latest_charge") && form.expands("other") && !form.expands("none"));
        assert_eq!(form.below("metadata").collect::<Vec<_>>(), [("k", "v")]);
        assert_eq!(form.boolean("off").unwrap(), Some(true));
        assert!(form.boolean("amount").is_err() && form.integer("off").is_err());
        assert!(form.required("none").is_err());
    }
}
