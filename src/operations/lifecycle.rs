//! Moving a token through its states, whoever asks: the network, the issuer, the requestor.

use super::fault_context;
use super::space::{Call, Space};
use crate::domain::card::{Expiry, Pan, with_check_digit};
use crate::domain::deviation::Deviation;
use crate::domain::deviation::lifecycle::step;
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Command, State};
use crate::domain::notice::{Event, Notice};
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, LatestChange, TokenRecord};
use crate::domain::updater::{Doing, RENEWAL_MONTHS, act};
use crate::journal::Leg;
use crate::limits::{COMMIT_ATTEMPTS_MAX, PAGE_ROWS_MAX};
use crate::seed::Purpose;
use crate::store::{Batch, Commit, Versioned};

/// A token as it stands.
pub async fn find(call: &Call, reference: &TokenReference) -> Result<TokenRecord, Rejection> {
    let found = call.space.store.get::<TokenRecord>(reference).await?;
    Ok(found.ok_or(Rejection::TokenUnknown)?.record)
}

/// What a change brings besides the move itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct News {
    /// The new expiry, of card and token. They are renewed by [`RENEWAL_MONTHS`] when an expiry is updated to none.
    pub expiry: Option<Expiry>,
    /// The new number of the card. One is made when a number is replaced by none.
    pub pan: Option<Pan>,
    /// The token goes because the issuer closes the account.
    pub closed: bool,
}

/// Moves a token and tells of it.
pub async fn change(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
) -> Result<TokenRecord, Rejection> {
    change_with(call, reference, command, News::default()).await
}

/// Moves a token, with what the command brings. What becomes of its card is committed and told with it.
pub async fn change_with(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
    news: News,
) -> Result<TokenRecord, Rejection> {
    if let (Some(_), Some(operation)) = (&call.faults, asked(command)) {
        let before = find(call, reference).await?;
        let card = call.space.store.get::<CardRecord>(&before.card).await?;
        call.consult_or_refuse(operation, |facts| {
            fault_context::card_of(facts, &before.card, card.as_ref());
            fault_context::token(facts, &before);
        })
        .await?;
    }
    let changed = carry_out(call, reference, command, news).await?;
    let spreads = match command {
        Command::Suspend(_) => call.deviates(Deviation::SuspendsAll),
        Command::Delete(_) => call.deviates(Deviation::DeletesAll),
        Command::Activate | Command::Resume(_) | Command::UpdateExpiry | Command::ReplacePan => {
            false
        }
    };
    if spreads {
        change_all(call, command, news).await?;
    }
    Ok(changed)
}

/// Moves every token that can be moved, which only an instance with a defect does.
pub(super) async fn change_all(
    call: &mut Call,
    command: Command,
    news: News,
) -> Result<(), Rejection> {
    let page = call
        .space
        .store
        .scan::<TokenRecord>(None, PAGE_ROWS_MAX)
        .await?;
    for token in page.rows {
        let _cannot_move = carry_out(call, &token.reference, command, news).await;
    }
    Ok(())
}

/// The same as a part of something else, about which the fault rules have been asked already.
pub(super) async fn carry_out(
    call: &mut Call,
    reference: &TokenReference,
    command: Command,
    news: News,
) -> Result<TokenRecord, Rejection> {
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: before,
            version,
        } = call
            .space
            .store
            .get::<TokenRecord>(reference)
            .await?
            .ok_or(Rejection::TokenUnknown)?;
        let unseen = call.looks_away(Deviation::ChangeOvertaken).await;
        let status = step(call.space.config.deviation, before.status, command)?;
        let (latest, event) = wording(command, status.state);
        let mut token = TokenRecord {
            status,
            latest,
            updated: call.now,
            ..before
        };
        if command == Command::UpdateExpiry && !call.deviates(Deviation::RenewalIgnored) {
            token.expiry = news
                .expiry
                .unwrap_or_else(|| token.expiry.plus_months(RENEWAL_MONTHS));
        }
        let card = call.space.store.get::<CardRecord>(&token.card).await?;
        let altered = with_card(call, card.as_ref(), command, news)?;
        let then = altered.as_ref().map(|altered| &altered.card);
        let then = then.or(card.as_ref().map(|found| &found.record));
        let mut batch = Batch::new().replace(token.clone(), version);
        batch = batch.tell(Notice::of_token(event, &token, then, call.now));
        if let Some(altered) = altered {
            batch = batch.replace(altered.card, altered.version);
            batch = altered.told.into_iter().fold(batch, Batch::tell);
        }
        if call.space.store.commit(batch).await? == Commit::Done || unseen {
            call.note(Leg {
                network: token.network.word(),
                operation: operation(command),
                outcome: "done".into(),
            });
            return Ok(token);
        }
    }
    Err(Rejection::Contention)
}

/// A card as a command leaves it.
struct Altered {
    card: CardRecord,
    /// Of the record that it replaces.
    version: u32,
    told: Option<Notice>,
}

/// The card of a token as the command leaves it, if the command says something of the card.
fn with_card(
    call: &Call,
    found: Option<&Versioned<CardRecord>>,
    command: Command,
    news: News,
) -> Result<Option<Altered>, Rejection> {
    let of_the_card = match command {
        Command::UpdateExpiry | Command::ReplacePan => true,
        Command::Delete(_) => news.closed,
        Command::Activate | Command::Suspend(_) | Command::Resume(_) => false,
    };
    let Some(found) = found.filter(|_| of_the_card) else {
        return Ok(None);
    };
    let doing = doing(&call.space, &found.record, command, news)?;
    let (card, told) = act(&found.record, doing, call.now);
    Ok(Some(Altered {
        card,
        version: found.version,
        told,
    }))
}

/// What a command that says something of a card does to it.
pub(super) fn doing(
    space: &Space,
    before: &CardRecord,
    command: Command,
    news: News,
) -> Result<Doing, Rejection> {
    let renewed = || before.expiry.plus_months(RENEWAL_MONTHS);
    Ok(match command {
        Command::ReplacePan => Doing::Renew {
            pan: Some(next_number(space, before, news.pan)?),
            expiry: news.expiry,
        },
        Command::UpdateExpiry => Doing::Renew {
            pan: None,
            expiry: Some(news.expiry.unwrap_or_else(renewed)),
        },
        Command::Activate | Command::Suspend(_) | Command::Resume(_) | Command::Delete(_) => {
            Doing::Close
        }
    })
}

/// The number that takes the place of a card's: the one given, if it may be held, or a made one.
pub(super) fn next_number(
    space: &Space,
    card: &CardRecord,
    given: Option<Pan>,
) -> Result<Pan, Rejection> {
    match given {
        Some(pan) => {
            space.config.personas.admit(&pan)?;
            Ok(pan)
        }
        None => replacement(space, &card.pan),
    }
}

/// A number that the issuer gives out next: the same first six digits, the rest derived.
fn replacement(space: &Space, pan: &Pan) -> Result<Pan, Rejection> {
    let old = pan.expose();
    let inputs: [&[u8]; 2] = [old.as_bytes(), b"replacement"];
    let middle = space.seed.digits(Purpose::Account, &inputs, old.len() - 7);
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
