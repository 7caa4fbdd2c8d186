//! A message tells of the instant at which its change was committed, however late it is worded and whatever has become of
//! token and card since.

use serde_json::{Value, json};

use super::delivery::{PANS, Scene, kind};
use super::receiver::Receiver;
use crate::client::Ask;

async fn update_expiry(scene: &Scene, token: &str, (month, year): (u8, u16)) {
    let ask = Ask::post(format!("/_standin/tokens/{token}/events"));
    let expiry = json!({ "month": month, "year": year });
    let ask = ask.json(&json!({ "event": "update_expiry", "by": "network", "expiry": expiry }));
    scene.stand.client.send(ask).await.expect(200);
}

/// The bodies of what was taken, by kind.
fn told(scene: &Scene, wanted: &str) -> Vec<Value> {
    let arrived = scene.receiver.arrived().into_iter();
    let of_kind = arrived.filter(|one| one.status == 200 && kind(one) == wanted);
    of_kind.map(|one| one.json()["data"].clone()).collect()
}

#[tokio::test]
async fn a_suspended_token_with_a_new_expiry_is_still_suspended() {
    let scene = Scene::open(Receiver::open().await, "standard").await;
    let token = scene.token(PANS[0]).await;
    scene.event(&token, "suspend").await;
    update_expiry(&scene, &token, (6, 2041)).await;
    scene.advance("PT0S").await;
    let renewed = told(&scene, "network_token.expiry_updated");
    assert_eq!(renewed[0]["state"], "suspended");
    assert_eq!(renewed[0]["expires_at"], "2041-06");
}

#[tokio::test]
async fn what_was_told_late_is_told_as_it_was() {
    let scene = Scene::open(Receiver::that(|_, _| (503, None)).await, "standard").await;
    let token = scene.token(PANS[0]).await;
    scene.event(&token, "suspend").await;
    update_expiry(&scene, &token, (6, 2041)).await;
    scene.delete_card_of(&token).await;
    scene.receiver.behave(|_, _| (200, None));
    scene.advance("P2D").await;
    let suspended = told(&scene, "network_token.suspended").remove(0);
    assert_eq!(suspended["state"], "suspended");
    assert_eq!(suspended["expires_at"], "2040-12");
    assert_eq!(
        suspended["card"],
        json!({ "last4": "1111", "expires_at": "2040-12" })
    );
    let account = suspended["payment_account_reference"].as_str().unwrap();
    assert!(!account.is_empty());
    let deleted = told(&scene, "network_token.deleted").remove(0);
    assert_eq!(deleted["state"], "deleted");
    assert_eq!(deleted["expires_at"], "2041-06");
    assert_eq!(deleted["card"]["last4"], "1111");
}
