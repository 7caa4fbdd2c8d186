//! Sealing what the token service tells its client. The same request at the same instant is sealed into the same bytes.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::keyring::TokenServiceKeys;
use super::space::Space;
use crate::crypto::jwe::JweError;
use crate::crypto::mastercard_jwe::{ContentEncryption, IvLength, Outline, seal};
use crate::seed::Purpose;

/// A compact JWE to the client's key.
pub fn seal_for_client(
    space: &Space,
    keys: &TokenServiceKeys,
    receipt: &[u8; 16],
    plain: &[u8],
) -> Result<String, JweError> {
    let outline = Outline {
        key_id: Some(TokenServiceKeys::KEY_ID),
        encryption: ContentEncryption::A128Gcm,
        iv_length: IvLength::Twelve,
    };
    let seed = space.seed.derive(Purpose::Receipt, &[b"seal", receipt]);
    let mut rng = ChaCha20Rng::from_seed(seed);
    seal(&mut rng, keys.client.public(), &outline, plain)
}
