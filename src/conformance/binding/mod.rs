//! How the behaviour suite speaks to a target. A binding maps the suite's operations to requests and the answers back to the
//! suite's words, so that one scenario judges every API.
//!
//! To add a binding: write one file. Where requests can be described by templates, that is a TOML file like `cmp.toml`, named
//! in [`BUILT_IN`]; where they must be signed or encrypted, it is a Rust file with a type of its own, and [`Binding`] gets one
//! variant for it. A binding must not judge: it reports what it saw.

mod declared;
mod mastercard;
mod observed;
mod paired;
pub(crate) mod pointer;
mod psp;
mod request;
pub(crate) mod template;
mod visa;

use std::collections::BTreeSet;

pub(crate) use declared::{ControlBy, Declared};
pub(crate) use observed::{Fact, Observed, Outcome, Reason, State};
use paired::Paired;
use serde::Deserialize;

use super::broken::Held;
use super::conversation::Conversation;
use super::target::Target;
use mastercard::Mastercard;
pub(crate) use psp::Psp;
use template::Variables;
use visa::Visa;

/// The bindings in the binary that are described by templates.
const BUILT_IN: [&str; 2] = [include_str!("cmp.toml"), include_str!("calm.toml")];

/// How the suite speaks to a target.
#[derive(Debug)]
pub(crate) enum Binding {
    /// Described by request templates and JSON pointers.
    Declared(Declared),
    /// Visa's token service, signed and sealed.
    Visa(Visa),
    /// Mastercard's token service, signed and sealed.
    Mastercard(Mastercard),
    /// A binding that mints tokens, with a payment service at which they are spent.
    Paired(Paired),
}

/// What the suite may ask of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Operation {
    /// Puts a card on file.
    Store,
    /// Asks the network for a token of the card.
    Enrol,
    /// Reads the token.
    Read,
    /// Asks for a long cryptogram.
    CryptogramLong,
    /// Asks for a short cryptogram.
    CryptogramShort,
    /// Deletes the token, as the merchant.
    Delete,
    /// Changes the expiry of the card on file.
    UpdateCard,
    /// Is asked of a payment service.
    Psp(Psp),
}

impl TryFrom<String> for Operation {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let psps = Psp::ALL.map(Self::Psp);
        let mut all = Self::AT_THE_GATEWAY.into_iter().chain(psps);
        all.find(|operation| operation.word() == word)
            .ok_or_else(|| format!("there is no operation {word:?}"))
    }
}

impl Operation {
    const AT_THE_GATEWAY: [Self; 7] = [
        Self::Store,
        Self::Enrol,
        Self::Read,
        Self::CryptogramLong,
        Self::CryptogramShort,
        Self::Delete,
        Self::UpdateCard,
    ];

    /// The operation in words, which is also the capability that it stands for.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Enrol => "enrol",
            Self::Read => "read",
            Self::CryptogramLong => "cryptogram-long",
            Self::CryptogramShort => "cryptogram-short",
            Self::Delete => "delete",
            Self::UpdateCard => "update-card",
            Self::Psp(asked) => asked.word(),
        }
    }
}

impl Binding {
    /// The built-in bindings.
    ///
    /// # Errors
    /// A text when a built-in file is wrong; a test reads them all.
    pub(crate) fn built_in() -> Result<Vec<Self>, String> {
        let declared = BUILT_IN
            .iter()
            .map(|text| Declared::read(text).map(Self::Declared));
        let signed = [Self::Visa(Visa::new()), Self::Mastercard(Mastercard::new())];
        declared.chain(signed.map(Ok)).collect()
    }

    /// The bindings with everything that can be paid with their tokens at services where the target has an account.
    ///
    /// # Errors
    /// A text when a built-in file is wrong; a test reads them all.
    pub(crate) fn paired(target: &Target) -> Result<Vec<Self>, String> {
        paired::all(target)
    }

    /// What mints the tokens that it spends, when that is another binding.
    pub(crate) fn gateway(&self) -> Option<&Self> {
        match self {
            Self::Declared(_) | Self::Visa(_) | Self::Mastercard(_) => None,
            Self::Paired(paired) => Some(paired.gateway.as_ref()),
        }
    }

    /// The name by which a profile selects it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Declared(declared) => &declared.name,
            Self::Visa(_) => "visa",
            Self::Mastercard(_) => "mastercard",
            Self::Paired(paired) => &paired.name,
        }
    }

    /// The capabilities that it can speak of.
    pub(crate) fn capabilities(&self) -> BTreeSet<String> {
        match self {
            Self::Declared(declared) => declared.capabilities(),
            Self::Visa(_) => Visa::capabilities(),
            Self::Mastercard(_) => Mastercard::capabilities(),
            Self::Paired(paired) => paired.capabilities(),
        }
    }

    /// The variables that stand for something that was never issued.
    pub(crate) fn unknown(&self) -> &Variables {
        match self {
            Self::Declared(declared) => &declared.unknown,
            Self::Visa(visa) => visa.unknown(),
            Self::Mastercard(mastercard) => mastercard.unknown(),
            Self::Paired(paired) => paired.gateway.unknown(),
        }
    }

    /// The one network whose cards it takes, if it is a network's own.
    pub(crate) fn network(&self) -> Option<&'static str> {
        match self {
            Self::Declared(_) => None,
            Self::Paired(paired) => paired.gateway.network(),
            Self::Visa(_) => Some("visa"),
            Self::Mastercard(_) => Some("mastercard"),
        }
    }

    /// By what a control plane finds its tokens.
    pub(crate) fn control_by(&self) -> ControlBy {
        match self {
            Self::Declared(declared) => declared.control_by,
            Self::Visa(_) | Self::Mastercard(_) => ControlBy::Reference,
            Self::Paired(paired) => paired.gateway.control_by(),
        }
    }

    /// Carries out one operation and reports what came back.
    pub(crate) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        match self {
            Self::Declared(declared) => declared.perform(operation, variables, conversation).await,
            Self::Visa(_) => Visa::perform(operation, variables, conversation).await,
            Self::Mastercard(_) => Mastercard::perform(operation, variables, conversation).await,
            Self::Paired(paired) => paired.perform(operation, variables, conversation).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_bindings_are_well_formed() {
        let bindings = Binding::built_in().unwrap();
        let names: Vec<&str> = bindings.iter().map(Binding::name).collect();
        assert_eq!(names, ["cmp", "calm", "visa", "mastercard"]);
        assert!(bindings[0].capabilities().contains("cryptogram-short"));
        assert!(!bindings[1].capabilities().contains("cryptogram-long"));
    }
}
