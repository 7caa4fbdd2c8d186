//! The authorizer: one pure function from a request and the records it names to the records as they are to be.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::allowance::Credential;
use super::checks::{Case, Loaded};
use super::deviant;
use super::instrument::Instrument;
use super::ledger::Ledger;
use super::proof::{Finding, examine};
use super::reason::{DeclineReason, Warning};
use super::record::{PaidWith, Payment};
use super::reference::{Nti, Tlid};
use super::request::{Capture, Initiator, PaymentRequest};
use super::rules::Rules;
use crate::domain::card::{Network, PresentedNumber};
use crate::domain::cryptogram::{CryptogramKind, TokenKey};
use crate::domain::deviation::Deviation;
use crate::domain::id::LedgerId;
use crate::domain::moment::Moment;
use crate::domain::notice::{Event, Notice};
use crate::domain::token::TokenRecord;
use crate::seed::Seed;

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
        paid_with: paid_with(&loaded.instrument, &request.number),
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

const fn paid_with(instrument: &Instrument, number: &PresentedNumber) -> PaidWith {
    match instrument {
        Instrument::Token(facts) => PaidWith::Token(facts.token.reference, number.as_token()),
        Instrument::Card { pan, .. } => PaidWith::Card(*pan),
        Instrument::UnknownToken | Instrument::UnknownCard => PaidWith::Unknown(*number),
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
