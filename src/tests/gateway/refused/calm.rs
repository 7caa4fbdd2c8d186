//! What enrolment refuses.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let enrol = || Ask::post("/network-tokens").bearer(&scene.all);
    let mut rows = scene.strangers(|| Ask::post("/network-tokens"));
    rows.extend(paths(scene).await);
    rows.extend(bodies(&enrol));
    rows.extend(members(scene, &enrol));
    rows
}

async fn paths(scene: &Scene) -> Vec<Row> {
    let path = format!("/network-tokens/{}", scene.alias);
    let read = scene.narrow("network-tokens:read cards:write").await;
    let write = scene.narrow("network-tokens:write cards:read").await;
    let get = |path: &str| Ask::get(path).bearer(&scene.all);
    vec![
        row(
            "scope to enrol",
            Ask::post("/network-tokens").bearer(&read),
            403,
            "network-tokens:write",
        ),
        row(
            "scope to delete",
            Ask::delete(&path).bearer(&read),
            403,
            "network-tokens:write",
        ),
        row(
            "scope to read",
            Ask::get(&path).bearer(&write),
            403,
            "network-tokens:read",
        ),
        row("never enrolled", get(&path), 404, "not-found"),
        row(
            "nothing to delete",
            Ask::delete(&path).bearer(&scene.all),
            404,
            "not-found",
        ),
        row(
            "unknown alias",
            get("/network-tokens/nobody"),
            404,
            "not-found",
        ),
        row(
            "no text in the path",
            get("/network-tokens/%ff"),
            404,
            "not-found",
        ),
        row(
            "no such resource",
            get("/network-tokens/x/cryptograms"),
            404,
            "not-found",
        ),
        row("a list", get("/network-tokens"), 405, "method-not-allowed"),
        row(
            "wrong method",
            Ask::new("PATCH", &path).bearer(&scene.all),
            405,
            "not allowed",
        ),
    ]
}

fn bodies(enrol: &impl Fn() -> Ask) -> Vec<Row> {
    let body = |body: &str| enrol().body(JSON, body.to_owned());
    vec![
        row(
            "wrong media type",
            enrol().body("text/plain", "{}"),
            415,
            "application/json",
        ),
        row("no media type", enrol(), 415, "unsupported-media-type"),
        row("no body", body(""), 400, "invalid-payload"),
        row("broken JSON", body(r#"{"pan_alias":"#), 400, "not JSON"),
        row("a list", body("[1]"), 400, "must be a JSON object"),
        row("text", body(r#""x""#), 400, "must be a JSON object"),
        row("deep JSON", body(&deep()), 400, "not JSON"),
        row("a huge body", body(&huge()), 413, "1 MiB"),
        row("not UTF-8", enrol().body(JSON, vec![0xff]), 400, "not JSON"),
    ]
}

fn members(scene: &Scene, enrol: &impl Fn() -> Ask) -> Vec<Row> {
    let but = |name: &str, value: Value| {
        let mut body = json!({ "pan_alias": scene.alias, "exp_month": 12, "exp_year": 30 });
        body[name] = value;
        enrol().json(&body)
    };
    let address = |name: &str, value: Value| but("billing_address", json!({ name: value }));
    let empty = enrol().json(&json!({}));
    vec![
        row("everything missing", empty.clone(), 422, "/pan_alias"),
        row("everything missing", empty.clone(), 422, "/exp_month"),
        row("everything missing", empty, 422, "required-fields-missing"),
        row(
            "no alias",
            but("pan_alias", json!(null)),
            422,
            "pan_alias is required",
        ),
        row(
            "empty alias",
            but("pan_alias", json!("")),
            422,
            "/pan_alias",
        ),
        row(
            "alias of another type",
            but("pan_alias", json!(5)),
            422,
            "/pan_alias",
        ),
        row(
            "over-long alias",
            but("pan_alias", json!("x".repeat(257))),
            422,
            "more than 256",
        ),
        row(
            "unknown alias",
            but("pan_alias", json!("nobody")),
            404,
            "alias-not-found",
        ),
        row(
            "no month",
            but("exp_month", json!(null)),
            422,
            "exp_month is required",
        ),
        row(
            "month as text",
            but("exp_month", json!("12")),
            422,
            "/exp_month",
        ),
        row(
            "month thirteen",
            but("exp_month", json!(13)),
            422,
            "invalid-format",
        ),
        row(
            "year of three digits",
            but("exp_year", json!(123)),
            422,
            "/exp_year",
        ),
        row(
            "year as fraction",
            but("exp_year", json!(30.5)),
            422,
            "/exp_year",
        ),
        row(
            "code alias of another type",
            but("cvv_alias", json!([])),
            422,
            "/cvv_alias",
        ),
        row("name of another type", but("name", json!({})), 422, "/name"),
        row(
            "over-long name",
            but("name", json!("x".repeat(300))),
            422,
            "/name",
        ),
        row(
            "address of another type",
            but("billing_address", json!("here")),
            422,
            "/billing_address",
        ),
        row(
            "city of another type",
            address("city", json!(1)),
            422,
            "/billing_address/city",
        ),
        row(
            "postal code as truth",
            address("postal_code", json!(true)),
            422,
            "/billing_address/postal_code",
        ),
        row(
            "over-long company",
            address("company", json!("x".repeat(300))),
            422,
            "/billing_address/company",
        ),
    ]
}
