//! The judge of clients: every defect is committed by a small client over HTTP and named, by itself and with the exchanges that
//! decide it, and who does the same rightly is not.

mod command;
mod defective;
mod vendors;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use standin::clock::Source;
use standin::judge::Defect;
use standin::server::Options;

use super::shop::{KEY, MASTERCARD, Shop, VISA};
use crate::client::{Answer, Ask, options};
use crate::webhooks::receiver::Receiver;

/// The options of a server that judges.
pub(crate) fn judging() -> Options {
    let mut options = options();
    options.settings.journal.judge = Some("shop".to_owned());
    options
}

/// A shop whose client is judged, and its receiver of webhooks.
struct Scene {
    shop: Shop,
    receiver: Receiver,
}

impl Scene {
    async fn open() -> Self {
        Self::of(judging()).await
    }

    /// With the machine's clock.
    async fn in_time() -> Self {
        let clock = Source::Machine;
        Self::of(Options { clock, ..judging() }).await
    }

    async fn of(options: Options) -> Self {
        let shop = Shop::open_with(options).await;
        let receiver = Receiver::open().await;
        let asked = json!({ "url": receiver.url });
        let register = Ask::post("/_standin/webhooks").json(&asked);
        shop.send(register).await.expect(201);
        Self { shop, receiver }
    }

    async fn arm(&self, rule: &str) {
        let ask = Ask::post("/_standin/faults").json(&json!({ "text": rule }));
        self.shop.send(ask).await.expect(201);
    }

    /// Pays at our own API.
    async fn pay(&self, key: Option<&str>, body: &Value) -> Answer {
        let ask = Ask::post("/payments").bearer(KEY).json(body);
        let ask = match key {
            Some(key) => ask.header("idempotency-key", key),
            None => ask,
        };
        self.shop.send(ask).await
    }

    /// Waits until every message that is due has been delivered.
    async fn told(&self) {
        self.shop.advance("PT0S").await;
    }

    async fn report(&self) -> Value {
        report(&self.shop).await
    }
}

async fn report(shop: &Shop) -> Value {
    shop.send(Ask::get("/_standin/judge"))
        .await
        .expect(200)
        .json()
}

/// The words of the defects in a report.
fn defects(report: &Value) -> BTreeSet<String> {
    let found = report["defects"].as_array().unwrap().iter();
    found
        .map(|one| one["defect"].as_str().unwrap().to_owned())
        .collect()
}

fn card(number: &str) -> Value {
    json!({ "number": number, "exp_month": 12, "exp_year": 29 })
}

/// Starts a server for each, which takes seconds without optimisation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_defect_is_named_by_itself_with_what_decides_it() {
    let mut wrong = Vec::new();
    for defect in Defect::ALL.iter().copied() {
        let scene = if defect == Defect::RetryAfterIgnored {
            Scene::in_time().await
        } else {
            Scene::open().await
        };
        defective::commit(defect, &scene).await;
        let report = scene.report().await;
        let named = defects(&report);
        let decided = report["defects"][0]["decided_by"][0].as_array();
        let cited = decided.is_some_and(|cited| {
            let last = cited.last().unwrap();
            last["number"].is_u64() && last["at"].is_string()
        });
        let alone = BTreeSet::from([defect.word().to_owned()]);
        if named != alone || report["verdict"] != "defective" || !cited {
            wrong.push(format!("{}: {report:#}", defect.word()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same situations, without the defect.
#[tokio::test]
async fn who_does_it_rightly_is_clean() {
    let scene = Scene::open().await;
    let nothing = scene.report().await;
    assert_eq!(nothing["verdict"], "nothing_asked");

    // The reply is lost, and the request is sent again with its key.
    scene
        .arm("lost_after_commit gateway_timeout on operation=authorize when first=1")
        .await;
    let order = json!({ "amount": 100, "currency": "USD", "card": card("4242424242424242") });
    assert_eq!(scene.pay(Some("order-1"), &order).await.status, 504);
    scene.pay(Some("order-1"), &order).await.expect(201);
    scene.pay(Some("order-2"), &order).await.expect(201);
    // The rule counts for each card.
    scene
        .shop
        .send(Ask::delete("/_standin/faults"))
        .await
        .expect(204);

    // A token pays, is suspended and waits, is resumed and pays again, and the merchant charges it later.
    let token = scene.shop.token(MASTERCARD).await;
    let by_customer = async || {
        let cryptogram = scene.shop.cryptogram(&token, "TAVV").await;
        let network_token = token.presented(Some(&cryptogram));
        let order = json!({ "amount": 100, "currency": "USD", "network_token": network_token });
        scene.pay(None, &order).await.expect(201).json()
    };
    let first = by_customer().await;
    scene.shop.event(&token, "suspend").await;
    scene.told().await;
    scene.shop.event(&token, "resume").await;
    scene.told().await;
    by_customer().await;
    let later = json!({
        "amount": 100,
        "currency": "USD",
        "initiator": "merchant",
        "network_token": token.presented(None),
        "network_transaction_id": first["network_transaction_id"],
        "transaction_link_id": first["transaction_link_id"],
    });
    let later = scene.pay(None, &later).await.expect(201).json();
    assert_eq!(later["approved"], true, "{later}");

    // What the network spoils is nobody's fault but the network's.
    scene.arm("spent_cryptogram when first=1").await;
    assert_eq!(by_customer().await["reason"], "cryptogram_replayed");

    // A message comes twice and is taken twice; one that is signed wrongly is refused.
    scene.arm("webhook_duplicate 1 on event=suspended").await;
    scene.shop.event(&token, "suspend").await;
    scene.told().await;

    let report = scene.report().await;
    assert_eq!(report["verdict"], "clean", "{report:#}");
    assert!(report["requests"].as_u64() > Some(10));
    assert!(report["messages"].as_u64() > Some(3));
    assert_eq!(report["forgotten"], 0);
    assert!(scene.receiver.arrived().len() > 3);
}

/// Spaces are judged apart, a reset begins anew, and no number or secret gets into a report.
#[tokio::test]
async fn each_space_has_its_own_judge_and_a_report_shows_no_number() {
    let scene = Scene::open().await;
    let ask = Ask::get("/payments/1?card_number=4111111111111111").bearer(KEY);
    scene.shop.in_space("other").send(ask).await.expect(404);
    let other = report(&scene.shop.in_space("other")).await;
    assert_eq!(
        defects(&other),
        BTreeSet::from(["card_number_in_url".to_owned()])
    );
    assert_eq!(other["space"], "other");
    let shown = other.to_string();
    assert!(
        !shown.contains("4111111111111111") && shown.contains("411111******1111"),
        "{shown}"
    );
    assert_eq!(scene.report().await["verdict"], "nothing_asked");
    let other = scene.shop.in_space("other");
    other.send(Ask::post("/_standin/reset")).await.expect(200);
    assert_eq!(report(&other).await["verdict"], "nothing_asked");
}

#[tokio::test]
async fn without_a_judge_there_is_no_report() {
    let shop = Shop::open().await;
    let answer = shop.send(Ask::get("/_standin/judge")).await.expect(404);
    assert_eq!(answer.at("/error/code"), "no_judge");
    assert!(answer.at("/error/message").contains("--judge"));
}
