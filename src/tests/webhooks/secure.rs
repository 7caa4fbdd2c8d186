//! Webhooks by https: the certificate must be the name's, from an authority that is believed.

use serde_json::json;
use standin::operations::settings::Settings;
use standin::server::Options;

use super::receiver::Receiver;
use crate::cli::Folder;
use crate::client::{Ask, Stand, options};

/// A server with these settings and an endpoint at the receiver, to which something has been told.
async fn told(receiver: &Receiver, url: &str, settings: Settings) -> Stand {
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    let register = Ask::post("/_standin/webhooks").json(&json!({ "url": url }));
    stand.send(register).await.expect(201);
    let access = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/cards").bearer(&access).attributes(&card);
    let card = stand.send(ask).await.expect(201).at("/data/id");
    let ask = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    stand.send(ask).await.expect(200);
    stand.client.advance("", "PT0S").await;
    assert!(receiver.url.starts_with("https://localhost:"));
    stand
}

async fn last(stand: &Stand) -> String {
    let messages = stand.send(Ask::get("/_standin/webhooks/messages")).await;
    messages.expect(200).at("/waiting/0/last")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_to_the_name_whose_authority_is_given() {
    let (receiver, authority) = Receiver::secure().await;
    let folder = Folder::new("webhook-ca");
    let file = folder.0.join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let mut settings = Settings::default();
    settings.webhooks.ca = Some(file);
    let url = receiver.url.clone();
    told(&receiver, &url, settings).await;
    let arrived = receiver.arrived();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].server_name.as_deref(), Some("localhost"));
    let authority = url
        .trim_start_matches("https://")
        .trim_end_matches("/hooks");
    assert_eq!(arrived[0].header("host"), authority);
    assert!(arrived[0].header("webhook-signature").starts_with("v1,"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_is_told() {
    let (receiver, authority) = Receiver::secure().await;
    let url = receiver.url.clone();
    let stand = told(&receiver, &url, Settings::default()).await;
    let why = last(&stand).await;
    assert!(
        why.starts_with("TLS: ") && why.ends_with("--webhook-ca"),
        "{why}"
    );
    // The authority is believed, but the certificate is of another name.
    let folder = Folder::new("webhook-name");
    let file = folder.0.join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let mut settings = Settings::default();
    settings.webhooks.ca = Some(file);
    let by_number = url.replace("localhost", "127.0.0.1");
    let stand = told(&receiver, &by_number, settings).await;
    let why = last(&stand).await;
    assert!(why.contains("not valid for name"), "{why}");
    assert!(receiver.arrived().is_empty());
}
