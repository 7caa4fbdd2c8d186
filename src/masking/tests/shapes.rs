//! Credentials that no name gives away, wherever they stand; and what only looks like one.

use serde_json::json;

use super::super::{body, header, hide, target, text};
use crate::crypto::encoding::{base64, base64_url};

/// A credential, what is to be seen of it, and what of it is not.
fn credentials() -> Vec<(String, String, String)> {
    let header = base64_url(br#"{"alg":"RS256","kid":"k1"}"#);
    let claims = base64_url(br#"{"sub":"shop-7"}"#);
    let sealed = base64_url(br#"{"enc":"A256GCM","alg":"dir"}"#);
    let adyen = "AQEyhmfuXNWTK0Qc+iSEl3YrhOeeQYVEBFMWafbRfUTlgrEfcPTXsAQwV1bDb7kfNy1WIxIIkxgBw==-bWFkZSB1cA+=-x)9;2q,hY";
    let part = "bWFkZSB1cCBhbmQgb2Ygbm9ib2R5";
    let key = |prefix: &str, hidden: &str| {
        let whole = format!("{prefix}{hidden}");
        (whole, format!("{prefix}***"), hidden.to_owned())
    };
    let pem = |label: &str| {
        let (begin, end) = (
            format!("-----BEGIN {label}-----"),
            format!("-----END {label}-----"),
        );
        let whole = format!("{begin}{part}{end}");
        (whole, format!("{begin}***{end}"), part.to_owned())
    };
    vec![
        pem("PRIVATE KEY"),
        pem("RSA PRIVATE KEY"),
        pem("EC PRIVATE KEY"),
        pem("ENCRYPTED PRIVATE KEY"),
        key(&format!("{header}."), &format!("{claims}.{part}")),
        key(&format!("{header}."), &format!(".{part}")),
        key(&format!("{sealed}."), &format!(".{part}.{part}.{part}")),
        key(
            &format!("{sealed}."),
            &format!("{part}.{part}.{part}.{part}"),
        ),
        key("sk_test_", "51Hj8aBcDeFgHiJkLmNo"),
        key("sk_live_", "51Hj8aBcDeFgHiJkLmNo"),
        key("rk_test_", "51Hj8aBcDeFgHiJkLmNo"),
        key("rk_live_", "51Hj8aBcDeFgHiJkLmNo"),
        key("ek_test_", "YWNjdF8xLG1hZGUtdXA"),
        key("whsec_", "bWFkZSB1cCBhbmQgb2Ygbm9i/+="),
        key("sk_sbox_", "m73dzbpy7cf3gfd46xr4yj5xo4e"),
        key("sk_", "m73dzbpy7cf3gfd46xr4yj5xo4e"),
        key("snd_", "c28kgr0iLmNoPq2rStUvWxYz0123456789ab"),
        key("pi_3MtwBwLk_secret_", "YrKJUKribcBjcG8HVhfZ"),
        key("AQE", &adyen[3..adyen.len() - "2q,hY".len()]),
        key("Bearer ", "made-up-of-n0body"),
        key("bearer  ", "MadeUpOfNobody"),
        key("Basic ", &base64(b"u:p")),
        key("Basic ", &base64(b"shop:hush-hush")),
    ]
}

/// `V` stands for the credential.
const AROUND: [&str; 17] = [
    "V",
    "sent V and no more",
    "(V)",
    r#"{"note":"V"}"#,
    r#"{"a":[{"id":"V"}]}"#,
    r#"{"reference":"V","amount":{"value":"V"}}"#,
    r#"{"V":1}"#,
    r#"{"note":"V"#,
    r#"{"a":"{\"b\":\"V\"}"}"#,
    "log\nV\nlog",
    r"log\nV\nlog",
    "a=V",
    "<a>V</a>",
    "<a b=\"V\"/>",
    "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nV\r\n--b--\r\n",
    "x: V",
    "x=1;V",
];

#[test]
fn no_credential_shows_wherever_it_stands() {
    for (whole, _, hidden) in credentials() {
        let percent: String = form_urlencoded::byte_serialize(whole.as_bytes()).collect();
        let secret = hidden.trim_start_matches('.');
        let leaks = |plain: &str, shown: &str| {
            assert!(!shown.contains(secret), "{plain} became {shown}");
            assert!(shown.contains("***"), "{plain} became {shown}");
        };
        for template in AROUND {
            let value = if template == "a=V" { &percent } else { &whole };
            let plain = template.replace('V', value);
            leaks(&plain, &body(plain.as_bytes()));
            if template != "a=V" {
                leaks(&plain, &text(&plain));
            }
        }
        for template in [
            "/a?b=V",
            "/a/V/b",
            "https://a.test/V",
            "https://a.test/?b=V",
        ] {
            let plain = template.replace('V', &percent.replace('+', "%20"));
            leaks(&plain, &target(&plain));
        }
        leaks(&whole, &header("x-note", &whole));
        let coded = base64(whole.as_bytes());
        assert_eq!(text(&coded), "***", "{whole}");
    }
}

#[test]
fn what_says_of_which_kind_a_credential_is_stays() {
    for (whole, shown, _) in credentials() {
        assert_eq!(text(&whole), shown);
        assert_eq!(text(&shown), shown, "twice is once");
        let json = json!({ "a": whole }).to_string();
        assert_eq!(body(json.as_bytes()), json!({ "a": shown }).to_string());
    }
}

#[test]
fn private_keys_in_other_notations() {
    let ed25519 = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    assert_eq!(text(ed25519), "***");
    let key = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "eHg", "d": "ZGRkZGRk" }] });
    let shown = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "eHg", "d": "***" }] });
    assert_eq!(body(key.to_string().as_bytes()), shown.to_string());
    // Without a kind it is no key, and `d` may be anything.
    assert_eq!(body(br#"{"d":"ZGRkZGRk"}"#), r#"{"d":"ZGRkZGRk"}"#);
}

#[test]
fn what_only_looks_like_a_credential_stays() {
    for plain in [
        "pi_3MtwBwLkdIwHu7ix28a3tqPa",
        "tok_1Mt2345678901234567890",
        "pm_card_visa",
        "pk_test_51Hj8aBcDeFgHiJkLmNo",
        "pk_sbox_m73dzbpy7cf3gfd46xr4yj5xo4e",
        "cus_9s6XKzkNRiz8i3",
        "src_nmukohhu7vbe5f55ndwqzwv2c4",
        "task_test_of_the_month_2026",
        "desk_live_and_well_1234",
        "sk_test_",
        "sk_test_KEY",
        "whsec_",
        "my_client_secret_expires",
        "client_secret_expires_at",
        "AQE",
        "AQEx",
        "AgAAAGlVuXgL6baw4mI5cEydfV4",
        "Bearer token",
        "a Bearer credential is missing",
        "Bearer realm=\"standin\"",
        "Basic plan",
        "Basic authentication",
        "basic and bearer",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "eyebright.fancy.flower",
        "ewe.and.lamb",
        "eyJpZCI6Im9yZC0xIn0.a.b",
        "1.2.3",
        "d8f7a2c4-1b3e-4f5a-9c6d-7e8f9a0b1c2d",
    ] {
        assert_eq!(text(plain), plain);
        let json = json!({ "id": plain }).to_string();
        assert_eq!(body(json.as_bytes()), json);
    }
}

#[test]
fn headers_that_carry_credentials_are_told_by_what_they_end_in() {
    for name in [
        "standin-control-token",
        "Standin-Control-Token",
        "x-token",
        "Private-Token",
        "X-Vault-Token",
        "api-key",
        "Ocp-Apim-Subscription-Key",
        "x-functions-key",
        "x-auth",
        "x-jwt",
        "x-session",
        "x-credentials",
    ] {
        assert_eq!(header(name, "hush"), "***", "{name}");
    }
    for name in [
        "idempotency-key",
        "x-idempotency-key",
        "sec-websocket-key",
        "x-publishable-key",
        "x-key-id",
        "x-token-type",
        "x-author",
        "x-keyboard",
    ] {
        assert_eq!(header(name, "plain"), "plain", "{name}");
    }
    assert_eq!(target("/a?control_token=hush"), "/a?control_token=***");
}

#[test]
fn what_this_program_is_protected_by_is_hidden_under_any_name() {
    let own = "only-this-test-has-this-one";
    hide(own);
    hide("short");
    assert_eq!(text(own), "***");
    assert_eq!(target(&format!("/{own}/x?token={own}")), "/***/x?token=***");
    assert_eq!(
        body(format!(r#"{{"a":"b {own}"}}"#).as_bytes()),
        r#"{"a":"b ***"}"#
    );
    assert_eq!(
        header("x-note", &base64(format!("u:{own}").as_bytes())),
        "***"
    );
    assert_eq!(text("short"), "short");
}

/// However often a shape begins, the time that looking takes grows with the text and not with its square.
#[test]
fn a_text_of_nothing_but_beginnings_takes_no_time() {
    let begun = tokio::time::Instant::now();
    for piece in [
        "ey-",
        "eyJ.",
        "ewey-",
        "sk_test_",
        "sk_a-",
        "dev_a-",
        "a_secret_",
        "a-",
        "AQE.",
        "whsec_ ",
        "Bearer ",
        "Bearer-",
        "Basic\t",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY",
        "BEGIN PRIVATE KEY-----",
    ] {
        let long = piece.repeat(1_000_000 / piece.len());
        assert!(text(&long).len() <= long.len() + 16, "{piece}");
    }
    let took = begun.elapsed();
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
}
