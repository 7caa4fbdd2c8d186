//! What Checkout.com refuses: with a code for each member, or with a status alone.

use super::{NOTHING, Row, Scene, row, table};
use crate::client::Ask;
use crate::gateway::bought::purchase;

const KEY: &str = "sk_sbox_standinstandinstandinstandi";

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let pay = || purchase("checkout_com", false);
    let read = || Ask::get(format!("/payments/{}", scene.bought.checkout.held));
    let token = || Ask::get(format!("/network-tokens/{}", scene.bought.token));
    let keyed = |key: &str| pay().bearer(KEY).header("cko-idempotency-key", key);
    let stranger = "sk_sbox_otherotherotherotherotherot";
    let mut rows = vec![
        row("a wrong key", pay().bearer("sk_sbox_nobody"), 401, NOTHING),
        row("a public key", pay().bearer("pk_sbox_nobody"), 401, NOTHING),
        row("a forged token", token().bearer("cko_YQ.YQ"), 401, NOTHING),
        row(
            "another merchant's payment",
            read().bearer(stranger),
            404,
            "",
        ),
        row(
            "another merchant's token",
            token().bearer(stranger),
            404,
            "",
        ),
        row(
            "in another space",
            read().bearer(&format!("{KEY}@elsewhere")),
            404,
            "",
        ),
        row(
            "two keys",
            keyed("one").header("cko-idempotency-key", "two"),
            422,
            "idempotency_key_invalid",
        ),
        row(
            "an empty idempotency key",
            keyed(""),
            422,
            "idempotency_key_invalid",
        ),
        row(
            "a key beyond ASCII",
            keyed("clé"),
            422,
            "idempotency_key_invalid",
        ),
        row(
            "too long a key",
            keyed(&"k".repeat(256)),
            422,
            "idempotency_key_invalid",
        ),
    ];
    let tables = [BODIES, MEMBERS, MOVES, TOKENS, ACCESS].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("checkout_com", scene, text)));
    rows
}

const BODIES: &str = r#"
no body             | POST /payments         | none            | 422 | currency_required
nothing in it       | POST /payments         | json {}         | 422 | payment_source_required
broken JSON         | POST /payments         | json {          | 422 | request_body_malformed
deep JSON           | POST /payments         | json <deep>     | 422 | request_body_malformed
no text             | POST /payments         | json <not text> | 422 | request_body_malformed
a list              | POST /payments         | json []         | 422 | request_body_malformed
wrong media type    | POST /payments         | plain {}        | 415 | nothing
a huge body         | POST /payments         | json <huge>     | 413 | nothing
a list of payments  | GET /payments          | none            | 422 | reference_required
unknown payment     | GET /payments/pay_none | none            | 404 | nothing
no text in the path | GET /payments/%ff      | none            | 404 | nothing
no such resource    | GET /payments/a/b      | none            | 404 | nothing
"#;

const MEMBERS: &str = r#"
no currency         | POST /payments | checkout_com {"/currency":null}                        | 422 | currency_required
small letters       | POST /payments | checkout_com {"/currency":"usd"}                       | 422 | currency_invalid
amount in words     | POST /payments | checkout_com {"/amount":"25.0"}                        | 422 | amount_invalid
negative amount     | POST /payments | checkout_com {"/amount":-1}                            | 422 | amount_invalid
too much            | POST /payments | checkout_com {"/amount":1099511627776}                 | 422 | amount_invalid
no source           | POST /payments | checkout_com {"/source":null}                          | 422 | payment_source_required
a bare source       | POST /payments | checkout_com {"/source":"card"}                        | 422 | payment_source_invalid
no kind             | POST /payments | checkout_com {"/source/type":null}                     | 422 | source_type_required
another kind        | POST /payments | checkout_com {"/source/type":"sepa"}                   | 422 | source_type_invalid
no number           | POST /payments | checkout_com {"/source/number":null}                   | 422 | card_number_required
a short number      | POST /payments | checkout_com {"/source/number":"4111"}                 | 422 | card_number_invalid
no month            | POST /payments | checkout_com {"/source/expiry_month":null}             | 422 | card_expiry_month_required
a thirteenth month  | POST /payments | checkout_com {"/source/expiry_month":13}               | 422 | card_expiry_month_invalid
two-digit year      | POST /payments | checkout_com {"/source/expiry_year":29}                | 422 | card_expiry_year_invalid
code of letters     | POST /payments | checkout_com {"/source/cvv":"abc"}                     | 422 | cvv_invalid
code of five digits | POST /payments | checkout_com {"/source/cvv":"12345"}                   | 422 | cvv_invalid
code as a number    | POST /payments | checkout_com {"/source/cvv":123}                       | 422 | cvv_invalid
no token            | POST /payments | checkout_com {"/source/type":"network_token"}          | 422 | "token_required"
no kind of token    | POST /payments | checkout_com {"/source/type":"network_token"}          | 422 | token_type_required
another token       | POST /payments | checkout_com {"/source/type":"network_token","/source/token":"4111111111111111","/source/token_type":"amex"} | 422 | token_type_invalid
no cryptogram       | POST /payments | checkout_com {"/source/type":"network_token","/source/token":"4111111111111111","/source/token_type":"vts","/source/cvv":null} | 422 | cryptogram_required
capture in words    | POST /payments | checkout_com {"/capture":"now"}                        | 422 | capture_invalid
by whom             | POST /payments | checkout_com {"/merchant_initiated":1}                 | 422 | merchant_initiated_invalid
no such kind of pay | POST /payments | checkout_com {"/payment_type":"Once"}                  | 422 | payment_type_invalid
unknown payment     | POST /payments | checkout_com {"/previous_payment_id":"pay_none"}       | 422 | previous_payment_id_invalid
no NTI              | POST /payments | checkout_com {"/previous_payment_id":"x"}              | 422 | previous_payment_id_invalid
no TLID             | POST /payments | checkout_com {"/processing":{"scheme_transaction_link_id":"x"}} | 422 | processing_scheme_transaction_link_id_invalid
"#;

const MOVES: &str = r#"
capture of nothing    | POST /payments/pay_none/captures | json {}                       | 404 | nothing
too much              | POST /payments/<cko>/captures    | json {"amount":2501}          | 422 | amount_exceeds_balance
nothing at all        | POST /payments/<cko>/captures    | json {"amount":0}             | 422 | amount_invalid
last in words         | POST /payments/<cko>/captures    | json {"capture_type":"Last"}  | 422 | capture_type_invalid
reference as a number | POST /payments/<cko>/voids       | json {"reference":1}          | 422 | reference_invalid
refund before capture | POST /payments/<cko>/refunds     | json {}                       | 403 | nothing
broken JSON           | POST /payments/<cko>/reversals   | json {                        | 422 | request_body_malformed
wrong method          | DELETE /payments/<cko>           | none                          | 405 | nothing
"#;

const TOKENS: &str = r#"
nothing in it       | POST /network-tokens                   | json {}                                                  | 422 | payment_source_required
another source      | POST /network-tokens                   | json {"source":{"type":"id"}}                            | 422 | source_type_invalid
not a test number   | POST /network-tokens                   | json {"source":{"type":"card","number":"4895370016781988","expiry_month":1,"expiry_year":2030}} | 422 | card_number_invalid
wrong check digit   | POST /network-tokens                   | json {"source":{"type":"card","number":"4111111111111112","expiry_month":1,"expiry_year":2030}} | 422 | card_number_invalid
expired             | POST /network-tokens                   | json {"source":{"type":"card","number":"4111111111111111","expiry_month":1,"expiry_year":2020}} | 422 | card_expired
a list of tokens    | GET /network-tokens                    | none                                                     | 405 | nothing
unknown token       | GET /network-tokens/nt_none            | none                                                     | 404 | nothing
of an unknown token | POST /network-tokens/nt_none/cryptograms | json {"transaction_type":"ecom"}                       | 404 | nothing
what for            | POST /network-tokens/<nt>/cryptograms  | json {}                                                  | 422 | transaction_type_required
no such use         | POST /network-tokens/<nt>/cryptograms  | json {"transaction_type":"fax"}                          | 422 | transaction_type_invalid
by whom             | PATCH /network-tokens/<nt>/delete      | json {"initiated_by":"cat"}                              | 422 | initiated_by_invalid
no such reason      | PATCH /network-tokens/<nt>/delete      | json {"reason":"boredom"}                                | 422 | reason_invalid
wrong method        | POST /network-tokens/<nt>/delete       | json {}                                                  | 405 | nothing
"#;

const ACCESS: &str = r#"
no grant            | POST /connect/token | form a=b                                                                             | 400 | unsupported_grant_type
another grant       | POST /connect/token | form grant_type=password                                                             | 400 | unsupported_grant_type
an empty grant      | POST /connect/token | form grant_type=                                                                     | 400 | unsupported_grant_type
an empty client     | POST /connect/token | form grant_type=client_credentials&client_id=&client_secret=standin-secret           | 400 | invalid_request
an empty secret     | POST /connect/token | form grant_type=client_credentials&client_id=ack_standin&client_secret=              | 400 | invalid_client
two secrets         | POST /connect/token | form grant_type=client_credentials&client_id=ack_standin&client_secret=x&client_secret=standin-secret | 400 | invalid_request
no client           | POST /connect/token | form grant_type=client_credentials                                                   | 400 | invalid_client
a wrong secret      | POST /connect/token | form grant_type=client_credentials&client_id=ack_standin&client_secret=x             | 400 | invalid_client
an empty scope      | POST /connect/token | form grant_type=client_credentials&client_id=ack_standin&client_secret=standin-secret&scope=  | 400 | invalid_scope
a scope in lines    | POST /connect/token | form grant_type=client_credentials&client_id=ack_standin&client_secret=standin-secret&scope=a%0Ab | 400 | invalid_scope
a huge body         | POST /connect/token | form <huge>                                                                          | 413 | nothing
wrong method        | GET /connect/token  | none                                                                                 | 405 | nothing
"#;
