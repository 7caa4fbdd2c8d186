//! A target for tests that gives the answers that it is told, one after the other, and a conversation with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::binding::{Binding, check};
use super::conversation::Conversation;
use super::http::client;
use super::leases::Lease;
use super::ledger::Ledger;
use super::names::Names;
use super::pace::Pace;
use super::plan::{Check, Fate};
use super::target::{Auth, Condition, Limits, Target};
use super::world::{Who, World};
use crate::report::Level;

/// A status and a body.
pub(crate) type Said = (u16, &'static str);

/// A target without authentication that gives these answers, and the last one again and again.
pub(crate) async fn target(answers: &'static [Said]) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let said = Arc::new(AtomicUsize::new(0));
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answers, Arc::clone(&said)));
        }
    });
    let mut target = Target::at(&base).unwrap();
    target.auth = Auth::None;
    target
}

/// A conversation with a target.
pub(crate) fn talk(target: Target) -> Conversation {
    let pace = Arc::new(Pace::new(&Limits::default()));
    let client = client(None, None, Duration::from_secs(5)).unwrap();
    let names = Names::new(["seed", "run", "scripted"]);
    Conversation::new(Arc::new(target), client, None, pace, names)
}

/// A scenario over the binding that this text describes, with an eligible card that the target has not been told of.
pub(crate) async fn world(text: &str, answers: &'static [Said]) -> World {
    let target = target(answers).await;
    let bindings = vec![Binding::Declared(check::read(text).unwrap())];
    let cards = target.cards.clone();
    let check = Check {
        id: "a.check/mine".to_owned(),
        case: "a.check".to_owned(),
        over: "mine".to_owned(),
        clauses: Vec::new(),
        feature: "a".to_owned(),
        name: "A check".to_owned(),
        location: "a.feature:1".to_owned(),
        source: "none".to_owned(),
        level: Level::Must,
        negative: false,
        disputed: false,
        binding: Some(0),
        surface: None,
        steps: Vec::new(),
        alone: None,
        looks_back: false,
        fate: Fate::Run,
    };
    let named_by = target.webhooks.as_ref();
    let named_by = named_by.map_or("reference", |webhooks| webhooks.token_is.as_str());
    let ledger = Ledger::new(named_by);
    let mut world = World::new(
        talk(target),
        &check,
        Arc::new(bindings),
        0,
        Lease::default(),
        ledger,
    );
    world.lease.cards = cards;
    let card = world.test_card(Who::One, Condition::Eligible, None);
    world.take(Who::One, card.unwrap());
    world
}

async fn serve(mut stream: TcpStream, answers: &'static [Said], said: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(count @ 1..) = stream.read(&mut buffer).await else {
            return;
        };
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let mut lengths = head
            .lines()
            .filter_map(|line| line.strip_prefix("content-length:"));
        let length: usize = lengths
            .next()
            .map_or(0, |text| text.trim().parse().unwrap());
        if body.len() < length {
            continue;
        }
        request.clear();
        let place = said.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let (status, body) = answers[place];
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A binding with everything that is needed to pay.
pub(crate) const PAYING: &str = r#"
    name = "mine"
    states.active = ["LIVE"]
    outcomes.approved = ["yes"]
    outcomes.declined = ["no"]
    [operations.enrol]
    accept = [200]
    facts = { reference = ["/id"], state = ["/state"], token_number = ["/number"], token_expires = ["/expires"] }
    requests = [{ method = "POST", path = "/tokens", body = '{"number":"{pan}"}' }]
    [operations.cryptogram-long]
    accept = [200]
    facts = { cryptogram = ["/proof"] }
    requests = [{ method = "POST", path = "/proofs" }]
    [operations.pay-long]
    accept = [200]
    facts = { outcome = ["/paid"], payment = ["/id"] }
    requests = [{ method = "POST", path = "/payments", headers = { once = "{idempotency_key}" }, body = '{"amount":"{amount_minor}","proof":"{cryptogram?}"}' }]
"#;
