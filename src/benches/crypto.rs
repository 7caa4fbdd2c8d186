//! What a message costs beside the primitive inside it, called straight from the library that has it.
//!
//! Run it with `cargo bench --bench crypto`. The ratio is what counts: how much of the primitive's speed is left once the
//! message around it has been read and checked.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot go on should stop where it is"
)]

use std::hint::black_box;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use ring::{aead, hmac, signature};
use standin::crypto::digest::sha256;
use standin::crypto::field_level::{self, TextForm};
use standin::crypto::jwe::Compact;
use standin::crypto::mastercard_jwe::{self, ContentEncryption, IvLength, Outline};
use standin::crypto::oaep::OaepHash;
use standin::crypto::oauth1::{self, Authorization, Dialect, SignatureMethod, Signer};
use standin::crypto::recipient::{KeyNames, Recipient};
use standin::crypto::rsa_key::PrivateKey;
use standin::crypto::vts_jwe::{EncryptionSecret, Material, Sender};
use standin::crypto::xpay::{self, Form, PayToken, Policy, SharedSecret};
use standin::domain::cryptogram::{Claims, Long, TokenKey};
use standin::domain::id::TokenReference;
use standin::domain::moment::Moment;
use standin::seed::Seed;
use tokio::time::Instant;

/// How long each side of a comparison runs, once for each round.
const SPAN: Duration = Duration::from_millis(60);
const ROUNDS: usize = 9;
const NOW_S: u64 = 1_700_000_000;
/// About what a request for a token weighs.
const BODY: &[u8] = &[b'x'; 700];

fn main() {
    let key = PrivateKey::generate(&mut ChaCha20Rng::from_seed([7; 32])).unwrap();
    pay_token();
    oauth(&key);
    shared_secret_envelope();
    sealed_for_a_key(key);
    cryptogram();
}

/// Prints operations per second of both and the median of their ratios, taken round by round.
fn compare(name: &str, mut ours: impl FnMut(), bare_name: &str, mut bare: impl FnMut()) {
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| (rate(&mut ours), rate(&mut bare)))
        .collect();
    rounds.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    let (ours, bare) = rounds[ROUNDS / 2];
    println!(
        "{name:<28} {ours:>9.0} a second, {bare_name:<24} {bare:>9.0}, ratio {:.2}",
        ours / bare
    );
}

fn rate(run: &mut impl FnMut()) -> f64 {
    let (mut done, begun) = (0_u32, Instant::now());
    while begun.elapsed() < SPAN {
        for _ in 0..16 {
            run();
        }
        done += 16;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

fn pay_token() {
    let secret = SharedSecret::new("a shared secret of forty characters or so");
    let request = xpay::SignedRequest {
        paths: &["/vts/provisionedTokens"],
        query: "apiKey=KEY",
        body: BODY,
    };
    let header = PayToken::sign(&secret, Form::Xv2, NOW_S, &request).to_header();
    let policy = Policy {
        tolerance_s: 60,
        older_form: false,
    };
    let bare = hmac::Key::new(
        hmac::HMAC_SHA256,
        b"a shared secret of forty characters or so",
    );
    let tag = hmac::sign(&bare, BODY);
    compare(
        "x-pay-token verification",
        || {
            let token = PayToken::parse(black_box(&header)).unwrap();
            token.verify(&secret, &request, NOW_S, policy).unwrap();
        },
        "HMAC-SHA256 (ring)",
        || hmac::verify(&bare, black_box(BODY), tag.as_ref()).unwrap(),
    );
}

fn oauth(key: &PrivateKey) {
    let signer = Signer {
        consumer_key: "a-client-id!a-key-id",
        key,
        method: SignatureMethod::RsaSha256,
        dialect: Dialect::ALL[0],
    };
    let request = oauth1::Request {
        method: "POST",
        origins: &["http://127.0.0.1:4111"],
        path: "/mdes/digitization/static/1/0/tokenize",
        query: "",
        body: BODY,
    };
    let mut chance = ChaCha20Rng::from_seed([1; 32]);
    let header = signer.sign(&mut chance, &request, "nonce", NOW_S).unwrap();
    let signed = key.sign_rs256(BODY).unwrap();
    let public = signature::RsaPublicKeyComponents {
        n: key.public().modulus().to_vec(),
        e: key.public().exponent().to_vec(),
    };
    compare(
        "OAuth 1.0a verification",
        || {
            let header = Authorization::parse(black_box(&header)).unwrap();
            header.verify(&request, key.public(), NOW_S, 60).unwrap();
        },
        "RSA-SHA256 (ring)",
        || {
            let kind = &signature::RSA_PKCS1_2048_8192_SHA256;
            public.verify(kind, black_box(BODY), &signed).unwrap();
        },
    );
}

fn shared_secret_envelope() {
    let secret = EncryptionSecret::new("key", "an encryption secret");
    let material = Material::draw(&mut ChaCha20Rng::from_seed([2; 32]));
    let envelope = secret.seal(Sender::Client, &material, BODY).unwrap();
    let bare = aead::UnboundKey::new(&aead::AES_256_GCM, &[3; 32]).unwrap();
    let bare = aead::LessSafeKey::new(bare);
    let nonce = || aead::Nonce::assume_unique_for_key([4; 12]);
    let mut sealed = BODY.to_vec();
    bare.seal_in_place_append_tag(nonce(), aead::Aad::empty(), &mut sealed)
        .unwrap();
    compare(
        "JWE open, shared secret",
        || {
            let envelope = Compact::parse(black_box(&envelope)).unwrap();
            secret.open(&envelope).unwrap();
        },
        "AES-256-GCM open (ring)",
        || {
            let mut copy = black_box(&sealed).clone();
            bare.open_in_place(nonce(), aead::Aad::empty(), &mut copy)
                .unwrap();
        },
    );
}

fn sealed_for_a_key(key: PrivateKey) {
    let mut chance = ChaCha20Rng::from_seed([5; 32]);
    let outline = Outline {
        key_id: None,
        encryption: ContentEncryption::A256Gcm,
        iv_length: IvLength::Sixteen,
    };
    let envelope = mastercard_jwe::seal(&mut chance, key.public(), &outline, BODY).unwrap();
    let public = key.public();
    let hash = OaepHash::Sha256;
    let fields = field_level::seal(&mut chance, public, TextForm::Hex, hash, None, BODY).unwrap();
    let wrapped = public.encrypt(&mut chance, hash, &[6; 16]).unwrap();
    let recipient = Recipient {
        names: KeyNames::of(public),
        key,
        encryptions: &ContentEncryption::ALL,
    };
    let bare = || {
        let opened = recipient.key.decrypt(hash, black_box(&wrapped));
        opened.unwrap();
    };
    compare(
        "JWE open, RSA",
        || {
            let envelope = Compact::parse(black_box(&envelope)).unwrap();
            mastercard_jwe::open(&recipient, &envelope).unwrap();
        },
        "RSA-OAEP decrypt (rsa)",
        bare,
    );
    compare(
        "field-level open",
        || {
            field_level::open(&recipient, TextForm::Hex, black_box(&fields)).unwrap();
        },
        "RSA-OAEP decrypt (rsa)",
        bare,
    );
}

fn cryptogram() {
    let seed = Seed::from_text("bench");
    let token = TokenReference::from_bytes(sha256(b"token")[..16].try_into().unwrap());
    let claims = Claims {
        counter: 7,
        issued: Moment::from_seconds(1_700_000_000),
        limit: None,
    };
    let key = TokenKey::derive(&seed, &token);
    let minted = Long::mint(&key, claims);
    let bare = hmac::Key::new(hmac::HMAC_SHA256, &[9; 32]);
    compare(
        "TAVV mint, key and all",
        || {
            let key = TokenKey::derive(&seed, black_box(&token));
            black_box(Long::mint(&key, claims).base64());
        },
        "HMAC-SHA256 (ring)",
        || {
            black_box(hmac::sign(&bare, black_box(&[0; 13])));
        },
    );
    compare(
        "TAVV check, key at hand",
        || {
            black_box(&minted).open(&key).unwrap();
        },
        "HMAC-SHA256 (ring)",
        || {
            black_box(hmac::sign(&bare, black_box(&[0; 13])));
        },
    );
}
