//! What Mastercard and the issuer make of a card, by the card; and how a requestor is told of a token.

use std::sync::Arc;

use serde_json::{Value, json};
use standin::domain::digitization::SealedForm;
use standin::domain::notice::{Event, Notice};
use standin::operations::settings::Settings;
use standin::server::Options;
use standin::wire::mastercard::notifications::notify_token_updated;

use crate::client::{Ask, Stand};
use crate::merchant::{Form, KEYS, MASTERCARD, Merchant, STEP_UP, code, keyed, path, status};

#[tokio::test]
async fn a_token_that_waits_becomes_active_by_the_issuer_or_by_time() {
    for delay in [None, Some("90s")] {
        let setting = delay.map(|delay| format!("[mastercard]\nactivation_delay = \"{delay}\"\n"));
        let settings = Settings::parse(&setting.unwrap_or_default()).unwrap();
        let stand = Stand::start(Options {
            settings,
            ..keyed()
        })
        .await;
        let mut merchant = Merchant::of(&stand, "default", Form::Fields);
        let made = stand
            .send(merchant.tokenize(STEP_UP, "task-1"))
            .await
            .expect(200);
        assert_eq!(
            made.at("/decision"),
            "REQUIRE_ADDITIONAL_AUTHENTICATION",
            "{delay:?}"
        );
        assert_eq!(
            made.at("/authenticationMethods/0/type"),
            "TEXT_TO_CARDHOLDER_NUMBER",
            "{delay:?}"
        );
        assert!(
            made.json()["authenticationMethods"][0]["id"].is_string(),
            "{delay:?}"
        );
        let token = made.at("/tokenUniqueReference");
        let refused = stand.send(merchant.transact(&token)).await.expect(500);
        assert_eq!(
            refused.at("/reasonCode"),
            "INVALID_TOKEN_STATUS",
            "{delay:?}"
        );
        let read = stand.send(merchant.get_token(&token)).await.expect(200);
        assert_eq!(read.at("/token/status"), "INACTIVE", "{delay:?}");
        if delay.is_some() {
            stand.client.advance("", "PT89S").await;
            merchant.now_s += 89;
            let read = stand.send(merchant.get_token(&token)).await.expect(200);
            assert_eq!(read.at("/token/status"), "INACTIVE", "{delay:?}");
            stand.client.advance("", "PT1S").await;
        } else {
            let event = Ask::post(format!("/_standin/tokens/{token}/events"));
            stand
                .send(event.json(&json!({ "event": "activate" })))
                .await
                .expect(200);
        }
        stand.send(merchant.transact(&token)).await.expect(200);
    }
}

/// Every reason for which a network refuses a card, by the card that makes it do so.
#[tokio::test]
async fn every_refusal_has_its_card_and_its_code() {
    let rows = [
        ("5100260000770014", "PAN_INELIGIBLE"),
        ("2223001850064564", "PAN_INELIGIBLE"),
        ("5100260000770022", "PAN_INELIGIBLE"),
        ("5100260000770030", "INVALID_PAN"),
        ("5204731601950473", "INVALID_PAN"),
        ("5100260000770055", "PROVISION_FAILED"),
        ("5100260000770063", "PROVISION_FAILED"),
        ("5100260000770071", "INVALID_TOKEN_STATUS"),
        ("5100000000000040", "INVALID_FIELD_VALUE"),
        ("5100260000770097", "NO_RESPONSE_FROM_ISSUER"),
        ("5100260000770105", "INTERNAL_SERVICE_FAILURE"),
        ("5100260000770113", "INTERNAL_SERVICE_FAILURE"),
    ];
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    for (pan, want) in rows {
        let refused = stand.send(merchant.tokenize(pan, pan)).await.expect(500);
        assert_eq!(code(&refused), want, "{pan}");
        let body = json!({ "requestId": "r", "taskId": pan, "tokenRequestorId": "40000000001" });
        let task = stand
            .send(merchant.post(&path("getTaskStatus"), &body))
            .await
            .expect(200);
        assert_eq!(task.at("/status"), "FAILED", "{pan:?}");
    }
    let declined = stand
        .send(merchant.tokenize("5204731940398145", "d"))
        .await
        .expect(200)
        .json();
    assert_eq!(declined["decision"], "DECLINED");
    assert_eq!(declined.get("tokenUniqueReference"), None);
    let settings = "[mastercard]\ndeclined = \"error\"\napplication_error_status = \"200\"\ntypes = \"sandbox\"\n";
    let settings = Settings::parse(settings).unwrap();
    let stand = Stand::start(Options {
        settings,
        ..keyed()
    })
    .await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let declined = stand
        .send(merchant.tokenize("5204731940398145", "d"))
        .await
        .expect(200);
    assert_eq!(code(&declined), "ISSUER_DECLINED");
    let made = stand
        .send(merchant.tokenize(STEP_UP, "s"))
        .await
        .expect(200)
        .json();
    assert!(made["authenticationMethods"][0]["id"].is_number());
    assert_eq!(made["tokenInfo"]["dsrpCapable"], true);
}

/// The number and expiry of Mastercard's own client tests: the check digit is wrong and the expiry has passed.
#[tokio::test]
async fn the_sandbox_s_own_card_is_approved() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Fields);
    let card = json!({ "accountNumber": "5123456789012345", "expiryMonth": "09", "expiryYear": "25", "securityCode": "123" });
    let sealed = merchant.seal(&json!({ "cardAccountData": card, "source": "ACCOUNT_ON_FILE" }));
    let mut body = merchant.tokenize_body(MASTERCARD, "task-1");
    body["fundingAccountInfo"] = json!({ "encryptedPayload": sealed });
    let made = stand
        .send(merchant.post(&path("tokenize"), &body))
        .await
        .expect(200);
    assert_eq!(made.at("/decision"), "APPROVED");
    assert_eq!(made.at("/tokenInfo/accountPanExpiry"), "0925");
}

/// What a requestor is told of its tokens, as the function that words it.
#[tokio::test]
async fn notifications_are_sealed_in_the_requestor_s_form() {
    let stand = Stand::start(keyed()).await;
    let merchant = Merchant::of(&stand, "default", Form::Jwe);
    let token = merchant.token(&stand, MASTERCARD, "task-1").await;
    let event = json!({ "event": "suspend", "by": "issuer" });
    stand
        .send(Ask::post(format!("/_standin/tokens/{token}/events")).json(&event))
        .await
        .expect(200);
    let space = stand.server.spaces().all().remove(0);
    let call = standin::operations::Call::at(Arc::clone(&space), space.clock.now());
    let reference = standin::domain::digitization::parse_token_unique_reference(&token).unwrap();
    let network = standin::domain::card::Network::Mastercard;
    let owner = KEYS.networks.owner();
    let shown = standin::operations::tokens::read(&call, owner, network, &reference)
        .await
        .unwrap();
    let form = SealedForm::Jwe {
        encryption: standin::crypto::mastercard_jwe::ContentEncryption::A256Gcm,
    };
    let tell = |event| {
        let notice = Notice::of_token(event, &shown.token, shown.card.as_ref(), call.now);
        notify_token_updated(&space, &notice, &shown, form, "/hooks").unwrap()
    };
    let told = tell(Event::Suspended).unwrap();
    assert_eq!(
        told.path,
        "/hooks/digitization/static/1/0/notifyTokenUpdated"
    );
    let body: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(body["requestId"].as_str().unwrap().len(), 32);
    let plain = merchant.open(&body["encryptedPayload"]);
    assert_eq!(status(&plain["tokens"][0]), "SUSPENDED ISSUER");
    assert_eq!(plain["tokens"][0]["tokenUniqueReference"], token.as_str());
    assert_eq!(plain["tokens"][0].get("tokenInfo"), None);
    let told = tell(Event::ExpiryUpdated).unwrap();
    let body: Value = serde_json::from_str(&told.body).unwrap();
    let plain = merchant.open(&body["encryptedPayload"]);
    assert_eq!(
        plain["tokens"][0]["eventReasonCode"],
        "REDIGITIZATION_COMPLETE"
    );
    assert_eq!(
        plain["tokens"][0]["tokenInfo"]["accountPanPrefix"],
        "555555"
    );
    assert_eq!(tell(Event::ExpiryUpdated), tell(Event::ExpiryUpdated));
    for event in [Event::Provisioned, Event::ProvisioningFailed, Event::Used] {
        assert_eq!(tell(event), None);
    }
}
