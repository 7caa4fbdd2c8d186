//! What passes between Mastercard and a requestor before the first call: the consumer key and the key that signs requests
//! (OAuth 1.0a), the certificate that requests are sealed for, and the key that answers are sealed for (Mastercard's
//! oauth1-signer and client-encryption are configured with these); and the key with which Checkout Solutions signs its
//! answers.
//!
//! Four RSA keys take almost half a second to make, so each is made when it is first wanted.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::pair::{Half, Pair};
use crate::crypto::certificate::{Certificate, Subject};
use crate::crypto::encoding::hex;
use crate::crypto::mastercard_jwe::ContentEncryption;
use crate::crypto::recipient::{KeyNames, Recipient};
use crate::crypto::rsa_key::{KeyError, PrivateKey, PublicKey};
use crate::operations::keyring::Origin;

const SIGNING: &str = "mastercard-signing";
const RESPONSES: &str = "mastercard-responses";
const REQUESTS: &str = "mastercard-requests";
const ANSWERS: &str = "mastercard-answers";
/// 2020-01-01 and 2099-12-31: nobody checks them, and a fixed span keeps the certificate the same from run to run.
const VALID_FROM_S: i64 = 1_577_836_800;
const VALID_TO_S: i64 = 4_102_358_400;

/// The credentials of one token requestor at Mastercard. `Debug` shows the consumer key, which is a name, and no secret.
pub struct MastercardKeys {
    consumer_key: String,
    /// The requestor's own: signs its requests.
    signing: Pair,
    /// The requestor's own: opens what it is answered.
    responses: Pair,
    /// Mastercard's: opens what requests carry.
    requests: Requests,
    /// Mastercard's: signs the answers of Checkout Solutions.
    answers: Pair,
}

/// The key that requests are sealed for, and its certificate.
#[derive(Debug)]
pub struct RequestKey {
    pub recipient: Recipient,
    pub certificate: Certificate,
}

struct Requests {
    origin: Option<Origin>,
    made: OnceLock<Result<RequestKey, KeyError>>,
}

/// What a folder of keys gives in place of what would be made.
#[derive(Clone)]
pub(super) struct KeySource {
    pub(super) consumer_key: String,
    pub(super) signing: Half,
    pub(super) responses: Half,
    /// None draws it.
    pub(super) requests: Option<(Arc<PrivateKey>, Certificate)>,
    /// None draws it.
    pub(super) answers: Option<Arc<PrivateKey>>,
}

impl MastercardKeys {
    /// # Errors
    /// [`KeyError`] when the machine has no randomness to give.
    pub(super) fn make(origin: &Origin) -> Result<Self, KeyError> {
        Ok(Self {
            consumer_key: consumer_key(origin)?,
            signing: Pair::drawn(origin.clone(), SIGNING),
            responses: Pair::drawn(origin.clone(), RESPONSES),
            requests: Requests::drawn(origin.clone()),
            answers: Pair::drawn(origin.clone(), ANSWERS),
        })
    }

    /// # Errors
    /// [`KeyError`] when a given key cannot be copied, which its reading has ruled out.
    pub(super) fn given(given: KeySource, origin: &Origin) -> Result<Self, KeyError> {
        let requests = match given.requests {
            Some((key, certificate)) => Requests::given(&key, certificate)?,
            None => Requests::drawn(origin.clone()),
        };
        let answers = given.answers.map(Half::Whole);
        Ok(Self {
            consumer_key: given.consumer_key,
            signing: Pair::given(given.signing),
            responses: Pair::given(given.responses),
            requests,
            answers: answers.map_or_else(|| Pair::drawn(origin.clone(), ANSWERS), Pair::given),
        })
    }

    /// Names the requestor in the OAuth header of every request: client id, `!`, key id; 97 characters.
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// What verifies the requestor's signatures. Blocks while it is being made.
    pub fn signing(&self) -> Result<&PublicKey, KeyError> {
        self.signing.public()
    }

    /// For whom answers are sealed. Blocks while it is being made.
    pub fn responses(&self) -> Result<&PublicKey, KeyError> {
        self.responses.public()
    }

    /// What opens requests. Blocks while it is being made.
    pub fn requests(&self) -> Result<&RequestKey, KeyError> {
        let made = self.requests.made.get_or_init(|| {
            let origin = self.requests.origin.clone().ok_or(KeyError::Failed)?;
            let pair = Pair::drawn(origin, REQUESTS);
            let key = pair.private()?;
            let certificate = certificate(key, "standin request encryption")?;
            RequestKey::new(key, certificate)
        });
        made.as_ref().map_err(|error| *error)
    }

    /// What signs the answers of Checkout Solutions. Blocks while it is being made.
    pub fn answers(&self) -> Result<&PrivateKey, KeyError> {
        self.answers.private().map(Arc::as_ref)
    }

    /// Makes what has not been made yet, each key on a thread of its own. Blocks until all are there.
    pub fn make_all(&self) {
        std::thread::scope(|threads| {
            threads.spawn(|| self.signing().is_ok());
            threads.spawn(|| self.responses().is_ok());
            threads.spawn(|| self.requests().is_ok());
            threads.spawn(|| self.answers().is_ok());
        });
    }

    /// Whether nobody would have to wait for a key.
    pub fn is_ready(&self) -> bool {
        let pairs = [&self.signing, &self.responses, &self.answers];
        pairs.into_iter().all(Pair::is_ready) && self.requests.made.get().is_some()
    }

    /// The requestor's own keys, for handing them out: the one that signs and the one that opens answers.
    pub(super) fn of_requestor(&self) -> Result<[&Arc<PrivateKey>; 2], KeyError> {
        Ok([self.signing.private()?, self.responses.private()?])
    }
}

impl Requests {
    const fn drawn(origin: Origin) -> Self {
        Self {
            origin: Some(origin),
            made: OnceLock::new(),
        }
    }

    fn given(key: &PrivateKey, certificate: Certificate) -> Result<Self, KeyError> {
        Ok(Self {
            origin: None,
            made: OnceLock::from(Ok(RequestKey::new(key, certificate)?)),
        })
    }
}

impl RequestKey {
    fn new(key: &PrivateKey, certificate: Certificate) -> Result<Self, KeyError> {
        let names = KeyNames::of(key.public()).with_certificate(certificate.der());
        Ok(Self {
            recipient: Recipient {
                key: PrivateKey::from_pkcs8_der(&key.to_pkcs8_der()?)?,
                names,
                encryptions: &ContentEncryption::ALL,
            },
            certificate,
        })
    }
}

/// A certificate by which a key is handed on. Its serial number follows from the key.
pub(super) fn certificate(key: &PrivateKey, name: &str) -> Result<Certificate, KeyError> {
    let fingerprint = key.public().fingerprint();
    // The first digit keeps the number positive and free of leading zeros, as X.509 wants it.
    let serial = [&[0x01], &fingerprint.as_bytes()[..15]].concat();
    let subject = Subject {
        common_name: name,
        serial: &serial,
        not_before_s: VALID_FROM_S,
        not_after_s: VALID_TO_S,
    };
    Certificate::self_signed(key, &subject).map_err(|_| KeyError::Failed)
}

fn consumer_key(origin: &Origin) -> Result<String, KeyError> {
    let half = |name| origin.draw(name).map(|drawn| hex(&drawn[..24]));
    let (client, key) = (half("mastercard-client-id")?, half("mastercard-key-id")?);
    Ok(format!("{client}!{key}"))
}

impl fmt::Debug for MastercardKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MastercardKeys({}, ***)", self.consumer_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    /// Takes a moment, because eight keys are made.
    #[test]
    fn a_seed_gives_the_same_keys() {
        let make = || {
            let keys = MastercardKeys::make(&Origin::Seed(Seed::from_text("keys"))).unwrap();
            assert!(!keys.is_ready());
            keys.make_all();
            assert!(keys.is_ready());
            keys
        };
        let (one, other) = (make(), make());
        assert_eq!(one.consumer_key(), other.consumer_key());
        assert_eq!(one.consumer_key().len(), 97);
        let public = |keys: &MastercardKeys| {
            [
                keys.signing().unwrap().fingerprint(),
                keys.responses().unwrap().fingerprint(),
                keys.answers().unwrap().public().fingerprint(),
                keys.requests().unwrap().certificate.to_pem(),
            ]
        };
        assert_eq!(public(&one), public(&other));
        let distinct: std::collections::HashSet<_> = public(&one).into_iter().collect();
        assert_eq!(distinct.len(), 4);
        let request = one.requests().unwrap();
        assert!(
            request
                .recipient
                .names
                .include(&request.certificate.public().fingerprint())
        );
        assert_eq!(
            format!("{one:?}"),
            format!("MastercardKeys({}, ***)", one.consumer_key())
        );
    }
}
