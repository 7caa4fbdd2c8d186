//! What a receiver sees of every fault that a webhook can have, and what the journal says of it.

use serde_json::{Value, json};
use standin::crypto::encoding::base64;
use standin::crypto::mac::{HmacKey, hmac_sha256};
use standin::operations::endpoints::standard_key;

use super::delivery::{PANS, Scene, kind};
use super::receiver::{Arrived, Receiver};
use crate::client::Ask;

impl Scene {
    async fn arm(&self, text: &str) {
        let ask = Ask::post("/_standin/faults").json(&json!({ "text": text }));
        self.stand.client.send(ask).await.expect(201);
    }

    /// The events of the messages that have arrived by now, in their order.
    async fn told(&self) -> Vec<String> {
        self.advance("PT0S").await;
        let short = |arrived: &Arrived| kind(arrived).replace("network_token.", "");
        self.receiver.arrived().iter().map(short).collect()
    }

    /// Fate, reason, and the rules that fired, of each entry about a webhook.
    async fn journal(&self) -> Vec<(String, String, String)> {
        let ask = Ask::get("/_standin/journal?surface=webhooks");
        let journal = self.stand.client.send(ask).await.expect(200).json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |entry: &Value| {
            let fired = entry["faults"]["fired"].as_array();
            let fired: Vec<_> = fired.into_iter().flatten().map(text).collect();
            let fate = text(&entry["attempt"]["fate"]);
            (fate, text(&entry["reason"]), fired.join(","))
        };
        journal["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(row)
            .collect()
    }

    /// Whether a receiver that has the secret is content, as Standard Webhooks says, with a message not older than 5 minutes.
    fn verifies(&self, message: &Arrived, now_s: i64) -> bool {
        let key = HmacKey::new(&standard_key(&self.secret).unwrap());
        let Some(signature) = message.headers.get("webhook-signature") else {
            return false;
        };
        let sent = message.header("webhook-timestamp");
        let parts = [
            message.header("webhook-id").as_bytes(),
            b".",
            sent.as_bytes(),
            b".",
            &message.body,
        ];
        let genuine = format!("v1,{}", base64(&hmac_sha256(&key, &parts)));
        genuine == signature.to_str().unwrap()
            && (now_s - sent.parse::<i64>().unwrap()).abs() <= 300
    }
}

async fn scene(rule: &str) -> (Scene, String) {
    let scene = Scene::open(Receiver::open().await, "standard").await;
    scene.arm(rule).await;
    let token = scene.token(PANS[0]).await;
    scene.event(&token, "suspend").await;
    scene.event(&token, "resume").await;
    (scene, token)
}

fn row(fate: &str, reason: &str, fired: &str) -> (String, String, String) {
    (fate.to_owned(), reason.to_owned(), fired.to_owned())
}

#[tokio::test]
async fn a_dropped_message_never_comes_and_can_be_replayed() {
    let (scene, _) = scene("webhook_drop on event=suspended").await;
    assert_eq!(scene.told().await, ["provisioned", "resumed"]);
    scene.advance("P30D").await;
    assert_eq!(scene.told().await.len(), 2);
    assert_eq!(
        scene.journal().await[1],
        row("dropped", "dropped by a fault rule", "webhook_drop")
    );
    let dead = scene.messages().await["dead"][0].clone();
    assert_eq!(dead["last"], "dropped by a fault rule", "{dead}");
}

#[tokio::test]
async fn a_delayed_message_comes_later_and_those_of_its_token_wait_for_it() {
    let (scene, token) = scene("webhook_delay 30s on event=suspended").await;
    assert_eq!(scene.told().await, ["provisioned"]);
    scene.advance("PT29S").await;
    assert_eq!(scene.told().await, ["provisioned"]);
    scene.advance("PT1S").await;
    assert_eq!(scene.told().await, ["provisioned", "suspended", "resumed"]);
    // It was put off once, not again when its time had come.
    let journal = scene.journal().await;
    assert_eq!(journal.len(), 4, "{token}: {journal:?}");
    assert_eq!(
        journal[1],
        row("held", "delayed by a fault rule", "webhook_delay")
    );
    assert_eq!(journal[2], row("delivered", "", ""));
}

#[tokio::test]
async fn a_copied_message_comes_more_than_once_under_one_name() {
    let (scene, _) = scene("webhook_duplicate 2 on event=suspended").await;
    let want = [
        "provisioned",
        "suspended",
        "suspended",
        "suspended",
        "resumed",
    ];
    assert_eq!(scene.told().await, want);
    let arrived = scene.receiver.arrived();
    assert_eq!(
        arrived[1].header("webhook-id"),
        arrived[3].header("webhook-id")
    );
    assert_eq!(arrived[1].body, arrived[3].body);
    let fates: Vec<_> = scene.journal().await.into_iter().map(|row| row.0).collect();
    assert_eq!(
        fates,
        ["delivered", "delivered", "copied", "copied", "delivered"]
    );
}

#[tokio::test]
async fn a_message_that_is_held_back_is_overtaken() {
    let (scene, token) = scene("webhook_reorder 2 on event=suspended").await;
    scene.event(&token, "suspend").await;
    scene.event(&token, "delete").await;
    // The second one waits for two others, and only one comes.
    let told = scene.told().await;
    assert_eq!(told, ["provisioned", "resumed", "deleted", "suspended"]);
    scene.advance("PT59S").await;
    assert_eq!(scene.told().await.len(), 4);
    scene.advance("PT1S").await;
    assert_eq!(scene.told().await.len(), 5);
    assert!(
        scene.messages().await["waiting"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let held = row("held", "held back by a fault rule", "webhook_reorder");
    let journal = scene.journal().await;
    assert_eq!(journal.iter().filter(|entry| **entry == held).count(), 2);
}

#[tokio::test]
async fn a_bad_signature_does_not_verify_and_the_next_try_does() {
    for how in ["other_secret", "other_body", "missing"] {
        let refusing = Receiver::that(|place, _| (if place == 1 { 401 } else { 200 }, None)).await;
        let scene = Scene::open(refusing, "standard").await;
        let rule = format!("webhook_bad_signature {how} on event=suspended when first=1");
        scene.arm(&rule).await;
        let token = scene.token(PANS[0]).await;
        scene.event(&token, "suspend").await;
        scene.advance("PT1M").await;
        let arrived = scene.receiver.arrived();
        let now: i64 = arrived[0].header("webhook-timestamp").parse().unwrap();
        let verified: Vec<_> = arrived
            .iter()
            .map(|message| scene.verifies(message, now))
            .collect();
        assert_eq!(verified, [true, false, true], "{how}");
        assert_eq!(arrived[1].body, arrived[2].body, "{how:?}");
        let journal = scene.journal().await;
        assert_eq!(
            journal[1],
            row("again", "answered 401", "webhook_bad_signature"),
            "{how:?}"
        );
        assert_eq!(journal[2], row("delivered", "", ""), "{how:?}");
    }
}

#[tokio::test]
async fn a_stale_message_is_well_signed_and_too_old() {
    let (scene, _) = scene("webhook_stale_timestamp 1h on event=suspended").await;
    assert_eq!(scene.told().await.len(), 3);
    let arrived = scene.receiver.arrived();
    let now: i64 = arrived[0].header("webhook-timestamp").parse().unwrap();
    assert!(scene.verifies(&arrived[1], now - 3600));
    assert!(!scene.verifies(&arrived[1], now));
    assert!(scene.verifies(&arrived[2], now));
}

/// Where there is no timestamp to be stale the rule fires in vain, and the journal says so.
#[tokio::test]
async fn what_a_profile_does_not_have_cannot_be_spoiled() {
    let scene = Scene::open(Receiver::open().await, "checkout").await;
    scene.arm("webhook_stale_timestamp 1h").await;
    scene.token(PANS[0]).await;
    scene.advance("PT0S").await;
    let ask = Ask::get("/_standin/journal?surface=webhooks");
    let journal = scene.stand.client.send(ask).await.expect(200).json();
    let faults = &journal["entries"][0]["faults"];
    assert_eq!(faults["overruled"], json!(["webhook_stale_timestamp"]));
}

/// Two tokens and every rule of the storm: the same messages go wrong in the same way each time.
#[tokio::test]
async fn a_storm_is_the_same_storm_each_time() {
    let mut storms = Vec::new();
    for _ in 0..2 {
        let scene = Scene::open(Receiver::open().await, "standard").await;
        let ask = Ask::post("/_standin/faults").json(&json!({ "preset": "webhook_storm" }));
        scene.stand.client.send(ask).await.expect(201);
        for pan in PANS {
            let token = scene.token(pan).await;
            for event in ["suspend", "resume", "suspend", "resume"] {
                scene.event(&token, event).await;
            }
        }
        scene.advance("P1D").await;
        let mut journal = scene.journal().await;
        journal.retain(|entry| !entry.2.is_empty());
        journal.sort();
        assert!(journal.len() >= 10, "{journal:?}");
        storms.push(journal);
    }
    assert_eq!(storms[0], storms[1]);
}
