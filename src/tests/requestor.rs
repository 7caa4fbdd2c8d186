//! A token requestor at Visa: signs and seals as its clients do, with the keys of the server under test. The client that owes
//! nothing to this program is the script beside `clients/visa.rs`.

use serde_json::{Value, json};
use standin::crypto::jwe::Compact;
use standin::crypto::vts_jwe::{Material, Sender};
use standin::crypto::xpay::{Form, PayToken, SignedRequest};
use standin::operations::SpaceName;
use standin::operations::network_keys::VisaKeys;

use crate::client::{Answer, Ask, Stand};

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Requestor {
    pub(crate) keys: VisaKeys,
    /// The time on the client's clock, in Unix seconds.
    pub(crate) now_s: u64,
}

impl Requestor {
    /// One whose clock is that of a space.
    pub(crate) fn of(stand: &Stand, space: &str) -> Self {
        let spaces = stand.server.spaces();
        // One that has not been used yet will begin where the default one stands before anybody moves it.
        let space = spaces.find(&SpaceName::parse(space).unwrap());
        let space = space.or_else(|| spaces.find(&SpaceName::default_space()));
        let space = space.unwrap();
        Self {
            keys: spaces.config().networks.visa.clone(),
            now_s: u64::try_from(space.clock.now().seconds()).unwrap(),
        }
    }

    /// The request with the API key and the signature, over whatever path, query and body it has.
    pub(crate) fn sign(&self, ask: Ask) -> Ask {
        self.sign_with_key(ask, self.keys.api_key())
    }

    pub(crate) fn sign_with_key(&self, mut ask: Ask, key: &str) -> Ask {
        let join = if ask.path.contains('?') { '&' } else { '?' };
        ask.path = format!("{}{join}apiKey={key}", ask.path);
        let (path, query) = ask.path.split_once('?').unwrap();
        let request = SignedRequest {
            paths: &[path],
            query,
            body: &ask.body,
        };
        let token = PayToken::sign(self.keys.signing(), Form::Xv2, self.now_s, &request);
        ask.header("x-pay-token", token.to_header())
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.sign(Ask::get(path))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Ask {
        self.sign(Ask::post(path).json(body))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Ask {
        self.sign(Ask::new("PUT", path).json(body))
    }

    pub(crate) fn seal(&self, plain: &Value) -> String {
        self.seal_bytes(plain.to_string().as_bytes())
    }

    pub(crate) fn seal_bytes(&self, plain: &[u8]) -> String {
        // One envelope's secrets for all of them, so that a snapshot stays as it is. Nobody else's client may do so.
        let material = Material {
            content_key: [1; 32],
            key_iv: [2; 12],
            content_iv: [3; 12],
        };
        let sealed = self
            .keys
            .encryption()
            .seal(Sender::Client, &material, plain);
        sealed.unwrap()
    }

    pub(crate) fn open(&self, envelope: &str) -> Value {
        let plain = self
            .keys
            .encryption()
            .open(&Compact::parse(envelope).unwrap());
        serde_json::from_slice(&plain.unwrap()).unwrap()
    }

    /// A card as visa/mcp seals it, with month and year as texts.
    pub(crate) fn card(&self, pan: &str) -> Value {
        let plain = json!({
            "accountNumber": pan,
            "name": "Jane Doe",
            "expirationDate": { "month": "12", "year": "2030" },
            "cvv2": "123",
        });
        json!({
            "locale": "en_US",
            "clientAppID": "standin-app",
            "clientWalletAccountID": "40000000001",
            "panSource": "MANUALLYENTERED",
            "consumerEntryMode": "KEYENTERED",
            "encPaymentInstrument": self.seal(&plain),
        })
    }

    pub(crate) fn payment_data(&self, token: &str, kind: &str) -> Ask {
        let body = json!({
            "clientPaymentDataID": "payment-1",
            "cryptogramType": kind,
            "paymentRequest": { "transactionType": "ECOM" },
        });
        self.post(
            &format!("/vts/provisionedTokens/{token}/paymentData"),
            &body,
        )
    }

    /// Suspends, resumes or deletes.
    pub(crate) fn change(&self, token: &str, verb: &str) -> Ask {
        let body = json!({ "updateReason": { "reasonCode": "CUSTOMER_CONFIRMED" } });
        self.put(&format!("/vts/provisionedTokens/{token}/{verb}"), &body)
    }

    pub(crate) fn status(&self, token: &str) -> Ask {
        self.get(&format!("/vts/provisionedTokens/{token}"))
    }

    /// Enrols a card and provisions a token of it, which must succeed.
    pub(crate) async fn tokenize(&self, stand: &Stand, pan: &str) -> Answer {
        let enrol = self.post("/vts/panEnrollments", &self.card(pan));
        let card = stand.send(enrol).await.expect(201).at("/vPanEnrollmentID");
        let path = format!("/vts/panEnrollments/{card}/provisionedTokens");
        let body = json!({ "presentationType": ["ECOM"], "protectionType": "CLOUD" });
        stand.send(self.post(&path, &body)).await.expect(201)
    }
}
