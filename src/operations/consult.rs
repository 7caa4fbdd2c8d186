//! Asking the fault rules about what a call is to do, and what they have said.

use super::space::Call;
use crate::domain::operation::Operation;
use crate::domain::persona::IssuerAnswer;
use crate::domain::rejection::Rejection;
use crate::faults::commit::Commit;
use crate::faults::cryptogram::Cryptogram;
use crate::faults::facts::Facts;
use crate::faults::outcome::Outcome;

impl Call {
    /// Asks the fault rules about what is to be done next. Asking again about the same thing, after a conflict or from a step
    /// inside, changes nothing.
    ///
    /// # Errors
    /// When nothing is to happen. The answer is then the server's to give, whatever a surface makes of the error.
    pub async fn consult(
        &mut self,
        operation: Operation,
        about: impl FnOnce(&mut Facts),
    ) -> Result<(), Rejection> {
        self.operations = self.operations.with(operation);
        let Some(faults) = &mut self.faults else {
            return Ok(());
        };
        let (space, now) = (&self.space, self.now);
        faults.ask_about(operation, about, space, now).await?;
        if self.is_withheld() {
            return Err(Rejection::SystemError);
        }
        Ok(())
    }

    /// The same, for what the network or the issuer can refuse in so many words.
    pub async fn consult_or_refuse(
        &mut self,
        operation: Operation,
        about: impl FnOnce(&mut Facts),
    ) -> Result<(), Rejection> {
        self.consult(operation, about).await?;
        self.refusal().map_or(Ok(()), Err)
    }

    /// Asks about a request that reads: nothing is left to be known of it when it is answered.
    pub async fn consult_reading(&mut self, operation: Operation) -> Result<(), Rejection> {
        let Some(faults) = &mut self.faults else {
            return Ok(());
        };
        // What the request was about on the way has been asked already.
        if faults.has_asked() {
            return Ok(());
        }
        let (space, now) = (&self.space, self.now);
        faults.ask_about(operation, |_| {}, space, now).await
    }

    /// Whether nothing is to happen.
    pub fn is_withheld(&self) -> bool {
        self.faults.as_ref().is_some_and(|faults| {
            let plan = &faults.plan;
            plan.status.is_some() || matches!(plan.commit, Some(Commit::LostBeforeCommit { .. }))
        })
    }

    /// What the network is to refuse.
    pub(super) fn refusal(&self) -> Option<Rejection> {
        match self.outcome()? {
            Outcome::Refuse { reason } => Some(reason),
            Outcome::StepUp | Outcome::IssuerAnswer { .. } => None,
        }
    }

    /// What the issuer is to answer to a payment.
    pub(super) fn issuer_answer(&self) -> Option<IssuerAnswer> {
        match self.outcome()? {
            Outcome::IssuerAnswer { answer } => Some(answer),
            Outcome::Refuse { .. } | Outcome::StepUp => None,
        }
    }

    /// Whether the cardholder is to be verified first.
    pub(super) fn steps_up(&self) -> bool {
        self.outcome() == Some(Outcome::StepUp)
    }

    /// What is to be wrong with a cryptogram.
    pub(super) fn cryptogram_fault(&self) -> Option<Cryptogram> {
        self.faults.as_ref()?.plan.cryptogram
    }

    fn outcome(&self) -> Option<Outcome> {
        self.faults.as_ref()?.plan.outcome
    }
}
