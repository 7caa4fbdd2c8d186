//! What Stripe tells of disputes (docs.stripe.com/api/events/types, `charge.dispute.…`).

use serde_json::Value;
use standin::domain::webhook::Profile;

use super::stripe::{STRIPE, stripe};
use super::{scene, told, types};
use crate::client::{Answer, Ask, Stand};

const CREATED: [&str; 2] = ["charge.dispute.created", "charge.dispute.funds_withdrawn"];
const TEXT: &str = "evidence[uncategorized_text]";

async fn charge(stand: &Stand, source: &str) -> Answer {
    let form = [("amount", "2000"), ("currency", "usd"), ("source", source)];
    stripe(stand, "/v1/charges", &form).await.expect(200)
}

async fn read(stand: &Stand, path: &str) -> Value {
    let ask = Ask::get(path).bearer(STRIPE);
    stand.send(ask).await.expect(200).json()
}

/// The events whose object is this dispute, in the order in which they came.
fn about(all: &[Value], dispute: &Value) -> Vec<Value> {
    let own = all
        .iter()
        .filter(|event| &event["data"]["object"]["id"] == dispute);
    own.cloned().collect()
}

/// Each evidence, and what is told after it beside what was told when the money was taken.
#[tokio::test]
async fn stripe_tells_of_a_dispute_from_its_beginning_to_its_end() {
    let (stand, receiver, _) = scene(Profile::Stripe).await;
    let (disputed, inquiry) = ("tok_createDispute", "tok_createDisputeInquiry");
    let updated = "charge.dispute.updated";
    let closed = "charge.dispute.closed";
    let reinstated = "charge.dispute.funds_reinstated";
    let mut wanted = Vec::new();
    for (source, form, then) in [
        (
            disputed,
            vec![(TEXT, "winning_evidence")],
            vec![updated, reinstated, closed],
        ),
        (
            disputed,
            vec![(TEXT, "losing_evidence")],
            vec![updated, closed],
        ),
        (disputed, vec![(TEXT, "It was he")], vec![updated]),
        (disputed, vec![("metadata[a]", "b")], vec![updated]),
        (disputed, vec![("expand[]", "charge")], vec![]),
        (
            inquiry,
            vec![(TEXT, "losing_evidence")],
            vec![updated, closed],
        ),
        (
            inquiry,
            vec![(TEXT, "escalate_inquiry_evidence")],
            vec![updated, CREATED[1]],
        ),
    ] {
        let id = charge(&stand, source).await.at("/dispute");
        let path = format!("/v1/disputes/{id}");
        stripe(&stand, &path, &form).await.expect(200);
        let first = if source == disputed {
            &CREATED[..]
        } else {
            &CREATED[..1]
        };
        wanted.push((path, [first, &then].concat()));
    }
    let id = charge(&stand, disputed).await.at("/dispute");
    let path = format!("/v1/disputes/{id}");
    let close = format!("{path}/close");
    stripe(&stand, &close, &[]).await.expect(200);
    wanted.push((path, [&CREATED[..], &[closed]].concat()));
    let all = told(&stand, &receiver).await;
    for (path, want) in wanted {
        let dispute = read(&stand, &path).await;
        let own = about(&all, &dispute["id"]);
        assert_eq!(types(&own), want);
        // Each as it was then.
        assert_eq!(own[own.len() - 1]["data"]["object"], dispute);
        let status = own[0]["data"]["object"]["status"].as_str().unwrap();
        assert!(status.ends_with("needs_response"), "{status}");
    }
    let kept = read(&stand, "/v1/events?type=charge.dispute.*&limit=100").await;
    let mut kept = kept["data"].as_array().unwrap().clone();
    let told = all.iter().filter(|event| {
        let kind = event["type"].as_str().unwrap();
        kind.starts_with("charge.dispute.")
    });
    let mut told: Vec<_> = told.cloned().collect();
    let by_id = |one: &Value, other: &Value| one["id"].as_str().cmp(&other["id"].as_str());
    kept.sort_by(by_id);
    told.sort_by(by_id);
    assert_eq!(kept, told);
    told.dedup_by(|one, other| one["id"] == other["id"]);
    assert_eq!(kept.len(), told.len(), "each has its own name");
}

/// A recording of Stripe's sandbox has the dispute between the charge and its intent. What is captured later is disputed then.
#[tokio::test]
async fn a_dispute_is_told_before_its_intent_is_paid() {
    let (stand, receiver, _) = scene(Profile::Stripe).await;
    for (capture, want) in [
        (
            "automatic",
            vec!["payment_intent.created", "charge.succeeded"],
        ),
        (
            "manual",
            vec![
                "payment_intent.created",
                "charge.succeeded",
                "payment_intent.amount_capturable_updated",
                "charge.captured",
            ],
        ),
    ] {
        let form = [
            ("amount", "2000"),
            ("currency", "usd"),
            ("confirm", "true"),
            ("payment_method", "pm_card_createDispute"),
            ("capture_method", capture),
        ];
        let intent = stripe(&stand, "/v1/payment_intents", &form).await;
        let id = intent.expect(200).at("/id");
        if capture == "manual" {
            let path = format!("/v1/payment_intents/{id}/capture");
            stripe(&stand, &path, &[]).await.expect(200);
        }
        let all = told(&stand, &receiver).await;
        let own = all.iter().filter(|event| {
            let object = &event["data"]["object"];
            object["id"] == id || object["payment_intent"] == id
        });
        let own: Vec<_> = own.cloned().collect();
        let want = [&want, &CREATED[..], &["payment_intent.succeeded"]].concat();
        assert_eq!(types(&own), want);
    }
}
