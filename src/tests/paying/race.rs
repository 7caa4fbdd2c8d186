//! Many clients at once. One cryptogram has one winner, and every recorded history has an order in which it could have
//! happened one call after another.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::psp::{Psp, Purchase};
use super::shop::{Shop, Token, VISA};

const CLIENTS: usize = 64;
const ROUNDS: usize = 200;
/// Further rounds, in which the issuer suspends the token and resumes it meanwhile.
const HELD_ROUNDS: usize = 40;

/// What a call did to the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// A spend of the one cryptogram, and why it was declined.
    Spend(Outcome),
    Suspend,
    Resume,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Approved,
    Replayed,
    Suspended,
}

/// A call, from when it was made to when it was answered, on a clock that all share.
#[derive(Debug, Clone, Copy)]
struct Event {
    act: Act,
    called: u32,
    answered: u32,
}

/// What the token is as far as these calls can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Model {
    active: bool,
    spent: bool,
}

impl Model {
    const START: Self = Self {
        active: true,
        spent: false,
    };

    /// The token after the call, if the call could have come out so. An attempt on a suspended token spends too.
    const fn after(self, act: Act) -> Option<Self> {
        let spent = Self {
            spent: true,
            ..self
        };
        match act {
            Act::Spend(Outcome::Approved) if self.active && !self.spent => Some(spent),
            Act::Spend(Outcome::Replayed) if self.active && self.spent => Some(self),
            Act::Spend(Outcome::Suspended) if !self.active => Some(spent),
            Act::Spend(_) => None,
            Act::Suspend if self.active => Some(Self {
                active: false,
                ..self
            }),
            Act::Resume if !self.active => Some(Self {
                active: true,
                ..self
            }),
            Act::Suspend | Act::Resume => None,
        }
    }
}

/// Whether the calls can be put in an order that respects who was answered before whom was called (Wing and Gong, with
/// Lowe's memory of what has been tried).
fn linearizable(history: &[Event]) -> bool {
    assert!(history.len() <= 128);
    let mut tried = HashSet::new();
    search(history, 0, Model::START, &mut tried)
}

fn search(history: &[Event], done: u128, model: Model, tried: &mut HashSet<(u128, Model)>) -> bool {
    let left = |place: &usize| done & (1 << place) == 0;
    let open: Vec<_> = (0..history.len()).filter(left).collect();
    let Some(first_answer) = open.iter().map(|place| history[*place].answered).min() else {
        return true;
    };
    if !tried.insert((done, model)) {
        return false;
    }
    let next = |place: &usize| {
        let event = &history[*place];
        let after = model.after(event.act);
        after.filter(|_| event.called <= first_answer)
    };
    // What changes nothing may as well come first: whatever order there is, there is one with it in front. Without this the
    // search would try every subset of the replays that overlap.
    if let Some(place) = open.iter().find(|place| next(place) == Some(model)) {
        return search(history, done | 1 << place, model, tried);
    }
    open.iter().any(|place| {
        next(place).is_some_and(|after| search(history, done | 1 << place, after, tried))
    })
}

/// One round: everybody spends the same cryptogram.
async fn round(shop: &Shop, held: bool) -> Vec<Event> {
    let token = Arc::new(shop.token(VISA).await);
    let cryptogram = shop.cryptogram(&token, "TAVV").await;
    let purchase = Arc::new(Purchase::long(&token, &cryptogram));
    let clock = Arc::new(AtomicU32::new(0));
    let mut calls = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (shop, purchase, clock) = (shop.clone(), Arc::clone(&purchase), Arc::clone(&clock));
        calls.spawn(async move {
            let psp = Psp::ALL[client % Psp::ALL.len()];
            let called = clock.fetch_add(1, Ordering::SeqCst);
            let answer = shop.send(psp.ask("standin", &purchase)).await;
            let answered = clock.fetch_add(1, Ordering::SeqCst);
            let said = psp.read(&answer);
            let act = Act::Spend(outcome(&said.line, said.approved));
            vec![Event {
                act,
                called,
                answered,
            }]
        });
    }
    if held {
        let (shop, token, clock) = (shop.clone(), Arc::clone(&token), Arc::clone(&clock));
        calls.spawn(async move { hold(&shop, &token, &clock).await });
    }
    calls.join_all().await.concat()
}

async fn hold(shop: &Shop, token: &Token, clock: &AtomicU32) -> Vec<Event> {
    let mut events = Vec::new();
    for (act, word) in [(Act::Suspend, "suspend"), (Act::Resume, "resume")] {
        let called = clock.fetch_add(1, Ordering::SeqCst);
        shop.event(token, word).await;
        let answered = clock.fetch_add(1, Ordering::SeqCst);
        events.push(Event {
            act,
            called,
            answered,
        });
    }
    events
}

/// Visa answers 62 for a suspended token and 05 for a replay; each service has its words for these.
fn outcome(line: &str, approved: bool) -> Outcome {
    let suspended = ["suspended", "restricted_card", "Restricted Card", "20062"];
    let replayed = [
        "cryptogram_replayed",
        "do_not_honor",
        "Refused / 2",
        "20005",
    ];
    match line {
        _ if approved => Outcome::Approved,
        _ if suspended.iter().any(|word| line.contains(word)) => Outcome::Suspended,
        _ if replayed.iter().any(|word| line.contains(word)) => Outcome::Replayed,
        _ => panic!("neither approved nor declined as expected: {line}"),
    }
}

/// Takes many seconds: 64 clients make 240 rounds of real calls, more than fifteen thousand in all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_clients_and_one_cryptogram() {
    let shop = Shop::open().await;
    let mut winners = BTreeMap::new();
    let (mut overlapped, mut held) = (0, 0);
    for number in 0..ROUNDS + HELD_ROUNDS {
        let by_issuer = number >= ROUNDS;
        let history = round(&shop, by_issuer).await;
        let count = |wanted| {
            history
                .iter()
                .filter(|event| event.act == Act::Spend(wanted))
                .count()
        };
        let (approved, suspended) = (count(Outcome::Approved), count(Outcome::Suspended));
        // Where the issuer held the token first, an attempt under suspension may have spent the cryptogram.
        assert!(
            approved == 1 || (by_issuer && approved == 0 && suspended > 0),
            "round {number}: {approved}"
        );
        if !by_issuer {
            *winners.entry(approved).or_insert(0) += 1;
        }
        overlapped += history
            .iter()
            .filter(|event| event.answered > event.called + 1)
            .count();
        held += suspended;
        assert!(linearizable(&history), "round {number}: {history:?}");
    }
    assert_eq!(winners, BTreeMap::from([(1, ROUNDS)]));
    assert!(
        overlapped > ROUNDS && held > 0,
        "nothing met anything: {overlapped} {held}"
    );
}

#[test]
fn a_history_that_could_not_have_happened_is_refused() {
    let event = |outcome, called, answered| Event {
        act: Act::Spend(outcome),
        called,
        answered,
    };
    let twice = [
        event(Outcome::Approved, 0, 3),
        event(Outcome::Approved, 1, 2),
    ];
    assert!(!linearizable(&twice));
    let before = [
        event(Outcome::Replayed, 0, 1),
        event(Outcome::Approved, 2, 3),
    ];
    assert!(
        !linearizable(&before),
        "declined as a replay before anybody had paid"
    );
    let meanwhile = [
        event(Outcome::Replayed, 0, 2),
        event(Outcome::Approved, 1, 3),
    ];
    assert!(linearizable(&meanwhile));
    let under_suspension = [
        Event {
            act: Act::Suspend,
            called: 0,
            answered: 1,
        },
        event(Outcome::Approved, 2, 3),
    ];
    assert!(!linearizable(&under_suspension));
}
