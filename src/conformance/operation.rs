//! What the suite may ask of a target. The word of an operation is also the capability that it stands for.

use serde::Deserialize;

use super::closest;

/// See the module.
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
    /// Takes the card off file, as the merchant.
    DeleteCard,
    /// Lists the merchant's tokens.
    List,
    /// Lists the merchant's cards on file.
    ListCards,
    /// Suspends the token, as the merchant.
    Suspend,
    /// Resumes the token, as the merchant.
    Resume,
    /// Is asked of a payment service.
    Psp(Psp),
    /// Brings about what a merchant cannot: what happens at network and issuer, time, webhooks.
    Control(Control),
}

/// What the suite may ask of a payment service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Psp {
    /// Pays, the customer being there, with the token and a long cryptogram.
    Long,
    /// Pays in the fields of a card, with the token as its number and a short cryptogram as its security code.
    Short,
    /// Pays without the customer, quoting an earlier payment.
    Stored,
    /// Pays with token and long cryptogram at another merchant.
    Elsewhere,
    /// Authorizes with token and long cryptogram what is to be captured later.
    Later,
    /// Captures some of a payment.
    Capture,
    /// Takes a payment back before it is captured.
    Void,
    /// Refunds some of a payment.
    Refund,
    /// Reads the payment.
    ReadPayment,
}

/// What a test brings about behind the merchant's back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Control {
    /// Network or issuer suspend the token.
    Suspend,
    /// Network or issuer resume the token.
    Resume,
    /// Network or issuer delete the token.
    Delete,
    /// The network moves the token's expiry.
    Expiry,
    /// The network replaces the card number behind the token.
    Card,
    /// The issuer declines the next payment of the token.
    Decline,
    /// Time goes by.
    Clock,
    /// An endpoint for webhooks is registered.
    Listen,
    /// The endpoint is taken away again.
    Unlisten,
}

impl TryFrom<String> for Operation {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let found = Self::all().find(|operation| operation.word() == word);
        found.ok_or_else(|| {
            let words: Vec<&str> = Self::all().map(Self::word).collect();
            let hint = closest::hint(&word, &words);
            format!("there is no operation {word:?}{hint}")
        })
    }
}

/// Gives each variant its word. One without a word does not compile, and one with a word is listed.
macro_rules! worded {
    ($kind:ident, $all:ident, $count:literal: $($variant:ident $word:literal)+ $(, $other:pat => $said:expr)*) => {
        impl $kind {
            const $all: [Self; $count] = [$(Self::$variant),+];

            /// It in a word, which is also the capability that it stands for.
            pub(crate) const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    $($other => $said,)*
                }
            }
        }
    };
}

worded! {
    Operation, AT_THE_GATEWAY, 12:
    Store "store"
    Enrol "enrol"
    Read "read"
    CryptogramLong "cryptogram-long"
    CryptogramShort "cryptogram-short"
    Delete "delete"
    UpdateCard "update-card"
    DeleteCard "delete-card"
    List "list"
    ListCards "list-cards"
    Suspend "suspend"
    Resume "resume",
    Self::Psp(asked) => asked.word(),
    Self::Control(control) => control.word()
}

worded! {
    Psp, ALL, 9:
    Long "pay-long"
    Short "pay-short"
    Stored "pay-stored"
    Elsewhere "pay-elsewhere"
    Later "pay-later"
    Capture "capture"
    Void "void"
    Refund "refund"
    ReadPayment "read-payment"
}

worded! {
    Control, ALL, 9:
    Suspend "event-suspend"
    Resume "event-resume"
    Delete "event-delete"
    Expiry "event-expiry"
    Card "event-card"
    Decline "event-decline"
    Clock "clock"
    Listen "listen"
    Unlisten "unlisten"
}

impl Operation {
    /// Every operation.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let psps = Psp::ALL.map(Self::Psp);
        let controls = Control::ALL.map(Self::Control);
        Self::AT_THE_GATEWAY.into_iter().chain(psps).chain(controls)
    }

    /// Whether it makes a payment.
    pub(crate) const fn pays(self) -> bool {
        matches!(
            self,
            Self::Psp(Psp::Long | Psp::Short | Psp::Stored | Psp::Elsewhere | Psp::Later)
        )
    }

    /// Whether it is asked of a payment service.
    pub(crate) const fn is_psp(self) -> bool {
        matches!(self, Self::Psp(_))
    }
}

impl Psp {
    /// Whether the capability is one of paying.
    pub(crate) fn has(capability: &str) -> bool {
        Self::ALL.iter().any(|asked| asked.word() == capability)
    }
}
