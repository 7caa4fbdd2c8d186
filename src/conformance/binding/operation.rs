//! What the suite may ask of a target. The word of an operation is also the capability that it stands for.

use serde::Deserialize;

use super::super::closest;

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

impl Operation {
    const AT_THE_GATEWAY: [Self; 11] = [
        Self::Store,
        Self::Enrol,
        Self::Read,
        Self::CryptogramLong,
        Self::CryptogramShort,
        Self::Delete,
        Self::UpdateCard,
        Self::List,
        Self::ListCards,
        Self::Suspend,
        Self::Resume,
    ];

    /// Every operation.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let psps = Psp::ALL.map(Self::Psp);
        let controls = Control::ALL.map(Self::Control);
        Self::AT_THE_GATEWAY.into_iter().chain(psps).chain(controls)
    }

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
            Self::List => "list",
            Self::ListCards => "list-cards",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Psp(asked) => asked.word(),
            Self::Control(control) => control.word(),
        }
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
    const ALL: [Self; 9] = [
        Self::Long,
        Self::Short,
        Self::Stored,
        Self::Elsewhere,
        Self::Later,
        Self::Capture,
        Self::Void,
        Self::Refund,
        Self::ReadPayment,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Long => "pay-long",
            Self::Short => "pay-short",
            Self::Stored => "pay-stored",
            Self::Elsewhere => "pay-elsewhere",
            Self::Later => "pay-later",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::ReadPayment => "read-payment",
        }
    }

    /// Whether the capability is one of paying.
    pub(crate) fn has(capability: &str) -> bool {
        Self::ALL.iter().any(|asked| asked.word() == capability)
    }
}

impl Control {
    const ALL: [Self; 9] = [
        Self::Suspend,
        Self::Resume,
        Self::Delete,
        Self::Expiry,
        Self::Card,
        Self::Decline,
        Self::Clock,
        Self::Listen,
        Self::Unlisten,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "event-suspend",
            Self::Resume => "event-resume",
            Self::Delete => "event-delete",
            Self::Expiry => "event-expiry",
            Self::Card => "event-card",
            Self::Decline => "event-decline",
            Self::Clock => "clock",
            Self::Listen => "listen",
            Self::Unlisten => "unlisten",
        }
    }
}
