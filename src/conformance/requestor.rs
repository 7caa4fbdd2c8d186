//! The judge's keys at Mastercard: it signs with OAuth 1.0a, seals as JWE or field by field, and opens what it is answered.

use std::fmt;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde_json::{Value, json};

use super::credentials::Forgery;
use super::http::Sent;
use crate::crypto::certificate::Certificate;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::hex;
use crate::crypto::field_level::{self, Fields, TextForm};
use crate::crypto::jwe::Compact;
use crate::crypto::keystore;
use crate::crypto::mastercard_jwe::{self, ContentEncryption, IvLength, Outline};
use crate::crypto::oaep::OaepHash;
use crate::crypto::oauth1::{Dialect, Request, SignatureMethod, Signer};
use crate::crypto::recipient::{KeyNames, Recipient};
use crate::crypto::rsa_key::{PrivateKey, PublicKey};

/// The part of the index that is about Mastercard: names of files beside it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MastercardIndex {
    consumer_key: String,
    signing_p12: Option<String>,
    signing_p12_password: Option<String>,
    signing_key_pem: Option<String>,
    request_encryption_certificate: String,
    response_decryption_key: String,
}

/// The keys of a token requestor at Mastercard, ready for use.
pub(crate) struct MastercardCredentials {
    consumer_key: String,
    signing: PrivateKey,
    requests: PublicKey,
    responses: Recipient,
}

impl MastercardCredentials {
    /// Reads the keys that an index names; `file` reads a file beside it.
    ///
    /// # Errors
    /// A text that names the member and the file.
    pub(super) fn read(
        index: &MastercardIndex,
        file: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let text = |member: &str, name: &str| {
            let bytes = file(name).map_err(|error| at(member, name, &error))?;
            String::from_utf8(bytes).map_err(|_| at(member, name, &"is not text"))
        };
        let key = |member: &str, name: &str| {
            let key = PrivateKey::from_pkcs8_pem(&text(member, name)?);
            key.map_err(|error| at(member, name, &error))
        };
        let signing = match (&index.signing_key_pem, &index.signing_p12) {
            (Some(name), _) => key("signing_key_pem", name)?,
            (None, Some(name)) => {
                let bytes = file(name).map_err(|error| at("signing_p12", name, &error))?;
                let password = index.signing_p12_password.as_deref().unwrap_or_default();
                let entry = keystore::read(&bytes, password);
                entry.map_err(|error| at("signing_p12", name, &error))?.key
            }
            (None, None) => return Err("mastercard.signing_key_pem is missing".to_owned()),
        };
        let member = "request_encryption_certificate";
        let name = &index.request_encryption_certificate;
        let certificate = Certificate::from_pem(&text(member, name)?);
        let certificate = certificate.map_err(|error| at(member, name, &error))?;
        let responses = key("response_decryption_key", &index.response_decryption_key)?;
        Ok(Self {
            consumer_key: index.consumer_key.clone(),
            signing,
            requests: certificate.public().clone(),
            responses: Recipient {
                names: KeyNames::of(responses.public()),
                key: responses,
                encryptions: &ContentEncryption::ALL,
            },
        })
    }

    /// Adds the signature, by a consumer key that may name a space.
    ///
    /// # Errors
    /// A text when the request's own URL is none, or a key fails.
    pub(crate) fn sign(
        &self,
        sent: &mut Sent,
        space: Option<&str>,
        now_s: i64,
        forgery: Option<Forgery>,
    ) -> Result<(), String> {
        let at = space.map_or(String::new(), |space| format!("@{space}"));
        let consumer_key = match forgery {
            Some(Forgery::Key) => "nobody!key".to_owned(),
            Some(Forgery::Secret | Forgery::Age(_) | Forgery::Body) | None => {
                format!("{}{at}", self.consumer_key)
            }
        };
        let age = match forgery {
            Some(Forgery::Age(seconds)) => seconds,
            Some(Forgery::Secret | Forgery::Body | Forgery::Key) | None => 0,
        };
        // The key that opens answers is one that the network knows and does not take signatures of.
        let key = if forgery == Some(Forgery::Secret) {
            &self.responses.key
        } else {
            &self.signing
        };
        let url: hyper::Uri = sent
            .url
            .parse()
            .map_err(|error| format!("{}: {error}", sent.url))?;
        let scheme = url.scheme_str().unwrap_or("http");
        let authority = url.authority().map_or("", |authority| authority.as_str());
        let origin = format!("{scheme}://{authority}");
        let request = Request {
            method: &sent.method,
            origins: &[origin.as_str()],
            path: url.path(),
            query: url.query().unwrap_or_default(),
            body: sent.body.as_deref().unwrap_or_default().as_bytes(),
        };
        let signer = Signer {
            consumer_key: &consumer_key,
            key,
            method: SignatureMethod::RsaSha256,
            dialect: Dialect::Node,
        };
        let timestamp_s = u64::try_from(now_s - age).unwrap_or_default();
        let mut rng = drawn(&[b"signature"]);
        let header = signer.sign(&mut rng, &request, &never_used()?, timestamp_s);
        let header = header.map_err(|error| format!("the signing key {error}"))?;
        sent.set_header("authorization", Some(header));
        if forgery == Some(Forgery::Body) {
            let signed = sent.body.take().unwrap_or_default();
            sent.body = Some(format!("{signed} "));
        }
        Ok(())
    }

    /// Seals a plaintext as JWE. What is drawn for the envelope follows from the plaintext, so that a run can be repeated.
    ///
    /// # Errors
    /// A text when the key fails.
    pub(crate) fn seal(&self, plain: &Value) -> Result<String, String> {
        let plain = plain.to_string();
        let name = self.requests.fingerprint();
        let outline = Outline {
            key_id: Some(&name),
            encryption: ContentEncryption::A256Gcm,
            iv_length: IvLength::Sixteen,
        };
        let mut rng = drawn(&[b"jwe", plain.as_bytes()]);
        let sealed = mastercard_jwe::seal(&mut rng, &self.requests, &outline, plain.as_bytes());
        sealed.map_err(|error| error.to_string())
    }

    /// Seals a plaintext field by field.
    ///
    /// # Errors
    /// A text when the key fails.
    pub(crate) fn seal_fields(&self, plain: &Value) -> Result<Value, String> {
        let plain = plain.to_string();
        let name = self.requests.fingerprint();
        let mut rng = drawn(&[b"fields", plain.as_bytes()]);
        let (text, hash) = (TextForm::Hex, OaepHash::Sha256);
        let plain = plain.as_bytes();
        let sealed = field_level::seal(&mut rng, &self.requests, text, hash, Some(&name), plain);
        let sealed = sealed.map_err(|error| error.to_string())?;
        Ok(json!({
            "publicKeyFingerprint": sealed.public_key_fingerprint,
            "encryptedKey": sealed.encrypted_key,
            "oaepHashingAlgorithm": sealed.oaep_hashing_algorithm,
            "iv": sealed.iv,
            "encryptedData": sealed.encrypted_data,
        }))
    }

    /// What a sealed member holds, in either form, if it is for these keys and holds JSON.
    pub(crate) fn open(&self, sealed: &Value) -> Option<Value> {
        let text = |name: &str| sealed.get(name).and_then(Value::as_str).map(str::to_owned);
        let data = text("encryptedData")?;
        let plain = if data.contains('.') {
            mastercard_jwe::open(&self.responses, &Compact::parse(&data).ok()?).ok()?
        } else {
            let fields = Fields {
                iv: text("iv")?,
                encrypted_key: text("encryptedKey")?,
                encrypted_data: data,
                oaep_hashing_algorithm: text("oaepHashingAlgorithm"),
                public_key_fingerprint: None,
            };
            field_level::open(&self.responses, TextForm::of_iv(&fields.iv), &fields).ok()?
        };
        serde_json::from_slice(&plain).ok()
    }
}

fn at(member: &str, file: &str, why: &dyn fmt::Display) -> String {
    format!("mastercard.{member}: {file}: {why}")
}

fn drawn(inputs: &[&[u8]]) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(sha256(&inputs.concat()))
}

/// A card as MDES wants it before it is sealed; month and year of one or two digits.
pub(crate) fn account_data(pan: &str, month: &str, year: &str, code: Option<&Value>) -> Value {
    let mut card = json!({
        "accountNumber": pan,
        "expiryMonth": format!("{month:0>2}"),
        "expiryYear": format!("{year:0>2}"),
    });
    if let Some(code) = code {
        card["securityCode"] = code.clone();
    }
    json!({ "cardAccountData": card, "source": "ACCOUNT_ON_FILE" })
}

/// A word that was never used before, for nonces and tasks: they must differ even between two runs with one seed.
///
/// # Errors
/// A text when the machine has no randomness to give.
pub(crate) fn never_used() -> Result<String, String> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| "the machine has no randomness to give".to_owned())?;
    Ok(hex(&bytes))
}

impl fmt::Debug for MastercardCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MastercardCredentials({}, ***)", self.consumer_key)
    }
}
