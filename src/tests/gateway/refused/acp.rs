//! What a delegated payment is refused for.

use serde_json::{Value, json};

use super::{Row, Scene, row, table};
use crate::client::Ask;

const PATH: &str = "/agentic_commerce/delegate_payment";

/// A right one.
pub(crate) fn whole() -> Value {
    json!({
        "payment_method": {
            "type": "card", "card_number_type": "fpan", "number": "4111111111111111",
            "exp_month": "12", "exp_year": "2029", "cvc": "123", "display_card_funding_type": "credit",
            "metadata": {},
        },
        "allowance": {
            "reason": "one_time", "max_amount": 2_000, "currency": "usd",
            "checkout_session_id": "cs_1", "merchant_id": "standin-merchant",
            "expires_at": "2030-01-01T00:00:00Z",
        },
        "risk_signals": [{ "type": "card_testing", "score": 1, "action": "authorized" }],
        "metadata": {},
    })
}

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let ask = || Ask::post(PATH).json(&whole());
    let keyed = |key: &str| {
        ask()
            .bearer("standin_key")
            .header("api-version", "2026-04-17")
            .header("idempotency-key", key)
    };
    let version = ask().bearer("standin_key").header("idempotency-key", "k");
    let unkeyed = ask()
        .bearer("standin_key")
        .header("api-version", "2026-04-17");
    let mut rows = vec![
        row("no key", ask(), 401, "unauthorized"),
        row(
            "a wrong key",
            ask().bearer("nobody"),
            401,
            "no merchant has this key",
        ),
        row(
            "no idempotency key",
            unkeyed,
            400,
            "idempotency_key_required",
        ),
        row("an empty one", keyed(""), 400, "is empty"),
        row("too long a one", keyed(&"k".repeat(256)), 400, "1 to 255"),
        row(
            "two",
            keyed("one").header("idempotency-key", "two"),
            400,
            "more than one",
        ),
        row("no version", version.clone(), 400, "missing_api_version"),
        row(
            "an old one",
            version.header("api-version", "2025-09-29"),
            400,
            "\"supported_versions\":[\"2026-04-17\"]",
        ),
    ];
    let tables = [BODIES, METHOD, ALLOWANCE].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("acp", scene, text)));
    rows
}

const BODIES: &str = r#"
no body            | POST /agentic_commerce/delegate_payment | none            | 415 | unsupported_media_type
wrong media type   | POST /agentic_commerce/delegate_payment | plain {}        | 415 | application/json
broken JSON        | POST /agentic_commerce/delegate_payment | json {          | 400 | not JSON
not UTF-8          | POST /agentic_commerce/delegate_payment | json <not text> | 400 | not JSON
deep JSON          | POST /agentic_commerce/delegate_payment | json <deep>     | 400 | not JSON
a list             | POST /agentic_commerce/delegate_payment | json []         | 400 | must be a JSON object
a huge body        | POST /agentic_commerce/delegate_payment | json <huge>     | 413 | 1 MiB
nothing in it      | POST /agentic_commerce/delegate_payment | json {}         | 400 | "param":"$.payment_method"
reading it         | GET /agentic_commerce/delegate_payment  | none            | 405 | method_not_allowed
another call       | POST /agentic_commerce/checkout         | json {}         | 404 | not_found
"#;

const METHOD: &str = r#"
a bare method      | POST /agentic_commerce/delegate_payment | acp {"/payment_method":"card"}                  | 400 | "param":"$.payment_method"
no kind            | POST /agentic_commerce/delegate_payment | acp {"/payment_method/type":null}               | 400 | "param":"$.payment_method.type"
another kind       | POST /agentic_commerce/delegate_payment | acp {"/payment_method/type":"wallet"}           | 400 | "param":"$.payment_method.type"
no kind of number  | POST /agentic_commerce/delegate_payment | acp {"/payment_method/card_number_type":null}   | 400 | "param":"$.payment_method.card_number_type"
another number     | POST /agentic_commerce/delegate_payment | acp {"/payment_method/card_number_type":"dpan"} | 400 | "param":"$.payment_method.card_number_type"
no number          | POST /agentic_commerce/delegate_payment | acp {"/payment_method/number":null}             | 400 | "param":"$.payment_method.number"
a short number     | POST /agentic_commerce/delegate_payment | acp {"/payment_method/number":"4111"}           | 400 | 12 to 19 digits
number as number   | POST /agentic_commerce/delegate_payment | acp {"/payment_method/number":4111}             | 400 | "param":"$.payment_method.number"
not a test number  | POST /agentic_commerce/delegate_payment | acp {"/payment_method/number":"4895370016781988"} | 400 | invalid_card
no month           | POST /agentic_commerce/delegate_payment | acp {"/payment_method/exp_month":null}          | 400 | "param":"$.payment_method.exp_month"
month as number    | POST /agentic_commerce/delegate_payment | acp {"/payment_method/exp_month":12}            | 400 | "param":"$.payment_method.exp_month"
month thirteen     | POST /agentic_commerce/delegate_payment | acp {"/payment_method/exp_month":"13"}          | 400 | "param":"$.payment_method.exp_month"
month in words     | POST /agentic_commerce/delegate_payment | acp {"/payment_method/exp_month":"May"}         | 400 | must be digits
a far year         | POST /agentic_commerce/delegate_payment | acp {"/payment_method/exp_year":"20290"}        | 400 | "param":"$.payment_method.exp_year"
no funding         | POST /agentic_commerce/delegate_payment | acp {"/payment_method/display_card_funding_type":null} | 400 | invalid_card
another funding    | POST /agentic_commerce/delegate_payment | acp {"/payment_method/display_card_funding_type":"x"}  | 400 | prepaid
no metadata of it  | POST /agentic_commerce/delegate_payment | acp {"/payment_method/metadata":null}           | 400 | "param":"$.payment_method.metadata"
three last digits  | POST /agentic_commerce/delegate_payment | acp {"/payment_method/display_last4":"111"}     | 400 | four digits
an unknown check   | POST /agentic_commerce/delegate_payment | acp {"/payment_method/checks_performed":["x"]}  | 400 | auth0
virtual as text    | POST /agentic_commerce/delegate_payment | acp {"/payment_method/virtual":"no"}            | 400 | true or false
a long iin         | POST /agentic_commerce/delegate_payment | acp {"/payment_method/iin":"411111111"}         | 400 | 8 characters
code as a number   | POST /agentic_commerce/delegate_payment | acp {"/payment_method/cvc":123}                 | 400 | "param":"$.payment_method.cvc"
"#;

const ALLOWANCE: &str = r#"
no allowance       | POST /agentic_commerce/delegate_payment | acp {"/allowance":null}                         | 400 | "param":"$.allowance"
no reason          | POST /agentic_commerce/delegate_payment | acp {"/allowance/reason":null}                  | 400 | "param":"$.allowance.reason"
for ever           | POST /agentic_commerce/delegate_payment | acp {"/allowance/reason":"recurring"}           | 400 | "param":"$.allowance.reason"
no amount          | POST /agentic_commerce/delegate_payment | acp {"/allowance/max_amount":null}              | 400 | "param":"$.allowance.max_amount"
amount as text     | POST /agentic_commerce/delegate_payment | acp {"/allowance/max_amount":"2000"}            | 400 | "param":"$.allowance.max_amount"
below zero         | POST /agentic_commerce/delegate_payment | acp {"/allowance/max_amount":-1}                | 400 | "param":"$.allowance.max_amount"
no currency        | POST /agentic_commerce/delegate_payment | acp {"/allowance/currency":null}                | 400 | "param":"$.allowance.currency"
capital letters    | POST /agentic_commerce/delegate_payment | acp {"/allowance/currency":"USD"}               | 400 | lower-case
no session         | POST /agentic_commerce/delegate_payment | acp {"/allowance/checkout_session_id":null}     | 400 | "param":"$.allowance.checkout_session_id"
nobody's           | POST /agentic_commerce/delegate_payment | acp {"/allowance/merchant_id":"nobody"}         | 400 | names no merchant
no end             | POST /agentic_commerce/delegate_payment | acp {"/allowance/expires_at":null}              | 400 | "param":"$.allowance.expires_at"
no instant         | POST /agentic_commerce/delegate_payment | acp {"/allowance/expires_at":"tomorrow"}        | 400 | RFC 3339
no signals         | POST /agentic_commerce/delegate_payment | acp {"/risk_signals":null}                      | 400 | "param":"$.risk_signals"
signals in no list | POST /agentic_commerce/delegate_payment | acp {"/risk_signals":{}}                        | 400 | must be a list
a signal as text   | POST /agentic_commerce/delegate_payment | acp {"/risk_signals":["x"]}                     | 400 | "param":"$.risk_signals[0]"
an empty signal    | POST /agentic_commerce/delegate_payment | acp {"/risk_signals":[{}]}                      | 400 | "param":"$.risk_signals[0].type"
another action     | POST /agentic_commerce/delegate_payment | acp {"/risk_signals/0/action":"allow"}          | 400 | manual_review
a score as text    | POST /agentic_commerce/delegate_payment | acp {"/risk_signals/0/score":"1"}               | 400 | must be an integer
no metadata        | POST /agentic_commerce/delegate_payment | acp {"/metadata":null}                          | 400 | "param":"$.metadata"
number as metadata | POST /agentic_commerce/delegate_payment | acp {"/metadata":{"a":1}}                       | 400 | "param":"$.metadata.a"
half an address    | POST /agentic_commerce/delegate_payment | acp {"/billing_address":{"name":"A"}}           | 400 | "param":"$.billing_address.line_one"
"#;
