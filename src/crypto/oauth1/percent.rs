//! Percent-encoding in the flavours that signers use.

/// As RFC 3986 and RFC 5849 demand: all but letters, digits and `-._~` is escaped.
pub(super) fn encode(text: &str) -> String {
    escape(text, b"-._~")
}

/// As JavaScript's `encodeURIComponent` does it: `!*'()` stay, too.
pub(super) fn encode_as_javascript(text: &str) -> String {
    escape(text, b"-._~!*'()")
}

fn escape(text: &str, kept: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(char::from(DIGITS[usize::from(byte >> 4)]));
            escaped.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    escaped
}

/// Takes escapes off. What is no escape stays, and bytes that are no text become the replacement character: signers
/// written in Java and Python do the same with what they find in a URL.
pub(super) fn decode_leniently(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match escaped_byte(&bytes[at..]) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Takes escapes off. Nothing comes back for a `%` that begins no escape, or if the result is no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            decoded.push(escaped_byte(&bytes[at..])?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

/// The byte that an escape at the beginning stands for.
fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match bytes {
        [b'%', high, low, ..] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flavour_keeps_its_own_letters() {
        let all = "aZ09-._~ !*'()+/=&%ü";
        assert_eq!(
            encode(all),
            "aZ09-._~%20%21%2A%27%28%29%2B%2F%3D%26%25%C3%BC"
        );
        assert_eq!(
            encode_as_javascript(all),
            "aZ09-._~%20!*'()%2B%2F%3D%26%25%C3%BC"
        );
        assert_eq!(decode(&encode(all)).unwrap(), all);
        assert_eq!(decode_leniently(&encode(all)), all);
    }

    #[test]
    fn broken_escapes_stay_or_are_refused() {
        for broken in ["%", "%2", "%zz", "a%+1b", "100%"] {
            assert_eq!(decode_leniently(broken), broken);
            assert_eq!(decode(broken), None, "{broken}");
        }
        assert_eq!(decode("%FF"), None);
        assert_eq!(decode_leniently("%FF"), "\u{fffd}");
    }
}
