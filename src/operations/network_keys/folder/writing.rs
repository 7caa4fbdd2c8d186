//! Files for what an index lacks.

use super::index::{Index, MastercardIndex, VisaIndex};
use super::{FolderError, INDEX, KEYSTORE_ALIAS, KeyFile};
use crate::crypto::encoding::hex;
use crate::crypto::keystore::{self, KeyEntry};
use crate::crypto::rsa_key::{KeyError, PrivateKey};
use crate::operations::keyring::Origin;
use crate::operations::network_keys::NetworkKeys;
use crate::operations::network_keys::mastercard::{MastercardKeys, certificate};

/// Puts what the index lacks into it and into files.
pub(super) fn write(
    index: &mut Index,
    keys: &NetworkKeys,
    origin: &Origin,
) -> Result<Vec<KeyFile>, FolderError> {
    let mut files = Vec::new();
    let theirs = match &mut index.mastercard {
        Some(theirs) => theirs,
        none => none.insert(handed_out(&keys.mastercard, origin, &mut files)?),
    };
    let mut put = |name: &str, bytes: String, is_secret: bool| {
        files.push(KeyFile {
            name: name.to_owned(),
            bytes: bytes.into_bytes(),
            is_secret,
        });
        Some(name.to_owned())
    };
    if theirs.request_encryption_certificate.is_none() {
        let requests = keys.mastercard.requests()?;
        let pem = requests.certificate.to_pem();
        theirs.request_encryption_certificate =
            put("mastercard-request-encryption-certificate.pem", pem, false);
        let pem = requests.recipient.key.to_pkcs8_pem()?;
        index.standin.mastercard_request_decryption_key =
            put("standin-mastercard-request-decryption-key.pem", pem, true);
    }
    if index.standin.mastercard_answer_signing_key.is_none() {
        let pem = keys.mastercard.answers()?.to_pkcs8_pem()?;
        index.standin.mastercard_answer_signing_key =
            put("standin-mastercard-answer-signing-key.pem", pem, true);
    }
    let visa = &keys.visa;
    let mut is_new = !files.is_empty();
    if index.token_requestor_id.is_none() && !keys.requestor().is_empty() {
        index.token_requestor_id = Some(keys.requestor().to_owned());
        is_new = true;
    }
    index.visa.get_or_insert_with(|| {
        is_new = true;
        VisaIndex {
            api_key: visa.api_key().to_owned(),
            shared_secret: visa.shared_secret().to_owned(),
            encryption_api_key: visa.encryption_api_key().to_owned(),
            encryption_shared_secret: visa.encryption_shared_secret().to_owned(),
        }
    });
    if is_new {
        let text = serde_json::to_string_pretty(index);
        let text = text.map_err(|error| FolderError::Index(error.to_string()))?;
        files.push(KeyFile {
            name: INDEX.to_owned(),
            bytes: format!("{text}\n").into_bytes(),
            is_secret: true,
        });
    }
    Ok(files)
}

/// What Mastercard's portal would give a requestor.
fn handed_out(
    keys: &MastercardKeys,
    origin: &Origin,
    files: &mut Vec<KeyFile>,
) -> Result<MastercardIndex, FolderError> {
    let [signing, responses] = keys.of_requestor()?;
    let mut put = |name: &str, bytes: Vec<u8>| {
        files.push(KeyFile {
            name: name.to_owned(),
            bytes,
            is_secret: true,
        });
        name.to_owned()
    };
    let password = hex(&origin.draw("mastercard-keystore-password")?[..12]);
    let entry = KeyEntry {
        alias: KEYSTORE_ALIAS.to_owned(),
        key: PrivateKey::from_pkcs8_der(&signing.to_pkcs8_der()?)?,
        certificate: certificate(signing, "standin signing")?,
    };
    let p12 = keystore::write(&entry, &password).map_err(|_| KeyError::Failed)?;
    Ok(MastercardIndex {
        consumer_key: keys.consumer_key().to_owned(),
        signing_p12: Some(put("mastercard-signing.p12", p12)),
        signing_p12_password: Some(password),
        signing_key_pem: Some(put(
            "mastercard-signing-key.pem",
            signing.to_pkcs8_pem()?.into_bytes(),
        )),
        request_encryption_certificate: None,
        response_decryption_key: put(
            "mastercard-response-decryption-key.pem",
            responses.to_pkcs8_pem()?.into_bytes(),
        ),
    })
}
