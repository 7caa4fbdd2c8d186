//! What the networks have given the account that talks to them directly: one set of credentials for each network. They
//! all belong to one account, so that what it tokenized through the gateway is its own at the network too.
//!
//! Nothing here checks a credential; that is the business of the network's surface.

pub mod folder;
pub mod mastercard;
mod pair;
pub mod visa;

use crate::crypto::rsa_key::KeyError;
use crate::domain::account::Accounts;
use crate::domain::id::Owner;
use crate::operations::OnFirstUse;
use crate::operations::keyring::Origin;
pub use mastercard::MastercardKeys;
pub use visa::VisaKeys;

/// The account that holds the networks' credentials unless the list of accounts lacks it.
const HOLDER: &str = "standin-manual";

/// The credentials of one server at the networks.
#[derive(Debug)]
pub struct NetworkKeys {
    holder: OnFirstUse<Holder>,
    pub visa: VisaKeys,
    pub mastercard: MastercardKeys,
}

/// The account that the credentials belong to.
#[derive(Debug)]
struct Holder {
    owner: Owner,
    requestor: String,
}

impl Holder {
    /// `standin-manual`, or the first account of a list that does not have it.
    fn usual(accounts: &Accounts) -> Self {
        let owner = accounts.find(HOLDER).map_or(Owner(0), |(owner, _)| owner);
        let account = accounts.get(owner);
        let requestor = account.map(|account| account.token_requestor_id.clone());
        Self {
            owner,
            requestor: requestor.unwrap_or_default(),
        }
    }
}

impl NetworkKeys {
    /// Makes them. They belong to `standin-manual`, or to the first account of a list that does not have it.
    ///
    /// # Errors
    /// [`KeyError`] when the machine has no randomness to give.
    pub fn make(origin: &Origin, accounts: &OnFirstUse<Accounts>) -> Result<Self, KeyError> {
        let accounts = accounts.clone();
        Ok(Self {
            holder: OnFirstUse::new(move || Holder::usual(&accounts)),
            visa: VisaKeys::make(origin)?,
            mastercard: MastercardKeys::make(origin)?,
        })
    }

    /// Whose cards and tokens the credentials open.
    pub fn owner(&self) -> Owner {
        self.holder.owner
    }

    /// The owner's token requestor id, which clients of the networks have to send.
    pub fn requestor(&self) -> &str {
        &self.holder.requestor
    }
}
