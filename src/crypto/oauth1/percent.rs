//! Percent-encoding in the flavours that signers use.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986: letters, digits and `-._~`.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What JavaScript's `encodeURIComponent` escapes: `!*'()` stay, too.
const JAVASCRIPT: AsciiSet = RESERVED
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// As RFC 3986 and RFC 5849 demand.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// As JavaScript does it.
pub(super) fn encode_as_javascript(text: &str) -> String {
    utf8_percent_encode(text, &JAVASCRIPT).to_string()
}

/// Takes escapes off. What is no escape stays, and bytes that are no text become the replacement character: signers
/// written in Java and Python do the same with what they find in a URL.
pub(super) fn decode_leniently(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Takes escapes off. Nothing comes back for a `%` that begins no escape, or if the result is no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut escapes = text.split('%').skip(1);
    if !escapes.all(begins_with_two_digits) {
        return None;
    }
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn begins_with_two_digits(text: &str) -> bool {
    matches!(text.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
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
