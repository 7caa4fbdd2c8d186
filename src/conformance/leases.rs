//! Which test cards a scenario has for itself. Two that enrol one card number at once would see each other's token, so where
//! a target has no spaces, a scenario takes its cards, and whoever else needs them waits. Cards are handed out in pairs that
//! can be confused: of one network, and with the same last four digits where there are such.

use std::collections::BTreeSet;
use std::sync::Arc;

use cucumber::gherkin::Step;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::target::{CardNetwork, Condition, Target, TestCard};

/// What a step says of a card that cannot be enrolled.
const TROUBLE: [&str; 3] = [
    "the network does not allow",
    "the issuer declines",
    "the issuer cannot verify",
];

/// The cards of a target, in pairs.
#[derive(Debug)]
pub(crate) struct Leases {
    pairs: Vec<(Vec<TestCard>, Arc<Mutex<()>>)>,
    /// One at a time has to do with cards that are refused.
    trouble: Arc<Mutex<()>>,
    shared: bool,
    left: Left,
}

/// The numbers of cards whose tokens could not be taken away: others are better.
type Left = Arc<parking_lot::Mutex<BTreeSet<String>>>;

/// What a scenario holds until it ends.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    pub(crate) cards: Vec<TestCard>,
    left: Left,
    _held: Vec<OwnedMutexGuard<()>>,
}

impl Lease {
    /// Every card, for whoever has the target to itself.
    pub(crate) fn all_of(cards: &[TestCard]) -> Self {
        Self {
            cards: cards.to_vec(),
            ..Self::default()
        }
    }

    /// Something of this card is left at the target.
    pub(crate) fn leave(&self, pan: Option<String>) {
        self.left.lock().extend(pan);
    }
}

impl Leases {
    pub(crate) fn new(target: &Target) -> Self {
        Self {
            pairs: pairs(&target.cards)
                .into_iter()
                .map(|pair| (pair, Arc::new(Mutex::new(()))))
                .collect(),
            trouble: Arc::default(),
            shared: !target.spaces,
            left: Left::default(),
        }
    }

    /// Cards for a scenario with these steps. The pair comes first and the trouble second, for everybody, so that no two
    /// wait for each other.
    pub(crate) async fn take(&self, steps: &[Step], only: Option<&str>, draw: usize) -> Lease {
        let says = |text: &str| steps.iter().any(|step| step.value.contains(text));
        let network = match (says("Visa"), says("Mastercard")) {
            (true, false) => Some("visa"),
            (false, true) => Some("mastercard"),
            (true, true) | (false, false) => only,
        };
        let fits = |cards: &[TestCard]| {
            let mut cards = cards.iter();
            network.is_none_or(|network| cards.any(|card| card.network.word() == network))
        };
        let mut fitting: Vec<_> = self.pairs.iter().filter(|(cards, _)| fits(cards)).collect();
        let turn = draw.checked_rem(fitting.len()).unwrap_or_default();
        fitting.rotate_left(turn);
        // A whole pair is better than a single card where two are needed.
        let two = says("another") || says("other card");
        let left = self.left.lock().clone();
        let is_left = |cards: &[TestCard]| cards.iter().any(|card| left.contains(&card.pan));
        fitting.sort_by_key(|(cards, _)| {
            let worse = two && !is_alike(cards);
            (worse, is_left(cards), two && !has_one_tail(cards))
        });
        let Some((first, _)) = fitting.first() else {
            return Lease::default();
        };
        if !self.shared {
            return Lease {
                cards: first.clone(),
                ..Lease::default()
            };
        }
        let good = fitting
            .iter()
            .filter(|(cards, _)| !two || is_alike(cards) == is_alike(first))
            .filter(|(cards, _)| is_left(cards) == is_left(first));
        let mut free = good.filter_map(|(cards, lock)| {
            Some((cards.clone(), Arc::clone(lock).try_lock_owned().ok()?))
        });
        let (cards, held) = match free.next() {
            Some(free) => free,
            None => {
                let (cards, lock) = first_of(&fitting);
                (cards, lock.lock_owned().await)
            }
        };
        let mut all = vec![held];
        if TROUBLE.iter().any(|trouble| says(trouble)) {
            all.push(Arc::clone(&self.trouble).lock_owned().await);
        }
        Lease {
            cards,
            left: Arc::clone(&self.left),
            _held: all,
        }
    }
}

/// Two of one network.
fn is_alike(cards: &[TestCard]) -> bool {
    matches!(cards, [one, other] if one.network == other.network)
}

/// Two with the same last four digits, which are most easily taken for each other.
fn has_one_tail(cards: &[TestCard]) -> bool {
    matches!(cards, [one, other] if tail(one) == tail(other))
}

fn tail(card: &TestCard) -> Option<&str> {
    card.pan.get(card.pan.len().saturating_sub(4)..)
}

/// By what two cards are told apart.
fn seen(card: &TestCard) -> (CardNetwork, Option<&str>) {
    (card.network, tail(card))
}

fn first_of(fitting: &[&(Vec<TestCard>, Arc<Mutex<()>>)]) -> (Vec<TestCard>, Arc<Mutex<()>>) {
    let first = fitting.first();
    first.map_or_else(Default::default, |(cards, lock)| {
        (cards.clone(), Arc::clone(lock))
    })
}

/// Whether two cards, each by its network and last four digits, make a pair.
type Alike = fn(&(CardNetwork, Option<&str>), &(CardNetwork, Option<&str>)) -> bool;

/// Eligible cards in pairs: first those of one network with the same last four digits, then of one network, then the rest.
fn pairs(cards: &[TestCard]) -> Vec<Vec<TestCard>> {
    let eligible = cards
        .iter()
        .filter(|card| card.condition == Condition::Eligible);
    let mut left: Vec<&TestCard> = eligible.collect();
    let mut pairs = Vec::new();
    let alike: [Alike; 3] = [
        |one, other| one == other,
        |one, other| one.0 == other.0,
        |_, _| true,
    ];
    for alike in alike {
        let mut single = Vec::new();
        while let Some(one) = left.first().copied() {
            left.remove(0);
            match left
                .iter()
                .position(|other| alike(&seen(one), &seen(other)))
            {
                Some(place) => pairs.push(vec![one.clone(), left.remove(place).clone()]),
                None => single.push(one),
            }
        }
        left = single;
    }
    pairs.extend(left.into_iter().map(|one| vec![one.clone()]));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(network: CardNetwork, pan: &str) -> TestCard {
        TestCard {
            condition: Condition::Eligible,
            network,
            pan: pan.to_owned(),
            exp_month: 12,
            exp_year: 2031,
            cvc: None,
        }
    }

    #[test]
    fn every_phrase_of_a_refused_card_is_one_of_ours() {
        let sources = super::super::features::embedded();
        for phrase in TROUBLE {
            assert!(
                sources.iter().any(|source| source.text.contains(phrase)),
                "{phrase}"
            );
        }
    }

    #[test]
    fn cards_that_can_be_confused_are_a_pair() {
        let (visa, master) = (CardNetwork::Visa, CardNetwork::Mastercard);
        let cards = [
            card(visa, "4000000000080001"),
            card(master, "5500000000080001"),
            card(visa, "4000000000080002"),
            card(visa, "4100000000080001"),
            card(visa, "4200000000080003"),
        ];
        let found: Vec<Vec<String>> = pairs(&cards)
            .into_iter()
            .map(|pair| pair.into_iter().map(|card| card.pan).collect())
            .collect();
        assert_eq!(
            found,
            [
                vec!["4000000000080001", "4100000000080001"],
                vec!["4000000000080002", "4200000000080003"],
                vec!["5500000000080001"],
            ]
        );
    }

    #[tokio::test]
    async fn two_that_can_be_confused_are_preferred_whatever_is_drawn() {
        let mut target = Target::at("http://127.0.0.1:9").unwrap();
        let numbers = [
            "4000000000080002",
            "4000000000080003",
            "4000000000080001",
            "4100000000080001",
        ];
        target.cards = numbers.map(|pan| card(CardNetwork::Visa, pan)).to_vec();
        let leases = Leases::new(&target);
        let step = cucumber::gherkin::Feature::parse(
            "Feature: a\n  Scenario: a\n    Given another enrolled card\n",
            cucumber::gherkin::GherkinEnv::default(),
        );
        let steps = step.unwrap().scenarios.remove(0).steps;
        for draw in 0..4 {
            let lease = leases.take(&steps, None, draw).await;
            assert!(has_one_tail(&lease.cards), "{draw}: {:?}", lease.cards);
        }
    }

    #[tokio::test]
    async fn a_card_that_is_left_behind_is_taken_last() {
        let mut target = Target::at("http://127.0.0.1:9").unwrap();
        let numbers = [
            "4000000000080001",
            "4000000000080002",
            "4000000000080003",
            "4111111111111111",
        ];
        target.cards = numbers.map(|pan| card(CardNetwork::Visa, pan)).to_vec();
        let leases = Leases::new(&target);
        let taken = async || {
            let lease = leases.take(&[], None, 0).await;
            let pan = lease.cards[0].pan.clone();
            (lease, pan)
        };
        let (lease, first) = taken().await;
        lease.leave(Some(first.clone()));
        drop(lease);
        let (lease, second) = taken().await;
        assert_ne!(second, first);
        lease.leave(Some(second));
        drop(lease);
        // Where something is left of all of them, there is no better one.
        assert_eq!(taken().await.1, first);
    }
}
