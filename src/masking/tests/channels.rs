//! Every channel through which a secret can be sent, with every secret: none of them leaks.

use super::super::{body, header, target, text};

/// Name and value of each secret; the first six and last four digits of a number may be seen.
const SECRETS: [(&str, &str); 23] = [
    ("pan", "4111111111111111"),
    ("card_number", "378282246310005"),
    ("primaryAccountNumber", "5555555555554444"),
    ("cvc", "8317"),
    ("cardSecurityCode", "8317"),
    ("card_cvv2", "8317"),
    ("tavv", "AgAAAGlVuXgL6baw4mI5cEydfV4="),
    ("cryptogram", "AgAAAGlVuXgL6baw4mI5cEydfV4="),
    (
        "tokenAuthenticationVerificationValue",
        "AgAAAGlVuXgL6baw4mI5cEydfV4=",
    ),
    ("dtvv", "7319"),
    ("client_secret", "hush-hush-hush"),
    ("clientSecret", "hush-hush-hush"),
    ("x-api-key", "sk_sbox_hush"),
    ("access_token", "eyJhbGciOi.eyJzdWIiOi.c2ln"),
    ("track2", "2f1d7b99c0aa"),
    ("passphrase", "correct-horse-battery"),
    ("passwords", "correct-horse-battery"),
    ("cv2", "8317"),
    ("cardCVCs", "8317"),
    ("security_codes", "8317"),
    ("cryptograms", "AgAAAGlVuXgL6baw4mI5cEydfV4="),
    ("cardNumbers", "4111111111111111"),
    ("api-keys", "sk_sbox_hush"),
];

/// `N` stands for the name, `V` for the value, `E` and `F` for both in percent-encoding, `B` for a delimiter.
const BODIES: [&str; 58] = [
    r#"{"N":"V"}"#,
    r#"{"N":["V"]}"#,
    r#"{"N":["a",{"b":"V"}]}"#,
    r#"{"N":{"value":"V"}}"#,
    r#"{"N":{"data":{"more":["V"]}}}"#,
    r#"{"a":{"b":[{"c":[[{"N":"V"}]]}]}}"#,
    r#"{"data":[{"type":"cards","attributes":{"N":"V"}}]}"#,
    r#"[{"N":"V"},1]"#,
    r#"[[["x",{"N":"V"}]]]"#,
    r#"{"payload":"{\"N\":\"V\"}"}"#,
    r#"{"payload":"{\"a\":\"{\\\"N\\\":\\\"V\\\"}\"}"}"#,
    r#"{"payload":"[{\"N\":\"V\"}]"}"#,
    r#"{"payload":"{\"N\":\"V\""}"#,
    r#"{"payload":"a=1&N=V&b=2"}"#,
    r#"{"payload":"<a><N>V</N></a>"}"#,
    r#"{"payload":"N: V"}"#,
    r#"{"url":"https://a.test/x?N=V&b=1"}"#,
    r#"{"url":"see https://a.test/x#N=V for more"}"#,
    r#"{"name":"N","value":"V"}"#,
    r#"{"N" : "V", "a" : "#,
    r#"{"N":"V"#,
    r#"{"N":"V","a":1,}"#,
    r#"{"a":1,"N":["V","#,
    r#"{"a":1,"N":{"value":"V"#,
    r#"{"N":V}"#,
    r#"{'N':'V'}"#,
    r#"{N:"V"}"#,
    r#"{"a":"\"N\":\"V\""#,
    r#"{\"N\":\"V\",\"a\":1}"#,
    "{\n  \"N\":\n    \"V\",\n",
    "{\"N\":\"V\"}\n{\"N\":\"V\"}\n",
    r#"200 OK {"N":"V"} and more"#,
    "N=V",
    "a=1&N=V&b=2",
    "a=1&E=F&b=2",
    "card[N]=V",
    "card%5BE%5D=F&x=1",
    "data[card][N][]=V",
    "data[0][N]=V",
    "card.N=V",
    "payload=%7B%22N%22%3A%22V%22%7D",
    "payload=a%26N%3DV",
    "N=V\nb=2\n",
    "<N>V</N>",
    "<?xml version=\"1.0\"?><a><b N=\"V\"/></a>",
    "<a><N>V</N></a>",
    "<s:Envelope xmlns:s=\"x\"><s:Body><n:N xsi:type=\"s\">V</n:N></s:Body></s:Envelope>",
    "<N><![CDATA[V]]></N>",
    "<N>\n  V\n</N>",
    "<a N='V'>",
    "<N>V",
    "<param name=\"N\">V</param>",
    "<input type=\"text\" name=\"N\" value=\"V\">",
    "&quot;N&quot;:&quot;V&quot;",
    "--B\r\nContent-Disposition: form-data; name=\"N\"\r\n\r\nV\r\n--B--\r\n",
    "--B\r\nContent-Disposition: form-data; name=\"card[N]\"\r\nContent-Type: text/plain\r\n\r\nV\r\n--B--\r\n",
    "--B\nContent-Disposition: form-data; name=data\n\n{\"N\":\"V\"}\n--B--\n",
    "--B\r\nContent-Disposition: form-data; name=\"N\"\r\n\r\nV",
];

const TARGETS: [&str; 10] = [
    "/a?N=V",
    "/a?b=1&N=V&c=2",
    "/a?E=F",
    "/a?card[N]=V",
    "/a?card%5BE%5D=F",
    "/a;N=V/b",
    "/a?next=%2fb%3fN%3DV",
    "/a?next=https%3A%2f%2fb.test%2f%3fN%3DV",
    "https://a.test/x?N=V",
    "https://a.test/x#N=V",
];

const TEXTS: [&str; 11] = [
    "POST /a HTTP/1.1\r\nN: V\r\n\r\n",
    "N: V",
    "2026-01-01 got N=V from client",
    "2026-01-01 got N: V from client",
    "2026-01-01 got N: V",
    "a: b\n  N: V\n",
    "refused: N = V",
    "the body was {\"N\":\"V\"}",
    "the body was {\"N\":\"V",
    "curl -H 'N: V' https://a.test",
    "{\"N\": V, \"a\": 1",
];

fn percent(plain: &str) -> String {
    plain.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn filled(template: &str, name: &str, value: &str) -> String {
    let mut text = String::new();
    for letter in template.chars() {
        match letter {
            'N' => text.push_str(name),
            'V' => text.push_str(value),
            'E' if !template.contains("Envelope") => text.push_str(&percent(name)),
            'F' => text.push_str(&percent(value)),
            'B' if template.starts_with("--") => text.push_str("boundary7"),
            other => text.push(other),
        }
    }
    text
}

#[test]
fn no_secret_leaks_through_any_channel() {
    let mut leaks = Vec::new();
    for (name, value) in SECRETS {
        let mut check = |template: &str, mask: fn(&str) -> String| {
            let plain = filled(template, name, value);
            let shown = mask(&plain);
            if shown.contains(value) || shown.contains(&percent(value)) {
                leaks.push(format!("{plain:?} became {shown:?}"));
            }
        };
        for template in BODIES {
            check(template, |plain| body(plain.as_bytes()));
        }
        for template in TARGETS {
            check(template, target);
        }
        for template in TEXTS {
            check(template, text);
        }
    }
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

#[test]
fn a_number_is_found_where_no_name_says_so() {
    let spellings = [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\u{a0}1111\u{a0}1111\u{a0}1111",
        "4111\u{2013}1111\u{2013}1111\u{2013}1111",
        "41 11 11 11 11 11 11 11",
        "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
    ];
    let around = [
        "V",
        "x V y",
        "(V)",
        "no. V, please",
        "{\"note\":\"V\"}",
        "{\"V\":1}",
        "{\"a\":[\"V\"]}",
        "{\"transaction_id\":\"V\"}",
        "{\"amount\":\"V\"}",
        "a=V",
        "V=a",
        "<a>V</a>",
        "<a b=\"V\"/>",
        "{\"a\":\"V",
        "12 V",
        "V 12/30",
        "%BV^DOE/J^3012",
        ";V=3012101000",
    ];
    for spelling in spellings {
        for template in around {
            let plain = template.replace('V', spelling);
            for shown in [body(plain.as_bytes()), text(&plain)] {
                let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
                assert!(
                    !digits.contains("4111111111111111"),
                    "{plain} became {shown}"
                );
                assert!(shown.contains('*'), "{plain} became {shown}");
            }
        }
    }
    for path in ["/c/V", "/c/V/d?x=V", "https://a.test/V"] {
        for spelling in [
            "4111111111111111",
            "4111%201111%201111%201111",
            "4111+1111+1111+1111",
        ] {
            let shown = target(&path.replace('V', spelling));
            assert!(
                shown.contains("11**") || shown.contains("******"),
                "{shown}"
            );
        }
    }
}

/// What stands before a number can make up another one with its beginning, which hides other digits.
#[test]
fn a_number_is_found_whatever_digits_stand_around_it() {
    let numbers = [
        "4111 1111 1111 1111",
        "5555 5555 5555 4444",
        "4000 0566 5566 5556",
        "3782 822463 10005",
        "4111111111111111",
    ];
    for number in numbers {
        for beside in 0..=99 {
            for text_around in [
                format!("{beside} {number}"),
                format!("{beside:02} {number}"),
                format!("{number} {beside}"),
                format!("{beside} {number} {beside}"),
                format!("{beside}-{beside}-{number}"),
            ] {
                let shown = text(&text_around);
                let first = text_around.find(number).unwrap();
                let own = &shown[first..first + number.len()];
                let own = own.chars().filter(|c| c.is_ascii_digit() || *c == '*');
                let own: String = own.collect();
                let hidden = own[6..own.len() - 4].chars().all(|c| c == '*');
                assert!(hidden, "{text_around} became {shown}");
            }
        }
    }
}

#[test]
fn credentials_are_found_by_what_stands_before_them() {
    for (plain, shown) in [
        ("sent Bearer abc123def4567890", "sent Bearer ***"),
        (
            "authorization: Bearer abc123\r\nhost: a",
            "authorization: Bearer ***\r\nhost: a",
        ),
        (
            "Authorization: OAuth a=\"b\", c=\"d\"",
            "Authorization: OAuth ***",
        ),
        (
            "with the password: hush and no more",
            "with the password: ***",
        ),
        ("a Bearer token is missing", "a Bearer token is missing"),
        (
            "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nabc",
            "-----BEGIN RSA PRIVATE KEY-----***",
        ),
    ] {
        assert_eq!(text(plain), shown);
    }
    for name in [
        "authorization",
        "X-Api-Key",
        "cookie",
        "x-auth-token",
        "X-Client-Secret",
    ] {
        let shown = header(name, "hush-hush-hush");
        assert_eq!(shown, "***", "{name}");
    }
}
