//! `x-pay-token`, with which a client of Visa signs each request.

use serde_json::{Value, json};

use super::VectorsError;
use super::material::{Material, NOW_S};
use super::pack::{Cases, Code, Pack, VALID};
use crate::crypto::encoding::base64;
use crate::crypto::encoding::from_hex;
use crate::crypto::xpay::{Form, PayToken, SharedSecret, SignedRequest};

const PATH: &str = "/vts/provisionedTokens";
const QUERY: &str = "apiKey=KEY123&b=%2B+c";
const BODY: &str = r#"{"clientAppID":"shop","note":"café","a": 1}"#;
/// In seconds, either way.
const TOLERANCE_S: i64 = 480;

/// A request, and how it is signed.
#[derive(Clone, Copy)]
struct Signed<'a> {
    secret: &'a SharedSecret,
    form: Form,
    at_s: i64,
    path: &'a str,
    query: &'a str,
    body: &'a str,
}

impl Signed<'_> {
    fn token(self) -> String {
        let request = SignedRequest {
            paths: &[self.path],
            query: self.query,
            body: self.body.as_bytes(),
        };
        let at_s = u64::try_from(self.at_s).unwrap_or_default();
        PayToken::sign(self.secret, self.form, at_s, &request).to_header()
    }

    /// The request with its own signature.
    fn request(self, method: &str) -> Value {
        self.with(method, &self.token())
    }

    /// The request with this signature.
    fn with(self, method: &str, token: &str) -> Value {
        let query = if self.query.is_empty() { "" } else { "?" };
        let target = format!("{}{query}{}", self.path, self.query);
        json!({ "request": {
            "method": method,
            "target": target,
            "headers": { "x-pay-token": token },
            "body": self.body,
        } })
    }
}

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | everything as the rules want it
no-body | valid | a request without a body signs none
no-query | valid | a request without a query signs none
vacp | valid | vacp/ is left out of what is signed
vdp | valid | vdp/ is left out of what is signed
oldest | valid | 480 s behind is the most that is granted
newest | valid | 480 s ahead is the most that is granted
other-method | valid | the method is not signed
spaced-body | valid | the body is signed as it was sent, spaces and all
changed-body | signature | the amount in the body is another one
rewritten-body | signature | the body was parsed and written anew, without a space
added-newline | signature | the body has a newline at its end that was not signed
emptied-body | signature | the body is gone
other-path | signature | the signature is of another path
reordered-query | signature | the query has another order
decoded-query | signature | the query was decoded and written anew
other-api-key | signature | the query names another API key
dropped-query | signature | the query is gone
other-secret | signature | signed with another secret
signed-slash | signature | the first slash of the path was signed
moved-timestamp | signature | the timestamp was changed after signing
stale | stale | the timestamp is 481 s behind
early | early | the timestamp is 481 s ahead
milliseconds | early | the timestamp is in milliseconds
older-form | older_form | SHA-256 over secret and message, which Visa Checkout took
empty | form | the header is empty
no-prefix | form | there is no xv2: before the timestamp
other-version | form | the version is none that is known
no-timestamp | time_form | the timestamp is missing
timestamp-as-date | time_form | the timestamp is a date
signed-timestamp | time_form | the timestamp has a sign
upper-case | mac_form | the digits are upper-case
short | mac_form | the last digit is missing
base64 | mac_form | the signature is in base64
no-signature | mac_form | nothing stands behind the timestamp
"#;

pub(super) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let text = material.letters("x-pay-token");
    let secret = SharedSecret::new(&text);
    let other = SharedSecret::new(&material.letters("x-pay-token, another"));
    let right = Signed {
        secret: &secret,
        form: Form::Xv2,
        at_s: NOW_S,
        path: PATH,
        query: QUERY,
        body: BODY,
    };
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, right);
    changed(&mut cases, right);
    resigned(&mut cases, right, &other);
    unreadable(&mut cases, right);
    Ok(Pack {
        name: "x-pay-token",
        about: "Requests signed with x-pay-token, as a client of Visa's token service signs them",
        sources: &[
            "visa/mcp, packages/api-client/src/x-pay-token.ts",
            "Visa Developer, error codes: a timestamp more than eight minutes off is refused",
        ],
        rules: &[
            "The header is xv2:, a timestamp in decimal Unix seconds, a colon, and 64 lower-case hexadecimal digits.",
            "The older form, x:, is refused.",
            "The timestamp is at most 480 s from now, either way.",
            "The digits are HMAC-SHA256, under the UTF-8 bytes of the secret, over the timestamp as it was written, the path, the query and the body, one after another.",
            "The path is signed without its first slash, and without vacp/ or vdp/ behind that; vts/ stays. The query is signed as it was sent, without the question mark. The method is not signed.",
        ],
        codes: &[
            Code(VALID, "accepted"),
            Code("form", "the header does not begin with xv2: or x:"),
            Code("older_form", "the header has the older form"),
            Code("time_form", "the timestamp is no decimal number of seconds"),
            Code(
                "mac_form",
                "the signature is not 64 lower-case hexadecimal digits",
            ),
            Code("stale", "the timestamp is too far in the past"),
            Code("early", "the timestamp is too far in the future"),
            Code(
                "signature",
                "the signature is of another request, or by another secret",
            ),
        ],
        keys: json!({ "secret": text }),
        cases,
    })
}

fn valid(cases: &mut Cases, right: Signed<'_>) {
    let mut add = |name, signed: Signed<'_>, method| {
        cases.add(name, signed.request(method));
    };
    add("plain", right, "POST");
    let no_body = Signed { body: "", ..right };
    add("no-body", no_body, "GET");
    let no_query = Signed { query: "", ..right };
    add("no-query", no_query, "POST");
    let vacp = Signed {
        path: "/vacp/v1/instructions",
        ..right
    };
    add("vacp", vacp, "POST");
    let vdp = Signed {
        path: "/vdp/helloworld",
        ..right
    };
    add("vdp", vdp, "GET");
    let oldest = Signed {
        at_s: NOW_S - TOLERANCE_S,
        ..right
    };
    add("oldest", oldest, "POST");
    let newest = Signed {
        at_s: NOW_S + TOLERANCE_S,
        ..right
    };
    add("newest", newest, "POST");
    add("other-method", right, "PUT");
    let spaced = Signed {
        body: "{ \"a\" : 1 }\n",
        ..right
    };
    add("spaced-body", spaced, "POST");
}

fn changed(cases: &mut Cases, right: Signed<'_>) {
    let token = right.token();
    let mut add = |name, signed: Signed<'_>| {
        cases.add(name, signed.with("POST", &token));
    };
    add(
        "changed-body",
        Signed {
            body: &BODY.replace('1', "2"),
            ..right
        },
    );
    add(
        "rewritten-body",
        Signed {
            body: &BODY.replace(": ", ":"),
            ..right
        },
    );
    add(
        "added-newline",
        Signed {
            body: &format!("{BODY}\n"),
            ..right
        },
    );
    add("emptied-body", Signed { body: "", ..right });
    add(
        "other-path",
        Signed {
            path: "/vts/panEnrollments",
            ..right
        },
    );
    add(
        "reordered-query",
        Signed {
            query: "b=%2B+c&apiKey=KEY123",
            ..right
        },
    );
    add(
        "decoded-query",
        Signed {
            query: "apiKey=KEY123&b=%2B%20c",
            ..right
        },
    );
    add(
        "other-api-key",
        Signed {
            query: "apiKey=KEY124&b=%2B+c",
            ..right
        },
    );
    add("dropped-query", Signed { query: "", ..right });
}

/// Other signatures under the same request, and requests of another time.
fn resigned(cases: &mut Cases, right: Signed<'_>, other: &SharedSecret) {
    let mut signed = |name, token: &str| {
        cases.add(name, right.with("POST", token));
    };
    signed(
        "other-secret",
        &Signed {
            secret: other,
            ..right
        }
        .token(),
    );
    // One slash is left out of what is signed, so the second one is signed here.
    signed(
        "signed-slash",
        &Signed {
            path: "//vts/provisionedTokens",
            ..right
        }
        .token(),
    );
    let later = right
        .token()
        .replace(&NOW_S.to_string(), &(NOW_S + 1).to_string());
    signed("moved-timestamp", &later);
    let stale = Signed {
        at_s: NOW_S - TOLERANCE_S - 1,
        ..right
    };
    cases.add("stale", stale.request("POST"));
    let early = Signed {
        at_s: NOW_S + TOLERANCE_S + 1,
        ..right
    };
    cases.add("early", early.request("POST"));
    let milliseconds = Signed {
        at_s: NOW_S * 1000,
        ..right
    };
    cases.add("milliseconds", milliseconds.request("POST"));
    let older = Signed {
        form: Form::Older,
        ..right
    };
    cases.add("older-form", older.request("POST"));
}

fn unreadable(cases: &mut Cases, right: Signed<'_>) {
    let token = right.token();
    let (head, mac) = token.rsplit_once(':').unwrap_or_default();
    let mut add = |name, token: String| {
        cases.add(name, right.with("POST", &token));
    };
    add("empty", String::new());
    add("no-prefix", token.replace("xv2:", ""));
    add("other-version", token.replace("xv2", "xv1"));
    add("no-timestamp", format!("xv2::{mac}"));
    add(
        "timestamp-as-date",
        format!("xv2:2023-11-14T22.13.20Z:{mac}"),
    );
    add("signed-timestamp", token.replace("xv2:", "xv2:+"));
    add("upper-case", format!("{head}:{}", mac.to_uppercase()));
    add("short", token[..token.len() - 1].to_owned());
    let bytes = from_hex(mac).unwrap_or_default();
    add("base64", format!("{head}:{}", base64(&bytes)));
    add("no-signature", format!("{head}:"));
}
