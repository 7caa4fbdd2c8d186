//! What the token endpoint refuses. It takes no bearer token, so the one that every row carries must not matter.

use super::{Row, Scene, row, table};
use crate::client::{Ask, FORM};

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let realm = "/auth/realms/vgs/protocol/openid-connect";
    let mut rows = table::rows(scene, &ROWS.replace("<realm>", realm));
    for (what, value, status, says) in [
        (
            "wrong secret by Basic",
            "c3RhbmRpbi1tYW51YWw6eA==",
            401,
            "invalid_client",
        ),
        ("Basic without colon", "c3RhbmRpbg==", 401, "client_id"),
        ("Basic that is no base64", "%%%", 401, "client_id"),
        ("Basic that is no text", "//79", 401, "client_id"),
    ] {
        let ask = Ask::post(format!("{realm}/token"));
        let ask = ask.header("authorization", format!("Basic {value}"));
        let ask = ask.body(FORM, "grant_type=client_credentials");
        rows.push(row(what, ask, status, says));
    }
    rows
}

const ROWS: &str = r#"
no form               | POST <realm>/token | none                                                                                                  | 400 | application/x-www-form-urlencoded
JSON                  | POST <realm>/token | json {}                                                                                               | 400 | invalid_request
empty form            | POST <realm>/token | form                                                                                                  | 400 | grant_type
no grant              | POST <realm>/token | form client_id=standin-manual&client_secret=standin-secret                                            | 400 | grant_type
another grant         | POST <realm>/token | form grant_type=password&client_id=standin-manual&client_secret=standin-secret                        | 400 | unsupported_grant_type
no client             | POST <realm>/token | form grant_type=client_credentials&client_secret=standin-secret                                       | 401 | client_id
no secret             | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual                                           | 401 | invalid_client
wrong secret          | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual&client_secret=x                           | 401 | invalid_client
unknown client        | POST <realm>/token | form grant_type=client_credentials&client_id=x&client_secret=standin-secret                           | 401 | invalid_client
empty client          | POST <realm>/token | form grant_type=client_credentials&client_id=&client_secret=standin-secret                            | 400 | invalid_request
empty secret          | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual&client_secret=                            | 401 | invalid_client
empty grant           | POST <realm>/token | form grant_type=&client_id=standin-manual&client_secret=standin-secret                                | 400 | unsupported_grant_type
two clients           | POST <realm>/token | form grant_type=client_credentials&client_id=x&client_id=standin-manual&client_secret=standin-secret  | 400 | client_id is there more than once
unknown scope         | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual&client_secret=standin-secret&scope=eat    | 400 | Invalid scopes: eat
one unknown scope     | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual&client_secret=standin-secret&scope=cards:read+x | 400 | invalid_scope
a space without name  | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual@&client_secret=standin-secret             | 400 | client_id
a space with a slash  | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual@a/b&client_secret=standin-secret          | 400 | client_id
too long a space      | POST <realm>/token | form grant_type=client_credentials&client_id=standin-manual@<x65>&client_secret=standin-secret        | 400 | 1 to 64
a huge form           | POST <realm>/token | form <huge>                                                                                           | 413 | larger than 1 MiB
reading it            | GET <realm>/token  | none                                                                                                  | 405 | not allowed
writing keys          | POST <realm>/certs | none                                                                                                  | 405 | not allowed
another realm         | POST /auth/realms/x/protocol/openid-connect/token | none                                                                   | 404 | realm is vgs
no text in the path   | GET /auth/%ff      | none                                                                                                  | 404 | not_found
"#;
