//! What card management refuses.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON_API};

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let create = || Ask::post("/cards").bearer(&scene.all);
    let mut rows = scene.strangers(|| Ask::get(&scene.card));
    rows.extend(paths(scene));
    rows.extend(scopes(scene).await);
    rows.extend(bodies(&create));
    rows.extend(attributes(&create));
    rows.extend(changes(scene));
    rows.extend(cryptograms(scene));
    rows
}

fn paths(scene: &Scene) -> Vec<Row> {
    let get = |path: &str| Ask::get(path).bearer(&scene.all);
    let strange = "/cards/CRD1111111111111111111111";
    let change = Ask::new("PATCH", strange).bearer(&scene.all);
    let foreign = Ask::get(&scene.card).bearer(&scene.foreign);
    let without = Ask::delete(format!("{}/network-tokens", scene.tokenless));
    vec![
        row("unknown id", get(strange), 404, "o such card"),
        row("foreign card", foreign, 404, "o such card"),
        row("wrong shape of id", get("/cards/x"), 404, "o such card"),
        row(
            "an alias as id",
            get("/cards/4111111111111111"),
            404,
            "o such card",
        ),
        row(
            "no text in the path",
            get("/cards/%ff%fe"),
            404,
            "o such card",
        ),
        row("half an escape", get("/cards/%z"), 404, "o such card"),
        row("an escaped slash", get("/cards/a%2Fb"), 404, "o such card"),
        row(
            "a list",
            Ask::get("/cards").bearer(&scene.all),
            405,
            "method-not-allowed",
        ),
        row(
            "wrong method",
            Ask::new("PUT", &scene.card).bearer(&scene.all),
            405,
            "not allowed",
        ),
        row(
            "no such resource",
            get("/cards/x/y/z"),
            404,
            "no such resource",
        ),
        row("trailing slash", get("/cards/"), 404, "no such resource"),
        row(
            "unknown card to change",
            change.attributes(&json!({})),
            404,
            "o such card",
        ),
        row(
            "unknown card to delete",
            Ask::delete(strange).bearer(&scene.all),
            404,
            "o such card",
        ),
        row(
            "no token to delete",
            without.bearer(&scene.all),
            404,
            "o such token",
        ),
    ]
}

async fn scopes(scene: &Scene) -> Vec<Row> {
    let mut rows = Vec::new();
    let all = [
        "cards:read",
        "cards:write",
        "cards:read-pci",
        "network-tokens:read",
        "network-tokens:write",
    ];
    let card = &scene.card;
    let tokens = format!("{card}/network-tokens");
    for (ask, scope) in [
        (Ask::post("/cards"), "cards:write"),
        (Ask::get(card), "cards:read"),
        (Ask::new("PATCH", card), "cards:write"),
        (Ask::delete(card), "cards:write"),
        (Ask::post(&tokens), "network-tokens:write"),
        (Ask::delete(&tokens), "network-tokens:write"),
        (
            Ask::post(format!("{card}/cryptogram")),
            "network-tokens:read",
        ),
    ] {
        let others: Vec<_> = all.into_iter().filter(|other| *other != scope).collect();
        let token = scene.narrow(&others.join(" ")).await;
        rows.push(row("missing scope", ask.bearer(&token), 403, scope));
    }
    rows
}

fn bodies(create: &impl Fn() -> Ask) -> Vec<Row> {
    let json_api = |body: &str| create().body(JSON_API, body.to_owned());
    let plain = create().body("application/json", r#"{"data":{"attributes":{}}}"#);
    let mut untyped = create();
    untyped.body = "{}".into();
    let latin = create().body(JSON_API, vec![b'"', 0xe9, b'"']);
    vec![
        row("wrong media type", plain, 415, "application/vnd.api+json"),
        row("no media type", untyped, 415, "unsupported-media-type"),
        row("no body", json_api(""), 400, "not JSON"),
        row("broken JSON", json_api(r#"{"data":{"#), 400, "not JSON"),
        row("two values", json_api("{} {}"), 400, "not JSON"),
        row("not UTF-8", latin, 400, "not JSON"),
        row("deep JSON", json_api(&deep()), 400, "not JSON"),
        row("a list", json_api("[]"), 400, "must be a JSON object"),
        row("a number", json_api("1"), 400, "must be a JSON object"),
        row("no data", json_api("{}"), 400, "member data"),
        row(
            "data is a list",
            json_api(r#"{"data":[]}"#),
            400,
            "member data",
        ),
        row(
            "data is null",
            json_api(r#"{"data":null}"#),
            400,
            "member data",
        ),
        row(
            "no attributes",
            json_api(r#"{"data":{}}"#),
            400,
            "member attributes",
        ),
        row(
            "attributes is text",
            json_api(r#"{"data":{"attributes":""}}"#),
            400,
            "member attributes",
        ),
        row(
            "a huge number",
            json_api(r#"{"data":{"attributes":{"exp_month":1e999}}}"#),
            400,
            "not JSON",
        ),
        row("a huge body", json_api(&huge()), 413, "1 MiB"),
    ]
}

/// A right card with one member changed; null takes it away.
fn card_but(create: &impl Fn() -> Ask, name: &str, value: Value) -> Ask {
    let mut card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    card[name] = value;
    create().attributes(&card)
}

fn attributes(create: &impl Fn() -> Ask) -> Vec<Row> {
    let but = |name: &str, value: Value| card_but(create, name, value);
    let pan = "/data/attributes/pan\"";
    let (month, year) = ("/data/attributes/exp_month", "/data/attributes/exp_year");
    let many: serde_json::Map<_, _> = (0..51).map(|n| (n.to_string(), json!("x"))).collect();
    let nobody = create().attributes(&json!({ "exp_month": 12, "exp_year": 30 }));
    let missing = create().attributes(&json!({}));
    vec![
        row("no number", nobody, 422, pan),
        row("number of another type", but("pan", json!(4_111)), 422, pan),
        row(
            "number with spaces",
            but("pan", json!("4111 1111 1111 1111")),
            422,
            "digits only",
        ),
        row("empty number", but("pan", json!("")), 422, pan),
        row(
            "too short a number",
            but("pan", json!("41111111111")),
            422,
            "12 to 19 digits",
        ),
        row(
            "too long a number",
            but("pan", json!("4".repeat(20))),
            422,
            "12 to 19 digits",
        ),
        row(
            "over-long number",
            but("pan", json!("4".repeat(300))),
            422,
            "more than 256 bytes",
        ),
        row(
            "wrong check digit",
            but("pan", json!("4111111111111112")),
            422,
            "check digit",
        ),
        row(
            "not a test number",
            but("pan", json!("4895370016781988")),
            422,
            "--allow-pan",
        ),
        row(
            "not a test number",
            but("pan", json!("4895370016781988")),
            422,
            pan,
        ),
        row(
            "both number and alias",
            but("pan_alias", json!("x")),
            422,
            "pan_alias",
        ),
        row(
            "unknown alias",
            card_but(create, "pan", json!("tok_sandbox_x")),
            422,
            "pan_alias",
        ),
        row(
            "alias of another type",
            but("pan_alias", json!(1)),
            422,
            "pan_alias",
        ),
        row(
            "no month",
            but("exp_month", json!(null)),
            422,
            "missing-required-field",
        ),
        row("no month", but("exp_month", json!(null)), 422, month),
        row("month as text", but("exp_month", json!("12")), 422, month),
        row(
            "month as fraction",
            but("exp_month", json!(1.5)),
            422,
            month,
        ),
        row("month zero", but("exp_month", json!(0)), 422, month),
        row("month thirteen", but("exp_month", json!(13)), 422, month),
        row("month below zero", but("exp_month", json!(-1)), 422, month),
        row("huge month", but("exp_month", json!(u64::MAX)), 422, month),
        row("no year", but("exp_year", json!(null)), 422, year),
        row(
            "year of three digits",
            but("exp_year", json!(130)),
            422,
            year,
        ),
        row("year as text", but("exp_year", json!("30")), 422, year),
        row("a past year", but("exp_year", json!(25)), 422, year),
        row("everything missing", missing.clone(), 422, pan),
        row("everything missing", missing.clone(), 422, month),
        row("everything missing", missing, 422, year),
        row("letters as code", but("cvc", json!("abc")), 422, "cvc"),
        row("too long a code", but("cvc", json!("12345")), 422, "cvc"),
        row("a code of another type", but("cvc", json!(123)), 422, "cvc"),
        row(
            "holder of another type",
            but("cardholder", json!("Jane")),
            422,
            "cardholder",
        ),
        row(
            "over-long holder",
            but("cardholder", json!({ "name": "x".repeat(5_000) })),
            422,
            "cardholder",
        ),
        row(
            "unknown type of token",
            but("token_type", json!("gold")),
            422,
            "token_type",
        ),
        row(
            "unknown wallet",
            but("wallet_type", json!("leather")),
            422,
            "wallet_type",
        ),
        row(
            "metadata of another type",
            but("meta", json!([])),
            422,
            "meta",
        ),
        row(
            "metadata with a number",
            but("meta", json!({ "a": 1 })),
            422,
            "meta",
        ),
        row(
            "over-long metadata",
            but("meta", json!({ "a": "x".repeat(300) })),
            422,
            "meta",
        ),
        row(
            "too much metadata",
            but("meta", Value::Object(many)),
            422,
            "50 members",
        ),
    ]
}

fn changes(scene: &Scene) -> Vec<Row> {
    let change = |body: Value| {
        Ask::new("PATCH", &scene.card)
            .bearer(&scene.all)
            .attributes(&body)
    };
    let plain = Ask::new("PATCH", &scene.card)
        .bearer(&scene.all)
        .json(&json!({}));
    let provision = || Ask::post(format!("{}/network-tokens", scene.tokenless)).bearer(&scene.all);
    vec![
        row(
            "another number",
            change(json!({ "pan": "5555555555554444" })),
            422,
            "cannot be changed",
        ),
        row(
            "another alias",
            change(json!({ "pan_alias": "x" })),
            422,
            "pan_alias",
        ),
        row("other metadata", change(json!({ "meta": {} })), 422, "meta"),
        row(
            "month thirteen",
            change(json!({ "exp_month": 13 })),
            422,
            "exp_month",
        ),
        row(
            "year as text",
            change(json!({ "exp_year": "30" })),
            422,
            "exp_year",
        ),
        row(
            "a code of one digit",
            change(json!({ "cvc": "1" })),
            422,
            "cvc",
        ),
        row("wrong media type", plain, 415, "unsupported-media-type"),
        row(
            "a list for nothing",
            provision().body(JSON_API, "[]"),
            400,
            "must be a JSON object",
        ),
        row(
            "broken JSON",
            provision().body(JSON_API, "{"),
            400,
            "not JSON",
        ),
        row(
            "a form",
            provision().body("application/x-www-form-urlencoded", "a=b"),
            415,
            "content type",
        ),
    ]
}

fn cryptograms(scene: &Scene) -> Vec<Row> {
    let path = format!("{}/cryptogram", scene.card);
    let ask = |body: Value| Ask::post(&path).bearer(&scene.all).attributes(&body);
    let amount =
        |amount: Value, currency: &str| ask(json!({ "amount": amount, "currency_code": currency }));
    let tokenless = Ask::post(format!("{}/cryptogram", scene.tokenless)).bearer(&scene.all);
    let pointer = "/data/attributes/amount";
    vec![
        row("no token", tokenless, 422, "failed-dependency"),
        row("amount as text", amount(json!("1"), "USD"), 422, pointer),
        row("amount below zero", amount(json!(-1), "USD"), 422, pointer),
        row(
            "too fine an amount",
            amount(json!(1.005), "USD"),
            422,
            "more decimals",
        ),
        row(
            "a fraction of a yen",
            amount(json!(0.5), "JPY"),
            422,
            pointer,
        ),
        row(
            "too large an amount",
            amount(json!(1e15), "USD"),
            422,
            "larger than",
        ),
        row(
            "an amount beyond counting",
            amount(json!(1e300), "USD"),
            422,
            pointer,
        ),
        row(
            "small letters",
            amount(json!(1), "usd"),
            422,
            "/data/attributes/currency_code",
        ),
        row(
            "too long a currency",
            amount(json!(1), "USDX"),
            422,
            "currency_code",
        ),
        row(
            "currency of another type",
            ask(json!({ "currency_code": 840 })),
            422,
            "currency_code",
        ),
        row(
            "amount without currency",
            ask(json!({ "amount": 1 })),
            422,
            "currency_code",
        ),
        row(
            "unknown transaction",
            ask(json!({ "transaction_type": "MOTO" })),
            422,
            "transaction_type",
        ),
        row(
            "unknown kind",
            ask(json!({ "cryptogram_type": "CAVV" })),
            422,
            "cryptogram_type",
        ),
        row(
            "kind of another type",
            ask(json!({ "cryptogram_type": 1 })),
            422,
            "cryptogram_type",
        ),
        row(
            "no envelope",
            Ask::post(&path).bearer(&scene.all).body(JSON_API, "{}"),
            400,
            "member data",
        ),
        row(
            "reading it",
            Ask::get(&path).bearer(&scene.all),
            405,
            "not allowed",
        ),
    ]
}
