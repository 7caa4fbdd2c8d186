//! Targets that give the answers that they are told, and what a probe makes of them.

use serde_json::Value;

use super::super::scripted::{Said, target};
use super::*;

const FILE: &str = r#"
    name = "scripted"
    base_url = "{base}"
    auth = { kind = "bearer", token = "hush-hush-hush" }
    [[cards]]
    condition = "eligible"
    network = "visa"
    pan = "4111111111111111"
    [binding]
    name = "mine"
    states.active = ["LIVE"]
    outcomes.approved = ["yes"]
    outcomes.declined = ["no"]
    reasons.declined = ["issuer"]
    [binding.operations.enrol]
    accept = [201]
    facts = { reference = ["/id", "header:location"], state = ["/state"], token_number = ["/number"], reason = ["/why"] }
    requests = [{ method = "POST", path = "/tokens", body = '{"number":"{pan}"}' }]
    [binding.operations.cryptogram-long]
    accept = [200]
    facts = { cryptogram = ["/proof"] }
    requests = [{ method = "POST", path = "/tokens/{reference}/proofs" }]
    [binding.operations.pay-long]
    accept = [200]
    facts = { outcome = ["/paid"], payment = ["/id"], tlid = ["/link"] }
    requests = [{ method = "POST", path = "/payments", body = '{"proof":"{cryptogram}"}' }]
"#;
const ENROLLED: Said = (
    201,
    r#"{"id":"t1","state":"LIVE","number":"4895370012003478"}"#,
);
const PROVEN: Said = (200, r#"{"proof":"AgAAAAAAAIR8CQrXcIhbQAAAAAA="}"#);
const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);

/// The exit code and what is printed.
async fn probing(base: &str, json: bool) -> (u8, String) {
    printed(&FILE.replace("{base}", base), json).await
}

/// The same for a file of one's own.
async fn printed(text: &str, json: bool) -> (u8, String) {
    let mut out = Vec::new();
    let code = probed("t", text, json, None, || 0, &mut out).await;
    (code.unwrap(), String::from_utf8(out).unwrap())
}

async fn answered(answers: &'static [Said]) -> (u8, String) {
    probing(&target(answers).await.base, false).await
}

#[tokio::test]
async fn what_is_as_the_file_says_is_shown_and_masked() {
    let (code, said) = answered(&[ENROLLED, PROVEN, PAID]).await;
    assert_eq!(code, 0, "{said}");
    for wanted in [
        "/tokens -> 201",
        "\"LIVE\", read as active",
        "/tokens/t1/proofs -> 200",
        "\"yes\", read as approved",
        "nothing at /why: only a refusal has a reason",
        "nothing at /link: only Mastercard gives one",
        "3 operations, 0 wrong",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    for secret in ["4895370012003478", "4111111111111111", "AgAAAAAA", "hush"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_with_the_places() {
    const EMPTY: Said = (201, r#"{"state":"LIFE","number":"4895370012003478"}"#);
    let (code, said) = answered(&[EMPTY]).await;
    assert_eq!(code, 1, "{said}");
    for wanted in [
        "reference       NOTHING at /id, header:location",
        "facts.state told \"LIFE\", which no word of binding.states is",
        "WRONG: POST /tokens/{reference}/proofs: there is no {reference}",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[tokio::test]
async fn a_refusal_is_shown_with_its_answer() {
    const REFUSED: Said = (422, r#"{"why":"issuer","number":"4111111111111111"}"#);
    let (code, said) = answered(&[REFUSED]).await;
    assert_eq!(code, 1, "{said}");
    for wanted in [
        "status 422 is not among accept = [201]",
        "\"issuer\", read as declined",
        "the answer: {\"why\":\"issuer\",\"number\":\"411111******1111\"}",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[tokio::test]
async fn a_month_in_another_notation_is_wrong() {
    const LIVE: Said = (
        201,
        r#"{"id":"t1","state":"LIVE","number":"4895370012003478","until":"11/2029"}"#,
    );
    for (place, code) in [("/until", 1), ("/until as MM/YYYY", 0)] {
        let base = target(&[LIVE, PROVEN, PAID]).await.base;
        let told = format!("reason = [\"/why\"], token_expires = [\"{place}\"]");
        let text = FILE.replace("{base}", &base);
        let text = text.replace("reason = [\"/why\"]", &told);
        let (came, said) = printed(&text, false).await;
        assert_eq!(came, code, "{said}");
        assert_eq!(
            said.contains("a month as YYYY-MM is due"),
            code == 1,
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_card_that_must_get_no_token_is_tried_too() {
    const CARD: &str =
        "[[cards]]\ncondition = \"declined\"\nnetwork = \"visa\"\npan = \"4000000000000002\"\n";
    const REFUSED: &[Said] = &[ENROLLED, PROVEN, PAID, (422, r#"{"why":"issuer"}"#)];
    const OTHERWISE: &[Said] = &[ENROLLED, PROVEN, PAID, (422, r#"{"why":"moon"}"#)];
    const BROKEN: &[Said] = &[ENROLLED, PROVEN, PAID, (500, "{}")];
    const GIVEN: &[Said] = &[ENROLLED, PROVEN, PAID, ENROLLED];
    for (answers, code, wanted) in [
        (REFUSED, 0, "\"issuer\", read as declined"),
        (OTHERWISE, 1, "no word of reasons.declined was told"),
        (BROKEN, 1, "status 500 is an error of the target's own"),
        (GIVEN, 1, "it got a token"),
    ] {
        let base = target(answers).await.base;
        let text = format!("{}{CARD}", FILE.replace("{base}", &base));
        let (came, said) = printed(&text, false).await;
        assert_eq!(came, code, "{said}");
        assert!(
            said.contains("enrol with a card that is declined"),
            "{said}"
        );
        assert!(said.contains(wanted), "{wanted}: {said}");
        assert!(said.contains("3 operations"), "{said}");
    }
}

#[tokio::test]
async fn where_nothing_answers_nothing_is_said() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (code, said) = probing(&base, false).await;
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("1 operations, 1 wrong"), "{said}");
}

#[tokio::test]
async fn the_same_is_printed_as_json() {
    let base = target(&[ENROLLED, PROVEN, PAID]).await.base;
    let (code, said) = probing(&base, true).await;
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, 0);
    let told = |pointer: &str| report.pointer(pointer).cloned().unwrap();
    assert_eq!(told("/operations/0/operation"), "enrol");
    assert_eq!(told("/operations/0/requests/0/status"), 201);
    assert_eq!(told("/operations/2/facts/0/fact"), "outcome");
    assert_eq!(told("/operations/2/facts/0/read_as"), "approved");
    assert!(!said.contains("4895370012003478"));
}

#[tokio::test]
async fn a_file_with_a_mistake_sends_nothing() {
    let text = FILE
        .replace("{pan}", "{pam}")
        .replace("{base}", "http://127.0.0.1:9");
    let said = probed("t", &text, false, None, || 0, &mut Vec::new()).await;
    assert!(said.unwrap_err().contains("did you mean {pan}?"));
    let text = "name = \"x\"\nbase_url = \"http://127.0.0.1:9\"\nauth.kind = \"none\"\n";
    let said = probed("t", text, false, None, || 0, &mut Vec::new()).await;
    assert!(said.unwrap_err().contains("declares no operations"));
}
