//! What Adyen refuses.

use super::{Row, Scene, row, table};
use crate::client::Ask;
use crate::gateway::bought::purchase;

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let pay = || purchase("adyen", false);
    let at = |key: &str, ask: Ask| ask.header("x-api-key", key);
    let cancel = |account: &str| {
        let path = format!("/v72/payments/{}/cancels", scene.bought.adyen.held);
        Ask::post(path).json(&serde_json::json!({ "merchantAccount": account }))
    };
    let keyed = |key: &str| at("standin-adyen", pay()).header("idempotency-key", key);
    let mut rows = vec![
        row("no key", pay(), 401, "Unauthorized"),
        row("a wrong key", at("nobody", pay()), 401, "Unauthorized"),
        row(
            "another scheme",
            pay().bearer("standin-adyen"),
            401,
            "Unauthorized",
        ),
        row(
            "another's account",
            at("other-adyen", pay()),
            403,
            "Invalid Merchant Account",
        ),
        row(
            "another's payment",
            at("other-adyen", cancel("OtherMerchant")),
            422,
            "pspReference",
        ),
        row(
            "in another space",
            at("standin-adyen@elsewhere", cancel("StandinMerchant")),
            422,
            "167",
        ),
        row("no idempotency key", keyed(""), 422, "idempotency key"),
        row("too long a key", keyed(&"k".repeat(65)), 422, "1 to 64"),
        row(
            "two keys",
            keyed("one").header("idempotency-key", "two"),
            422,
            "more than one",
        ),
    ];
    let tables = [BODIES, MEMBERS, MOVES].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("adyen", scene, text)));
    rows
}

const BODIES: &str = r#"
no body             | POST /v72/payments  | json            | 400 | Unexpected input
no type             | POST /v72/payments  | none            | 415 | application/json
broken JSON         | POST /v72/payments  | json {          | 400 | Unexpected input
deep JSON           | POST /v72/payments  | json <deep>     | 400 | Unexpected input
no text             | POST /v72/payments  | json <not text> | 400 | Unexpected input
a list              | POST /v72/payments  | json []         | 400 | must be an object
wrong media type    | POST /v72/payments  | plain {}        | 415 | application/json
a huge body         | POST /v72/payments  | json <huge>     | 413 | 1 MiB
nothing in it       | POST /v72/payments  | json {}         | 422 | 'merchantAccount'
a list of payments  | GET /v72/payments   | none            | 405 | method is not allowed
no such resource    | POST /v72/donations | json {}         | 404 | no such resource
"#;

const MEMBERS: &str = r#"
no account          | POST /v72/payments | adyen {"/merchantAccount":null}                        | 422 | 'merchantAccount'
account as a number | POST /v72/payments | adyen {"/merchantAccount":1}                           | 422 | 'merchantAccount'
unknown account     | POST /v72/payments | adyen {"/merchantAccount":"Nobody"}                    | 403 | Invalid Merchant Account
no amount           | POST /v72/payments | adyen {"/amount":null}                                 | 422 | No amount specified
a bare amount       | POST /v72/payments | adyen {"/amount":2500}                                 | 422 | 'amount'
no value            | POST /v72/payments | adyen {"/amount/value":null}                           | 422 | No amount specified
negative value      | POST /v72/payments | adyen {"/amount/value":-1}                             | 422 | Invalid amount specified
value as text       | POST /v72/payments | adyen {"/amount/value":"2500"}                         | 422 | Invalid amount specified
too much            | POST /v72/payments | adyen {"/amount/value":1099511627776}                  | 422 | Invalid amount specified
no currency         | POST /v72/payments | adyen {"/amount/currency":null}                        | 422 | Currency missing or invalid
small letters       | POST /v72/payments | adyen {"/amount/currency":"usd"}                       | 422 | Currency missing or invalid
no reference        | POST /v72/payments | adyen {"/reference":null}                              | 422 | 'reference'
over-long reference | POST /v72/payments | adyen {"/reference":"<x5000>"}                         | 422 | 'reference'
no method           | POST /v72/payments | adyen {"/paymentMethod":null}                          | 422 | 'paymentMethod'
a list as method    | POST /v72/payments | adyen {"/paymentMethod":[]}                            | 422 | 'paymentMethod'
no kind             | POST /v72/payments | adyen {"/paymentMethod/type":null}                     | 422 | 'paymentMethod.type'
another kind        | POST /v72/payments | adyen {"/paymentMethod/type":"ideal"}                  | 422 | 'paymentMethod.type'
no number           | POST /v72/payments | adyen {"/paymentMethod/number":null}                   | 422 | Invalid card number
a short number      | POST /v72/payments | adyen {"/paymentMethod/number":"4111"}                 | 422 | Invalid card number
month as a number   | POST /v72/payments | adyen {"/paymentMethod/expiryMonth":12}                | 422 | 'paymentMethod.expiryMonth' must be a string
a thirteenth month  | POST /v72/payments | adyen {"/paymentMethod/expiryMonth":"13"}              | 422 | Expiry month
two-digit year      | POST /v72/payments | adyen {"/paymentMethod/expiryYear":"29"}               | 422 | four digits
code of letters     | POST /v72/payments | adyen {"/paymentMethod/cvc":"abc"}                     | 422 | "103"
code of two digits  | POST /v72/payments | adyen {"/paymentMethod/cvc":"12"}                      | 422 | CVC is not the right length
code of five digits | POST /v72/payments | adyen {"/paymentMethod/cvc":"12345"}                   | 422 | CVC is not the right length
code as a number    | POST /v72/payments | adyen {"/paymentMethod/cvc":123}                       | 422 | 'paymentMethod.cvc' must be a string
a list as mpiData   | POST /v72/payments | adyen {"/mpiData":[]}                                  | 422 | 'mpiData'
cryptogram as list  | POST /v72/payments | adyen {"/mpiData":{"cavv":[]}}                         | 422 | 'mpiData.cavv'
no cryptogram       | POST /v72/payments | adyen {"/paymentMethod/type":"networkToken","/paymentMethod/cvc":null} | 422 | 'mpiData.tokenAuthenticationVerificationValue'
no NTI              | POST /v72/payments | adyen {"/additionalData/networkTxReference":"x"}       | 422 | 'additionalData.networkTxReference'
no NTI beside it    | POST /v72/payments | adyen {"/paymentMethod/networkPaymentReference":"x"}   | 422 | 'paymentMethod.networkPaymentReference'
no TLID             | POST /v72/payments | adyen {"/additionalData/transactionLinkId":"x"}        | 422 | 'additionalData.transactionLinkId'
no interaction      | POST /v72/payments | adyen {"/shopperInteraction":"Fax"}                    | 422 | 'shopperInteraction'
no such model       | POST /v72/payments | adyen {"/recurringProcessingModel":"Weekly"}           | 422 | 'recurringProcessingModel'
delay in words      | POST /v72/payments | adyen {"/captureDelayHours":"soon"}                    | 422 | 'captureDelayHours'
"#;

const MOVES: &str = r#"
unknown reference   | POST /v72/payments/NOSUCHREFERENCE2/cancels | json {"merchantAccount":"StandinMerchant"} | 422 | pspReference
small letters       | POST /v72/payments/nosuchreference2/cancels | json {"merchantAccount":"StandinMerchant"} | 422 | pspReference
no text in the path | POST /v72/payments/%ff/cancels              | json {"merchantAccount":"StandinMerchant"} | 422 | pspReference
no account          | POST /v72/payments/<psp>/cancels            | json {}                                    | 422 | 'merchantAccount'
capture of what     | POST /v72/payments/<psp>/captures           | json {"merchantAccount":"StandinMerchant"} | 422 | No amount specified
refund of what      | POST /v72/payments/<psp>/refunds            | json {"merchantAccount":"StandinMerchant"} | 422 | No amount specified
reference as number | POST /v72/payments/<psp>/reversals          | json {"merchantAccount":"StandinMerchant","reference":1} | 422 | 'reference'
wrong method        | GET /v72/payments/<psp>/captures            | none                                       | 405 | method is not allowed
"#;
