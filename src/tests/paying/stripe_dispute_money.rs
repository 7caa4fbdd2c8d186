//! The money of a payment that is disputed at Stripe: when it leaves the balance, and how much comes back.

use serde_json::json;

use super::shop::Shop;
use super::stripe_charges::send;
use super::stripe_disputes::{DISPUTED, INQUIRY, TEXT, answer, dispute, moved};
use super::stripe_parameters::{bought, get};

/// https://docs.stripe.com/api/balance_transactions: what a dispute does is there with everything else, and leads to it.
#[tokio::test]
async fn the_money_of_a_dispute_is_on_the_balance() {
    let shop = Shop::open().await;
    let (charge, path) = dispute(&shop, DISPUTED).await;
    answer(&shop, &path, &[(TEXT, "winning_evidence")])
        .await
        .expect(200);
    let list = shop.send(get("balance_transactions")).await.expect(200);
    let list = list.json();
    let rows = list["data"].as_array().unwrap();
    let nets: Vec<_> = rows
        .iter()
        .map(|row| row["net"].as_i64().unwrap())
        .collect();
    assert_eq!(nets, [1000, -2500, 941]);
    let withdrawal = &rows[1];
    let said = format!("Chargeback withdrawal for {}", charge.at("/id"));
    assert_eq!(withdrawal["description"], said);
    assert_eq!(withdrawal["fee_details"][0]["description"], "Dispute fee");
    assert_eq!(rows[0]["fee_details"], json!([]));
    let one = format!(
        "balance_transactions/{}?expand[]=source",
        withdrawal["id"].as_str().unwrap()
    );
    let one = shop.send(get(&one)).await.expect(200);
    assert_eq!(one.at("/source/status"), "won");
    let adjusted = get("balance_transactions?type=adjustment");
    let adjusted = shop.send(adjusted).await.expect(200).json();
    assert_eq!(adjusted["data"].as_array().unwrap().len(), 2);
    // What an inquiry has not taken is nowhere, and what was given back before is not taken.
    let (charge, path) = dispute(&shop, INQUIRY).await;
    let part = [("charge", charge.at("/id")), ("amount", "400".to_owned())];
    let part = part.each_ref().map(|(name, value)| (*name, value.as_str()));
    answer(&shop, "refunds", &part).await.expect(200);
    let escalated = answer(&shop, &path, &[(TEXT, "escalate_inquiry_evidence")]).await;
    assert_eq!(
        moved(&escalated.expect(200)),
        [(-600, 1500, "dispute".to_owned())]
    );
}

/// docs.stripe.com/disputes/how-disputes-work: what was never taken cannot be disputed.
#[tokio::test]
async fn a_payment_is_disputed_once_it_is_captured() {
    let shop = Shop::open().await;
    let form = bought(&[
        ("confirm", "true"),
        ("payment_method", "pm_card_createDispute"),
        ("capture_method", "manual"),
        ("expand[]", "latest_charge"),
    ]);
    let held = send(&shop, "payment_intents", &form).await.expect(200);
    assert_eq!(held.at("/latest_charge/disputed"), "false");
    let none = shop.send(get("disputes")).await.expect(200).json();
    assert_eq!(none["data"], json!([]));
    shop.advance("P1D").await;
    let capture = format!("payment_intents/{}/capture", held.at("/id"));
    let form = [
        ("amount_to_capture", "700"),
        ("expand[]", "latest_charge.dispute"),
    ];
    let captured = answer(&shop, &capture, &form).await.expect(200);
    let dispute = &captured.json()["latest_charge"]["dispute"];
    assert_eq!(dispute["amount"], 700);
    assert_eq!(dispute["payment_intent"], held.json()["id"]);
    let begun = captured.json()["created"].as_i64().unwrap() + 86_400;
    assert_eq!(dispute["created"], begun);
}
