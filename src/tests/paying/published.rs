//! What payment services publish of their own test environments: every row of the fixture, paid at its service, is answered in
//! that service's words; and what can be seen to be impossible is refused before anybody is asked.

use serde_json::{Value, json};
use standin::domain::payment::published::Published;
use standin::domain::persona::Personas;

use super::shop::Shop;
use crate::client::{Answer, Ask};

const PAYS: &str = "4242424242424242";

fn rows() -> Vec<Published> {
    let text = include_str!("../../../fixtures/cards.toml");
    Personas::parse(text).unwrap().published().to_vec()
}

/// A purchase by card, as the three services are sent it.
struct Purchase<'a> {
    number: &'a str,
    amount: u64,
    asked: &'a str,
    expiry: (u8, u16),
    code: &'a str,
}

const ORDINARY: Purchase<'_> = Purchase {
    number: PAYS,
    amount: 2_500,
    asked: "J. Smith",
    expiry: (12, 2034),
    code: "123",
};

impl Purchase<'_> {
    async fn at(&self, shop: &Shop, service: &str) -> Answer {
        let (month, year) = self.expiry;
        let amount = self.amount.to_string();
        let (month_text, year_text) = (month.to_string(), year.to_string());
        shop.send(match service {
            "stripe" => Ask::post("/v1/payment_intents")
                .bearer("sk_test_standin")
                .form(&[
                    ("amount", &amount),
                    ("currency", "usd"),
                    ("confirm", "true"),
                    ("payment_method_data[type]", "card"),
                    ("payment_method_data[card][number]", self.number),
                    ("payment_method_data[card][exp_month]", &month_text),
                    ("payment_method_data[card][exp_year]", &year_text),
                    ("payment_method_data[card][cvc]", self.code),
                ]),
            "adyen" => Ask::post("/v72/payments")
                .header("x-api-key", "standin-adyen")
                .json(&json!({
                    "merchantAccount": "StandinMerchant",
                    "amount": { "currency": "USD", "value": self.amount },
                    "reference": "order",
                    "returnUrl": "https://localhost/",
                    "paymentMethod": {
                        "type": "scheme", "number": self.number, "holderName": self.asked,
                        "expiryMonth": month_text, "expiryYear": year_text, "cvc": self.code,
                    },
                })),
            _ => Ask::post("/payments")
                .bearer("sk_sbox_standinstandinstandinstandi")
                .json(&json!({
                    "amount": self.amount, "currency": "USD",
                    "source": {
                        "type": "card", "number": self.number,
                        "expiry_month": month, "expiry_year": year, "cvv": self.code,
                    },
                })),
        })
        .await
    }
}

/// What the service's client is told: code and decline code, refusal reason and code, response code.
fn told(service: &str, answer: &Answer) -> String {
    let body = answer.json();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
    match service {
        "stripe" if text("/status") == "requires_action" => "requires_action".to_owned(),
        "stripe" => format!("{} {}", text("/error/code"), text("/error/decline_code")),
        "adyen" => format!("{} {}", text("/resultCode"), text("/refusalReasonCode")),
        _ => text("/response_code").to_owned(),
    }
}

/// Trigger and answer, from the pages that the fixture's rows name. One line for each row, in its order.
const ANSWERS: &str = "\
4000000000000002 card_declined generic_decline
4000000000009995 card_declined insufficient_funds
4000000000009987 card_declined lost_card
4000000000009979 card_declined stolen_card
4000000000000069 expired_card expired_card
4000000000000127 incorrect_cvc incorrect_cvc
4000000000000119 processing_error processing_error
4000000000006975 card_declined card_velocity_exceeded
4000000000000341 card_declined generic_decline
4100000000000019 card_declined fraudulent
4000002500003155 requires_action
4000002760003184 requires_action
4000003800000446 requires_action
4000008260003178 requires_action
4000000000003220 requires_action
4000008400001629 requires_action
4000008400001280 card_declined generic_decline
4000000000004954 card_declined fraudulent
4000000000009235 - -
4000000000000101 - -
4000000000000036 - -
4000058400307872 - -
4000058400306072 - -
4000000000000028 - -
4000000000000010 - -
4000000000000044 - -
4000000000000259 - -
4000000000002685 - -
4000000000001976 - -
4000000404000079 - -
4000000404000038 - -
4000008400000779 - -
5105008400000002 - -
4000000001000043 - -
4000000404004816 - -
4000000404005649 - -
5105000300000018 - -
4000000000007726 - -
4000000000005126 - -
4000000000000077 - -
4000003720000278 - -
4000008400000027 requires_action
4000582600000094 requires_action
4000582600000045 requires_action
4000582600000102 requires_action
4000582600000110 requires_action
5105105105105100 - -
4734868958733862 200N7
4567361325981788 200R3
4111111111111129 20001
4024007103573027 20012
4485381577182090 20014
4544249167673670 20051
4724117215951699 20054
4151512736305999 20057
4897453568485113 20059
4556294593757189 20061
4818924250131070 20062
4556253752712245 20063
4095254802642505 20068
4532819413487978 20078
4500622868341387 20154
xxx05 20005
xxx12 20012
xxx14 20014
xxx51 20051
xxx54 20087
xxx62 20062
xxx63 20063
9998 20068
xxx33 30033
6510 20154
6520 20154
6530 20154
6540 20154
2011 200R1
2013 200R3
APPROVED Authorised -
DECLINED Refused 2
REFERRAL Refused 3
ERROR Error 4
BLOCK_CARD Refused 5
CARD_EXPIRED Refused 6
INVALID_AMOUNT Refused 7
INVALID_CARD_NUMBER Refused 8
ISSUER_UNAVAILABLE Refused 9
NOT_ENOUGH_BALANCE Refused 12
";

/// Takes a second: fifty payments.
#[tokio::test]
async fn every_published_trigger_is_answered_as_its_service_says() {
    let shop = Shop::open().await;
    let mut answers = String::new();
    for row in rows() {
        let amount = row.amount.as_ref().map(|pattern| pattern.replace('x', "1"));
        let asked = row.asked.first().map_or(ORDINARY.asked, String::as_str);
        let purchase = Purchase {
            number: row.pan.as_deref().unwrap_or(PAYS),
            amount: amount.map_or(ORDINARY.amount, |amount| amount.parse().unwrap()),
            asked,
            ..ORDINARY
        };
        let answer = purchase.at(&shop, &row.service).await;
        let trigger = row.pan.as_ref().or(row.amount.as_ref());
        let trigger = trigger.map_or(asked, String::as_str);
        answers += &format!("{trigger} {}\n", told(&row.service, &answer));
    }
    assert_eq!(answers, ANSWERS);
}

/// A number means what one service says of it at that service alone.
#[tokio::test]
async fn elsewhere_a_card_is_what_its_own_row_says() {
    let shop = Shop::open().await;
    for (number, service, want) in [
        ("4000000000000127", "checkout_com", "10000"),
        ("4000000000000127", "adyen", "Authorised -"),
        ("4544249167673670", "adyen", "Authorised -"),
        ("4544249167673670", "stripe", "- -"),
    ] {
        let purchase = Purchase { number, ..ORDINARY };
        let answer = purchase.at(&shop, service).await;
        assert_eq!(told(service, &answer), want, "{number} {service}");
    }
    let asked = Purchase {
        asked: "DECLINED",
        ..ORDINARY
    };
    assert_eq!(
        told("checkout_com", &asked.at(&shop, "checkout_com").await),
        "10000"
    );
}

/// Stripe, error codes; Checkout.com, validation error codes.
#[tokio::test]
async fn what_is_impossible_on_the_face_of_it_reaches_no_issuer() {
    let shop = Shop::open().await;
    let wrong_digit = Purchase {
        number: "4242424242424241",
        ..ORDINARY
    };
    // The clock of the space stands in January 2026.
    let last_year = Purchase {
        expiry: (12, 2025),
        ..ORDINARY
    };
    let short_code = Purchase {
        code: "12",
        ..ORDINARY
    };
    for (purchase, code) in [
        (&wrong_digit, "incorrect_number"),
        (&last_year, "invalid_expiry_year"),
        (&short_code, "invalid_cvc"),
    ] {
        let refused = purchase.at(&shop, "stripe").await.expect(402).json();
        assert_eq!(refused["error"]["type"], "card_error", "{code}");
        assert_eq!(refused["error"]["code"], code);
    }
    for (purchase, code) in [
        (&wrong_digit, "card_number_invalid"),
        (&last_year, "card_expired"),
    ] {
        let refused = purchase.at(&shop, "checkout_com").await.expect(422).json();
        assert_eq!(refused["error_type"], "request_invalid");
        assert_eq!(refused["error_codes"], json!([code]));
    }
    let payments = shop.send(Ask::get("/_standin/payments")).await.json();
    assert_eq!(payments["payments"], json!([]));
}

/// Stripe, testing: the test methods stand for its test cards.
#[tokio::test]
async fn stripes_test_methods_stand_for_its_cards() {
    let shop = Shop::open().await;
    for (method, status, code) in [
        ("pm_card_visa", 200, "- -"),
        ("pm_card_mastercard", 200, "- -"),
        ("pm_card_amex", 200, "- -"),
        ("pm_card_discover", 200, "- -"),
        ("pm_card_visa_debit", 200, "- -"),
        (
            "pm_card_visa_chargeDeclined",
            402,
            "card_declined generic_decline",
        ),
        (
            "pm_card_chargeDeclinedInsufficientFunds",
            402,
            "card_declined insufficient_funds",
        ),
        (
            "pm_card_chargeDeclinedExpiredCard",
            402,
            "expired_card expired_card",
        ),
        (
            "pm_card_chargeDeclinedIncorrectCvc",
            402,
            "incorrect_cvc incorrect_cvc",
        ),
        (
            "pm_card_chargeDeclinedProcessingError",
            402,
            "processing_error processing_error",
        ),
        ("pm_card_nobody", 404, "resource_missing -"),
    ] {
        let form = [
            ("amount", "2000"),
            ("currency", "usd"),
            ("confirm", "true"),
            ("payment_method", method),
        ];
        let ask = Ask::post("/v1/payment_intents")
            .bearer("sk_test_standin")
            .form(&form);
        let answer = shop.send(ask).await.expect(status);
        assert_eq!(told("stripe", &answer), code, "{method}");
    }
}
