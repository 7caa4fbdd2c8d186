//! Disputes at Stripe: what the test cards bring about, and what a merchant does about it (docs.stripe.com/testing, disputes;
//! docs.stripe.com/api/disputes).

use serde_json::{Value, json};
use standin::server::Options;
use standin::store::Durability;

use super::shop::Shop;
use super::stripe_charges::{charged, send};
use super::stripe_parameters::{get, members};
use crate::cli::Folder;
use crate::client::{Answer, Ask, options};

pub(super) const DISPUTED: &str = "tok_createDispute";
pub(super) const INQUIRY: &str = "tok_createDisputeInquiry";
pub(super) const TEXT: &str = "evidence[uncategorized_text]";

/// A charge that its customer disputes, and the path of the dispute.
pub(super) async fn dispute(shop: &Shop, source: &str) -> (Answer, String) {
    let charge = charged(shop, &[("source", source)]).await.expect(200);
    let path = format!("disputes/{}", charge.at("/dispute"));
    (charge, path)
}

pub(super) async fn answer(shop: &Shop, path: &str, form: &[(&str, &str)]) -> Answer {
    send(shop, path, &members(form)).await
}

async fn read(shop: &Shop, path: &str) -> Answer {
    shop.send(get(path)).await.expect(200)
}

/// The amounts, fees and categories of what a dispute has done to the balance.
pub(super) fn moved(dispute: &Answer) -> Vec<(i64, i64, String)> {
    let body = dispute.json();
    let rows = body["balance_transactions"].as_array().unwrap().iter();
    rows.map(|row| {
        assert_eq!(
            (&row["type"], &row["source"]),
            (&json!("adjustment"), &body["id"])
        );
        (
            row["amount"].as_i64().unwrap(),
            row["fee"].as_i64().unwrap(),
            row["reporting_category"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

/// docs.stripe.com/testing, evidence: what each of the three words does to a dispute and to an inquiry, and any other evidence.
/// Last, whether the charge can be refunded then, and how many entries of the balance there are.
const DECIDED: [(&str, &str, &str, &str, usize); 8] = [
    (DISPUTED, "winning_evidence", "won", "true", 2),
    (DISPUTED, "losing_evidence", "lost", "false", 1),
    (DISPUTED, "It was he", "under_review", "false", 1),
    (
        DISPUTED,
        "escalate_inquiry_evidence",
        "under_review",
        "false",
        1,
    ),
    (INQUIRY, "winning_evidence", "warning_closed", "true", 0),
    (INQUIRY, "losing_evidence", "warning_closed", "true", 0),
    (INQUIRY, "It was he", "warning_under_review", "true", 0),
    (
        INQUIRY,
        "escalate_inquiry_evidence",
        "needs_response",
        "false",
        1,
    ),
];

#[tokio::test]
async fn the_evidence_decides() {
    let shop = Shop::open().await;
    let money = [
        (-1000, 1500, "dispute".to_owned()),
        (1000, 0, "dispute_reversal".to_owned()),
    ];
    for (source, text, status, refundable, entries) in DECIDED {
        let (charge, path) = dispute(&shop, source).await;
        let before = read(&shop, &path).await;
        let open = if source == INQUIRY {
            "warning_needs_response"
        } else {
            "needs_response"
        };
        assert_eq!(before.at("/status"), open);
        let after = answer(&shop, &path, &[(TEXT, text)]).await.expect(200);
        assert_eq!(after.at("/status"), status, "{source} {text}");
        assert_eq!(
            after.at("/is_charge_refundable"),
            refundable,
            "{source} {text}"
        );
        assert_eq!(moved(&after), money[..entries], "{source} {text}");
        assert_eq!(after.at("/evidence/uncategorized_text"), text);
        assert_eq!(after.at("/evidence/receipt"), "null");
        assert_eq!(after.at("/evidence_details/submission_count"), "1");
        assert_eq!(read(&shop, &path).await.json(), after.json());
        // Whoever has the money can give it back.
        let id = charge.at("/id");
        let refund = answer(&shop, "refunds", &[("charge", &id)]).await;
        if refundable == "true" {
            refund.expect(200);
        } else {
            let refused = refund.expect(400);
            assert_eq!(refused.at("/error/code"), "charge_disputed");
            let said = format!("Charge {id} has been charged back; cannot issue a refund.");
            assert_eq!(refused.at("/error/message"), said);
        }
    }
}

/// https://docs.stripe.com/api/disputes/close; what is over stays as it is.
#[tokio::test]
async fn what_is_over_is_not_answered() {
    let shop = Shop::open().await;
    for (source, status) in [(DISPUTED, "lost"), (INQUIRY, "warning_closed")] {
        let (_, path) = dispute(&shop, source).await;
        let close = format!("{path}/close");
        let closed = answer(&shop, &close, &[]).await.expect(200);
        assert_eq!(closed.at("/status"), status);
        assert_eq!(closed.at("/evidence_details/submission_count"), "0");
        for (path, form) in [
            (&path, vec![(TEXT, "winning_evidence")]),
            (&path, vec![("metadata[a]", "b")]),
            (&close, vec![]),
        ] {
            let refused = answer(&shop, path, &form).await.expect(400);
            assert_eq!(
                refused.at("/error/message"),
                "This dispute is already closed"
            );
            assert_eq!(refused.at("/error/type"), "invalid_request_error");
        }
        assert_eq!(read(&shop, &path).await.json(), closed.json());
    }
    // What is looked at can be answered again, and given up.
    let (_, path) = dispute(&shop, DISPUTED).await;
    answer(&shop, &path, &[(TEXT, "It was he")])
        .await
        .expect(200);
    let again = answer(&shop, &path, &[(TEXT, "winning_evidence")])
        .await
        .expect(200);
    assert_eq!(again.at("/status"), "won");
    assert_eq!(again.at("/evidence_details/submission_count"), "2");
}

/// https://docs.stripe.com/api/disputes/update, `submit` and `evidence`.
#[tokio::test]
async fn evidence_is_staged_until_it_is_submitted() {
    let shop = Shop::open().await;
    let (_, path) = dispute(&shop, DISPUTED).await;
    let details = ["has_evidence", "submission_count", "past_due"];
    let details = details.map(|name| format!("/evidence_details/{name}"));
    let told = |dispute: &Answer| {
        let told = details.each_ref().map(|place| dispute.at(place));
        (dispute.at("/status"), told.join(" "))
    };
    let needs = "needs_response".to_owned();
    let before = read(&shop, &path).await;
    assert_eq!(told(&before), (needs.clone(), "false 0 false".to_owned()));
    let staged = [
        (TEXT, "winning_evidence"),
        ("submit", "false"),
        ("metadata[order]", "7"),
    ];
    let staged = answer(&shop, &path, &staged).await.expect(200);
    assert_eq!(told(&staged), (needs.clone(), "true 0 false".to_owned()));
    assert_eq!(staged.at("/metadata/order"), "7");
    // A note alone submits nothing, and an empty one takes itself away.
    let noted = answer(&shop, &path, &[("metadata[order]", "")])
        .await
        .expect(200);
    assert_eq!(told(&noted), (needs, "true 0 false".to_owned()));
    assert_eq!(noted.json()["metadata"], json!({}));
    let more = [
        ("evidence[customer_name]", "Jenny Rosen"),
        ("submit", "false"),
    ];
    answer(&shop, &path, &more).await.expect(200);
    let submitted = answer(&shop, &path, &[("submit", "true")])
        .await
        .expect(200);
    assert_eq!(
        told(&submitted),
        ("won".to_owned(), "true 1 false".to_owned())
    );
    assert_eq!(submitted.at("/evidence/customer_name"), "Jenny Rosen");
}

/// https://docs.stripe.com/api/disputes/object, `evidence_details`: the day until which it has to be there, and whether the
/// latest came after it.
#[tokio::test]
async fn an_answer_can_come_too_late() {
    let shop = Shop::open().await;
    let (_, path) = dispute(&shop, DISPUTED).await;
    let before = read(&shop, &path).await;
    let seconds = |place: &str| before.at(place).parse::<i64>().unwrap();
    let span = seconds("/evidence_details/due_by") - seconds("/created");
    assert!((7 * 86_400..=21 * 86_400).contains(&span), "{span}");
    shop.advance("P22D").await;
    assert_eq!(
        read(&shop, &path).await.at("/evidence_details/past_due"),
        "false"
    );
    let late = answer(&shop, &path, &[(TEXT, "It was he")])
        .await
        .expect(200);
    assert_eq!(late.at("/evidence_details/past_due"), "true");
}

/// https://docs.stripe.com/api/disputes/update: each limit, and nothing is kept of what is refused.
#[tokio::test]
async fn evidence_has_its_limits() {
    let shop = Shop::open().await;
    let (_, path) = dispute(&shop, DISPUTED).await;
    let (long, longer, short) = ("é".repeat(20_000), "e".repeat(20_001), "e".repeat(5_001));
    for (name, value) in [
        (TEXT, longer.as_str()),
        ("evidence[customer_name]", &short),
        (TEXT, ""),
        ("evidence[enhanced_evidence][a]", "b"),
        ("submit", "1"),
    ] {
        let refused = answer(&shop, &path, &[(name, value)]).await.expect(400);
        assert!(
            name.starts_with(refused.at("/error/param").as_str()),
            "{name}"
        );
    }
    answer(&shop, &path, &[(TEXT, &long), ("submit", "false")])
        .await
        .expect(200);
    let all = [
        "access_activity_log",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "duplicate_charge_explanation",
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
    ];
    let texts = all.map(|name| (format!("evidence[{name}]"), "e".repeat(20_000)));
    let mut form: Vec<_> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let refused = answer(&shop, &path, &form).await.expect(400);
    assert_eq!(refused.at("/error/param"), "evidence");
    form.pop();
    let fits = answer(&shop, &path, &form).await.expect(200);
    assert_eq!(fits.at("/status"), "under_review");
}

/// The same key gets the same answer, whatever the dispute has come to since.
#[tokio::test]
async fn an_answer_is_given_once_for_its_key() {
    let shop = Shop::open().await;
    let (_, path) = dispute(&shop, DISPUTED).await;
    let keyed = |form: &[(&str, &str)]| {
        Ask::post(format!("/v1/{path}"))
            .bearer("sk_test_standin")
            .form(form)
            .header("idempotency-key", "answer-1")
    };
    let first = shop.send(keyed(&[(TEXT, "It was he")])).await.expect(200);
    answer(&shop, &path, &[(TEXT, "losing_evidence")])
        .await
        .expect(200);
    let again = shop.send(keyed(&[(TEXT, "It was he")])).await.expect(200);
    assert_eq!(again.json(), first.json());
    let other = shop.send(keyed(&[(TEXT, "winning_evidence")])).await;
    other.expect(400);
    let others = Ask::post(format!("/v1/{path}"))
        .bearer("sk_test_other")
        .form(&[]);
    shop.send(others).await.expect(404);
}

/// A dispute is kept with its payment, and goes on where it was.
#[tokio::test]
async fn a_dispute_outlives_the_server() {
    let folder = Folder::new("disputes");
    let start = async || {
        let options = options();
        let engine = folder.engine(&options.seed, Durability::Process).await;
        Shop::open_with(Options { engine, ..options }).await
    };
    let shop = start().await;
    let (_, path) = dispute(&shop, INQUIRY).await;
    let escalated = [(TEXT, "escalate_inquiry_evidence"), ("metadata[a]", "b")];
    let before = answer(&shop, &path, &escalated).await.expect(200).json();
    let events = shop.send(get("events")).await.expect(200).json();
    let stand = std::sync::Arc::into_inner(shop.stand).unwrap();
    stand.server.stop().await;
    let shop = start().await;
    assert_eq!(read(&shop, &path).await.json(), before);
    assert_eq!(shop.send(get("events")).await.expect(200).json(), events);
    let won = answer(&shop, &path, &[(TEXT, "winning_evidence")])
        .await
        .expect(200);
    assert_eq!(won.at("/status"), "won");
    assert_eq!(
        won.json()["balance_transactions"][0],
        before["balance_transactions"][0]
    );
    let kept: &Value = &before["metadata"];
    assert_eq!(&won.json()["metadata"], kept);
}

/// Fault rules and the journal tell these calls from each other and from what was done before.
#[tokio::test]
async fn each_change_has_a_word_of_its_own() {
    let shop = Shop::open().await;
    let (charge, path) = dispute(&shop, INQUIRY).await;
    let charge = charge.at("/id");
    let refund = answer(&shop, "refunds", &[("charge", &charge)]).await;
    let refund = format!("refunds/{}", refund.expect(200).at("/id"));
    let card = [
        ("card[number]", "4242424242424242"),
        ("card[exp_month]", "12"),
        ("card[exp_year]", "2029"),
    ];
    let note = [("metadata[a]", "b")];
    for (path, form, operation) in [
        (format!("charges/{charge}"), &note[..], "update_charge"),
        (refund, &note, "update_refund"),
        ("tokens".to_owned(), &card, "create_card_token"),
        (path.clone(), &note, "update_dispute"),
        (format!("{path}/close"), &[], "close_dispute"),
    ] {
        answer(&shop, &path, form).await.expect(200);
        let journal = Ask::get(format!("/_standin/journal?operation={operation}"));
        let found = shop.send(journal).await.expect(200).json();
        assert_eq!(found["entries"].as_array().unwrap().len(), 1, "{operation}");
        assert_eq!(found["entries"][0]["target"], format!("/v1/{path}"));
        // A rule that names it meets it before anything is changed.
        let rule = json!({
            "match": { "operation": operation },
            "fault": { "kind": "status", "status": 503 },
        });
        let arm = Ask::post("/_standin/faults").json(&rule);
        shop.send(arm).await.expect(201);
        answer(&shop, &path, form).await.expect(503);
    }
}
