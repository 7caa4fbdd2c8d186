//! What a network tells its token requestor, and where.

use super::delivery::{PANS, Scene};
use super::receiver::Receiver;
use crate::client::Ask;

/// The target of each attempt as the journal shows it.
async fn journaled(scene: &Scene) -> Vec<String> {
    let ask = Ask::get("/_standin/journal?surface=webhooks");
    let journal = scene.stand.client.send(ask).await.expect(200).json();
    let rows = journal["entries"].as_array().unwrap().iter();
    rows.map(|row| row["target"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn visa_pings_its_requestor_about_its_own_tokens() {
    let scene = Scene::open(Receiver::open().await, "visa").await;
    let visa = scene.token(PANS[0]).await;
    let mastercard = scene.token(PANS[2]).await;
    for token in [&visa, &mastercard] {
        scene.event(token, "suspend").await;
    }
    scene.event(&visa, "replace_pan").await;
    scene.advance("PT0S").await;
    let arrived = scene.receiver.arrived();
    let targets: Vec<_> = arrived.iter().map(|ping| ping.target.clone()).collect();
    assert_eq!(targets.len(), 2, "{targets:?}");
    assert!(
        targets[0].starts_with("/hooks/provisionedToken?apiKey="),
        "{targets:?}"
    );
    assert!(
        targets[0].ends_with("&eventType=TOKEN_STATUS_UPDATED"),
        "{targets:?}"
    );
    assert!(
        targets[1].starts_with("/hooks/panMetadata?apiKey="),
        "{targets:?}"
    );
    let id = arrived[0].json()["vProvisionedTokenID"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(id.len(), 32);
    assert!(arrived[0].header("x-pay-token").starts_with("xv2:"));
    let journaled = journaled(&scene).await;
    for (target, path) in [
        (&journaled[0], "/hooks/provisionedToken?apiKey=***"),
        (&journaled[1], "/hooks/panMetadata?apiKey=***"),
    ] {
        assert!(target.contains(path), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mastercard_tells_its_requestor_what_only_it_can_read() {
    let scene = Scene::open(
        Receiver::that(|place, _| (if place == 0 { 500 } else { 200 }, None)).await,
        "mastercard",
    )
    .await;
    let token = scene.token(PANS[2]).await;
    scene.event(&token, "suspend").await;
    scene.advance("PT1M").await;
    let arrived = scene.receiver.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(
        arrived[0].target,
        "/hooks/digitization/static/1/0/notifyTokenUpdated"
    );
    assert_eq!(arrived[0].body, arrived[1].body);
    for target in journaled(&scene).await {
        assert_eq!(
            target,
            format!(
                "{}/digitization/static/1/0/notifyTokenUpdated",
                scene.receiver.url
            )
        );
    }
    let sealed = &arrived[0].json()["encryptedPayload"];
    assert!(
        sealed["encryptedData"].is_string()
            && !arrived[0].body.windows(9).any(|w| w == b"SUSPENDED")
    );
}
