//! Connections to a receiver are kept between messages.

use std::collections::HashSet;

use super::delivery::{PANS, Scene};
use super::receiver::Receiver;

/// Messages of one token go one after another, so there are never more at once than tokens.
#[tokio::test]
async fn two_hundred_messages_take_a_handful_of_connections() {
    let scene = Scene::open(Receiver::open().await, "standard").await;
    for pan in PANS {
        let token = scene.token(pan).await;
        for _ in 0..25 {
            scene.event(&token, "suspend").await;
            scene.event(&token, "resume").await;
        }
    }
    scene.advance("PT0S").await;
    let arrived = scene.receiver.arrived();
    let ids: HashSet<_> = arrived.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!((arrived.len(), ids.len()), (204, 204));
    let connections = scene.receiver.connections();
    assert!((1..=PANS.len()).contains(&connections), "{connections}");
}
