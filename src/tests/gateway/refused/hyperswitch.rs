//! What hyperswitch's token service refuses. Wrong cards inside of a sealed envelope are tried where one can be sealed.

use serde_json::json;

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let fetch = |key: &str| {
        let body = json!({ "card_reference": scene.reference, "customer_id": "cus_1" });
        let ask = Ask::post("/hyperswitch/tokens/fetch").json(&body);
        ask.header("authorization", key)
    };
    let mut rows = vec![
        row(
            "with a scheme",
            fetch("Bearer standin_key"),
            401,
            "without a scheme",
        ),
        row("a wrong key", fetch("nobody"), 401, "unauthorized"),
        row(
            "another merchant's",
            fetch("other_key"),
            404,
            "card_unknown",
        ),
        row(
            "in another space",
            fetch("standin_key@elsewhere"),
            404,
            "token_unknown",
        ),
        row(
            "no customer of its own",
            fetch("standin_key"),
            404,
            "token_unknown",
        ),
    ];
    let unkeyed = Ask::post("/hyperswitch/tokens/status").json(&json!({}));
    rows.push(row("no key", unkeyed, 401, "unauthorized"));
    let tables = [GENERATE, NAMED].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("hyperswitch", scene, text)));
    rows
}

const GENERATE: &str = r#"
no body             | POST /hyperswitch/tokens/generate | none            | 415 | application/json
wrong media type    | POST /hyperswitch/tokens/generate | form a=b        | 415 | unsupported_media_type
broken JSON         | POST /hyperswitch/tokens/generate | json {          | 400 | not JSON
not UTF-8           | POST /hyperswitch/tokens/generate | json <not text> | 400 | not JSON
deep JSON           | POST /hyperswitch/tokens/generate | json <deep>     | 400 | not JSON
a list              | POST /hyperswitch/tokens/generate | json []         | 400 | must be a JSON object
a huge body         | POST /hyperswitch/tokens/generate | json <huge>     | 413 | 1 MiB
nothing in it       | POST /hyperswitch/tokens/generate | json {}         | 400 | service
another service     | POST /hyperswitch/tokens/generate | json {"service":"ALT_ID","cardData":"x","orderData":{"customerId":"c"}}        | 400 | service
no card             | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","orderData":{"customerId":"c"}}                | 400 | cardData
card in the clear   | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":{},"orderData":{"customerId":"c"}}  | 400 | cardData
not an envelope     | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"x","orderData":{"customerId":"c"}} | 400 | invalid_card_data
a torn envelope     | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"a.b.c.d.e","orderData":{"customerId":"c"}} | 400 | invalid_card_data
no order            | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"x"}                                | 400 | orderData
no customer         | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"x","orderData":{}}                 | 400 | orderData.customerId
customer as number  | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"x","orderData":{"customerId":1}}   | 400 | orderData.customerId
over-long customer  | POST /hyperswitch/tokens/generate | json {"service":"NETWORK_TOKEN","cardData":"x","orderData":{"customerId":"<x300>"}} | 400 | orderData.customerId
reading it          | GET /hyperswitch/tokens/generate  | none            | 405 | method_not_allowed
another call        | POST /hyperswitch/tokens/suspend  | json {}         | 404 | not_found
"#;

const NAMED: &str = r#"
nothing named       | POST /hyperswitch/tokens/fetch    | json {}                                                                  | 400 | card_reference
no customer         | POST /hyperswitch/tokens/fetch    | json {"card_reference":"x"}                                              | 400 | customer_id
no reference        | POST /hyperswitch/tokens/fetch    | json {"customer_id":"x"}                                                 | 400 | card_reference
reference as number | POST /hyperswitch/tokens/fetch    | json {"card_reference":1,"customer_id":"x"}                              | 400 | card_reference
unknown reference   | POST /hyperswitch/tokens/fetch    | json {"card_reference":"NTK1111111111111111111111","customer_id":"x"}    | 404 | token_unknown
wrong shape of one  | POST /hyperswitch/tokens/status   | json {"card_reference":"x","customer_id":"x"}                            | 404 | token_unknown
in capitals         | POST /hyperswitch/tokens/status   | json {"cardReference":"x","customerId":1}                                | 400 | customerId
unknown to delete   | POST /hyperswitch/tokens/delete   | json {"card_reference":"x","customer_id":"x"}                            | 404 | token_unknown
nobody's to delete  | POST /hyperswitch/tokens/delete   | json {"card_reference":"<reference>","customer_id":"x"}                  | 404 | token_unknown
broken JSON         | POST /hyperswitch/tokens/delete   | json {                                                                   | 400 | not JSON
wrong media type    | POST /hyperswitch/tokens/status   | plain {}                                                                 | 415 | application/json
reading it          | GET /hyperswitch/tokens/status    | none                                                                     | 405 | method_not_allowed
"#;
