//! What standin seals, byte for byte. Each text in the file was opened with the vendors' own packages when it was recorded,
//! so a change here is a change of what clients receive, or of what a seed means.

use std::collections::BTreeMap;

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;
use standin::crypto::certificate::{Certificate, Subject};
use standin::crypto::field_level::{self, TextForm};
use standin::crypto::mastercard_jwe::{self, ContentEncryption, IvLength, Outline};
use standin::crypto::oaep::OaepHash;
use standin::crypto::rsa_key::PrivateKey;
use standin::crypto::vts_jwe::{EncryptionSecret, Material, Sender};

#[derive(Deserialize)]
struct Recorded {
    plaintext: String,
    text: BTreeMap<String, String>,
}

#[test]
fn the_same_seed_seals_the_same_bytes_as_ever() {
    let recorded: Recorded =
        toml::from_str(include_str!("../../../fixtures/vectors/crypto/sealed.toml")).unwrap();
    let plaintext = recorded.plaintext.as_bytes();
    let rng = || ChaCha20Rng::from_seed([2; 32]);
    let key = PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap();
    let name = key.public().fingerprint();
    let mut text = BTreeMap::from([("private_key".to_owned(), key.to_pkcs8_pem().unwrap())]);

    let subject = Subject {
        common_name: "standin request encryption",
        serial: &[1, 2, 3, 4],
        not_before_s: 1_700_000_000,
        not_after_s: 2_000_000_000,
    };
    let certificate = Certificate::self_signed(&key, &subject).unwrap();
    text.insert("certificate".to_owned(), certificate.to_pem());

    for hash in [OaepHash::Sha256, OaepHash::Sha512] {
        let fields = field_level::seal(
            &mut rng(),
            key.public(),
            TextForm::Hex,
            hash,
            Some(&name),
            plaintext,
        );
        let fields = fields.unwrap();
        let joined = [fields.iv, fields.encrypted_key, fields.encrypted_data].join(" ");
        text.insert(format!("field_level_{}", hash.name()), joined);
    }
    for encryption in ContentEncryption::ALL {
        for (iv_length, bytes) in [(IvLength::Twelve, 12), (IvLength::Sixteen, 16)] {
            let outline = Outline {
                key_id: Some(&name),
                encryption,
                iv_length,
            };
            let envelope =
                mastercard_jwe::seal(&mut rng(), key.public(), &outline, plaintext).unwrap();
            text.insert(
                format!("mastercard_jwe_{}_{bytes}", encryption.name()),
                envelope,
            );
        }
    }
    let secret = EncryptionSecret::new("ENCKEY1", "standin-kat-enc-secret");
    let sender = Sender::Visa {
        issued_at_s: 1_700_000_000,
    };
    let envelope = secret
        .seal(sender, &Material::draw(&mut rng()), plaintext)
        .unwrap();
    text.insert("vts_jwe".to_owned(), envelope);

    assert_eq!(text, recorded.text);
}
