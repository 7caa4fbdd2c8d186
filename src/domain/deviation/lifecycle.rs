//! How an instance with a defect moves tokens.

use super::Deviation::{self, *};
use crate::domain::lifecycle::{self, Actor, Command, Holders, State, TokenStatus};
use crate::domain::rejection::Rejection;

/// Moves a token, or says why it cannot move.
///
/// # Errors
/// What the rules say, or the defect.
pub fn step(
    deviation: Option<Deviation>,
    now: TokenStatus,
    command: Command,
) -> Result<TokenStatus, Rejection> {
    match deviation {
        None => lifecycle::step(now, command),
        Some(defect) => match otherwise(defect, now, command) {
            Some(instead) => instead,
            None => lifecycle::step(now, command),
        },
    }
}

/// What happens in place of what should; nothing where the defect says nothing of it.
fn otherwise(
    defect: Deviation,
    now: TokenStatus,
    command: Command,
) -> Option<Result<TokenStatus, Rejection>> {
    let active = TokenStatus::plain(State::Active);
    let held = |actor| TokenStatus {
        state: State::Suspended,
        holders: Holders::NONE.with(actor),
    };
    let instead = match (defect, now.state, command) {
        (IssuerSuspensionIgnored, State::Active, Command::Suspend(Actor::Issuer))
        | (NetworkSuspensionIgnored, State::Active, Command::Suspend(Actor::Network))
        | (ResumptionIgnored, State::Suspended, Command::Resume(Actor::Issuer))
        | (DeletionIgnored, _, Command::Delete(Actor::Network))
        | (MerchantDeletionIgnored, _, Command::Delete(Actor::Requestor)) => now,
        (ResumeRevives, State::Deleted, Command::Resume(_))
        | (SecondSuspensionResumes, State::Suspended, Command::Suspend(_))
        | (RenewalResumes, State::Suspended, Command::UpdateExpiry)
        | (ReplacementResumes, State::Suspended, Command::ReplacePan) => active,
        (SuspendRevives, State::Deleted, Command::Suspend(actor)) => held(actor),
        (SecondResumptionSuspends, State::Active, Command::Resume(actor)) => held(actor),
        (ReplacementDeletes, _, Command::ReplacePan) => TokenStatus::plain(State::Deleted),
        (SuspendedStays, State::Suspended, Command::Delete(_)) => {
            return Some(Err(Rejection::StateForbids));
        }
        (_, _, _) => return None,
    };
    Some(Ok(instead))
}
