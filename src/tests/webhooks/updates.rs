//! The account updater: what becomes of a card is told to who asked, and the card shows it.

use serde_json::{Value, json};

use super::receiver::{Arrived, Receiver};
use crate::client::{Ask, Stand, options};

/// A server, a receiver in VGS's behaviour or standin's own, and an account.
struct Scene {
    stand: Stand,
    receiver: Receiver,
    access: String,
}

impl Scene {
    async fn open(account: &str, profile: &str) -> Self {
        let stand = Stand::start(options()).await;
        let receiver = Receiver::open().await;
        let asked = json!({ "url": receiver.url, "profile": profile });
        let register = Ask::post("/_standin/webhooks").json(&asked);
        stand.send(register).await.expect(201);
        let access = stand.client.token(account, None).await;
        Self {
            stand,
            receiver,
            access,
        }
    }

    async fn card(&self, pan: &str) -> String {
        let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
        let ask = Ask::post("/cards").bearer(&self.access).attributes(&card);
        self.stand.send(ask).await.expect(201).at("/data/id")
    }

    async fn call(&self, method: &str, card: &str, what: &str, status: u16) -> Value {
        let ask = Ask::new(method, format!("/cards/{card}{what}")).bearer(&self.access);
        let answer = self.stand.send(ask).await.expect(status);
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        }
    }

    async fn subscribe(&self, card: &str) -> Value {
        let made = self.call("POST", card, "/card-update-subscriptions", 200);
        made.await["data"].clone()
    }

    async fn issuer(&self, path: &str, event: &Value) -> Value {
        let ask = Ask::post(format!("/_standin/{path}/events")).json(event);
        self.stand.send(ask).await.expect(200).json()
    }

    /// What has arrived of cards, once everything has.
    async fn told(&self) -> Vec<Value> {
        self.stand.client.advance("", "PT1S").await;
        let all = self.receiver.arrived();
        let of_cards = |body: &Value| {
            let name = body["event"].as_str().or(body["type"].as_str()).unwrap();
            name.starts_with("cmp_au_card.") || name.starts_with("card.")
        };
        all.iter().map(Arrived::json).filter(of_cards).collect()
    }
}

fn names(told: &[Value]) -> Vec<&str> {
    let name = |body: &'_ Value| body["event"].as_str().or(body["type"].as_str()).is_some();
    assert!(told.iter().all(name));
    told.iter()
        .map(|body| body["event"].as_str().or(body["type"].as_str()).unwrap())
        .collect()
}

/// Manual account: subscribed, replaced and extended with its token, closed.
#[tokio::test]
async fn what_the_issuer_does_is_told_with_the_change_and_shown() {
    let scene = Scene::open("standin-manual", "vgs").await;
    let card = scene.card("5555555555554444").await;
    let token = scene.call("POST", &card, "/network-tokens", 200).await;
    let token = token["data"]["id"].as_str().unwrap().to_owned();
    let made = scene.subscribe(&card).await;
    assert_eq!(made["type"], "card_update_subscriptions");
    assert_eq!(made["attributes"]["state"], "enrolled");
    assert_eq!(scene.subscribe(&card).await["id"], made["id"], "only once");

    let before = scene.call("GET", &card, "", 200).await;
    let path = format!("tokens/{token}");
    let expiry = json!({ "month": 7, "year": 35 });
    let replace = json!({ "event": "replace_pan", "pan": "5100260000099240", "expiry": expiry });
    scene.issuer(&path, &replace).await;
    scene
        .issuer(&path, &json!({ "event": "update_expiry" }))
        .await;
    let told = scene.told().await;
    let want = ["enrolled", "updated", "updated"].map(|name| format!("cmp_au_card.{name}"));
    assert_eq!(names(&told), want);
    let details = &told[1]["details"];
    for (name, value) in [
        ("card_id", card.as_str()),
        ("old_account_number", "555555******4444"),
        ("new_account_number", "510026******9240"),
        ("old_expiration_date", "1230"),
        ("new_expiration_date", "0735"),
        ("fingerprint_matches", "false"),
        ("reason_code", "updated"),
    ] {
        assert_eq!(details[name], value, "{name}");
    }
    assert_eq!(told[2]["details"]["new_expiration_date"], "0738");
    assert_eq!(told[2]["details"]["fingerprint_matches"], "true");

    let after = scene.call("GET", &card, "", 200).await;
    let attributes = &after["data"]["attributes"];
    assert_eq!(attributes["pan"], "5100260000099240");
    assert_eq!(
        (&attributes["exp_month"], &attributes["exp_year"]),
        (&json!(7), &json!(38))
    );
    let [updater, shown] = [0, 1].map(|place| after["included"][place].clone());
    assert_eq!(updater["id"], made["id"]);
    assert_eq!(updater["attributes"]["event"], "updated");
    assert_eq!(
        (&updater["attributes"]["bin"], &shown["id"]),
        (&json!("510026"), &json!(token))
    );
    let par = "/attributes/payment_account_reference";
    assert_eq!(shown.pointer(par), before["included"][1].pointer(par));
    let number = "/attributes/network_token";
    assert_eq!(
        shown.pointer(number),
        before["included"][1].pointer(number),
        "same token, new card"
    );

    scene
        .issuer(&path, &json!({ "event": "close_account" }))
        .await;
    assert_eq!(names(&scene.told().await)[3], "cmp_au_card.closed");
    let closed = scene.call("GET", &card, "", 200).await;
    assert_eq!(closed["included"][0]["attributes"]["event"], "closed");
    assert_eq!(closed["included"][1]["attributes"]["state"], "deleted");
    let again = scene.call("POST", &card, "/network-tokens", 200).await;
    assert_eq!(
        again["data"]["attributes"]["state"], "failed",
        "a closed account gets no token"
    );
}

/// A card without a token, in standin's own words; and nothing is told once it has left.
#[tokio::test]
async fn a_card_needs_no_token_to_be_watched() {
    let scene = Scene::open("standin-manual", "standard").await;
    let card = scene.card("4111111111111111").await;
    let path = format!("cards/{card}");
    scene.issuer(&path, &json!({ "event": "expired" })).await;
    assert_eq!(scene.told().await, Vec::<Value>::new(), "nobody asked");
    scene.subscribe(&card).await;
    let replaced = scene
        .issuer(&path, &json!({ "event": "replace_pan" }))
        .await;
    assert_eq!(
        replaced["updater"],
        json!({ "enrolled": true, "event": "updated" })
    );
    for event in [
        "update_expiry",
        "expired",
        "non_participating",
        "contact_cardholder",
        "close_account",
    ] {
        scene.issuer(&path, &json!({ "event": event })).await;
    }
    scene
        .call("DELETE", &card, "/card-update-subscriptions", 204)
        .await;
    scene
        .call("DELETE", &card, "/card-update-subscriptions", 404)
        .await;
    scene.issuer(&path, &json!({ "event": "expired" })).await;
    let told = scene.told().await;
    let want = [
        "enrolled",
        "updated",
        "updated",
        "expired",
        "non_participating",
        "contact_cardholder",
        "closed",
        "opted_out",
    ];
    assert_eq!(names(&told), want.map(|name| format!("card.{name}")));
    let (old, new) = (&told[1]["data"]["previous"], &told[1]["data"]["card"]);
    assert_eq!(old["last4"], "1111");
    assert!(new["last4"] != "1111" && new["expires_at"] == old["expires_at"]);
    assert_eq!(told[2]["data"]["card"]["expires_at"], "2033-12");
    let shown = scene.call("GET", &card, "", 200).await;
    assert_eq!(shown["included"], json!([]));
}

/// The published cards, in an account that has both switches on create.
#[tokio::test]
async fn the_published_cards_do_what_they_are_published_for() {
    let scene = Scene::open("standin-updater", "vgs").await;
    for (pan, state, event) in [
        ("5100260000019206", "enrolled", "valid"),
        ("5100260000009207", "failed", "enrollment_failed"),
        ("5100260000079200", "enrolled", "valid"),
        ("5100260000069201", "enrolled", "updated"),
        ("5100260000059202", "enrolled", "expired"),
        ("5100260000049203", "enrolled", "closed"),
        ("5100260000039204", "enrolled", "non_participating"),
        ("5100260000029205", "enrolled", "contact_cardholder_advice"),
    ] {
        let card = scene.card(pan).await;
        let before = scene.call("GET", &card, "", 200).await;
        assert_eq!(before["included"], json!([]), "{pan}: in the background");
        scene.stand.client.advance("", "PT5S").await;
        let after = scene.call("GET", &card, "", 200).await;
        let updater = &after["included"][0]["attributes"];
        assert_eq!(
            (updater["state"].as_str(), updater["event"].as_str()),
            (Some(state), Some(event)),
            "{pan}"
        );
        let updated = after["data"]["attributes"]["pan"] != pan;
        assert_eq!(updated, event == "updated", "{pan}");
        let told = scene.told().await;
        let last = told.last().unwrap()["event"].as_str().unwrap().to_owned();
        let want = if event == "valid" { "enrolled" } else { event };
        assert_eq!(last, format!("cmp_au_card.{want}"), "{pan}");
    }
}

/// Asked on demand, nothing is kept; the number is told to those only who may see it.
#[tokio::test]
async fn a_check_says_what_would_be_and_keeps_nothing() {
    let scene = Scene::open("standin-manual", "vgs").await;
    let card = scene.card("5100260000099240").await;
    let found = scene.call("POST", &card, "/check", 200).await;
    assert_eq!(found["data"]["type"], "card_updates");
    let attributes = &found["data"]["attributes"];
    assert_eq!(attributes["event"], "updated");
    let fields = |attributes: &Value| -> Vec<String> {
        let rows = attributes["updated_values"].as_array().unwrap().iter();
        rows.map(|row| row["field_name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(fields(attributes), ["pan", "exp_year"]);
    assert_eq!(attributes["updated_values"][1]["new_value"], 33);
    let shown = scene.call("GET", &card, "", 200).await;
    assert_eq!(shown["data"]["attributes"]["pan"], "5100260000099240");
    assert_eq!(shown["included"], json!([]));
    let narrow = scene
        .stand
        .client
        .token("standin-manual", Some("cards:read"))
        .await;
    let ask = Ask::post(format!("/cards/{card}/check")).bearer(&narrow);
    let found = scene.stand.send(ask).await.expect(200).json();
    assert_eq!(fields(&found["data"]["attributes"]), ["exp_year"]);
    let amex = scene.card("378282246310005").await;
    scene.call("POST", &amex, "/check", 422).await;
    assert_eq!(scene.told().await, Vec::<Value>::new());
}
