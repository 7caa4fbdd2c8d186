//! Bytes as text: hexadecimal, base64 in both alphabets, and base58 of a fixed width. Every decoder refuses with a cause.

use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL_NOPAD, DecodeError, DecodeKind, Encoding, HEXLOWER,
    HEXLOWER_PERMISSIVE,
};
use data_encoding_macro::new_encoding;

/// Why a text is not the encoding it should be. Positions count bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    #[error("has {length} characters, which cannot be a whole number of bytes")]
    Length { length: usize },
    #[error("has {length} characters where {want} are due")]
    Width { length: usize, want: usize },
    #[error("has a character at {position} that the encoding does not use")]
    Character { position: usize },
    #[error("ends in bits or padding that no encoder writes")]
    Ending,
    #[error("is larger than {bytes} bytes can hold")]
    TooLarge { bytes: usize },
}

/// The URL alphabet, unpadded, which reads `/` and `+` too.
const BASE64_EITHER: Encoding = new_encoding! {
    symbols: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    translate_from: "+/",
    translate_to: "-_",
};

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Hexadecimal of either case. An odd length or any other character is refused.
pub fn from_hex(text: &str) -> Result<Vec<u8>, EncodingError> {
    decode(&HEXLOWER_PERMISSIVE, text)
}

/// Base64 in the standard alphabet, padded.
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Base64 in the standard alphabet, with or without its padding.
pub fn from_base64(text: &str) -> Result<Vec<u8>, EncodingError> {
    decode(&BASE64_NOPAD, unpadded(text))
}

/// Base64 in the URL alphabet, unpadded (RFC 7515).
pub fn base64_url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Base64 in the URL alphabet and unpadded, as RFC 7515 demands, and in no other form.
pub fn from_base64_url_exact(text: &str) -> Result<Vec<u8>, EncodingError> {
    decode(&BASE64URL_NOPAD, text)
}

/// Base64 in the URL alphabet, also when `/` and `+` stand for `_` and `-` or padding is present: Mastercard's Node
/// client (mastercard-client-encryption 1.10.8) writes `/` inside the segments of a JWE.
pub fn from_base64_url(text: &str) -> Result<Vec<u8>, EncodingError> {
    decode(&BASE64_EITHER, unpadded(text))
}

/// The text without its padding. More than fills the last group of four is none, and stays.
fn unpadded(text: &str) -> &str {
    let bare = text.trim_end_matches('=');
    if text.len() <= bare.len().next_multiple_of(4) {
        bare
    } else {
        text
    }
}

fn decode(encoding: &Encoding, text: &str) -> Result<Vec<u8>, EncodingError> {
    let decoded = encoding.decode(text.as_bytes());
    decoded.map_err(|error| cause(error, text.len()))
}

/// What a refusal of the library says of a text of this length.
pub(super) fn cause(error: DecodeError, length: usize) -> EncodingError {
    match error.kind {
        DecodeKind::Length => EncodingError::Length { length },
        DecodeKind::Symbol => EncodingError::Character {
            position: error.position,
        },
        DecodeKind::Trailing | DecodeKind::Padding => EncodingError::Ending,
    }
}

// Base58 is ours: no crate writes a fixed width, which an id needs, and `bs58` divides byte by byte where this takes words.
const BASE58: [u8; 58] = *b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The least number of base58 digits that holds 16 bytes.
const BASE58_WIDTH: usize = 22;

/// As many base58 digits as a machine word holds, so that only a few divisions are wider than the machine's.
const WORD_DIGITS: usize = 10;
const WORD: u128 = 58_u128.pow(10);
/// Every two digits, so that half as many divisions give them.
const BASE58_PAIRS: [[u8; 2]; 58 * 58] = {
    let mut pairs = [[0; 2]; 58 * 58];
    let mut number = 0;
    while number < 58 * 58 {
        pairs[number] = [BASE58[number / 58], BASE58[number % 58]];
        number += 1;
    }
    pairs
};
/// What a byte counts that is no digit. No digit has this bit.
const NO_DIGIT: u8 = 64;
/// What each byte counts.
const BASE58_VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 58 {
        values[BASE58[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// 16 bytes as 22 characters in Bitcoin's base58 alphabet, most significant first, padded on the left with `1`, its zero.
pub fn base58(bytes: [u8; 16]) -> String {
    // The alphabet is ASCII, so nothing is ever lost.
    String::from_utf8_lossy(&base58_letters(bytes)).into_owned()
}

/// The same, as ASCII.
pub fn base58_letters(bytes: [u8; 16]) -> [u8; BASE58_WIDTH] {
    let mut rest = u128::from_be_bytes(bytes);
    let mut digits = [BASE58[0]; BASE58_WIDTH];
    for word in digits.rchunks_mut(WORD_DIGITS) {
        // The remainder of a division by 58^10 fits 64 bits, and one by 58^2 any integer. A word has an even number of digits.
        let high = rest / WORD;
        let mut low = (rest - high * WORD) as u64;
        rest = high;
        for pair in word.rchunks_exact_mut(2) {
            pair.copy_from_slice(&BASE58_PAIRS[(low % 3_364) as usize]);
            low /= 3_364;
        }
    }
    digits
}

/// The 16 bytes of exactly 22 base58 characters.
pub fn from_base58(text: &str) -> Result<[u8; 16], EncodingError> {
    let length = text.len();
    if length != BASE58_WIDTH {
        return Err(EncodingError::Width {
            length,
            want: BASE58_WIDTH,
        });
    }
    let letters = text.as_bytes();
    // Ten letters fit the machine's own integers, in which counting is several times as fast as in 128 bits.
    let (first, others) = letters.split_at(BASE58_WIDTH % WORD_DIGITS);
    let (second, third) = others.split_at(WORD_DIGITS);
    let mut wrong = 0;
    let mut counted = |letters: &[u8]| {
        letters.iter().fold(0_u64, |counted, letter| {
            let digit = BASE58_VALUES[usize::from(*letter)];
            wrong |= digit & NO_DIGIT;
            counted * 58 + u64::from(digit)
        })
    };
    let parts = [counted(first), counted(second), counted(third)];
    if wrong != 0 {
        let is_none = |letter: &u8| BASE58_VALUES[usize::from(*letter)] == NO_DIGIT;
        let position = letters.iter().position(is_none).unwrap_or_default();
        return Err(EncodingError::Character { position });
    }
    let value = parts.into_iter().try_fold(0_u128, |value, part| {
        value.checked_mul(WORD)?.checked_add(u128::from(part))
    });
    let value = value.ok_or(EncodingError::TooLarge { bytes: 16 })?;
    Ok(value.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 section 10, and the same bytes in the URL alphabet.
    #[test]
    fn base64_takes_what_encoders_write_and_refuses_what_none_does() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
            assert_eq!(base64_url(bytes.as_bytes()), text.trim_end_matches('='));
            assert_eq!(from_base64(text).unwrap(), bytes.as_bytes());
            assert_eq!(from_base64_url(text).unwrap(), bytes.as_bytes());
            assert_eq!(
                from_base64_url(text.trim_end_matches('=')).unwrap(),
                bytes.as_bytes()
            );
        }
        for url in ["-_-_", "+/+/", "-/+_"] {
            assert_eq!(from_base64_url(url).unwrap(), [0xfb, 0xff, 0xbf], "{url}");
        }
        assert_eq!(
            from_base64("-_-_"),
            Err(EncodingError::Character { position: 0 })
        );
        assert_eq!(from_base64_url_exact("-_-_").unwrap(), [0xfb, 0xff, 0xbf]);
        assert_eq!(
            from_base64_url_exact("-/-_"),
            Err(EncodingError::Character { position: 1 })
        );
        assert_eq!(
            from_base64_url_exact("Zm8="),
            Err(EncodingError::Character { position: 3 })
        );
        assert_eq!(from_base64_url("Zh"), Err(EncodingError::Ending));
        assert_eq!(
            from_base64_url("A"),
            Err(EncodingError::Length { length: 1 })
        );
        assert_eq!(
            from_base64_url("AA=A"),
            Err(EncodingError::Character { position: 2 })
        );
        assert_eq!(
            from_base64_url("Zm8=="),
            Err(EncodingError::Length { length: 5 })
        );
        assert_eq!(
            from_base64_url("Zg==="),
            Err(EncodingError::Length { length: 5 })
        );
    }

    #[test]
    fn hexadecimal_of_either_case_and_nothing_else() {
        assert_eq!(hex(&[0x00, 0x9f, 0xff]), "009fff");
        assert_eq!(from_hex("009fFF").unwrap(), [0x00, 0x9f, 0xff]);
        assert_eq!(from_hex("").unwrap(), b"");
        assert_eq!(from_hex("abc"), Err(EncodingError::Length { length: 3 }));
        assert_eq!(
            from_hex("a+"),
            Err(EncodingError::Character { position: 1 })
        );
        assert_eq!(from_hex("é"), Err(EncodingError::Character { position: 0 }));
    }

    #[test]
    fn base58_is_22_characters_whatever_the_value() {
        let rows = [
            ([0; 16], "1111111111111111111111"),
            ([0xff; 16], "YcVfxkQb6JRzqk5kF2tNLv"),
            (1_u128.to_be_bytes(), "1111111111111111111112"),
            (58_u128.to_be_bytes(), "1111111111111111111121"),
        ];
        for (bytes, text) in rows {
            assert_eq!(base58(bytes), text);
            assert_eq!(from_base58(text).unwrap(), bytes);
        }
        assert_eq!(
            from_base58("111"),
            Err(EncodingError::Width {
                length: 3,
                want: 22
            })
        );
        assert_eq!(
            from_base58("YcVfxkQb6JRzqk5kF2tNLw"),
            Err(EncodingError::TooLarge { bytes: 16 })
        );
        for foreign in ["0111111111111111111111", "l111111111111111111111"] {
            assert_eq!(
                from_base58(foreign),
                Err(EncodingError::Character { position: 0 })
            );
        }
    }
}
