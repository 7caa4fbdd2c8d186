//! What is told in the behaviour of a payment service or of an orchestrator, in its own words where it has any.

use serde_json::{Value, json};
use standin::clock::{MANUAL_START, machine_now};
use standin::operations::settings::Settings;
use standin::server::Options;

use super::receiver::{Arrived, Receiver};
use crate::client::{Ask, Stand, options};
use crate::orchestrator::Orchestrator;

/// A server and a receiver in this behaviour.
async fn scene(profile: &str, secret: Option<&str>) -> (Stand, Receiver) {
    scene_with(options(), profile, secret).await
}

async fn scene_with(options: Options, profile: &str, secret: Option<&str>) -> (Stand, Receiver) {
    let stand = Stand::start(options).await;
    let receiver = Receiver::open().await;
    let asked = json!({ "url": receiver.url, "profile": profile, "secret": secret });
    let register = Ask::post("/_standin/webhooks").json(&asked);
    stand.send(register).await.expect(201);
    (stand, receiver)
}

async fn token(stand: &Stand, pan: &str) -> String {
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let card = stand.send(ask).await.expect(201).at("/data/id");
    let ask = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    stand.send(ask).await.expect(200).at("/data/id")
}

async fn event(stand: &Stand, token: &str, event: &Value) {
    let ask = Ask::post(format!("/_standin/tokens/{token}/events"));
    stand.send(ask.json(event)).await.expect(200);
}

/// Receivers' libraries compare a signature's time with the clock of their own machine and grant five minutes (Standard
/// Webhooks, and the tolerance of Stripe's libraries). The body tells the time of the space.
#[tokio::test]
async fn a_signature_is_made_now_whatever_the_clock_of_the_space_shows() {
    for (profile, in_space) in [
        ("standard", false),
        ("stripe", false),
        ("vgs", false),
        ("standard", true),
    ] {
        let mut options = options();
        if in_space {
            options.settings = Settings::parse("[webhooks]\nsignature_time = \"space\"\n").unwrap();
        }
        let (stand, receiver) = scene_with(options, profile, None).await;
        token(&stand, "4111111111111111").await;
        stand.client.advance("", "PT0S").await;
        let arrived = receiver.arrived().remove(0);
        let time = match profile {
            "standard" => arrived.header("webhook-timestamp"),
            "stripe" => arrived.header("stripe-signature"),
            _ => arrived.header("vgs-signature"),
        };
        let time = time.trim_start_matches("t=").split(',').next().unwrap();
        let seconds: i64 = time.parse().unwrap();
        if in_space {
            assert_eq!(seconds, MANUAL_START.seconds());
        } else {
            let off = (machine_now().seconds() - seconds).abs();
            assert!(off < 300, "{profile} {off}");
        }
        assert!(
            arrived.json().to_string().contains("2026-01-01T00:00:00"),
            "{profile}"
        );
    }
}

/// A whole life of a token, and what has been told of it.
async fn life(profile: &str) -> Vec<Value> {
    let (stand, receiver) = scene(profile, None).await;
    let token = token(&stand, "4111111111111111").await;
    for what in [
        "suspend",
        "resume",
        "update_expiry",
        "replace_pan",
        "delete",
    ] {
        event(&stand, &token, &json!({ "event": what })).await;
    }
    stand.client.advance("", "PT0S").await;
    receiver.arrived().iter().map(Arrived::json).collect()
}

fn kinds(told: &[Value]) -> Vec<&str> {
    told.iter()
        .map(|body| body["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn checkout_com_tells_of_an_update_whatever_it_was() {
    let told = life("checkout").await;
    let update = "network_token_update";
    let want = [
        "network_token.provisioned",
        update,
        update,
        update,
        update,
        update,
    ];
    assert_eq!(kinds(&told), want);
    let states: Vec<_> = told[1..]
        .iter()
        .map(|body| body["data"]["network_token"]["state"].as_str().unwrap())
        .collect();
    // New data is told with the state in which the token is by then.
    assert_eq!(states[..2], ["suspended", "active"]);
    assert_eq!(states[4], "deleted");
    let body = &told[1];
    assert!(body["id"].as_str().unwrap().starts_with("evt_"));
    assert_ne!(body["id"], told[2]["id"]);
    let data = &body["data"];
    assert_eq!(data["scheme"], "visa");
    let token = &data["network_token"];
    assert!(token["id"].as_str().unwrap().starts_with("nt_"));
    assert_eq!(
        token["payment_account_reference"].as_str().unwrap().len(),
        29
    );
    assert_eq!(data["card"]["last_four"].as_str().unwrap().len(), 4);
}

#[tokio::test]
async fn adyen_tells_of_tokens_created_updated_and_disabled() {
    let told = life("adyen").await;
    let updated = "recurring.token.updated";
    let want = [
        "recurring.token.created",
        updated,
        updated,
        updated,
        updated,
        "recurring.token.disabled",
    ];
    assert_eq!(kinds(&told), want);
    assert_eq!(told[0]["data"]["merchantAccount"], "StandinMerchant");
    assert_eq!(told[0]["data"]["type"], "visa");
    assert_eq!(told[0]["eventId"].as_str().unwrap().len(), 16);
    assert_ne!(told[0]["eventId"], told[1]["eventId"]);
}

/// What a service has no event for is told in standin's own words.
#[tokio::test]
async fn what_has_no_name_elsewhere_keeps_its_own() {
    for profile in ["checkout", "adyen", "stripe"] {
        let (stand, receiver) = scene(profile, None).await;
        token(&stand, "5100260000009207").await;
        stand.client.advance("", "PT0S").await;
        let told: Vec<_> = receiver.arrived().iter().map(Arrived::json).collect();
        assert_eq!(
            kinds(&told),
            ["network_token.provisioning_failed"],
            "{profile}"
        );
    }
}

/// hyperswitch is told of new data of tokens of its own customers, and lets in who sends the key it was configured with. Takes
/// a second or two: the server makes two RSA key pairs.
#[tokio::test]
async fn hyperswitch_is_called_back_about_its_customers() {
    let (stand, receiver) = scene("hyperswitch", Some("a-configured-key")).await;
    let keys = stand.send(Ask::get("/_standin/keys/token-service")).await;
    let client = Orchestrator::configured(&keys.expect(200));
    let card = json!({ "cardNumber": "4111111111111111", "expMonth": "12", "expYear": "2030" });
    let generate = Ask::post("/hyperswitch/tokens/generate");
    let generate = generate.header("authorization", "standin_key");
    let made = generate.json(&client.generate(&card, "cus_1"));
    let made = client.opened(&stand.send(made).await.expect(200));
    let reference = made["cardReference"].as_str().unwrap();
    let foreign = token(&stand, "4000210000089208").await;
    for token in [reference, &foreign] {
        event(&stand, token, &json!({ "event": "suspend" })).await;
        let expiry = json!({ "month": 3, "year": 33 });
        event(
            &stand,
            token,
            &json!({ "event": "update_expiry", "expiry": expiry }),
        )
        .await;
        let expiry = json!({ "month": 4, "year": 34 });
        event(
            &stand,
            token,
            &json!({ "event": "replace_pan", "expiry": expiry }),
        )
        .await;
    }
    stand.client.advance("", "PT0S").await;
    let arrived = receiver.arrived();
    let told: Vec<_> = arrived.iter().map(Arrived::json).collect();
    let details = |month: &str, year: &str| {
        json!({
            "card_reference": reference, "customer_id": "cus_1",
            "expiry_month": month, "expiry_year": year,
        })
    };
    let want = [
        json!({ "token": details("03", "2033") }),
        json!({ "card": details("04", "2034") }),
    ];
    assert_eq!(told, want);
    assert!(
        arrived
            .iter()
            .all(|message| message.header("authorization") == "a-configured-key")
    );
    let messages = stand
        .send(Ask::get("/_standin/webhooks/messages"))
        .await
        .json();
    assert_eq!(messages["waiting"], json!([]));
    assert_eq!(messages["delivered"].as_array().unwrap().len(), 2);
}
