//! What happens to tokens by itself: each step at its instant, whenever somebody looks.

use serde_json::{Value, json};
use standin::operations::settings::Settings;

use crate::client::{Ask, Stand, options};

/// A token of a card, and who looks at it.
struct Watched {
    stand: Stand,
    token: String,
    card: String,
}

impl Watched {
    async fn new(settings: &str, pan: &str, year: i64) -> Self {
        let settings = Settings::parse(settings).unwrap();
        let stand = Stand::start(standin::server::Options {
            settings,
            ..options()
        })
        .await;
        let token = stand.client.token("standin-manual", None).await;
        let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": year });
        let create = Ask::post("/cards").bearer(&token).attributes(&attributes);
        let card = format!(
            "/cards/{}",
            stand.send(create).await.expect(201).at("/data/id")
        );
        let provision = Ask::post(format!("{card}/network-tokens")).bearer(&token);
        stand.send(provision).await.expect(200);
        Self { stand, token, card }
    }

    /// The state after so long, counted from the last look.
    async fn after(&self, span: &str) -> String {
        self.stand.client.advance("", span).await;
        self.read().await["state"].as_str().unwrap().to_owned()
    }

    async fn read(&self) -> Value {
        let read = Ask::get(&self.card).bearer(&self.token);
        let card = self.stand.send(read).await.expect(200).json();
        card["included"][0]["attributes"].clone()
    }

    async fn notices(&self) -> Vec<(String, String)> {
        let notices = self.stand.send(Ask::get("/_standin/notices")).await.json();
        let rows = notices["notices"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.map(|row| (text(&row["event"]), text(&row["at"])))
            .collect()
    }
}

fn told(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    let at = |rest: &str| format!("2026-01-01T00:{rest}Z");
    rows.iter()
        .map(|(event, rest)| ((*event).to_owned(), at(rest)))
        .collect()
}

#[tokio::test]
async fn each_step_comes_at_its_instant() {
    let watched = Watched::new("", "340000104332183", 30).await;
    for (span, state) in [
        ("PT0S", "active"),
        ("PT1.999999S", "active"),
        ("PT0.000001S", "suspended"),
        ("PT1.999999S", "suspended"),
        ("PT0.000001S", "activated"),
        ("PT2S", "deleted"),
    ] {
        assert_eq!(watched.after(span).await, state, "{span}");
    }
    assert_eq!(
        watched.read().await["updated_at"],
        "2026-01-01T00:00:06.000000"
    );
}

#[tokio::test]
async fn whoever_looks_late_sees_the_instants_of_the_steps() {
    let watched = Watched::new("", "340000104332183", 30).await;
    assert_eq!(watched.after("PT10M").await, "deleted");
    assert_eq!(
        watched.read().await["updated_at"],
        "2026-01-01T00:00:06.000000"
    );
    let want = [
        ("provisioned", "00:00.000000"),
        ("suspended", "00:02.000000"),
        ("resumed", "00:04.000000"),
        ("deleted", "00:06.000000"),
    ];
    assert_eq!(watched.notices().await, told(&want));
}

#[tokio::test]
async fn the_webhook_cards_do_what_they_are_published_for() {
    for (pan, state) in [
        ("5100260000039220", "active"),
        ("5100260000029221", "suspended"),
        ("5100260000019222", "activated"),
        ("5100260000009223", "deleted"),
        ("5100260000099224", "active"),
    ] {
        let watched = Watched::new("", pan, 30).await;
        assert_eq!(watched.read().await["state"], "active", "{pan}");
        assert_eq!(watched.after("PT1M").await, state, "{pan}");
    }
    let renewed = Watched::new("", "5100260000039220", 30).await;
    let before = renewed.read().await["exp_year"].as_i64().unwrap();
    renewed.after("PT2S").await;
    assert_eq!(
        renewed.read().await["exp_year"].as_i64().unwrap(),
        before + 3
    );
}

/// An expiry year selects a script, whatever the card, once that is switched on.
#[tokio::test]
async fn an_expiry_year_selects_a_script() {
    let on = "[gateway]\nexpiry_year_scripts = true\n";
    let watched = Watched::new(on, "4111111111111111", 34).await;
    for (span, state) in [
        ("PT0S", "inactive"),
        ("PT2S", "active"),
        ("PT3S", "suspended"),
        ("PT3S", "activated"),
        ("PT3S", "deleted"),
    ] {
        assert_eq!(watched.after(span).await, state, "{span}");
    }
    let replaced = Watched::new(on, "4000210000089208", 35).await;
    replaced.after("PT2S").await;
    let events: Vec<_> = replaced
        .notices()
        .await
        .into_iter()
        .map(|(event, _)| event)
        .collect();
    assert_eq!(events, ["provisioned", "pan_replaced", "expiry_updated"]);
    let refused = Watched::new(on, "4111111111111111", 32).await;
    assert_eq!(refused.after("PT0S").await, "failed");
    let off = Watched::new("", "4111111111111111", 34).await;
    assert_eq!(off.after("PT1M").await, "active");
}

/// What is due for a card that is gone by then is let go.
#[tokio::test]
async fn a_task_that_comes_too_late_harms_nobody() {
    let watched = Watched::new("", "340000104332183", 30).await;
    let delete = Ask::delete(&watched.card).bearer(&watched.token);
    watched.stand.send(delete).await.expect(204);
    watched.stand.client.advance("", "PT1M").await;
    let clock = watched.stand.send(Ask::get("/_standin/clock")).await.json();
    assert_eq!(clock["next_due"], Value::Null);
    let events: Vec<_> = watched
        .notices()
        .await
        .into_iter()
        .map(|(event, _)| event)
        .collect();
    assert_eq!(events, ["provisioned", "deleted"]);
}
