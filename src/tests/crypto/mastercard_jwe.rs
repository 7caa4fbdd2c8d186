//! Mastercard's JWE: what Mastercard's own libraries publish and produce, each way to be refused, and changed envelopes.

use std::sync::LazyLock;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use serde_json::{Value, json};
use standin::crypto::aes::CipherError;
use standin::crypto::encoding::{base64_url, from_base64_url};
use standin::crypto::jwe::{Compact, JweError};
use standin::crypto::mastercard_jwe::{ContentEncryption, IvLength, Outline, open, seal};
use standin::crypto::recipient::Recipient;

use super::{canonical, forgeries, mastercard_test_recipient};

#[derive(Deserialize)]
struct Vectors {
    certificate_fingerprint: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    source: String,
    plaintext: String,
    envelope: String,
}

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| {
    toml::from_str(include_str!(
        "../../../fixtures/vectors/crypto/mastercard_jwe.toml"
    ))
    .unwrap()
});
static RECIPIENT: LazyLock<Recipient> =
    LazyLock::new(|| mastercard_test_recipient(&VECTORS.certificate_fingerprint));
static SEALED: LazyLock<String> = LazyLock::new(|| sealed(OUTLINE, b"{\"token\":1}"));

const OUTLINE: Outline<'_> = Outline {
    key_id: Some("761b003c1eade3a5490e5000d37887baa5e6ec0e226c07706e599451fc032a79"),
    encryption: ContentEncryption::A256Gcm,
    iv_length: IvLength::Sixteen,
};

fn sealed(outline: Outline<'_>, plaintext: &[u8]) -> String {
    let mut rng = ChaCha20Rng::from_seed([4; 32]);
    seal(&mut rng, RECIPIENT.key.public(), &outline, plaintext).unwrap()
}

fn opened(envelope: &str) -> Result<Vec<u8>, JweError> {
    open(&RECIPIENT, &Compact::parse(envelope)?)
}

/// An envelope with one member of its header set to a value, or taken away.
fn with_header(member: &str, value: Option<Value>) -> String {
    let (header, rest) = SEALED.split_once('.').unwrap();
    let mut header: Value = serde_json::from_slice(&from_base64_url(header).unwrap()).unwrap();
    let members = header.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    format!("{}.{rest}", base64_url(header.to_string().as_bytes()))
}

#[test]
fn the_envelopes_of_mastercard_s_own_libraries() {
    assert_eq!(VECTORS.case.len(), 12);
    let mut with_slashes = 0;
    for case in &VECTORS.case {
        let plaintext = opened(&case.envelope).unwrap();
        assert_eq!(
            String::from_utf8(plaintext).unwrap(),
            case.plaintext,
            "{}",
            case.source
        );
        with_slashes += usize::from(case.envelope.contains('/'));
    }
    assert_eq!(with_slashes, 3);
}

#[test]
fn every_encryption_opens_what_it_sealed_and_drew_from_the_generator() {
    for encryption in ContentEncryption::ALL {
        for (iv_length, bytes) in [(IvLength::Twelve, 12), (IvLength::Sixteen, 16)] {
            let outline = Outline {
                encryption,
                iv_length,
                ..OUTLINE
            };
            let envelope = sealed(outline, b"[{},{}]");
            assert_eq!(opened(&envelope).unwrap(), b"[{},{}]", "{encryption:?}");
            assert_eq!(sealed(outline, b"[{},{}]"), envelope, "{iv_length:?}");
            let iv = from_base64_url(envelope.split('.').nth(2).unwrap()).unwrap();
            let is_cbc = encryption == ContentEncryption::A128CbcHs256;
            assert_eq!(iv.len(), if is_cbc { 16 } else { bytes });
        }
    }
    let header = from_base64_url(SEALED.split('.').next().unwrap()).unwrap();
    let want = format!(
        r#"{{"kid":"{}","cty":"application/json","alg":"RSA-OAEP-256","enc":"A256GCM"}}"#,
        OUTLINE.key_id.unwrap()
    );
    assert_eq!(String::from_utf8(header).unwrap(), want);
}

#[test]
fn the_header_is_never_asked_to_choose() {
    let algorithm = JweError::Algorithm {
        want: "RSA-OAEP-256",
    };
    for (member, value, want) in [
        ("alg", Some(json!("none")), algorithm.clone()),
        ("alg", Some(json!("RSA-OAEP")), algorithm.clone()),
        ("alg", Some(json!("RSA1_5")), algorithm.clone()),
        ("alg", Some(json!("dir")), algorithm),
        ("alg", None, JweError::Header),
        ("enc", Some(json!("none")), JweError::ContentEncryption),
        (
            "enc",
            Some(json!("A256CBC-HS512")),
            JweError::ContentEncryption,
        ),
        ("enc", Some(json!("A128GCM")), JweError::Key),
        ("enc", Some(json!(1)), JweError::Header),
        ("zip", Some(json!("DEF")), JweError::Compression),
        ("crit", Some(json!([])), JweError::Critical),
        ("kid", Some(json!("another")), JweError::KeyId),
        ("kid", None, JweError::Content(CipherError::Refused)),
        ("cty", None, JweError::Content(CipherError::Refused)),
    ] {
        let refused = opened(&with_header(member, value.clone()));
        assert_eq!(refused, Err(want), "{member} {value:?}");
    }
}

#[test]
fn a_key_takes_only_the_encryptions_it_was_made_for() {
    let key = super::mastercard_test_key();
    let names = RECIPIENT.names.clone();
    let narrow = Recipient {
        key,
        names,
        encryptions: &[ContentEncryption::A128Gcm],
    };
    let refused = open(&narrow, &Compact::parse(&SEALED).unwrap());
    assert_eq!(refused, Err(JweError::ContentEncryption));
    let outline = Outline {
        encryption: ContentEncryption::A128Gcm,
        key_id: None,
        ..OUTLINE
    };
    let envelope = sealed(outline, b"{}");
    assert_eq!(
        open(&narrow, &Compact::parse(&envelope).unwrap()).unwrap(),
        b"{}"
    );
}

#[test]
fn parts_of_the_wrong_length_are_refused_with_their_cause() {
    let replaced = |encryption, part: usize, bytes: usize| {
        let envelope = sealed(
            Outline {
                encryption,
                ..OUTLINE
            },
            b"{}",
        );
        let mut parts: Vec<&str> = envelope.split('.').collect();
        let zeros = base64_url(&vec![0; bytes]);
        parts[part] = &zeros;
        opened(&parts.join(".")).unwrap_err()
    };
    for encryption in [ContentEncryption::A256Gcm, ContentEncryption::A128CbcHs256] {
        assert_eq!(replaced(encryption, 1, 0), JweError::Key);
        assert_eq!(replaced(encryption, 1, 255), JweError::Key);
        assert_eq!(replaced(encryption, 1, 256), JweError::Key);
        let tag = JweError::Content(CipherError::TagLength { length: 12 });
        assert_eq!(replaced(encryption, 4, 12), tag);
        assert_eq!(
            replaced(encryption, 4, 16),
            JweError::Content(CipherError::Refused)
        );
    }
    let iv = JweError::Content(CipherError::IvLength { length: 8 });
    assert_eq!(replaced(ContentEncryption::A256Gcm, 2, 8), iv);
    let refused = JweError::Content(CipherError::Refused);
    assert_eq!(replaced(ContentEncryption::A128CbcHs256, 2, 8), refused);
}

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_envelope_panics(
        kid in "\\PC{0,8}", enc in "(A128GCM|A192GCM|A256GCM|A128CBC-HS256)",
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 4),
    ) {
        let header = json!({ "alg": "RSA-OAEP-256", "enc": enc, "kid": kid }).to_string();
        let parts: Vec<String> = parts.iter().map(|part| base64_url(part)).collect();
        let envelope = format!("{}.{}", base64_url(header.as_bytes()), parts.join("."));
        prop_assert!(opened(&envelope).is_err());
    }

    /// Takes some seconds, for most changes are found only after the private key was used. Accepted is only what decodes
    /// to the same bytes: a letter of the other base64 alphabet.
    #[test]
    fn a_changed_byte_is_refused(at in any::<prop::sample::Index>(), change in 1_u8..=255) {
        let mut bytes = SEALED.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(envelope) = String::from_utf8(bytes) && opened(&envelope).is_ok() {
            prop_assert_eq!(canonical(&envelope), canonical(&SEALED));
        }
    }
}
