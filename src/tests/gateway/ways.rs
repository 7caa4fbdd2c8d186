//! What is fast is what is slow, only sooner: a thousand requests over a connection that remembers who asks, with bodies spelt
//! as clients usually spell them, are answered and written down like the same requests over a connection each with bodies that
//! nobody spells so, and like the same requests while fault rules are armed that are about something else.

use std::fmt::Write as _;

use serde_json::{Value, json};
use standin::domain::card::with_check_digit;

use crate::client::{Answer, Ask, Client, Stand, options};

const CARDS: usize = 50;
/// How often everything is asked about a card: a thousand requests in all.
const ROUNDS: usize = 2;

/// How the requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Over one connection, in the usual spelling.
    Short,
    /// Over a connection each, in another spelling.
    Long,
    /// As the first, with rules armed that never fire.
    Armed,
}

/// What a server said and wrote down.
struct Heard {
    answers: Vec<String>,
    journal: Vec<Value>,
}

struct Sender {
    way: Way,
    base: String,
    kept: Client,
    answers: Vec<String>,
}

impl Sender {
    async fn send(&mut self, ask: Ask) -> Answer {
        let line = format!("{} {}", ask.method, ask.path);
        let answer = match self.way {
            Way::Short | Way::Armed => self.kept.send(ask).await,
            Way::Long => Client::new(&self.base).send(respelt(ask)).await,
        };
        let heard = format!("{line}\n{}{}", answer.head(), answer.text());
        self.answers.push(heard);
        answer
    }
}

/// The same JSON in another spelling: each member's name begins with an escape, and space is everywhere it may be.
fn respelt(mut ask: Ask) -> Ask {
    if let Ok(body) = serde_json::from_slice::<Value>(&ask.body) {
        let mut text = String::new();
        respell(&body, &mut text);
        ask.body = text.into();
    }
    ask
}

fn respell(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            text.push_str("{ ");
            for (place, (name, value)) in members.iter().enumerate() {
                let comma = if place == 0 { "" } else { " ,\t" };
                let (first, rest) = name.split_at(1);
                writeln!(text, "{comma}\"\\u{:04x}{rest}\" :", first.as_bytes()[0]).unwrap();
                respell(value, text);
            }
            text.push_str(" }");
        }
        Value::Array(values) => {
            text.push_str("[ ");
            for (place, value) in values.iter().enumerate() {
                text.push_str(if place == 0 { "" } else { " , " });
                respell(value, text);
            }
            text.push_str(" ]");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            write!(text, "{value}").unwrap();
        }
    }
}

/// What is asked about a card, the right and the wrong.
fn asks(card: &str, alias: &str) -> Vec<Ask> {
    let cryptogram = || Ask::post(format!("{card}/cryptogram"));
    let enrolment = json!({ "pan_alias": alias, "exp_month": 12, "exp_year": 30 });
    vec![
        Ask::post(format!("{card}/network-tokens")),
        Ask::get(card),
        cryptogram(),
        cryptogram().attributes(&json!({ "cryptogram_type": "DTVV" })),
        cryptogram().attributes(&json!({ "amount": 10.5, "currency_code": "EUR" })),
        cryptogram().attributes(&json!({ "amount": "ten", "currency_code": "EUR" })),
        cryptogram().attributes(&json!({ "cryptogram_type": "SECRET" })),
        cryptogram().attributes(&json!({})),
        Ask::get(format!("{card}?expand=nothing")),
        Ask::delete(format!("{card}/network-tokens")),
        Ask::post("/network-tokens").json(&enrolment),
    ]
}

async fn hear(way: Way) -> Heard {
    let stand = Stand::start(options()).await;
    if way == Way::Armed {
        for rule in [
            json!({ "match": { "card": "CRDnobody" }, "fault": { "kind": "status", "status": 503 } }),
            json!({ "match": { "operation": "issue_cryptogram", "client": "nobody" }, "fault": { "kind": "status", "status": 503 } }),
            json!({ "match": { "token": "NTKnobody" }, "fault": { "kind": "status", "status": 500 } }),
        ] {
            let armed = stand.send(Ask::post("/_standin/faults").json(&rule)).await;
            assert!(armed.status < 300, "{}", armed.text());
        }
    }
    let mut sender = Sender {
        way,
        base: stand.server.base_url(),
        kept: stand.client.clone(),
        answers: Vec::new(),
    };
    let token = sender.send(Ask::token("standin-manual", None)).await;
    let token = token.at("/access_token");
    for number in 0..CARDS {
        let network = ["400021", "510026"][number % 2];
        let pan = with_check_digit(&format!("{network}{number:09}"));
        let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": 30, "cvc": "123" });
        let create = Ask::post("/cards").bearer(&token).attributes(&attributes);
        let created = sender.send(create).await.expect(201);
        let card = format!("/cards/{}", created.at("/data/id"));
        let alias = created.at("/data/attributes/pan_alias");
        for _ in 0..ROUNDS {
            for ask in asks(&card, &alias) {
                sender.send(ask.bearer(&token)).await;
            }
        }
        sender.send(Ask::get(&card).bearer("of nobody")).await;
    }
    let kept = stand.send(Ask::get("/_standin/journal?rows=2000")).await;
    let kept = kept.expect(200).json();
    stand.server.stop().await;
    assert_eq!(kept["evicted"], 0, "the journal is too small for this test");
    let entries = kept["entries"].as_array().unwrap().iter();
    let journal = entries.map(|entry| comparable(entry, way)).collect();
    Heard {
        answers: sender.answers,
        journal,
    }
}

/// An entry without what differs by intent: the spelling of a body (its meaning stays) and its length, and what is said of
/// rules.
fn comparable(entry: &Value, way: Way) -> Value {
    let mut entry = entry.clone();
    let members = entry.as_object_mut().unwrap();
    if let Some(Value::String(body)) = members.get_mut("request")
        && let Ok(meant) = serde_json::from_str(body)
    {
        members.insert("request".to_owned(), meant);
    }
    if let Some(faults) = members.remove("faults") {
        assert_eq!(way, Way::Armed);
        assert_eq!(
            faults["fired"],
            json!([]),
            "a rule about somebody else fired"
        );
    }
    if let Some(Value::Object(headers)) = members.get_mut("headers") {
        headers.remove("content-length");
    }
    entry
}

fn same(one: &Heard, other: &Heard, way: Way) {
    for (place, (one, other)) in one.answers.iter().zip(&other.answers).enumerate() {
        assert_eq!(one, other, "answer {place}, {way:?}");
    }
    for (place, (one, other)) in one.journal.iter().zip(&other.journal).enumerate() {
        assert_eq!(one, other, "journal entry {place}, {way:?}");
    }
    assert_eq!(one.answers.len(), other.answers.len());
    assert_eq!(one.journal.len(), other.journal.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_come_to_the_same_on_every_way() {
    let short = hear(Way::Short).await;
    assert!(short.answers.len() >= 1_000, "{}", short.answers.len());
    assert!(short.journal.len() >= short.answers.len());
    for way in [Way::Long, Way::Armed] {
        same(&short, &hear(way).await, way);
    }
}
