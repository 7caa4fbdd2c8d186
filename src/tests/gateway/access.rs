//! Access tokens as an integrator checks them, and the spaces that they open.

use serde_json::{Value, json};
use standin::crypto::encoding::from_base64_url;
use standin::crypto::jwt;
use standin::crypto::rsa_key::PublicKey;
use standin::limits::SPACES_MAX;
use standin::operations::SpaceName;

use crate::client::{Ask, Stand, options};

const CERTS: &str = "/auth/realms/vgs/protocol/openid-connect/certs";

#[tokio::test]
async fn a_token_verifies_against_the_served_keys() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let keys = stand.send(Ask::get(CERTS)).await.expect(200).json();
    let key_id = jwt::key_id(&token).unwrap().unwrap();
    let served = keys["keys"].as_array().unwrap();
    let served = served.iter().find(|key| key["kid"] == *key_id).unwrap();
    let number = |name: &str| from_base64_url(served[name].as_str().unwrap()).unwrap();
    let key = PublicKey::from_numbers(&number("n"), &number("e")).unwrap();
    let claims: Value = serde_json::from_slice(&jwt::verify(&token, &key).unwrap()).unwrap();
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        1_200
    );
    for member in ["iss", "sub", "azp", "client_id", "scope", "jti"] {
        assert!(claims[member].is_string(), "{member}");
    }
    let configuration = "/auth/realms/vgs/.well-known/openid-configuration";
    let configuration = stand.send(Ask::get(configuration)).await.expect(200).json();
    assert_eq!(configuration["issuer"], claims["iss"]);
    let bent = format!("{}A", &token[..token.len() - 1]);
    let bent = if bent == token {
        format!("{}B", &token[..token.len() - 1])
    } else {
        bent
    };
    assert!(jwt::verify(&bent, &key).is_err());
}

#[tokio::test]
async fn a_token_expires_by_the_clock_of_its_space() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let ask = || Ask::get("/aliases/nobody").bearer(&token);
    stand.client.advance("", "PT1199.999999S").await;
    stand.send(ask()).await.expect(404);
    stand.client.advance("", "PT0.000001S").await;
    let answer = stand.send(ask()).await.expect(401);
    assert!(answer.text().contains("has expired"));
    let back = json!({ "set": "2026-01-01T00:00:00Z", "force": true });
    stand
        .send(Ask::post("/_standin/clock").json(&back))
        .await
        .expect(200);
    stand.send(ask()).await.expect(404);
}

/// Makes a card with the token, below the prefix, and says what it is called.
async fn card(stand: &Stand, prefix: &str, token: &str) -> String {
    let attributes = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post(format!("{prefix}/cards"))
        .bearer(token)
        .attributes(&attributes);
    stand.send(create).await.expect(201).at("/data/id")
}

#[tokio::test]
async fn spaces_are_worlds_apart() {
    let stand = Stand::start(options()).await;
    let here = stand.client.token("standin-manual", None).await;
    let there = stand.client.token("standin-manual@there", None).await;
    let (here_id, there_id) = (
        card(&stand, "", &here).await,
        card(&stand, "", &there).await,
    );
    assert_ne!(here_id, there_id, "the space is in every value");
    let get = |prefix: &str, id: &str, token: &str| {
        Ask::get(format!("{prefix}/cards/{id}")).bearer(token)
    };
    // By the token alone, or by the prefix as well: it is the same space.
    stand.send(get("", &there_id, &there)).await.expect(200);
    stand
        .send(get("/~there", &there_id, &there))
        .await
        .expect(200);
    stand
        .send(get("/~default", &here_id, &here))
        .await
        .expect(200);
    stand.send(get("", &there_id, &here)).await.expect(404);
    let refused = stand
        .send(get("/~there", &there_id, &here))
        .await
        .expect(401);
    assert!(refused.text().contains("another space"));
    // Clock, records and journal are the space's own.
    stand.client.advance("/~there", "P1D").await;
    let now = |answer: crate::client::Answer| answer.at("/now");
    assert_eq!(
        now(stand.send(Ask::get("/_standin/clock")).await),
        "2026-01-01T00:00:00.000000Z"
    );
    assert_eq!(
        now(stand.send(Ask::get("/~there/_standin/clock")).await),
        "2026-01-02T00:00:00.000000Z"
    );
    let journal = stand.send(Ask::get("/~there/_standin/journal")).await;
    assert!(!journal.text().contains(&here_id) && journal.text().contains(&there_id));
}

#[tokio::test]
async fn a_space_is_reset_and_dropped() {
    let stand = Stand::start(options()).await;
    let there = stand.client.token("standin-manual@there", None).await;
    let id = card(&stand, "", &there).await;
    let get = || Ask::get(format!("/cards/{id}")).bearer(&there);
    stand
        .send(Ask::post("/~there/_standin/reset"))
        .await
        .expect(200);
    stand.send(get()).await.expect(404);
    assert_eq!(
        card(&stand, "", &there).await,
        id,
        "everything begins again"
    );
    stand
        .send(Ask::delete("/~there/_standin/space"))
        .await
        .expect(204);
    let spaces = stand.send(Ask::get("/_standin/spaces")).await.json();
    assert_eq!(spaces["spaces"], json!(["default"]));
    stand.send(get()).await.expect(404);
    // The default space does not go; it begins again.
    let here = stand.client.token("standin-manual", None).await;
    let id = card(&stand, "", &here).await;
    stand.send(Ask::delete("/_standin/space")).await.expect(204);
    stand
        .send(Ask::get(format!("/cards/{id}")).bearer(&here))
        .await
        .expect(404);
}

/// Takes a second or two, because ten thousand spaces are made.
#[tokio::test]
async fn there_are_only_so_many_spaces() {
    let stand = Stand::start(options()).await;
    for number in 1..SPACES_MAX {
        let name = SpaceName::parse(&format!("space-{number}")).unwrap();
        stand.server.spaces().open(&name).await.unwrap();
    }
    for ask in [
        Ask::get("/~one-more/_standin/clock"),
        Ask::post("/~one-more/_standin/reset"),
        Ask::get("/~one-more/cards/x"),
        Ask::token("standin-manual@one-more", None),
    ] {
        println!("{}", ask.path);
        let answer = stand.send(ask).await.expect(507);
        assert_eq!(answer.at("/error/code"), "spaces_full");
    }
    stand
        .send(Ask::get("/~space-1/_standin/clock"))
        .await
        .expect(200);
    stand
        .send(Ask::delete("/~space-1/_standin/space"))
        .await
        .expect(204);
    stand
        .send(Ask::get("/~one-more/_standin/clock"))
        .await
        .expect(200);
}
