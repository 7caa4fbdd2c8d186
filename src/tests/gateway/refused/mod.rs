//! Requests that are wrong in one way each, and what each is answered: the documented status, in the surface's own words,
//! with the member named.

pub(super) mod acp;
mod adyen;
mod calm;
mod checkout_com;
mod cmp;
mod control;
mod hyperswitch;
mod mastercard;
mod mastercard_checkout;
mod oauth;
mod payments;
mod stripe;
mod table;
mod vault;
mod visa;

use serde_json::{Value, json};
use standin::domain::surface::SurfaceName;

use crate::client::{Ask, JSON, JSON_API, Stand};
use crate::gateway::bought::Bought;
use crate::gateway::document::Document;
use crate::merchant::keyed;

/// One wrong request.
struct Row {
    what: String,
    ask: Ask,
    status: u16,
    /// Stands in the answer.
    says: String,
}

/// Stands for an answer without a body.
const NOTHING: &str = "nothing";

fn row(what: &str, ask: Ask, status: u16, says: &str) -> Row {
    Row {
        what: what.to_owned(),
        ask,
        status,
        says: says.to_owned(),
    }
}

/// A server with something in it, and every kind of token.
struct Scene {
    stand: Stand,
    /// A token with every right.
    all: String,
    /// One of another account.
    foreign: String,
    /// One for another space, used by way of a prefix.
    elsewhere: String,
    /// One whose signature is another one's.
    forged: String,
    expired: String,
    /// `/cards/CRD…`; the card has a token.
    card: String,
    /// Another one, whose token is deleted.
    tokenless: String,
    alias: String,
    reference: String,
    /// Payments of `standin-merchant`.
    bought: Bought,
}

impl Scene {
    async fn set() -> Self {
        let stand = Stand::start(keyed()).await;
        let client = stand.client.clone();
        let expired = client.token("standin-manual", None).await;
        client.advance("", "PT20M").await;
        let all = client.token("standin-manual", None).await;
        let foreign = client.token("standin-unique", None).await;
        let elsewhere = client.token("standin-manual@elsewhere", None).await;
        let (head, _) = all.rsplit_once('.').unwrap();
        let forged = format!("{head}.{}", foreign.rsplit_once('.').unwrap().1);
        let create = |pan: &str| {
            let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
            client.send(Ask::post("/cards").bearer(&all).attributes(&attributes))
        };
        let created = create("4111111111111111").await.expect(201);
        let card = format!("/cards/{}", created.at("/data/id"));
        let provision = Ask::post(format!("{card}/network-tokens")).bearer(&all);
        let reference = client.send(provision).await.expect(200).at("/data/id");
        let other = create("5555555555554444").await.expect(201);
        let bought = Bought::make(&client, "").await;
        Self {
            bought,
            card,
            tokenless: format!("/cards/{}", other.at("/data/id")),
            alias: created.at("/data/attributes/pan_alias"),
            reference,
            stand,
            all,
            foreign,
            elsewhere,
            forged,
            expired,
        }
    }

    async fn narrow(&self, scope: &str) -> String {
        self.stand.client.token("standin-manual", Some(scope)).await
    }

    /// The five ways of not being let in.
    fn strangers(&self, ask: impl Fn() -> Ask) -> Vec<Row> {
        let elsewhere = Ask {
            path: format!("/~default{}", ask().path),
            ..ask()
        };
        vec![
            row("no token", ask(), 401, "Authorization header"),
            row(
                "another scheme",
                ask().header("authorization", "Basic eDp5"),
                401,
                "Bearer",
            ),
            row(
                "no token at all",
                ask().bearer("x.y"),
                401,
                "not a token that this server signed",
            ),
            row(
                "a forged token",
                ask().bearer(&self.forged),
                401,
                "not a token that this server signed",
            ),
            row(
                "an expired token",
                ask().bearer(&self.expired),
                401,
                "has expired",
            ),
            row(
                "a token of another space",
                elsewhere.bearer(&self.elsewhere),
                401,
                "another space",
            ),
        ]
    }

    async fn try_all(&self, rows: Vec<Row>, kind: &str) -> usize {
        let document = Document::of(&self.stand.client).await;
        let before = self.records().await;
        for Row {
            what,
            ask,
            status,
            says,
        } in &rows
        {
            let answer = self.stand.send(ask.clone()).await;
            let shown = format!(
                "{what}: {} {}: {} {}",
                ask.method,
                ask.path,
                answer.status,
                answer.text()
            );
            assert_eq!(answer.status, *status, "{shown}");
            let said = if says == NOTHING {
                answer.body.is_empty()
            } else {
                answer.text().contains(says.as_str())
            };
            assert!(said, "{shown} does not say {says:?}");
            let kind = Some(kind).filter(|_| !answer.body.is_empty());
            assert_eq!(answer.header("content-type"), kind, "{shown}");
            document.check(ask, &answer);
        }
        assert_eq!(self.records().await, before, "something was half done");
        rows.len()
    }

    /// Every token and payment.
    async fn records(&self) -> [Value; 2] {
        let read = async |what: &str| {
            let ask = Ask::get(format!("/_standin/{what}"));
            self.stand.send(ask).await.expect(200).json()
        };
        [read("tokens").await, read("payments").await]
    }
}

/// Nested deeper than any parser should follow.
fn deep() -> String {
    format!("{}{}", r#"{"data":"#.repeat(10_000), "}".repeat(10_000))
}

/// One byte more than a body may have.
fn huge() -> String {
    let around = r#"{"data":""}"#.len();
    format!(r#"{{"data":"{}"}}"#, "x".repeat(1024 * 1024 + 1 - around))
}

/// All in one test, so that their number is known; it takes a second because a server is set up for each surface.
#[tokio::test]
async fn every_wrong_request_is_refused_in_the_surfaces_words() {
    let mut count = 0;
    let scene = Scene::set().await;
    for surface in SurfaceName::ALL.iter().copied() {
        let rows = match surface {
            SurfaceName::OAuth => oauth::rows(&scene),
            SurfaceName::Cmp => cmp::rows(&scene).await,
            SurfaceName::Calm => calm::rows(&scene).await,
            SurfaceName::Vault => vault::rows(&scene).await,
            SurfaceName::Payments => payments::rows(&scene),
            SurfaceName::Stripe => stripe::rows(&scene),
            SurfaceName::Adyen => adyen::rows(&scene),
            SurfaceName::CheckoutCom => checkout_com::rows(&scene),
            SurfaceName::Visa => visa::rows(&scene).await,
            SurfaceName::Mastercard => mastercard::rows(&scene).await,
            SurfaceName::MastercardCheckout => mastercard_checkout::rows(&scene).await,
            SurfaceName::Acp => acp::rows(&scene),
            SurfaceName::Hyperswitch => hyperswitch::rows(&scene),
        };
        let media_type = if surface == SurfaceName::Cmp {
            JSON_API
        } else {
            JSON
        };
        let tried = scene.try_all(rows, media_type).await;
        // Those with fewer members and no payments have fewer ways to be wrong.
        let least = match surface {
            SurfaceName::OAuth | SurfaceName::Cmp | SurfaceName::Calm | SurfaceName::Vault => 20,
            SurfaceName::Payments
            | SurfaceName::Stripe
            | SurfaceName::Adyen
            | SurfaceName::CheckoutCom
            | SurfaceName::Visa
            | SurfaceName::Mastercard
            | SurfaceName::MastercardCheckout
            | SurfaceName::Acp
            | SurfaceName::Hyperswitch => 30,
        };
        assert!(tried >= least, "{}: {tried}", surface.word());
        count += tried;
    }
    count += scene.try_all(control::rows(&scene), JSON).await;
    assert!(count >= 360, "{count}");
}
