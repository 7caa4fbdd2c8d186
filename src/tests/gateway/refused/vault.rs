//! What the vault refuses.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let create = || Ask::post("/aliases").bearer(&scene.all);
    let mut rows = scene.strangers(|| Ask::get(format!("/aliases/{}", scene.alias)));
    rows.extend(paths(scene).await);
    rows.extend(bodies(&create));
    rows.extend(values(scene, &create));
    rows
}

async fn paths(scene: &Scene) -> Vec<Row> {
    let path = format!("/aliases/{}", scene.alias);
    let read = scene.narrow("cards:read").await;
    let write = scene.narrow("cards:write").await;
    let get = |path: &str| Ask::get(path).bearer(&scene.all);
    vec![
        row(
            "scope to create",
            Ask::post("/aliases").bearer(&read),
            403,
            "cards:write",
        ),
        row(
            "scope to delete",
            Ask::delete(&path).bearer(&read),
            403,
            "cards:write",
        ),
        row(
            "scope to read",
            Ask::get(&path).bearer(&write),
            403,
            "cards:read",
        ),
        row(
            "unknown alias",
            get("/aliases/nobody"),
            404,
            "no such alias",
        ),
        row(
            "unknown to delete",
            Ask::delete("/aliases/nobody").bearer(&scene.all),
            404,
            "no such alias",
        ),
        row(
            "no text in the path",
            get("/aliases/%c0%af"),
            404,
            "no such alias",
        ),
        row("a list", get("/aliases"), 405, "not allowed"),
        row(
            "wrong method",
            Ask::new("PUT", &path).bearer(&scene.all),
            405,
            "not allowed",
        ),
        row(
            "no such resource",
            get("/aliases/a/b"),
            404,
            "no such resource",
        ),
    ]
}

fn bodies(create: &impl Fn() -> Ask) -> Vec<Row> {
    let body = |body: &str| create().body(JSON, body.to_owned());
    let many = json!({ "data": vec![json!({ "value": "x" }); 21] });
    vec![
        row(
            "wrong media type",
            create().body("text/json", "{}"),
            415,
            "application/json",
        ),
        row("no body", body(""), 400, "not JSON"),
        row("broken JSON", body("{"), 400, "not JSON"),
        row("deep JSON", body(&deep()), 400, "not JSON"),
        row("a list", body("[]"), 400, "list in data"),
        row("text", body(r#""data""#), 400, "list in data"),
        row("no data", body("{}"), 400, "list in data"),
        row(
            "data is an object",
            body(r#"{"data":{}}"#),
            400,
            "list in data",
        ),
        row("nothing in it", body(r#"{"data":[]}"#), 400, "1 to 20"),
        row("too much in it", create().json(&many), 400, "1 to 20"),
        row("a huge body", body(&huge()), 413, "1 MiB"),
    ]
}

fn values(scene: &Scene, create: &impl Fn() -> Ask) -> Vec<Row> {
    let one = |value: Value| create().json(&json!({ "data": [{ "value": "a" }, value] }));
    let taken = json!({ "value": "5555555555554444", "alias": scene.alias });
    vec![
        row(
            "a number as value",
            one(json!(1)),
            400,
            "/data/1 must be an object",
        ),
        row("no value", one(json!({})), 400, "/data/1/value is required"),
        row(
            "empty value",
            one(json!({ "value": "" })),
            400,
            "/data/1/value",
        ),
        row(
            "value of another type",
            one(json!({ "value": 4_111 })),
            400,
            "/data/1/value",
        ),
        row(
            "over-long value",
            one(json!({ "value": "x".repeat(257) })),
            400,
            "/data/1/value",
        ),
        row(
            "not a test number",
            one(json!({ "value": "4895370016781988" })),
            400,
            "/data/1/value",
        ),
        row(
            "not a test number",
            one(json!({ "value": "4895370016781988" })),
            400,
            "--allow-pan",
        ),
        row(
            "wrong check digit",
            one(json!({ "value": "4111111111111112" })),
            400,
            "check digit",
        ),
        row(
            "unknown format",
            one(json!({ "value": "a", "format": "ROT13" })),
            400,
            "/data/1/format",
        ),
        row(
            "unknown storage",
            one(json!({ "value": "a", "storage": "TAPE" })),
            400,
            "/data/1/storage",
        ),
        row(
            "empty alias",
            one(json!({ "value": "a", "alias": "" })),
            400,
            "/data/1/alias",
        ),
        row(
            "over-long alias",
            one(json!({ "value": "a", "alias": "x".repeat(257) })),
            400,
            "/data/1/alias",
        ),
        row("a taken alias", one(taken), 409, "/data/1/alias"),
    ]
}
