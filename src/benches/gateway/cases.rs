//! What is asked of a server under load: each connection has cards of its own, each with a token, and asks about them in turn.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::spin::Connection;

/// One kind of request.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// What stands before the part of a request that differs from the next, and what behind it.
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    /// The parts that differ, by connection.
    pub(crate) lines: Vec<Vec<String>>,
    /// What the first request is answered.
    pub(crate) answer: String,
    pub(crate) headers: BTreeMap<String, String>,
}

/// Stands in a request where the id of a card is to be.
const ID: &str = "THE-ID";

/// Makes cards in a space, each with a token: so many for each connection.
pub(crate) fn prepare(
    address: SocketAddr,
    space: &str,
    connections: usize,
    cards: usize,
) -> Vec<Case> {
    let mut line = TcpStream::connect(address).unwrap();
    let bearer = bearer(&mut line, space);
    let api = |method: &str, path: &str, body: &str| api(&bearer, method, path, body);
    let card = r#"{"data":{"attributes":{"pan":"4111111111111111","exp_month":12,"exp_year":40}}}"#;
    let want = r#"{"data":{"attributes":{"amount":100.5,"currency_code":"USD"}}}"#;
    let create = api("POST", "/cards", card);
    let mut make = || {
        let (_, body) = ask(&mut line, &create);
        let id = parse(&body)["data"]["id"].as_str().unwrap().to_owned();
        let provision = api("POST", &format!("/cards/{id}/network-tokens"), "");
        ask(&mut line, &provision);
        id
    };
    let lines: Vec<Vec<String>> = (0..connections)
        .map(|_| (0..cards).map(|_| make()).collect())
        .collect();
    let mut case = |name, pattern: Vec<u8>| {
        let pattern = String::from_utf8(pattern).unwrap();
        let (before, after) = pattern.split_once(ID).unwrap();
        let first = format!("{before}{}{after}", lines[0][0]);
        let (headers, answer) = ask(&mut line, first.as_bytes());
        Case {
            name,
            before: before.into(),
            after: after.into(),
            lines: lines.clone(),
            answer,
            headers,
        }
    };
    vec![
        case("GET card", api("GET", &format!("/cards/{ID}"), "")),
        case(
            "POST cryptogram",
            api("POST", &format!("/cards/{ID}/cryptogram"), want),
        ),
    ]
}

impl Case {
    /// The connections that ask, all of them open.
    pub(crate) fn open(&self, to: SocketAddr) -> Vec<Connection> {
        let lines = self.lines.iter();
        lines
            .map(|ids| Connection::open(to, &self.before, ids.clone(), &self.after))
            .collect()
    }

    /// The same connections, each with the requests of another case behind its own.
    pub(crate) fn and(self, other: Self) -> Self {
        let (mine, theirs) = (self.whole(), other.whole());
        let lines = mine.into_iter().zip(theirs);
        self.with_whole(lines.map(|(one, two)| [one, two].concat()).collect())
    }

    /// The connections of this case, and those of another.
    pub(crate) fn beside(self, other: Self) -> Self {
        let lines = [self.whole(), other.whole()].concat();
        self.with_whole(lines)
    }

    /// The requests of each connection, each written out.
    fn whole(&self) -> Vec<Vec<String>> {
        let before = String::from_utf8_lossy(&self.before);
        let after = String::from_utf8_lossy(&self.after);
        let lines = self.lines.iter();
        lines
            .map(|ids| {
                let whole = ids.iter().map(|id| format!("{before}{id}{after}"));
                whole.collect()
            })
            .collect()
    }

    fn with_whole(mut self, lines: Vec<Vec<String>>) -> Self {
        self.lines = lines;
        (self.before, self.after) = (Vec::new(), Vec::new());
        self
    }
}

/// What a client of a space sends as its authorization.
pub(crate) fn bearer(line: &mut TcpStream, space: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id=standin-manual@{space}&client_secret=standin-secret"
    );
    let token = request(
        "POST",
        "/auth/realms/vgs/protocol/openid-connect/token",
        &[("content-type", "application/x-www-form-urlencoded")],
        &form,
    );
    let answer = parse(&ask(line, &token).1);
    format!("Bearer {}", answer["access_token"].as_str().unwrap())
}

/// A request of card management.
pub(crate) fn api(bearer: &str, method: &str, path: &str, body: &str) -> Vec<u8> {
    let headers = [
        ("authorization", bearer),
        ("content-type", "application/vnd.api+json"),
    ];
    request(method, path, &headers, body)
}

/// Reads a document.
pub(crate) fn read(address: SocketAddr, path: &str) -> Value {
    let mut line = TcpStream::connect(address).unwrap();
    parse(&ask(&mut line, &request("GET", path, &[], "")).1)
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
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
pub(crate) fn ask(line: &mut TcpStream, request: &[u8]) -> (BTreeMap<String, String>, String) {
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

pub(crate) fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}
