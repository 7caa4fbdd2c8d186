//! The folder of keys: what `standin keys` writes, and what a server reads of it or of an integrator's own.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use standin::crypto::certificate::Certificate;
use standin::crypto::rsa_key::PrivateKey;
use standin::domain::account::Accounts;
use standin::operations::OnFirstUse;
use standin::operations::keyring::Origin;
use standin::operations::network_keys::NetworkKeys;
use standin::operations::network_keys::folder::{self, FolderError};
use standin::seed::Seed;

use crate::cli::{Folder, printed, standin};

type Files = BTreeMap<String, Vec<u8>>;

fn accounts() -> OnFirstUse<Accounts> {
    Accounts::parse(include_str!("../../fixtures/accounts.toml"))
        .unwrap()
        .into()
}

fn origin() -> Origin {
    Origin::Seed(Seed::from_text("keys"))
}

fn files(folder: &Folder) -> Files {
    let entries = std::fs::read_dir(&folder.0).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

fn file_of(files: &Files) -> impl Fn(&str) -> Result<Vec<u8>, String> {
    |name| {
        files
            .get(name)
            .cloned()
            .ok_or_else(|| "no such file".to_owned())
    }
}

fn read(files: &Files, index: &Value) -> Result<NetworkKeys, FolderError> {
    folder::read(&index.to_string(), file_of(files), &origin(), &accounts())
}

/// Everything that a folder is made of, as `standin keys --seed keys` writes it. Made once, because four keys take a moment.
fn written() -> &'static Files {
    static FILES: std::sync::LazyLock<Files> = std::sync::LazyLock::new(|| {
        let none = |_: &str| Err("no such file".to_owned());
        let files = folder::complete(None, none, &origin(), &accounts()).unwrap();
        files
            .into_iter()
            .map(|file| (file.name, file.bytes))
            .collect()
    });
    &FILES
}

fn index() -> Value {
    serde_json::from_slice(&written()["keys.json"]).unwrap()
}

/// Takes some seconds, because a fresh process makes the four keys.
#[test]
fn the_command_writes_a_folder_that_the_seed_decides() {
    let folder = Folder::new("keys-seeded");
    let dir = folder.0.to_str().unwrap();
    let said = printed(&["keys", "--dir", dir, "--seed", "keys"]);
    let found = files(&folder);
    assert_eq!(said.lines().count(), found.len());
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        written().keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &found {
        // The keystore's salt is the library's own; what is in it is compared when it is read.
        assert!(
            name.ends_with(".p12") || *bytes == written()[name],
            "{name}"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.0.join(name))
                .unwrap()
                .permissions()
                .mode();
            let public = name.ends_with("certificate.pem");
            assert_eq!(mode & 0o777, if public { 0o644 } else { 0o600 }, "{name}");
        }
    }
    let index = index();
    let names = |member: &str| -> Vec<String> {
        index[member].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(
        names("mastercard"),
        [
            "consumer_key",
            "signing_p12",
            "signing_p12_password",
            "signing_key_pem",
            "request_encryption_certificate",
            "response_decryption_key"
        ]
    );
    assert_eq!(
        names("visa"),
        [
            "api_key",
            "shared_secret",
            "encryption_api_key",
            "encryption_shared_secret"
        ]
    );
    let again = printed(&["keys", "--dir", dir]);
    assert!(again.contains("lacks nothing"), "{again}");
    assert_eq!(files(&folder), found);
    let keys = read(&found, &index).unwrap();
    let made = NetworkKeys::make(&origin(), &accounts()).unwrap();
    let (one, other) = (&keys.mastercard, &made.mastercard);
    assert_eq!(one.consumer_key(), other.consumer_key());
    let prints = |keys: &NetworkKeys| {
        let keys = &keys.mastercard;
        [
            keys.signing().unwrap().fingerprint(),
            keys.responses().unwrap().fingerprint(),
            keys.requests().unwrap().certificate.to_pem(),
            keys.answers().unwrap().public().fingerprint(),
        ]
    };
    assert_eq!(prints(&keys), prints(&made));
    assert_eq!(keys.visa.shared_secret(), made.visa.shared_secret());
    assert_eq!(keys.owner(), made.owner());
}

/// The client's folder with public halves only, as an integrator may hand it over.
fn public_only() -> (Files, Value) {
    let key = |name| PrivateKey::from_pkcs8_pem(text(written(), name)).unwrap();
    let signing = key("mastercard-signing-key.pem");
    let responses = key("mastercard-response-decryption-key.pem");
    let files = Files::from([
        (
            "a.pem".to_owned(),
            signing.public().to_spki_pem().unwrap().into_bytes(),
        ),
        (
            "b.pem".to_owned(),
            responses.public().to_spki_pem().unwrap().into_bytes(),
        ),
    ]);
    let index = json!({
        "account": "standin-unique",
        "mastercard": { "consumer_key": "id!key", "signing_key_pem": "a.pem", "response_decryption_key": "b.pem" },
    });
    (files, index)
}

#[test]
fn public_halves_are_enough_once_the_network_has_added_its_own() {
    let (mut found, index) = public_only();
    let error = read(&found, &index).err().unwrap().to_string();
    assert!(
        error.contains("mastercard.request_encryption_certificate"),
        "{error}"
    );
    assert!(error.contains("standin keys"), "{error}");
    let more = folder::complete(
        Some(&index.to_string()),
        file_of(&found),
        &origin(),
        &accounts(),
    );
    for file in more.unwrap() {
        found.insert(file.name, file.bytes);
    }
    let index: Value = serde_json::from_slice(&found["keys.json"]).unwrap();
    assert_eq!(index["mastercard"]["consumer_key"], "id!key");
    assert_eq!(index["mastercard"]["signing_key_pem"], "a.pem");
    let keys = read(&found, &index).unwrap();
    assert_eq!(keys.owner(), accounts().find("standin-unique").unwrap().0);
    assert_eq!(keys.mastercard.consumer_key(), "id!key");
    let certificate = index["mastercard"]["request_encryption_certificate"]
        .as_str()
        .unwrap();
    let certificate = Certificate::from_pem(text(&found, certificate)).unwrap();
    let key = &keys.mastercard.requests().unwrap().recipient.key;
    assert_eq!(
        key.public().fingerprint(),
        certificate.public().fingerprint()
    );
}

#[test]
fn what_is_wrong_is_named_with_its_member_and_file() {
    let rows: [(&str, Value, &str); 12] = [
        (
            "/mastercard/consumer_key",
            json!(""),
            "mastercard.consumer_key must be visible",
        ),
        (
            "/mastercard/consumer_key",
            json!("a@b"),
            "mastercard.consumer_key must be visible",
        ),
        (
            "/mastercard/consumer_key",
            json!(5),
            "keys.json: invalid type",
        ),
        (
            "/mastercard/consumer_kee",
            json!("a"),
            "unknown field `consumer_kee`",
        ),
        (
            "/mastercard/signing_key_pem",
            json!("x.pem"),
            "mastercard.signing_key_pem: x.pem: no such file",
        ),
        (
            "/mastercard/signing_key_pem",
            json!("mastercard-response-decryption-key.pem"),
            "mastercard.signing_p12 holds another key",
        ),
        (
            "/mastercard/signing_key_pem",
            json!("keys.json"),
            "keys.json: is not an RSA private key",
        ),
        (
            "/mastercard/signing_p12_password",
            json!("wrong"),
            "password is wrong",
        ),
        (
            "/mastercard/response_decryption_key",
            json!("mastercard-signing.p12"),
            "is not text",
        ),
        (
            "/mastercard/request_encryption_certificate",
            json!("mastercard-signing-key.pem"),
            "mastercard.request_encryption_certificate: mastercard-signing-key.pem: is not an X.509",
        ),
        (
            "/standin/mastercard_request_decryption_key",
            json!("mastercard-signing-key.pem"),
            "is for another key",
        ),
        ("/account", json!("nobody"), "account names no account"),
    ];
    for (place, value, says) in rows {
        let mut index = index();
        let (object, member) = place.rsplit_once('/').unwrap();
        index.pointer_mut(object).unwrap()[member] = value;
        let error = read(written(), &index).err().unwrap().to_string();
        assert!(error.contains(says), "{place}: {error}");
        assert!(!error.contains("PRIVATE"), "{error}");
    }
    let error = folder::read("{", file_of(written()), &origin(), &accounts())
        .err()
        .unwrap();
    assert!(error.to_string().starts_with("keys.json: EOF"), "{error}");
}

/// Whoever runs a client finds the id there that the networks want; one of another account is a mistake.
#[test]
fn the_index_tells_the_token_requestor_id_of_the_account() {
    let mut index = index();
    assert_eq!(index["token_requestor_id"], "40000000001");
    index["token_requestor_id"] = json!("40000000002");
    let error = read(written(), &index).err().unwrap().to_string();
    assert!(
        error.contains("token_requestor_id is not 40000000001"),
        "{error}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = Folder::new("keys-missing");
    let output = standin(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--keys",
        folder.0.to_str().unwrap(),
    ]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("keys.json"), "{said}");
}
