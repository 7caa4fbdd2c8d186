//! Mastercard's field-level encryption: what Mastercard's own libraries publish and produce, each way to be refused, and
//! changed payloads.

use std::sync::LazyLock;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use standin::crypto::aes::{CipherError, cbc_open, cbc_seal};
use standin::crypto::encoding::{EncodingError, base64, from_base64};
use standin::crypto::field_level::{FieldError, Fields, TextForm, open, seal};
use standin::crypto::oaep::OaepHash;
use standin::crypto::recipient::Recipient;
use standin::limits::ENVELOPE_BYTES_MAX;

use super::{forgeries, mastercard_test_recipient};

#[derive(Deserialize)]
struct Vectors {
    certificate_fingerprint: String,
    case: Vec<Case>,
    cipher: Cipher,
}

#[derive(Deserialize)]
struct Case {
    source: String,
    plaintext: String,
    iv: String,
    encrypted_key: String,
    encrypted_data: String,
    oaep_hashing_algorithm: Option<String>,
    public_key_fingerprint: Option<String>,
}

#[derive(Deserialize)]
struct Cipher {
    source: String,
    key: String,
    iv: String,
    plaintext: String,
    ciphertext: String,
}

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| {
    toml::from_str(include_str!(
        "../../../fixtures/vectors/crypto/field_level.toml"
    ))
    .unwrap()
});
static RECIPIENT: LazyLock<Recipient> =
    LazyLock::new(|| mastercard_test_recipient(&VECTORS.certificate_fingerprint));
static SEALED: LazyLock<Fields> = LazyLock::new(|| sealed(TextForm::Hex, OaepHash::Sha512));

const PLAINTEXT: &[u8] = br#"{"cardAccountData":{"expiryMonth":"09"}}"#;

fn sealed(form: TextForm, hash: OaepHash) -> Fields {
    let mut rng = ChaCha20Rng::from_seed([5; 32]);
    let public = RECIPIENT.key.public();
    seal(
        &mut rng,
        public,
        form,
        hash,
        Some(&public.fingerprint()),
        PLAINTEXT,
    )
    .unwrap()
}

#[test]
fn the_payloads_of_mastercard_s_own_libraries() {
    assert_eq!(VECTORS.case.len(), 10);
    for case in &VECTORS.case {
        let fields = Fields {
            iv: case.iv.clone(),
            encrypted_key: case.encrypted_key.clone(),
            encrypted_data: case.encrypted_data.clone(),
            oaep_hashing_algorithm: case.oaep_hashing_algorithm.clone(),
            public_key_fingerprint: case.public_key_fingerprint.clone(),
        };
        let plaintext = open(&RECIPIENT, TextForm::of_iv(&case.iv), &fields).unwrap();
        assert_eq!(
            String::from_utf8(plaintext).unwrap(),
            case.plaintext,
            "{}",
            case.source
        );
    }
}

#[test]
fn the_cipher_of_mastercard_s_interoperability_test() {
    let Cipher {
        source,
        key,
        iv,
        plaintext,
        ciphertext,
    } = &VECTORS.cipher;
    let bytes = |text: &String| from_base64(text).unwrap();
    let sealed = cbc_seal(&bytes(key), &bytes(iv), plaintext.as_bytes()).unwrap();
    assert_eq!(&base64(&sealed), ciphertext, "{source}");
    let opened = cbc_open(&bytes(key), &bytes(iv), &bytes(ciphertext)).unwrap();
    assert_eq!(opened, plaintext.as_bytes(), "{source}");
}

#[test]
fn both_forms_and_both_hashes_open_what_they_sealed() {
    for (form, iv_length) in [(TextForm::Hex, 32), (TextForm::Base64, 24)] {
        for (hash, name) in [(OaepHash::Sha256, "SHA256"), (OaepHash::Sha512, "SHA512")] {
            let fields = sealed(form, hash);
            assert_eq!(fields, sealed(form, hash));
            assert_eq!(fields.iv.len(), iv_length);
            assert_eq!(TextForm::of_iv(&fields.iv), form);
            assert_eq!(fields.oaep_hashing_algorithm.as_deref(), Some(name));
            assert_eq!(open(&RECIPIENT, form, &fields).unwrap(), PLAINTEXT);
        }
    }
    assert_eq!(OaepHash::from_name("SHA-512"), Some(OaepHash::Sha512));
    let unnamed = Fields {
        oaep_hashing_algorithm: None,
        public_key_fingerprint: None,
        ..sealed(TextForm::Hex, OaepHash::Sha256)
    };
    assert_eq!(
        open(&RECIPIENT, TextForm::Hex, &unnamed).unwrap(),
        PLAINTEXT
    );
}

/// Each row is wrong in every way below it, so that a check which moves breaks the rows it jumped over.
#[test]
fn each_refusal_has_its_cause_and_its_rank() {
    let mut fields = Fields {
        iv: "zz".to_owned(),
        encrypted_key: "abc".to_owned(),
        encrypted_data: "g".repeat(ENVELOPE_BYTES_MAX),
        oaep_hashing_algorithm: Some("SHA1".to_owned()),
        public_key_fingerprint: Some("00".to_owned()),
    };
    let refused = |fields: &Fields| open(&RECIPIENT, TextForm::Hex, fields).unwrap_err();
    assert_eq!(refused(&fields), FieldError::TooLong);
    fields.encrypted_data = "0g".to_owned();
    assert_eq!(refused(&fields), FieldError::KeyId);
    fields.public_key_fingerprint = SEALED.public_key_fingerprint.clone();
    assert_eq!(refused(&fields), FieldError::Algorithm);
    fields.oaep_hashing_algorithm = Some("SHA256".to_owned());
    let encoding = |field, error| FieldError::Encoding { field, error };
    assert_eq!(
        refused(&fields),
        encoding("iv", EncodingError::Character { position: 0 })
    );
    fields.iv = "00".to_owned();
    let length = EncodingError::Length { length: 3 };
    assert_eq!(refused(&fields), encoding("encryptedKey", length));
    fields.encrypted_key = SEALED.encrypted_key.clone();
    let position = EncodingError::Character { position: 1 };
    assert_eq!(refused(&fields), encoding("encryptedData", position));
    fields.encrypted_data = "00".to_owned();
    assert_eq!(refused(&fields), FieldError::Key);
    fields.oaep_hashing_algorithm = Some("SHA512".to_owned());
    assert_eq!(
        refused(&fields),
        FieldError::Content(CipherError::IvLength { length: 1 })
    );
    fields.iv = SEALED.iv.clone();
    assert_eq!(refused(&fields), FieldError::Content(CipherError::Refused));
}

/// A session key of another length would mean AES-192 or AES-256, which the format does not have.
#[test]
fn a_session_key_of_another_length_is_refused() {
    let mut rng = ChaCha20Rng::from_seed([6; 32]);
    for length in [0, 15, 24, 32] {
        let key = RECIPIENT
            .key
            .public()
            .encrypt(&mut rng, OaepHash::Sha512, &vec![1; length]);
        let encrypted_key = standin::crypto::encoding::hex(&key.unwrap());
        let fields = Fields {
            encrypted_key,
            ..SEALED.clone()
        };
        assert_eq!(
            open(&RECIPIENT, TextForm::Hex, &fields),
            Err(FieldError::Key),
            "{length}"
        );
    }
}

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_payload_panics(
        iv in "[0-9a-f]{0,34}", key in "\\PC{0,40}|[0-9a-f]{0,80}|[0-9a-f]{512}",
        encrypted_data in "\\PC{0,40}|[0-9a-f]{0,80}", hash in "(SHA-?(256|512))?",
        form in prop_oneof![Just(TextForm::Hex), Just(TextForm::Base64)],
    ) {
        let fields = Fields {
            iv,
            encrypted_key: key,
            encrypted_data,
            oaep_hashing_algorithm: Some(hash).filter(|hash| !hash.is_empty()),
            public_key_fingerprint: None,
        };
        prop_assert!(open(&RECIPIENT, form, &fields).is_err());
    }

    /// The format itself lets changes of the initialization vector and of the data through; the signed hash of the body is
    /// there for them. But nothing changed may open to what was sealed, and a changed key must not open at all.
    #[test]
    fn a_changed_byte_does_not_open_to_the_same(
        field in 0..5, at in any::<prop::sample::Index>(), change in 1_u8..=255,
    ) {
        let mut fields = SEALED.clone();
        let text = match field {
            0 => &mut fields.iv,
            1 => &mut fields.encrypted_key,
            2 => &mut fields.encrypted_data,
            3 => fields.oaep_hashing_algorithm.as_mut().unwrap(),
            _ => fields.public_key_fingerprint.as_mut().unwrap(),
        };
        let original = text.clone();
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        // Another case of a hexadecimal digit is the same digit.
        prop_assume!(!changed.eq_ignore_ascii_case(&original));
        *text = changed;
        match open(&RECIPIENT, TextForm::Hex, &fields) {
            Ok(plaintext) => prop_assert!([0, 2].contains(&field) && plaintext != PLAINTEXT),
            Err(error) => prop_assert_ne!(error, FieldError::TooLong),
        }
    }
}
