//! Stories of enrolment by alias.

use serde_json::json;

use crate::client::{Ask, options};
use crate::story::Story;

/// The alias that a listed card has from the start, as the control plane tells it.
async fn standing_alias(story: &Story, pan: &str) -> String {
    let cards = story.stand.send(Ask::get("/_standin/cards")).await.json();
    let listed = cards["cards"].as_array().unwrap();
    let card = listed.iter().find(|card| card["pan"] == pan).unwrap();
    card["alias"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_alias_is_enrolled_and_deleted() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let alias = standing_alias(&story, "4111111111111111").await;
    let body = json!({ "pan_alias": alias, "exp_month": 7, "exp_year": 2027 });
    let enrol = Ask::post("/network-tokens").bearer(&token).json(&body);
    let first = story.call(enrol.clone()).await.expect(200);
    story.note("an alias that has a live token keeps it");
    let again = story.call(enrol.clone()).await.expect(200);
    assert_eq!(
        first.at("/network_token_last4"),
        again.at("/network_token_last4")
    );
    let path = format!("/network-tokens/{alias}");
    story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    story.stand.client.advance("", "PT10M").await;
    let deleted = story
        .call(Ask::delete(&path).bearer(&token))
        .await
        .expect(200);
    assert_eq!(deleted.at("/state"), "DELETED");
    story
        .call(Ask::delete(&path).bearer(&token))
        .await
        .expect(404);
    let read = story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    assert_eq!(read.at("/state"), "DELETED");
    story.note("enrolling once more gives another token");
    let anew = story.call(enrol).await.expect(200);
    assert_ne!(
        first.at("/network_token_last4"),
        anew.at("/network_token_last4")
    );
    story.end("calm", "an_alias_is_enrolled_and_deleted");
}

#[tokio::test]
async fn an_asynchronous_account_waits() {
    let mut story = Story::begin().await;
    let token = story.token("standin-async", None).await;
    for (pan, outcome) in [
        ("5555555555554444", "ACTIVE"),
        ("4000000000000051", "FAILED"),
    ] {
        let alias = standing_alias(&story, pan).await;
        let body = json!({ "pan_alias": alias, "exp_month": 7, "exp_year": 27 });
        let enrol = Ask::post("/network-tokens").bearer(&token).json(&body);
        let pending = story.call(enrol).await.expect(200);
        assert_eq!(pending.at("/state"), "PENDING", "{pan:?}");
        let path = format!("/network-tokens/{alias}");
        story.stand.client.advance("", "PT1.999999S").await;
        let pending = story.call(Ask::get(&path).bearer(&token)).await.expect(200);
        assert_eq!(pending.at("/state"), "PENDING", "{pan:?}");
        story.stand.client.advance("", "PT0.000001S").await;
        let settled = story.call(Ask::get(&path).bearer(&token)).await.expect(200);
        assert_eq!(settled.at("/state"), outcome);
    }
    story.end("calm", "an_asynchronous_account_waits");
}

/// The other two tables that the documentation has for a refusal.
#[tokio::test]
async fn a_refusal_in_the_other_dialects() {
    let rows = [("notes", [404, 422, 422]), ("network", [403, 403, 400])];
    for (dialect, statuses) in rows {
        let mut options = options();
        let settings = format!("[calm]\nfailure = \"{dialect}\"\n");
        options.settings = standin::operations::settings::Settings::parse(&settings).unwrap();
        let mut story = Story::begin_with(options).await;
        let token = story.token("standin-manual", None).await;
        let pans = ["4000000000000051", "4000000000000036", "4000000000000028"];
        for (pan, status) in pans.into_iter().zip(statuses) {
            let alias = standing_alias(&story, pan).await;
            let body = json!({ "pan_alias": alias, "exp_month": 7, "exp_year": 27 });
            let enrol = Ask::post("/network-tokens").bearer(&token).json(&body);
            story.call(enrol).await.expect(status);
        }
        story.end("calm", &format!("a_refusal_in_the_dialect_{dialect}"));
    }
}
