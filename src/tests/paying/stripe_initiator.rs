//! Who starts a payment at Stripe, and what must come with it then.

use super::shop::{Shop, Token, VISA};
use super::stripe_parameters::{Members, bought, members, post};

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
