//! Requests inside tunnels: the same answers as to whoever asks directly, in the space that was chosen, with faults; and only
//! for the host that the tunnel is for.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::{CREDENTIALS, Proxied, head, heard, reasons};
use crate::client::Ask;

const TOKEN: &str =
    "grant_type=client_credentials&client_id=standin-manual&client_secret=standin-secret";
const TOKEN_PATH: &str = "/auth/realms/vgs/protocol/openid-connect/token";

/// One request of HTTP/1.1 as it is written.
fn post(host: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_answers_as_the_server_does() {
    let proxied = Proxied::with("").await;
    let host = "auth.verygoodsecurity.com";
    let mut stream = proxied
        .secured(&format!("{host}:443"), host, &["http/1.1"])
        .await
        .unwrap();
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let ask = post(host, TOKEN_PATH, form, TOKEN);
    stream.write_all(ask.as_bytes()).await.unwrap();
    let through = heard(&mut stream).await;
    assert!(through.starts_with("HTTP/1.1 200 OK"), "{through}");
    assert!(
        through.contains("vgs-upstream-status-code: 200"),
        "{through}"
    );
    let token: Value = serde_json::from_str(through.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let direct = proxied
        .client()
        .send(Ask::token("standin-manual", None))
        .await
        .json();
    // The issuer in it is the host that was asked.
    assert_eq!(token["expires_in"], direct["expires_in"]);
    // It is good at another host of the same vendor.
    let host = "sandbox.vgsapi.com";
    let mut stream = proxied
        .secured(&format!("{host}:443"), host, &["http/1.1"])
        .await
        .unwrap();
    let bearer = token["access_token"].as_str().unwrap();
    let headers =
        format!("authorization: Bearer {bearer}\r\ncontent-type: application/vnd.api+json\r\n");
    let card = json!({ "data": { "attributes": { "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 } } });
    let ask = post(host, "/cards", &headers, &card.to_string());
    stream.write_all(ask.as_bytes()).await.unwrap();
    let through = heard(&mut stream).await;
    assert!(through.starts_with("HTTP/1.1 201"), "{through}");
    let journal = proxied
        .client()
        .send(Ask::get("/_standin/journal?operation=create_card"))
        .await;
    assert_eq!(journal.expect(200).at("/entries/0/headers/host"), host);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_user_name_of_the_proxy_chooses_the_space() {
    let proxied = Proxied::with("").await;
    // USstandin@lab:standin-secret
    let auth = "proxy-authorization: Basic VVNzdGFuZGluQGxhYjpzdGFuZGluLXNlY3JldA==\r\n";
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let body = TOKEN;
    let ask = format!(
        "POST http://auth.verygoodsecurity.com{TOKEN_PATH} HTTP/1.1\r\nhost: auth.verygoodsecurity.com\r\n{auth}{form}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let said = proxied.said(&ask).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    let count = async |prefix: &str| {
        let ask = Ask::get(format!("{prefix}/_standin/journal?surface=oauth"));
        let journal = proxied.client().send(ask).await.expect(200).json();
        journal["entries"].as_array().unwrap().len()
    };
    assert_eq!((count("").await, count("/~lab").await), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_control_plane_is_no_host_of_the_world() {
    let proxied = Proxied::with("").await;
    for host in [
        "api.stripe.com",
        "sandbox.vgsapi.com",
        "api.sandbox.checkout.com",
    ] {
        let mut stream = proxied
            .secured(&format!("{host}:443"), host, &["http/1.1"])
            .await
            .unwrap();
        let ask = post(
            host,
            "/_standin/reset",
            "content-type: application/json\r\n",
            "",
        );
        stream.write_all(ask.as_bytes()).await.unwrap();
        let said = heard(&mut stream).await;
        assert!(
            !said.contains("\"reset\"") && said.contains("HTTP/1.1 4"),
            "{host}: {said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_reach_into_tunnels() {
    let proxied = Proxied::with("").await;
    for (fault, wanted) in [
        (
            json!({ "name": "gone", "fault": { "kind": "empty_reply" } }),
            "",
        ),
        (
            json!({ "name": "busy", "fault": { "kind": "status", "status": 503 } }),
            "HTTP/1.1 503",
        ),
    ] {
        let armed = proxied
            .client()
            .send(Ask::post("/_standin/faults").json(&fault))
            .await;
        assert_eq!(armed.status, 201, "{}", armed.text());
        let host = "api.stripe.com";
        let mut stream = proxied
            .secured(&format!("{host}:443"), host, &["http/1.1"])
            .await
            .unwrap();
        stream
            .write_all(post(host, "/v1/payment_intents", "", "").as_bytes())
            .await
            .unwrap();
        let said = heard(&mut stream).await;
        assert!(
            said.starts_with(wanted) && said.is_empty() == wanted.is_empty(),
            "{fault}: {said}"
        );
        let name = fault["name"].as_str().unwrap();
        let gone = proxied
            .client()
            .send(Ask::delete(format!("/_standin/faults/{name}")))
            .await;
        assert!(gone.status < 300, "{}", gone.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_leads_to_its_own_host_and_to_no_other() {
    let proxied = Proxied::with("").await;
    // TLS asks for another name.
    let other = proxied
        .secured("api.stripe.com:443", "api.visa.com", &["http/1.1"])
        .await;
    assert!(other.is_err());
    // HTTP/1.1 does.
    for (ask, status) in [
        (
            "GET /v1/charges HTTP/1.1\r\nhost: api.visa.com\r\n\r\n",
            "421",
        ),
        (
            "GET http://api.visa.com/vts HTTP/1.1\r\nhost: api.stripe.com\r\n\r\n",
            "421",
        ),
        (
            "GET /v1/charges HTTP/1.1\r\nhost: api.stripe.com:8443\r\n\r\n",
            "421",
        ),
        ("GET /v1/charges HTTP/1.1\r\n\r\n", "400"),
        (
            "GET /v1/charges HTTP/1.1\r\nhost: api.stripe.com\r\nhost: api.visa.com\r\n\r\n",
            "400",
        ),
        (
            "CONNECT api.visa.com:443 HTTP/1.1\r\nhost: api.visa.com:443\r\n\r\n",
            "400",
        ),
    ] {
        let stream = proxied
            .secured("api.stripe.com:443", "api.stripe.com", &["http/1.1"])
            .await;
        let mut stream = stream.unwrap();
        stream.write_all(ask.as_bytes()).await.unwrap();
        let head = head(&mut stream).await;
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")),
            "{ask}: {head}"
        );
    }
    by_http_2(&proxied).await;
    let visa = proxied
        .client()
        .send(Ask::get("/_standin/journal?surface=visa"))
        .await;
    assert_eq!(
        visa.expect(200).json()["entries"],
        json!([]),
        "nothing came to Visa"
    );
    let reasons = reasons(proxied.client(), "").await.join("\n");
    assert!(
        reasons.contains("TLS asks for \"api.visa.com\" in a tunnel to api.stripe.com"),
        "{reasons}"
    );
    assert_eq!(
        reasons.matches("open a tunnel for that host").count(),
        4,
        "{reasons}"
    );
}

/// HTTP/2 asks for other hosts, on a connection that it keeps.
async fn by_http_2(proxied: &Proxied) {
    let stream = proxied
        .secured("api.stripe.com:443", "api.stripe.com", &["h2"])
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let begun = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, driver) = begun.await.unwrap();
    tokio::spawn(driver);
    for (uri, status) in [
        ("https://api.stripe.com/v1/charges", 401),
        ("https://api.visa.com/vts/x", 421),
        ("https://api.stripe.com/v1/charges", 401),
    ] {
        let request = Request::get(uri).body(Full::new(Bytes::new())).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.status(), status, "{uri}");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let said = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(
            said.contains("open a tunnel for that host"),
            status == 421,
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_http_and_http_2_are_spoken_inside_too() {
    let proxied = Proxied::with("").await;
    let mut stream = proxied.tunnel("api.stripe.com:80").await;
    let ask = "GET /v1/charges HTTP/1.1\r\nhost: api.stripe.com\r\nconnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).await.unwrap();
    let said = heard(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
    // What comes with the request for a tunnel is of the tunnel.
    let connect = format!(
        "CONNECT api.stripe.com:80 HTTP/1.1\r\nhost: api.stripe.com:80\r\nproxy-authorization: {CREDENTIALS}\r\n\r\n{ask}"
    );
    let said = proxied.said(&connect).await;
    assert!(
        said.starts_with("HTTP/1.1 200") && said.contains("HTTP/1.1 401"),
        "{said}"
    );
}
