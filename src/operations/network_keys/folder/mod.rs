//! A folder of keys as `standin keys` writes it: `keys.json` names the credentials and the files beside it. An integrator's
//! own folder may have only public halves where the real network would have no more.
//!
//! Files come and go as bytes; whoever calls reads and writes them.

mod index;
mod reading;
mod writing;

use super::NetworkKeys;
use crate::crypto::rsa_key::KeyError;
use crate::domain::account::Accounts;
use crate::operations::OnFirstUse;
use crate::operations::keyring::Origin;
use index::Index;

/// The name of the index.
pub const INDEX: &str = "keys.json";
/// The alias of the key in the keystore. Mastercard's portal lets the user choose it; clients ask for it.
pub const KEYSTORE_ALIAS: &str = "standin";

/// One file of the folder.
#[derive(Clone)]
pub struct KeyFile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// Nobody else on the machine may read it.
    pub is_secret: bool,
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFile({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// Why a folder cannot be used: which member of the index, which file, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    #[error("{INDEX}: {0}")]
    Index(String),
    #[error("{INDEX}: {member} {why}")]
    Member { member: &'static str, why: String },
    #[error("{INDEX}: {member}: {file}: {why}")]
    File {
        member: &'static str,
        file: String,
        why: String,
    },
    #[error("a key {0}")]
    Key(#[from] KeyError),
}

/// Reads a folder. `file` reads one of its files. What the folder says nothing of comes from `origin`, but a requestor's
/// own keys need the network's halves beside them, or nobody could seal a request.
///
/// # Errors
/// [`FolderError`], which names the member and the file.
pub fn read(
    index: &str,
    file: impl Fn(&str) -> Result<Vec<u8>, String>,
    origin: &Origin,
    accounts: &OnFirstUse<Accounts>,
) -> Result<NetworkKeys, FolderError> {
    let index = parse(index)?;
    let whole = index.mastercard.as_ref().is_none_or(|theirs| {
        theirs.request_encryption_certificate.is_some()
            && index.standin.mastercard_request_decryption_key.is_some()
    });
    if !whole {
        let why = "needs its private key in standin.mastercard_request_decryption_key; \
                   leave both out and let `standin keys` add them to the folder";
        return Err(wrong("mastercard.request_encryption_certificate", why));
    }
    reading::keys(&index, &file, origin, accounts)
}

/// Everything that a folder is made of, for whoever runs a client beside the server.
///
/// # Errors
/// [`FolderError::Key`] when only the public halves of the requestor's keys are known.
pub fn of(keys: &NetworkKeys, origin: &Origin) -> Result<Vec<KeyFile>, FolderError> {
    writing::write(&mut Index::default(), keys, origin)
}

/// The files that a folder lacks, the index last; all of them when there is no index yet.
///
/// # Errors
/// [`FolderError`] for an index that cannot be read, and for keys that cannot be written.
pub fn complete(
    index: Option<&str>,
    file: impl Fn(&str) -> Result<Vec<u8>, String>,
    origin: &Origin,
    accounts: &OnFirstUse<Accounts>,
) -> Result<Vec<KeyFile>, FolderError> {
    let mut index = index.map(parse).transpose()?.unwrap_or_default();
    let keys = reading::keys(&index, &file, origin, accounts)?;
    writing::write(&mut index, &keys, origin)
}

fn parse(text: &str) -> Result<Index, FolderError> {
    serde_json::from_str(text).map_err(|error| FolderError::Index(error.to_string()))
}

fn wrong(member: &'static str, why: &str) -> FolderError {
    FolderError::Member {
        member,
        why: why.to_owned(),
    }
}

fn at(member: &'static str, file: &str, why: &str) -> FolderError {
    FolderError::File {
        member,
        file: file.to_owned(),
        why: why.to_owned(),
    }
}
