//! How Stripe's objects are listed, searched and written out in place of their names.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use super::stripe_parameters::{bought, card, get, members, post};

async fn paid(shop: &Shop, amount: &str, more: &[(&str, &str)]) -> Value {
    let mut form = members(&[("amount", amount), ("currency", "usd"), ("confirm", "true")]);
    form.extend(card(VISA, more));
    shop.send(post("payment_intents", &form))
        .await
        .expect(200)
        .json()
}

fn ids(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// https://docs.stripe.com/api/pagination: newest first, also of what was made within one second; the clock of the space stands
/// still here.
#[tokio::test]
async fn a_list_has_the_newest_first_within_one_second() {
    let shop = Shop::open().await;
    let (mut intents, mut charges, mut refunds, mut customers) = (vec![], vec![], vec![], vec![]);
    for place in 0..6 {
        if place % 2 == 0 {
            let intent = paid(&shop, "1000", &[]).await;
            intents.push(intent["id"].as_str().unwrap().to_owned());
            charges.push(intent["latest_charge"].as_str().unwrap().to_owned());
        } else {
            let open = shop
                .send(post("payment_intents", &bought(&[])))
                .await
                .expect(200);
            intents.push(open.at("/id"));
        }
        let customer = shop
            .send(post("customers", &members(&[])))
            .await
            .expect(200);
        customers.push(customer.at("/id"));
    }
    for (place, charge) in [(0, "100"), (1, "100"), (0, "200")] {
        let form = members(&[("charge", charges[place].as_str()), ("amount", charge)]);
        refunds.push(
            shop.send(post("refunds", &form))
                .await
                .expect(200)
                .at("/id"),
        );
    }
    for (path, mut want) in [
        ("payment_intents", intents),
        ("charges", charges),
        ("refunds", refunds),
        ("customers", customers),
    ] {
        want.reverse();
        let all = shop.send(get(path)).await.expect(200).json();
        assert_eq!(ids(&all), want, "{path}");
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = shop
                .send(get(&format!("{path}?limit=2{after}")))
                .await
                .expect(200)
                .json();
            seen.extend(ids(&page));
            if page["has_more"] == false {
                break;
            }
            after = format!("&starting_after={}", seen.last().unwrap());
        }
        assert_eq!(seen, want, "{path}, page by page");
    }
}

/// https://docs.stripe.com/api/expanding_objects
#[tokio::test]
async fn what_is_asked_for_is_written_out() {
    let shop = Shop::open().await;
    let customer = shop
        .send(post("customers", &members(&[])))
        .await
        .expect(200)
        .at("/id");
    let more = [
        ("customer", customer.as_str()),
        ("setup_future_usage", "off_session"),
    ];
    let intent = paid(&shop, "1000", &more).await;
    let (id, charge) = (
        intent["id"].as_str().unwrap(),
        intent["latest_charge"].as_str().unwrap(),
    );
    let refund = members(&[
        ("payment_intent", id),
        ("amount", "300"),
        ("expand[]", "charge.payment_intent"),
        ("expand[]", "balance_transaction"),
    ]);
    let refund = shop.send(post("refunds", &refund)).await.expect(200);
    assert_eq!(refund.at("/charge/payment_intent/id"), id);
    assert_eq!(refund.at("/balance_transaction/amount"), "-300");
    for (path, place, want) in [
        (
            format!("payment_intents/{id}?expand[]=latest_charge"),
            "/latest_charge/id",
            charge,
        ),
        (
            format!("payment_intents/{id}?expand[]=latest_charge.balance_transaction"),
            "/latest_charge/balance_transaction/net",
            "941",
        ),
        (
            format!("payment_intents/{id}?expand[]=latest_charge.refunds"),
            "/latest_charge/refunds/data/0/amount",
            "300",
        ),
        (
            format!("payment_intents/{id}?expand[]=customer&expand[]=payment_method.customer"),
            "/payment_method/customer/object",
            "customer",
        ),
        (
            format!("charges/{charge}?expand[]=payment_intent.payment_method"),
            "/payment_intent/payment_method/object",
            "payment_method",
        ),
        (
            format!("charges/{charge}?expand[]=refunds.data.balance_transaction"),
            "/refunds/data/0/balance_transaction/type",
            "refund",
        ),
        (
            format!("refunds/{}?expand[]=charge.customer", refund.at("/id")),
            "/charge/customer/id",
            &customer,
        ),
        (
            "payment_intents?expand[]=data.latest_charge.balance_transaction".to_owned(),
            "/data/0/latest_charge/balance_transaction/source",
            charge,
        ),
        (
            "charges?expand[]=data.customer".to_owned(),
            "/data/0/customer/id",
            &customer,
        ),
        (
            "refunds?expand[]=data.payment_intent".to_owned(),
            "/data/0/payment_intent/id",
            id,
        ),
        (
            "balance_transactions?expand[]=data.source".to_owned(),
            "/data/0/source/object",
            "refund",
        ),
    ] {
        let answer = shop.send(get(&path)).await.expect(200);
        assert_eq!(answer.at(place), want, "{path}");
    }
    let held = [("capture_method", "manual")];
    let held = paid(&shop, "1000", &held).await;
    let capture = format!("payment_intents/{}/capture", held["id"].as_str().unwrap());
    let form = members(&[("expand[]", "latest_charge.balance_transaction")]);
    let captured = shop.send(post(&capture, &form)).await.expect(200);
    assert_eq!(
        captured.at("/latest_charge/balance_transaction/amount"),
        "1000"
    );
    for path in [
        format!("payment_intents/{id}?expand[]=nothing"),
        format!("charges/{charge}?expand[]=latest_charge"),
        "events?expand[]=data.nothing".to_owned(),
    ] {
        let refused = shop.send(get(&path)).await.expect(400);
        let message = refused.at("/error/message");
        assert!(
            message.starts_with("This property cannot be expanded ("),
            "{message}"
        );
    }
}

/// docs.stripe.com/search: fields, operators, pages.
#[tokio::test]
async fn what_is_looked_for_is_found() {
    let shop = Shop::open().await;
    paid(&shop, "1000", &[("metadata[order]", "A-1")]).await;
    paid(&shop, "2000", &[("metadata[order]", "A-2")]).await;
    let held = paid(
        &shop,
        "3000",
        &[("metadata[kind]", "held"), ("capture_method", "manual")],
    )
    .await;
    let jane = members(&[("email", "jane@shop.example"), ("name", "Jane Roe")]);
    shop.send(post("customers", &jane)).await.expect(200);
    let search = |path: &str, query: &str| {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        get(&format!("{path}/search?query={query}"))
    };
    for (path, query, want) in [
        ("payment_intents", "metadata['order']:'A-1'", 1),
        ("payment_intents", "metadata['order']~'A-1'", 1),
        ("payment_intents", "-metadata['order']:null", 2),
        ("payment_intents", "status:'succeeded' AND amount>1000", 1),
        ("payment_intents", "amount:1000 OR amount:3000", 2),
        (
            "payment_intents",
            "currency:'usd' AND -status:'requires_capture'",
            2,
        ),
        ("payment_intents", "customer:null", 3),
        ("charges", "payment_method_details.card.last4:'1111'", 3),
        ("charges", "amount>=2000 AND refunded:'false'", 2),
        ("customers", "email~'shop.example'", 1),
        (
            "customers",
            "name:'jane roe' AND email:'nobody@shop.example'",
            0,
        ),
    ] {
        let found = shop.send(search(path, query)).await.expect(200).json();
        assert_eq!(found["object"], "search_result");
        assert_eq!(
            found["data"].as_array().unwrap().len(),
            want,
            "{path} {query}"
        );
        assert_eq!(found["next_page"], Value::Null);
    }
    let query = "amount%3E0&limit=2&expand[]=total_count&expand[]=data.latest_charge";
    let first = shop
        .send(get(&format!("payment_intents/search?query={query}")))
        .await
        .expect(200);
    assert_eq!(first.at("/total_count"), "3");
    assert_eq!(first.at("/data/0/id"), held["id"].as_str().unwrap());
    assert_eq!(first.at("/data/0/latest_charge/object"), "charge");
    let next = format!(
        "payment_intents/search?query=amount%3E0&page={}",
        first.at("/next_page")
    );
    let second = shop.send(get(&next)).await.expect(200).json();
    assert_eq!(
        (ids(&second).len(), &second["has_more"]),
        (1, &json!(false))
    );
    for (path, message) in [
        ("payment_intents/search", "Missing required param: query."),
        (
            "payment_intents/search?query=asdf",
            "We were unable to parse your search query.",
        ),
        (
            "payment_intents/search?query=foo:'bar'",
            "Field `foo` is an unsupported search field for resource `payment_intents`.",
        ),
        ("charges/search?query=amount:1&page=2", "Invalid page"),
    ] {
        let refused = shop.send(get(path)).await.expect(400);
        assert!(refused.at("/error/message").starts_with(message), "{path}");
    }
}
