//! Headers that are noise, and headers and requests that were changed after signing.

use proptest::prelude::*;
use standin::crypto::oauth1::{Authorization, Dialect, Request, base_string};

use super::super::forgeries;
use super::{REQUEST, SIGNED, verify};

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_text_panics_the_parser(
        header in "OAuth \\PC{0,200}", pairs in "OAuth ((oauth_[a-z_]{1,10}|\\PC{0,3})=\"[!-~]{0,8}\", ?){0,9}",
    ) {
        prop_assert!(verify(&header, &REQUEST).is_err());
        prop_assert!(verify(&pairs, &REQUEST).is_err());
    }

    #[test]
    fn no_query_panics_a_dialect(query in "[a-c0-1=&%+!*'()~é]{0,40}", path in "/[a-b%!'/]{0,20}") {
        for dialect in Dialect::ALL {
            let text = base_string(dialect, "GET", "https://h", &path, &query, &[("k", "v")]);
            prop_assert!(text.starts_with("GET&https%3A%2F%2Fh"));
        }
    }

    /// Accepted is only a header that says the same: another case of the scheme or of an escape.
    #[test]
    fn a_changed_byte_of_the_header_is_refused(
        at in any::<prop::sample::Index>(), change in 1_u8..=255,
    ) {
        let mut bytes = SIGNED.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        if let Ok(header) = String::from_utf8(bytes) && verify(&header, &REQUEST).is_ok() {
            prop_assert_eq!(Authorization::parse(&header), Authorization::parse(&SIGNED));
        }
    }

    #[test]
    fn a_changed_request_is_refused(
        method in "POST|PUT", path in "/[a-z/]{0,20}", query in "([a-z]=[0-9])?",
        body in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let request = Request { method: &method, path: &path, query: &query, body: &body, ..REQUEST };
        prop_assert!(verify(&SIGNED, &request).is_err());
        let request = Request { body: REQUEST.body, ..request };
        prop_assert!(verify(&SIGNED, &request).is_err());
    }
}
