//! What the suite may ask of a payment service.

/// See the module.
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
}

impl Psp {
    pub(super) const ALL: [Self; 8] = [
        Self::Long,
        Self::Short,
        Self::Stored,
        Self::Elsewhere,
        Self::Later,
        Self::Capture,
        Self::Void,
        Self::Refund,
    ];

    /// The word for it, which is also the capability that it stands for.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Long => "pay-long",
            Self::Short => "pay-short",
            Self::Stored => "pay-stored",
            Self::Elsewhere => "pay-elsewhere",
            Self::Later => "pay-later",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }

    /// Whether it makes a payment.
    pub(super) const fn pays(self) -> bool {
        match self {
            Self::Long | Self::Short | Self::Stored | Self::Elsewhere | Self::Later => true,
            Self::Capture | Self::Void | Self::Refund => false,
        }
    }

    /// Whether the capability is one of paying.
    pub(crate) fn has(capability: &str) -> bool {
        Self::ALL.iter().any(|asked| asked.word() == capability)
    }
}
