//! Mastercard and the gateway are one config: a token made through either is the same token at both, and each sees what the
//! other does to it.

use serde_json::json;

use crate::client::{Ask, Stand};
use crate::merchant::{Form, MASTERCARD, Merchant, code, keyed, path, status};

/// A card at the gateway with its token: access token, path of the card, reference of the token at the network.
async fn at_gateway(stand: &Stand, account: &str, pan: &str) -> (String, String, String) {
    let token = stand.client.token(account, None).await;
    let card = json!({ "pan": pan, "exp_month": 9, "exp_year": 30 });
    let created = Ask::post("/cards").bearer(&token).attributes(&card);
    let id = stand.send(created).await.expect(201).at("/data/id");
    let card = format!("/cards/{id}");
    let provision = Ask::post(format!("{card}/network-tokens")).bearer(&token);
    let made = stand.send(provision).await.expect(200).at("/data/id");
    let row = Ask::get(format!("/_standin/tokens/{made}"));
    let hex = stand.send(row).await.expect(200).at("/reference_hex");
    (token, card, format!("DWSPMC0000000001{hex}"))
}

#[tokio::test]
async fn a_token_of_the_gateway_is_the_networks_and_changes_there() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let (token, card, reference) = at_gateway(&stand, "standin-manual", MASTERCARD).await;
    let state = async || {
        let read = stand.send(Ask::get(&card).bearer(&token)).await.expect(200);
        read.at("/included/0/attributes/state")
    };
    let body = json!({ "requestId": "r", "fundingAccountInfo": merchant.funding(MASTERCARD) });
    let found = stand
        .send(merchant.post(&path("searchTokens"), &body))
        .await
        .expect(200);
    assert_eq!(found.at("/tokens/0/tokenUniqueReference"), reference);
    let read = stand.send(merchant.get_token(&reference)).await.expect(200);
    assert_eq!(read.at("/token/status"), "ACTIVE");
    // It was sealed nothing for yet, so the answer has the usual form.
    let detail = merchant.open(&read.json()["tokenDetail"]);
    let gateway = stand.send(Ask::get(&card).bearer(&token)).await.expect(200);
    assert_eq!(
        detail["tokenNumber"],
        gateway.at("/included/0/attributes/network_token")
    );

    let events = format!("/_standin/tokens/{reference}/events");
    let issuer = json!({ "event": "suspend", "by": "issuer" });
    stand
        .send(Ask::post(&events).json(&issuer))
        .await
        .expect(200);
    let read = stand.send(merchant.get_token(&reference)).await.expect(200);
    assert_eq!(status(&read.json()["token"]), "SUSPENDED ISSUER");
    assert_eq!(state().await, "suspended");
    let lift = merchant.change("unsuspend", &reference, "TOKEN_REQUESTOR");
    let refused = stand.send(lift).await.expect(500);
    assert_eq!(code(&refused), "INVALID_TOKEN_STATUS");
    let read = stand.send(merchant.get_token(&reference)).await.expect(200);
    assert_eq!(status(&read.json()["token"]), "SUSPENDED ISSUER");

    stand
        .send(Ask::post(&events).json(&json!({ "event": "resume" })))
        .await
        .expect(200);
    let suspend = merchant.change("suspend", &reference, "CARDHOLDER");
    stand.send(suspend).await.expect(200);
    assert_eq!(state().await, "suspended");
    let delete = merchant.change("delete", &reference, "TOKEN_REQUESTOR");
    stand.send(delete).await.expect(200);
    assert_eq!(state().await, "deleted");
    let journal = stand
        .send(Ask::get("/_standin/journal"))
        .await
        .expect(200)
        .text();
    assert!(journal.contains("\"surface\":\"mastercard\""), "{journal}");
    assert!(!journal.contains(MASTERCARD));
}

/// A gateway's cryptogram and a network's count on one counter, and what the gateway deletes is gone at the network.
#[tokio::test]
async fn both_spend_from_one_token() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let (token, card, reference) = at_gateway(&stand, "standin-manual", MASTERCARD).await;
    let cryptogram = Ask::post(format!("{card}/cryptogram")).bearer(&token);
    let one = stand.send(cryptogram).await.expect(200);
    let two = stand.send(merchant.transact(&reference)).await.expect(200);
    let two = merchant.open(&two.json()["encryptedPayload"]);
    assert_ne!(
        one.at("/data/attributes/cryptogram/value"),
        two["de48se43Data"].as_str().unwrap()
    );
    let row = Ask::get(format!("/_standin/tokens/{reference}"));
    assert_eq!(stand.send(row).await.expect(200).at("/cryptograms"), "2");
    stand
        .send(Ask::delete(&card).bearer(&token))
        .await
        .expect(204);
    let read = stand.send(merchant.get_token(&reference)).await.expect(200);
    assert_eq!(read.at("/token/status"), "DEACTIVATED");
}

/// Another requestor's token and another network's are as unknown as one that was never issued.
#[tokio::test]
async fn strangers_tokens_are_unknown() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let (_, _, visa) = at_gateway(&stand, "standin-manual", "4111111111111111").await;
    let (_, _, other) = at_gateway(&stand, "standin-unique", MASTERCARD).await;
    for reference in [visa, other, format!("DWSPMC0000000001{}", "0".repeat(32))] {
        let refused = stand.send(merchant.get_token(&reference)).await.expect(500);
        assert_eq!(
            code(&refused),
            "INVALID_TOKEN_UNIQUE_REFERENCE",
            "{reference:?}"
        );
        let refused = stand.send(merchant.transact(&reference)).await.expect(500);
        assert_eq!(
            refused.at("/reasonCode"),
            "INVALID_TOKEN_UNIQUE_REFERENCE",
            "{reference:?}"
        );
        let delete = merchant.change("delete", &reference, "CARDHOLDER");
        assert_eq!(
            code(&stand.send(delete).await.expect(500)),
            "INVALID_TOKEN_UNIQUE_REFERENCE",
            "{reference:?}"
        );
    }
    let body = json!({ "requestId": "r", "fundingAccountInfo": merchant.funding(MASTERCARD) });
    let found = stand
        .send(merchant.post(&path("searchTokens"), &body))
        .await
        .expect(200);
    assert_eq!(found.json()["tokens"], json!([]));
}
