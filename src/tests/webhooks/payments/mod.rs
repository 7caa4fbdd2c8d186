//! What payment services tell of payments: each in its own words, order and signature, with the payment that it tells of.

mod adyen;
mod checkout;
mod disputes;
mod stripe;

use serde_json::{Value, json};
use standin::domain::webhook::Profile;
use tokio::process::Command;

use super::receiver::{Arrived, Receiver};
use crate::client::{Ask, Stand, options};

const PAYS: &str = "4242424242424242";
const IS_DECLINED: &str = "4000000000000002";

/// A server and a receiver in this behaviour, with its secret.
async fn scene(profile: Profile) -> (Stand, Receiver, String) {
    let stand = Stand::start(options()).await;
    let receiver = Receiver::open().await;
    let asked = json!({ "url": receiver.url, "profile": profile.word() });
    let register = Ask::post("/_standin/webhooks").json(&asked);
    let secret = stand.send(register).await.expect(201).at("/secret");
    (stand, receiver, secret)
}

async fn told(stand: &Stand, receiver: &Receiver) -> Vec<Value> {
    stand.client.advance("", "PT0S").await;
    receiver.arrived().iter().map(Arrived::json).collect()
}

/// The types of events of Stripe or Checkout.com.
fn types(told: &[Value]) -> Vec<&str> {
    let kinds = told.iter().map(|event| event["type"].as_str().unwrap());
    kinds.collect()
}

/// `standin trigger` makes the calls after which a service tells of the event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_a_payment_is_triggered_by_its_name() {
    for (profile, name) in [
        (Profile::Stripe, "payment_intent.succeeded"),
        (Profile::Stripe, "charge.refunded"),
        (Profile::Adyen, "CANCELLATION"),
        (Profile::Checkout, "payment_captured"),
        (Profile::Stripe, "payment_intent.requires_action"),
        (Profile::Stripe, "setup_intent.setup_failed"),
        (Profile::Stripe, "setup_intent.canceled"),
        (Profile::Stripe, "customer.deleted"),
        (Profile::Stripe, "payment_method.updated"),
        (Profile::Stripe, "charge.dispute.created"),
        (Profile::Stripe, "charge.dispute.updated"),
        (Profile::Stripe, "charge.dispute.funds_reinstated"),
        (Profile::Stripe, "charge.dispute.closed"),
    ] {
        let (stand, receiver, _) = scene(profile).await;
        let said = Command::new(env!("CARGO_BIN_EXE_standin"))
            .args(["trigger", name, "--server", &stand.server.base_url()])
            .output()
            .await
            .unwrap();
        assert!(
            said.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        let told = told(&stand, &receiver).await;
        // What is told of different things arrives in any order.
        let mut called = told.iter().map(|event| {
            let kind = event["type"].as_str();
            kind.or_else(|| adyen::item(event)["eventCode"].as_str())
        });
        assert!(
            called.any(|called| called == Some(name)),
            "{name}: {told:?}"
        );
    }
}
