//! Mastercard's field-level encryption. It has no integrity, which one case shows.

use rand::Rng as _;
use serde_json::{Value, json};

use super::VectorsError;
use super::material::{Material, NOW_S};
use super::pack::{Cases, Code, Pack, VALID};
use crate::crypto::aes::cbc_seal;
use crate::crypto::certificate::{Certificate, Subject};
use crate::crypto::encoding::{base64, hex};
use crate::crypto::oaep::OaepHash;
use crate::crypto::rsa_key::{KeyError, PublicKey};

/// More than two blocks, of which the second ends in a letter: as a count of padding that is too much.
const PLAINTEXT: &str = r#"{"cardAccountData":{"expiryMonth":"09","expiryYear":"29"}}"#;
const BLOCK: usize = 16;
/// How long the certificate is good, which nobody has to look at.
const YEARS_S: i64 = 20 * 365 * 24 * 60 * 60;

/// What is sealed, in bytes.
#[derive(Clone)]
struct Sealed {
    iv: Vec<u8>,
    encrypted_key: Vec<u8>,
    data: Vec<u8>,
    algorithm: Option<&'static str>,
    fingerprint: Option<String>,
    plaintext: String,
}

impl Sealed {
    fn input(&self) -> Value {
        self.with(hex(&self.iv), hex(&self.encrypted_key), hex(&self.data))
    }

    /// The same with other texts.
    fn with(&self, iv: String, encrypted_key: String, data: String) -> Value {
        let mut payload = json!({
            "iv": iv,
            "encryptedKey": encrypted_key,
            "encryptedData": data,
        });
        if let Some(algorithm) = self.algorithm {
            payload["oaepHashingAlgorithm"] = algorithm.into();
        }
        if let Some(fingerprint) = &self.fingerprint {
            payload["publicKeyFingerprint"] = fingerprint.as_str().into();
        }
        json!({ "payload": payload, "plaintext": self.plaintext })
    }
}

/// Seals for somebody.
struct Sealing<'a> {
    material: &'a Material,
    to: &'a PublicKey,
    hash: OaepHash,
    name: &'static str,
    /// Of which the first sixteen bytes encrypt.
    key_bytes: usize,
}

impl Sealing<'_> {
    fn seal(&self, plaintext: &str) -> Result<Sealed, KeyError> {
        let mut rng = self.material.rng(self.name);
        let (mut key, mut iv) = (vec![0; self.key_bytes], vec![0; BLOCK]);
        rng.fill_bytes(&mut key);
        rng.fill_bytes(&mut iv);
        let encrypted_key = self.to.encrypt(&mut rng, self.hash, &key)?;
        let data = cbc_seal(&key[..BLOCK], &iv, plaintext.as_bytes());
        Ok(Sealed {
            iv,
            encrypted_key,
            data: data.map_err(|_| KeyError::Failed)?,
            algorithm: Some(self.hash.name()),
            fingerprint: Some(self.to.fingerprint()),
            plaintext: plaintext.to_owned(),
        })
    }
}

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | as MDES seals
sha512 | valid | OAEP with SHA-512
no-algorithm | valid | a hash that is left out is SHA-256
hyphen | valid | the hash may have a hyphen
no-fingerprint | valid | a fingerprint that is left out means this key
least | valid | the least JSON there is
text | valid | a JSON text by itself
whole-block | valid | sixteen bytes take a whole block of padding
long | valid | eight kibibytes
bent-iv | valid | one bit of the vector is another, and so is one of the plaintext: nothing notices
upper-case | valid | hexadecimal digits may be upper-case
other-fingerprint | key_id | the fingerprint is of another key, although this one opens it
other-recipient | key_id | sealed for another key, and says so
other-recipient-unnamed | key | sealed for another key, and does not say so
sha1 | algorithm | the hash is SHA-1
md5 | algorithm | the hash is MD5
empty-algorithm | algorithm | the hash is empty, which is not left out
other-hash | key | sealed with SHA-256, and says SHA-512
long-session-key | key | the session key has 32 bytes
bent-key | key | one bit of the encrypted key is another
short-key | key | the last byte of the encrypted key is missing
no-key | key | the encrypted key is empty
no-data | content | the data is empty
part-of-a-block | content | the data is no whole number of blocks
cut-at-a-block | content | the last blocks are missing, and with them the padding
padding-of-zero | content | the padding says zero
padding-of-seventeen | content | the padding says more than a block
short-iv | content | the vector has fifteen bytes
long-iv | content | the vector has seventeen bytes
iv-no-hexadecimal | encoding | the vector has a letter that is no digit
iv-half-a-byte | encoding | the vector has an odd number of digits
key-in-base64 | encoding | the key is in base64
data-in-base64 | encoding | the data is in base64
data-with-space | encoding | the data has a space in it
"#;

pub(super) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let own = material.key.public();
    let certificate = Certificate::self_signed(
        &material.key,
        &Subject {
            common_name: "standin test vectors",
            serial: &[1],
            not_before_s: NOW_S,
            not_after_s: NOW_S + YEARS_S,
        },
    )?;
    let sealing = Sealing {
        material,
        to: own,
        hash: OaepHash::Sha256,
        name: "field-level",
        key_bytes: BLOCK,
    };
    let plain = sealing.seal(PLAINTEXT)?;
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, &sealing, &plain)?;
    foreign(&mut cases, &sealing, &plain)?;
    changed(&mut cases, &plain);
    unreadable(&mut cases, &plain);
    Ok(Pack {
        name: "mastercard-field-level",
        about: "Payloads sealed with Mastercard's field-level encryption, in hexadecimal as MDES has them",
        sources: &["Mastercard/client-encryption-java and -nodejs, FieldLevelEncryption"],
        rules: &[
            "publicKeyFingerprint, if there, is the SHA-256 of this key's SubjectPublicKeyInfo in hexadecimal.",
            "oaepHashingAlgorithm is SHA256 or SHA512, also with a hyphen; SHA256 if it is left out.",
            "iv, encryptedKey and encryptedData are hexadecimal.",
            "encryptedKey is RSA-OAEP, with that hash and MGF1 of the same hash, around a session key of 16 bytes.",
            "iv has 16 bytes; encryptedData is AES-128-CBC with PKCS#7 padding under the session key. What comes out is the plaintext.",
            "Nothing vouches for the plaintext: whoever can change iv or encryptedData changes it. The signed hash of the whole body has to.",
        ],
        codes: &[
            Code(VALID, "opens to the plaintext"),
            Code("key_id", "the fingerprint names another key"),
            Code("algorithm", "the hash is none that is known"),
            Code("encoding", "a member is not hexadecimal"),
            Code(
                "key",
                "the session key does not open, or has another length",
            ),
            Code("content", "the data does not open"),
        ],
        keys: json!({
            "public_key": own.to_spki_pem()?,
            "private_key": material.key.to_pkcs8_pem()?,
            "certificate": certificate.to_pem(),
            "public_key_fingerprint": own.fingerprint(),
        }),
        cases,
    })
}

fn valid(cases: &mut Cases, sealing: &Sealing<'_>, plain: &Sealed) -> Result<(), KeyError> {
    let mut add = |name, sealed: Sealed| cases.add(name, sealed.input());
    add("plain", plain.clone());
    let sha512 = Sealing {
        hash: OaepHash::Sha512,
        ..*sealing
    };
    add("sha512", sha512.seal(PLAINTEXT)?);
    add(
        "no-algorithm",
        Sealed {
            algorithm: None,
            ..plain.clone()
        },
    );
    add(
        "hyphen",
        Sealed {
            algorithm: Some("SHA-256"),
            ..plain.clone()
        },
    );
    add(
        "no-fingerprint",
        Sealed {
            fingerprint: None,
            ..plain.clone()
        },
    );
    add("least", sealing.seal("{}")?);
    add("text", sealing.seal("\"café\"")?);
    add("whole-block", sealing.seal("{\"a\":\"12345678\"}")?);
    add(
        "long",
        sealing.seal(&format!("\"{}\"", "0123456789abcdef".repeat(512)))?,
    );
    let mut bent = plain.clone();
    bent.iv[2] ^= 1;
    bent.plaintext.replace_range(2..3, "b");
    add("bent-iv", bent);
    cases.add(
        "upper-case",
        plain.with(
            hex(&plain.iv).to_uppercase(),
            hex(&plain.encrypted_key).to_uppercase(),
            hex(&plain.data).to_uppercase(),
        ),
    );
    Ok(())
}

fn foreign(cases: &mut Cases, sealing: &Sealing<'_>, plain: &Sealed) -> Result<(), KeyError> {
    let mut add = |name, sealed: Sealed| cases.add(name, sealed.input());
    let others = sealing.material.other_key.public();
    let other = Sealing {
        to: others,
        ..*sealing
    };
    let named = other.seal(PLAINTEXT)?;
    add(
        "other-fingerprint",
        Sealed {
            fingerprint: named.fingerprint.clone(),
            ..plain.clone()
        },
    );
    add("other-recipient", named.clone());
    add(
        "other-recipient-unnamed",
        Sealed {
            fingerprint: None,
            ..named
        },
    );
    add(
        "sha1",
        Sealed {
            algorithm: Some("SHA1"),
            ..plain.clone()
        },
    );
    add(
        "md5",
        Sealed {
            algorithm: Some("MD5"),
            ..plain.clone()
        },
    );
    add(
        "empty-algorithm",
        Sealed {
            algorithm: Some(""),
            ..plain.clone()
        },
    );
    add(
        "other-hash",
        Sealed {
            algorithm: Some("SHA512"),
            ..plain.clone()
        },
    );
    let long = Sealing {
        key_bytes: 32,
        ..*sealing
    };
    add("long-session-key", long.seal(PLAINTEXT)?);
    Ok(())
}

fn changed(cases: &mut Cases, plain: &Sealed) {
    let mut add = |name, sealed: Sealed| cases.add(name, sealed.input());
    let mut bent = plain.clone();
    bent.encrypted_key[0] ^= 1;
    add("bent-key", bent);
    let mut short = plain.clone();
    short.encrypted_key.pop();
    add("short-key", short);
    add(
        "no-key",
        Sealed {
            encrypted_key: Vec::new(),
            ..plain.clone()
        },
    );
    add(
        "no-data",
        Sealed {
            data: Vec::new(),
            ..plain.clone()
        },
    );
    let mut part = plain.clone();
    part.data.pop();
    add("part-of-a-block", part);
    let mut cut = plain.clone();
    cut.data.truncate(2 * BLOCK);
    add("cut-at-a-block", cut);
    // The last byte of the plaintext is its padding, and the one before it in the ciphertext decides it.
    let padding = BLOCK - plain.plaintext.len() % BLOCK;
    let mut zero = plain.clone();
    let decides = zero.data.len() - BLOCK - 1;
    zero.data[decides] ^= u8::try_from(padding).unwrap_or_default();
    add("padding-of-zero", zero);
    let mut much = plain.clone();
    much.data[decides] ^= u8::try_from(padding).unwrap_or_default() ^ 17;
    add("padding-of-seventeen", much);
    let mut short = plain.clone();
    short.iv.pop();
    add("short-iv", short);
    let mut long = plain.clone();
    long.iv.push(0);
    add("long-iv", long);
}

fn unreadable(cases: &mut Cases, plain: &Sealed) {
    let (iv, key, data) = (hex(&plain.iv), hex(&plain.encrypted_key), hex(&plain.data));
    let mut add = |name, iv: &str, key: &str, data: &str| {
        let input = plain.with(iv.to_owned(), key.to_owned(), data.to_owned());
        cases.add(name, input);
    };
    add("iv-no-hexadecimal", &iv.replace(&iv[..1], "g"), &key, &data);
    add("iv-half-a-byte", &iv[1..], &key, &data);
    add("key-in-base64", &iv, &base64(&plain.encrypted_key), &data);
    add("data-in-base64", &iv, &key, &base64(&plain.data));
    add(
        "data-with-space",
        &iv,
        &key,
        &format!("{} {}", &data[..32], &data[32..]),
    );
}
