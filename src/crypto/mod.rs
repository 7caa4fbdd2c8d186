//! Bytes in, bytes out: MACs, signatures and envelopes of the networks' own APIs.
//!
//! Nothing here knows what a card is, so published vectors alone can hold it down. Time and chance are arguments: whoever
//! calls brings `now` and a generator, and the same arguments give the same bytes. Nothing here reads a file, a clock or
//! a setting, and nothing panics on what a client sent.

pub mod aes;
pub mod digest;
pub mod encoding;
pub mod jwe;
pub mod jwt;
pub mod mac;
pub mod oaep;
pub mod oauth1;
pub mod rsa_key;
pub mod vts_jwe;
pub mod xpay;
