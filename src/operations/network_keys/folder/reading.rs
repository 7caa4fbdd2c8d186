//! Keys from the files that an index names.

use std::sync::Arc;

use super::index::{Index, MastercardIndex, VisaIndex};
use super::{FolderError, at, wrong};
use crate::crypto::certificate::Certificate;
use crate::crypto::keystore;
use crate::crypto::rsa_key::{PrivateKey, PublicKey};
use crate::domain::account::Accounts;
use crate::operations::OnFirstUse;
use crate::operations::keyring::Origin;
use crate::operations::network_keys::mastercard::{KeySource, MastercardKeys};
use crate::operations::network_keys::pair::Half;
use crate::operations::network_keys::{Holder, NetworkKeys, VisaKeys};

/// Reads the files that an index names.
pub(super) trait Files: Fn(&str) -> Result<Vec<u8>, String> {}
impl<F: Fn(&str) -> Result<Vec<u8>, String>> Files for F {}

/// The keys that an index tells of; what it says nothing of comes from `origin`.
pub(super) fn keys(
    index: &Index,
    file: &impl Files,
    origin: &Origin,
    accounts: &OnFirstUse<Accounts>,
) -> Result<NetworkKeys, FolderError> {
    let mut keys = NetworkKeys::make(origin, accounts)?;
    if let Some(name) = &index.account {
        let found = accounts.find(name);
        let (owner, account) = found.ok_or_else(|| wrong("account", "names no account"))?;
        let requestor = account.token_requestor_id.clone();
        keys.holder = Holder { owner, requestor }.into();
    }
    let told = index.token_requestor_id.as_ref();
    if told.is_some_and(|told| told != keys.requestor()) {
        let why = format!("is not {}, which the account has", keys.requestor());
        return Err(wrong("token_requestor_id", &why));
    }
    if let Some(VisaIndex {
        api_key,
        shared_secret,
        encryption_api_key,
        encryption_shared_secret,
    }) = &index.visa
    {
        let (secret, sealing) = (shared_secret, encryption_shared_secret);
        keys.visa = VisaKeys::new(api_key, secret, encryption_api_key, sealing);
    }
    let answers = index.standin.mastercard_answer_signing_key.as_deref();
    let answers = answers.map(|name| {
        let member = "standin.mastercard_answer_signing_key";
        private(file, member, name).map(Arc::new)
    });
    let answers = answers.transpose()?;
    if let Some(theirs) = &index.mastercard {
        let given = KeySource {
            consumer_key: named(&theirs.consumer_key)?,
            signing: signing(theirs, file)?,
            responses: half(
                file,
                "mastercard.response_decryption_key",
                &theirs.response_decryption_key,
            )?,
            requests: requests(index, theirs, file)?,
            answers,
        };
        keys.mastercard = MastercardKeys::given(given, origin)?;
    }
    Ok(keys)
}

/// A consumer key stands in a quoted header value, and what is behind `@` there names a space.
fn named(consumer_key: &str) -> Result<String, FolderError> {
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | '"' | ',' | '%');
    if consumer_key.is_empty() || !consumer_key.chars().all(fits) {
        let why = "must be visible ASCII characters other than @ \" , %";
        return Err(wrong("mastercard.consumer_key", why));
    }
    Ok(consumer_key.to_owned())
}

fn signing(theirs: &MastercardIndex, file: &impl Files) -> Result<Half, FolderError> {
    let pem = theirs.signing_key_pem.as_deref();
    let pem = pem.map(|name| half(file, "mastercard.signing_key_pem", name));
    let member = "mastercard.signing_p12";
    let p12 = theirs.signing_p12.as_deref().map(|name| {
        let password = theirs.signing_p12_password.as_deref().unwrap_or_default();
        let bytes = bytes(file, member, name)?;
        let entry = keystore::read(&bytes, password)
            .map_err(|error| at(member, name, &error.to_string()))?;
        Ok::<_, FolderError>(Half::Whole(Arc::new(entry.key)))
    });
    match (pem.transpose()?, p12.transpose()?) {
        (Some(one), Some(other)) if one.public().spki_der() != other.public().spki_der() => Err(
            wrong(member, "holds another key than mastercard.signing_key_pem"),
        ),
        (Some(half), _) | (None, Some(half)) => Ok(half),
        (None, None) => Err(wrong("mastercard.signing_key_pem", "is missing")),
    }
}

fn requests(
    index: &Index,
    theirs: &MastercardIndex,
    file: &impl Files,
) -> Result<Option<(Arc<PrivateKey>, Certificate)>, FolderError> {
    let member = "standin.mastercard_request_decryption_key";
    let names = (
        index.standin.mastercard_request_decryption_key.as_deref(),
        theirs.request_encryption_certificate.as_deref(),
    );
    let (key, certificate) = match names {
        (Some(key), Some(certificate)) => (key, certificate),
        (None, None) => return Ok(None),
        (Some(_), None) => {
            return Err(wrong(
                "mastercard.request_encryption_certificate",
                "is missing",
            ));
        }
        (None, Some(_)) => return Err(wrong(member, "is missing")),
    };
    let private = private(file, member, key)?;
    let member = "mastercard.request_encryption_certificate";
    let pem = text(file, member, certificate)?;
    let parsed = Certificate::from_pem(&pem);
    let parsed = parsed.map_err(|error| at(member, certificate, &error.to_string()))?;
    if parsed.public().spki_der() != private.public().spki_der() {
        let why = "is for another key than standin.mastercard_request_decryption_key";
        return Err(at(member, certificate, why));
    }
    Ok(Some((Arc::new(private), parsed)))
}

/// A private key, a public key or a certificate: whichever somebody is ready to hand over.
fn half(file: &impl Files, member: &'static str, name: &str) -> Result<Half, FolderError> {
    let pem = text(file, member, name)?;
    let public = |key: Result<PublicKey, String>| {
        key.map(|key| Half::Public(Arc::new(key)))
            .map_err(|why| at(member, name, &why))
    };
    if pem.contains("-----BEGIN PUBLIC KEY-----") {
        return public(PublicKey::from_spki_pem(&pem).map_err(|error| error.to_string()));
    }
    if pem.contains("-----BEGIN CERTIFICATE-----") {
        let read = Certificate::from_pem(&pem).map_err(|error| error.to_string());
        return public(read.map(|certificate| certificate.public().clone()));
    }
    private(file, member, name).map(|key| Half::Whole(Arc::new(key)))
}

fn private(file: &impl Files, member: &'static str, name: &str) -> Result<PrivateKey, FolderError> {
    let pem = text(file, member, name)?;
    PrivateKey::from_pkcs8_pem(&pem).map_err(|error| at(member, name, &error.to_string()))
}

fn text(file: &impl Files, member: &'static str, name: &str) -> Result<String, FolderError> {
    let bytes = bytes(file, member, name)?;
    String::from_utf8(bytes).map_err(|_| at(member, name, "is not text"))
}

fn bytes(file: &impl Files, member: &'static str, name: &str) -> Result<Vec<u8>, FolderError> {
    file(name).map_err(|why| at(member, name, &why))
}
