//! A key pair that is made when somebody first wants it, or that was given, perhaps without its private half.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::crypto::rsa_key::{KeyError, PrivateKey, PublicKey};
use crate::operations::keyring::Origin;

/// What is known of a key pair.
#[derive(Clone)]
pub(super) enum Half {
    Whole(Arc<PrivateKey>),
    /// An integrator need not hand over more.
    Public(Arc<PublicKey>),
}

impl Half {
    pub(super) fn public(&self) -> &PublicKey {
        match self {
            Self::Whole(key) => key.public(),
            Self::Public(key) => key,
        }
    }
}

/// See the module. `Debug` shows no key.
pub(super) struct Pair {
    /// Where it comes from when it was not given, and under which name.
    drawn: Option<(Origin, &'static str)>,
    half: OnceLock<Result<Half, KeyError>>,
}

impl Pair {
    pub(super) const fn drawn(origin: Origin, name: &'static str) -> Self {
        Self {
            drawn: Some((origin, name)),
            half: OnceLock::new(),
        }
    }

    pub(super) fn given(half: Half) -> Self {
        Self {
            drawn: None,
            half: OnceLock::from(Ok(half)),
        }
    }

    /// Blocks while the pair is being made: a tenth of a second.
    pub(super) fn half(&self) -> Result<&Half, KeyError> {
        let half = self.half.get_or_init(|| {
            let (origin, name) = self.drawn.as_ref().ok_or(KeyError::Failed)?;
            let mut rng = ChaCha20Rng::from_seed(origin.draw(name)?);
            Ok(Half::Whole(Arc::new(PrivateKey::generate(&mut rng)?)))
        });
        half.as_ref().map_err(|error| *error)
    }

    pub(super) fn public(&self) -> Result<&PublicKey, KeyError> {
        self.half().map(Half::public)
    }

    /// # Errors
    /// [`KeyError::NotAPrivateKey`] when only the public half was given.
    pub(super) fn private(&self) -> Result<&Arc<PrivateKey>, KeyError> {
        match self.half()? {
            Half::Whole(key) => Ok(key),
            Half::Public(_) => Err(KeyError::NotAPrivateKey),
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.half.get().is_some()
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pair(***)")
    }
}
