//! Bytes in, bytes out: MACs, signatures and envelopes of the networks' own APIs.
//!
//! Nothing here knows what a card is, so published vectors alone can hold it down. Time and chance are arguments: whoever
//! calls brings `now` and a generator, and the same arguments give the same bytes. Nothing here reads a file, a clock or
//! a setting, and nothing panics on what a client sent. Only `authority` asks the machine for randomness, for its own key.
//!
//! | for | file |
//! |---|---|
//! | primitives | `digest`, `mac`, `encoding`, `base32`, `aes`, `oaep`, `rsa_key`, `check_digit` |
//! | Visa | `xpay` signs requests; `vts_jwe` seals under a shared secret |
//! | Mastercard | `oauth1` signs requests; `field_level` and `mastercard_jwe` seal for a `recipient`; `jws` signs answers |
//! | anybody | `jwe` takes envelopes apart, `jwt` signs tokens; `certificate` and `keystore` carry keys; `authority` vouches for names; `webhook` signs and checks messages |

pub mod aes;
pub mod authority;
pub mod base32;
pub mod certificate;
pub mod check_digit;
pub mod digest;
pub mod encoding;
pub mod field_level;
pub mod jwe;
pub mod jws;
pub mod jwt;
pub mod keystore;
pub mod mac;
pub mod mastercard_jwe;
pub mod oaep;
pub mod oauth1;
pub mod recipient;
pub mod rsa_key;
pub mod vts_jwe;
pub mod webhook;
pub mod xpay;
