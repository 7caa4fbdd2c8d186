//! The inbound twin: requests that come in by a vault's own name, without credentials, on their way to whoever is behind it.

use super::{Elsewhere, Proxied};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_page_sends_to_the_vault_reaches_its_owner_redacted() {
    let elsewhere = Elsewhere::that("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let settings = format!(
        "[proxy.upstreams]\n\"tntstandin.sandbox.verygoodproxy.com\" = \"{}\"\n[[proxy.route]]\nhost = 'tntstandin\\.sandbox\\.verygoodproxy\\.com'\n[[proxy.route.rule]]\naction = \"redact\"\nphase = \"request\"\nform = [\"pan\"]\nformat = \"ALPHANUMERIC_SIX_T_FOUR\"\n[[proxy.route.rule]]\naction = \"redact\"\nphase = \"request\"\nform = [\"cvc\"]\nformat = \"NUM_LENGTH_PRESERVING\"\nstorage = \"VOLATILE\"\n",
        elsewhere.address
    );
    let proxied = Proxied::with(&settings).await;
    let body = "pan=4111111111111111&cvc=123&name=x";
    let ask = |host: &str| {
        format!(
            "POST /pay HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let said = proxied
        .said(&ask("tntstandin.sandbox.verygoodproxy.com"))
        .await;
    assert!(
        said.starts_with("HTTP/1.1 200 OK") && said.ends_with("ok"),
        "{said}"
    );
    let heard = elsewhere.said().pop().unwrap();
    let (_, sent) = heard.split_once("\r\n\r\n").unwrap();
    let fields: Vec<_> = sent.split('&').collect();
    let pan = fields[0].strip_prefix("pan=").unwrap();
    assert!(
        pan.starts_with("411111") && pan.ends_with("V1111") && pan.len() == 19,
        "{sent}"
    );
    let code = fields[1].strip_prefix("cvc=").unwrap();
    assert!(
        code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()),
        "{sent}"
    );
    assert_eq!(fields[2], "name=x");
    // Another vault is nobody's.
    let said = proxied
        .said(&ask("tntother.sandbox.verygoodproxy.com"))
        .await;
    assert!(
        said.starts_with("HTTP/1.1 404 ") && said.contains("tntother"),
        "{said}"
    );
    assert_eq!(elsewhere.said().len(), 1);
}

/// VGS's samples create cards by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_with_nobody_behind_it_leads_to_card_management() {
    let proxied = Proxied::with("").await;
    let said = proxied
        .said("GET /cards/x HTTP/1.1\r\nhost: tntstandin.sandbox.verygoodproxy.com\r\n\r\n")
        .await;
    assert!(
        said.starts_with("HTTP/1.1 401 ") && said.contains("unauthorized"),
        "{said}"
    );
}
