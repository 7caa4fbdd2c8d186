//! A token requestor at Mastercard: signs and seals as its clients do, with the keys of the server under test. The clients that
//! owe nothing to this program are in the script beside `clients/mastercard.rs`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};
use standin::crypto::field_level::{self, Fields, TextForm};
use standin::crypto::jwe::Compact;
use standin::crypto::mastercard_jwe::{self, ContentEncryption, IvLength, Outline};
use standin::crypto::oaep::OaepHash;
use standin::crypto::oauth1::{Dialect, Request, SignatureMethod, Signer};
use standin::crypto::recipient::{KeyNames, Recipient};
use standin::crypto::rsa_key::{PrivateKey, PublicKey};
use standin::operations::SpaceName;
use standin::operations::keyring::Origin;
use standin::operations::network_keys::{NetworkKeys, folder};
use standin::seed::Seed;
use standin::server::Options;

use crate::client::{Answer, Ask, HOST, Stand, options};
use crate::gateway::RUNS;

const DIGITIZATION: &str = "/mdes/digitization/static/1/0";
pub(crate) const TRANSACT: &str = "/mdes/remotetransaction/static/1/0/transact";
pub(crate) const MASTERCARD: &str = "5555555555554444";
pub(crate) const STEP_UP: &str = "5100260000770204";

/// The path of an operation of digitization.
pub(crate) fn path(operation: &str) -> String {
    format!("{DIGITIZATION}/{operation}")
}

/// The keys of both sides. Made once for all tests, because an RSA key takes a while.
pub(crate) struct Keys {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) networks: Arc<NetworkKeys>,
    pub(crate) signing: PrivateKey,
    requests: PublicKey,
    responses: Recipient,
}

/// The keys that the seed of [`options`] makes.
pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let given = options();
    let origin = Origin::Seed(Seed::from_text(&given.seed));
    let none = |_: &str| Err("no such file".to_owned());
    let made = folder::complete(None, none, &origin, &given.accounts).unwrap();
    let files: BTreeMap<_, _> = made
        .into_iter()
        .map(|file| (file.name, file.bytes))
        .collect();
    let text = |name: &str| std::str::from_utf8(&files[name]).unwrap();
    let file = |name: &str| files.get(name).cloned().ok_or_else(|| name.to_owned());
    let networks = folder::read(text("keys.json"), file, &origin, &given.accounts).unwrap();
    let key = |name: &str| PrivateKey::from_pkcs8_pem(text(name)).unwrap();
    let responses = key("mastercard-response-decryption-key.pem");
    Keys {
        signing: key("mastercard-signing-key.pem"),
        requests: networks
            .mastercard
            .requests()
            .unwrap()
            .certificate
            .public()
            .clone(),
        responses: Recipient {
            names: KeyNames::of(responses.public()),
            key: responses,
            encryptions: &ContentEncryption::ALL,
        },
        networks: Arc::new(networks),
        files,
    }
});

/// The options of a server that need not make its keys.
pub(crate) fn keyed() -> Options {
    Options {
        keys: Some(Arc::clone(&KEYS.networks)),
        reports: Some(RUNS.into()),
        ..options()
    }
}

/// In which form a merchant seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Fields,
    Jwe,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Merchant {
    pub(crate) consumer_key: String,
    pub(crate) form: Form,
    /// The time on the client's clock, in Unix seconds.
    pub(crate) now_s: u64,
    pub(crate) nonces: AtomicU64,
}

impl Merchant {
    /// One whose clock is that of a space.
    pub(crate) fn of(stand: &Stand, space: &str, form: Form) -> Self {
        let spaces = stand.server.spaces();
        // One that has not been used yet will begin where the default one stands before anybody moves it.
        let space = spaces.find(&SpaceName::parse(space).unwrap());
        let space = space.or_else(|| spaces.find(&SpaceName::default_space()));
        let space = space.unwrap();
        Self {
            now_s: u64::try_from(space.clock.now().seconds()).unwrap(),
            ..Self::of_keys(form)
        }
    }

    /// One whose clock stands where a manual one begins.
    pub(crate) fn of_keys(form: Form) -> Self {
        Self {
            consumer_key: KEYS.networks.mastercard.consumer_key().to_owned(),
            form,
            now_s: u64::try_from(standin::clock::MANUAL_START.seconds()).unwrap(),
            nonces: AtomicU64::new(0),
        }
    }

    /// The request with its signature.
    pub(crate) fn sign(&self, ask: Ask) -> Ask {
        let header = self.header(&ask, &KEYS.signing);
        ask.header("authorization", header)
    }

    /// The header of a signature by any key.
    pub(crate) fn header(&self, ask: &Ask, key: &PrivateKey) -> String {
        let nonce = format!("nonce{}", self.nonces.fetch_add(1, Ordering::Relaxed));
        let signer = Signer {
            consumer_key: &self.consumer_key,
            key,
            method: SignatureMethod::RsaSha256,
            dialect: Dialect::Node,
        };
        let (path, query) = ask.path.split_once('?').unwrap_or((&ask.path, ""));
        let origin = format!("http://{HOST}");
        let request = Request {
            method: ask.method.as_str(),
            origins: &[origin.as_str()],
            path,
            query,
            body: &ask.body,
        };
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        signer.sign(&mut rng, &request, &nonce, self.now_s).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Ask {
        self.sign(Ask::post(path).json(body))
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.sign(Ask::get(path))
    }

    /// An `encryptedPayload` that holds this.
    pub(crate) fn seal(&self, plain: &Value) -> Value {
        self.seal_bytes(plain.to_string().as_bytes())
    }

    pub(crate) fn seal_bytes(&self, plain: &[u8]) -> Value {
        // One envelope's secrets for all of them, so that a snapshot stays as it is. Nobody else's client may do so.
        let mut rng = ChaCha20Rng::from_seed([9; 32]);
        let to = &KEYS.requests;
        let name = to.fingerprint();
        match self.form {
            Form::Fields => {
                let (text, hash) = (TextForm::Hex, OaepHash::Sha512);
                let sealed = field_level::seal(&mut rng, to, text, hash, Some(&name), plain);
                let sealed = sealed.unwrap();
                json!({
                    "publicKeyFingerprint": sealed.public_key_fingerprint,
                    "encryptedKey": sealed.encrypted_key,
                    "oaepHashingAlgorithm": sealed.oaep_hashing_algorithm,
                    "iv": sealed.iv,
                    "encryptedData": sealed.encrypted_data,
                })
            }
            Form::Jwe => {
                let outline = Outline {
                    key_id: Some(&name),
                    encryption: ContentEncryption::A256Gcm,
                    iv_length: IvLength::Sixteen,
                };
                let sealed = mastercard_jwe::seal(&mut rng, to, &outline, plain).unwrap();
                json!({ "encryptedData": sealed })
            }
        }
    }

    /// What an answer has sealed, which must be in the form that the merchant uses.
    pub(crate) fn open(&self, sealed: &Value) -> Value {
        let text = |name: &str| sealed[name].as_str().map(str::to_owned);
        let data = text("encryptedData").unwrap();
        assert_eq!(data.contains('.'), self.form == Form::Jwe, "{sealed}");
        let plain = match self.form {
            Form::Jwe => {
                let envelope = Compact::parse(&data).unwrap();
                mastercard_jwe::open(&KEYS.responses, &envelope).unwrap()
            }
            Form::Fields => {
                let fields = Fields {
                    iv: text("iv").unwrap(),
                    encrypted_key: text("encryptedKey").unwrap(),
                    encrypted_data: data,
                    oaep_hashing_algorithm: text("oaepHashingAlgorithm"),
                    public_key_fingerprint: text("publicKeyFingerprint"),
                };
                field_level::open(&KEYS.responses, TextForm::Hex, &fields).unwrap()
            }
        };
        serde_json::from_slice(&plain).unwrap()
    }

    /// The account of a number, sealed.
    pub(crate) fn funding(&self, pan: &str) -> Value {
        let plain = json!({
            "cardAccountData": {
                "accountNumber": pan,
                "expiryMonth": "09",
                "expiryYear": "30",
                "securityCode": "123",
            },
            "accountHolderData": { "accountHolderName": "DOE/JANE" },
            "source": "ACCOUNT_ON_FILE",
        });
        json!({ "encryptedPayload": self.seal(&plain) })
    }

    pub(crate) fn tokenize_body(&self, pan: &str, task: &str) -> Value {
        json!({
            "requestId": "request-1",
            "tokenType": "CLOUD",
            "tokenRequestorId": "40000000001",
            "taskId": task,
            "fundingAccountInfo": self.funding(pan),
            "consumerLanguage": "en",
        })
    }

    pub(crate) fn tokenize(&self, pan: &str, task: &str) -> Ask {
        self.post(&path("tokenize"), &self.tokenize_body(pan, task))
    }

    /// The reference of a token that must come about.
    pub(crate) async fn token(&self, stand: &Stand, pan: &str, task: &str) -> String {
        let answer = stand.send(self.tokenize(pan, task)).await.expect(200);
        answer.at("/tokenUniqueReference")
    }

    pub(crate) fn get_token(&self, reference: &str) -> Ask {
        let body = json!({
            "requestId": "request-2",
            "tokenUniqueReference": reference,
            "includeTokenDetail": "true",
        });
        self.post(&path("getToken"), &body)
    }

    pub(crate) fn transact(&self, reference: &str) -> Ask {
        let body = json!({
            "requestId": "request-3",
            "tokenUniqueReference": reference,
            "dsrpType": "UCAF",
            "unpredictableNumber": "23424563",
        });
        self.post(TRANSACT, &body)
    }

    pub(crate) fn change_body(reference: &str, by: &str) -> Value {
        json!({
            "requestId": "request-4",
            "tokenUniqueReferences": [reference],
            "causedBy": by,
            "reasonCode": "SUSPECTED_FRAUD",
            "reason": "Lost or stolen device",
        })
    }

    /// Suspends, unsuspends or deletes.
    pub(crate) fn change(&self, operation: &str, reference: &str, by: &str) -> Ask {
        self.post(&path(operation), &Self::change_body(reference, by))
    }
}

/// How a token stands, in one line: status and who holds it.
pub(crate) fn status(token: &Value) -> String {
    let by = token["suspendedBy"].as_array().into_iter().flatten();
    let by: Vec<_> = by.map(|by| by.as_str().unwrap()).collect();
    let status = token["status"].as_str().unwrap();
    format!("{status} {}", by.join(",")).trim_end().to_owned()
}

/// The code of an application error.
pub(crate) fn code(answer: &Answer) -> String {
    assert_eq!(answer.at("/errors/0/reasonCode"), answer.at("/errorCode"));
    answer.at("/errorCode")
}
