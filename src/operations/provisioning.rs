//! Asking a network for a token of a vaulted card.

use std::sync::Arc;
use std::time::Duration;

use super::cards::{self, NewCard};
use super::fault_context;
use super::space::{Call, Space};
use crate::domain::card::{Network, Pan, TokenNumber};
use crate::domain::deviation::Deviation;
use crate::domain::id::{CardId, Owner, TokenReference};
use crate::domain::operation::Operation;
use crate::domain::persona::{LifecycleStep, Outcome};
use crate::domain::provision::{ProvisionAnswer, check, decide, token_number, token_reference};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::journal::{Leg, known_by};
use crate::limits::{COMMIT_ATTEMPTS_MAX, TOKEN_NUMBER_ATTEMPTS_MAX};
use crate::store::{Batch, Commit, NumberEntry, Task, TaskKind, Versioned};

/// A card and its token as they stand after provisioning. The token says whether the network refused.
#[derive(Debug)]
pub struct Tokenized {
    pub card: CardRecord,
    pub token: TokenRecord,
}

/// Provisions a token for a card that is named by its number and origin, and vaults the card first if need be. Says
/// whether the card had a live token before.
///
/// A refusal by the network is an error here: whoever asks this way keeps no record of a token that never was.
pub async fn provision_card(
    call: &mut Call,
    owner: Owner,
    new: NewCard,
) -> Result<(Tokenized, bool), Rejection> {
    let space = Arc::clone(&call.space);
    space.config.personas.admit(&new.pan)?;
    if new.expiry.is_past(call.now) {
        return Err(Rejection::CardExpired);
    }
    let account = space.config.accounts.get(owner);
    let account = account.ok_or(Rejection::CardUnknown)?;
    let id = cards::card_id(&space, account, &new.pan, &new.origin, 0);
    call.consult(Operation::Provision, |facts| {
        fault_context::card(facts, &new.pan, new.expiry);
    })
    .await?;
    let before = match cards::read_with_token(call, owner, &id).await {
        Ok((card, token)) => {
            let live = token.is_some_and(|token| token.is_live());
            if !live && card.expiry != new.expiry {
                let renew = |card: &CardRecord| CardRecord {
                    expiry: new.expiry,
                    ..card.clone()
                };
                cards::change(call, owner, &id, renew).await?;
            }
            live
        }
        Err(Rejection::CardUnknown) => {
            cards::create_under(call, owner, new, id).await?;
            false
        }
        Err(other) => return Err(other),
    };
    let done = provision(call, &id).await?;
    match done.token.failure {
        Some(reason) => Err(reason),
        None => Ok((done, before)),
    }
}

/// Provisions a token, or returns the live one that the card has. A refusal by the network is not an error here: it leaves
/// a token record in the failed state behind, as the gateway shows it.
pub async fn provision(call: &mut Call, id: &CardId) -> Result<Tokenized, Rejection> {
    // Set for whoever has not seen that another one was first.
    let mut unseen = false;
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: card,
            version,
        } = call
            .space
            .store
            .get::<CardRecord>(id)
            .await?
            .ok_or(Rejection::CardUnknown)?;
        if let Some(reference) = &card.token
            && let Some(found) = call.space.store.get::<TokenRecord>(reference).await?
            && found.record.is_live()
            && !call.deviates(Deviation::EnrolsAnew)
            && !unseen
        {
            return Ok(Tokenized {
                card,
                token: found.record,
            });
        }
        call.consult(Operation::Provision, |facts| {
            fault_context::vaulted(facts, &card);
        })
        .await?;
        unseen = call.looks_away(Deviation::EnrolsAtOnce).await;
        let answer = answer(call, &card);
        let reference = token_reference(&call.space.seed, &card);
        let number = match (answer, card.pan.network()) {
            (ProvisionAnswer::Refused(_), _) | (_, None) => None,
            (ProvisionAnswer::Approved | ProvisionAnswer::ApprovedAfterStepUp, Some(network)) => {
                Some(number_of(call, &card, network, &reference).await?)
            }
        };
        let after = decide(card, reference, number, answer, call.now);
        let mut batch = Batch::new()
            .insert(after.token.clone())
            .replace(after.card.clone(), version)
            .tell(after.notice);
        if let Some(task) = first_step(call, &after.card, &after.token) {
            batch = batch.plan(task);
        }
        if let Some(task) = activation(call, &after.token, answer) {
            batch = batch.plan(task);
        }
        if call.space.store.commit(batch).await? == Commit::Done {
            call.note(leg(&after.token, answer));
            if after.token.is_live() {
                let number = after.card.pan.expose();
                call.observe(|observed| {
                    observed.account = Some(known_by(&[&number]));
                    observed.token = Some(after.token.reference);
                });
            }
            return Ok(Tokenized {
                card: after.card,
                token: after.token,
            });
        }
    }
    Err(Rejection::Contention)
}

/// The number of a new token.
async fn number_of(
    call: &Call,
    card: &CardRecord,
    network: Network,
    reference: &TokenReference,
) -> Result<TokenNumber, Rejection> {
    if call.deviates(Deviation::NumberOfCard)
        && let Ok(number) = TokenNumber::parse(&card.pan.expose())
    {
        return Ok(number);
    }
    let network = match call.space.config.deviation {
        Some(Deviation::NumberOfVisa) => Network::Visa,
        Some(_) | None => network,
    };
    claim_number(&call.space, network, reference).await
}

/// What the network answers, or an instance that deviates in its place.
fn answer(call: &Call, card: &CardRecord) -> ProvisionAnswer {
    let answer = answer_by_rules(call, card);
    match (call.space.config.deviation, answer) {
        (Some(Deviation::FailedIsLive), ProvisionAnswer::Refused(_)) => ProvisionAnswer::Approved,
        (Some(Deviation::CauseIsAlike), ProvisionAnswer::Refused(_)) => {
            ProvisionAnswer::Refused(Rejection::CardNotAllowed)
        }
        (Some(Deviation::MastercardRefused), _)
            if card.pan.network() == Some(Network::Mastercard) =>
        {
            ProvisionAnswer::Refused(Rejection::Declined)
        }
        (Some(Deviation::NeverEnrolsAnew), _) if card.tokens_asked > 0 => {
            ProvisionAnswer::Refused(Rejection::Declined)
        }
        (_, answer) => answer,
    }
}

/// What the network answers: its own rules first, then what the card's persona says.
fn answer_by_rules(call: &Call, card: &CardRecord) -> ProvisionAnswer {
    let config = &call.space.config;
    let persona = config.personas.find(&card.pan);
    if card.is_closed() {
        return ProvisionAnswer::Refused(Rejection::Declined);
    }
    match check(card, call.now) {
        Err(Rejection::CardExpired) if persona.is_some_and(|persona| persona.expiry_exempt) => {}
        Err(reason) => return ProvisionAnswer::Refused(reason),
        Ok(_) => {}
    }
    if let Some(reason) = call.refusal() {
        return ProvisionAnswer::Refused(reason);
    }
    if call.steps_up() {
        return ProvisionAnswer::ApprovedAfterStepUp;
    }
    let by_year = config.personas.expiry_year(card.expiry);
    let by_year = by_year.filter(|_| config.settings.gateway.expiry_year_scripts);
    let outcome = match by_year {
        Some(row) => row.provisioning,
        None => persona.map_or(Outcome::Approved, |p| p.provisioning),
    };
    outcome.answer()
}

/// What happens to a token of this card by itself.
pub(super) fn script<'a>(space: &'a Space, card: &CardRecord) -> &'a [LifecycleStep] {
    let personas = &space.config.personas;
    let by_year = personas.expiry_year(card.expiry);
    match by_year.filter(|_| space.config.settings.gateway.expiry_year_scripts) {
        Some(row) => &row.lifecycle,
        None => personas
            .find(&card.pan)
            .map_or(&[], |persona| persona.lifecycle.as_slice()),
    }
}

fn first_step(call: &Call, card: &CardRecord, token: &TokenRecord) -> Option<Task> {
    let step = script(&call.space, card)
        .first()
        .filter(|_| token.is_live())?;
    Some(step_task(call.now, step.after, token.reference, 0))
}

/// Mastercard's tokens become active without the cardholder's code: by the issuer, or by themselves after a while if that is
/// set.
fn activation(call: &Call, token: &TokenRecord, answer: ProvisionAnswer) -> Option<Task> {
    let delay = call.space.config.settings.mastercard.activation_delay?;
    let waits =
        answer == ProvisionAnswer::ApprovedAfterStepUp && token.network == Network::Mastercard;
    waits.then(|| Task {
        due: call.now.plus(delay),
        kind: TaskKind::Activate(token.reference),
    })
}

/// The task that carries out one step of a script.
pub(super) fn step_task(
    now: crate::domain::moment::Moment,
    after: Duration,
    token: TokenReference,
    step: u16,
) -> Task {
    Task {
        due: now.plus(after),
        kind: TaskKind::Script(token, step),
    }
}

/// Finds a token number that no other token has and no test card is printed with, and writes down whose it is.
async fn claim_number(
    space: &Space,
    network: Network,
    reference: &TokenReference,
) -> Result<TokenNumber, Rejection> {
    let first = u32::from(space.config.deviates(Deviation::OtherNumbers));
    for attempt in first..TOKEN_NUMBER_ATTEMPTS_MAX {
        let Some(number) = token_number(&space.seed, network, reference, attempt) else {
            continue;
        };
        let card = Pan::parse(&number.expose()).ok();
        if card.is_some_and(|pan| space.config.personas.find(&pan).is_some()) {
            continue;
        }
        let entry = NumberEntry {
            number,
            token: *reference,
        };
        if space.store.commit(Batch::new().insert(entry)).await? == Commit::Done {
            return Ok(number);
        }
        let holder = space.store.get::<NumberEntry>(&number).await?;
        if holder.is_some_and(|found| found.record.token == *reference) {
            return Ok(number);
        }
    }
    Err(Rejection::TokenNumbersExhausted)
}

fn leg(token: &TokenRecord, answer: ProvisionAnswer) -> Leg {
    let outcome = match answer {
        ProvisionAnswer::Approved => "approved".into(),
        ProvisionAnswer::ApprovedAfterStepUp => "approved after step-up".into(),
        ProvisionAnswer::Refused(reason) => reason.word().into(),
    };
    Leg {
        network: token.network.word(),
        operation: "provision",
        outcome,
    }
}
