//! What is asked of a server under load: each connection has a card with a token of its own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

/// One kind of request.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whole requests, one for each connection.
    pub(crate) requests: Vec<Vec<u8>>,
    /// What the first one is answered.
    pub(crate) answer: String,
    pub(crate) headers: BTreeMap<String, String>,
}

/// Makes a card with a token for each connection, in a space.
pub(crate) fn prepare(address: SocketAddr, space: &str, connections: usize) -> Vec<Case> {
    let mut line = TcpStream::connect(address).unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id=standin-manual@{space}&client_secret=standin-secret"
    );
    let token = request(
        "POST",
        "/auth/realms/vgs/protocol/openid-connect/token",
        &[("content-type", "application/x-www-form-urlencoded")],
        &form,
    );
    let bearer = parse(&ask(&mut line, &token).1)["access_token"]
        .as_str()
        .map(|token| format!("Bearer {token}"))
        .unwrap();
    let api = |method: &str, path: &str, body: &str| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/vnd.api+json"),
        ];
        request(method, path, &headers, body)
    };
    let card = r#"{"data":{"attributes":{"pan":"4111111111111111","exp_month":12,"exp_year":40}}}"#;
    let want = r#"{"data":{"attributes":{"amount":100.5,"currency_code":"USD"}}}"#;
    let (mut reads, mut mints) = (Vec::new(), Vec::new());
    for _ in 0..connections {
        let (_, body) = ask(&mut line, &api("POST", "/cards", card));
        let body = parse(&body);
        let id = body["data"]["id"].as_str().unwrap();
        ask(
            &mut line,
            &api("POST", &format!("/cards/{id}/network-tokens"), ""),
        );
        reads.push(api("GET", &format!("/cards/{id}"), ""));
        mints.push(api("POST", &format!("/cards/{id}/cryptogram"), want));
    }
    let case = |name, requests: Vec<Vec<u8>>, line: &mut TcpStream| {
        let (headers, answer) = ask(line, &requests[0]);
        Case {
            name,
            requests,
            answer,
            headers,
        }
    };
    vec![
        case("GET card", reads, &mut line),
        case("POST cryptogram", mints, &mut line),
    ]
}

/// Reads a document.
pub(crate) fn read(address: SocketAddr, path: &str) -> Value {
    let mut line = TcpStream::connect(address).unwrap();
    parse(&ask(&mut line, &request("GET", path, &[], "")).1)
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let length = match body.len() {
        0 => String::new(),
        bytes => format!("content-length: {bytes}\r\n"),
    };
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}{length}\r\n{body}")
        .into_bytes()
}

/// Asks and waits. Tells headers, without those that hyper adds by itself, and body.
fn ask(line: &mut TcpStream, request: &[u8]) -> (BTreeMap<String, String>, String) {
    line.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        line.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    let head = String::from_utf8(answer).unwrap();
    let mut headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .remove("content-length")
        .map_or(0, |n| n.parse().unwrap());
    headers.remove("date");
    let mut body = vec![0; length];
    line.read_exact(&mut body).unwrap();
    (headers, String::from_utf8(body).unwrap())
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}
