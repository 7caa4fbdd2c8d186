//! What Mastercard's token service does with tokens: both forms of sealing, tasks, holds.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::{Answer, Ask, Stand};
use crate::merchant::{Form, MASTERCARD, Merchant, code, keyed, path, status};

async fn changed(stand: &Stand, ask: Ask) -> String {
    let answer = stand.send(ask).await.expect(200);
    status(&answer.json()["tokens"][0])
}

#[tokio::test]
async fn a_token_is_made_read_and_paid_with_in_both_forms() {
    for form in [Form::Fields, Form::Jwe] {
        let stand = Stand::start(keyed()).await;
        let merchant = Merchant::of(&stand, "default", form);
        let made = stand
            .send(merchant.tokenize(MASTERCARD, "task-1"))
            .await
            .expect(200);
        assert_eq!(made.at("/decision"), "APPROVED", "{form:?}");
        assert_eq!(made.at("/tokenInfo/dsrpCapable"), "true", "{form:?}");
        assert_eq!(made.at("/tokenInfo/accountPanSuffix"), "4444", "{form:?}");
        assert_eq!(made.at("/supportsAuthentication"), "false", "{form:?}");
        let par = merchant.open(&made.json()["tokenDetail"]);
        let par = par["paymentAccountReference"].as_str().unwrap().to_owned();
        assert!(par.starts_with("5001") && par.len() == 29, "{par}");
        let reference = made.at("/tokenUniqueReference");
        assert_eq!(reference.len(), 48, "{form:?}");

        let read = stand.send(merchant.get_token(&reference)).await.expect(200);
        assert_eq!(read.at("/token/status"), "ACTIVE", "{form:?}");
        assert_eq!(
            read.at("/token/tokenRequestorId"),
            "40000000001",
            "{form:?}"
        );
        assert_eq!(
            read.at("/token/tokenInfo/accountPanPrefix"),
            "555555",
            "{form:?}"
        );
        assert_eq!(read.json().get("responseHost"), None, "{form:?}");
        let detail = merchant.open(&read.json()["tokenDetail"]);
        assert_eq!(detail["paymentAccountReference"], par.as_str(), "{form:?}");
        let number = detail["tokenNumber"].as_str().unwrap();
        assert!(number.starts_with("5480") && number.len() == 16, "{form:?}");

        let paid = stand.send(merchant.transact(&reference)).await.expect(200);
        let paid = merchant.open(&paid.json()["encryptedPayload"]);
        assert_eq!(paid["accountNumber"], number, "{form:?}");
        assert_eq!(paid["applicationExpiryDate"], "290131", "{form:?}");
        assert_eq!(paid["de48se43Data"].as_str().unwrap().len(), 28, "{form:?}");
        let again = stand.send(merchant.transact(&reference)).await.expect(200);
        let again = merchant.open(&again.json()["encryptedPayload"]);
        assert_ne!(again["de48se43Data"], paid["de48se43Data"], "{form:?}");

        let body = json!({ "requestId": "r", "fundingAccountInfo": merchant.funding(MASTERCARD) });
        let found = stand
            .send(merchant.post(&path("searchTokens"), &body))
            .await
            .expect(200);
        assert_eq!(
            found.at("/tokens/0/tokenUniqueReference"),
            reference,
            "{form:?}"
        );
        let known = json!({ "panUniqueReference": made.at("/panUniqueReference") });
        let body = json!({ "requestId": "r", "fundingAccountInfo": known });
        let found = stand
            .send(merchant.post(&path("searchTokens"), &body))
            .await
            .expect(200);
        assert_eq!(
            found.at("/tokens/0/tokenUniqueReference"),
            reference,
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn a_number_keeps_its_token_and_its_reference() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let one = stand
        .send(merchant.tokenize(MASTERCARD, "task-1"))
        .await
        .expect(200);
    let two = stand
        .send(merchant.tokenize(MASTERCARD, "task-2"))
        .await
        .expect(200);
    for member in ["/tokenUniqueReference", "/panUniqueReference"] {
        assert_eq!(one.at(member), two.at(member));
    }
    for (name, member) in [
        ("panUniqueReference", "/panUniqueReference"),
        ("tokenUniqueReference", "/tokenUniqueReference"),
    ] {
        let mut body = merchant.tokenize_body(MASTERCARD, &format!("task-{name}"));
        body["fundingAccountInfo"] = json!({ name: one.at(member) });
        let three = stand
            .send(merchant.post(&path("tokenize"), &body))
            .await
            .expect(200);
        assert_eq!(
            three.at("/tokenUniqueReference"),
            one.at("/tokenUniqueReference"),
            "{name:?}"
        );
    }
    stand
        .send(merchant.change("delete", &one.at("/tokenUniqueReference"), "CARDHOLDER"))
        .await
        .expect(200);
    let four = stand
        .send(merchant.tokenize(MASTERCARD, "task-4"))
        .await
        .expect(200);
    assert_ne!(
        four.at("/tokenUniqueReference"),
        one.at("/tokenUniqueReference")
    );
    assert_eq!(
        four.at("/panUniqueReference"),
        one.at("/panUniqueReference")
    );
}

/// A thousand at once: takes seconds, because each carries a signature and an envelope.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_tasks_of_one_name_one_wins() {
    let stand = Arc::new(Stand::start(keyed()).await);
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let asks: Vec<Ask> = (0..1_000)
        .map(|_| merchant.tokenize(MASTERCARD, "the-task"))
        .collect();
    let mut sent = tokio::task::JoinSet::new();
    for ask in asks {
        let stand = Arc::clone(&stand);
        sent.spawn(async move { stand.send(ask).await });
    }
    let answers = sent.join_all().await;
    let (won, lost): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 999));
    for answer in lost {
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (500, "INVALID_TASK_ID")
        );
        assert!(answer.text().contains("used before"), "{}", answer.text());
    }
    let tokens = stand
        .send(Ask::get("/_standin/tokens"))
        .await
        .expect(200)
        .json();
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 1);
    let body = json!({ "requestId": "r", "taskId": "the-task", "tokenRequestorId": "40000000001" });
    let status = stand
        .send(merchant.post(&path("getTaskStatus"), &body))
        .await
        .expect(200);
    assert_eq!(status.at("/status"), "COMPLETED");
}

#[tokio::test]
async fn each_side_lifts_its_own_hold_only() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let token = merchant.token(&stand, MASTERCARD, "task-1").await;
    let ask = |operation: &str, by: &str| merchant.change(operation, &token, by);
    assert_eq!(
        changed(&stand, ask("suspend", "CARDHOLDER")).await,
        "SUSPENDED CARDHOLDER"
    );
    assert_eq!(
        changed(&stand, ask("suspend", "TOKEN_REQUESTOR")).await,
        "SUSPENDED TOKEN_REQUESTOR,CARDHOLDER"
    );
    let event = json!({ "event": "suspend", "by": "issuer" });
    let issuer = |event: &Value| Ask::post(format!("/_standin/tokens/{token}/events")).json(event);
    stand.send(issuer(&event)).await.expect(200);
    assert_eq!(
        changed(&stand, ask("unsuspend", "TOKEN_REQUESTOR")).await,
        "SUSPENDED ISSUER"
    );
    let refused = stand
        .send(ask("unsuspend", "TOKEN_REQUESTOR"))
        .await
        .expect(500);
    assert_eq!(code(&refused), "INVALID_TOKEN_STATUS");
    let paid = stand.send(merchant.transact(&token)).await.expect(500);
    assert_eq!(paid.at("/reasonCode"), "INVALID_TOKEN_STATUS");
    stand
        .send(issuer(&json!({ "event": "resume" })))
        .await
        .expect(200);
    stand.send(merchant.transact(&token)).await.expect(200);
    assert_eq!(
        changed(&stand, ask("delete", "TOKEN_REQUESTOR")).await,
        "DEACTIVATED"
    );
    let refused = stand
        .send(ask("delete", "TOKEN_REQUESTOR"))
        .await
        .expect(500);
    assert_eq!(code(&refused), "NO_ACTIVE_TOKENS");
    let read = stand.send(merchant.get_token(&token)).await.expect(200);
    assert_eq!(read.at("/token/status"), "DEACTIVATED");
    assert_eq!(read.json().get("tokenDetail"), None);
    let body = json!({ "requestId": "r", "fundingAccountInfo": merchant.funding(MASTERCARD) });
    let found = stand
        .send(merchant.post(&path("searchTokens"), &body))
        .await
        .expect(200);
    assert_eq!(found.json()["tokens"], json!([]));
}

/// A list is changed whole or not at all.
#[tokio::test]
async fn one_wrong_token_spoils_a_list() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let one = merchant.token(&stand, MASTERCARD, "task-1").await;
    let two = merchant.token(&stand, "5100260000019206", "task-2").await;
    let body = |references: Value| {
        let mut body = Merchant::change_body("", "CARDHOLDER");
        body["tokenUniqueReferences"] = references;
        merchant.post(&path("suspend"), &body)
    };
    let stranger = format!("DWSPMC0000000001{}", "0".repeat(32));
    let refused = stand.send(body(json!([one, stranger]))).await.expect(500);
    assert_eq!(code(&refused), "INVALID_TOKEN_UNIQUE_REFERENCE");
    let refused = stand.send(body(json!([one, one]))).await.expect(500);
    assert_eq!(code(&refused), "INVALID_TOKEN_STATUS");
    let read = stand.send(merchant.get_token(&one)).await.expect(200);
    assert_eq!(read.at("/token/status"), "ACTIVE");
    let both = stand.send(body(json!([one, two]))).await.expect(200);
    assert_eq!(both.json()["tokens"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn assets_are_fetched_by_their_ids() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let made = stand
        .send(merchant.tokenize(MASTERCARD, "task-1"))
        .await
        .expect(200);
    let id = made.at("/productConfig/cardBackgroundCombinedAssetId");
    let asset = merchant.get(&format!("/mdes/assets/static/1/0/asset/{id}"));
    let asset = stand.send(asset).await.expect(200);
    assert_eq!(asset.at("/mediaContents/0/type"), "image/png");
    let unknown = merchant.get("/mdes/assets/static/1/0/asset/nothing");
    assert_eq!(
        code(&stand.send(unknown).await.expect(404)),
        "INVALID_FIELD_VALUE"
    );
}

#[tokio::test]
async fn a_signature_counts_once_and_for_its_own_space() {
    let stand = Stand::start(keyed()).await;
    let mut merchant = Merchant::of(&stand, "default", Form::Jwe);
    let token = merchant.token(&stand, MASTERCARD, "task-1").await;
    let ask = merchant.get_token(&token);
    stand.send(ask.clone()).await.expect(200);
    let replayed = stand.send(ask.clone()).await.expect(401);
    assert_eq!(
        replayed.at("/Errors/Error/0/ReasonCode"),
        "AUTHENTICATION_FAILED"
    );
    assert!(replayed.text().contains("oauth_nonce was used before"));
    // By credential and by prefix, and both signed as they were sent.
    merchant.consumer_key.push_str("@apart");
    let elsewhere = stand.send(merchant.get_token(&token)).await.expect(500);
    assert_eq!(code(&elsewhere), "INVALID_TOKEN_UNIQUE_REFERENCE");
    let mut by_prefix = Ask::post(format!("/~default{}", path("getToken")));
    by_prefix.body = ask.body.clone();
    let by_prefix = by_prefix.header("content-type", "application/json");
    let other = stand
        .send(merchant.sign(by_prefix.clone()))
        .await
        .expect(401);
    assert!(other.text().contains("another space"), "{}", other.text());
    merchant.consumer_key.truncate(97);
    stand.send(merchant.sign(by_prefix)).await.expect(200);
}

/// The id of the examples in Mastercard's API reference (MDES, Digital Enablement) is the caller's, as no account has it.
#[tokio::test]
async fn the_documented_requestor_is_whoever_calls() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let mut body = merchant.tokenize_body(MASTERCARD, "task-1");
    body["tokenRequestorId"] = "98765432101".into();
    let made = stand.send(merchant.post(&path("tokenize"), &body)).await;
    let reference = made.expect(200).at("/tokenUniqueReference");
    let read = stand.send(merchant.get_token(&reference)).await;
    assert_eq!(
        read.expect(200).at("/token/tokenRequestorId"),
        "40000000001"
    );
}
