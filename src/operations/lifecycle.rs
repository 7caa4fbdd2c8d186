//! Moving a token through its states, whoever asks: the network, the issuer, the requestor.

use super::desk::{Call, Desk};
use super::inquiry;
use crate::domain::card::{Expiry, Pan, with_check_digit};
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Command, State, step};
use crate::domain::notice::Event;
use crate::domain::provision::notice;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::faults::facts::Operation;
use crate::journal::Leg;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::seed::Purpose;
use crate::store::{Batch, Commit, Versioned};

/// Months that a renewal adds when nobody says otherwise.
const RENEWAL_MONTHS: u16 = 36;

/// A token as it stands.
pub async fn find(call: &Call, reference: &TokenReference) -> Result<TokenRecord, Rejection> {
    let found = call.desk.store.get::<TokenRecord>(reference).await;
    Ok(found.ok_or(Rejection::TokenUnknown)?.record)
}

/// Moves a token and tells of it.
pub async fn change(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
) -> Result<TokenRecord, Rejection> {
    change_with(call, reference, command, None, None).await
}

/// Moves a token, with the new expiry or the new card that the command brings.
pub async fn change_with(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
    expiry: Option<Expiry>,
    pan: Option<Pan>,
) -> Result<TokenRecord, Rejection> {
    if let (Some(_), Some(operation)) = (&call.inquiry, asked(command)) {
        let before = find(call, reference).await?;
        let card = call.desk.store.get::<CardRecord>(&before.card).await;
        call.consult_or_refuse(operation, |facts| {
            if let Some(card) = &card {
                inquiry::vaulted(facts, &card.record);
            }
            inquiry::token(facts, &before);
        })?;
    }
    carry_out(call, reference, command, expiry, pan).await
}

/// The same as a part of something else, about which the fault rules have been asked already.
pub(super) async fn carry_out(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
    expiry: Option<Expiry>,
    pan: Option<Pan>,
) -> Result<TokenRecord, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: before,
            version,
        } = call
            .desk
            .store
            .get::<TokenRecord>(reference)
            .await
            .ok_or(Rejection::TokenUnknown)?;
        let standing = step(before.standing, command)?;
        let (latest, event) = wording(command, standing.state);
        let mut token = TokenRecord {
            standing,
            latest,
            updated: call.now,
            ..before
        };
        let mut batch = Batch::new();
        if command == Command::UpdateExpiry {
            token.expiry = expiry.unwrap_or_else(|| token.expiry.plus_months(RENEWAL_MONTHS));
        }
        if matches!(command, Command::ReplacePan | Command::UpdateExpiry)
            && let Some(card) = call.desk.store.get::<CardRecord>(&token.card).await
        {
            let mut changed = CardRecord {
                updated: call.now,
                ..card.record
            };
            if command == Command::ReplacePan {
                replace_pan(&call.desk, &mut changed, pan)?;
            }
            if let Some(expiry) = expiry {
                changed.expiry = expiry;
            }
            batch = batch.replace(changed, card.version);
        }
        batch = batch
            .replace(token.clone(), version)
            .tell(notice(event, &token, call.now));
        if call.desk.store.commit(batch).await == Commit::Done {
            call.legs.push(Leg {
                network: token.network.word(),
                operation: operation(command),
                outcome: "done".into(),
            });
            return Ok(token);
        }
    }
    Err(Rejection::Contention)
}

/// Puts a new number in the card's place. The token and the account reference stay.
fn replace_pan(desk: &Desk, card: &mut CardRecord, pan: Option<Pan>) -> Result<(), Rejection> {
    let next = match pan {
        Some(pan) => {
            desk.world.personas.admit(&pan)?;
            pan
        }
        None => replacement(desk, &card.pan)?,
    };
    let first = card.pan;
    card.details_mut().first_pan.get_or_insert(first);
    card.pan = next;
    Ok(())
}

/// A number that the issuer gives out next: the same first six digits, the rest derived.
fn replacement(desk: &Desk, pan: &Pan) -> Result<Pan, Rejection> {
    let old = pan.expose();
    let inputs: [&[u8]; 2] = [old.as_bytes(), b"replacement"];
    let middle = desk.seed.digits(Purpose::Account, &inputs, old.len() - 7);
    let next = with_check_digit(&format!("{}{middle}", pan.first(6)));
    Pan::parse(&next).map_err(|_| Rejection::CardNumberInvalid)
}

/// A token that one side resumes while the other still holds it has only been suspended once more.
const fn wording(command: Command, state: State) -> (LatestChange, Event) {
    match (command, state) {
        (Command::Activate, _) => (LatestChange::Activated, Event::Activated),
        (Command::Suspend(_), _) | (Command::Resume(_), State::Suspended) => {
            (LatestChange::Suspended, Event::Suspended)
        }
        (Command::Resume(_), _) => (LatestChange::Resumed, Event::Resumed),
        (Command::Delete(_), _) => (LatestChange::Deleted, Event::Deleted),
        (Command::UpdateExpiry, _) => (LatestChange::ExpiryUpdated, Event::ExpiryUpdated),
        (Command::ReplacePan, _) => (LatestChange::PanReplaced, Event::PanReplaced),
    }
}

/// What a client asks for with a command, if a client can.
const fn asked(command: Command) -> Option<Operation> {
    match command {
        Command::Activate => Some(Operation::ActivateToken),
        Command::Suspend(_) => Some(Operation::SuspendToken),
        Command::Resume(_) => Some(Operation::ResumeToken),
        Command::Delete(_) => Some(Operation::DeleteToken),
        Command::UpdateExpiry | Command::ReplacePan => None,
    }
}

const fn operation(command: Command) -> &'static str {
    match command {
        Command::Activate => "activate",
        Command::Suspend(_) => "suspend",
        Command::Resume(_) => "resume",
        Command::Delete(_) => "delete",
        Command::UpdateExpiry => "update expiry",
        Command::ReplacePan => "replace pan",
    }
}
