//! The decision table on the wire: for every row that can be brought about from outside, what each payment service
//! answers. Which of several faults answers is pinned by the pure table; an answer depends on the reason, the network
//! and the field of the proof, and on nothing else.

use std::fmt::Write as _;

use serde_json::json;
use standin::domain::card::with_check_digit;
use standin::domain::persona::{Outcome, Personas};
use standin::operations::settings::Settings;

use super::psp::{Psp, Purchase};
use super::shop::{MASTERCARD, Shop, Token, VISA};
use crate::client::{Ask, options};
use crate::story::compare;

/// Rows and the kinds of payment that they are shown with.
const ROWS: [(&str, &[&str]); 30] = [
    ("unknown_token", &["long", "short", "merchant"]),
    ("unknown_card", &["short"]),
    ("inactive", &["long"]),
    ("suspended", &["long", "short", "merchant"]),
    ("deleted", &["long", "short", "merchant"]),
    ("expiry_mismatch", &["long", "short", "merchant"]),
    ("expired", &["long"]),
    ("domain_mismatch", &["long", "short", "merchant"]),
    ("cryptogram_missing", &["long"]),
    ("cryptogram_wrong_kind", &["long", "short"]),
    ("cryptogram_locked", &["short"]),
    ("cryptogram_invalid", &["long", "short"]),
    ("cryptogram_expired", &["long", "short"]),
    ("cryptogram_replayed", &["long", "short"]),
    ("currency_mismatch", &["long", "short"]),
    ("amount_exceeded", &["long", "short"]),
    ("nti_missing", &["merchant"]),
    ("nti_unknown", &["merchant"]),
    ("nti_not_approved", &["merchant"]),
    ("nti_foreign", &["merchant"]),
    ("tlid_missing", &["merchant"]),
    ("tlid_mismatch", &["merchant"]),
    ("lost", &["long"]),
    ("stolen", &["long"]),
    ("suspected_fraud", &["long"]),
    ("step_up_required", &["long"]),
    ("do_not_honour", &["long"]),
    ("insufficient_funds", &["long"]),
    ("velocity_exceeded", &["long"]),
    ("issuer_unavailable", &["long"]),
];

/// One payment, to be spoilt.
struct Case<'a> {
    shop: Shop,
    pan: &'a str,
    reason: &'a str,
    kind: &'a str,
}

impl Case<'_> {
    /// A purchase that is declined for the reason, and the merchant that it is made at.
    async fn stage(&self) -> (&'static str, Purchase) {
        let pan = if self.reason == "inactive" {
            inactive(self.pan)
        } else {
            self.pan.to_owned()
        };
        let token = self.shop.token(&pan).await;
        let mut purchase = self.purchase(&token).await;
        let merchant = if self.reason == "domain_mismatch" {
            "other"
        } else {
            "standin"
        };
        self.spoil(&token, &mut purchase).await;
        (merchant, purchase)
    }

    async fn purchase(&self, token: &Token) -> Purchase {
        // No cryptogram can be had of a token that is not active yet; which one comes matters to no higher row.
        if self.reason == "inactive" {
            return Purchase::long(token, "AAAA");
        }
        let amount = match self.reason {
            "currency_mismatch" => json!({ "amount": 25.0, "currency_code": "EUR" }),
            "amount_exceeded" => json!({ "amount": 24.99, "currency_code": "USD" }),
            _ => json!({}),
        };
        let mut wanted = amount;
        match self.kind {
            "long" => {
                wanted["cryptogram_type"] = "TAVV".into();
                Purchase::long(token, &self.shop.cryptogram_with(token, &wanted).await)
            }
            "short" => {
                wanted["cryptogram_type"] = "DTVV".into();
                Purchase::short(token, &self.shop.cryptogram_with(token, &wanted).await)
            }
            "merchant" => {
                let cryptogram = self.shop.cryptogram(token, "TAVV").await;
                let first = self
                    .shop
                    .pay(Psp::Own, &Purchase::long(token, &cryptogram))
                    .await;
                Purchase::merchant(token, first.nti.as_deref(), first.tlid.as_deref())
            }
            other => panic!("{other} is no kind of payment"),
        }
    }

    async fn spoil(&self, token: &Token, purchase: &mut Purchase) {
        match self.reason {
            "unknown_token" => {
                let range = if self.pan == VISA {
                    "489537001678198"
                } else {
                    "548012345678901"
                };
                purchase.number = with_check_digit(range);
            }
            "unknown_card" => {
                purchase.number.replace_range(..6, &self.pan[..6]);
                purchase.number.pop();
                purchase.number = with_check_digit(&purchase.number);
            }
            "inactive" | "domain_mismatch" | "currency_mismatch" | "amount_exceeded" => {}
            "suspended" => self.shop.event(token, "suspend").await,
            "deleted" => self.shop.event(token, "delete").await,
            "expiry_mismatch" => purchase.year += 1,
            "expired" => self.shop.advance("1826d").await,
            "cryptogram_missing" => purchase.cryptogram = None,
            "cryptogram_wrong_kind" => {
                let Purchase {
                    cryptogram, code, ..
                } = purchase;
                let other = if self.kind == "long" { "DTVV" } else { "TAVV" };
                let other = self.shop.cryptogram(token, other).await;
                *(if self.kind == "long" {
                    cryptogram
                } else {
                    code
                }) = Some(other);
            }
            "cryptogram_locked" => {
                let right: u32 = purchase.code.as_ref().unwrap().parse().unwrap();
                for wrong in 1..=3 {
                    let code = format!("{:03}", (right + wrong) % 1_000);
                    let guess = Purchase::short(token, &code);
                    assert!(!self.shop.pay(Psp::Own, &guess).await.approved);
                }
            }
            "cryptogram_invalid" if self.kind == "long" => {
                purchase.cryptogram = Some("AgAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned());
            }
            "cryptogram_invalid" => {
                let code: u32 = purchase.code.as_ref().unwrap().parse().unwrap();
                purchase.code = Some(format!("{:03}", (code + 1) % 1_000));
            }
            "cryptogram_expired" => self.shop.advance("86401s").await,
            "cryptogram_replayed" => assert!(self.shop.pay(Psp::Own, purchase).await.approved),
            "nti_missing" => purchase.nti = None,
            "nti_unknown" => purchase.nti = Some("123456789012345".to_owned()),
            "nti_not_approved" => purchase.nti = Some(self.declined_nti(token).await),
            "nti_foreign" => {
                let other = self
                    .shop
                    .token(if self.pan == VISA { MASTERCARD } else { VISA })
                    .await;
                let cryptogram = self.shop.cryptogram(&other, "TAVV").await;
                purchase.nti = self
                    .shop
                    .pay(Psp::Own, &Purchase::long(&other, &cryptogram))
                    .await
                    .nti;
            }
            "tlid_missing" => purchase.tlid = None,
            "tlid_mismatch" => purchase.tlid = Some("not-the-one-0123456789".to_owned()),
            _ => purchase.minor = trigger(self.reason),
        }
    }

    /// The network's id of a payment that it declined, which only an inspector learns.
    async fn declined_nti(&self, token: &Token) -> String {
        let mut declined = Purchase::long(token, "AgAAAAAAAAAAAAAAAAAAAAAAAAA=");
        declined.later = true;
        let id = self.shop.pay(Psp::Own, &declined).await.id.unwrap();
        let seen = self
            .shop
            .send(Ask::get(format!("/_standin/payments/{id}")))
            .await;
        seen.expect(200).at("/network_transaction_id")
    }
}

/// The amount that makes the issuer answer so.
fn trigger(reason: &str) -> u64 {
    match reason {
        "step_up_required" => 990_001,
        "do_not_honour" => 990_005,
        "lost" => 990_041,
        "stolen" => 990_043,
        "insufficient_funds" => 990_051,
        "suspected_fraud" => 990_059,
        "velocity_exceeded" => 990_065,
        "issuer_unavailable" => 990_091,
        other => panic!("no amount makes an issuer answer {other}"),
    }
}

/// A card of the same network whose token waits for the cardholder to be verified.
fn inactive(pan: &str) -> String {
    let personas = Personas::parse(include_str!("../../../fixtures/cards.toml")).unwrap();
    let mut cards = personas.cards().iter();
    let same_network = |number: &String| number.starts_with(&pan[..1]);
    let found = cards.find_map(|card| {
        let number = card.pan.clone().filter(same_network)?;
        (card.provisioning == Outcome::StepUp).then_some(number)
    });
    found.unwrap()
}

async fn table(pan: &str, name: &str) {
    let strict = Settings::parse(
        "[payments]\ntransaction_link = \"strict\"\n[cryptograms]\nguesses = { wrong = 3, locked_for = \"1h\" }\n",
    )
    .unwrap();
    let shop = Shop::open_with(standin::server::Options {
        settings: strict,
        ..options()
    })
    .await;
    let mut text = String::new();
    for (reason, kinds) in ROWS {
        if reason.starts_with("tlid") && pan == VISA {
            continue;
        }
        for kind in kinds {
            writeln!(text, "{reason}, {kind}").unwrap();
            for psp in Psp::ALL {
                let space = shop.in_space(&format!("{reason}-{kind}-{}", psp.name()));
                let case = Case {
                    shop: space.clone(),
                    pan,
                    reason,
                    kind,
                };
                let (merchant, purchase) = case.stage().await;
                let said = space.pay_at(psp, merchant, &purchase).await;
                writeln!(text, "    {:<10}{}", psp.name(), said.line).unwrap();
                assert!(
                    !said.approved,
                    "{reason} {kind} {}: {}",
                    psp.name(),
                    said.line
                );
                assert_eq!(case.inner_reason().await, reason, "{kind} {}", psp.name());
            }
        }
    }
    compare("payment", name, &text);
}

impl Case<'_> {
    /// Why the last call was refused, as the journal has it.
    async fn inner_reason(&self) -> String {
        let journal = self
            .shop
            .send(Ask::get("/_standin/journal?rows=1"))
            .await
            .expect(200);
        journal.at("/entries/0/reason")
    }
}

#[tokio::test]
async fn every_row_on_the_wire_over_visa() {
    table(VISA, "wire_visa").await;
}

#[tokio::test]
async fn every_row_on_the_wire_over_mastercard() {
    table(MASTERCARD, "wire_mastercard").await;
}
