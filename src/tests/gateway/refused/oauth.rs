//! What the token endpoint refuses.

use super::{Row, huge, row};
use crate::client::{Ask, FORM, JSON, SECRET};

const REALM: &str = "/auth/realms/vgs/protocol/openid-connect";

pub(super) fn rows() -> Vec<Row> {
    let ask = || Ask::post(format!("{REALM}/token"));
    let form = |members: &[(&str, &str)]| ask().form(members);
    let grant = ("grant_type", "client_credentials");
    let client = ("client_id", "standin-manual");
    let secret = ("client_secret", SECRET);
    let basic = |value: &str| form(&[grant]).header("authorization", format!("Basic {value}"));
    let spaced = |id: &str| form(&[grant, ("client_id", id), secret]);
    vec![
        row("no form", ask(), 400, "application/x-www-form-urlencoded"),
        row("JSON", ask().body(JSON, "{}"), 400, "invalid_request"),
        row("empty form", ask().body(FORM, ""), 400, "grant_type"),
        row("no grant", form(&[client, secret]), 400, "grant_type"),
        row(
            "another grant",
            form(&[("grant_type", "password"), client, secret]),
            400,
            "unsupported_grant_type",
        ),
        row("no client", form(&[grant, secret]), 401, "client_id"),
        row("no secret", form(&[grant, client]), 401, "invalid_client"),
        row(
            "wrong secret",
            form(&[grant, client, ("client_secret", "x")]),
            401,
            "invalid_client",
        ),
        row(
            "unknown client",
            form(&[grant, ("client_id", "x"), secret]),
            401,
            "invalid_client",
        ),
        row(
            "empty client",
            form(&[grant, ("client_id", ""), secret]),
            401,
            "invalid_client",
        ),
        row(
            "unknown scope",
            Ask::token("standin-manual", Some("cards:eat")),
            400,
            "cards:eat",
        ),
        row(
            "one unknown scope",
            Ask::token("standin-manual", Some("cards:read x")),
            400,
            "invalid_scope",
        ),
        row(
            "wrong secret by Basic",
            basic("c3RhbmRpbi1tYW51YWw6eA=="),
            401,
            "invalid_client",
        ),
        row(
            "Basic without colon",
            basic("c3RhbmRpbg=="),
            401,
            "client_id",
        ),
        row("Basic that is no base64", basic("%%%"), 401, "client_id"),
        row("Basic that is no text", basic("//79"), 401, "client_id"),
        row(
            "a space without name",
            spaced("standin-manual@"),
            400,
            "client_id",
        ),
        row(
            "a space with a slash",
            spaced("standin-manual@a/b"),
            400,
            "client_id",
        ),
        row(
            "too long a space",
            spaced(&format!("standin-manual@{}", "x".repeat(65))),
            400,
            "1 to 64",
        ),
        row("a huge form", ask().body(FORM, huge()), 413, "too large"),
        row(
            "reading it",
            Ask::get(format!("{REALM}/token")),
            405,
            "not allowed",
        ),
        row(
            "writing keys",
            Ask::post(format!("{REALM}/certs")),
            405,
            "not allowed",
        ),
        row(
            "another realm",
            Ask::post("/auth/realms/x/protocol/openid-connect/token"),
            404,
            "realm is vgs",
        ),
        row(
            "no text in the path",
            Ask::get("/auth/%ff"),
            404,
            "not_found",
        ),
    ]
}
