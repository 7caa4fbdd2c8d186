//! A server with the built-in merchants, and somebody who gets tokens and cryptograms from its gateway.

use std::sync::Arc;

use serde_json::{Value, json};
use standin::server::Options;

use super::psp::{Psp, Purchase, Said};
use crate::client::{Answer, Ask, Stand, options};

/// A Visa and a Mastercard test card that do nothing but the ordinary.
pub(super) const VISA: &str = "4111111111111111";
pub(super) const MASTERCARD: &str = "5555555555554444";
/// Standin's own API.
pub(super) const KEY: &str = "standin_key";
pub(super) const OTHER_KEY: &str = "other_key";

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) stand: Arc<Stand>,
    /// `/~NAME`, or nothing in the default space.
    prefix: String,
}

/// A network token as the gateway gave it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// The card's id at the gateway.
    pub(super) card: String,
    pub(super) reference: String,
    pub(super) number: String,
    pub(super) month: i64,
    /// Four digits.
    pub(super) year: i64,
    access: String,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::open_with(options()).await
    }

    pub(super) async fn open_with(options: Options) -> Self {
        Self {
            stand: Arc::new(Stand::start(options).await),
            prefix: String::new(),
        }
    }

    /// The same server, in a space of its own.
    pub(super) fn in_space(&self, name: &str) -> Self {
        Self {
            stand: Arc::clone(&self.stand),
            prefix: format!("/~{name}"),
        }
    }

    pub(super) async fn send(&self, ask: Ask) -> Answer {
        let path = format!("{}{}", self.prefix, ask.path);
        self.stand.send(Ask { path, ..ask }).await
    }

    pub(super) async fn advance(&self, span: &str) {
        self.stand.client.advance(&self.prefix, span).await;
    }

    /// Pays, and reads what was said.
    pub(super) async fn pay(&self, psp: Psp, purchase: &Purchase) -> Said {
        self.pay_at(psp, "standin", purchase).await
    }

    pub(super) async fn pay_at(&self, psp: Psp, merchant: &str, purchase: &Purchase) -> Said {
        psp.read(&self.send(psp.ask(merchant, purchase)).await)
    }

    /// A token for a card, requested by `standin-manual`.
    pub(super) async fn token(&self, pan: &str) -> Token {
        self.token_of("standin-manual", pan).await
    }

    pub(super) async fn token_of(&self, account: &str, pan: &str) -> Token {
        let access = self
            .send(Ask::token(account, None))
            .await
            .expect(200)
            .at("/access_token");
        let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 29, "cvc": "123" });
        let created = Ask::post("/cards").bearer(&access).attributes(&card);
        let card = self.send(created).await.expect(201).at("/data/id");
        let ask = Ask::post(format!("/cards/{card}/network-tokens"));
        let token = self.send(ask.bearer(&access)).await.expect(200).json();
        let attributes = &token["data"]["attributes"];
        Token {
            card,
            reference: token["data"]["id"].as_str().unwrap().to_owned(),
            number: attributes["network_token"].as_str().unwrap().to_owned(),
            month: attributes["exp_month"].as_i64().unwrap(),
            year: 2000 + attributes["exp_year"].as_i64().unwrap(),
            access,
        }
    }

    /// A cryptogram: `TAVV` for a long one, `DTVV` for a short one.
    pub(super) async fn cryptogram(&self, token: &Token, kind: &str) -> String {
        self.cryptogram_with(token, &json!({ "cryptogram_type": kind }))
            .await
    }

    pub(super) async fn cryptogram_with(&self, token: &Token, wanted: &Value) -> String {
        let ask = Ask::post(format!("/cards/{}/cryptogram", token.card));
        let ask = ask.bearer(&token.access).attributes(wanted);
        let answer = self.send(ask).await.expect(200);
        answer.at("/data/attributes/cryptogram/value")
    }

    /// Lets the issuer do something to a token.
    pub(super) async fn event(&self, token: &Token, event: &str) {
        let ask = Ask::post(format!("/_standin/tokens/{}/events", token.reference));
        self.send(ask.json(&json!({ "event": event })))
            .await
            .expect(200);
    }
}

impl Token {
    /// What our own API wants in `network_token`.
    pub(super) fn presented(&self, cryptogram: Option<&str>) -> Value {
        let mut object = json!({
            "number": self.number, "exp_month": self.month, "exp_year": self.year,
        });
        if let Some(cryptogram) = cryptogram {
            object["cryptogram"] = cryptogram.into();
        }
        object
    }

    /// What a form wants where a card's number and security code would go.
    pub(super) fn as_card(&self, code: &str) -> Value {
        json!({
            "number": self.number, "exp_month": self.month, "exp_year": self.year, "security_code": code,
        })
    }
}
