//! Who starts a payment at Stripe, and what must come with it then.

use super::shop::{Shop, Token, VISA};
use super::stripe_parameters::{Members, bought, card, members, post};

const OPTIONS: &str = "payment_method_options[card]";

fn token<'a>(
    token: &'a Token,
    month: &'a str,
    year: &'a str,
    more: &[(&str, &'a str)],
) -> Members<'a> {
    let place = "payment_method_data[card][network_token]";
    let mut all = bought(&[("confirm", "true"), ("payment_method_data[type]", "card")]);
    for (name, value) in [
        ("number", token.number.as_str()),
        ("exp_month", month),
        ("exp_year", year),
    ] {
        all.push((format!("{place}[{name}]"), value));
    }
    all.extend(members(more));
    all
}

/// Who starts a payment is what the client says (https://github.com/activemerchant/active_merchant/pull/5236): a customer who is
/// there needs a cryptogram, whatever earlier payment is quoted with it.
#[tokio::test]
async fn a_customer_who_is_there_needs_a_cryptogram() {
    let shop = Shop::open().await;
    let of_shop = shop.token(VISA).await;
    let (month, year) = (of_shop.month.to_string(), of_shop.year.to_string());
    let cryptogram = format!("{OPTIONS}[network_token][cryptogram]");
    let kind = format!("{OPTIONS}[stored_credential_transaction_type]");
    let quoted = format!("{OPTIONS}[mit_exemption][network_transaction_id]");
    let first = shop.cryptogram(&of_shop, "TAVV").await;
    let more = [
        (cryptogram.as_str(), first.as_str()),
        ("expand[]", "latest_charge"),
    ];
    let begun = shop.send(post(
        "payment_intents",
        &token(&of_shop, &month, &year, &more),
    ));
    let nti = begun
        .await
        .expect(200)
        .at("/latest_charge/payment_method_details/card/network_transaction_id");
    let forged = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (says, by_merchant) in [
        (vec![(kind.as_str(), "setup_on_session")], false),
        (vec![(kind.as_str(), "setup_off_session_recurring")], false),
        (
            vec![(kind.as_str(), "setup_off_session_unscheduled")],
            false,
        ),
        (vec![(kind.as_str(), "stored_on_session")], false),
        (vec![("off_session", "false")], false),
        (vec![(kind.as_str(), "stored_off_session_recurring")], true),
        (
            vec![(kind.as_str(), "stored_off_session_unscheduled")],
            true,
        ),
        (vec![("off_session", "true")], true),
        (vec![], true),
    ] {
        let good = shop.cryptogram(&of_shop, "TAVV").await;
        for (proof, approved) in [
            (None, by_merchant),
            (Some(forged), by_merchant),
            (Some(good.as_str()), true),
        ] {
            let mut more = says.clone();
            more.push((quoted.as_str(), nti.as_str()));
            more.extend(proof.map(|proof| (cryptogram.as_str(), proof)));
            let ask = post("payment_intents", &token(&of_shop, &month, &year, &more));
            let answer = shop.send(ask).await;
            assert_eq!(
                answer.status == 200,
                approved,
                "{says:?} {proof:?} {}",
                answer.text()
            );
        }
    }
}

/// https://github.com/activemerchant/active_merchant/pull/4111: an agreement that is older than the ids of transactions has none
/// to quote, and says so.
#[tokio::test]
async fn an_older_agreement_has_no_transaction_to_quote() {
    let shop = Shop::open().await;
    let of_shop = shop.token(VISA).await;
    let (month, year) = (of_shop.month.to_string(), of_shop.year.to_string());
    let claim = format!("{OPTIONS}[mit_exemption][claim_without_transaction_id]");
    for (word, status) in [("true", 200), ("false", 402), ("perhaps", 400)] {
        let more = [("off_session", "true"), (claim.as_str(), word)];
        let ask = post("payment_intents", &token(&of_shop, &month, &year, &more));
        shop.send(ask).await.expect(status);
    }
}

/// https://docs.stripe.com/api/payment_intents/create, `off_session`: test methods and cards are charged with nobody there,
/// whether or not they are on file. A word for why nobody is there is as good as true.
#[tokio::test]
async fn a_card_is_charged_with_nobody_there_wherever_it_comes_from() {
    let shop = Shop::open().await;
    let customer = shop.send(post("customers", &Vec::new())).await.expect(200);
    let customer = customer.at("/id");
    let method = |name| members(&[("payment_method", name)]);
    let token = |name| {
        members(&[
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][token]", name),
        ])
    };
    for card in [
        method("pm_card_visa"),
        method("pm_card_mastercard"),
        card("4242424242424242", &[]),
        token("tok_visa"),
    ] {
        for with in [&[][..], &[("customer", customer.as_str())]] {
            for word in ["true", "one_off", "recurring"] {
                let mut form = bought(&[("confirm", "true"), ("off_session", word)]);
                form.extend(card.clone());
                form.extend(members(with));
                let paid = shop.send(post("payment_intents", &form)).await;
                let paid = paid.expect(200);
                assert_eq!(paid.at("/status"), "succeeded", "{card:?} {with:?} {word}");
            }
        }
    }
    // Confirmed later it is the same.
    let made = shop.send(post("payment_intents", &bought(&[]))).await;
    let confirm = format!("payment_intents/{}/confirm", made.expect(200).at("/id"));
    let form = members(&[("payment_method", "pm_card_visa"), ("off_session", "true")]);
    let paid = shop.send(post(&confirm, &form)).await.expect(200);
    assert_eq!(paid.at("/status"), "succeeded");
    for word in ["sometimes", "1"] {
        let mut form = bought(&[("confirm", "true"), ("off_session", word)]);
        form.extend(method("pm_card_visa"));
        let refused = shop.send(post("payment_intents", &form)).await.expect(400);
        let want = format!("Invalid boolean: {word}");
        assert_eq!(refused.at("/error/message"), want);
    }
}

/// docs.stripe.com/testing: a card that wants its customer is declined for that, and one that was to be declined for its own
/// reason.
#[tokio::test]
async fn with_nobody_there_a_card_that_wants_its_customer_says_so() {
    let shop = Shop::open().await;
    let method = |name| members(&[("payment_method", name)]);
    for (card, code, decline_code) in [
        (
            card("4000002760003184", &[]),
            "authentication_required",
            "authentication_required",
        ),
        (
            card("4000002500003155", &[]),
            "authentication_required",
            "authentication_required",
        ),
        (
            method("pm_card_authenticationRequired"),
            "authentication_required",
            "authentication_required",
        ),
        (
            method("pm_card_visa_chargeDeclinedInsufficientFunds"),
            "card_declined",
            "insufficient_funds",
        ),
    ] {
        let mut form = bought(&[("confirm", "true"), ("off_session", "true")]);
        form.extend(card.clone());
        let error = shop.send(post("payment_intents", &form)).await.expect(402);
        let error = error.json()["error"].clone();
        assert_eq!(error["code"], code, "{card:?}");
        assert_eq!(error["decline_code"], decline_code, "{card:?}");
        let intent = &error["payment_intent"];
        assert_eq!(intent["status"], "requires_payment_method", "{card:?}");
    }
}

/// A network token is its network's: what the merchant starts with it quotes an earlier payment, also where the token's number
/// stands in the place of a card's.
#[tokio::test]
async fn a_network_token_is_not_charged_without_an_earlier_payment() {
    let shop = Shop::open().await;
    let of_shop = shop.token(VISA).await;
    let (month, year) = (of_shop.month.to_string(), of_shop.year.to_string());
    let as_token = token(&of_shop, &month, &year, &[("off_session", "true")]);
    let mut as_card = bought(&[("confirm", "true"), ("off_session", "true")]);
    as_card.extend(members(&[
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", of_shop.number.as_str()),
        ("payment_method_data[card][exp_month]", &month),
        ("payment_method_data[card][exp_year]", &year),
    ]));
    for form in [as_token, as_card] {
        let refused = shop.send(post("payment_intents", &form)).await.expect(402);
        assert_eq!(refused.at("/error/decline_code"), "do_not_honor");
    }
}
