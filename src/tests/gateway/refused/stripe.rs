//! What Stripe refuses.

use super::{Row, Scene, row, table};
use crate::client::Ask;
use crate::gateway::bought::purchase;

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let pay = || purchase("stripe", false);
    let read = || Ask::get(format!("/v1/payment_intents/{}", scene.bought.stripe.held));
    let keyed = |key: &str| {
        pay()
            .bearer("sk_test_standin")
            .header("idempotency-key", key)
    };
    let nobody = "Basic c2tfdGVzdF9ub2JvZHk6";
    let mut rows = vec![
        row("no key", pay(), 401, "No API key"),
        row(
            "a wrong key",
            pay().bearer("sk_test_nobody"),
            401,
            "Invalid API Key provided: sk_test***",
        ),
        row(
            "a wrong user",
            pay().header("authorization", nobody),
            401,
            "Invalid API Key",
        ),
        row(
            "another merchant's",
            read().bearer("sk_test_other"),
            404,
            "No such payment_intent",
        ),
        row(
            "in another space",
            read().bearer("sk_test_standin@elsewhere"),
            404,
            "No such payment_intent",
        ),
        row("an empty idempotency key", keyed(""), 400, "key is empty"),
        row("a key beyond ASCII", keyed("clé"), 400, "printable ASCII"),
        row(
            "two keys",
            keyed("one").header("idempotency-key", "two"),
            400,
            "more than one",
        ),
        row("too long a key", keyed(&"k".repeat(256)), 400, "1 to 255"),
    ];
    let tables = [BODIES, MEMBERS, UNKNOWN, LATER, MOVES, ON_FILE].into_iter();
    rows.extend(tables.flat_map(|text| table::rows_at("stripe", scene, text)));
    rows
}

const BODIES: &str = r#"
no body             | POST /v1/payment_intents         | none        | 400 | "param":"amount"
JSON                | POST /v1/payment_intents         | json {}     | 400 | x-www-form-urlencoded
no media type       | POST /v1/payment_intents         | untyped a=b | 400 | x-www-form-urlencoded
no form             | POST /v1/payment_intents         | form &&==&% | 400 | Received unknown parameter
a huge body         | POST /v1/payment_intents         | form <huge> | 413 | larger than 1 MiB
a list of payouts   | GET /v1/payouts                  | none        | 404 | Unrecognized request URL
unknown intent      | GET /v1/payment_intents/pi_1     | none        | 404 | No such payment_intent: 'pi_1'
a charge's name     | GET /v1/payment_intents/ch_1     | none        | 404 | No such payment_intent
unknown charge      | GET /v1/charges/ch_1             | none        | 404 | No such charge
unknown refund      | GET /v1/refunds/re_1             | none        | 404 | No such refund
no text in the path | GET /v1/refunds/%ff              | none        | 404 | No such refund
no such resource    | GET /v1/subscriptions            | none        | 404 | Unrecognized request URL
"#;

const MEMBERS: &str = r#"
no amount           | POST /v1/payment_intents | stripe {"amount":null}                                      | 400 | "param":"amount"
empty amount        | POST /v1/payment_intents | stripe {"amount":""}                                        | 400 | "code":"parameter_invalid_empty","param":"amount"
empty currency      | POST /v1/payment_intents | stripe {"currency":""}                                      | 400 | 'currency' cannot be unset
empty number        | POST /v1/payment_intents | stripe {"payment_method_data[card][number]":""}             | 400 | "param":"payment_method_data[card][number]"
empty capture       | POST /v1/payment_intents/<pi>/capture | form amount_to_capture=                        | 400 | "code":"parameter_invalid_empty","param":"amount_to_capture"
empty refund        | POST /v1/refunds         | form payment_intent=<pi>&amount=                            | 400 | "code":"parameter_invalid_empty","param":"amount"
empty intent        | POST /v1/refunds         | form payment_intent=                                        | 400 | "code":"parameter_invalid_empty","param":"payment_intent"
empty secret        | GET /v1/payment_intents/<pi>?client_secret= | none                                     | 400 | "code":"parameter_invalid_empty","param":"client_secret"
amount in words     | POST /v1/payment_intents | stripe {"amount":"ten"}                                     | 400 | Invalid integer: ten
negative amount     | POST /v1/payment_intents | stripe {"amount":"-1"}                                      | 400 | "param":"amount"
nothing to pay      | POST /v1/payment_intents | stripe {"amount":"0"}                                       | 400 | "param":"amount"
too much            | POST /v1/payment_intents | stripe {"amount":"1099511627776"}                           | 400 | "code":"amount_too_large","param":"amount"
too little          | POST /v1/payment_intents | stripe {"amount":"49"}                                      | 400 | "code":"amount_too_small","param":"amount"
no currency         | POST /v1/payment_intents | stripe {"currency":null}                                    | 400 | "param":"currency"
no such currency    | POST /v1/payment_intents | stripe {"currency":"dollars"}                               | 400 | "param":"currency"
confirmed in words  | POST /v1/payment_intents | stripe {"confirm":"yes"}                                    | 400 | Invalid boolean: yes
no such capture     | POST /v1/payment_intents | stripe {"capture_method":"later"}                           | 400 | "param":"capture_method"
a stored method     | POST /v1/payment_intents | form amount=100&currency=usd&payment_method=pm_1            | 404 | No such PaymentMethod: 'pm_1'
no kind             | POST /v1/payment_intents | stripe {"payment_method_data[type]":null}                   | 400 | payment_method_data[type]
another kind        | POST /v1/payment_intents | stripe {"payment_method_data[type]":"sepa_debit"}           | 400 | must be card
no number           | POST /v1/payment_intents | stripe {"payment_method_data[card][number]":null}           | 400 | payment_method_data[card][number]
a short number      | POST /v1/payment_intents | stripe {"payment_method_data[card][number]":"4111"}         | 402 | incorrect_number
no month            | POST /v1/payment_intents | stripe {"payment_method_data[card][exp_month]":null}        | 400 | payment_method_data[card][exp_month]
a thirteenth month  | POST /v1/payment_intents | stripe {"payment_method_data[card][exp_month]":"13"}        | 402 | invalid_expiry_month
a far year          | POST /v1/payment_intents | stripe {"payment_method_data[card][exp_year]":"20290"}      | 402 | invalid_expiry_year
no receipt           | POST /v1/payment_intents | stripe {"receipt_email":"notmail"}                           | 400 | "message":"Invalid email address: notmail","type":"invalid_request_error","code":"email_invalid","param":"receipt_email"
off in words        | POST /v1/payment_intents | stripe {"off_session":"1"}                                  | 400 | "param":"off_session"
no NTI              | POST /v1/payment_intents | stripe {"payment_method_options[card][mit_exemption][network_transaction_id]":"x"} | 400 | [network_transaction_id]
no TLID             | POST /v1/payment_intents | stripe {"payment_method_options[card][mit_exemption][transaction_link_id]":"x"}    | 400 | 22 characters
no cryptogram       | POST /v1/payment_intents | stripe {"payment_method_data[card][cvc]":null,"payment_method_data[card][network_token][number]":"4111111111111111","payment_method_data[card][network_token][exp_month]":"1","payment_method_data[card][network_token][exp_year]":"30"} | 400 | payment_method_options[card][network_token][cryptogram]
a token's own month | POST /v1/payment_intents | stripe {"payment_method_data[card][network_token][number]":"4111111111111111"} | 400 | payment_method_data[card][network_token][exp_month]
"#;

const UNKNOWN: &str = r#"
a slip of the pen   | POST /v1/payment_intents              | stripe {"amout":"1"}                                     | 400 | Received unknown parameter: amout
the code for it     | POST /v1/payment_intents              | stripe {"amout":"1"}                                     | 400 | "code":"parameter_unknown","param":"amout"
inside of a card    | POST /v1/payment_intents              | stripe {"payment_method_data[card][pan]":"4111"}         | 400 | Received unknown parameter: payment_method_data[card][pan]
a card as a text    | POST /v1/payment_intents              | stripe {"payment_method_data[card]":"4111"}              | 400 | "param":"payment_method_data[card]"
when confirming     | POST /v1/payment_intents/<pi>/confirm | form amount=1                                            | 400 | Received unknown parameter: amount
when capturing      | POST /v1/payment_intents/<pi>/capture | form amount=1                                            | 400 | Received unknown parameter: amount
when canceling      | POST /v1/payment_intents/<pi>/cancel  | form reason=duplicate                                    | 400 | Received unknown parameter: reason
when refunding      | POST /v1/refunds                      | form payment_intent=<pi>&why=x                           | 400 | Received unknown parameter: why
when reading        | GET /v1/payment_intents/<pi>?fields=x | none                                                     | 400 | Received unknown parameter: fields
"#;

const LATER: &str = r#"
no amount yet       | POST /v1/payment_intents              | stripe {"confirm":null,"amount":null}                    | 400 | "param":"amount"
a wrong card yet    | POST /v1/payment_intents              | stripe {"confirm":"false","payment_method_data[card][exp_month]":"13"} | 402 | invalid_expiry_month
a wrong capture yet | POST /v1/payment_intents              | stripe {"confirm":null,"capture_method":"later"}         | 400 | "param":"capture_method"
unknown to confirm  | POST /v1/payment_intents/pi_1/confirm | form                                                     | 404 | No such payment_intent: 'pi_1'
a charge's name     | POST /v1/payment_intents/ch_1/confirm | form                                                     | 404 | No such payment_intent
confirmed already   | POST /v1/payment_intents/<pi>/confirm | form                                                     | 400 | payment_intent_unexpected_state
not a form          | POST /v1/payment_intents/<pi>/confirm | json {}                                                  | 400 | x-www-form-urlencoded
confirmed by GET    | GET /v1/payment_intents/<pi>/confirm  | none                                                     | 404 | Unrecognized request URL
"#;

const ON_FILE: &str = r#"
nobody's customer   | POST /v1/payment_intents              | stripe {"customer":"cus_1"}                           | 400 | "code":"resource_missing","param":"customer"
unknown customer    | GET /v1/customers/cus_1               | none                                                  | 404 | No such customer: 'cus_1'
no address          | POST /v1/customers                    | form email=jenny                                      | 400 | "code":"email_invalid"
a customer's slip   | POST /v1/customers                    | form nmae=jenny                                       | 400 | Received unknown parameter: nmae
a balance           | POST /v1/customers                    | form balance=1                                        | 400 | "param":"balance"
not its own default | POST /v1/customers                    | form invoice_settings[default_payment_method]=pm_1    | 404 | No such PaymentMethod
a test clock        | POST /v1/customers                    | form test_clock=clock_1                               | 404 | No such test_clock
unknown to update   | POST /v1/customers/cus_1              | form name=x                                           | 404 | No such customer
unknown to delete   | DELETE /v1/customers/cus_1            | none                                                  | 404 | No such customer
its methods         | GET /v1/customers/cus_1/payment_methods | none                                                | 404 | No such customer
unknown method      | GET /v1/payment_methods/pm_1          | none                                                  | 404 | No such PaymentMethod: 'pm_1'
no kind of method   | POST /v1/payment_methods              | form                                                  | 400 | "param":"type"
another kind        | POST /v1/payment_methods              | form type=sepa_debit                                  | 400 | must be card
no number           | POST /v1/payment_methods              | form type=card                                        | 400 | "param":"card[number]"
a wrong number      | POST /v1/payment_methods              | form type=card&card[number]=4242424242424241&card[exp_month]=1&card[exp_year]=2030 | 402 | "code":"incorrect_number","param":"card[number]"
a month in words    | POST /v1/payment_methods              | form type=card&card[number]=4242424242424242&card[exp_month]=May&card[exp_year]=2030 | 400 | "param":"card[exp_month]"
a short code        | POST /v1/payment_methods              | form type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2030&card[cvc]=1 | 402 | "code":"invalid_cvc","param":"card[cvc]"
no such token       | POST /v1/payment_methods              | form type=card&card[token]=tok_1                      | 404 | No such token: 'tok_1'
to nobody           | POST /v1/payment_methods/pm_card_visa/attach | form                                           | 400 | "param":"customer"
to an unknown one   | POST /v1/payment_methods/pm_card_visa/attach | form customer=cus_1                            | 400 | "param":"customer"
unknown to detach   | POST /v1/payment_methods/pm_1/detach  | form                                                  | 404 | No such PaymentMethod
both at once        | POST /v1/payment_intents              | stripe {"payment_method":"pm_1"}                      | 400 | payment_method_data
unknown setup       | GET /v1/setup_intents/seti_1          | none                                                  | 404 | No such setupintent: 'seti_1'
money for a setup   | POST /v1/setup_intents                | form amount=1                                         | 400 | Received unknown parameter: amount
confirming nothing  | POST /v1/setup_intents                | form confirm=true                                     | 400 | "param":"payment_method"
no such usage       | POST /v1/setup_intents                | form usage=often                                      | 400 | "param":"usage"
unknown to confirm  | POST /v1/setup_intents/seti_1/confirm | form                                                  | 404 | No such setupintent
unknown to cancel   | POST /v1/setup_intents/seti_1/cancel  | form                                                  | 404 | No such setupintent
no secret           | GET /v1/3d_secure/<pi>                | none                                                  | 400 | "param":"client_secret"
a wrong secret      | GET /v1/3d_secure/<pi>?client_secret=x | none                                                 | 404 | No such payment_intent
no token            | POST /v1/tokens                       | form                                                  | 400 | "param":"card[number]"
unknown token       | GET /v1/tokens/tok_1                  | none                                                  | 404 | No such token: 'tok_1'
no source           | POST /v1/charges                      | form amount=100&currency=usd                          | 400 | "param":"source"
no such source      | POST /v1/charges                      | form amount=100&currency=usd&source=tok_1             | 404 | No such token: 'tok_1'
unknown to capture  | POST /v1/charges/ch_1/capture         | form                                                  | 404 | No such charge: 'ch_1'
unknown to change   | POST /v1/charges/ch_1                 | form description=x                                    | 404 | No such charge: 'ch_1'
no such refund      | POST /v1/refunds/re_1                 | form metadata[a]=b                                    | 404 | No such refund: 're_1'
no such entry       | GET /v1/balance_transactions/txn_1    | none                                                  | 404 | No such balance transaction: 'txn_1'
no such dispute     | GET /v1/disputes/du_1                 | none                                                  | 404 | No such dispute: 'du_1'
unknown to answer   | POST /v1/disputes/du_1                | form metadata[a]=b                                    | 404 | No such dispute: 'du_1'
not to be said      | POST /v1/disputes/du_1                | form amount=1                                         | 400 | Received unknown parameter: amount
no such evidence    | POST /v1/disputes/du_1                | form evidence[alibi]=x                                | 400 | "param":"evidence[alibi]"
no such file        | POST /v1/disputes/du_1                | form evidence[receipt]=file_1                         | 404 | "param":"evidence[receipt]"
submitted in words  | POST /v1/disputes/du_1                | form submit=perhaps                                   | 400 | "param":"submit"
unknown to give up  | POST /v1/disputes/du_1/close          | form                                                  | 404 | No such dispute: 'du_1'
nothing to say      | POST /v1/disputes/du_1/close          | form evidence[receipt]=x                              | 400 | Received unknown parameter: evidence[receipt]
no query            | GET /v1/payment_intents/search        | none                                                  | 400 | "param":"query"
no such field       | GET /v1/charges/search?query=a:1      | none                                                  | 400 | Field `a` is an unsupported search field
no such customers   | GET /v1/customers/search?query=a      | none                                                  | 400 | unable to parse your search query
nothing to change   | POST /v1/payment_intents/<pi>         | form amount=1                                         | 400 | payment_intent_unexpected_state
"#;

const MOVES: &str = r#"
unknown intent      | POST /v1/payment_intents/pi_1/capture | form                                  | 404 | No such payment_intent
unknown to cancel   | POST /v1/payment_intents/pi_1/cancel  | form                                  | 404 | No such payment_intent
too much            | POST /v1/payment_intents/<pi>/capture | form amount_to_capture=2501           | 400 | amount_too_large
in words            | POST /v1/payment_intents/<pi>/capture | form amount_to_capture=all            | 400 | "param":"amount_to_capture"
nothing at all      | POST /v1/payment_intents/<pi>/capture | form amount_to_capture=0              | 400 | "param":"amount_to_capture"
final in words      | POST /v1/payment_intents/<pi>/capture | form final_capture=maybe              | 400 | "param":"final_capture"
refund of what      | POST /v1/refunds                      | form amount=1                         | 400 | "param":"payment_intent"
of an unknown one   | POST /v1/refunds                      | form payment_intent=pi_1              | 404 | "param":"payment_intent"
an unknown charge   | POST /v1/refunds                      | form charge=ch_1                      | 404 | "param":"charge"
before the capture  | POST /v1/refunds                      | form payment_intent=<pi>              | 400 | does not have a successful charge to refund
no such reason      | POST /v1/refunds                      | form payment_intent=<pi>&reason=regret | 400 | duplicate, fraudulent, requested_by_customer
which reason        | POST /v1/refunds                      | form payment_intent=<pi>&reason=regret | 400 | "param":"reason"
no such reason      | POST /v1/payment_intents/<pi>/cancel  | form cancellation_reason=regret       | 400 | requested_by_customer, abandoned
long metadata       | POST /v1/refunds                      | form payment_intent=<pi>&metadata[a]=<x5000>&metadata[b]=<x5000>&metadata[c]=<x5000>&metadata[d]=<x5000> | 400 | "param":"metadata"
refund in words     | POST /v1/refunds                      | form payment_intent=<pi>&amount=all   | 400 | Invalid integer: all
"#;
