//! The authorizer: one pure function from a request and the records it names to the records as they are to be.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::allowance::Credential;
use super::checks::Case;
use super::deviant;
use super::issuer::AmountTrigger;
use super::ledger::{Guesses, Ledger, Velocity};
use super::proof::{Finding, Lifetimes, examine};
use super::published::PublishedAnswer;
use super::reason::{DeclineReason, Warning};
use super::record::{PaidWith, Payment};
use super::reference::{Nti, Tlid};
use super::request::{Capture, Initiator, PaymentRequest, Slot};
use crate::domain::card::{Network, Pan};
use crate::domain::cryptogram::{CryptogramKind, TokenKey};
use crate::domain::deviation::Deviation;
use crate::domain::id::LedgerId;
use crate::domain::moment::Moment;
use crate::domain::notice::{Event, Notice};
use crate::domain::persona::IssuerAnswer;
use crate::domain::persona::funding::Issued;
use crate::domain::provision::in_token_range;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::seed::Seed;

/// Whether a Mastercard payment without the right transaction link id is let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlidRule {
    #[default]
    Warn,
    Decline,
}

/// The switches of the authorizer.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub lifetimes: Lifetimes,
    pub tlid: TlidRule,
    /// Refuse what would be let pass with a warning.
    pub strict: bool,
    pub velocity: Option<Velocity>,
    pub guesses: Option<Guesses>,
    pub amounts: Vec<AmountTrigger>,
    /// Tell of every approved payment with a token. Off, because a load test would drown the other notices.
    pub tell_use: bool,
    /// What the instance does otherwise.
    pub deviation: Option<Deviation>,
}

/// Which merchants a token may pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The one for whom the token was requested.
    Merchant(String),
    /// Everyone: the account is enabled for agents.
    Any,
}

/// A token and what is known of it elsewhere.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    pub token: TokenRecord,
    /// None once it has left the vault.
    pub card: Option<CardRecord>,
    /// That of the account that requested the token.
    pub token_requestor_id: String,
    pub reach: Reach,
    /// Payment account reference of the card.
    pub account: String,
    /// None where nothing is known of the card.
    pub issued: Option<Issued>,
}

/// What the number in the request leads to.
#[derive(Debug, Clone)]
pub enum Instrument {
    Token(Box<TokenFacts>),
    /// A listed test card, paid with as such. `account` is its payment account reference.
    Card {
        pan: Pan,
        account: String,
    },
    /// Came as a token, or lies in a range of standin's tokens, and there is none.
    UnknownToken,
    UnknownCard,
}

/// The records and answers that a decision needs.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub instrument: Instrument,
    pub ledger: Ledger,
    /// Credentials that bound the payment: the one that was presented, and one that stands for the token.
    pub credentials: Vec<Credential>,
    /// The payment that has the quoted network transaction id.
    pub quoted: Option<Payment>,
    /// What the card's persona makes the issuer answer.
    pub issuer: IssuerAnswer,
    /// What the payment service publishes that its issuer answers to such a request.
    pub published: Option<PublishedAnswer>,
    /// What a tester armed in the issuer's place.
    pub armed: Option<DeclineReason>,
    /// Counts from zero, and up when the derived network transaction id is another payment's.
    pub nti_attempt: u32,
}

/// The records as they are to be. All live in one partition, so that they change in one step.
#[derive(Debug, Clone)]
pub struct Decision {
    pub payment: Payment,
    /// Only when the attempt spent a cryptogram.
    pub token: Option<TokenRecord>,
    pub ledger: Ledger,
    /// Only those that changed.
    pub credentials: Vec<Credential>,
    pub notices: Vec<Notice>,
}

/// The ledger in which a payment of this request counts.
pub fn ledger_id(seed: &Seed, request: &PaymentRequest, instrument: &Instrument) -> LedgerId {
    match instrument {
        Instrument::Token(facts) => LedgerId::of_token(seed, &facts.token.reference),
        Instrument::Card { .. } | Instrument::UnknownToken | Instrument::UnknownCard => {
            LedgerId::of_number(seed, &request.merchant, &request.number)
        }
    }
}

/// Decides an authorization. A refusal is a payment too: it has an id, an inner reason, and it spends its cryptogram unless
/// that was somebody else's or for less.
///
/// # Errors
/// What would be let pass with a warning, when the rules are strict. Nothing is to be kept then.
pub fn authorize(
    now: Moment,
    seed: &Seed,
    request: PaymentRequest,
    loaded: Loaded,
    rules: &Rules,
) -> Result<Decision, Warning> {
    let finding = find(now, seed, &request, &loaded, rules);
    let mut warnings = BTreeSet::new();
    let case = Case {
        now,
        request: &request,
        loaded: &loaded,
        finding,
        rules,
    };
    let decline = match (case.decide(&mut warnings).err(), rules.deviation) {
        (decline, None) => decline,
        (decline, Some(defect)) => deviant::decline(defect, decline, &case),
    };
    if let Some(warning) = warnings.first().filter(|_| rules.strict) {
        return Err(*warning);
    }
    let mut payment = record(now, seed, request, &loaded, decline);
    match rules.deviation {
        Some(Deviation::TransactionIdUntold) => payment.nti = None,
        Some(Deviation::LinkUntold) => payment.tlid = None,
        Some(_) | None => {}
    }
    payment.cryptogram = finding.and_then(|finding| finding.field);
    payment.warnings = warnings;
    Ok(commit(now, payment, loaded, finding, rules))
}

fn find(
    now: Moment,
    seed: &Seed,
    request: &PaymentRequest,
    loaded: &Loaded,
    rules: &Rules,
) -> Option<Finding> {
    let Instrument::Token(facts) = &loaded.instrument else {
        return None;
    };
    let key = TokenKey::derive(seed, &facts.token.reference);
    let usage = &facts.token.usage;
    Some(examine(&request.proof, &key, usage, now, rules.lifetimes))
}

fn record(
    now: Moment,
    seed: &Seed,
    request: PaymentRequest,
    loaded: &Loaded,
    decline: Option<DeclineReason>,
) -> Payment {
    let id = loaded.ledger.next_payment(seed);
    let stays = decline.is_some_and(DeclineReason::stays_at_the_acquirer);
    let asked = !stays && !request.authentication.is_missed();
    let network = loaded
        .instrument
        .network()
        .or_else(|| request.number.network());
    let asked_network = network.filter(|_| asked);
    let nti = asked_network.map(|network| Nti::mint(seed, network, &id, now, loaded.nti_attempt));
    // A series keeps the link of the payment that began it, whichever of its payments is quoted.
    let tlid = asked_network
        .filter(|network| *network == Network::Mastercard)
        .map(|_| {
            let series = loaded.quoted.as_ref().filter(|_| decline.is_none());
            series
                .filter(|_| request.initiator == Initiator::Merchant)
                .and_then(|quoted| quoted.tlid.clone())
                .unwrap_or_else(|| Tlid::mint(seed, &id))
        });
    let captured = match request.capture {
        Capture::Now if decline.is_none() => request.amount.minor,
        Capture::Now | Capture::Within(_) | Capture::After(_) | Capture::Never => 0,
    };
    let hold = match request.capture {
        Capture::Within(span) | Capture::After(span) => Some(span),
        Capture::Now | Capture::Never => None,
    };
    let hold_ends = hold
        .filter(|_| decline.is_none())
        .map(|span| now.plus(span));
    Payment {
        id,
        merchant: request.merchant,
        service: request.service,
        paid_with: PaidWith::of(&loaded.instrument, &request.number),
        expiry: request.expiry,
        account: loaded.instrument.account().map(str::to_owned),
        network,
        issued: loaded.instrument.issued().cloned().map(Box::new),
        initiator: request.initiator,
        authorized: request.amount,
        captured_minor: captured,
        refunded_minor: 0,
        voided: false,
        closed: captured > 0,
        verification: request.capture == Capture::Never,
        hold_ends,
        captures_itself: matches!(request.capture, Capture::After(_)),
        expired: false,
        decline,
        published: loaded
            .published
            .as_ref()
            .filter(|published| loaded.armed.is_none() && published.decline == decline)
            .map(|published| Arc::clone(&published.response)),
        warnings: BTreeSet::new(),
        authentication: request.authentication,
        waited_as: request.waited_as,
        cryptogram: None,
        eci: request.eci,
        nti,
        tlid,
        quoted: loaded.quoted.as_ref().map(|quoted| quoted.id),
        request: request.id,
        note: request.note,
        moves: Vec::new(),
        dispute: None,
        created: now,
        updated: now,
    }
}

fn commit(
    now: Moment,
    payment: Payment,
    mut loaded: Loaded,
    finding: Option<Finding>,
    rules: &Rules,
) -> Decision {
    let approved = payment.decline.is_none();
    let counts = approved && !payment.verification;
    loaded.ledger.count(counts, rules.velocity, now);
    let looked_at = match payment.decline {
        Some(DeclineReason::CryptogramInvalid) => Some(false),
        None => Some(true),
        Some(_) => None,
    };
    let short = finding.is_some_and(|finding| finding.field == Some(CryptogramKind::Short));
    if let (Some(rule), Some(right)) = (rules.guesses, looked_at.filter(|_| short)) {
        loaded.ledger.count_code(right, rule, now);
    }
    let mut notices = Vec::new();
    let mut spent_by = None;
    if let Instrument::Token(mut facts) = loaded.instrument {
        if approved && rules.tell_use {
            notices.push(Notice::of_token(
                Event::Used,
                &facts.token,
                facts.card.as_ref(),
                now,
            ));
        }
        let spared = payment.decline.is_some_and(DeclineReason::spares_the_proof)
            || payment.authentication.is_missed();
        if !spared && let Some(counter) = finding.and_then(|finding| finding.spends) {
            facts.token.usage.spent.spend(counter);
            spent_by = Some(facts.token);
        }
    }
    let mut credentials = loaded.credentials;
    if approved {
        for credential in &mut credentials {
            credential.use_for(payment.authorized);
        }
    } else {
        credentials.clear();
    }
    Decision {
        payment,
        token: spent_by,
        ledger: loaded.ledger,
        credentials,
        notices,
    }
}

impl Instrument {
    /// What a number leads to that is no token's. `account` is the payment account reference of the card, if the number is
    /// one that standin may hold.
    pub fn of_no_token(request: &PaymentRequest, account: Option<String>) -> Self {
        let pan = request.number.as_pan();
        match account {
            _ if request.slot == Slot::Token || in_token_range(&pan) => Self::UnknownToken,
            Some(account) => Self::Card { pan, account },
            None => Self::UnknownCard,
        }
    }

    /// Payment account reference.
    pub fn account(&self) -> Option<&str> {
        match self {
            // A token's card may have left the vault.
            Self::Token(facts) => Some(facts.account.as_str()).filter(|known| !known.is_empty()),
            Self::Card { account, .. } => Some(account),
            Self::UnknownToken | Self::UnknownCard => None,
        }
    }

    /// Of a token's card: another one's number says it.
    fn issued(&self) -> Option<&Issued> {
        match self {
            Self::Token(facts) => facts.issued.as_ref(),
            Self::Card { .. } | Self::UnknownToken | Self::UnknownCard => None,
        }
    }

    pub fn network(&self) -> Option<Network> {
        match self {
            Self::Token(facts) => Some(facts.token.network),
            Self::Card { pan, .. } => pan.network(),
            Self::UnknownToken | Self::UnknownCard => None,
        }
    }
}
