//! Keys as bytes: in the order of the keys, so that an engine on disk lists in the same order as memory.

use super::agenda::{Task, TaskKind};
use super::record::{PanUseKey, RequestKey};
use crate::domain::alias::AliasKey;
use crate::domain::card::TokenNumber;
use crate::domain::claim::ClaimKey;
use crate::domain::digitization::TaskKey;
use crate::domain::id::{
    CardId, CredentialId, CustomerId, DraftId, LedgerId, MethodId, PaymentId, TokenReference,
};
use crate::domain::payment::reference::Nti;

/// A key that can be written as bytes in its own order.
pub trait KeyBytes {
    fn bytes_in_order(&self) -> Vec<u8>;
}

macro_rules! keys {
    ($($key:ty: |$k:ident| $parts:expr;)*) => {
        $(impl KeyBytes for $key {
            fn bytes_in_order(&self) -> Vec<u8> {
                let $k = self;
                $parts.concat()
            }
        })*
    };
}

keys! {
    CardId: |k| [k.bytes().as_slice()];
    TokenReference: |k| [k.bytes().as_slice()];
    PaymentId: |k| [k.bytes().as_slice()];
    DraftId: |k| [k.bytes().as_slice()];
    CustomerId: |k| [k.bytes().as_slice()];
    MethodId: |k| [k.bytes().as_slice()];
    LedgerId: |k| [k.bytes().as_slice()];
    CredentialId: |k| [k.bytes().as_slice()];
    AliasKey: |k| [k.0.as_slice()];
    ClaimKey: |k| [k.bytes().as_slice()];
    Nti: |k| [k.text().as_bytes()];
    TokenNumber: |k| [k.ordered().as_slice()];
    TaskKey: |k| [k.owner.0.to_be_bytes().as_slice(), k.digest()];
    RequestKey: |k| [k.home.0.to_be_bytes().as_slice(), k.request.bytes()];
    PanUseKey: |k| [k.home.0.to_be_bytes().as_slice(), &k.owner.0.to_be_bytes(), &k.pan.ordered()];
}

/// Behind its time, which is a column of its own.
impl KeyBytes for Task {
    fn bytes_in_order(&self) -> Vec<u8> {
        let (kind, of, step) = match &self.kind {
            TaskKind::Provision(card) => (0, card.bytes(), None),
            TaskKind::Script(token, step) => (1, token.bytes(), Some(step)),
            TaskKind::Forget(claim) => (2, claim.bytes(), None),
            TaskKind::Subscribe(card) => (3, card.bytes(), None),
            TaskKind::Report(card) => (4, card.bytes(), None),
            TaskKind::Activate(token) => (5, token.bytes(), None),
            TaskKind::Expire(payment) => (6, payment.bytes(), None),
            TaskKind::Lapse(draft) => (7, draft.bytes(), None),
        };
        let step = step.map(|step| step.to_be_bytes());
        let step = step.as_ref().map_or([].as_slice(), |step| step);
        [[kind].as_slice(), of, step].concat()
    }
}
