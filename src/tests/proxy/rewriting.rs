//! What routes make of requests and answers, with a stranger at the other end who keeps what it hears.

use serde_json::json;

use super::{CREDENTIALS, Elsewhere, Proxied, reasons};
use crate::client::Ask;

const PAN: &str = "4111111111111111";

/// A route for the stranger, with these rules.
fn settings(elsewhere: &Elsewhere, rules: &str) -> String {
    format!(
        "[proxy.upstreams]\n\"own.test\" = \"{}\"\n[[proxy.route]]\nhost = 'own\\.test'\n{rules}",
        elsewhere.address
    )
}

/// Vaults a value under an alias of the test's own.
async fn vault(proxied: &Proxied, value: &str, alias: &str, storage: &str) {
    let access = proxied.client().token("standin-manual", None).await;
    let body = json!({ "data": [{ "value": value, "alias": alias, "storage": storage }] });
    let ask = Ask::post("/aliases").bearer(&access).json(&body);
    proxied.client().send(ask).await.expect(201);
}

/// Asks the stranger by the proxy.
async fn ask(proxied: &Proxied, kind: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let asked = format!(
        "POST http://own.test/charge HTTP/1.1\r\nhost: own.test\r\nproxy-authorization: {CREDENTIALS}\r\ncontent-type: {kind}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    proxied.said(&asked).await
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 31\r\n\r\n{\"number\": \"4111111111111111\" }\n";

const REVEAL: &str = r#"
[[proxy.route.rule]]
action = "reveal"
phase = "request"
path = "^/charge"
json = ["$.card.number", "$..items[*].pan"]
form = ["card[number]"]
header = ["x-card"]
text = ["<pan>([^<]*)</pan>"]
"#;

/// Media type, headers and body as they are sent, and the body as it is heard.
const REVEALED: [(&str, &str, &str, &str); 9] = [
    (
        JSON,
        "",
        r#"{"card": {"number": "tok_own", "n": 1.50}}"#,
        r#"{"card": {"number": "4111111111111111", "n": 1.50}}"#,
    ),
    (
        JSON,
        "",
        r#"{"x":{"items":[{"pan":"tok_own"},{"pan":"tok_own"},{}]}}"#,
        r#"{"x":{"items":[{"pan":"4111111111111111"},{"pan":"4111111111111111"},{}]}}"#,
    ),
    (
        JSON,
        "",
        r#"{"card":{"other":"tok_own"}}"#,
        r#"{"card":{"other":"tok_own"}}"#,
    ),
    (
        JSON,
        "",
        r#"{"card":{"number":"tok_nobody"}}"#,
        r#"{"card":{"number":"tok_nobody"}}"#,
    ),
    (
        JSON,
        "",
        r#"{"card":{"number":null}}"#,
        r#"{"card":{"number":null}}"#,
    ),
    (JSON, "", r#"{"card": broken"#, r#"{"card": broken"#),
    (
        FORM,
        "",
        "a=1&card%5Bnumber%5D=tok_own&card[number]=tok_own",
        "a=1&card%5Bnumber%5D=4111111111111111&card[number]=4111111111111111",
    ),
    (
        "text/xml",
        "",
        "<pan>tok_own</pan><no>tok_own</no>",
        "<pan>4111111111111111</pan><no>tok_own</no>",
    ),
    (
        "text/plain",
        "x-card: tok_own\r\nx-other: tok_own\r\n",
        "x",
        "x",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aliases_are_revealed_wherever_a_rule_looks_and_nowhere_else() {
    let elsewhere = Elsewhere::that("HTTP/1.1 204 No Content\r\n\r\n").await;
    let proxied = Proxied::with(&settings(&elsewhere, REVEAL)).await;
    vault(&proxied, PAN, "tok_own", "PERSISTENT").await;
    for (kind, headers, body, want) in REVEALED {
        let said = ask(&proxied, kind, headers, body).await;
        assert!(said.starts_with("HTTP/1.1 204"), "{said}");
        let heard = elsewhere.said().pop().unwrap();
        let (head, sent) = heard.split_once("\r\n\r\n").unwrap();
        assert_eq!(sent, want);
        assert!(
            head.contains(&format!("content-length: {}", want.len())),
            "{head}"
        );
        if !headers.is_empty() {
            assert!(head.contains("x-card: 4111111111111111"), "{head}");
            assert!(head.contains("x-other: tok_own"), "{head}");
        }
    }
    let reasons = reasons(proxied.client(), "").await;
    assert_eq!(reasons[0], "revealed tok_own at $.card.number");
    assert!(
        reasons.contains(&"unknown alias at $.card.number, passed unchanged".to_owned()),
        "{reasons:?}"
    );
    let journal = proxied
        .client()
        .send(Ask::get("/_standin/journal"))
        .await
        .text();
    assert!(!journal.contains(PAN), "{journal}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_are_redacted_in_answers_and_go_back_as_they_came() {
    let rules = r#"
[[proxy.route.rule]]
action = "reveal"
phase = "request"
json = ["$.number"]
[[proxy.route.rule]]
action = "redact"
phase = "response"
status = [200]
content_type = "application/json"
json = ["$.number"]
format = "FPE_SIX_T_FOUR"
"#;
    let elsewhere = Elsewhere::that(ANSWER).await;
    let proxied = Proxied::with(&settings(&elsewhere, rules)).await;
    let said = ask(&proxied, JSON, "accept-encoding: gzip\r\n", "{}").await;
    assert!(
        !said.contains(PAN) && said.contains("{\"number\": \"411111"),
        "{said}"
    );
    let alias = said.split('"').nth_back(1).unwrap().to_owned();
    assert!(alias.ends_with("1111") && alias.len() == 16, "{alias}");
    let heard = elsewhere.said().pop().unwrap();
    assert!(!heard.contains("accept-encoding"), "{heard}");
    // The same value, the same alias; and it can be revealed.
    assert!(ask(&proxied, JSON, "", "{}").await.contains(&alias));
    ask(&proxied, JSON, "", &format!("{{\"number\":\"{alias}\"}}")).await;
    assert!(
        elsewhere
            .said()
            .pop()
            .unwrap()
            .ends_with(&format!("{{\"number\":\"{PAN}\"}}"))
    );
    // Under another name it goes back under that.
    vault(&proxied, PAN, "tok_mine", "PERSISTENT").await;
    let said = ask(&proxied, JSON, "", "{\"number\":\"tok_mine\"}").await;
    assert!(said.contains("{\"number\": \"tok_mine\" }"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_vaulted_is_refused_and_not_passed_on() {
    let rules =
        "[[proxy.route.rule]]\naction = \"redact\"\nphase = \"request\"\njson = [\"$.number\"]\n";
    let elsewhere = Elsewhere::that("HTTP/1.1 204 No Content\r\n\r\n").await;
    let proxied = Proxied::with(&settings(&elsewhere, rules)).await;
    // Well formed, and nobody's test number.
    let real = format!("{}{}", "453201511283", "0366");
    let said = ask(&proxied, JSON, "", &format!("{{\"number\":\"{real}\"}}")).await;
    assert!(
        said.starts_with("HTTP/1.1 422 ") && said.contains("$.number"),
        "{said}"
    );
    assert!(elsewhere.said().is_empty());
}

/// Nobody can say what is in it, so it is not passed on as if nothing were.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_not_passed_on_where_it_was_to_be_redacted() {
    let rule = |action: &str, phase: &str| {
        format!(
            "[[proxy.route.rule]]\naction = \"{action}\"\nphase = \"{phase}\"\njson = [\"$.number\"]\nheader = [\"x-card\"]\n"
        )
    };
    let answer = "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 2\r\n\r\nxx";
    let elsewhere = Elsewhere::that(answer).await;
    let proxied = Proxied::with(&settings(&elsewhere, &rule("redact", "request"))).await;
    for headers in ["content-encoding: gzip\r\n", "x-card: é\r\n"] {
        let said = ask(&proxied, JSON, headers, "{}").await;
        assert!(
            said.starts_with("HTTP/1.1 422 ") && said.contains("cannot be redacted"),
            "{headers}: {said}"
        );
    }
    assert!(elsewhere.said().is_empty());
    let proxied = Proxied::with(&settings(&elsewhere, &rule("redact", "response"))).await;
    let said = ask(&proxied, JSON, "", "{}").await;
    assert!(said.starts_with("HTTP/1.1 422 "), "{said}");
    // An alias that is not seen passes as it is.
    let proxied = Proxied::with(&settings(&elsewhere, &rule("reveal", "request"))).await;
    let said = ask(&proxied, JSON, "content-encoding: gzip\r\n", "{}").await;
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    let reasons = reasons(proxied.client(), "").await;
    assert!(reasons[0].contains("was not looked into"), "{reasons:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_volatile_is_forgotten_after_an_hour_of_the_spaces_clock() {
    let rules =
        "[[proxy.route.rule]]\naction = \"reveal\"\nphase = \"request\"\njson = [\"$.cvc\"]\n";
    let elsewhere = Elsewhere::that("HTTP/1.1 204 No Content\r\n\r\n").await;
    let proxied = Proxied::with(&settings(&elsewhere, rules)).await;
    vault(&proxied, "1234", "tok_code", "VOLATILE").await;
    vault(&proxied, "5678", "tok_kept", "PERSISTENT").await;
    for (span, code, kept) in [
        ("PT0S", "1234", "5678"),
        ("PT60M", "1234", "5678"),
        ("PT1S", "tok_code", "5678"),
    ] {
        proxied.client().advance("", span).await;
        for (alias, want) in [("tok_code", code), ("tok_kept", kept)] {
            ask(&proxied, JSON, "", &format!("{{\"cvc\":\"{alias}\"}}")).await;
            let heard = elsewhere.said().pop().unwrap();
            assert!(
                heard.ends_with(&format!("{{\"cvc\":\"{want}\"}}")),
                "{span}: {heard}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn built_in_routes_reveal_for_card_management_and_payment_services() {
    let proxied = Proxied::with("").await;
    vault(&proxied, PAN, "tok_own", "PERSISTENT").await;
    let access = proxied.client().token("standin-manual", None).await;
    let card = r#"{"data":{"attributes":{"pan":"tok_own","exp_month":12,"exp_year":40}}}"#;
    let said = proxied.said(&format!(
        "POST http://sandbox.vgsapi.com/cards HTTP/1.1\r\nhost: sandbox.vgsapi.com\r\nproxy-authorization: {CREDENTIALS}\r\nauthorization: Bearer {access}\r\ncontent-type: application/vnd.api+json\r\ncontent-length: {}\r\n\r\n{card}",
        card.len()
    )).await;
    assert!(
        said.starts_with("HTTP/1.1 201") && said.contains("\"last4\":\"1111\""),
        "{said}"
    );
    let pay = "amount=1000&currency=usd&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]=tok_own&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2040&payment_method_data[card][cvc]=123&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
    let said = proxied.said(&format!(
        "POST http://api.stripe.com/v1/payment_intents HTTP/1.1\r\nhost: api.stripe.com\r\nproxy-authorization: {CREDENTIALS}\r\nauthorization: Bearer sk_test_standin\r\ncontent-type: {FORM}\r\ncontent-length: {}\r\n\r\n{pay}",
        pay.len()
    )).await;
    assert!(
        said.starts_with("HTTP/1.1 200") && said.contains("\"succeeded\""),
        "{said}"
    );
    let reasons = reasons(proxied.client(), "").await;
    assert_eq!(reasons.len(), 2, "{reasons:?}");
}

#[tokio::test]
async fn a_proxy_with_mistakes_does_not_start_and_says_all_of_them() {
    let settings = "[proxy.upstreams]\n\"a\" = \"b\"\n[[proxy.vault]]\nname = \"A\"\nusername = \"u\"\npassword = \"p\"\n[[proxy.route]]\nhost = \"(\"\nrule = []\n";
    let stand = crate::client::Stand::start(standin::server::Options {
        settings: standin::operations::settings::Settings::parse(settings).unwrap(),
        ..crate::client::options()
    })
    .await;
    let options = standin::proxy::Options {
        tls: None,
        plain: Some("127.0.0.1:0".parse().unwrap()),
        open: false,
        allow: vec!["x y".to_owned()],
        authority: standin::crypto::authority::Authority::make(
            "t",
            standin::clock::machine_now().seconds(),
        )
        .unwrap(),
        trust: standin::outgoing::Trust::default(),
        recorder: None,
        replay: None,
    };
    let why = standin::proxy::start(&stand.server, options)
        .await
        .unwrap_err()
        .to_string();
    for says in [
        "proxy.upstreams.\"a\":",
        "proxy.vault 1: name",
        "proxy.route 1.host:",
        "proxy.route 1.rule:",
        "--proxy-allow x y:",
    ] {
        assert_eq!(
            why.lines().filter(|line| line.starts_with(says)).count(),
            1,
            "{says}: {why}"
        );
    }
}
