//! Questions to the journal: by HTTP, and against a naive model that forgets nothing.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use standin::domain::moment::Moment;
use standin::journal::{Entry, Journal, Question, Verdict, verify};
use standin::operations::settings::Settings;

use crate::client::{Ask, Stand, options};

async fn ask(stand: &Stand, question: &Value) -> Value {
    let answer = stand.send(Ask::post("/_standin/verify").json(question));
    answer.await.expect(200).json()
}

/// A card and its token, whose provisioning is what is asked about.
async fn provisioned(stand: &Stand) {
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "cvc": "8317", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&token);
    stand.send(provision).await.expect(200);
}

#[tokio::test]
async fn it_is_yes_or_no_with_what_came_nearest() {
    let stand = Stand::start(options()).await;
    provisioned(&stand).await;
    let pan = |pan: &str| {
        json!({ "match": {
            "path": "/cards", "request": { "/data/attributes/pan": pan, "/data/attributes/cvc": "8317" } } })
    };
    let answer = ask(&stand, &pan("4111111111111111")).await;
    assert_eq!(
        (&answer["verdict"], &answer["entries"]),
        (&json!("yes"), &json!([1]))
    );

    let answer = ask(&stand, &pan("5555555555554444")).await;
    assert_eq!(answer["verdict"], "no");
    let differs = json!([{
        "field": "request:/data/attributes/pan",
        "wanted": "\"555555******4444\"",
        "seen": "\"411111******1111\"",
    }]);
    assert_eq!(
        answer["nearest"],
        json!([{ "number": 1, "differs": differs }])
    );

    let provision = json!({ "operation": "provision", "status": "2xx" });
    let once = json!({ "match": provision, "count": { "exactly": 1 } });
    assert_eq!(ask(&stand, &once).await["verdict"], "yes");
    let late = json!({ "match": provision, "count": { "exactly": 0 }, "from": 3 });
    assert_eq!(ask(&stand, &late).await["verdict"], "yes");
    let order = json!({ "in_order": [{ "operation": "issue_access_token" }, { "path": "/cards" }, provision] });
    assert_eq!(ask(&stand, &order).await["entries"], json!([0, 1, 2]));
}

/// Fault rules and the journal have one word for one thing, whichever surface it came through: a rule on it fires as often as
/// `verify` counts.
#[tokio::test]
async fn an_operation_is_counted_as_fault_rules_count_it() {
    let stand = Stand::start(options()).await;
    let rule = json!({ "name": "seen", "match": { "operation": "provision" }, "fault": { "kind": "delay", "ms": 0 } });
    let armed = stand.send(Ask::post("/_standin/faults").json(&rule)).await;
    armed.expect(201);
    provisioned(&stand).await;
    // Enrolment by alias provisions as well, and Checkout.com in its own words.
    let token = stand.client.token("standin-manual", None).await;
    let alias = stand.send(Ask::post("/aliases").bearer(&token).json(
        &json!({ "data": [{ "value": "5555555555554444", "format": "UUID", "storage": "PERSISTENT" }] }),
    ));
    let alias = alias.await.expect(201).at("/data/0/aliases/0/alias");
    let enrol = json!({ "pan_alias": alias, "exp_month": 12, "exp_year": 2030 });
    let enrol = Ask::post("/network-tokens").bearer(&token).json(&enrol);
    stand.send(enrol).await.expect(200);
    let fired = stand.send(Ask::get("/_standin/faults/seen")).await;
    let fired = fired.expect(200).json()["fired"].as_u64().unwrap();
    assert_eq!(fired, 2);
    let counted = json!({ "match": { "operation": "provision" }, "count": { "exactly": fired } });
    assert_eq!(ask(&stand, &counted).await["verdict"], "yes");

    let slip = json!({ "match": { "operation": "provison" } });
    let slip = stand.send(Ask::post("/_standin/verify").json(&slip)).await;
    assert!(
        slip.text().contains("did you mean \\\"provision\\\"?"),
        "{}",
        slip.text()
    );
    assert_eq!(slip.status, 422);
}

#[tokio::test]
async fn what_was_evicted_makes_it_neither() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(standin::server::Options {
        settings,
        ..options()
    })
    .await;
    provisioned(&stand).await;
    for _ in 0..50 {
        stand.send(Ask::get("/cards/x")).await.expect(401);
    }
    let provision = json!({ "operation": "provision" });
    let once = json!({ "match": provision, "count": { "exactly": 1 } });
    let answer = ask(&stand, &once).await;
    assert_eq!(answer["verdict"], "cannot_say");
    let evicted = answer["evicted"].as_u64().unwrap();
    assert!(evicted > 10);
    let said = answer["message"].as_str().unwrap();
    assert!(
        said.contains(&format!("{evicted} earlier entries were evicted")),
        "{said}"
    );
    let none = json!({ "match": provision, "count": { "exactly": 0 }, "from": evicted });
    assert_eq!(ask(&stand, &none).await["verdict"], "yes");
    let some = json!({ "match": { "status": 401 } });
    assert_eq!(ask(&stand, &some).await["verdict"], "yes");
}

/// What the model knows of an entry.
type Fact = (bool, u16);

const STATUSES: [u16; 3] = [200, 404, 503];

fn entry((post, status): Fact) -> Entry<'static> {
    static POST: http::Method = http::Method::POST;
    static GET: http::Method = http::Method::GET;
    static TARGET: LazyLock<http::Uri> = LazyLock::new(|| http::Uri::from_static("/cards"));
    Entry {
        at: Moment::EPOCH,
        surface: "cmp",
        operation: "create_card",
        operations: Default::default(),
        method: if post { &POST } else { &GET },
        target: &TARGET,
        headers: None,
        status,
        took: Default::default(),
        client: None,
        reason: None,
        request: b"",
        response: b"",
        legs: Vec::new(),
        warnings: Vec::new(),
        faults: None,
        attempt: None,
        observed: None,
    }
}

/// A pattern, and the same as the model has it.
fn pattern() -> impl Strategy<Value = (Value, Option<bool>, Option<u16>)> {
    let method = proptest::option::of(any::<bool>());
    let status = proptest::option::of(proptest::sample::select(&STATUSES[..]));
    (method, status).prop_map(|(method, status)| {
        let mut value = json!({});
        if let Some(post) = method {
            value["method"] = json!(if post { "POST" } else { "GET" });
        }
        if let Some(status) = status {
            value["status"] = json!(status);
        }
        (value, method, status)
    })
}

fn fits((post, status): Fact, method: Option<bool>, wanted: Option<u16>) -> bool {
    method.is_none_or(|method| method == post) && wanted.is_none_or(|wanted| wanted == status)
}

/// The history as it was, and the journal that kept the end of it.
fn history() -> impl Strategy<Value = (Vec<Fact>, Journal)> {
    let fact = (any::<bool>(), proptest::sample::select(&STATUSES[..]));
    (proptest::collection::vec(fact, 0..12), 0_usize..4_000).prop_map(|(facts, bytes_max)| {
        let journal = Journal::new(bytes_max);
        for fact in &facts {
            journal.record(entry(*fact));
        }
        (facts, journal)
    })
}

/// The verdict, which must not contradict the truth, and must not be withheld when nothing that matters is gone.
fn judged(question: &Value, journal: &Journal, truth: bool) {
    let question = Question::read(question).unwrap();
    let answer = verify(&question, &journal.excerpt(question.from()));
    match answer.verdict {
        Verdict::Yes => assert!(truth, "{answer:?}"),
        Verdict::No => assert!(!truth, "{answer:?}"),
        Verdict::CannotSay => assert!(answer.evicted > 0, "{answer:?}"),
    }
}

proptest! {
    #[test]
    fn a_count_never_contradicts_the_whole_history(
        (facts, journal) in history(),
        (wanted, method, status) in pattern(),
        from in 0_usize..14,
        low in 0_usize..8,
        span in proptest::option::of(0_usize..4),
    ) {
        let later = facts.iter().skip(from);
        let count = later.filter(|fact| fits(**fact, method, status)).count();
        let truth = count >= low && span.is_none_or(|span| count <= low + span);
        let mut question = json!({ "match": wanted, "count": { "at_least": low }, "from": from });
        if let Some(span) = span {
            question["count"]["at_most"] = json!(low + span);
        }
        judged(&question, &journal, truth);
        let exactly = json!({ "match": wanted, "count": { "exactly": low }, "from": from });
        judged(&exactly, &journal, count == low);
    }

    #[test]
    fn an_order_never_contradicts_the_whole_history(
        (facts, journal) in history(),
        steps in proptest::collection::vec(pattern(), 1..6),
        from in 0_usize..14,
    ) {
        let mut later = facts.iter().skip(from);
        let truth = steps
            .iter()
            .all(|(_, method, status)| later.any(|fact| fits(*fact, *method, *status)));
        let steps: Vec<_> = steps.iter().map(|(value, ..)| value).collect();
        judged(&json!({ "in_order": steps, "from": from }), &journal, truth);
    }
}
