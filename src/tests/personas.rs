//! The test cards and accounts of `fixtures/`: they parse, standin accepts every one of them, and whatever a network or an
//! issuer can answer has a card that makes it do so.

use std::collections::HashSet;

use standin::domain::account::{Accounts, Provisioning, Scope};
use standin::domain::card::{Network, Pan, TokenNumber};
use standin::domain::merchant::Merchants;
use standin::domain::persona::{IssuerAnswer, Outcome, Persona, Personas};
use standin::domain::provision::token_range;
use standin::domain::rejection::Rejection;
use standin::domain::subscription::UpdaterEvent;

const CARDS: &str = include_str!("../../fixtures/cards.toml");
const ACCOUNTS: &str = include_str!("../../fixtures/accounts.toml");
const MERCHANTS: &str = include_str!("../../fixtures/merchants.toml");

/// What a network or an issuer answers when it is asked for a token, or None for what standin itself finds. Without a
/// wildcard, so that a new reason has to be sorted here, and if it is such an answer it needs a card.
const fn of_a_network(reason: Rejection) -> Option<Rejection> {
    use Rejection as R;
    match reason {
        R::CardNotEligible
        | R::CardNotAllowed
        | R::CardVerificationFailed
        | R::Declined
        | R::ProvisionDataExpired
        | R::ProvisionNotAllowed
        | R::InvalidTokenStatus
        | R::InvalidRequest
        | R::IssuerUnavailable
        | R::ServiceUnavailable
        | R::SystemError => Some(reason),
        R::CardNumberInvalid
        | R::NotATestCard
        | R::NetworkNotSupported
        | R::CardExpired
        | R::CardUnknown
        | R::AliasUnknown
        | R::AliasTaken
        | R::TokenUnknown
        | R::TokenMissing
        | R::TokenDeleted
        | R::TokenSuspended
        | R::TokenInactive
        | R::StateForbids
        | R::TokenExpired
        | R::ShortCryptogramsOutstanding
        | R::CryptogramsExhausted
        | R::TokenNumbersExhausted
        | R::Contention
        | R::StoreUnavailable
        | R::StoreFull => None,
    }
}

const ANSWERS: [Rejection; 11] = [
    Rejection::CardNotEligible,
    Rejection::CardNotAllowed,
    Rejection::CardVerificationFailed,
    Rejection::Declined,
    Rejection::ProvisionDataExpired,
    Rejection::ProvisionNotAllowed,
    Rejection::InvalidTokenStatus,
    Rejection::InvalidRequest,
    Rejection::IssuerUnavailable,
    Rejection::ServiceUnavailable,
    Rejection::SystemError,
];

fn personas() -> Personas {
    Personas::parse(CARDS).expect("fixtures/cards.toml must parse")
}

/// A whole number of the row, made up below its prefix if it is one.
fn number(card: &Persona) -> String {
    let prefix = match (&card.pan, &card.prefix) {
        (Some(pan), _) => return pan.clone(),
        (None, prefix) => prefix.as_deref().expect("either pan or prefix"),
    };
    let length = if card.network == Network::Amex {
        15
    } else {
        16
    };
    standin::domain::card::with_check_digit(&format!("{prefix:0<width$}", width = length - 1))
}

#[test]
fn every_number_is_admitted_by_its_own_row_and_network() {
    let personas = personas();
    for card in personas.cards() {
        let number = number(card);
        let pan = Pan::parse(&number).unwrap();
        let found = personas.admit(&pan);
        let found = found.unwrap_or_else(|why| panic!("{number}: {why}"));
        assert!(
            found.is_some_and(|found| std::ptr::eq(found, card)),
            "{number} belongs to another row"
        );
        assert_eq!(pan.network(), Some(card.network), "{number}");
    }
}

#[test]
fn every_row_says_what_it_does_and_where_it_is_from() {
    let personas = personas();
    let cards = personas
        .cards()
        .iter()
        .map(|card| (&card.does, &card.source));
    let years = personas
        .expiry_years()
        .iter()
        .map(|row| (&row.does, &row.source));
    for (does, source) in cards.chain(years) {
        assert!(
            does.len() > 10 && does.ends_with('.'),
            "{does:?} ({source})"
        );
        assert!(source.len() > 5, "{does}: no source");
        for forbidden in ["://", "../", "/work"] {
            assert!(!source.contains(forbidden), "{source}");
        }
    }
}

#[test]
fn no_number_prefix_or_year_stands_there_twice() {
    let personas = personas();
    let mut seen = HashSet::new();
    for card in personas.cards() {
        assert!(seen.insert((&card.pan, &card.prefix)), "{card:?}");
    }
    let mut years = HashSet::new();
    for row in personas.expiry_years() {
        assert!(years.insert(row.year), "{}", row.year);
    }
}

#[test]
fn whatever_a_network_answers_has_a_whole_card_on_each_network() {
    let personas = personas();
    let has = |network, outcome| {
        let mut cards = personas.cards().iter();
        cards.any(|c| c.pan.is_some() && c.network == network && c.provisioning == outcome)
    };
    for network in Network::ALL {
        assert!(has(network, Outcome::Approved), "{network:?} approved");
        assert!(has(network, Outcome::StepUp), "{network:?} step_up");
        for reason in ANSWERS {
            assert_eq!(of_a_network(reason), Some(reason));
            assert!(
                has(network, Outcome::Refused(reason)),
                "{network:?} {reason:?}"
            );
        }
    }
}

#[test]
fn no_card_is_refused_for_a_reason_that_standin_finds_itself() {
    for card in personas().cards() {
        if let Outcome::Refused(reason) = card.provisioning {
            assert_eq!(of_a_network(reason), Some(reason), "{}", number(card));
        }
    }
}

#[test]
fn whatever_an_issuer_or_the_updater_answers_has_a_card_with_a_token() {
    let personas = personas();
    let working = || {
        let cards = personas.cards().iter();
        cards.filter(|card| card.pan.is_some() && card.provisioning == Outcome::Approved)
    };
    let answers = [
        IssuerAnswer::Approved,
        IssuerAnswer::DoNotHonour,
        IssuerAnswer::InsufficientFunds,
        IssuerAnswer::Lost,
        IssuerAnswer::Stolen,
        IssuerAnswer::SuspectedFraud,
        IssuerAnswer::StepUpRequired,
        IssuerAnswer::Unavailable,
    ];
    for network in [Network::Visa, Network::Mastercard] {
        for answer in answers {
            let found = working().any(|card| card.network == network && card.payment == answer);
            assert!(found, "{network:?} {answer:?}");
        }
    }
    let events = [
        UpdaterEvent::Valid,
        UpdaterEvent::Updated,
        UpdaterEvent::Expired,
        UpdaterEvent::Closed,
        UpdaterEvent::NonParticipating,
        UpdaterEvent::ContactCardholder,
    ];
    for event in events {
        assert!(
            working().any(|card| card.updater == Some(event)),
            "{event:?}"
        );
    }
}

/// A token number that falls below a listed prefix could be vaulted as a card. Whole published numbers inside the ranges
/// cannot be helped; whoever mints a token number has to step over them.
#[test]
fn token_ranges_stay_clear_of_the_prefixes_of_cards() {
    let personas = personas();
    let prefixes = personas
        .cards()
        .iter()
        .filter_map(|card| card.prefix.as_deref());
    for prefix in prefixes {
        for range in Network::ALL.map(token_range) {
            assert!(
                !prefix.starts_with(range) && !range.starts_with(prefix),
                "cards below {prefix}, tokens below {range}"
            );
        }
    }
    for network in Network::ALL {
        let first = format!("{:0<16}", token_range(network));
        assert_eq!(TokenNumber::parse(&first).unwrap().network(), Some(network));
    }
}

#[test]
fn the_create_statuses_are_the_published_ones() {
    let personas = personas();
    let cards = personas.cards().iter();
    let mut statuses: Vec<_> = cards.filter_map(|card| card.create_status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [401, 403, 500, 502, 503, 504]);
}

#[test]
fn the_built_in_accounts() {
    let accounts = Accounts::parse(ACCOUNTS).expect("fixtures/accounts.toml must parse");
    let rows = [
        ("standin-manual", "40000000001", Provisioning::Manual),
        ("standin-on-create", "40000000002", Provisioning::OnCreate),
        ("standin-unique", "40000000003", Provisioning::Manual),
        ("standin-async", "40000000004", Provisioning::Manual),
        ("standin-agentic", "40000000005", Provisioning::Manual),
        ("other-manual", "40000000006", Provisioning::Manual),
        ("standin-updater", "40000000007", Provisioning::OnCreate),
    ];
    assert_eq!(accounts.iter().count(), rows.len());
    for (client_id, requestor, provisioning) in rows {
        let (_, account) = accounts.find(client_id).unwrap();
        let merchant = client_id.split('-').next().unwrap().to_owned() + "-merchant";
        assert_eq!(account.client_secret, "standin-secret", "{client_id:?}");
        assert_eq!(account.token_requestor_id, requestor);
        assert_eq!(account.merchant, merchant, "{client_id:?}");
        assert_eq!(account.agentic, client_id == "standin-agentic");
        assert_eq!(account.provisioning, provisioning);
        assert!(
            Scope::ALL
                .iter()
                .all(|scope| account.scopes.contains(scope)),
            "{client_id:?}"
        );
        assert_eq!(account.duplicate_card_check, client_id == "standin-unique");
        assert_eq!(account.asynchronous_enrolment, client_id == "standin-async");
        let updater = match client_id {
            "standin-updater" => Provisioning::OnCreate,
            _ => Provisioning::Manual,
        };
        assert_eq!(account.account_updater, updater, "{client_id:?}");
    }
}

#[test]
fn the_built_in_merchants_have_keys_that_their_clients_accept() {
    let accounts = Accounts::parse(ACCOUNTS).unwrap();
    let merchants = Merchants::parse(MERCHANTS).expect("fixtures/merchants.toml must parse");
    assert_eq!(merchants.iter().count(), 2);
    for merchant in merchants.iter() {
        let (_, requestor) = accounts.find(&merchant.requestor).unwrap();
        assert_eq!(requestor.merchant, merchant.name);
        assert!(merchant.stripe_key.starts_with("sk_test_"), "{merchant:?}");
        let letters = merchant.checkout_key.strip_prefix("sk_sbox_").unwrap();
        let base32 = |c: char| c.is_ascii_lowercase() || ('2'..='7').contains(&c);
        assert!(
            letters.len() == 27 && letters.chars().all(base32),
            "{merchant:?}"
        );
    }
}
