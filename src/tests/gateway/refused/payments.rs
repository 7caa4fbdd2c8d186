//! What our own payment API and the checkout page refuse.

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let pay = || table_purchase();
    let read = || Ask::get(format!("/payments/{}", scene.bought.own.held));
    let keyed = |key: &str| pay().bearer("standin_key").header("idempotency-key", key);
    let mut rows = vec![
        row("no key", pay(), 401, "Authorization header"),
        row("a wrong key", pay().bearer("nobody"), 401, "no merchant"),
        row(
            "another scheme",
            pay().header("authorization", "Basic eDp5"),
            401,
            "Bearer",
        ),
        row(
            "another merchant's payment",
            read().bearer("other_key"),
            404,
            "no such payment",
        ),
        row(
            "in another space",
            read().bearer("standin_key@elsewhere"),
            404,
            "no such payment",
        ),
        row(
            "an empty idempotency key",
            keyed(""),
            400,
            "the idempotency key is empty",
        ),
        row(
            "too long a key",
            keyed(&"k".repeat(256)),
            400,
            "idempotency_key_too_long",
        ),
        row(
            "two keys",
            keyed("one").header("idempotency-key", "two"),
            400,
            "idempotency_key_repeated",
        ),
    ];
    let tables = [BODIES, MEMBERS, MOVES, PAGE].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("payments", scene, text)));
    rows
}

fn table_purchase() -> Ask {
    crate::gateway::bought::purchase("payments", false)
}

const BODIES: &str = r#"
no body             | POST /payments     | none                | 422 | /amount
nothing in it       | POST /payments     | json {}             | 422 | /network_token
broken JSON         | POST /payments     | json {              | 400 | not JSON
deep JSON           | POST /payments     | json <deep>         | 400 | not JSON
no text             | POST /payments     | json <not text>     | 400 | not JSON
a list              | POST /payments     | json []             | 400 | JSON object
text                | POST /payments     | json "amount"       | 400 | JSON object
a huge body         | POST /payments     | json <huge>         | 413 | 1 MiB
wrong media type    | POST /payments     | plain {}            | 415 | application/json
no media type       | POST /payments     | untyped {}          | 415 | application/json
a list of payments  | GET /payments      | none                | 405 | method
unknown payment     | GET /payments/PAY1 | none                | 404 | no such payment
no text in the path | GET /payments/%ff  | none                | 404 | no such payment
no such resource    | GET /payments/a/b  | none                | 404 | no such resource
"#;

const MEMBERS: &str = r#"
no amount           | POST /payments | payments {"/amount":null}                           | 422 | "pointer":"/amount"
negative amount     | POST /payments | payments {"/amount":-1}                             | 422 | "pointer":"/amount"
amount as text      | POST /payments | payments {"/amount":"2500"}                         | 422 | "pointer":"/amount"
half a cent         | POST /payments | payments {"/amount":0.5}                            | 422 | "pointer":"/amount"
too much            | POST /payments | payments {"/amount":1099511627776}                  | 422 | "pointer":"/amount"
no currency         | POST /payments | payments {"/currency":null}                         | 422 | "pointer":"/currency"
small letters       | POST /payments | payments {"/currency":"usd"}                        | 422 | "pointer":"/currency"
no initiator        | POST /payments | payments {"/initiator":"robot"}                     | 422 | customer, merchant
capture as a truth  | POST /payments | payments {"/capture":true}                          | 422 | "pointer":"/capture"
no NTI              | POST /payments | payments {"/network_transaction_id":"x"}            | 422 | "pointer":"/network_transaction_id"
no TLID             | POST /payments | payments {"/transaction_link_id":"x"}               | 422 | 22 characters
reference as number | POST /payments | payments {"/reference":1}                           | 422 | "pointer":"/reference"
over-long reference | POST /payments | payments {"/reference":"<x5000>"}                   | 422 | "pointer":"/reference"
nothing to pay with | POST /payments | payments {"/card":null}                             | 422 | "pointer":"/network_token"
both                | POST /payments | payments {"/network_token":{}}                      | 422 | "pointer":"/card"
a list as card      | POST /payments | payments {"/card":[]}                               | 422 | "pointer":"/card"
no number           | POST /payments | payments {"/card/number":null}                      | 422 | "pointer":"/card/number"
a short number      | POST /payments | payments {"/card/number":"4111"}                    | 422 | "pointer":"/card/number"
number as a number  | POST /payments | payments {"/card/number":4111}                      | 422 | "pointer":"/card/number"
letters             | POST /payments | payments {"/card/number":"4111-1111-1111-1112"}     | 422 | "pointer":"/card/number"
no month            | POST /payments | payments {"/card/exp_month":null}                   | 422 | "pointer":"/card/exp_month"
a thirteenth month  | POST /payments | payments {"/card/exp_month":13}                     | 422 | "pointer":"/card/exp_month"
year as text        | POST /payments | payments {"/card/exp_year":"2029"}                  | 422 | "pointer":"/card/exp_year"
a far year          | POST /payments | payments {"/card/exp_year":20290}                   | 422 | "pointer":"/card/exp_year"
code as a number    | POST /payments | payments {"/card/security_code":123}                | 422 | "pointer":"/card/security_code"
misplaced           | POST /payments | payments {"/card/cryptogram":"AgAA"}                | 422 | security_code
"#;

const MOVES: &str = r#"
capture of nothing      | POST /payments/PAY1/captures  | json {}                                | 404 | no such payment
amount alone            | POST /payments/<pay>/captures | json {"amount":1}                      | 422 | "pointer":"/currency"
nothing at all          | POST /payments/<pay>/captures | json {"amount":0,"currency":"USD"}     | 409 | zero
too much                | POST /payments/<pay>/captures | json {"amount":2501,"currency":"USD"}  | 409 | too_much
another currency        | POST /payments/<pay>/captures | json {"amount":1,"currency":"EUR"}     | 409 | currency
last in words           | POST /payments/<pay>/captures | json {"last":"yes"}                    | 422 | "pointer":"/last"
refund before capture   | POST /payments/<pay>/refunds  | json {}                                | 409 | nothing_captured
broken JSON             | POST /payments/<pay>/refunds  | json {                                 | 400 | not JSON
wrong media type        | POST /payments/<pay>/voids    | plain {}                               | 415 | application/json
wrong method            | DELETE /payments/<pay>        | none                                   | 405 | method
"#;

const PAGE: &str = r#"
no such shop     | GET /checkout?merchant=nobody                | none    | 400 | merchant
no amount        | GET /checkout?amount=much                    | none    | 400 | amount
a low currency   | GET /checkout?currency=usd                   | none    | 400 | currency
no form          | POST /checkout                               | json {} | 400 | form
"#;
