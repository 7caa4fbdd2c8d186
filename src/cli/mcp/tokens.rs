//! Network tokens, their cryptograms, and what issuers and networks do to them.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::config_args::AccountsArg;
use super::super::remote::part;
use super::door::Door;
use super::tools::{Effect, Row, Told};
use crate::domain::account::Account;
use crate::domain::money::Currency;
use crate::domain::words::unknown;

const TOKEN_PATH: &str = "/auth/realms/vgs/protocol/openid-connect/token";
const JSON_API: &str = "application/vnd.api+json";
/// Whose tokens are made when nobody is named: it has a token when it asks for one.
const CLIENT: &str = "standin-manual";

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "create_token",
            "Vault a test card and ask the network for its token, as a client of the gateway does. Answers with card_id, \
             token_reference, the token's number and its expiry, ready for create_cryptogram and pay.",
            Effect::Adds,
            create,
        ),
        Row::new(
            "create_cryptogram",
            "Mint a one-time cryptogram for the token of a vaulted card: `long` (20 bytes in base64, for a cryptogram field) or \
             `short` (three digits, for a security-code field). Each is good for one payment of the customer's.",
            Effect::Adds,
            cryptogram,
        ),
        Row::new(
            "list_tokens",
            "The tokens of the space as the network keeps them, with state, expiry and how many cryptograms were minted. \
             Give `token` for one of them, and `after` (the `next` of an answer) for the next page.",
            Effect::Reads,
            list,
        ),
        Row::new(
            "change_token",
            "Make something happen to a token, or to a vaulted card, as its issuer or network would: suspend, resume, delete, \
             activate, update_expiry, replace_pan, close_account; of cards also expired, non_participating, \
             contact_cardholder. Webhooks are sent as for the real event.",
            Effect::Changes,
            change,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// A test card number of list_test_cards; 4111111111111111 when not given.
    card_number: Option<String>,
    /// Month of the card's expiry; 12 when not given.
    #[schemars(range(min = 1, max = 12))]
    exp_month: Option<u8>,
    /// Year of the card's expiry in four digits; 2034 when not given.
    exp_year: Option<u16>,
    /// The service account that asks: standin-manual when not given. A merchant can only spend the tokens of its account.
    client: Option<String>,
}

/// A caller of the gateway with its access token.
struct Gateway<'a> {
    door: &'a Door,
    bearer: String,
}

async fn create(door: Door, wanted: NewToken) -> Told {
    let gateway = Gateway::enter(&door, wanted.client.as_deref()).await?;
    let card = json!({ "data": { "attributes": {
        "pan": wanted.card_number.as_deref().unwrap_or("4111111111111111"),
        "exp_month": wanted.exp_month.unwrap_or(12),
        "exp_year": wanted.exp_year.unwrap_or(2034) % 100,
    }}});
    let card = gateway.post("/cards", &card).await?;
    let card_id = card["data"]["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/cards/{}/network-tokens", part(&card_id));
    let token = gateway.post(&path, &json!({})).await;
    let token = token
        .map_err(|why| format!("the card is vaulted as {card_id}, and has no token: {why}"))?;
    let told = &token["data"]["attributes"];
    Ok(json!({
        "card_id": card_id,
        "token_reference": token["data"]["id"],
        "number": told["network_token"],
        "exp_month": told["exp_month"],
        "exp_year": full_year(&told["exp_year"]),
        "state": told["state"],
        "payment_account_reference": told["payment_account_reference"],
    }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCryptogram {
    /// The vaulted card, as create_token answered it: CRD…
    card_id: String,
    /// `long` or `short`; long when not given.
    kind: Option<String>,
    /// The most that it may pay, in minor units. Only a long one carries it, and `currency` goes with it.
    amount: Option<u32>,
    /// Three letters, such as USD.
    currency: Option<String>,
    /// The service account that asks; standin-manual when not given.
    client: Option<String>,
}

async fn cryptogram(door: Door, wanted: NewCryptogram) -> Told {
    let mut asked = json!({ "cryptogram_type": match wanted.kind.as_deref() {
        None | Some("long") => "TAVV",
        Some("short") => "DTVV",
        Some(other) => return Err(format!("kind: {}", unknown(other, &["long", "short"]))),
    }});
    match (wanted.amount, &wanted.currency) {
        (None, None) => {}
        (Some(minor), Some(code)) => {
            let currency = Currency::parse(code).map_err(|error| format!("currency: {error}"))?;
            let decimals = i32::try_from(currency.decimals()).unwrap_or_default();
            asked["amount"] = json!(f64::from(minor) / 10_f64.powi(decimals));
            asked["currency_code"] = json!(code);
        }
        (Some(_), None) | (None, Some(_)) => {
            return Err("amount and currency go together".to_owned());
        }
    }
    let gateway = Gateway::enter(&door, wanted.client.as_deref()).await?;
    let path = format!("/cards/{}/cryptogram", part(&wanted.card_id));
    let answer = gateway
        .post(&path, &json!({ "data": { "attributes": asked } }))
        .await?;
    let told = &answer["data"]["attributes"];
    Ok(json!({
        "cryptogram": told["cryptogram"]["value"],
        "type": told["cryptogram"]["type"],
        "eci": told["cryptogram"]["eci"],
        "token_reference": answer["data"]["id"],
        "number": told["network_token"],
        "exp_month": told["exp_month"],
        "exp_year": full_year(&told["exp_year"]),
    }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichTokens {
    /// Only this one: NTK…, or its name at a network.
    token: Option<String>,
    /// Only those after this reference.
    after: Option<String>,
}

async fn list(door: Door, wanted: WhichTokens) -> Told {
    match (wanted.token, wanted.after) {
        (Some(token), _) => door.get(&format!("tokens/{}", part(&token))).await,
        (None, Some(after)) => door.get(&format!("tokens?after={}", part(&after))).await,
        (None, None) => door.get("tokens").await,
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// What happens: suspend, resume, delete, activate, update_expiry, replace_pan, close_account, …
    event: String,
    /// The token it happens to: NTK… Give this or `card`.
    token: Option<String>,
    /// The vaulted card it happens to: CRD…
    card: Option<String>,
    /// Who does it: issuer, network, requestor or cardholder; the issuer when not given. Only with `token`.
    by: Option<String>,
    /// The new expiry's month, with update_expiry and replace_pan.
    #[schemars(range(min = 1, max = 12))]
    exp_month: Option<u8>,
    /// The new expiry's year in four digits.
    exp_year: Option<u16>,
    /// The new number, with replace_pan; one is made when none is given.
    card_number: Option<String>,
}

async fn change(door: Door, wanted: Change) -> Told {
    let mut body = json!({ "event": wanted.event.replace('-', "_") });
    if let Some(by) = &wanted.by {
        body["by"] = json!(by);
    }
    match (wanted.exp_month, wanted.exp_year) {
        (None, None) => {}
        (Some(month), Some(year)) => body["expiry"] = json!({ "month": month, "year": year }),
        (Some(_), None) | (None, Some(_)) => {
            return Err("exp_month and exp_year go together".to_owned());
        }
    }
    if let Some(number) = &wanted.card_number {
        body["pan"] = json!(number);
    }
    let path = match (&wanted.token, &wanted.card) {
        (Some(token), None) => format!("tokens/{}/events", part(token)),
        (None, Some(card)) => format!("cards/{}/events", part(card)),
        (None, None) | (Some(_), Some(_)) => {
            return Err("give token or card, and not both".to_owned());
        }
    };
    door.post(&path, &body).await
}

/// The gateway writes years in two digits.
fn full_year(year: &Value) -> Option<u64> {
    let year = year.as_u64()?;
    Some(if year < 100 { 2000 + year } else { year })
}

impl<'a> Gateway<'a> {
    /// Gets an access token for a service account that comes with standin.
    async fn enter(door: &'a Door, client: Option<&str>) -> Result<Self, String> {
        let accounts = AccountsArg::default().accounts()?;
        let client = client.unwrap_or(CLIENT);
        let account = accounts.find(client).map(|(_, account)| account);
        let account: &Account = account.ok_or_else(|| {
            let known: Vec<_> = accounts
                .iter()
                .map(|(_, one)| one.client_id.as_str())
                .collect();
            format!("client: {}", unknown(client, &known))
        })?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &account.client_id)
            .append_pair("client_secret", &account.client_secret)
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = door
            .remote
            .exchange(Method::POST, TOKEN_PATH, &headers, form)
            .await?;
        let given = answer.told_whole()?;
        let token = given["access_token"].as_str();
        let token = token.ok_or_else(|| format!("{client} got no access token: {given}"))?;
        let bearer = format!("Bearer {token}");
        Ok(Self { door, bearer })
    }

    async fn post(&self, path: &str, body: &Value) -> Told {
        let headers = [
            ("content-type", JSON_API),
            ("authorization", self.bearer.as_str()),
        ];
        let answer = self
            .door
            .remote
            .exchange(Method::POST, path, &headers, body.to_string())
            .await?;
        answer.told_whole()
    }
}
