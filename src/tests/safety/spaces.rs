//! Who makes a space: somebody who is let in, or who changes something. A stranger leaves nothing behind.

use serde_json::json;

use crate::client::{Ask, Stand};
use crate::gateway::bought::{as_merchant, purchase};
use crate::merchant::keyed;

async fn spaces(stand: &Stand) -> Vec<String> {
    let list = stand.send(Ask::get("/_standin/spaces")).await.expect(200);
    serde_json::from_value(list.json()["spaces"].clone()).unwrap()
}

#[tokio::test]
async fn a_stranger_and_whoever_only_looks_make_no_space() {
    let stand = Stand::start(keyed()).await;
    for (ask, status) in [
        (Ask::get("/~a/_standin/clock"), 200),
        (Ask::get("/~a/_standin/tokens"), 200),
        (Ask::get("/~a/_standin/journal"), 200),
        (
            Ask::post("/~a/_standin/verify").json(&json!({ "match": {} })),
            200,
        ),
        (Ask::get("/~a/cards/x"), 401),
        (Ask::get("/~a/cards/x").bearer("x.y"), 401),
        (Ask::post("/~a/cards").json(&json!({})), 401),
        (Ask::post("/~a/payments").bearer("nobody"), 401),
        (Ask::get("/payments/x").bearer("nobody@a"), 401),
        (
            Ask::get("/~a/auth/realms/vgs/protocol/openid-connect/certs"),
            200,
        ),
        (Ask::get("/~a/checkout"), 200),
        (Ask::get("/~a/no/such/path"), 404),
        (Ask::token("nobody@a", None), 401),
    ] {
        let shown = format!("{} {}", ask.method, ask.path);
        let answer = stand.send(ask).await;
        assert_eq!(answer.status, status, "{shown}: {}", answer.text());
        assert_eq!(spaces(&stand).await, ["default"], "{shown}");
    }
}

#[tokio::test]
async fn whoever_is_let_in_makes_the_space_and_is_in_its_journal() {
    let stand = Stand::start(keyed()).await;
    let pay = as_merchant("payments", purchase("payments", false)).unwrap();
    for (name, ask, status) in [
        ("token", Ask::token("standin-manual@token", None), 200),
        (
            "pay",
            Ask {
                path: "/~pay/payments".to_owned(),
                ..pay
            },
            201,
        ),
        (
            "read",
            Ask::get("/~read/payments/x").bearer("standin_key"),
            404,
        ),
        (
            "clock",
            Ask::post("/~clock/_standin/clock").json(&json!({ "advance": "PT1S" })),
            200,
        ),
        ("reset", Ask::post("/~reset/_standin/reset"), 200),
    ] {
        stand.send(ask).await.expect(status);
        assert!(spaces(&stand).await.contains(&name.to_owned()), "{name}");
        let journal = stand
            .send(Ask::get(format!("/~{name}/_standin/journal")))
            .await;
        let entries = journal.json()["entries"].as_array().unwrap().len();
        let by_a_surface = usize::from(name != "clock" && name != "reset");
        assert_eq!(entries, by_a_surface, "{name}");
    }
}

#[tokio::test]
async fn what_many_do_first_in_a_space_is_in_one_space() {
    let stand = Stand::start(keyed()).await;
    let pay = || {
        let ask = as_merchant("payments", purchase("payments", false)).unwrap();
        let client = stand.client.clone();
        let ask = Ask {
            path: "/~crowd/payments".to_owned(),
            ..ask
        };
        tokio::spawn(async move { client.send(ask).await.status })
    };
    let paid: Vec<_> = (0..16).map(|_| pay()).collect();
    for paid in paid {
        assert_eq!(paid.await.unwrap(), 201);
    }
    let payments = stand.send(Ask::get("/~crowd/_standin/payments")).await;
    assert_eq!(payments.json()["payments"].as_array().unwrap().len(), 16);
}
