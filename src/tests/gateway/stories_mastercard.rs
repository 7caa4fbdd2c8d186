//! Mastercard's token service from the first call to the last, written down whole.

use serde_json::json;

use crate::client::Ask;
use crate::merchant::{Form, MASTERCARD, Merchant, STEP_UP, keyed, path};
use crate::story::Story;

/// Everything that happens to one token, in one form of sealing.
async fn life(form: Form, name: &str) {
    let mut story = Story::begin_with(keyed()).await;
    let merchant = Merchant::of(&story.stand, "default", form);
    let made = story
        .call(merchant.tokenize(MASTERCARD, "task-1"))
        .await
        .expect(200);
    let token = made.at("/tokenUniqueReference");
    let status = json!({ "requestId": "r", "taskId": "task-1", "tokenRequestorId": "40000000001" });
    story
        .call(merchant.post(&path("getTaskStatus"), &status))
        .await
        .expect(200);
    story.note("the name of a task counts once");
    story
        .call(merchant.tokenize(MASTERCARD, "task-1"))
        .await
        .expect(500);
    story.call(merchant.get_token(&token)).await.expect(200);
    let account = json!({ "panUniqueReference": made.at("/panUniqueReference") });
    let search = json!({ "requestId": "r", "fundingAccountInfo": account });
    story
        .call(merchant.post(&path("searchTokens"), &search))
        .await
        .expect(200);
    story.call(merchant.transact(&token)).await.expect(200);
    story
        .call(merchant.change("suspend", &token, "CARDHOLDER"))
        .await
        .expect(200);
    story.call(merchant.transact(&token)).await.expect(500);
    story.chapter("mastercard", &format!("{name}_and_pays"));
    story.note("the issuer holds it too, and only the issuer lifts that");
    let issuer = json!({ "event": "suspend", "by": "issuer" });
    let events = format!("/_standin/tokens/{token}/events");
    story
        .call(Ask::post(&events).json(&issuer))
        .await
        .expect(200);
    story
        .call(merchant.change("unsuspend", &token, "TOKEN_REQUESTOR"))
        .await
        .expect(200);
    story
        .call(merchant.change("unsuspend", &token, "TOKEN_REQUESTOR"))
        .await
        .expect(500);
    story
        .call(merchant.change("delete", &token, "TOKEN_REQUESTOR"))
        .await
        .expect(200);
    story
        .call(merchant.change("delete", &token, "TOKEN_REQUESTOR"))
        .await
        .expect(500);
    story.end("mastercard", &format!("{name}_and_dies"));
}

#[tokio::test]
async fn a_token_lives_in_field_level_encryption() {
    life(Form::Fields, "a_token_lives_in_field_level_encryption").await;
}

#[tokio::test]
async fn a_token_lives_in_jwe() {
    life(Form::Jwe, "a_token_lives_in_jwe").await;
}

#[tokio::test]
async fn cards_that_are_not_simply_approved() {
    let mut story = Story::begin_with(keyed()).await;
    let merchant = Merchant::of(&story.stand, "default", Form::Jwe);
    story.note("the issuer declines");
    story
        .call(merchant.tokenize("5204731940398145", "declined"))
        .await
        .expect(200);
    story.note("the issuer takes no part");
    story
        .call(merchant.tokenize("2223001850064564", "ineligible"))
        .await
        .expect(500);
    story.note("the issuer is silent");
    story
        .call(merchant.tokenize("5100260000770097", "silent"))
        .await
        .expect(500);
    story.note("the cardholder has to be verified, which the issuer does");
    let made = story
        .call(merchant.tokenize(STEP_UP, "step-up"))
        .await
        .expect(200);
    let token = made.at("/tokenUniqueReference");
    story.call(merchant.transact(&token)).await.expect(500);
    let events = format!("/_standin/tokens/{token}/events");
    story
        .call(Ask::post(&events).json(&json!({ "event": "activate" })))
        .await
        .expect(200);
    story.call(merchant.get_token(&token)).await.expect(200);
    story.note("nobody is let in who has not signed");
    let unsigned = Ask::post(path("getToken")).json(&json!({ "requestId": "r" }));
    story.call(unsigned).await.expect(401);
    story.end("mastercard", "cards_that_are_not_simply_approved");
}
