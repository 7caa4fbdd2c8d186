//! Compact JWS with RS256 (RFC 7515): client assertions in, access tokens out.
//!
//! One algorithm, decided here and not by the token. What the claims say (issuer, audience, expiry) is the caller's to
//! judge: it has the clock.

use serde::Deserialize;

use super::encoding::{base64_url, from_base64_url_exact};
use super::rsa_key::{KeyError, PrivateKey, PublicKey};
use crate::limits::SIGNED_TOKEN_BYTES_MAX;

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    #[error("the token is longer than {SIGNED_TOKEN_BYTES_MAX} bytes")]
    TooLong,
    #[error("the token does not have three parts")]
    Parts,
    #[error("the token has a part that is not unpadded base64url")]
    Encoding,
    #[error("the header is not a JSON object that names an algorithm once")]
    Header,
    #[error("the algorithm is not RS256")]
    Algorithm,
    #[error("the header marks an extension as critical, and none is known")]
    Critical,
    #[error("the signature does not match")]
    Signature,
}

/// The members of the header that decide. A member that comes twice is an error of serde's.
#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Whether the member is there at all: a null would mark nothing, but no library writes one.
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Signs claims with RS256. Header and claims are JSON texts and are kept byte for byte; the header has to say
/// `"alg":"RS256"` or nobody will take the token.
///
/// # Errors
/// As [`PrivateKey::sign_rs256`].
pub fn sign(header: &[u8], claims: &[u8], key: &PrivateKey) -> Result<String, KeyError> {
    let mut token = base64_url(header);
    token.push('.');
    token.push_str(&base64_url(claims));
    let signature = key.sign_rs256(token.as_bytes())?;
    token.push('.');
    token.push_str(&base64_url(&signature));
    Ok(token)
}

/// Checks form, algorithm and signature, and returns the bytes of the claims as they were signed.
///
/// # Errors
/// [`JwtError`], the first cause in the order of its variants.
pub fn verify(token: &str, key: &PublicKey) -> Result<Vec<u8>, JwtError> {
    let (header, claims, signature) = parts(token)?;
    check(&parse(header)?)?;
    let claims_bytes = from_base64_url_exact(claims).map_err(|_| JwtError::Encoding)?;
    let signature = from_base64_url_exact(signature).map_err(|_| JwtError::Encoding)?;
    let signed = &token.as_bytes()[..header.len() + 1 + claims.len()];
    key.verify_rs256(signed, &signature)
        .map_err(|_| JwtError::Signature)?;
    Ok(claims_bytes)
}

/// The key id that the header names, if it names one: to choose a key by, before anything is verified.
///
/// # Errors
/// [`JwtError`] if there is no header to read.
pub fn key_id(token: &str) -> Result<Option<String>, JwtError> {
    let (header, ..) = parts(token)?;
    Ok(parse(header)?.kid)
}

/// The bytes of the claims, of which nothing is verified: to find out whose key to verify with, and for nothing else.
///
/// # Errors
/// [`JwtError`] if there are no claims to read.
pub fn unverified_claims(token: &str) -> Result<Vec<u8>, JwtError> {
    let (_, claims, _) = parts(token)?;
    from_base64_url_exact(claims).map_err(|_| JwtError::Encoding)
}

fn parts(token: &str) -> Result<(&str, &str, &str), JwtError> {
    if token.len() > SIGNED_TOKEN_BYTES_MAX {
        return Err(JwtError::TooLong);
    }
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(claims), Some(signature), None) => Ok((header, claims, signature)),
        _ => Err(JwtError::Parts),
    }
}

fn parse(header: &str) -> Result<Header, JwtError> {
    let bytes = from_base64_url_exact(header).map_err(|_| JwtError::Encoding)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtError::Header)
}

fn check(header: &Header) -> Result<(), JwtError> {
    if header.alg != "RS256" {
        return Err(JwtError::Algorithm);
    }
    if header.crit {
        return Err(JwtError::Critical);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    static KEY: LazyLock<PrivateKey> =
        LazyLock::new(|| PrivateKey::generate(&mut ChaCha20Rng::from_seed([1; 32])).unwrap());

    fn signed(header: &str) -> String {
        sign(header.as_bytes(), b"{\"sub\":\"x\"}", &KEY).unwrap()
    }

    #[test]
    fn what_was_signed_comes_back_byte_for_byte() {
        let token = signed(r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#);
        assert_eq!(token, signed(r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#));
        assert_eq!(verify(&token, KEY.public()).unwrap(), b"{\"sub\":\"x\"}");
        assert_eq!(unverified_claims(&token).unwrap(), b"{\"sub\":\"x\"}");
        assert_eq!(key_id(&token).unwrap().as_deref(), Some("k1"));
        assert_eq!(key_id(&signed(r#"{"alg":"RS256"}"#)).unwrap(), None);
    }

    #[test]
    fn the_token_does_not_choose_how_it_is_checked() {
        for (header, want) in [
            (r#"{"alg":"none"}"#, JwtError::Algorithm),
            (r#"{"alg":"HS256"}"#, JwtError::Algorithm),
            (r#"{"alg":"rs256"}"#, JwtError::Algorithm),
            (
                r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
                JwtError::Critical,
            ),
            (r#"{"alg":"RS256","crit":null}"#, JwtError::Critical),
            (r#"{"typ":"JWT"}"#, JwtError::Header),
            (r#"{"alg":"RS256","alg":"RS256"}"#, JwtError::Header),
            (r#"["RS256"]x"#, JwtError::Header),
        ] {
            assert_eq!(verify(&signed(header), KEY.public()), Err(want), "{header}");
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused() {
        let token = signed(r#"{"alg":"RS256"}"#);
        for at in 0..token.len() {
            for change in [1, 2, 0x20] {
                let mut bytes = token.clone().into_bytes();
                bytes[at] ^= change;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(
                    verify(&changed, KEY.public()).is_err(),
                    "{at} {change}: {changed}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_token_is_refused_with_its_cause() {
        for (token, want) in [
            ("", JwtError::Parts),
            ("a.b", JwtError::Parts),
            ("a.b.c.d", JwtError::Parts),
            ("..", JwtError::Header),
            ("=.e30.AA", JwtError::Encoding),
            ("eyJhbGciOiJSUzI1NiJ9.e30.", JwtError::Signature),
            ("eyJhbGciOiJSUzI1NiJ9.=.AA", JwtError::Encoding),
            ("eyJhbGciOiJSUzI1NiJ9.e30.AA", JwtError::Signature),
            (&"a".repeat(SIGNED_TOKEN_BYTES_MAX + 1), JwtError::TooLong),
        ] {
            assert_eq!(verify(token, KEY.public()), Err(want), "{token:.40}");
        }
    }
}
