//! Endpoints that the configuration file names: there whenever their space begins, and wrong ones end the start.

use serde_json::{Value, json};
use standin::operations::settings::Settings;
use standin::server::{Options, start};

use super::receiver::Receiver;
use crate::cli::{Folder, standin};
use crate::client::{Ask, Stand, options};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn listed(stand: &Stand, prefix: &str) -> Vec<Value> {
    let ask = Ask::get(format!("{prefix}/_standin/webhooks"));
    let list = stand.send(ask).await.expect(200).json();
    list["webhooks"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_configured_is_told_in_its_space_from_the_start() {
    let receiver = Receiver::open().await;
    let url = &receiver.url;
    let text = format!(
        "[[webhooks.endpoint]]\nurl = \"{url}\"\nprofile = \"vgs\"\nsecret = \"{SECRET}\"\nevents = [\"suspended\"]\n\
         [[webhooks.endpoint]]\nurl = \"{url}/all\"\nspace = \"*\"\naccount = \"standin-manual\"\n\
         [[webhooks.endpoint]]\nurl = \"{url}/shop\"\nspace = \"shop\"\n"
    );
    let settings = Settings::parse(&text).unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    let urls = |rows: &[Value]| -> Vec<String> {
        let url = |row: &Value| row["url"].as_str().unwrap().to_owned();
        rows.iter().map(url).collect()
    };
    assert_eq!(
        urls(&listed(&stand, "").await),
        [url.clone(), format!("{url}/all")]
    );
    let shop = [format!("{url}/all"), format!("{url}/shop")];
    assert_eq!(urls(&listed(&stand, "/~shop").await), shop);
    stand
        .send(Ask::delete("/~shop/_standin/webhooks/we_1"))
        .await
        .expect(204);
    stand
        .send(Ask::post("/~shop/_standin/reset"))
        .await
        .expect(200);
    assert_eq!(
        urls(&listed(&stand, "/~shop").await),
        shop,
        "a reset is a beginning"
    );

    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let card = stand.send(ask).await.expect(201).at("/data/id");
    let ask = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    let token = stand.send(ask).await.expect(200).at("/data/id");
    let suspend = Ask::post(format!("/_standin/tokens/{token}/events"));
    stand
        .send(suspend.json(&json!({ "event": "suspend" })))
        .await
        .expect(200);
    stand.client.advance("", "PT0S").await;
    let arrived = receiver.arrived();
    let at = |target: &str| {
        arrived
            .iter()
            .filter(|message| message.target == target)
            .count()
    };
    assert_eq!(
        (at("/hooks"), at("/hooks/all"), at("/hooks/shop")),
        (1, 2, 0)
    );

    let shown = stand.send(Ask::get("/_standin/settings")).await.expect(200);
    assert_eq!(
        shown.json()["webhooks"]["endpoint"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert!(!shown.text().contains(SECRET), "a secret is never shown");
}

/// Each says which endpoint it is and what is wrong with it, before anything is listened on.
#[tokio::test]
async fn a_wrong_one_ends_the_start() {
    let fine = "[[webhooks.endpoint]]\nurl = \"http://127.0.0.1:9/\"\n";
    let crowd = fine.repeat(1_000);
    for (text, words) in [
        (
            "url = \"nonsense\"",
            "webhooks.endpoint 2: url is not an address",
        ),
        (
            "url = \"http://example.com/\"",
            "--webhook-allow example.com",
        ),
        (
            "url = \"http://127.0.0.1/\"\nsecret = \"short\"",
            "webhooks.endpoint 2: secret must be whsec_",
        ),
        (
            "url = \"http://127.0.0.1/\"\nspace = \"a b\"",
            "webhooks.endpoint 2: space: the name",
        ),
        (
            "url = \"http://127.0.0.1/\"\naccount = \"nobody\"",
            "account \"nobody\"",
        ),
        (
            crowd.trim_start_matches("[[webhooks.endpoint]]"),
            "endpoints already",
        ),
    ] {
        let text = format!("{fine}[[webhooks.endpoint]]\n{text}\n");
        let settings = Settings::parse(&text).unwrap();
        let refused = start(Options {
            settings,
            ..options()
        });
        let why = refused.await.unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    }
    for wrong in [
        "url = \"http://127.0.0.1/\"\nsecrets = 1",
        "profile = \"vgs\"",
        "url = 1",
    ] {
        let text = format!("[[webhooks.endpoint]]\n{wrong}\n");
        assert!(Settings::parse(&text).is_err(), "{wrong}");
    }
}

#[test]
fn the_program_says_so_and_ends() {
    let folder = Folder::new("webhook-config");
    let config = folder.0.join("standin.toml");
    let run = |text: &str| {
        std::fs::write(&config, text).unwrap();
        let config = config.to_str().unwrap();
        let output = standin(&["serve", "--listen", "127.0.0.1:0", "--config", config]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run("[[webhooks.endpoint]]\nurl = \"gopher://127.0.0.1/\"\n");
    assert_eq!(
        said,
        "standin: webhooks.endpoint 1: url must begin with http:// or https://\n"
    );
    let said = run("[webhooks]\nca = \"nowhere.pem\"\n");
    assert!(said.contains("nowhere.pem"), "{said}");
    let said = run("[webhooks]\nca = \"standin.toml\"\n");
    assert!(said.contains("no PEM certificate in it"), "{said}");
}
