//! A space with something of everything in it, so that every documented operation has something to do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Ask, FORM, Stand};
use crate::gateway::bought::{Bought, as_merchant};
use crate::gateway::document::Operation;
use crate::gateway::mastercard_checkout::{BASE, enrol_body};
use crate::merchant::{Form, Merchant, path as path_of};
use crate::orchestrator::Orchestrator;
use crate::requestor::Requestor;

/// A space with a card, a token, an enrolment, an alias and payments in it, and what each is called.
pub(super) struct Fixture {
    pub(super) prefix: String,
    token: String,
    card_id: String,
    reference: String,
    message: String,
    bought: Bought,
    /// The card and the token as Visa calls them.
    visa_card: String,
    visa_token: String,
    card_art: String,
    /// A way to verify the cardholder, by which a code has been sent.
    step_up: String,
    requestor: Requestor,
    /// A token as Mastercard calls it.
    mastercard_token: String,
    asset: String,
    /// The same token as a card on file.
    checkout_card: String,
    merchant: Merchant,
}

/// The token of the specification's examples.
const MASTERCARD_SAMPLE: &str = "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45";
const CHECKOUT_SAMPLE: &str = "61XJzB_BQ9qa29nGa7JZrQ000000000000US";
/// The alias of the enrolment document's sample.
const ALIAS: &str = "557349eee1027312";

/// A token at Mastercard, an asset of its product, and the same token as a card on file.
async fn at_mastercard(stand: &Stand, prefix: &str, merchant: &Merchant) -> [String; 3] {
    let tokenize = merchant.tokenize_body("5100260000019206", "a-task");
    let tokenize = Ask::post(format!("{prefix}{}", path_of("tokenize"))).json(&tokenize);
    let made = stand.send(merchant.sign(tokenize)).await.expect(200);
    let token = made.at("/tokenUniqueReference");
    let mut enrol = enrol_body(merchant, "5100260000019206");
    enrol.as_object_mut().unwrap().remove("encryptedCard");
    enrol["enrolmentReferenceData"] = json!({
        "enrolmentReferenceType": "TOKEN_UNIQUE_REFERENCE",
        "enrolmentReferenceId": token,
    });
    let enrol = Ask::post(format!("{prefix}{BASE}/cards")).json(&enrol);
    let enrolled = stand.send(merchant.sign(enrol)).await.expect(200);
    let card = enrolled.at("/maskedCard/srcDigitalCardId");
    [token, made.at("/productConfig/iconAssetId"), card]
}

impl Fixture {
    pub(super) async fn new(stand: &Stand, name: &str) -> Self {
        let prefix = format!("/~{name}");
        let ask = Ask::token("standin-manual", None);
        let path = format!("{prefix}{}", ask.path);
        let token = stand
            .send(Ask { path, ..ask })
            .await
            .expect(200)
            .at("/access_token");
        let post = |path: &str| Ask::post(format!("{prefix}{path}")).bearer(&token);
        arm_a_rule(stand, &prefix).await;
        // Somebody who takes every message.
        let sink = format!("{}/~sink/_standin/reset", stand.server.base_url());
        let webhook = post("/_standin/webhooks").json(&json!({ "url": sink }));
        stand.send(webhook).await.expect(201);
        let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
        let created = stand
            .send(post("/cards").attributes(&card))
            .await
            .expect(201);
        let card_id = created.at("/data/id");
        let provision = post(&format!("/cards/{card_id}/network-tokens"));
        let reference = stand.send(provision).await.expect(200).at("/data/id");
        stand.client.advance(&prefix, "PT0S").await;
        let messages = Ask::get(format!("{prefix}/_standin/webhooks/messages"));
        let message = stand.send(messages).await.expect(200).at("/delivered/0/id");
        let value = json!({ "data": [{ "value": "5555555555554444", "alias": ALIAS }] });
        stand.send(post("/aliases").json(&value)).await.expect(201);
        let enrolment = json!({ "pan_alias": ALIAS, "exp_month": 12, "exp_year": 30 });
        stand
            .send(post("/network-tokens").json(&enrolment))
            .await
            .expect(200);
        let listed = Ask::get(format!("{prefix}/_standin/tokens/{reference}"));
        let visa_token = stand.send(listed).await.expect(200).at("/reference_hex");
        let requestor = Requestor::of(stand, name);
        let base = format!("{prefix}/vts/provisionedTokens/{visa_token}");
        let shown = stand.send(requestor.get(&base)).await.expect(200);
        let visa_card = shown.at("/vPanEnrollmentID");
        let card = requestor.get(&format!("{prefix}/vts/panEnrollments/{visa_card}"));
        let card = stand.send(card).await.expect(200);
        let methods = requestor.post(&format!("{base}/deviceBinding"), &json!({}));
        let step_up = stand.send(methods).await.expect(200);
        let step_up = step_up.at("/stepUpRequest/0/identifier");
        let code = json!({ "stepUpRequestID": step_up, "date": 0 });
        let code = requestor.put(&format!("{base}/stepUpOptions/method"), &code);
        stand.send(code).await.expect(200);
        let merchant = Merchant::of(stand, name, Form::Jwe);
        let [mastercard_token, asset, checkout_card] =
            at_mastercard(stand, &prefix, &merchant).await;
        Self {
            checkout_card,
            mastercard_token,
            asset,
            merchant,
            bought: Bought::make(&stand.client, &prefix).await,
            prefix,
            token,
            card_id,
            reference,
            message,
            visa_card,
            visa_token,
            card_art: card.at("/cardMetaData/cardData/0/guid"),
            step_up,
            requestor,
        }
    }

    /// The example with what only this space knows in place of what stands for it.
    fn fitted(&self, example: &Value) -> Value {
        let example = self.meant_references(&example.to_string());
        let mut example: Value = serde_json::from_str(&example).unwrap();
        if example
            .pointer("/fundingAccountInfo/encryptedPayload")
            .is_some()
        {
            example["fundingAccountInfo"] = self.merchant.funding("5555555555554444");
        }
        let checkout = enrol_body(&self.merchant, "5555555555554444");
        let card = self.requestor.card("4111111111111111");
        for (name, value) in [
            ("encPaymentInstrument", &card["encPaymentInstrument"]),
            ("stepUpRequestID", &json!(self.step_up)),
            ("encryptedCard", &checkout["encryptedCard"]),
        ] {
            if example.get(name).is_some() {
                example[name] = value.clone();
            }
        }
        example
    }

    /// Does what an operation needs to have been done.
    pub(super) async fn ready_for(&self, stand: &Stand, operation: &Operation) {
        if operation.spec["operationId"] == "visaResume" {
            let token = &self.visa_token;
            let path = format!("{}/vts/provisionedTokens/{token}/suspend", self.prefix);
            let body = json!({ "updateReason": { "reasonCode": "FRAUD" } });
            let suspend = self.requestor.put(&path, &body);
            stand.send(suspend).await.expect(200);
        }
        if operation.spec["operationId"] == "unsubscribeFromCardUpdates" {
            let path = format!("{}/cards/{}", self.prefix, self.card_id);
            let subscribe = Ask::post(format!("{path}/card-update-subscriptions"));
            stand.send(subscribe.bearer(&self.token)).await.expect(200);
        }
        if operation.spec["operationId"] == "mdesUnsuspend" {
            let body = Merchant::change_body(&self.mastercard_token, "CARDHOLDER");
            let suspend = Ask::post(format!("{}{}", self.prefix, path_of("suspend"))).json(&body);
            stand.send(self.merchant.sign(suspend)).await.expect(200);
        }
    }

    /// Lets time pass, for the space and for the clocks of its clients.
    pub(super) async fn pass(&mut self, stand: &Stand, span: Duration) {
        let span_s = span.as_secs();
        let moved = format!("PT{span_s}S");
        stand.client.advance(&self.prefix, &moved).await;
        self.merchant.now_s += span_s;
        self.requestor.now_s += span_s;
    }

    /// A body with the token that is there in place of the specification's example.
    pub(super) fn meant_references(&self, body: &str) -> String {
        body.replace(MASTERCARD_SAMPLE, &self.mastercard_token)
            .replace("PAYMENT_DATA_OF_THE_ACTION", &self.bought.away.data)
            .replace(CHECKOUT_SAMPLE, &self.checkout_card)
    }

    /// A path of the surface with every parameter replaced by what there is.
    pub(super) fn filled(&self, surface: &str, template: &str) -> String {
        let mut path = template.to_owned();
        while let Some((_, rest)) = path.split_once('{') {
            let name = rest.split('}').next().unwrap();
            let value = match name {
                "card_id" => self.card_id.clone(),
                "pan_alias" | "alias" => ALIAS.to_owned(),
                "endpoint" => "we_1".to_owned(),
                "name" => "never".to_owned(),
                "report" => "acme.ndjson".to_owned(),
                "schema" => "fault.json".to_owned(),
                "number" => "0".to_owned(),
                "message" => self.message.clone(),
                "vPanEnrollmentID" => self.visa_card.clone(),
                "vProvisionedTokenID" => self.visa_token.clone(),
                "cardId" => self.checkout_card.clone(),
                "AssetId" => self.asset.clone(),
                "guid" => self.card_art.clone(),
                "reference" if surface != "adyen" => self.reference.clone(),
                _ => self
                    .bought
                    .named(surface, template, name)
                    .unwrap_or_else(|| panic!("{template}: say here what {name} stands for")),
            };
            path = path.replacen(&format!("{{{name}}}"), &value, 1);
        }
        path
    }

    /// The ask with a credential that the surface knows.
    pub(super) fn entitled(&self, surface: &str, ask: Ask) -> Ask {
        if surface == "visa" {
            return self.requestor.sign(ask);
        }
        if surface.starts_with("mastercard") {
            return self.merchant.sign(ask);
        }
        as_merchant(surface, ask.clone()).unwrap_or_else(|| ask.bearer(&self.token))
    }

    /// The operation's own example, sent to what is there.
    pub(super) fn ask(&self, operation: &Operation) -> Ask {
        let surface = operation.surface();
        let path = self.filled(surface, &operation.path);
        let parameters = operation.spec["parameters"]
            .as_array()
            .into_iter()
            .flatten();
        let required = parameters.filter(|p| p["in"] == "query" && p["required"] == true);
        let query: Vec<String> = required
            .map(|p| {
                format!(
                    "{}={}",
                    p["name"].as_str().unwrap(),
                    self.meant(p["example"].as_str().unwrap())
                )
            })
            .collect();
        let join = if query.is_empty() { "" } else { "?" };
        let target = format!("{}{path}{join}{}", self.prefix, query.join("&"));
        let mut ask = Ask::new(&operation.method, target);
        let content = operation.spec["requestBody"]["content"].as_object();
        if let Some((kind, media)) = content.and_then(|content| content.iter().next()) {
            let example = self.fitted(&media["example"]);
            assert!(
                example.is_object() || example.is_string(),
                "{path}: give an example"
            );
            ask = if let Some(text) = example.as_str() {
                ask.body(kind, text.to_owned())
            } else if kind == FORM {
                let members = example.as_object().unwrap().iter();
                let members: Vec<_> = members
                    .map(|(n, v)| (n.as_str(), self.meant(v.as_str().unwrap())))
                    .collect();
                ask.form(&members)
            } else {
                ask.body(kind, example.to_string())
            };
        }
        let schemes = operation.spec["security"].as_array().unwrap();
        let known = [
            "gateway",
            "merchant",
            "stripe",
            "adyen",
            "checkout_com",
            "visaApiKey",
            "mastercardOAuth",
            "delegate",
        ];
        let is_known = |known: &&str| schemes.iter().any(|scheme| scheme.get(known).is_some());
        if known.iter().any(is_known) {
            ask = self.entitled(surface, ask);
        }
        ask
    }

    /// The ask with a sealed card, or for a token that was generated of one.
    pub(super) async fn orchestrated(&self, stand: &Stand, ask: Ask) -> Ask {
        let at = |path: &str| format!("{}{path}", self.prefix);
        let keys = stand
            .send(Ask::get(at("/_standin/keys/token-service")))
            .await;
        let client = Orchestrator::configured(&keys.expect(200));
        let card = json!({ "cardNumber": "4111111111111111", "expMonth": "12", "expYear": "2030" });
        let card = client.generate(&card, "cus_1");
        let generate = self.entitled("hyperswitch", Ask::post(at("/hyperswitch/tokens/generate")));
        if ask.path == generate.path {
            return generate.json(&card);
        }
        let made = stand.send(generate.json(&card)).await.expect(200);
        let reference = client.opened(&made)["cardReference"].clone();
        let pair = json!({ "card_reference": reference, "customer_id": "cus_1" });
        self.entitled("hyperswitch", Ask::post(ask.path))
            .json(&pair)
    }

    /// A form's member as it is written in the document, or the id that it stands for.
    fn meant<'a>(&'a self, text: &'a str) -> &'a str {
        match text {
            "pi_1111111111111111111111" => &self.bought.stripe.captured,
            "cus_1111111111111111111111" => &self.bought.customer,
            "seti_1111111111111111111111" => &self.bought.setup,
            "pi_1111111111111111111111_secret_1111111111111111111111" => &self.bought.secret,
            _ => text,
        }
    }
}

/// Nothing that the rule matches is ever asked.
async fn arm_a_rule(stand: &Stand, prefix: &str) {
    let rule = json!({ "text": "delay 1ms on client=nobody as never" });
    let ask = Ask::post(format!("{prefix}/_standin/faults")).json(&rule);
    stand.send(ask).await.expect(201);
}
