//! How the behaviour suite speaks to a target. A binding maps the suite's operations to requests and the answers back to the
//! suite's words, so that one scenario judges every API.
//!
//! To add a binding: write one file. Where requests can be described by templates, that is a TOML file like `cmp.toml`, named
//! in [`BUILT_IN`]; where they must be signed or encrypted, it is a Rust file with a type of its own, and [`Binding`] gets one
//! variant for it. A binding must not judge: it reports what it saw.

mod bend;
pub(crate) mod check;
mod declared;
mod facts;
pub(crate) mod format;
mod leaves;
mod link;
mod mastercard;
mod observe;
mod observed;
mod paging;
mod paired;
mod perform;
pub(crate) mod pointer;
mod polling;
mod request;
pub(crate) mod source;
mod spot;
mod steps;
pub(crate) mod template;
mod template_xml;
mod visa;
pub(crate) mod vocabulary;

use std::collections::BTreeSet;

pub(crate) use bend::{Bend, Leaf, NO_METHOD, Twist};
pub(crate) use declared::Declared;
pub(crate) use facts::{Fact, Outcome, Reason, State};
pub(crate) use observed::{Observed, expire, observed};
use paired::Paired;
pub(crate) use request::{Member, refresh};
pub(crate) use source::{Source, first as first_told};
pub(crate) use steps::Time;

use super::broken::Held;
use super::conversation::Conversation;
pub(crate) use super::operation::{Control, Operation, Psp};
use mastercard::Mastercard;
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

impl Binding {
    /// The built-in bindings.
    ///
    /// # Errors
    /// A text when a built-in file is wrong; a test reads them all.
    pub(crate) fn built_in() -> Result<Vec<Self>, String> {
        let declared = BUILT_IN
            .iter()
            .map(|text| check::read(text).map(Self::Declared));
        let signed = [Self::Visa(Visa::new()), Self::Mastercard(Mastercard::new())];
        declared.chain(signed.map(Ok)).collect()
    }

    /// The built-in bindings and the target's own with everything that can be paid with their tokens, at services where the target
    /// has an account.
    ///
    /// # Errors
    /// A text when a built-in file is wrong; a test reads them all.
    pub(crate) fn paired(
        own: Option<&Declared>,
        has_account: impl Fn(&str) -> bool,
    ) -> Result<Vec<Self>, String> {
        paired::all(own, has_account)
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

    /// Whether the operation can be asked of something that was never issued.
    pub(crate) fn names_unknown(&self, operation: Operation) -> bool {
        let mut names = self.unknown().keys();
        match self.declared() {
            Some(declared) => names.any(|name| declared.mentions(operation, name)),
            None => names.next().is_some(),
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

    /// The part of it that is described by templates and mints tokens.
    pub(crate) fn declared(&self) -> Option<&Declared> {
        match self {
            Self::Declared(declared) => Some(declared),
            Self::Visa(_) | Self::Mastercard(_) => None,
            Self::Paired(paired) => paired.gateway.declared(),
        }
    }

    /// The part of it that carries the operation out, where that is described by templates.
    pub(crate) fn declared_for(&self, operation: Operation) -> Option<&Declared> {
        match self {
            Self::Paired(paired) if operation.is_psp() => Some(paired.psp()),
            Self::Declared(_) | Self::Visa(_) | Self::Mastercard(_) | Self::Paired(_) => {
                self.declared()
            }
        }
    }

    /// Carries out one operation and reports what came back.
    pub(crate) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        conversation.about = Some(operation);
        // Each is large, and what asks stands deep in a scenario: on the heap none takes room on the stack of who waits for it.
        let seen = match self {
            Self::Declared(declared) => {
                Box::pin(declared.perform(operation, variables, conversation)).await
            }
            Self::Visa(_) => Box::pin(Visa::perform(operation, variables, conversation)).await,
            Self::Mastercard(_) => {
                Box::pin(Mastercard::perform(operation, variables, conversation)).await
            }
            Self::Paired(paired) => {
                Box::pin(paired.perform(operation, variables, conversation)).await
            }
        };
        conversation.about = None;
        seen
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
