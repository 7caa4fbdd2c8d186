//! Values that a surface shows once and that nothing keeps: drawn from the seed, so that the same call gives the same bytes.

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::space::Space;
use crate::crypto::encoding::{base58, base64_url, hex};
use crate::crypto::jwe::JweError;
use crate::crypto::vts_jwe::{Material, Sender};
use crate::domain::id::TokenReference;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Message, MessageKey};
use crate::seed::Purpose;

/// By what an exchange is spoken of in a support case: 32 hexadecimal digits. It follows from what was asked and when.
pub fn correlation_id(space: &Space, now: Moment, asked: &[&[u8]]) -> String {
    let at = now.micros().to_be_bytes();
    let inputs: Vec<&[u8]> = std::iter::once(&at[..])
        .chain(asked.iter().copied())
        .collect();
    hex(&space.seed.derive16(Purpose::Correlation, &inputs))
}

/// The name of the payment data in which a cryptogram was handed out: 32 hexadecimal digits.
pub fn payment_data_id(space: &Space, token: &TokenReference, counter: u32) -> String {
    let inputs: [&[u8]; 2] = [token.bytes(), &counter.to_be_bytes()];
    hex(&space.seed.derive16(Purpose::PaymentData, &inputs))
}

/// The secret of a payment that a page in a browser names it with: 22 base58 letters.
pub fn client_secret(space: &Space, payment: &str) -> String {
    base58(
        space
            .seed
            .derive16(Purpose::ClientSecret, &[payment.as_bytes()]),
    )
}

/// What a device is to sign: 43 base64url characters. It follows from the token, the client's own reference and the time.
pub fn challenge(space: &Space, token: &TokenReference, reference: &str, now: Moment) -> String {
    let at = now.micros().to_be_bytes();
    let inputs: [&[u8]; 4] = [token.bytes(), b"challenge", reference.as_bytes(), &at];
    base64_url(&space.seed.derive(Purpose::StepUp, &inputs))
}

/// Seals a plaintext as Visa does. The material follows from the key's name, the plaintext and the time that the header
/// tells, so it comes twice only if the whole envelope does.
///
/// # Errors
/// [`JweError`] if the cipher refuses the material, which its lengths rule out.
pub fn seal_as_visa(space: &Space, now: Moment, plaintext: &[u8]) -> Result<String, JweError> {
    let secret = space.config.networks.visa.encryption();
    let issued_at_s = u64::try_from(now.seconds()).unwrap_or_default();
    let inputs: [&[u8]; 3] = [
        secret.key_id().as_bytes(),
        &issued_at_s.to_be_bytes(),
        plaintext,
    ];
    let mut rng = ChaCha20Rng::from_seed(space.seed.derive(Purpose::Envelope, &inputs));
    let material = Material::draw(&mut rng);
    secret.seal(Sender::Visa { issued_at_s }, &material, plaintext)
}

/// Names a way to verify the cardholder of a token: a number, as Mastercard's sandbox has it, that every JSON parser keeps.
pub fn authentication_method(space: &Space, token: &[u8; 16]) -> u64 {
    let inputs: [&[u8]; 2] = [token, b"authentication-method"];
    let (head, _) = space.seed.derive_pair(Purpose::StepUp, &inputs);
    u64::try_from(head % 9_000_000_000 + 1_000_000_000).unwrap_or_default()
}

/// Names a consumer of an integrator: the same identity has the same name.
pub fn consumer(space: &Space, identity_type: &str, value: &str) -> [u8; 16] {
    let inputs: [&[u8]; 3] = [b"consumer", identity_type.as_bytes(), value.as_bytes()];
    space.seed.derive16(Purpose::Correlation, &inputs)
}

/// What stands for a card's number at a payment service, whenever it pays.
pub fn card_fingerprint(space: &Space, service: &str, number: &str) -> [u8; 32] {
    let inputs: [&[u8]; 2] = [service.as_bytes(), number.as_bytes()];
    space.seed.derive(Purpose::CardFingerprint, &inputs)
}

/// What the name of a card that has paid is made of: the payment service, the merchant, the number and the expiry.
pub fn source_name(space: &Space, of: [&str; 4]) -> [u8; 16] {
    let inputs = of.map(str::as_bytes);
    space.seed.derive16(Purpose::PaymentMethod, &inputs)
}

/// What the names of a webhook message are made of.
pub fn message_name(space: &Space, message: &Message) -> [u8; 16] {
    name_of(space, &message.key)
}

/// The name of a message, which stays the same on every attempt: `msg_` and 22 base58 letters.
pub fn message_id(space: &Space, key: &MessageKey) -> String {
    format!("msg_{}", base58(name_of(space, key)))
}

fn name_of(space: &Space, key: &MessageKey) -> [u8; 16] {
    let key = key.text();
    space
        .seed
        .derive16(Purpose::WebhookMessage, &[key.as_bytes()])
}

/// What the name of a payment service's event is made of: whoever is told of it, and however often, it is the same. None of
/// what is no payment's.
pub fn event_name(space: &Space, notice: &Notice) -> Option<[u8; 16]> {
    let then = notice.payment_then.as_deref()?.name();
    let inputs: [&[u8]; 2] = [&then, notice.event.word().as_bytes()];
    Some(space.seed.derive16(Purpose::PaymentEvent, &inputs))
}
