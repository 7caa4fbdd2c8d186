//! Who may be told, and what is said when somebody may not.

use serde_json::json;

use crate::client::{Ask, Stand, options};

const WEBHOOKS: &str = "/_standin/webhooks";

#[tokio::test]
async fn an_endpoint_is_listed_without_its_secret_until_it_is_removed() {
    let stand = Stand::start(options()).await;
    let asked = json!({ "url": "http://127.0.0.1:9/in", "profile": "vgs", "events": ["suspended"], "account": "standin-manual" });
    let made = stand.client.send(Ask::post(WEBHOOKS).json(&asked)).await;
    let made = made.expect(201).json();
    assert_eq!(made["secret"].as_str().unwrap().len(), 32);
    let list = stand
        .client
        .send(Ask::get(WEBHOOKS))
        .await
        .expect(200)
        .json();
    let mut want = made.clone();
    want.as_object_mut().unwrap().remove("secret");
    assert_eq!(list["webhooks"], json!([want]));
    let one = format!("{WEBHOOKS}/{}", made["id"].as_str().unwrap());
    stand.client.send(Ask::delete(&one)).await.expect(204);
    stand.client.send(Ask::delete(&one)).await.expect(404);
    let list = stand
        .client
        .send(Ask::get(WEBHOOKS))
        .await
        .expect(200)
        .json();
    assert_eq!(list["webhooks"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_registered_is_refused_by_name() {
    let stand = Stand::start(options()).await;
    let url = "http://127.0.0.1:9/in";
    for (asked, field, words) in [
        (json!({}), "url", "is required"),
        (json!({ "url": "not one" }), "url", "is not an address"),
        (json!({ "url": "ftp://127.0.0.1/" }), "url", "https://"),
        (
            json!({ "url": "http://example.com/" }),
            "url",
            "--webhook-allow example.com",
        ),
        (
            json!({ "url": "http://169.254.169.254/" }),
            "url",
            "metadata",
        ),
        (
            json!({ "url": "http://[::ffff:10.0.0.1]/" }),
            "url",
            "away from this machine",
        ),
        (json!({ "url": "http://a@127.0.0.1/" }), "url", "user name"),
        (json!({ "url": url, "secret": "short" }), "secret", "whsec_"),
        (
            json!({ "url": url, "profile": "adyen", "secret": "xyz" }),
            "secret",
            "hexadecimal",
        ),
        (
            json!({ "url": url, "account": "nobody" }),
            "account",
            "none of the gateway",
        ),
    ] {
        let answer = stand.client.send(Ask::post(WEBHOOKS).json(&asked)).await;
        let error = &answer.expect(422).json()["error"];
        assert_eq!(error["field"], field, "{asked}");
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{asked}: {error}"
        );
    }
    for asked in [
        json!({ "url": url, "profile": "carrier_pigeon" }),
        json!({ "url": url, "events": ["exploded"] }),
        json!({ "url": url, "secrets": "x" }),
    ] {
        let answer = stand.client.send(Ask::post(WEBHOOKS).json(&asked)).await;
        answer.expect(400);
    }
}

/// Until the next release the old paths lead to the new ones, within the same space.
#[tokio::test]
async fn the_old_path_of_messages_leads_to_the_new_one() {
    let stand = Stand::start(options()).await;
    for (old, new) in [
        ("/_standin/letters", "webhooks/messages"),
        ("/~a/_standin/letters", "webhooks/messages"),
        (
            "/_standin/letters/we_1.x.1/replay",
            "../../webhooks/messages/we_1.x.1/replay",
        ),
    ] {
        let answer = stand.client.send(Ask::get(old)).await;
        let answer = answer.expect(301);
        assert_eq!(answer.header("location"), Some(new), "{old}");
    }
}
