//! The server's own key pairs. Making one takes a tenth of a second, so it happens on a thread of its own when the server
//! starts, and whoever needs the key first waits for it.

use std::sync::{Arc, OnceLock};

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::crypto::mastercard_jwe::ContentEncryption;
use crate::crypto::recipient::{KeyNames, Recipient};
use crate::crypto::rsa_key::{KeyError, PrivateKey};
use crate::seed::{Purpose, Seed};

/// Where key pairs come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// From the seed, so that two runs sign the same bytes. Whoever knows the seed can sign too.
    Seed(Seed),
    /// From the operating system's randomness.
    Machine,
}

impl Origin {
    /// The randomness of the key or secret with this name.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the machine has none to give.
    pub fn draw(&self, name: &str) -> Result<[u8; 32], KeyError> {
        match self {
            Self::Seed(seed) => Ok(seed.derive(Purpose::KeyPair, &[name.as_bytes()])),
            Self::Machine => from_machine(),
        }
    }
}

/// Two key pairs: cards are sealed to the first, and tokens to the second, which the client is given.
#[derive(Debug)]
pub struct TokenServiceKeys {
    pub own: Recipient,
    pub client: PrivateKey,
}

impl TokenServiceKeys {
    /// What both sides call the service's key.
    pub const KEY_ID: &str = "standin-token-service";
}

/// The keys of one server. A copy has those that have been made.
#[derive(Debug, Clone)]
pub struct Keyring {
    origin: Origin,
    access_tokens: OnceLock<Result<Arc<PrivateKey>, KeyError>>,
    token_service: OnceLock<Result<Arc<TokenServiceKeys>, KeyError>>,
}

impl Keyring {
    pub const fn new(origin: Origin) -> Self {
        Self {
            origin,
            access_tokens: OnceLock::new(),
            token_service: OnceLock::new(),
        }
    }

    /// The key that signs access tokens. Blocks while it is being made.
    pub fn access_tokens(&self) -> Result<Arc<PrivateKey>, KeyError> {
        self.access_tokens
            .get_or_init(|| self.make("access-tokens").map(Arc::new))
            .clone()
    }

    /// The keys of the token service that orchestrators use, its own and its client's. Blocks while they are being made.
    pub fn token_service(&self) -> Result<Arc<TokenServiceKeys>, KeyError> {
        let make = || {
            let key = self.make("token-service")?;
            let names = KeyNames::of(key.public()).with_text(TokenServiceKeys::KEY_ID);
            Ok(Arc::new(TokenServiceKeys {
                own: Recipient {
                    key,
                    names,
                    encryptions: &ContentEncryption::ALL,
                },
                client: self.make("token-service-client")?,
            }))
        };
        self.token_service.get_or_init(make).clone()
    }

    fn make(&self, name: &str) -> Result<PrivateKey, KeyError> {
        let seed = self.origin.draw(name)?;
        PrivateKey::generate(&mut ChaCha20Rng::from_seed(seed))
    }
}

fn from_machine() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    let system = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&system, &mut bytes).map_err(|_| KeyError::Failed)?;
    Ok(bytes)
}
