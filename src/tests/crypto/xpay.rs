//! x-pay-token: the known answers, each way to be refused, and changed tokens and requests.

use proptest::prelude::*;
use serde::Deserialize;
use standin::crypto::xpay::{Form, PayToken, PayTokenError, Policy, SharedSecret, SignedRequest};

use super::forgeries;

#[derive(Deserialize)]
struct Vectors {
    secret: String,
    timestamp_s: u64,
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    source: String,
    #[serde(default)]
    older_form: bool,
    path: String,
    query: String,
    body: String,
    mac: String,
}

fn vectors() -> Vectors {
    toml::from_str(include_str!("../../../fixtures/vectors/crypto/xpay.toml")).unwrap()
}

const NOW_S: u64 = 1_700_000_000;
const POLICY: Policy = Policy {
    tolerance_s: 300,
    older_form: false,
};
const BODY: &[u8] = br#"{"a":1}"#;
const REQUEST: SignedRequest<'_> = SignedRequest {
    paths: &["/vts/provisionedTokens"],
    query: "apiKey=KEY123",
    body: BODY,
};

fn secret() -> SharedSecret {
    SharedSecret::new("standin-kat-shared-secret")
}

fn signed() -> PayToken {
    PayToken::sign(&secret(), Form::Xv2, NOW_S, &REQUEST)
}

#[test]
fn the_known_answers() {
    let vectors = vectors();
    let secret = SharedSecret::new(&vectors.secret);
    let policy = Policy {
        tolerance_s: 0,
        older_form: true,
    };
    assert_eq!(vectors.case.len(), 6);
    for case in vectors.case {
        let (form, prefix) = if case.older_form {
            (Form::Older, "x")
        } else {
            (Form::Xv2, "xv2")
        };
        let header = format!("{prefix}:{}:{}", vectors.timestamp_s, case.mac);
        let paths = [case.path.as_str()];
        let body = case.body.as_bytes();
        let request = SignedRequest {
            paths: &paths,
            query: &case.query,
            body,
        };
        let token = PayToken::parse(&header).unwrap();
        let verdict = token.verify(&secret, &request, vectors.timestamp_s, policy);
        assert_eq!(verdict, Ok(()), "{}", case.source);
        // Our own signer keeps a trailing slash; the one client that trims it signs the path without.
        let trimmed = [case.path.trim_end_matches('/')];
        let request = SignedRequest {
            paths: &trimmed,
            ..request
        };
        let ours = PayToken::sign(&secret, form, vectors.timestamp_s, &request);
        assert_eq!(ours.to_header(), header, "{}", case.source);
    }
}

#[test]
fn a_prefix_before_the_api_may_be_signed_or_not() {
    let with = SignedRequest {
        paths: &["/~team/vts/provisionedTokens"],
        ..REQUEST
    };
    let either = ["/~team/vts/provisionedTokens", "/vts/provisionedTokens"];
    let received = SignedRequest {
        paths: &either,
        ..REQUEST
    };
    for sent in [with, REQUEST] {
        let token = PayToken::sign(&secret(), Form::Xv2, NOW_S, &sent);
        assert_eq!(
            token.verify(&secret(), &received, NOW_S, POLICY),
            Ok(()),
            "{sent:?}"
        );
    }
}

/// Each row of a block is wrong in every way below it, so that a check which moves breaks the rows it jumped over.
#[test]
fn each_refusal_has_its_cause_and_its_rank() {
    let mac = "0".repeat(64);
    for (header, want) in [
        ("xv3:123:00".to_owned(), PayTokenError::Form),
        ("XV2:123:00".to_owned(), PayTokenError::Form),
        (String::new(), PayTokenError::Form),
        ("xv2:".to_owned(), PayTokenError::Timestamp),
        ("xv2::00".to_owned(), PayTokenError::Timestamp),
        ("xv2:+12:00".to_owned(), PayTokenError::Timestamp),
        (
            "xv2:99999999999999999999:00".to_owned(),
            PayTokenError::Timestamp,
        ),
        ("xv2:123".to_owned(), PayTokenError::Timestamp),
        ("xv2:123:00".to_owned(), PayTokenError::Mac),
        (format!("xv2:123:{mac}:"), PayTokenError::Mac),
        (format!("xv2:123:{}A", &mac[1..]), PayTokenError::Mac),
        (format!("xv2:123:{}g", &mac[1..]), PayTokenError::Mac),
    ] {
        assert_eq!(PayToken::parse(&header).unwrap_err(), want, "{header}");
    }
    let verify = |header: &str| {
        PayToken::parse(header)
            .unwrap()
            .verify(&secret(), &REQUEST, NOW_S, POLICY)
    };
    let stale = PayTokenError::Stale {
        behind_s: 301,
        tolerance_s: 300,
    };
    let early = PayTokenError::Early {
        ahead_s: 301,
        tolerance_s: 300,
    };
    assert_eq!(
        verify(&format!("x:{}:{mac}", NOW_S - 301)),
        Err(PayTokenError::OlderForm)
    );
    assert_eq!(verify(&format!("xv2:{}:{mac}", NOW_S - 301)), Err(stale));
    assert_eq!(verify(&format!("xv2:{}:{mac}", NOW_S + 301)), Err(early));
    assert_eq!(
        verify(&format!("xv2:{}:{mac}", NOW_S - 300)),
        Err(PayTokenError::Signature)
    );
    assert_eq!(
        verify(&format!("xv2:{}:{mac}", NOW_S + 300)),
        Err(PayTokenError::Signature)
    );
}

#[test]
fn the_request_is_signed_as_it_was_sent() {
    let token = signed();
    assert_eq!(token.verify(&secret(), &REQUEST, NOW_S, POLICY), Ok(()));
    for (what, request) in [
        (
            "no body",
            SignedRequest {
                body: b"",
                ..REQUEST
            },
        ),
        (
            "the same JSON with a space",
            SignedRequest {
                body: br#"{"a": 1}"#,
                ..REQUEST
            },
        ),
        (
            "the other case of the key",
            SignedRequest {
                query: "apikey=KEY123",
                ..REQUEST
            },
        ),
        (
            "an escape for the same letter",
            SignedRequest {
                query: "apiKey=%4BEY123",
                ..REQUEST
            },
        ),
        (
            "vts/ left out",
            SignedRequest {
                paths: &["/provisionedTokens"],
                ..REQUEST
            },
        ),
        (
            "no path at all",
            SignedRequest {
                paths: &[],
                ..REQUEST
            },
        ),
    ] {
        let verdict = token.verify(&secret(), &request, NOW_S, POLICY);
        assert_eq!(verdict, Err(PayTokenError::Signature), "{what}");
    }
    let other = SharedSecret::new("another");
    assert_eq!(
        token.verify(&other, &REQUEST, NOW_S, POLICY),
        Err(PayTokenError::Signature)
    );
    assert_eq!(format!("{other:?}"), "SharedSecret(***)");
}

proptest! {
    #![proptest_config(forgeries())]

    #[test]
    fn no_text_panics_the_parser_and_none_is_a_signature(header in "(xv2:|x:)?\\PC{0,100}") {
        if let Ok(token) = PayToken::parse(&header) {
            prop_assert!(token.verify(&secret(), &REQUEST, token.timestamp_s(), POLICY).is_err());
        }
    }

    #[test]
    fn a_changed_byte_of_the_header_is_refused(at in 0_usize..79, change in 1_u8..=255) {
        let mut header = signed().to_header().into_bytes();
        header[at] ^= change;
        if let Ok(header) = String::from_utf8(header)
            && let Ok(token) = PayToken::parse(&header)
        {
            let policy = Policy { tolerance_s: u32::MAX, older_form: true };
            prop_assert!(token.verify(&secret(), &REQUEST, NOW_S, policy).is_err(), "{}", header);
        }
    }

    #[test]
    fn a_changed_request_is_refused(
        path in "/(vts/|vacp/)?[a-zA-Z]{0,20}/?", query in "[a-zA-Z=&%0-9]{0,20}",
        body in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let paths = [path.as_str()];
        let request = SignedRequest { paths: &paths, query: &query, body: &body };
        let same = path == REQUEST.paths[0] && query == REQUEST.query && body == REQUEST.body;
        prop_assert_eq!(signed().verify(&secret(), &request, NOW_S, POLICY).is_ok(), same);
        let own = PayToken::sign(&secret(), Form::Xv2, NOW_S, &request);
        prop_assert_eq!(own.verify(&secret(), &request, NOW_S, POLICY), Ok(()));
    }
}
