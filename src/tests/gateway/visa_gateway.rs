//! Visa and the gateway are one config: a token made through either is the same token at both, and each sees what the other
//! does to it. And what of the surface can be set.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use standin::crypto::xpay::{Form, PayToken, SignedRequest};
use standin::domain::card::{Network, with_check_digit};
use standin::domain::persona::Outcome;
use standin::operations::settings::Settings;

use crate::client::{Answer, Ask, Stand, options};
use crate::requestor::Requestor;

const PAN: &str = "4111111111111111";
/// A card whose token waits until the cardholder has been verified.
const STEP_UP: &str = "4000210000770203";

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
    assert_eq!(legs("cmp", "provision"), leg("provision", "approved"));
    assert_eq!(
        legs("visa", "issue_cryptogram"),
        leg("cryptogram", "minted")
    );
    assert_eq!(legs("visa", "suspend_token"), leg("suspend", "done"));
    assert_eq!(legs("cmp", "delete_token"), leg("delete", "done"));
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

/// A token that waits for its cardholder becomes active by the issuer too.
#[tokio::test]
async fn the_issuer_activates_a_token_that_waits() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "default");
    let token = visa.tokenize(&stand, STEP_UP).await;
    assert_eq!(token.at("/tokenInfo/tokenStatus"), "INACTIVE");
    let id = token.at("/vProvisionedTokenID");
    let activate = Ask::post(format!("/_standin/tokens/{id}/events"));
    let activate = activate.json(&json!({ "event": "activate" }));
    stand.send(activate).await.expect(200);
    let active = stand.send(visa.status(&id)).await.expect(200);
    assert_eq!(active.at("/tokenInfo/tokenStatus"), "ACTIVE");
}

/// However many guess at once, three are counted and the rest come too late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_the_same_time_are_counted_each() {
    let stand = Arc::new(Stand::start(options()).await);
    let visa = Requestor::of(&stand, "default");
    let token = visa.tokenize(&stand, STEP_UP).await;
    let path = format!(
        "/vts/provisionedTokens/{}",
        token.at("/vProvisionedTokenID")
    );
    let binding = visa.post(&format!("{path}/deviceBinding"), &json!({}));
    let methods = stand.send(binding).await.expect(200);
    let choose = json!({ "stepUpRequestID": methods.at("/stepUpRequest/0/identifier"), "date": 1 });
    let choose = visa.put(&format!("{path}/stepUpOptions/method"), &choose);
    stand.send(choose).await.expect(200);
    let guess = json!({ "otpValue": "111111", "date": 1 });
    let guess = visa.post(&format!("{path}/stepUpOptions/validateOTP"), &guess);
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (stand, guess) = (Arc::clone(&stand), guess.clone());
        guesses.spawn(async move {
            stand
                .send(guess)
                .await
                .expect(403)
                .at("/errorResponse/reason")
        });
    }
    let reasons = guesses.join_all().await;
    let count = |reason| reasons.iter().filter(|said| *said == reason).count();
    assert_eq!(count("otpVerificationFailed"), 3);
    assert_eq!(count("otpVerificationAttemptsExceeded"), 37);
}

/// The reasons for which a test card gets no token, and how Visa answers them.
const REFUSALS: [(&str, u16, &str); 11] = [
    ("card_not_eligible", 403, "cardNotEligible"),
    ("card_not_allowed", 403, "cardNotAllowed"),
    ("card_verification_failed", 403, "cardVerificationFailed"),
    ("declined", 403, "declined"),
    ("provision_data_expired", 403, "provisionDataExpired"),
    ("provision_not_allowed", 403, "provisionNotAllowed"),
    ("invalid_token_status", 403, "invalidTokenStatus"),
    ("invalid_request", 400, "invalidParameter"),
    ("issuer_unavailable", 503, "serviceUnavailable"),
    ("service_unavailable", 503, "serviceUnavailable"),
    ("system_error", 500, "systemError"),
];

/// Every test card of Visa that gets no token, by whole number and by prefix, is refused in Visa's words.
#[tokio::test]
async fn every_card_that_gets_no_token_is_refused_for_its_reason() {
    let stand = Stand::start(options()).await;
    let visa = Requestor::of(&stand, "default");
    let personas = options().personas;
    let mut seen = BTreeSet::new();
    for card in personas.cards() {
        let Outcome::Refused(reason) = card.provisioning else {
            continue;
        };
        if card.network != Network::Visa {
            continue;
        }
        let by_prefix = || {
            let prefix = card.prefix.as_ref().unwrap();
            with_check_digit(&format!("{prefix:0<15}"))
        };
        let number = card.pan.clone().unwrap_or_else(by_prefix);
        let reason = reason.word();
        let row = REFUSALS.iter().find(|(known, ..)| *known == reason);
        let (_, status, word) = *row.unwrap_or_else(|| panic!("{reason} is no row"));
        let provision = visa.post("/vts/provisionedTokens", &visa.card(&number));
        let refused = stand.send(provision).await.expect(status);
        assert_eq!(refused.at("/errorResponse/reason"), word, "{}", card.does);
        seen.insert(reason);
    }
    assert_eq!(seen.len(), REFUSALS.len(), "{seen:?}");
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
        let request = SignedRequest {
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
