//! Visa's token service from the first call to the last, written down whole.

use serde_json::json;

use crate::client::Ask;
use crate::requestor::Requestor;
use crate::story::Story;

/// A card whose token stays inactive until the cardholder has been verified.
const STEP_UP: &str = "4000210000770203";

fn requestor(story: &Story) -> Requestor {
    Requestor::of(&story.stand, "default")
}

#[tokio::test]
async fn a_card_gets_a_token_and_pays() {
    let mut story = Story::begin().await;
    let visa = requestor(&story);
    let enrol = visa.post("/vts/panEnrollments", &visa.card("4111111111111111"));
    let card = story.call(enrol).await.expect(201);
    let path = format!("/vts/panEnrollments/{}", card.at("/vPanEnrollmentID"));
    story.call(visa.get(&path)).await.expect(200);
    let guid = card.at("/cardMetaData/cardData/0/guid");
    let art = story
        .call(visa.get(&format!("/vts/cps/getContent/{guid}")))
        .await;
    assert!(art.expect(200).at("/content/0/encodedData").len() > 100);
    let risk =
        visa.seal(&json!([{ "name": "paymentInstrument.expirationDate.month", "value": 12 }]));
    let provision = json!({
        "clientAppID": "standin-app",
        "presentationType": ["AI_AGENT"],
        "protectionType": "CLOUD",
        "accountType": "WALLET",
        "termsAndConditions": { "id": "terms", "date": "1767225600" },
        "encRiskDataInfo": risk,
    });
    let provision = visa.post(&format!("{path}/provisionedTokens"), &provision);
    let token = story.call(provision.clone()).await.expect(201);
    let number = visa.open(&token.at("/tokenInfo/encTokenInfo"));
    let number = number["token"].as_str().unwrap();
    assert!(number.starts_with("4895") && number.ends_with(&token.at("/tokenInfo/last4")));
    story.note("a card that has a token keeps it");
    let again = story.call(provision).await.expect(201);
    let id = token.at("/vProvisionedTokenID");
    assert_eq!(again.at("/vProvisionedTokenID"), id);
    story.chapter("visa", "a_card_gets_a_token");
    let long = story.call(visa.payment_data(&id, "TAVV")).await.expect(200);
    assert_eq!(long.at("/cryptogramInfo/cryptogram").len(), 28);
    let short = story.call(visa.payment_data(&id, "DTVV")).await.expect(200);
    assert_eq!(short.at("/cryptogramInfo/cryptogram").len(), 3);
    story.call(visa.change(&id, "suspend")).await.expect(200);
    story.call(visa.payment_data(&id, "TAVV")).await.expect(403);
    story.call(visa.status(&id)).await.expect(200);
    story.call(visa.change(&id, "resume")).await.expect(200);
    story.call(visa.change(&id, "delete")).await.expect(200);
    let gone = story.call(visa.status(&id)).await.expect(200);
    assert_eq!(gone.at("/tokenInfo/tokenStatus"), "DELETED");
    story.call(visa.change(&id, "delete")).await.expect(403);
    story.end("visa", "a_token_pays_and_goes");
}

#[tokio::test]
async fn a_cardholder_is_verified() {
    let mut story = Story::begin().await;
    let visa = requestor(&story);
    let provision = visa.post("/vts/provisionedTokens", &visa.card(STEP_UP));
    let token = story.call(provision).await.expect(201);
    assert_eq!(token.at("/tokenInfo/tokenStatus"), "INACTIVE");
    let id = token.at("/vProvisionedTokenID");
    story.call(visa.payment_data(&id, "TAVV")).await.expect(403);
    let path = |rest: &str| format!("/vts/provisionedTokens/{id}/{rest}");
    let attest =
        json!({ "type": "AUTHENTICATE", "reasonCode": "PAYMENT", "clientReferenceID": "one" });
    let attest = visa.post(&path("attestation/options"), &attest);
    let first = story.call(attest.clone()).await.expect(200);
    assert_eq!(first.at("/authenticationContext/action"), "REGISTER");
    let otp = |code: &str| {
        let body = json!({ "otpValue": code, "date": 1_767_225_600, "clientReferenceId": "one" });
        visa.post(&path("stepUpOptions/validateOTP"), &body)
    };
    story.note("a code that nobody has sent is not the right one");
    story.call(otp("456789")).await.expect(403);
    let binding = json!({ "clientReferenceID": "one", "intent": "FIDO", "platformType": "WEB" });
    let binding = visa.post(&path("deviceBinding?reasonCode=PROVISIONING"), &binding);
    let methods = story.call(binding).await.expect(200);
    let choose = json!({
        "stepUpRequestID": methods.at("/stepUpRequest/0/identifier"),
        "date": "1767225600",
        "clientReferenceId": "one",
    });
    let choose = visa.put(&path("stepUpOptions/method"), &choose);
    story.call(choose.clone()).await.expect(200);
    story.call(otp("000000")).await.expect(403);
    story.call(otp("456789")).await.expect(200);
    let active = story.call(visa.status(&id)).await.expect(200);
    assert_eq!(active.at("/tokenInfo/tokenStatus"), "ACTIVE");
    story.note("the device is bound now, and the token pays");
    let bound = story.call(attest).await.expect(200);
    assert_eq!(bound.at("/authenticationContext/action"), "AUTHENTICATE");
    story.call(visa.payment_data(&id, "TAVV")).await.expect(200);
    story.end("visa", "a_cardholder_is_verified");
}

/// Three guesses at each of three codes, and the right one too late.
#[tokio::test]
async fn codes_cannot_be_guessed() {
    let story = Story::begin().await;
    let visa = requestor(&story);
    let token = visa.tokenize(&story.stand, STEP_UP).await;
    let path = format!(
        "/vts/provisionedTokens/{}",
        token.at("/vProvisionedTokenID")
    );
    let binding = visa.post(&format!("{path}/deviceBinding"), &json!({}));
    let methods = story.stand.send(binding).await.expect(200);
    let choose = json!({ "stepUpRequestID": methods.at("/stepUpRequest/1/identifier"), "date": 1 });
    let choose = visa.put(&format!("{path}/stepUpOptions/method"), &choose);
    let guess = |code: &str| {
        let body = json!({ "otpValue": code, "date": 1 });
        visa.post(&format!("{path}/stepUpOptions/validateOTP"), &body)
    };
    for _ in 0..3 {
        let sent = story.stand.send(choose.clone()).await.expect(200);
        assert_eq!(sent.at("/maxOTPVerificationAllowed"), "3");
        for _ in 0..3 {
            let wrong = story.stand.send(guess("123456")).await.expect(403);
            assert_eq!(wrong.at("/errorResponse/reason"), "otpVerificationFailed");
        }
        let late = story.stand.send(guess("456789")).await.expect(403);
        assert_eq!(
            late.at("/errorResponse/reason"),
            "otpVerificationAttemptsExceeded"
        );
    }
    let more = story.stand.send(choose).await.expect(403);
    assert_eq!(
        more.at("/errorResponse/reason"),
        "otpRequestAttemptsExceeded"
    );
    let status = story.stand.send(visa.get(&path)).await.expect(200);
    assert_eq!(status.at("/tokenInfo/tokenStatus"), "INACTIVE");
}

/// Every refusal that a test card brings about, by the reason that Visa gives.
#[tokio::test]
async fn cards_that_are_refused() {
    let mut story = Story::begin().await;
    let visa = requestor(&story);
    for (pan, status, reason) in [
        ("4000000000000010", 403, "provisionDataExpired"),
        ("4000000000000028", 403, "cardVerificationFailed"),
        ("4000000000000036", 403, "cardNotEligible"),
        ("4000000000000044", 403, "cardNotAllowed"),
        ("4000000000000051", 403, "declined"),
        ("4000000000000069", 403, "provisionNotAllowed"),
        ("4000000000000077", 403, "invalidTokenStatus"),
        ("4000210000770088", 400, "invalidParameter"),
        ("4000210000770096", 503, "serviceUnavailable"),
        ("4000210000770104", 503, "serviceUnavailable"),
        ("4000210000770112", 500, "systemError"),
    ] {
        let provision = visa.post("/vts/provisionedTokens", &visa.card(pan));
        let answer = story.call(provision).await.expect(status);
        assert_eq!(answer.at("/errorResponse/reason"), reason, "{pan}");
        assert_eq!(answer.at("/errorResponse/status"), status.to_string());
    }
    story.end("visa", "cards_that_are_refused");
}

/// Every answer can be spoken of, and the same calls of another server are spoken of in the same way.
#[tokio::test]
async fn answers_have_a_correlation_id_and_a_body() {
    let (one, other) = (Story::begin().await, Story::begin().await);
    let visa = requestor(&one);
    let asks = [
        visa.get("/vts/panEnrollments/nobody"),
        visa.get("/vts/nothing"),
        Ask::get("/vts/provisionedTokens"),
        visa.post("/vts/provisionedTokens", &visa.card("4111111111111111")),
    ];
    let mut seen = std::collections::HashSet::new();
    for ask in asks {
        println!("{}", ask.path);
        let answer = one.stand.send(ask.clone()).await;
        let again = other.stand.send(ask).await;
        let id = answer.header("x-correlation-id").unwrap();
        assert!(
            id.len() == 32 && !answer.body.is_empty(),
            "{}",
            answer.text()
        );
        assert_eq!(again.header("x-correlation-id"), Some(id));
        assert_eq!(again.body, answer.body);
        assert!(seen.insert(id.to_owned()), "{id} came twice");
    }
}
