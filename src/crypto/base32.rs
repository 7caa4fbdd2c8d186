//! Bytes as base 32 in the lower-case alphabet of RFC 4648 section 6, without padding: ids of payment services that
//! allow no upper case, or nothing but it.

use data_encoding::Encoding;
use data_encoding_macro::new_encoding;

use super::encoding::{EncodingError, cause};

const LOWER: Encoding = new_encoding! { symbols: "abcdefghijklmnopqrstuvwxyz234567", };

/// Five bits to a character, most significant first; the last character is filled up with zeros.
pub fn base32(bytes: &[u8]) -> String {
    LOWER.encode(bytes)
}

/// Exactly `N` bytes. Filling that is not zero is refused, so that every id has one spelling.
pub fn from_base32<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
    let (length, want) = (text.len(), LOWER.encode_len(N));
    if length != want {
        return Err(EncodingError::Width { length, want });
    }
    let mut bytes = [0; N];
    let decoded = LOWER.decode_mut(text.as_bytes(), &mut bytes);
    decoded.map_err(|partial| cause(partial.error, length))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648 section 10, in lower case and without padding.
    #[test]
    fn the_known_answers_of_rfc_4648() {
        for (plain, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(from_base32(&base32(b"foobar")), Ok(*b"foobar"));
    }

    #[test]
    fn what_no_encoder_writes_is_refused() {
        let refusal = |text: &str| from_base32::<1>(text).unwrap_err();
        assert_eq!(refusal("m"), EncodingError::Width { length: 1, want: 2 });
        assert_eq!(refusal("M7"), EncodingError::Character { position: 0 });
        assert_eq!(refusal("m1"), EncodingError::Character { position: 1 });
        assert_eq!(refusal("mz"), EncodingError::Ending);
    }

    proptest! {
        #[test]
        fn sixteen_and_ten_bytes_come_back(sixteen: [u8; 16], ten: [u8; 10]) {
            prop_assert_eq!(base32(&sixteen).len(), 26);
            prop_assert_eq!(from_base32(&base32(&sixteen)), Ok(sixteen));
            prop_assert_eq!(base32(&ten).len(), 16);
            prop_assert_eq!(from_base32(&base32(&ten)), Ok(ten));
        }
    }
}
