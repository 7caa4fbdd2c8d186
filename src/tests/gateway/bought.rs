//! A payment at every payment service of a space, authorized and captured, so that tests have something to ask for.

use serde_json::{Value, json};
use standin::crypto::encoding::from_base64;

use crate::client::{Answer, Ask, Client};

/// A Visa test card that does nothing but the ordinary.
const PAN: &str = "4111111111111111";

/// The ids of what there is.
#[derive(Debug)]
pub(super) struct Bought {
    pub(super) own: Payments,
    pub(super) stripe: Payments,
    pub(super) adyen: Payments,
    pub(super) checkout: Payments,
    /// Stripe's payment that nobody has confirmed.
    pub(super) waiting: String,
    /// Stripe's refund of a part of the captured one.
    pub(super) refund: String,
    /// A customer at Stripe, what it pays with, and what nobody has.
    pub(super) customer: String,
    pub(super) method: String,
    pub(super) loose: String,
    /// A setup intent there that nobody has confirmed, and an intent whose customer is to be authenticated.
    pub(super) setup: String,
    pub(super) challenged: String,
    /// A card that is handed over once, and a payment that is disputed.
    pub(super) handed_over: String,
    pub(super) dispute: String,
    /// Another one, which is given up.
    pub(super) given_up: String,
    /// Of that intent.
    pub(super) secret: String,
    pub(super) away: Away,
    /// One of Stripe's events.
    pub(super) event: String,
    /// An endpoint that is registered at Stripe, and told of nothing that happens here.
    pub(super) endpoint: String,
    /// Checkout.com's network token.
    pub(super) token: String,
}

/// Payments at one service.
#[derive(Debug)]
pub(super) struct Payments {
    /// Authorized and not captured.
    pub(super) held: String,
    pub(super) captured: String,
}

/// Payments at Adyen and Checkout.com whose customers are to be authenticated and come back to nowhere.
#[derive(Debug)]
pub(super) struct Away {
    /// Of Adyen's action, and the end of the address of its page.
    pub(super) data: String,
    page: String,
    session: String,
}

impl Away {
    fn of(adyen: &Answer, checkout: &Answer) -> Self {
        let token = from_base64(&adyen.at("/action/token")).unwrap();
        let token: Value = serde_json::from_slice(&token).unwrap();
        let last = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        Self {
            data: adyen.at("/action/paymentData"),
            page: last(token["acsURL"].as_str().unwrap()),
            session: last(&checkout.at("/_links/redirect/href")),
        }
    }

    fn adyen() -> Ask {
        Ask::post("/v72/payments").json(&json!({
            "merchantAccount": "StandinMerchant",
            "amount": { "value": 2_500, "currency": "USD" },
            "reference": "order-2",
            "paymentMethod": { "type": "scheme", "number": "4212345678910006", "expiryMonth": "12", "expiryYear": "2029", "cvc": "737" },
            "authenticationData": {
                "attemptAuthentication": "always",
                "threeDSRequestData": { "nativeThreeDS": "preferred" },
            },
        }))
    }

    fn checkout() -> Ask {
        Ask::post("/payments").json(&json!({
            "source": { "type": "card", "number": PAN, "expiry_month": 12, "expiry_year": 2029, "cvv": "123" },
            "amount": 2_500, "currency": "USD", "3ds": { "enabled": true },
        }))
    }
}

/// What is asked for at Stripe and not confirmed.
const WAITING: [(&str, &str); 2] = [("amount", "2500"), ("currency", "usd")];

/// The ask with the credential of `standin-merchant` at the surface. None where merchants have none.
pub(crate) fn as_merchant(surface: &str, ask: Ask) -> Option<Ask> {
    Some(match surface {
        "payments" => ask.bearer("standin_key"),
        "stripe" => ask.bearer("sk_test_standin"),
        "adyen" => ask.header("x-api-key", "standin-adyen"),
        "checkout_com" => ask.bearer("sk_sbox_standinstandinstandinstandi"),
        "hyperswitch" => ask.header("authorization", "standin_key"),
        "acp" => ask
            .bearer("standin_key")
            .header("idempotency-key", "delegation-1")
            .header("api-version", "2026-04-17"),
        _ => return None,
    })
}

impl Bought {
    /// Makes everything in the space of a prefix, `/~NAME` or nothing.
    #[expect(
        clippy::too_many_lines,
        reason = "one story or table, read from top to bottom"
    )]
    pub(super) async fn make(client: &Client, prefix: &str) -> Self {
        let send = async |surface: &str, ask: Ask| {
            let path = format!("{prefix}{}", ask.path);
            let ask = as_merchant(surface, Ask { path, ..ask }).unwrap();
            client.send(ask).await
        };
        let pay = async |surface: &str, id: &str| {
            let held = send(surface, purchase(surface, true)).await.at(id);
            let captured = send(surface, purchase(surface, false)).await.at(id);
            Payments { held, captured }
        };
        let stripe = pay("stripe", "/id").await;
        let part = [
            ("payment_intent", stripe.captured.as_str()),
            ("amount", "1"),
        ];
        let refund = send("stripe", Ask::post("/v1/refunds").form(&part)).await;
        let events = send("stripe", Ask::get("/v1/events")).await.expect(200);
        let wanted = [
            ("url", "http://127.0.0.1:9/hooks"),
            ("enabled_events[]", "charge.expired"),
        ];
        let endpoint = send("stripe", Ask::post("/v1/webhook_endpoints").form(&wanted)).await;
        let waiting = send("stripe", Ask::post("/v1/payment_intents").form(&WAITING)).await;
        let kept = async |path: &str, form: &[(&str, &str)]| {
            let ask = Ask::post(format!("/v1/{path}")).form(form);
            send("stripe", ask).await.expect(200).at("/id")
        };
        let customer = kept("customers", &[("name", "Jenny Rosen")]).await;
        let attach = "payment_methods/pm_card_visa/attach";
        let method = kept(attach, &[("customer", &customer)]).await;
        let card = [("type", "card"), ("card[token]", "tok_visa")];
        let loose = kept("payment_methods", &card).await;
        let setup = kept("setup_intents", &[("customer", customer.as_str())]).await;
        let wants = [("payment_method", "pm_card_authenticationRequired")];
        let wants = [WAITING[0], WAITING[1], wants[0], ("confirm", "true")];
        let wants = Ask::post("/v1/payment_intents").form(&wants);
        let challenged = send("stripe", wants).await.expect(200);
        let card = [
            ("card[number]", PAN),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2029"),
        ];
        let handed_over = kept("tokens", &card).await;
        let disputed = [WAITING[0], WAITING[1], ("source", "tok_createDispute")];
        let given_up = kept("charges", &disputed).await;
        let disputed = kept("charges", &disputed).await;
        let source =
            json!({ "type": "card", "number": PAN, "expiry_month": 12, "expiry_year": 2029 });
        let provision = Ask::post("/network-tokens").json(&json!({ "source": source }));
        let token = send("checkout_com", provision).await.expect(201);
        let at_adyen = send("adyen", Away::adyen()).await.expect(200);
        let at_checkout = send("checkout_com", Away::checkout()).await.expect(202);
        Self {
            away: Away::of(&at_adyen, &at_checkout),
            own: pay("payments", "/id").await,
            adyen: pay("adyen", "/pspReference").await,
            checkout: pay("checkout_com", "/id").await,
            waiting: waiting.expect(200).at("/id"),
            refund: refund.expect(200).at("/id"),
            event: events.at("/data/0/id"),
            endpoint: endpoint.expect(200).at("/id"),
            token: token.at("/network_token/id"),
            customer,
            method,
            loose,
            setup,
            handed_over,
            dispute: disputed.replace("ch_", "du_"),
            given_up: given_up.replace("ch_", "du_"),
            secret: challenged.at("/client_secret"),
            challenged: challenged.at("/id"),
            stripe,
        }
    }

    /// What stands in a path of the surface in place of a parameter. None when it is nothing of a payment's.
    pub(crate) fn named(&self, surface: &str, path: &str, parameter: &str) -> Option<String> {
        let payments = match (surface, parameter) {
            ("adyen", "version") => return Some("v72".to_owned()),
            ("adyen", "pass") => return Some(self.away.page.clone()),
            ("checkout_com", "id") if path.starts_with("/3ds") => {
                return Some(self.away.session.clone());
            }
            ("checkout_com", "id") if path.starts_with("/network-tokens") => {
                return Some(self.token.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/refunds") => {
                return Some(self.refund.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/customers") => {
                return Some(self.customer.clone());
            }
            ("stripe", "id") if path.ends_with("/attach") => return Some(self.loose.clone()),
            ("stripe", "id") if path.starts_with("/v1/payment_methods") => {
                return Some(self.method.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/setup_intents") => {
                return Some(self.setup.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/3d_secure") => {
                return Some(self.challenged.clone());
            }
            ("stripe", "id") if path == "/v1/payment_intents/{id}" => {
                return Some(self.waiting.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/events") => return Some(self.event.clone()),
            ("stripe", "id") if path.starts_with("/v1/webhook_endpoints") => {
                return Some(self.endpoint.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/tokens") => {
                return Some(self.handed_over.clone());
            }
            ("stripe", "id") if path.ends_with("/close") => return Some(self.given_up.clone()),
            ("stripe", "id") if path.starts_with("/v1/disputes") => {
                return Some(self.dispute.clone());
            }
            ("stripe", "id") if path.starts_with("/v1/balance_transactions") => {
                return Some(self.stripe.captured.replace("pi_", "txn_"));
            }
            ("stripe", "id") if path.ends_with("/confirm") => return Some(self.waiting.clone()),
            ("stripe", "id") if path.starts_with("/v1/charges") => {
                return Some(self.stripe.held.replace("pi_", "ch_"));
            }
            ("payments" | "control", "id") => &self.own,
            ("stripe", "id") => &self.stripe,
            ("adyen", "reference") => &self.adyen,
            ("checkout_com", "id") => &self.checkout,
            _ => return None,
        };
        let captured = path.contains("refund");
        Some(
            if captured {
                &payments.captured
            } else {
                &payments.held
            }
            .clone(),
        )
    }
}

/// A right request to pay with a card, captured at once or later.
pub(crate) fn purchase(surface: &str, later: bool) -> Ask {
    match surface {
        "payments" => Ask::post("/payments").json(&json!({
            "amount": 2_500, "currency": "USD", "capture": if later { "later" } else { "now" },
            "card": { "number": PAN, "exp_month": 12, "exp_year": 2029, "security_code": "123" },
        })),
        "stripe" => Ask::post("/v1/payment_intents").form(&[
            ("amount", "2500"),
            ("currency", "usd"),
            ("confirm", "true"),
            ("capture_method", if later { "manual" } else { "automatic" }),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", PAN),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "2029"),
            ("payment_method_data[card][cvc]", "123"),
        ]),
        "adyen" => Ask::post("/v72/payments").json(&json!({
            "merchantAccount": "StandinMerchant",
            "amount": { "value": 2_500, "currency": "USD" },
            "reference": "order-1",
            "paymentMethod": { "type": "scheme", "number": PAN, "expiryMonth": "12", "expiryYear": "2029", "cvc": "123" },
            "additionalData": { "manualCapture": later.to_string() },
        })),
        "checkout_com" => Ask::post("/payments").json(&json!({
            "source": { "type": "card", "number": PAN, "expiry_month": 12, "expiry_year": 2029, "cvv": "123" },
            "amount": 2_500, "currency": "USD", "capture": !later, "reference": "order-1",
        })),
        other => panic!("nobody pays at {other}"),
    }
}
