//! What the control plane refuses, and names of spaces that are none.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let mut rows = spaces();
    rows.extend(clock());
    rows.extend(tokens(scene));
    rows.extend(events(scene));
    rows
}

fn spaces() -> Vec<Row> {
    let long = format!("/~{}/_standin/clock", "x".repeat(65));
    vec![
        row(
            "a space without name",
            Ask::get("/~/_standin/clock"),
            404,
            "space_name",
        ),
        row(
            "an escaped name",
            Ask::get("/~a%2fb/_standin/clock"),
            404,
            "space_name",
        ),
        row(
            "a name with a letter too many",
            Ask::get(long),
            404,
            "1 to 64",
        ),
        row(
            "a name for a surface",
            Ask::post("/~a:b/cards"),
            404,
            "space_name",
        ),
        row("nothing there", Ask::get("/nothing"), 404, "not_found"),
        row(
            "nothing below",
            Ask::get("/_standin/nothing"),
            404,
            "not_found",
        ),
        row("a bare space", Ask::get("/~a"), 404, "not_found"),
        row("no text in the path", Ask::get("/%ff"), 404, "not_found"),
        row(
            "a huge body",
            Ask::post("/nothing").body(JSON, huge()),
            413,
            "1 MiB",
        ),
        row(
            "reset by reading",
            Ask::get("/_standin/reset"),
            405,
            "method_not_allowed",
        ),
        row(
            "health by writing",
            Ask::post("/_standin/health"),
            405,
            "method_not_allowed",
        ),
    ]
}

fn clock() -> Vec<Row> {
    let clock = || Ask::post("/_standin/clock");
    let change = |body: Value| clock().json(&body);
    vec![
        row("no change", clock(), 422, "advance"),
        row(
            "nothing in it",
            change(json!({})),
            422,
            "\"field\":\"advance\"",
        ),
        row(
            "both",
            change(json!({ "advance": "PT1S", "set": "2026-01-01T00:00:00Z" })),
            422,
            "not both",
        ),
        row(
            "backwards",
            change(json!({ "advance": "-PT1S" })),
            422,
            "\"field\":\"advance\"",
        ),
        row(
            "no span",
            change(json!({ "advance": "soon" })),
            422,
            "is not a span",
        ),
        row(
            "a month",
            change(json!({ "advance": "P1M" })),
            422,
            "is not a span",
        ),
        row(
            "a number",
            change(json!({ "advance": 5 })),
            400,
            "expected a string",
        ),
        row(
            "no instant",
            change(json!({ "set": "yesterday" })),
            422,
            "\"field\":\"set\"",
        ),
        row(
            "before there were clocks",
            change(json!({ "set": "1969-12-31T23:59:59Z" })),
            422,
            "set",
        ),
        row(
            "unknown member",
            change(json!({ "rewind": "PT1S" })),
            400,
            "rewind",
        ),
        row("a list", change(json!([])), 400, "bad_body"),
        row("broken JSON", clock().body(JSON, "{"), 400, "bad_body"),
        row("deep JSON", clock().body(JSON, deep()), 400, "bad_body"),
        row(
            "wrong media type",
            clock().body("text/plain", "{}"),
            415,
            "application/json",
        ),
    ]
}

fn tokens(scene: &Scene) -> Vec<Row> {
    let get = |path: &str| Ask::get(format!("/_standin/{path}"));
    let hex = format!("tokens/{}", "0".repeat(32));
    let foreign = Ask::get(format!("/~elsewhere/_standin/tokens/{}", scene.reference));
    vec![
        row("unknown token", get(&hex), 404, "token_unknown"),
        row("no reference", get("tokens/x"), 404, "token_unknown"),
        row(
            "no text in the path",
            get("tokens/%ff"),
            404,
            "token_unknown",
        ),
        row(
            "too short a reference",
            get("tokens/NTK1"),
            404,
            "token_unknown",
        ),
        row("a token of another space", foreign, 404, "token_unknown"),
        row(
            "no place to go on from",
            get("tokens?after=x"),
            422,
            "\"field\":\"after\"",
        ),
        row(
            "journal from below",
            get("journal?from=-1"),
            422,
            "\"field\":\"from\"",
        ),
        row(
            "journal in words",
            get("journal?rows=many"),
            422,
            "\"field\":\"rows\"",
        ),
    ]
}

fn events(scene: &Scene) -> Vec<Row> {
    let events = || Ask::post(format!("/_standin/tokens/{}/events", scene.reference));
    let event = |body: Value| events().json(&body);
    let nobody = Ask::post("/_standin/tokens/x/events").json(&json!({ "event": "suspend" }));
    let expiry = |expiry: Value| event(json!({ "event": "update_expiry", "expiry": expiry }));
    let pan = |pan: &str| event(json!({ "event": "replace_pan", "pan": pan }));
    vec![
        row("unknown token", nobody, 404, "token_unknown"),
        row("no event", events(), 400, "event"),
        row(
            "nothing in it",
            event(json!({})),
            400,
            "missing field `event`",
        ),
        row(
            "unknown event",
            event(json!({ "event": "explode" })),
            400,
            "explode",
        ),
        row(
            "unknown actor",
            event(json!({ "event": "suspend", "by": "cat" })),
            400,
            "cat",
        ),
        row(
            "unknown member",
            event(json!({ "event": "suspend", "why": "" })),
            400,
            "why",
        ),
        row(
            "nothing to resume",
            event(json!({ "event": "resume" })),
            409,
            "state_forbids",
        ),
        row(
            "active already",
            event(json!({ "event": "activate" })),
            409,
            "state_forbids",
        ),
        row(
            "expiry out of place",
            event(json!({ "event": "suspend", "expiry": { "month": 1, "year": 30 } })),
            422,
            "\"field\":\"expiry\"",
        ),
        row(
            "month thirteen",
            expiry(json!({ "month": 13, "year": 30 })),
            422,
            "\"field\":\"expiry\"",
        ),
        row("half an expiry", expiry(json!({ "month": 1 })), 400, "year"),
        row("expiry as text", expiry(json!("2030-01")), 400, "bad_body"),
        row(
            "number out of place",
            event(json!({ "event": "delete", "pan": "4111111111111111" })),
            422,
            "\"field\":\"pan\"",
        ),
        row("no number", pan("x"), 422, "\"field\":\"pan\""),
        row(
            "not a test number",
            pan("4895370016781988"),
            422,
            "\"field\":\"pan\"",
        ),
        row(
            "wrong media type",
            events().body("text/plain", "{}"),
            415,
            "application/json",
        ),
        row(
            "reading it",
            Ask::get(format!("/_standin/tokens/{}/events", scene.reference)),
            405,
            "method_not_allowed",
        ),
    ]
}
