//! The served OpenAPI document against the program: nothing is documented that is not there, and nothing is there that is
//! not documented. That answers fit their schemas is checked wherever a story is told.

use serde_json::{Value, json};
use std::path::Path;

use crate::client::{Ask, FORM, Stand, options};
use crate::gateway::bought::{Bought, as_merchant};
use crate::gateway::document::{Document, Operation};
use crate::merchant::{Form, Merchant, keyed, path as path_of};
use crate::orchestrator::Orchestrator;
use crate::requestor::Requestor;

/// The routes that a source file declares: method and path.
fn routes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, call) in text.match_indices(".route(") {
        let inside = &text[at + call.len()..];
        let mut depth = 1;
        let end = inside.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let inside = &inside[..end.unwrap()];
        let path = inside.split('"').nth(1).unwrap();
        let before = found.len();
        for method in ["get", "post", "put", "patch", "delete"] {
            let called = |(at, _): (usize, &str)| {
                !inside[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            };
            if inside.match_indices(&format!("{method}(")).any(called) {
                found.push((method.to_uppercase(), path.to_owned()));
            }
        }
        assert!(found.len() > before, "no method in {inside}");
    }
    found
}

#[test]
fn routes_are_read_off_a_source() {
    let text = r#".route("/a", post(make)).route(
            "/a/{b}",
            get(target(x)).delete(remove),
        )"#;
    let want = [("POST", "/a"), ("GET", "/a/{b}"), ("DELETE", "/a/{b}")];
    assert_eq!(
        routes(text),
        want.map(|(m, p)| (m.to_owned(), p.to_owned()))
    );
}

/// Every route of every surface and of the control plane, from the sources, because a router does not tell.
fn every_route() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("control/mod.rs")];
    for surface in std::fs::read_dir(source.join("wire")).unwrap() {
        let file = surface.unwrap().path().join("routes.rs");
        files.extend(file.is_file().then_some(file));
    }
    let read = |file: &std::path::PathBuf| routes(&std::fs::read_to_string(file).unwrap());
    let mut all: Vec<_> = files.iter().flat_map(read).collect();
    all.sort();
    all
}

#[tokio::test]
async fn every_route_is_documented_and_nothing_else() {
    let stand = Stand::start(options()).await;
    let document = Document::of(&stand.client).await;
    let operations = document.operations().into_iter();
    let mut documented: Vec<_> = operations.map(|op| (op.method, op.path)).collect();
    documented.sort();
    assert_eq!(documented, every_route());
}

/// A space with a card, a token, an enrolment, an alias and payments in it, and what each is called.
pub(super) struct Furnished {
    pub(super) prefix: String,
    token: String,
    card_id: String,
    reference: String,
    letter: String,
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
    merchant: Merchant,
}

/// The token of the specification's examples.
const MASTERCARD_SAMPLE: &str = "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45";
/// The alias of the enrolment document's sample.
const ALIAS: &str = "557349eee1027312";

impl Furnished {
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
        // Somebody who takes every letter.
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
        let letters = Ask::get(format!("{prefix}/_standin/letters"));
        let letter = stand.send(letters).await.expect(200).at("/delivered/0/id");
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
        let tokenize = merchant.tokenize_body("5100260000019206", "a-task");
        let tokenize = Ask::post(format!("{prefix}{}", path_of("tokenize"))).json(&tokenize);
        let made = stand.send(merchant.sign(tokenize)).await.expect(200);
        Self {
            mastercard_token: made.at("/tokenUniqueReference"),
            asset: made.at("/productConfig/iconAssetId"),
            merchant,
            bought: Bought::make(&stand.client, &prefix).await,
            prefix,
            token,
            card_id,
            reference,
            letter,
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
        let card = self.requestor.card("4111111111111111");
        for (name, value) in [
            ("encPaymentInstrument", &card["encPaymentInstrument"]),
            ("stepUpRequestID", &json!(self.step_up)),
        ] {
            if example.get(name).is_some() {
                example[name] = value.clone();
            }
        }
        example
    }

    /// Does what an operation needs to have been done.
    async fn ready_for(&self, stand: &Stand, operation: &Operation) {
        if operation.spec["operationId"] == "visaResume" {
            let token = &self.visa_token;
            let path = format!("{}/vts/provisionedTokens/{token}/suspend", self.prefix);
            let body = json!({ "updateReason": { "reasonCode": "FRAUD" } });
            let suspend = self.requestor.put(&path, &body);
            stand.send(suspend).await.expect(200);
        }
        if operation.spec["operationId"] == "mdesUnsuspend" {
            let body = Merchant::change_body(&self.mastercard_token, "CARDHOLDER");
            let suspend = Ask::post(format!("{}{}", self.prefix, path_of("suspend"))).json(&body);
            stand.send(self.merchant.sign(suspend)).await.expect(200);
        }
    }

    /// A body with the token that is there in place of the specification's example.
    pub(super) fn meant_references(&self, body: &str) -> String {
        body.replace(MASTERCARD_SAMPLE, &self.mastercard_token)
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
                "letter" => self.letter.clone(),
                "vPanEnrollmentID" => self.visa_card.clone(),
                "vProvisionedTokenID" => self.visa_token.clone(),
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
        if surface == "mastercard" {
            return self.merchant.sign(ask);
        }
        as_merchant(surface, ask.clone()).unwrap_or_else(|| ask.bearer(&self.token))
    }

    /// The operation's own example, sent to what is there.
    fn ask(&self, operation: &Operation) -> Ask {
        let surface = operation.surface();
        let path = self.filled(surface, &operation.path);
        let mut ask = Ask::new(&operation.method, format!("{}{path}", self.prefix));
        let content = operation.spec["requestBody"]["content"].as_object();
        if let Some((kind, media)) = content.and_then(|content| content.iter().next()) {
            let example = self.fitted(&media["example"]);
            assert!(example.is_object(), "{path}: give an example");
            ask = if kind == FORM {
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
    async fn orchestrated(&self, stand: &Stand, ask: Ask) -> Ask {
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
        if text == "pi_1111111111111111111111" {
            &self.bought.stripe.captured
        } else {
            text
        }
    }
}

#[tokio::test]
async fn every_documented_operation_does_what_its_example_asks() {
    let stand = Stand::start(keyed()).await;
    let document = Document::of(&stand.client).await;
    for (place, operation) in document.operations().iter().enumerate() {
        let space = Furnished::new(&stand, &format!("operation-{place}")).await;
        space.ready_for(&stand, operation).await;
        let mut ask = space.ask(operation);
        if operation.surface() == "hyperswitch" {
            ask = space.orchestrated(&stand, ask).await;
        }
        if let Some(content) = operation.spec["requestBody"]["content"].as_object() {
            for (kind, media) in content {
                let what = format!("{} {} {kind}", operation.method, operation.path);
                document.validate(&media["schema"], &media["example"], &what);
            }
        }
        let answer = stand.send(ask.clone()).await;
        let what = format!("{} {}: {}", ask.method, ask.path, answer.text());
        assert!((200..300).contains(&answer.status), "{what}");
        document.check(&ask, &answer);
    }
}

/// What a reader of the document would stumble over.
#[tokio::test]
async fn the_document_is_whole() {
    let stand = Stand::start(options()).await;
    let document = Document::of(&stand.client).await;
    let mut ids = Vec::new();
    for Operation {
        method,
        path,
        key,
        spec,
    } in document.operations()
    {
        let what = format!("{method} {path}");
        for member in ["operationId", "summary"] {
            assert!(spec[member].is_string(), "{what} has no {member}");
        }
        assert!(
            spec["tags"].is_array() && spec["security"].is_array(),
            "{what}"
        );
        assert!(
            !ids.contains(&spec["operationId"]),
            "{what}: its operationId is taken"
        );
        ids.push(spec["operationId"].clone());
        let item = &document.0["paths"][&key];
        for name in path
            .split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap())
        {
            let listed = item["parameters"].as_array().into_iter().flatten();
            assert!(
                listed.into_iter().any(|p| p["name"] == name),
                "{what}: {name}"
            );
        }
    }
    let mut references = Vec::new();
    collect(&document.0, &mut references);
    for reference in &references {
        assert!(
            document.0.pointer(reference).is_some(),
            "{reference} leads nowhere"
        );
    }
    for kind in ["schemas", "responses"] {
        for name in document.0["components"][kind].as_object().unwrap().keys() {
            let pointer = format!("/components/{kind}/{name}");
            assert!(
                references.contains(&pointer),
                "{pointer} is used by nothing"
            );
        }
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                references.push(reference.trim_start_matches('#').to_owned());
            }
            members
                .values()
                .for_each(|inner| collect(inner, references));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
