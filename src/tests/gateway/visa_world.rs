//! Visa and the gateway are one world: a token made through either is the same token at both, and each sees what the other
//! does to it. And what of the surface can be set.

use serde_json::json;
use standin::crypto::xpay::{Form, PayToken, Request};
use standin::operations::settings::Settings;

use crate::client::{Answer, Ask, Stand, options};
use crate::requestor::Requestor;

const PAN: &str = "4111111111111111";

async fn card_of(stand: &Stand, account: &str, pan: &str) -> (String, String, Answer) {
    let token = stand.client.token(account, None).await;
    let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
    let created = Ask::post("/cards").bearer(&token).attributes(&card);
    let path = format!(
        "/cards/{}",
        stand.send(created).await.expect(201).at("/data/id")
    );
    let provision = Ask::post(format!("{path}/network-tokens")).bearer(&token);
    let made = stand.send(provision).await.expect(200);
    (token, path, made)
}

/// The name at the network of the token that the gateway calls so.
async fn at_network(stand: &Stand, reference: &str) -> String {
    let path = format!("/_standin/tokens/{reference}");
    stand
        .send(Ask::get(path))
        .await
        .expect(200)
        .at("/reference_hex")
}

async fn state(stand: &Stand, token: &str, card: &str) -> String {
    let read = stand.send(Ask::get(card).bearer(token)).await.expect(200);
    read.at("/included/0/attributes/state")
}

#[tokio::test]
async fn a_token_of_the_gateway_is_the_networks_and_changes_there() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "default");
    let (token, card, made) = card_of(&stand, "standin-manual", PAN).await;
    let id = at_network(&stand, &made.at("/data/id")).await;
    let shown = stand.send(visa.status(&id)).await.expect(200);
    assert_eq!(shown.at("/tokenInfo/tokenStatus"), "ACTIVE");
    assert_eq!(
        shown.at("/tokenInfo/last4"),
        made.at("/data/attributes/last4")
    );
    assert_eq!(shown.at("/tokenInfo/tokenRequestorID"), "40000000001");
    assert_eq!(
        shown.at("/paymentInstrument/paymentAccountReference"),
        made.at("/data/attributes/payment_account_reference")
    );
    let paid = stand.send(visa.payment_data(&id, "TAVV")).await.expect(200);
    let number = visa.open(&paid.at("/tokenInfo/encTokenInfo"));
    assert_eq!(
        number["token"].as_str().unwrap(),
        made.at("/data/attributes/network_token")
    );
    stand.send(visa.change(&id, "suspend")).await.expect(200);
    assert_eq!(state(&stand, &token, &card).await, "suspended");
    stand.send(visa.change(&id, "resume")).await.expect(200);
    assert_eq!(state(&stand, &token, &card).await, "activated");
    let gateway = Ask::delete(format!("{card}/network-tokens")).bearer(&token);
    stand.send(gateway).await.expect(204);
    let gone = stand.send(visa.status(&id)).await.expect(200);
    assert_eq!(gone.at("/tokenInfo/tokenStatus"), "DELETED");
    journal(&stand).await;
}

/// What happened stands in the journal, each call at its surface, with the leg to the network.
async fn journal(stand: &Stand) {
    let journal = stand.send(Ask::get("/_standin/journal")).await.expect(200);
    let journal = journal.json();
    let entries = journal["entries"].as_array().unwrap();
    let legs = |surface: &str, operation: &str| {
        let entry = entries
            .iter()
            .find(|entry| entry["surface"] == surface && entry["operation"] == operation);
        entry.unwrap_or_else(|| panic!("no {operation} at {surface}"))["legs"].clone()
    };
    let leg = |operation: &str, outcome: &str| json!([{ "network": "visa", "operation": operation, "outcome": outcome }]);
    assert_eq!(
        legs("cmp", "provision network token"),
        leg("provision", "approved")
    );
    assert_eq!(
        legs("visa", "request payment data"),
        leg("cryptogram", "minted")
    );
    assert_eq!(legs("visa", "suspend token"), leg("suspend", "done"));
    assert_eq!(legs("cmp", "delete network token"), leg("delete", "done"));
    let text = journal.to_string();
    let accounts = text.matches("standin-manual").count();
    assert!(accounts >= 8, "{accounts} entries say whose they are");
}

#[tokio::test]
async fn each_requestor_and_each_network_has_tokens_of_its_own() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "default");
    for (account, pan) in [
        ("standin-unique", PAN),
        ("standin-manual", "5555555555554444"),
        ("standin-manual", "4000000000000036"),
    ] {
        let (_, _, made) = card_of(&stand, account, pan).await;
        let id = at_network(&stand, &made.at("/data/id")).await;
        let asks = [
            visa.status(&id),
            visa.payment_data(&id, "TAVV"),
            visa.change(&id, "suspend"),
        ];
        for ask in asks {
            let refused = stand.send(ask).await.expect(404);
            assert_eq!(
                refused.at("/errorResponse/reason"),
                "notFound",
                "{account} {pan}"
            );
        }
    }
}

/// What the issuer holds, the requestor cannot let go.
#[tokio::test]
async fn the_issuer_has_the_last_word() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "default");
    let token = visa.tokenize(&stand, PAN).await.at("/vProvisionedTokenID");
    let events = format!("/_standin/tokens/{token}/events");
    let suspend = Ask::post(&events).json(&json!({ "event": "suspend" }));
    stand.send(suspend).await.expect(200);
    let refused = stand.send(visa.change(&token, "resume")).await.expect(403);
    assert_eq!(refused.at("/errorResponse/reason"), "invalidTokenStatus");
    stand.send(visa.change(&token, "suspend")).await.expect(200);
    let resume = Ask::post(&events).json(&json!({ "event": "resume" }));
    stand.send(resume).await.expect(200);
    let held = stand.send(visa.status(&token)).await.expect(200);
    assert_eq!(held.at("/tokenInfo/tokenStatus"), "SUSPENDED");
    stand.send(visa.change(&token, "resume")).await.expect(200);
}

/// A key that names a space is that key there, whether or not the client escapes the sign between them.
#[tokio::test]
async fn a_key_names_a_space() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "mine");
    for key in ["@mine", "%40mine"] {
        let key = format!("{}{key}", visa.keys.api_key());
        let ask = Ask::post("/vts/provisionedTokens").json(&visa.card(PAN));
        stand.send(visa.sign_with_key(ask, &key)).await.expect(201);
    }
    let tokens = |prefix: &str| Ask::get(format!("{prefix}/_standin/tokens"));
    let mine = stand.send(tokens("/~mine")).await.json();
    assert_eq!(mine["tokens"].as_array().unwrap().len(), 2);
    let default = stand.send(tokens("")).await.json();
    assert_eq!(default["tokens"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn tolerance_older_form_and_the_last_state_can_be_set() {
    let mut options = options();
    let settings =
        "[visa]\nclock_tolerance = \"10s\"\nolder_pay_token = true\ndeleted = \"DEACTIVATED\"\n";
    options.settings = Settings::parse(settings).unwrap();
    let stand = Stand::start(options).await;
    let visa = Requestor::of(&stand, "default");
    let token = visa.tokenize(&stand, PAN).await.at("/vProvisionedTokenID");
    stand.client.advance("", "PT10S").await;
    stand.send(visa.change(&token, "delete")).await.expect(200);
    let gone = stand.send(visa.status(&token)).await.expect(200);
    assert_eq!(gone.at("/tokenInfo/tokenStatus"), "DEACTIVATED");
    let path = format!("/vts/provisionedTokens/{token}");
    let query = format!("apikey={}", visa.keys.api_key());
    let older = |paths: &[&str]| {
        let request = Request {
            paths,
            query: &query,
            body: b"",
        };
        PayToken::sign(visa.keys.signing(), Form::Older, visa.now_s, &request).to_header()
    };
    let ask = Ask::get(format!("{path}?{query}")).header("x-pay-token", older(&[&path]));
    stand.send(ask.clone()).await.expect(200);
    stand.client.advance("", "PT1S").await;
    stand.send(ask).await.expect(401);
}
