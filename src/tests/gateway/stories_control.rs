//! Stories of the control plane: what the network and the issuer do to a token, seen from both gateways.

use serde_json::{Value, json};

use crate::client::Ask;
use crate::story::Story;

/// A card whose alias is enrolled as well, so that both gateways show a token of it.
struct Pair {
    token: String,
    cmp_card: String,
    cmp_token: String,
    alias: String,
    calm_token: String,
}

async fn pair(story: &Story, pan: &str) -> Pair {
    let token = story.token("standin-manual", None).await;
    let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&attributes);
    let created = story.stand.send(create).await.expect(201);
    let id = created.at("/data/id");
    let alias = created.at("/data/attributes/pan_alias");
    let provision = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&token);
    let cmp_token = story.stand.send(provision).await.expect(200).at("/data/id");
    let body = json!({ "pan_alias": alias, "exp_month": 12, "exp_year": 30 });
    let enrol = Ask::post("/network-tokens").bearer(&token).json(&body);
    let enrolled = story.stand.send(enrol).await.expect(200);
    let listed = story.stand.send(Ask::get("/_standin/tokens")).await.json();
    let last4 = enrolled.at("/network_token_last4");
    let ours = |row: &&Value| row["number"].as_str().unwrap().ends_with(&last4);
    let found = listed["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .find(ours)
        .unwrap();
    let calm_token = found["reference"].as_str().unwrap().to_owned();
    Pair {
        token,
        cmp_card: format!("/cards/{id}"),
        cmp_token,
        alias,
        calm_token,
    }
}

/// Does the same to both tokens and says what each gateway shows then.
async fn both(story: &mut Story, pair: &Pair, event: Value) -> (String, String) {
    story.stand.client.advance("", "PT1M").await;
    for reference in [&pair.cmp_token, &pair.calm_token] {
        let path = format!("/_standin/tokens/{reference}/events");
        story.call(Ask::post(path).json(&event)).await.expect(200);
    }
    let cmp = Ask::get(&pair.cmp_card).bearer(&pair.token);
    let cmp = story.call(cmp).await.expect(200);
    let calm = Ask::get(format!("/network-tokens/{}", pair.alias)).bearer(&pair.token);
    let calm = story.call(calm).await.expect(200);
    (cmp.at("/included/0/attributes/state"), calm.at("/state"))
}

#[tokio::test]
async fn a_token_through_its_life() {
    let mut story = Story::begin().await;
    let pair = pair(&story, "4000210000089208").await;
    let states = |cmp: &str, calm: &str| (cmp.to_owned(), calm.to_owned());
    let event = |event: &str| json!({ "event": event, "by": "network" });
    let seen = both(&mut story, &pair, event("suspend")).await;
    assert_eq!(seen, states("suspended", "SUSPENDED"));
    let cryptogram = Ask::post(format!("{}/cryptogram", pair.cmp_card)).bearer(&pair.token);
    story.call(cryptogram.clone()).await.expect(422);
    let seen = both(&mut story, &pair, event("resume")).await;
    assert_eq!(seen, states("activated", "ACTIVATED"));
    story.call(cryptogram.clone()).await.expect(200);
    story.chapter("control", "a_token_is_suspended_and_resumed");
    let expiry = json!({ "event": "update_expiry", "expiry": { "month": 3, "year": 33 } });
    both(&mut story, &pair, expiry).await;
    let seen = both(&mut story, &pair, json!({ "event": "replace_pan" })).await;
    assert_eq!(seen, states("card_updated", "ACTIVE"));
    story.call(cryptogram.clone()).await.expect(200);
    story.chapter("control", "a_token_is_updated");
    let seen = both(&mut story, &pair, event("delete")).await;
    assert_eq!(seen, states("deleted", "DELETED"));
    story.call(cryptogram).await.expect(422);
    let again = Ask::post(format!("/_standin/tokens/{}/events", pair.cmp_token));
    story.call(again.json(&event("resume"))).await.expect(409);
    story
        .call(Ask::get(format!("/_standin/tokens/{}", pair.cmp_token)))
        .await
        .expect(200);
    story.call(Ask::get("/_standin/notices")).await.expect(200);
    story.end("control", "a_token_is_deleted");
}

#[tokio::test]
async fn a_new_number_is_the_issuers_choice_or_ours() {
    let mut story = Story::begin().await;
    let pair = pair(&story, "5100260000019206").await;
    let events = format!("/_standin/tokens/{}/events", pair.cmp_token);
    let chosen = json!({ "event": "replace_pan", "pan": "5555555555554444" });
    story
        .call(Ask::post(&events).json(&chosen))
        .await
        .expect(200);
    let card = story
        .call(Ask::get(&pair.cmp_card).bearer(&pair.token))
        .await
        .expect(200);
    assert_eq!(card.at("/data/attributes/pan"), "5555555555554444");
    let unlisted = json!({ "event": "replace_pan", "pan": "4895370016781988" });
    let refused = story
        .call(Ask::post(&events).json(&unlisted))
        .await
        .expect(422);
    assert_eq!(refused.at("/error/field"), "pan");
    story.end("control", "a_new_number_is_the_issuers_choice_or_ours");
}

#[tokio::test]
async fn clock_spaces_and_journal() {
    let mut story = Story::begin().await;
    story.call(Ask::get("/_standin/health")).await.expect(200);
    let clock = |change: Value| Ask::post("/~lab/_standin/clock").json(&change);
    story
        .call(clock(json!({ "advance": "PT24H" })))
        .await
        .expect(200);
    story
        .call(clock(json!({ "set": "2026-06-30T23:59:59.5Z" })))
        .await
        .expect(200);
    story.note("the default space stands where it stood");
    story.call(Ask::get("/_standin/clock")).await.expect(200);
    story.call(Ask::get("/_standin/spaces")).await.expect(200);
    story
        .call(Ask::get("/~lab/aliases/4111111111111111"))
        .await
        .expect(401);
    story
        .call(Ask::token("standin-manual@lab", Some("cards:write")))
        .await
        .expect(200);
    story
        .call(Ask::get("/~lab/_standin/journal"))
        .await
        .expect(200);
    story
        .call(Ask::get("/~lab/_standin/journal?from=1&rows=0"))
        .await
        .expect(200);
    story
        .call(Ask::post("/~lab/_standin/reset"))
        .await
        .expect(200);
    story
        .call(Ask::get("/~lab/_standin/journal"))
        .await
        .expect(200);
    story
        .call(Ask::get("/~lab/_standin/clock"))
        .await
        .expect(200);
    story
        .call(Ask::delete("/~lab/_standin/space"))
        .await
        .expect(204);
    story.call(Ask::get("/_standin/spaces")).await.expect(200);
    story.call(Ask::get("/_standin/settings")).await.expect(200);
    story.end("control", "clock_spaces_and_journal");
}

/// The list is long and pinned by its own test; what is shown here is its shape.
#[tokio::test]
async fn the_test_cards_are_listed() {
    let mut story = Story::begin().await;
    let cards = story
        .call(Ask::get("/_standin/cards"))
        .await
        .expect(200)
        .json();
    let listed = cards["cards"].as_array().unwrap();
    assert!(listed.len() > 100, "{}", listed.len());
    for card in listed {
        assert_eq!(card["alias"].is_string(), card["pan"].is_string(), "{card}");
    }
}
