//! What card management refuses.

use serde_json::{Value, json};

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let mut rows = scene.strangers(|| Ask::get(&scene.card));
    let foreign = Ask::get(&scene.card).bearer(&scene.foreign);
    rows.push(row("foreign card", foreign, 404, "o such card"));
    rows.extend(scopes(scene).await);
    for text in [
        PATHS,
        BODIES,
        NUMBERS,
        ATTRIBUTES,
        CHANGES,
        CRYPTOGRAMS,
        UPDATES,
    ] {
        rows.extend(table::rows(scene, text));
    }
    let pairs = (0..51).map(|n| (n.to_string(), json!("x")));
    let card = json!({
        "pan": "4111111111111111", "exp_month": 12, "exp_year": 30,
        "meta": Value::Object(pairs.collect()),
    });
    let crowded = Ask::post("/cards").bearer(&scene.all).attributes(&card);
    rows.push(row("too much metadata", crowded, 422, "50 members"));
    rows
}

/// Every other right is not enough.
async fn scopes(scene: &Scene) -> Vec<Row> {
    let all = [
        "cards:read",
        "cards:write",
        "cards:read-pci",
        "network-tokens:read",
        "network-tokens:write",
    ];
    let card = &scene.card;
    let tokens = format!("{card}/network-tokens");
    let mut rows = Vec::new();
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
        (
            Ask::post(format!("{card}/card-update-subscriptions")),
            "cards:write",
        ),
        (
            Ask::delete(format!("{card}/card-update-subscriptions")),
            "cards:write",
        ),
        (Ask::post(format!("{card}/check")), "cards:read"),
    ] {
        let others: Vec<_> = all.into_iter().filter(|other| *other != scope).collect();
        let token = scene.narrow(&others.join(" ")).await;
        let detail = format!("lacks the scope {scope}");
        rows.push(row("missing scope", ask.bearer(&token), 403, &detail));
    }
    rows
}

const PATHS: &str = r#"
unknown id             | GET /cards/CRD1111111111111111111111    | none          | 404 | o such card
wrong shape of id      | GET /cards/x                            | none          | 404 | o such card
a number as id         | GET /cards/4111111111111111             | none          | 404 | o such card
no text in the path    | GET /cards/%ff%fe                       | none          | 404 | o such card
half an escape         | GET /cards/%z                           | none          | 404 | o such card
an escaped slash       | GET /cards/a%2Fb                        | none          | 404 | o such card
a list                 | GET /cards                              | none          | 405 | method-not-allowed
wrong method           | PUT <card>                              | none          | 405 | not allowed
no such resource       | GET /cards/x/y/z                        | none          | 404 | no such resource
trailing slash         | GET /cards/                             | none          | 404 | no such resource
unknown card to change | PATCH /cards/CRD1111111111111111111111  | attributes {} | 404 | o such card
unknown card to delete | DELETE /cards/CRD1111111111111111111111 | none          | 404 | o such card
no token to delete     | DELETE <tokenless>/network-tokens       | none          | 404 | o such token
"#;

const BODIES: &str = r#"
wrong media type   | POST /cards | json {"data":{"attributes":{}}}                | 415 | application/vnd.api+json
no media type      | POST /cards | untyped {}                                     | 415 | unsupported-media-type
no body            | POST /cards | api                                            | 400 | not JSON
broken JSON        | POST /cards | api {"data":{                                  | 400 | not JSON
two values         | POST /cards | api {} {}                                      | 400 | not JSON
not UTF-8          | POST /cards | api <not text>                                 | 400 | not JSON
deep JSON          | POST /cards | api <deep>                                     | 400 | not JSON
a list             | POST /cards | api []                                         | 400 | must be a JSON object
a number           | POST /cards | api 1                                          | 400 | must be a JSON object
no data            | POST /cards | api {}                                         | 400 | member data
data is a list     | POST /cards | api {"data":[]}                                | 400 | member data
data is null       | POST /cards | api {"data":null}                              | 400 | member data
no attributes      | POST /cards | api {"data":{}}                                | 400 | member attributes
attributes is text | POST /cards | api {"data":{"attributes":""}}                 | 400 | member attributes
a huge number      | POST /cards | api {"data":{"attributes":{"exp_month":1e999}}} | 400 | not JSON
a huge body        | POST /cards | api <huge>                                     | 413 | 1 MiB
"#;

const NUMBERS: &str = r#"
no number            | POST /cards | card {"pan":null}                      | 422 | /data/attributes/pan"
of another type      | POST /cards | card {"pan":4111}                      | 422 | /data/attributes/pan"
with spaces          | POST /cards | card {"pan":"4111 1111 1111 1111"}     | 422 | digits only
empty                | POST /cards | card {"pan":""}                        | 422 | /data/attributes/pan"
too short            | POST /cards | card {"pan":"41111111111"}             | 422 | 12 to 19 digits
too long             | POST /cards | card {"pan":"44444444444444444444"}    | 422 | 12 to 19 digits
over-long            | POST /cards | card {"pan":"<x300>"}                  | 422 | more than 256 bytes
wrong check digit    | POST /cards | card {"pan":"4111111111111112"}        | 422 | check digit
not a test number    | POST /cards | card {"pan":"4895370016781988"}        | 422 | --allow-pan
not a test number    | POST /cards | card {"pan":"4895370016781988"}        | 422 | /data/attributes/pan"
both                 | POST /cards | card {"pan_alias":"x"}                 | 422 | /data/attributes/pan_alias
unknown alias        | POST /cards | card {"pan":null,"pan_alias":"nobody"} | 422 | /data/attributes/pan_alias
alias of other type  | POST /cards | card {"pan":null,"pan_alias":1}        | 422 | /data/attributes/pan_alias
over-long alias      | POST /cards | card {"pan":null,"pan_alias":"<x300>"} | 422 | /data/attributes/pan_alias
"#;

const ATTRIBUTES: &str = r#"
no month              | POST /cards | card {"exp_month":null}                   | 422 | missing-required-field
no month              | POST /cards | card {"exp_month":null}                   | 422 | /data/attributes/exp_month
month as text         | POST /cards | card {"exp_month":"12"}                   | 422 | /data/attributes/exp_month
month as fraction     | POST /cards | card {"exp_month":1.5}                    | 422 | /data/attributes/exp_month
month zero            | POST /cards | card {"exp_month":0}                      | 422 | /data/attributes/exp_month
month thirteen        | POST /cards | card {"exp_month":13}                     | 422 | /data/attributes/exp_month
month below zero      | POST /cards | card {"exp_month":-1}                     | 422 | /data/attributes/exp_month
huge month            | POST /cards | card {"exp_month":18446744073709551615}   | 422 | /data/attributes/exp_month
no year               | POST /cards | card {"exp_year":null}                    | 422 | /data/attributes/exp_year
year of three digits  | POST /cards | card {"exp_year":130}                     | 422 | /data/attributes/exp_year
year as text          | POST /cards | card {"exp_year":"30"}                    | 422 | /data/attributes/exp_year
a past year           | POST /cards | card {"exp_year":25}                      | 422 | /data/attributes/exp_year
everything missing    | POST /cards | attributes {}                             | 422 | /data/attributes/pan"
everything missing    | POST /cards | attributes {}                             | 422 | /data/attributes/exp_month
everything missing    | POST /cards | attributes {}                             | 422 | /data/attributes/exp_year
letters as code       | POST /cards | card {"cvc":"abc"}                        | 422 | /data/attributes/cvc
too long a code       | POST /cards | card {"cvc":"12345"}                      | 422 | /data/attributes/cvc
code of another type  | POST /cards | card {"cvc":123}                          | 422 | /data/attributes/cvc
code alias likewise   | POST /cards | card {"cvc_alias":[]}                     | 422 | /data/attributes/cvc_alias
holder of other type  | POST /cards | card {"cardholder":"Jane"}                | 422 | /data/attributes/cardholder
over-long holder      | POST /cards | card {"cardholder":{"name":"<x5000>"}}         | 422 | /data/attributes/cardholder
unknown kind of token | POST /cards | card {"token_type":"gold"}                | 422 | /data/attributes/token_type
unknown wallet        | POST /cards | card {"wallet_type":"leather"}            | 422 | /data/attributes/wallet_type
metadata as a list    | POST /cards | card {"meta":[]}                          | 422 | /data/attributes/meta
metadata with numbers | POST /cards | card {"meta":{"a":1}}                     | 422 | /data/attributes/meta
over-long metadata    | POST /cards | card {"meta":{"a":"<x300>"}}              | 422 | /data/attributes/meta
over-long name        | POST /cards | card {"meta":{"<x300>":"a"}}              | 422 | /data/attributes/meta
"#;

const CHANGES: &str = r#"
another number     | PATCH <card>                     | attributes {"pan":"5555555555554444"} | 422 | cannot be changed
another alias      | PATCH <card>                     | attributes {"pan_alias":"x"}          | 422 | /data/attributes/pan_alias
other metadata     | PATCH <card>                     | attributes {"meta":{}}                | 422 | /data/attributes/meta
month thirteen     | PATCH <card>                     | attributes {"exp_month":13}           | 422 | /data/attributes/exp_month
year as text       | PATCH <card>                     | attributes {"exp_year":"30"}          | 422 | /data/attributes/exp_year
a code of a digit  | PATCH <card>                     | attributes {"cvc":"1"}                | 422 | /data/attributes/cvc
wrong media type   | PATCH <card>                     | json {}                               | 415 | unsupported-media-type
a list for nothing | POST <tokenless>/network-tokens  | api []                                | 400 | must be a JSON object
broken JSON        | POST <tokenless>/network-tokens  | api {                                 | 400 | not JSON
a form             | POST <tokenless>/network-tokens  | form a=b                              | 415 | content type
"#;

const CRYPTOGRAMS: &str = r#"
no token             | POST <tokenless>/cryptogram | none                                             | 422 | failed-dependency
amount as text       | POST <card>/cryptogram      | attributes {"amount":"1","currency_code":"USD"}   | 422 | /data/attributes/amount
amount below zero    | POST <card>/cryptogram      | attributes {"amount":-1,"currency_code":"USD"}    | 422 | /data/attributes/amount
too fine an amount   | POST <card>/cryptogram      | attributes {"amount":1.005,"currency_code":"USD"} | 422 | more decimals
a fraction of a yen  | POST <card>/cryptogram      | attributes {"amount":0.5,"currency_code":"JPY"}   | 422 | /data/attributes/amount
too large an amount  | POST <card>/cryptogram      | attributes {"amount":1e15,"currency_code":"USD"}  | 422 | larger than
beyond counting      | POST <card>/cryptogram      | attributes {"amount":1e300,"currency_code":"USD"} | 422 | /data/attributes/amount
small letters        | POST <card>/cryptogram      | attributes {"amount":1,"currency_code":"usd"}     | 422 | /data/attributes/currency_code
too long a currency  | POST <card>/cryptogram      | attributes {"amount":1,"currency_code":"USDX"}    | 422 | /data/attributes/currency_code
currency as number   | POST <card>/cryptogram      | attributes {"currency_code":840}                  | 422 | /data/attributes/currency_code
amount of nothing    | POST <card>/cryptogram      | attributes {"amount":1}                           | 422 | /data/attributes/currency_code
unknown transaction  | POST <card>/cryptogram      | attributes {"transaction_type":"MOTO"}            | 422 | /data/attributes/transaction_type
unknown kind         | POST <card>/cryptogram      | attributes {"cryptogram_type":"CAVV"}             | 422 | /data/attributes/cryptogram_type
kind of another type | POST <card>/cryptogram      | attributes {"cryptogram_type":1}                  | 422 | /data/attributes/cryptogram_type
no envelope          | POST <card>/cryptogram      | api {}                                            | 400 | member data
reading it           | GET <card>/cryptogram       | none                                              | 405 | not allowed
"#;

const UPDATES: &str = r#"
unknown card to watch | POST /cards/CRD1111111111111111111111/card-update-subscriptions | none    | 404 | o such card
no shape of an id     | POST /cards/x/card-update-subscriptions                         | none    | 404 | o such card
a list for nothing    | POST <tokenless>/card-update-subscriptions                      | api []  | 400 | must be a JSON object
broken JSON           | POST <tokenless>/card-update-subscriptions                      | api {   | 400 | not JSON
a form                | POST <tokenless>/card-update-subscriptions                      | form a=b | 415 | content type
not watched           | DELETE <tokenless>/card-update-subscriptions                    | none    | 404 | not subscribed
reading it            | GET <tokenless>/card-update-subscriptions                       | none    | 405 | not allowed
unknown card to check | POST /cards/CRD1111111111111111111111/check                     | none    | 404 | o such card
a list for nothing    | POST <tokenless>/check                                          | api []  | 400 | must be a JSON object
wrong media type      | POST <tokenless>/check                                          | json {} | 415 | unsupported-media-type
reading it            | GET <tokenless>/check                                           | none    | 405 | not allowed
"#;
