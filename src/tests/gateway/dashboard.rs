//! The dashboard without a browser, and what the control API tells for its sake.

use serde_json::json;
use standin::docs::TOPICS;
use standin::server::{Gate, Options};

use crate::client::{Answer, Ask, FORM, HOST, JSON, Stand, options};
use crate::gateway::fixture::Fixture;

const TOKEN: &str = "a-token-that-nobody-guesses";
const EVIL: &str = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";

async fn guarded() -> Stand {
    let gate = Gate {
        hosts: Vec::new(),
        control_token: Some(TOKEN.to_owned()),
    };
    Stand::start(Options { gate, ..options() }).await
}

/// A page that may run our script and nothing else.
fn is_page(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn every_view_is_a_page_of_its_space_and_makes_none() {
    let stand = Stand::start(options()).await;
    for view in [
        "",
        "exchanges",
        "payments",
        "tokens",
        "webhooks",
        "faults",
        "cards",
        "snippets",
        "conformance",
    ] {
        for prefix in ["/", "/~lab/", "/~lab"] {
            let answer = stand
                .client
                .send(Ask::get(format!("{prefix}?view={view}")))
                .await;
            let answer = answer.expect(200);
            is_page(&answer);
            let space = if prefix == "/" { "default" } else { "lab" };
            assert!(
                answer
                    .text()
                    .contains(&format!("· {space} · standin</title>"))
            );
        }
    }
    let spaces = stand.client.send(Ask::get("/_standin/spaces")).await;
    assert_eq!(spaces.json()["spaces"], json!(["default"]));
    for path in ["standin.css", "standin.js", "icon.svg"] {
        let file = stand
            .client
            .send(Ask::get(format!("/_standin/pages/{path}")))
            .await;
        assert_eq!(
            file.expect(200).header("x-content-type-options"),
            Some("nosniff")
        );
    }
    let journal = stand.client.send(Ask::get("/_standin/journal")).await;
    assert_eq!(journal.json()["next"], 0, "who looks is not in the journal");
}

#[tokio::test]
async fn what_is_not_there_is_said_in_words() {
    let stand = Stand::start(options()).await;
    for (path, status, says) in [
        ("/?view=exchnages", 404, "did you mean &#34;exchanges&#34;?"),
        ("/?view=tokens&open=NTKx", 404, "no such token"),
        ("/?space=a%2Fb", 422, "the name of a space"),
        ("/?match=cards", 200, "must be FIELD=VALUE"),
        (
            "/?match=statsu%3D200",
            200,
            "did you mean &#34;status&#34;?",
        ),
        ("/?open=7", 200, "no entry has this number yet"),
        ("/?open=x", 200, "must be a whole number"),
        ("/?before=x", 200, "must be a whole number"),
    ] {
        let answer = stand.client.send(Ask::get(path)).await.expect(status);
        is_page(&answer);
        assert!(answer.text().contains(says), "{path}: {}", answer.text());
    }
    let moved = stand.client.send(Ask::get("/?space=lab&view=tokens")).await;
    assert_eq!(
        moved.expect(303).header("location"),
        Some("/~lab/?view=tokens")
    );
    // Clients that take the server for something else are told so as before, and find themselves in the journal.
    let posted = stand.client.send(Ask::post("/").json(&json!({}))).await;
    assert_eq!(posted.expect(404).at("/error/code"), "not_found");
    let none = stand
        .client
        .send(Ask::get("/_standin/pages/nothing.js"))
        .await;
    none.expect(404);
}

#[tokio::test]
async fn every_page_of_documentation_is_there_and_leads_to_the_others() {
    let stand = Stand::start(options()).await;
    let list = stand.client.send(Ask::get("/docs")).await.expect(200);
    is_page(&list);
    for topic in &TOPICS {
        let path = format!("/docs/{}", topic.name);
        assert!(list.text().contains(&format!("href=\"{path}\"")), "{path}");
        let page = stand.client.send(Ask::get(&path)).await.expect(200);
        is_page(&page);
        let text = page.text();
        assert!(
            text.contains(&format!("<h1>{}</h1>", topic.title)),
            "{path}"
        );
        for link in text
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let file = link.split('#').next().unwrap_or_default();
            if file.starts_with('/') {
                let answer = stand.client.send(Ask::get(file)).await;
                assert_eq!(answer.status, 200, "{path} leads to {link}");
            }
        }
    }
    stand
        .client
        .send(Ask::get("/docs/nothing"))
        .await
        .expect(404);
}

#[tokio::test]
async fn markup_in_an_address_stays_text() {
    let stand = Stand::start(options()).await;
    stand
        .client
        .send(Ask::get(format!("/cards/{EVIL}?x={EVIL}")))
        .await;
    for path in [
        "/".to_owned(),
        "/?open=0".to_owned(),
        format!("/?match={EVIL}"),
        format!("/?view={EVIL}"),
        format!("/?space={EVIL}"),
        format!("/?view=cards&network={EVIL}"),
    ] {
        let text = stand.client.send(Ask::get(&path)).await.text();
        assert!(!text.contains("<script>"), "{path}: {text}");
    }
}

#[tokio::test]
async fn whoever_knows_the_token_signs_in_and_no_other_page_acts_by_the_cookie() {
    let stand = guarded().await;
    let send = async |ask: Ask| stand.client.send(ask).await;
    for path in ["/", "/~lab/?view=tokens"] {
        let page = send(Ask::get(path)).await.expect(401);
        is_page(&page);
        assert!(page.text().contains("action=\"/_standin/session\""));
    }
    let own = format!("http://{HOST}");
    let form = |token: &str| {
        let fields = [("space", "lab"), ("token", token)];
        Ask::post("/_standin/session").form(&fields)
    };
    let wrong = send(form("not-it").header("origin", &own)).await;
    assert_eq!(wrong.header("set-cookie"), None);
    assert!(wrong.expect(401).text().contains("not the token"));
    send(form(TOKEN).header("origin", "http://evil.example"))
        .await
        .expect(403);
    let right = send(form(TOKEN).header("origin", &own)).await.expect(303);
    assert_eq!(right.header("location"), Some("/~lab/"));
    let cookie = right.header("set-cookie").unwrap();
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(TOKEN));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with = |ask: Ask| ask.header("cookie", format!("other=1; {cookie}"));
    send(with(Ask::get("/~lab/"))).await.expect(200);
    send(with(Ask::get("/_standin/tokens"))).await.expect(200);
    let reset = || Ask::post("/_standin/reset");
    for (ask, status) in [
        (reset(), 401),
        (with(reset()), 401),
        (with(reset()).header("origin", "http://127.0.0.1:9"), 403),
        (with(reset()).header("origin", "null"), 403),
        (with(reset()).header("sec-fetch-site", "same-site"), 403),
        (with(reset()).header("sec-fetch-site", "none"), 401),
        (with(reset()).header("sec-fetch-site", "same-origin"), 200),
        (with(reset()).header("origin", &own), 200),
        (reset().header("origin", &own), 401),
        (
            reset()
                .header("cookie", "standin_session=")
                .header("origin", &own),
            401,
        ),
        (reset().bearer(TOKEN), 200),
        // A token that is given is the one that counts.
        (with(reset()).bearer("wrong").header("origin", &own), 401),
    ] {
        let what = format!("{:?}", ask.headers);
        assert_eq!(send(ask).await.status, status, "{what}");
    }
    let out = Ask::post("/_standin/session").body(FORM, "out=1");
    let out = send(out.header("origin", &own)).await.expect(303);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn the_journal_is_read_page_by_page_in_brief_and_one_by_one() {
    let stand = Stand::start(options()).await;
    for number in 0..5 {
        let ask = Ask::post(format!("/payments?{number}")).json(&json!({ "x": number }));
        stand.client.send(ask.bearer("standin_key")).await;
    }
    let read = async |path: &str| {
        let answer = stand
            .client
            .send(Ask::get(format!("/_standin/journal{path}")))
            .await;
        answer.expect(200).json()
    };
    let page = read("?rows=2&before=3&brief=true").await;
    let numbers: Vec<_> = page["entries"].as_array().unwrap().iter().collect();
    assert_eq!(numbers.len(), 2);
    assert_eq!(
        (&numbers[0]["number"], &numbers[1]["number"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(numbers[0].get("request"), None);
    assert_eq!(numbers[0].get("headers"), None);
    assert_eq!(page["next"], 5);
    let one = read("/3").await;
    assert_eq!(one["target"], "/payments?3");
    assert_eq!(one["request"], "{\"x\":3}");
    assert_eq!(read("?rows=9&before=0").await["entries"], json!([]));
}

#[tokio::test]
async fn a_rule_that_is_off_does_nothing_and_keeps_what_it_counted() {
    let stand = Stand::start(options()).await;
    let send = async |ask: Ask| stand.client.send(ask).await;
    let arm = json!({ "text": "status 503 on path=/cards/x as off-and-on" });
    send(Ask::post("/_standin/faults").json(&arm))
        .await
        .expect(201);
    let asked = async || send(Ask::get("/cards/x")).await.status;
    assert_eq!(asked().await, 503);
    let path = "/_standin/faults/off-and-on";
    let turn = async |on: bool| {
        let ask = Ask::new("PUT", path).json(&json!({ "on": on }));
        send(ask).await.expect(200).json()
    };
    assert_eq!(turn(false).await["on"], false);
    assert_eq!(asked().await, 401);
    let rule = send(Ask::get(path)).await.json();
    assert_eq!((&rule["matched"], &rule["fired"]), (&json!(1), &json!(1)));
    turn(true).await;
    assert_eq!(asked().await, 503);
    assert_eq!(send(Ask::get(path)).await.json()["fired"], 2);
}

/// A button that the API refuses would be no help.
#[tokio::test]
async fn every_button_that_arms_a_rule_says_one_that_can_be_armed() {
    let stand = Stand::start(options()).await;
    let page = stand.client.send(Ask::get("/?view=faults")).await.text();
    let bodies = page
        .split("data-call=\"POST /_standin/faults\" data-body='")
        .skip(1);
    let bodies: Vec<_> = bodies.filter_map(|rest| rest.split('\'').next()).collect();
    assert!(bodies.len() >= 12, "{bodies:?}");
    for (place, body) in bodies.into_iter().enumerate() {
        let path = format!("/~button-{place}/_standin/faults");
        let armed = stand
            .client
            .send(Ask::post(path).body(JSON, body.to_owned()))
            .await;
        assert_eq!(armed.status, 201, "{body}: {}", armed.text());
    }
}

#[tokio::test]
async fn the_api_tells_what_the_page_offers() {
    let stand = Stand::start(options()).await;
    let space = Fixture::new(&stand, "offers").await;
    let get = async |path: &str| {
        let ask = Ask::get(space.filled("control", path)).header("accept", "application/json");
        let ask = Ask {
            path: format!("/~offers{}", ask.path),
            ..ask
        };
        stand.client.send(ask).await.expect(200).json()
    };
    let events = get("/_standin/tokens/{reference}/events").await;
    let allowed = |event: &str, by: &str| {
        let events = events["events"].as_array().unwrap();
        let found = events
            .iter()
            .find(|one| one["event"] == event && one["by"] == by);
        found.unwrap()["allowed"].as_bool().unwrap()
    };
    assert!(allowed("suspend", "issuer") && !allowed("resume", "issuer"));
    let kinds = get("/_standin/fault-kinds").await;
    let kinds = kinds["kinds"].as_array().unwrap();
    assert!(kinds.len() > 30);
    for kind in kinds {
        let text = json!({ "text": kind["example"] });
        let armed = Ask::post("/~kinds/_standin/faults").json(&text);
        assert_eq!(stand.client.send(armed).await.status, 201, "{kind}");
    }
    let keys = get("/_standin/credentials").await;
    assert_eq!(
        keys["merchants"][0]["keys"]["stripe_key"],
        "sk_test_standin@offers"
    );
    assert_eq!(keys["accounts"][0]["client_id"], "standin-manual@offers");
    let attempts = get("/_standin/webhooks/messages/{message}/attempts").await;
    assert!(
        attempts["attempts"][0]["attempt"]["signed"].is_string(),
        "{attempts}"
    );
}
