//! Visa's shared-secret envelopes: known answers, each way to be refused, and changed envelopes.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use standin::crypto::encoding::{base64_url, from_base64_url, from_hex};
use standin::crypto::jwe::{Compact, JweError};
use standin::crypto::vts_jwe::{EncryptionSecret, Material, Sender};
use standin::limits::ENVELOPE_BYTES_MAX;

use super::{canonical, forgeries};

#[derive(Deserialize)]
struct Vectors {
    key_id: String,
    secret: String,
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    source: String,
    sealed_by_client: bool,
    content_key: String,
    key_iv: String,
    content_iv: String,
    plaintext: String,
    envelope: String,
}

impl Case {
    fn material(&self) -> Material {
        fn bytes<const N: usize>(hex: &str) -> [u8; N] {
            from_hex(hex).unwrap().try_into().unwrap()
        }
        Material {
            content_key: bytes(&self.content_key),
            key_iv: bytes(&self.key_iv),
            content_iv: bytes(&self.content_iv),
        }
    }
}

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| {
    toml::from_str(include_str!(
        "../../../fixtures/vectors/crypto/vts_jwe.toml"
    ))
    .unwrap()
});

fn secret() -> EncryptionSecret {
    EncryptionSecret::new("ENCKEY1", "standin-kat-enc-secret")
}

fn open(envelope: &str) -> Result<Vec<u8>, JweError> {
    secret().open(&Compact::parse(envelope)?)
}

/// An envelope with one member of its header set to a value, or taken away; its signature over the header is then wrong,
/// but what the header says must be refused before.
fn with_header(member: &str, value: Option<Value>) -> String {
    let envelope = &VECTORS.case[0].envelope;
    let (header, rest) = envelope.split_once('.').unwrap();
    let mut header: Value = serde_json::from_slice(&from_base64_url(header).unwrap()).unwrap();
    let members = header.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    format!("{}.{rest}", base64_url(header.to_string().as_bytes()))
}

#[test]
fn the_known_answers() {
    let vectors = &*VECTORS;
    let secret = EncryptionSecret::new(&vectors.key_id, &vectors.secret);
    assert_eq!(vectors.case.len(), 3);
    for case in &vectors.case {
        let opened = secret
            .open(&Compact::parse(&case.envelope).unwrap())
            .unwrap();
        assert_eq!(
            String::from_utf8(opened).unwrap(),
            case.plaintext,
            "{}",
            case.source
        );
        let plaintext = case.plaintext.as_bytes();
        let sealed = secret
            .seal(Sender::Client, &case.material(), plaintext)
            .unwrap();
        assert_eq!(
            sealed == case.envelope,
            case.sealed_by_client,
            "{}",
            case.source
        );
        assert_eq!(open(&sealed).unwrap(), plaintext, "{case:?}");
    }
}

/// The members and their order are those of the answer of Visa's that bePaid's documentation shows.
#[test]
fn visa_s_own_envelopes_say_more_in_their_header() {
    let material = VECTORS.case[1].material();
    let sender = Sender::Visa {
        issued_at_s: 1_700_000_000,
    };
    let sealed = secret().seal(sender, &material, b"{}").unwrap();
    let header = from_base64_url(sealed.split('.').next().unwrap()).unwrap();
    assert_eq!(
        String::from_utf8(header).unwrap(),
        r#"{"alg":"A256GCMKW","iv":"ICEiIyQlJicoKSor","tag":"VSWJ0Q8lFX4rrR83ezkQkw","enc":"A256GCM","typ":"JOSE","#
            .to_owned()
            + r#""kid":"ENCKEY1","channelSecurityContext":"SHARED_SECRET","iat":"1700000000"}"#
    );
    assert_eq!(open(&sealed).unwrap(), b"{}");
}

#[test]
fn the_header_is_never_asked_to_choose() {
    let algorithm = JweError::Algorithm { want: "A256GCMKW" };
    for (member, value, want) in [
        ("alg", Some(json!("none")), algorithm.clone()),
        ("alg", Some(json!("dir")), algorithm.clone()),
        ("alg", Some(json!("RSA-OAEP-256")), algorithm),
        ("alg", None, JweError::Header),
        ("alg", Some(json!(["A256GCMKW"])), JweError::Header),
        ("enc", Some(json!("A128GCM")), JweError::ContentEncryption),
        (
            "enc",
            Some(json!("A256CBC-HS512")),
            JweError::ContentEncryption,
        ),
        ("zip", Some(json!("DEF")), JweError::Compression),
        ("zip", Some(json!(null)), JweError::Compression),
        ("crit", Some(json!(["exp"])), JweError::Critical),
        ("kid", None, JweError::NoKeyId),
        ("kid", Some(json!("ENCKEY2")), JweError::KeyId),
        ("iv", None, JweError::KeyWrap { name: "iv" }),
        ("iv", Some(json!("AAAA")), JweError::KeyWrap { name: "iv" }),
        ("tag", Some(json!("?")), JweError::KeyWrap { name: "tag" }),
        ("tag", Some(json!("VSWJ0Q8lFX4rrR83ezkQkw")), JweError::Key),
    ] {
        let envelope = with_header(member, value.clone());
        assert_eq!(open(&envelope), Err(want), "{member} {value:?}");
    }
    let twice = base64_url(br#"{"alg":"A256GCMKW","alg":"A256GCMKW","enc":"A256GCM"}"#);
    assert_eq!(open(&format!("{twice}....")), Err(JweError::Header));
}

#[test]
fn what_is_no_envelope_is_refused_with_its_cause() {
    for (envelope, want) in [
        (String::new(), JweError::Parts),
        ("a.b.c.d".to_owned(), JweError::Parts),
        ("a.b.c.d.e.f".to_owned(), JweError::Parts),
        ("....".to_owned(), JweError::Header),
        ("e30....".to_owned(), JweError::Header),
        ("a".repeat(ENVELOPE_BYTES_MAX + 1), JweError::TooLong),
    ] {
        assert_eq!(open(&envelope), Err(want), "{envelope:.20}");
    }
    let error = open(&VECTORS.case[0].envelope.replace('-', "*")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the encrypted key has a character at"),
        "{error}"
    );
    let other = EncryptionSecret::new("ENCKEY1", "another secret");
    let envelope = VECTORS.case[0].envelope.clone();
    assert_eq!(
        other.open(&Compact::parse(&envelope).unwrap()),
        Err(JweError::Key)
    );
    assert_eq!(format!("{other:?}"), "EncryptionSecret(ENCKEY1, ***)");
}

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_text_panics_the_parser(envelope in "\\PC{0,200}", parts in "[A-Za-z0-9_./+=-]{0,200}") {
        prop_assert!(open(&envelope).is_err());
        prop_assert!(open(&parts).is_err());
    }

    #[test]
    fn no_header_panics_the_parser(header in "\\{(\"(alg|enc|kid|iv|tag|zip|crit)\":(\"\\PC{0,8}\"|1|null|\\[\\]),?){0,7}\\}") {
        let envelope = format!("{}.AAAA.AAAA.AAAA.AAAA", base64_url(header.as_bytes()));
        prop_assert!(open(&envelope).is_err());
    }

    /// Accepted is only what decodes to the same bytes: a letter of the other base64 alphabet.
    #[test]
    fn a_changed_byte_is_refused(at in any::<prop::sample::Index>(), change in 1_u8..=255) {
        let original = VECTORS.case[0].envelope.clone();
        let mut bytes = original.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(envelope) = String::from_utf8(bytes) && open(&envelope).is_ok() {
            prop_assert_eq!(canonical(&envelope), canonical(&original));
        }
    }
}
