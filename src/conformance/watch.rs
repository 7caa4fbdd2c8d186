//! Every answer of a run is searched for what it must not hold: card numbers, security codes and the cryptograms that its scenario
//! was given. What was found is no failure of the scenario that happened to ask; a check of its own tells it, one for each kind of
//! place.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::binding::Operation;
use super::codes::Codes;
use super::http::{Answer, Exchange, Notation, Sent};
use super::listener::Message;
use super::masked::shows_too_much;
use super::search::{SHORT_MAX, Search, Secret, take_out, texts_of};
use super::target::TestCard;
use super::world::World;
use crate::report::Secrets;

/// A kind of place in which something may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WatchedPlace {
    Tokens,
    Cards,
    Lists,
    Payments,
    Errors,
    PaymentErrors,
    Headers,
    Webhooks,
}

/// What was found in an answer.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) what: &'static str,
    pub(crate) check: String,
    pub(crate) exchange: Exchange,
    /// What must not be shown of it.
    pub(crate) secrets: Secrets,
}

/// What has been looked at in the places of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looked {
    pub(crate) answers: usize,
    /// The one that comes first by the name of its check, so that it is the same in every run.
    pub(crate) finding: Option<Finding>,
}

/// See the module. All scenarios of a run share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    numbers: Arc<Search>,
    /// The same, as they are.
    pans: Arc<[String]>,
    looked: Arc<Mutex<BTreeMap<(String, WatchedPlace), Looked>>>,
}

impl Watch {
    pub(crate) fn new(cards: &[TestCard]) -> Self {
        let numbers = cards.iter().map(|card| ("a card number", card.pan.clone()));
        let numbers: Vec<Secret> = numbers.collect();
        Self {
            numbers: Arc::new(Search::new(&numbers)),
            pans: cards.iter().map(|card| card.pan.clone()).collect(),
            looked: Arc::default(),
        }
    }

    /// What has been looked at over a binding.
    pub(crate) fn looked(&self, over: &str, place: WatchedPlace) -> Looked {
        let key = (over_of(over, place), place);
        self.looked.lock().get(&key).cloned().unwrap_or_default()
    }

    /// Looks at everything that was said in a scenario over a binding.
    pub(crate) fn look(&self, world: &World, over: &str, check: &str) {
        let own = Own::of(world);
        for (at, exchange) in world.talk.exchanges.iter().enumerate() {
            let (Some(operation), Ok(answer)) = (exchange.about, &exchange.answer) else {
                continue;
            };
            let status = world.status_meant(operation, answer);
            if let Some(place) = place_of(operation, status) {
                // Only the answer that issues a cryptogram holds it.
                let kinds = [Operation::CryptogramLong, Operation::CryptogramShort];
                let may_hold = MayHold {
                    numbers: world.talk.may_tell.contains(&at),
                    cryptograms: kinds.contains(&operation) && status < 400,
                };
                let found = self.in_body(&own, answer, may_hold);
                let found = found.map(|what| (what, exchange));
                self.note(over, place, found, world, check);
            }
            let found = self.in_headers(&own, answer);
            let found = found.map(|what| (what, exchange));
            self.note(over, WatchedPlace::Headers, found, world, check);
        }
        let Some(registered) = &world.registered else {
            return;
        };
        for message in registered.listener.arrived() {
            let told = came(&message);
            let Ok(answer) = &told.answer else { continue };
            let found = self.in_headers(&own, answer);
            let found = found.or_else(|| self.in_body(&own, answer, MayHold::default()));
            self.note(
                over,
                WatchedPlace::Webhooks,
                found.map(|what| (what, &told)),
                world,
                check,
            );
        }
    }

    fn in_headers(&self, own: &Own, answer: &Answer) -> Option<&'static str> {
        let mut values = answer.headers.iter().map(|(_, value)| value);
        values.find_map(|value| self.in_text(own, value, true))
    }

    fn in_body(&self, own: &Own, answer: &Answer, may_hold: MayHold) -> Option<&'static str> {
        let (vault, issued) = (may_hold.numbers, may_hold.cryptograms);
        let mut body = answer.body.clone();
        let mut documents = Notation::ALL
            .into_iter()
            .filter_map(|it| it.read(&answer.body));
        let document = documents.next();
        if vault && let Some(mut document) = document.clone() {
            // A list of cards on file shows those of other scenarios too.
            for pan in &*self.pans {
                take_out(&mut document, pan);
            }
            body = document.to_string();
        }
        let plain = self.in_text(own, &body, !issued);
        // What stands there as an escape.
        let escaped = || {
            let document = document
                .as_ref()
                .filter(|_| !vault && body.contains(['\\', '&', '%']))?;
            let mut texts = Vec::new();
            texts_of(document, &mut texts);
            let mut texts = texts.iter();
            texts.find_map(|text| self.in_text(own, text, !issued))
        };
        let code = || own.codes.told_in(document.as_ref()?);
        plain.or_else(escaped).or_else(code)
    }

    fn in_text(&self, own: &Own, text: &str, cryptograms: bool) -> Option<&'static str> {
        let known = self.numbers.find(text);
        let masked = || {
            let mut cards = own.cards.iter();
            let plain = cards.any(|card| shows_too_much(text, &card.pan));
            plain.then_some("more of a card number than may be shown")
        };
        let issued = || own.cryptograms.find(text).filter(|_| cryptograms);
        known.or_else(masked).or_else(issued)
    }

    fn note(
        &self,
        over: &str,
        place: WatchedPlace,
        found: Option<(&'static str, &Exchange)>,
        world: &World,
        check: &str,
    ) {
        let mut all = self.looked.lock();
        let looked = all.entry((over_of(over, place), place)).or_default();
        looked.answers += 1;
        let Some((what, exchange)) = found else {
            return;
        };
        let is_first = |known: &Finding| check < known.check.as_str();
        if looked.finding.as_ref().is_none_or(is_first) {
            looked.finding = Some(Finding {
                what,
                check: check.to_owned(),
                exchange: exchange.clone(),
                secrets: world.talk.secrets.clone(),
            });
        }
    }
}

/// What an answer is there to tell.
#[derive(Clone, Copy, Default)]
struct MayHold {
    numbers: bool,
    cryptograms: bool,
}

/// What is of one scenario.
struct Own {
    cards: Vec<TestCard>,
    codes: Codes,
    cryptograms: Search,
}

impl Own {
    fn of(world: &World) -> Self {
        let long = world
            .cryptograms
            .iter()
            .filter(|value| value.len() > SHORT_MAX);
        let issued: Vec<Secret> = long.map(|value| ("a cryptogram", value.clone())).collect();
        Self {
            cards: world.taken.clone(),
            codes: Codes::of(world),
            cryptograms: Search::new(&issued),
        }
    }
}

/// Payments are told of the pair in which they are made, everything else of what mints the tokens.
fn over_of(over: &str, place: WatchedPlace) -> String {
    let of_payment = matches!(place, WatchedPlace::Payments | WatchedPlace::PaymentErrors);
    let gateway = over.split('+').next().unwrap_or(over);
    if of_payment { over } else { gateway }.to_owned()
}

fn place_of(operation: Operation, status: u16) -> Option<WatchedPlace> {
    let failed = status >= 400;
    let place = match operation {
        Operation::Control(_) => return None,
        Operation::Psp(_) if failed => return Some(WatchedPlace::PaymentErrors),
        Operation::Psp(_) => WatchedPlace::Payments,
        Operation::List | Operation::ListCards => WatchedPlace::Lists,
        Operation::Store | Operation::DeleteCard => WatchedPlace::Cards,
        Operation::Enrol
        | Operation::Read
        | Operation::CryptogramLong
        | Operation::CryptogramShort
        | Operation::Delete
        | Operation::UpdateCard
        | Operation::Suspend
        | Operation::Resume => WatchedPlace::Tokens,
    };
    Some(if failed { WatchedPlace::Errors } else { place })
}

/// A webhook as an exchange.
fn came(message: &Message) -> Exchange {
    Exchange {
        about: None,
        step: 0,
        put_off: Vec::new(),
        sent: Sent::new("POST", "webhook"),
        answer: Ok(message.as_answer()),
        elapsed: std::time::Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::super::binding::Psp;
    use super::super::scripted::{self, PAYING, Said};
    use super::super::world::Who;
    use super::*;

    /// What is found where, when a payment and then a cryptogram are answered so.
    async fn found(paid: Said, proof: Said) -> Vec<(WatchedPlace, &'static str)> {
        let answers: &'static [Said] = Vec::leak(vec![proof, paid]);
        let mut world = scripted::world(PAYING, answers).await;
        let mut card = world.card(Who::One).unwrap().card.clone();
        card.pan = "4111111111111111".to_owned();
        card.cvc = Some("737".to_owned());
        let watch = Watch::new(&[card.clone()]);
        world.taken = vec![card];
        for operation in [Operation::CryptogramLong, Operation::Psp(Psp::Long)] {
            world.perform(operation, Who::One).await.unwrap();
        }
        watch.look(&world, "mine", "a.check/mine");
        let places = [
            WatchedPlace::Tokens,
            WatchedPlace::Payments,
            WatchedPlace::PaymentErrors,
            WatchedPlace::Errors,
            WatchedPlace::Headers,
        ];
        let all = places.into_iter().filter_map(|place| {
            let what = watch.looked("mine", place).finding?.what;
            Some((place, what))
        });
        all.collect()
    }

    #[tokio::test]
    async fn what_nobody_may_read_is_found_where_it_stands_and_nothing_else_is() {
        type Row = (Said, Said, Vec<(WatchedPlace, &'static str)>);
        const PROOF: Said = (200, r#"{"proof":"AAECAwQFBgcICQoLDA0ODw=="}"#);
        let number = "a card number";
        let rows: [Row; 8] = [
            (
                (
                    200,
                    r#"{"paid":"yes","card":"411111******1111","code":"737","last4":"1111"}"#,
                ),
                PROOF,
                vec![],
            ),
            (
                (200, r#"{"paid":"yes","note":"4111 1111 1111 1111"}"#),
                PROOF,
                vec![(WatchedPlace::Payments, number)],
            ),
            // In a longer run of digits, too.
            (
                (422, r#"{"pan":"\u00344111111111111111"}"#),
                PROOF,
                vec![(WatchedPlace::PaymentErrors, number)],
            ),
            (
                (422, r#"{"pan":"\u0034111111111111111"}"#),
                PROOF,
                vec![(WatchedPlace::PaymentErrors, number)],
            ),
            (
                (200, r#"{"paid":"yes","proof":"AAECAwQFBgcICQoLDA0ODw=="}"#),
                PROOF,
                vec![(WatchedPlace::Payments, "a cryptogram")],
            ),
            (
                (200, r#"{"paid":"yes","card":{"securityCode":737}}"#),
                PROOF,
                vec![(WatchedPlace::Payments, "the security code")],
            ),
            (
                (200, r#"{"paid":"yes"}"#),
                (
                    200,
                    r#"{"proof":"AAECAwQFBgcICQoLDA0ODw==","of":"NDExMTExMTExMTExMTExMQ=="}"#,
                ),
                vec![(WatchedPlace::Tokens, number)],
            ),
            (
                (200, r#"{"paid":"yes","pan":"4111111111**1111"}"#),
                PROOF,
                vec![(
                    WatchedPlace::Payments,
                    "more of a card number than may be shown",
                )],
            ),
        ];
        for (paid, proof, wanted) in rows {
            assert_eq!(found(paid, proof).await, wanted, "{paid:?} {proof:?}");
        }
    }
}
