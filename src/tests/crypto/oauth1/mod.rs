//! OAuth 1.0a: the headers of Mastercard's own signers, published base strings, each way to be refused, and forgeries.

use std::sync::LazyLock;

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use standin::crypto::oauth1::{
    Authorization, Dialect, OauthError, Request, SignatureMethod, Signer,
};
use standin::crypto::rsa_key::PrivateKey;

use super::mastercard_test_key;

mod forged;
mod known;
mod refused;

static KEY: LazyLock<PrivateKey> = LazyLock::new(mastercard_test_key);
static SIGNED: LazyLock<String> = LazyLock::new(|| sign(SignatureMethod::RsaSha256, &REQUEST));

const NOW_S: u64 = 1_700_000_000;
const TOLERANCE_S: u32 = 300;
const REQUEST: Request<'_> = Request {
    method: "POST",
    origins: &["https://sandbox.api.mastercard.com"],
    path: "/mdes/digitization/static/1/0/tokenize",
    query: "",
    body: br#"{"requestId":"1"}"#,
};

fn sign(method: SignatureMethod, request: &Request<'_>) -> String {
    let signer = Signer {
        consumer_key: "client!key",
        key: &KEY,
        method,
        dialect: Dialect::Java,
    };
    signer
        .sign(
            &mut ChaCha20Rng::from_seed([3; 32]),
            request,
            "uTeLPs6K",
            NOW_S,
        )
        .unwrap()
}

fn verify(header: &str, request: &Request<'_>) -> Result<Dialect, OauthError> {
    Authorization::parse(header)?.verify(request, KEY.public(), NOW_S, TOLERANCE_S)
}
