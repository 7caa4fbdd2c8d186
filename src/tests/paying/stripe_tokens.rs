//! A card that is handed over to Stripe once, as a token.

use super::shop::{Shop, VISA};
use super::stripe_charges::{charged, send};
use super::stripe_parameters::{Members, bought, get, members};

/// An intent that is confirmed as it is created, with the card of a token.
fn intent(token: &str) -> Members<'_> {
    let mut form = bought(&[("confirm", "true"), ("payment_method_data[type]", "card")]);
    form.extend(members(&[("payment_method_data[card][token]", token)]));
    form
}

/// https://docs.stripe.com/api/tokens, and error codes: `token_already_used`.
#[tokio::test]
async fn a_token_is_good_once() {
    let shop = Shop::open().await;
    let new = members(&[
        ("card[number]", VISA),
        ("card[exp_month]", "12"),
        ("card[exp_year]", "2029"),
        ("card[cvc]", "123"),
        ("card[address_zip]", "12345"),
    ]);
    let token = send(&shop, "tokens", &new).await.expect(200);
    let id = token.at("/id");
    assert!(id.starts_with("tok_"));
    assert_eq!(
        (token.at("/card/last4"), token.at("/card/brand")),
        ("1111".to_owned(), "Visa".to_owned())
    );
    assert_eq!(
        (token.at("/used"), token.at("/card/cvc_check")),
        ("false".to_owned(), "unchecked".to_owned())
    );
    let charge = charged(&shop, &[("source", &id)]).await.expect(200);
    assert_eq!(charge.at("/billing_details/address/postal_code"), "12345");
    let used = shop.send(get(&format!("tokens/{id}"))).await.expect(200);
    assert_eq!(used.at("/used"), "true");
    let method = members(&[("type", "card"), ("card[token]", id.as_str())]);
    let refused = send(&shop, "payment_methods", &method).await.expect(400);
    assert_eq!(refused.at("/error/code"), "token_already_used");
    // Refused before any money moves.
    let again = charged(&shop, &[("source", &id)]).await.expect(400);
    assert_eq!(again.at("/error/code"), "token_already_used");
    let other = send(&shop, "tokens", &new).await.expect(200).at("/id");
    let ends = [200, 400, 400].into_iter();
    for (token, status) in [&other, &other, &id].into_iter().zip(ends) {
        let paid = send(&shop, "payment_intents", &intent(token)).await;
        let paid = paid.expect(status);
        if status == 400 {
            assert_eq!(paid.at("/error/code"), "token_already_used");
        }
    }
    let charges = shop.send(get("charges")).await.expect(200).json();
    assert_eq!(charges["data"].as_array().unwrap().len(), 2);
    let fresh = send(&shop, "tokens", &new).await.expect(200).at("/id");
    let method = members(&[("type", "card"), ("card[token]", fresh.as_str())]);
    let method = send(&shop, "payment_methods", &method).await.expect(200);
    assert_eq!(method.at("/card/last4"), "1111");
    // An intent takes one, too.
    for token in ["tok_visa", "tok_mastercard"] {
        let paid = send(&shop, "payment_intents", &intent(token))
            .await
            .expect(200);
        assert_eq!(paid.at("/status"), "succeeded", "{token}");
    }
    let bare = format!("payment_methods/pm_{}", fresh.trim_start_matches("tok_"));
    shop.send(get(&bare)).await.expect(404);
}

/// Nobody becomes a customer with what is declined or used up, and nothing is told of them.
#[tokio::test]
async fn a_customer_is_not_made_with_what_it_cannot_have() {
    let shop = Shop::open().await;
    let new = members(&[
        ("card[number]", VISA),
        ("card[exp_month]", "12"),
        ("card[exp_year]", "2029"),
    ]);
    let used = send(&shop, "tokens", &new).await.expect(200).at("/id");
    charged(&shop, &[("source", &used)]).await.expect(200);
    for (name, value, status, code) in [
        ("source", "tok_chargeDeclined", 402, "card_declined"),
        ("source", used.as_str(), 400, "token_already_used"),
        (
            "payment_method",
            "pm_card_chargeDeclined",
            402,
            "card_declined",
        ),
    ] {
        let form = members(&[("email", "jenny@example.com"), (name, value)]);
        let refused = send(&shop, "customers", &form).await.expect(status);
        assert_eq!(refused.at("/error/code"), code, "{value}");
    }
    let list = shop.send(get("customers")).await.expect(200).json();
    assert_eq!(list["data"].as_array().unwrap().len(), 0);
    let events = shop.send(get("events?type=customer.created")).await;
    assert_eq!(
        events.expect(200).json()["data"].as_array().unwrap().len(),
        0
    );
    // A customer that is there keeps what it had.
    let made = send(&shop, "customers", &members(&[("name", "Jenny")])).await;
    let path = format!("customers/{}", made.expect(200).at("/id"));
    let form = members(&[("name", "Rosen"), ("source", "tok_chargeDeclined")]);
    send(&shop, &path, &form).await.expect(402);
    let read = shop.send(get(&path)).await.expect(200);
    assert_eq!(read.at("/name"), "Jenny");
}
