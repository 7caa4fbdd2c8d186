//! Which records there are, by what they are found, and in which partition they live. Adding a kind of record is one row
//! of the table at the bottom.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::key::KeyBytes;
use super::size::{
    FORM_BYTES, of_alias, of_card, of_claim, of_credential, of_customer, of_draft, of_method,
    of_payment,
};
use super::slab::Slab;
use super::{Change, Versioned};
use crate::domain::alias::{AliasKey, AliasRecord};
use crate::domain::card::{Pan, TokenNumber};
use crate::domain::checkout::Checkouts;
use crate::domain::claim::{Claim, ClaimKey};
use crate::domain::digitization::{FormRecord, TaskKey, TaskRecord};
use crate::domain::id::{
    CardId, CredentialId, CustomerId, DraftId, LedgerId, MethodId, Owner, Partition, PaymentId,
    TokenReference,
};
use crate::domain::payment::allowance::Credential;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::ledger::Ledger;
use crate::domain::payment::method::PaymentMethod;
use crate::domain::payment::record::Payment;
use crate::domain::payment::reference::Nti;
use crate::domain::payment::request::RequestId;
use crate::domain::step_up::StepUpRecord;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::domain::written;

/// A record that the store can keep.
pub trait Keyed:
    Clone + std::fmt::Debug + Send + Sync + Serialize + DeserializeOwned + 'static
{
    type Key: Clone + Eq + Ord + std::hash::Hash + std::fmt::Debug + Send + Sync + KeyBytes;

    /// What its kind is called where records are written down. It must never change.
    const KIND: &'static str;

    fn key(&self) -> Self::Key;
    fn partition(key: &Self::Key) -> Partition;
    /// Bytes that it keeps outside itself.
    fn beside(&self) -> usize;
    #[doc(hidden)]
    fn slab(shard: &PartitionRecords) -> &Slab<Self>;
    #[doc(hidden)]
    fn slab_mut(shard: &mut PartitionRecords) -> &mut Slab<Self>;
    #[doc(hidden)]
    fn write(change: Change<Self>) -> Write;
}

/// What keeping a record takes: itself with its version, what it keeps elsewhere, and its place in the table, twice, as half
/// of the places may be empty.
fn bytes<T: Keyed>(record: &T) -> usize {
    size_of::<Option<Versioned<T>>>() + record.beside() + 4 * size_of::<u32>()
}

/// How often an owner has vaulted a card number, and the first card with it. Lives beside the cards of that number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PanUse {
    pub key: PanUseKey,
    pub cards: u32,
    pub first: CardId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PanUseKey {
    pub home: Partition,
    pub owner: Owner,
    #[serde(with = "written")]
    pub pan: Pan,
}

/// Which token a token number belongs to. Written before the token and never changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NumberEntry {
    #[serde(with = "written")]
    pub number: TokenNumber,
    pub token: TokenReference,
}

/// Which payment a request made when it first arrived. Lives beside the payment and never changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequestEntry {
    pub key: RequestKey,
    pub payment: PaymentId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestKey {
    pub home: Partition,
    pub request: RequestId,
}

/// Which payment has a network transaction id. Written before the payment and never changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NtiEntry {
    pub nti: Nti,
    pub payment: PaymentId,
}

/// A change of one record as an engine on disk carries it out.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) key: Vec<u8>,
    pub(super) change: RowChange,
}

/// What becomes of a row. A new one has version 0.
#[derive(Debug)]
pub(super) enum RowChange {
    Insert(String),
    Replace(String, u32),
    Remove(u32),
}

impl Row {
    fn of<T: Keyed>(change: &Change<T>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            kind: T::KIND,
            key: change.key().bytes_in_order(),
            change: match change {
                Change::Insert(record) => RowChange::Insert(serde_json::to_string(record)?),
                Change::Replace(record, version) => {
                    RowChange::Replace(serde_json::to_string(record)?, *version)
                }
                Change::Remove(_, version) => RowChange::Remove(*version),
            },
        })
    }
}

macro_rules! records {
    ($($variant:ident $slab:ident: $record:ty, by $key:ty, key $of:expr, home $home:expr, beside $beside:expr;)*) => {
        /// Every kind of record.
        pub(super) const KINDS: &[&str] = &[$(stringify!($slab)),*];

        /// One partition: a slab for each kind of record.
        #[derive(Debug, Default)]
        pub struct PartitionRecords {
            $($slab: Slab<$record>,)*
        }

        impl PartitionRecords {
            /// Every record, as it would be new.
            pub(super) fn all(&self) -> Vec<Write> {
                let mut all = Vec::new();
                $(all.extend(self.$slab.iter().cloned().map(|record| Write::$variant(Change::Insert(record))));)*
                all
            }
        }

        /// A change of one record of any kind.
        #[derive(Debug)]
        pub enum Write {
            $($variant(Change<$record>),)*
        }

        impl Write {
            /// As it is written down.
            pub(super) fn row(&self) -> Result<Row, serde_json::Error> {
                match self {
                    $(Self::$variant(change) => Row::of(change),)*
                }
            }

            /// A new record of a kind, as it was written down. None when there is no such kind.
            pub(super) fn read(kind: &str, body: &str) -> Option<Result<Self, serde_json::Error>> {
                $(if kind == <$record>::KIND {
                    let record = serde_json::from_str(body);
                    return Some(record.map(|record| Self::$variant(Change::Insert(record))));
                })*
                None
            }

            /// The kind of the record, and its key in the order of the keys.
            pub(super) fn place(&self) -> (&'static str, Vec<u8>) {
                match self {
                    $(Self::$variant(change) => (<$record>::KIND, change.key().bytes_in_order()),)*
                }
            }

            pub(super) fn partition(&self) -> Partition {
                match self {
                    $(Self::$variant(change) => <$record>::partition(&change.key()),)*
                }
            }

            pub(super) fn fits(&self, shard: &PartitionRecords) -> bool {
                match self {
                    $(Self::$variant(change) => shard.$slab.fits(change),)*
                }
            }

            /// What the record takes once it has been written.
            pub(super) fn bytes(&self) -> usize {
                match self {
                    $(Self::$variant(change) => change.record().map_or(0, bytes),)*
                }
            }

            /// What it takes on this shard now.
            pub(super) fn bytes_before(&self, shard: &PartitionRecords) -> usize {
                match self {
                    $(Self::$variant(change) => {
                        let found = shard.$slab.get(&change.key());
                        found.map_or(0, |versioned| bytes(&versioned.record))
                    })*
                }
            }

            pub(super) fn apply(self, shard: &mut PartitionRecords) {
                match self {
                    $(Self::$variant(change) => shard.$slab.apply(change),)*
                }
            }
        }

        $(impl Keyed for $record {
            type Key = $key;

            const KIND: &'static str = stringify!($slab);

            fn key(&self) -> $key {
                let of: fn(&$record) -> $key = $of;
                of(self)
            }

            fn partition(key: &$key) -> Partition {
                let home: fn(&$key) -> Partition = $home;
                home(key)
            }

            fn beside(&self) -> usize {
                let beside: fn(&$record) -> usize = $beside;
                beside(self)
            }

            fn slab(shard: &PartitionRecords) -> &Slab<Self> {
                &shard.$slab
            }

            fn slab_mut(shard: &mut PartitionRecords) -> &mut Slab<Self> {
                &mut shard.$slab
            }

            fn write(change: Change<Self>) -> Write {
                Write::$variant(change)
            }
        })*
    };
}

records! {
    Card cards: CardRecord, by CardId, key |r| r.id, home |k| k.partition(), beside of_card;
    Token tokens: TokenRecord, by TokenReference, key |r| r.reference, home |k| k.partition(), beside |_| 0;
    StepUp step_ups: StepUpRecord, by TokenReference, key |r| r.token, home |k| k.partition(), beside |_| 0;
    Digitization digitizations: TaskRecord, by TaskKey, key |r| r.key, home |k| k.partition(), beside |_| 0;
    Checkout checkouts: Checkouts, by TokenReference, key |r| r.token, home |k| k.partition(), beside |r| r.latest.capacity() * 96;
    Form forms: FormRecord, by TokenReference, key |r| r.token, home |k| k.partition(), beside |_| FORM_BYTES;
    PanUse pan_uses: PanUse, by PanUseKey, key |r| r.key, home |k| k.home, beside |_| 0;
    Number numbers: NumberEntry, by TokenNumber, key |r| r.number, home |k| home_of_number(k), beside |_| 0;
    Alias aliases: AliasRecord, by AliasKey, key |r| r.key, home |k| Partition(u16::from_be_bytes([k.0[0], k.0[1]])), beside of_alias;
    Payment payments: Payment, by PaymentId, key |r| r.id, home |k| k.partition(), beside of_payment;
    Draft drafts: Draft, by DraftId, key |r| r.id, home |k| k.partition(), beside of_draft;
    Customer customers: Customer, by CustomerId, key |r| r.id, home |k| k.partition(), beside of_customer;
    Method methods: PaymentMethod, by MethodId, key |r| r.id, home |k| k.partition(), beside of_method;
    Ledger ledgers: Ledger, by LedgerId, key |r| r.id, home |k| k.partition(), beside |r| r.recent.capacity() * 8;
    Credential credentials: Credential, by CredentialId, key |r| r.id, home |k| k.partition(), beside of_credential;
    Request requests: RequestEntry, by RequestKey, key |r| r.key, home |k| k.home, beside |_| 0;
    Nti ntis: NtiEntry, by Nti, key |r| r.nti.clone(), home |k| home_of_text(k.text()), beside |r| r.nti.text().len();
    Claim claims: Claim, by ClaimKey, key |r| r.key, home |k| k.partition(), beside of_claim;
}

/// Spreads texts over the partitions.
fn home_of_text(text: &str) -> Partition {
    let digest = crate::domain::payment::request::RequestId::of("", text);
    let bytes = digest.bytes();
    Partition(u16::from_be_bytes([bytes[0], bytes[1]]))
}

/// Spreads token numbers over the partitions by their last five digits before the check digit.
fn home_of_number(number: &TokenNumber) -> Partition {
    let text = number.expose();
    let spread = text[text.len() - 6..text.len() - 1]
        .parse::<u64>()
        .unwrap_or(0);
    Partition(u16::try_from(spread * 65_535 / 99_999).unwrap_or(0))
}
