//! Stories of access tokens and of the vault.

use serde_json::json;

use crate::client::{Ask, FORM, SECRET};
use crate::story::Story;

const TOKEN: &str = "/auth/realms/vgs/protocol/openid-connect/token";

#[tokio::test]
async fn tokens_are_given() {
    let mut story = Story::begin().await;
    story
        .call(Ask::token("standin-manual", None))
        .await
        .expect(200);
    story.note("by Basic, with fewer rights, in another space");
    let basic = "c3RhbmRpbi1vbi1jcmVhdGVAb3RoZXI6c3RhbmRpbi1zZWNyZXQ=";
    let narrow = Ask::post(TOKEN)
        .header("authorization", format!("Basic {basic}"))
        .body(
            FORM,
            "grant_type=client_credentials&scope=cards%3Aread+network-tokens%3Aread",
        );
    let given = story.call(narrow).await.expect(200);
    assert_eq!(given.at("/scope"), "cards:read network-tokens:read");
    story
        .call(Ask::get("/auth/realms/vgs/protocol/openid-connect/certs"))
        .await
        .expect(200);
    let configuration = "/auth/realms/vgs/.well-known/openid-configuration";
    let plain = story.call(Ask::get(configuration)).await.expect(200);
    let there = story
        .call(Ask::get(format!("/~other{configuration}")))
        .await
        .expect(200);
    assert_eq!(
        there.at("/token_endpoint"),
        plain.at("/token_endpoint").replace("/auth", "/~other/auth")
    );
    story.end("oauth", "tokens_are_given");
}

#[tokio::test]
async fn tokens_are_refused() {
    let mut story = Story::begin().await;
    let form = |members: &[(&str, &str)]| Ask::post(TOKEN).form(members);
    let grant = ("grant_type", "client_credentials");
    let client = ("client_id", "standin-manual");
    story
        .call(form(&[client, ("client_secret", SECRET)]))
        .await
        .expect(400);
    story
        .call(form(&[("grant_type", "password")]))
        .await
        .expect(400);
    story.call(form(&[grant])).await.expect(401);
    story
        .call(form(&[grant, client, ("client_secret", "wrong")]))
        .await
        .expect(401);
    story
        .call(Ask::token("standin-manual", Some("cards:read admin")))
        .await
        .expect(400);
    let by_basic = form(&[grant]).header("authorization", "Basic c3RhbmRpbi1tYW51YWw6d3Jvbmc=");
    let refused = story.call(by_basic).await.expect(401);
    assert!(
        refused
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic")
    );
    story.end("oauth", "tokens_are_refused");
}

#[tokio::test]
async fn values_are_vaulted() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let create = Ask::post("/aliases").bearer(&token);
    let values = json!({ "data": [
        { "value": "5100260000019206", "classifiers": ["card-number"], "format": "UUID" },
        { "value": "5100260000019206", "format": "FPE_SIX_T_FOUR" },
        { "value": "5100260000019206", "format": "ALPHANUMERIC_SIX_T_FOUR" },
        { "value": "5100260000019206", "format": "PFPT" },
        { "value": "123", "format": "NUM_LENGTH_PRESERVING", "storage": "VOLATILE" },
        { "value": "12x", "format": "FPE_T_FOUR" },
    ] });
    let created = story.call(create.json(&values)).await.expect(201);
    let path = format!("/aliases/{}", created.at("/data/0/aliases/0/alias"));
    let volatile = format!("/aliases/{}", created.at("/data/4/aliases/0/alias"));
    story.call(Ask::get(&path).bearer(&token)).await.expect(200);
    let narrow = story.token("standin-manual", Some("cards:read")).await;
    let hidden = story
        .call(Ask::get(&path).bearer(&narrow))
        .await
        .expect(200);
    assert!(!hidden.text().contains("5100260000019206"));
    story
        .call(Ask::get(&volatile).bearer(&token))
        .await
        .expect(200);
    story
        .call(Ask::delete(&path).bearer(&token))
        .await
        .expect(204);
    story.call(Ask::get(&path).bearer(&token)).await.expect(404);
    story
        .call(Ask::delete(&path).bearer(&token))
        .await
        .expect(404);
    story.note("an hour and a microsecond later the security code is gone");
    story.stand.client.advance("", "PT1H").await;
    let token = story.token("standin-manual", None).await;
    story
        .call(Ask::get(&volatile).bearer(&token))
        .await
        .expect(200);
    story.stand.client.advance("", "PT0.000001S").await;
    story
        .call(Ask::get(&volatile).bearer(&token))
        .await
        .expect(404);
    story.end("vault", "values_are_vaulted");
}

#[tokio::test]
async fn a_list_is_vaulted_whole_or_not_at_all() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let create = Ask::post("/aliases").bearer(&token);
    let good = json!({ "value": "4111111111111111", "alias": "mine" });
    let taken = json!({ "data": [good, { "value": "5555555555554444", "alias": "mine" }] });
    story
        .call(create.clone().json(&json!({ "data": [good] })))
        .await
        .expect(201);
    story.call(create.clone().json(&taken)).await.expect(409);
    let other = json!({ "value": "4111111111111111", "alias": "other" });
    let unlisted = json!({ "value": "4895370016781988" });
    let half = json!({ "data": [other, unlisted] });
    let refused = story.call(create.json(&half)).await.expect(400);
    assert!(refused.text().contains("/data/1/value"));
    story
        .call(Ask::get("/aliases/other").bearer(&token))
        .await
        .expect(404);
    story.end("vault", "a_list_is_vaulted_whole_or_not_at_all");
}
