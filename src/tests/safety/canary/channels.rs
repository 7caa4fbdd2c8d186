//! Every channel: a kind of secret, under a name that clients give it, at a place of a request.

use standin::crypto::encoding::base64;

use crate::client::{Ask, FORM, JSON};

/// What a secret is called and what it is. Codes begin with 0, as no count or time in an output does.
pub(super) const SECRETS: [(&str, &str); 25] = [
    ("number", "4111111111111111"),
    ("primaryAccountNumber", "5555555555554444"),
    ("card_number", "4000 0566 5566 5556"),
    ("accountNumber", "3782-822463-10005"),
    ("cardNo", "6011.1111.1111.1117"),
    ("cvc", "0817"),
    ("card_cvv2", "0826"),
    ("cryptogram", "AgAAAGlVuXgL6baw4mI5cEydfV4="),
    ("tokenCryptogram", "AJ2IcHcOZlbAAVVlOCfIGgADFA=="),
    ("dtvv", "0739"),
    ("pin", "0952"),
    ("otp", "083571"),
    ("client_secret", "hush-hush-hush"),
    ("x-api-key", "sk_sbox_of-nobody"),
    (
        "x-pay-token",
        "xv2:1700000000:0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de",
    ),
    ("webhook_secret", "whsec_b2Ygbm9ib2R5IGF0IGFsbA=="),
    // These stand under names that say nothing, and are told by what they look like.
    ("standin-control-token", "control-of-nobody"),
    ("note", "sk_test_51of8nobody3at7all"),
    ("reference", "rk_live_51of8nobody3at7all"),
    ("description", "sk_sbox_m73dzbpy7cf3gfd46xr4yj5xo4e"),
    (
        "merchantReference",
        "AQEyhmfuXNWTK0Qc-iSEl3YrhOeeQYVEBFMWafbRfUTlgrEfcPTXsAQwV1bDb7kfNy1WIxIIkxgBw",
    ),
    // {"alg":"HS256"}.{"sub":"nobody"}
    (
        "memo",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.b2Ygbm9ib2R5IGF0IGFsbA",
    ),
    // {"alg":"dir","enc":"A256GCM"}
    (
        "blob",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..b2Ygbm9ib2R5.YXQgYWxs.dGhlcmU",
    ),
    ("x-said", "Bearer of-n0body-at-all"),
    (
        "text",
        "-----BEGIN PRIVATE KEY----- MC4CAQAwBQYDK2VwBCIEIG9m -----END PRIVATE KEY-----",
    ),
];

/// A place in a request: `N` stands for the name, `V` for the value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Behind the path that is asked for.
    Path(&'static str),
    /// A header of the name.
    Header,
    Body(&'static str, &'static str),
    /// A body in which a member is another body, in base64.
    Coded(&'static str),
}

const MULTIPART: &str = "multipart/form-data; boundary=b";

pub(super) const PLACES: [Place; 22] = [
    Place::Path(";N=V"),
    Place::Path("?N=V"),
    Place::Path("?card[N]=V"),
    Place::Path("?next=https://shop.test/?N=V"),
    Place::Header,
    Place::Body(JSON, r#"{"N":"V"}"#),
    Place::Body(JSON, r#"{"data":[{"attributes":{"N":"V"}}]}"#),
    Place::Body(JSON, r#"{"a":{"N":{"value":["V"]}}}"#),
    Place::Body(JSON, r#"{"a":{"N":{"V":1}}}"#),
    Place::Body(JSON, r#"{"a":"{\"b\":{\"N\":\"V\"}}"}"#),
    Place::Body(JSON, r#"{"a":"b=1&N=V"}"#),
    Place::Body(JSON, r#"{"N":"V","a":"#),
    Place::Body(JSON, r#"{"a":1,"N": V"#),
    Place::Body(FORM, "a=1&N=V"),
    Place::Body(FORM, "card[N]=V&b=2"),
    Place::Body(FORM, r#"payload={"N":"V"}"#),
    Place::Body(
        MULTIPART,
        "--b\r\nContent-Disposition: form-data; name=\"N\"\r\n\r\nV\r\n--b--\r\n",
    ),
    Place::Body("application/xml", "<a><N>V</N></a>"),
    Place::Body("application/xml", "<a N=\"V\"/>"),
    Place::Body("text/plain", "N: V"),
    Place::Coded(r#"{"N":"V"}"#),
    Place::Coded("N=V"),
];

/// Where requests go: each surface, and where nobody is.
pub(super) const PATHS: [&str; 12] = [
    "/payments",
    "/v1/payment_intents",
    "/cards",
    "/no/such/path",
    "/vts/provisionedTokens",
    "/mdes/digitization/static/1/0/tokenize",
    "/v71/payments",
    "/agentic_commerce/delegate_payment",
    "/hyperswitch/tokens/generate",
    "/aliases",
    "/network-tokens",
    "/_standin/nowhere",
];

fn filled(template: &str, name: &str, value: &str) -> String {
    let part = |letter| match letter {
        'N' => name.to_owned(),
        'V' => value.to_owned(),
        other => other.to_string(),
    };
    template.chars().map(part).collect()
}

fn percent(plain: &str) -> String {
    form_urlencoded::byte_serialize(plain.as_bytes()).collect()
}

/// The body of a channel, if it has one.
pub(super) fn body(place: Place, name: &str, value: &str) -> Option<(&'static str, String)> {
    match place {
        Place::Path(_) | Place::Header => None,
        Place::Body(FORM, template) => {
            // The value is encoded as clients do, and the rest as somebody types it.
            Some((FORM, filled(template, name, &percent(value))))
        }
        Place::Body(kind, template) => Some((kind, filled(template, name, value))),
        Place::Coded(template) => {
            let coded = base64(filled(template, name, value).as_bytes());
            Some((JSON, format!(r#"{{"payload":"{coded}"}}"#)))
        }
    }
}

/// The request of a channel.
pub(super) fn ask(path: &str, place: Place, name: &str, value: &str) -> Ask {
    let ask = Ask::post(path).bearer("standin_key");
    if let Some((kind, body)) = body(place, name, value) {
        return ask.body(kind, body);
    }
    match place {
        Place::Path(template) => {
            let behind = filled(template, name, &percent(value));
            Ask {
                path: format!("{path}{behind}"),
                ..ask
            }
        }
        Place::Header | Place::Body(..) | Place::Coded(_) => ask.header(name, value),
    }
}

/// Every way in which a value may be written in an output.
pub(super) fn spellings(value: &str) -> [String; 3] {
    [value.to_owned(), percent(value), base64(value.as_bytes())]
}
