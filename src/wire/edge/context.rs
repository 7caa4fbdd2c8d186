//! One request on its way through a surface: the call it makes, and what the journal is told of it.

use std::borrow::Cow;

use http::StatusCode;

use super::{Request, status_code};
use crate::domain::id::Owner;
use crate::domain::operation::{Operation, Operations};
use crate::domain::payment::reason::Warning;
use crate::domain::rejection::Rejection;
use crate::faults::facts::Field;
use crate::journal::{Leg, Observed};
use crate::operations::Call;
use crate::operations::fault_context::FaultContext;

/// What the journal is told of a request.
#[derive(Debug, Clone, Default)]
pub struct LogRecord {
    /// What was asked for; none where no route was found.
    pub operation: Option<Operation>,
    /// What was done on the way, whatever was asked for.
    pub operations: Operations,
    pub account: Option<Owner>,
    pub merchant: Option<String>,
    /// Whether credentials have let somebody in.
    pub let_in: bool,
    pub reason: Option<Cow<'static, str>>,
    pub legs: Vec<Leg>,
    /// What was let pass although it contradicts itself.
    pub warnings: Vec<Warning>,
    /// What fault rules said, if any are armed.
    pub faults: Option<Box<FaultContext>>,
    /// What a judge is told, if there is one.
    pub observed: Option<Box<Observed>>,
}

/// See the module.
#[derive(Debug)]
pub struct RequestContext {
    pub call: Call,
    operation: Option<Operation>,
    account: Option<Owner>,
    merchant: Option<String>,
    let_in: bool,
    reason: Option<Cow<'static, str>>,
}

impl RequestContext {
    /// Begins what the request asks for. What was due when it came has been done.
    pub(super) fn begin(request: &mut Request, operation: Option<Operation>) -> Self {
        let mut call = request.call();
        if let Some(operation) = operation {
            call.operations = Operations::default().with(operation);
        }
        Self {
            call,
            operation,
            account: None,
            merchant: None,
            let_in: false,
            reason: None,
        }
    }

    /// Who asks, once that is known.
    pub fn recognise(&mut self, owner: Owner) {
        self.account = Some(owner);
        self.let_in = true;
        if let Some(faults) = &mut self.call.faults
            && let Some(account) = self.call.space.config.accounts.get(owner)
        {
            faults.tell(Field::Client, &account.client_id);
            faults.tell(Field::Requestor, &account.token_requestor_id);
            faults.tell(Field::Merchant, &account.merchant);
        }
    }

    /// Which merchant asks, once its key has let it in.
    pub fn recognise_merchant(&mut self, name: &str) {
        self.let_in = true;
        self.name_merchant(name);
    }

    /// Whose shop a shopper looks at, which anybody may.
    pub fn name_merchant(&mut self, name: &str) {
        self.merchant = Some(name.to_owned());
        if let Some(faults) = &mut self.call.faults {
            faults.tell(Field::Client, name);
            faults.tell(Field::Merchant, name);
        }
    }

    /// Why something was refused that the surface does not answer with an error, such as a declined payment.
    pub fn note(&mut self, reason: Cow<'static, str>) {
        self.reason = Some(reason);
    }

    /// Lets fault rules decide about a request that reads: nothing is left to be known of it when it is answered.
    ///
    /// # Errors
    /// When the rules are counted by several servers and that cannot be done.
    pub(super) async fn consult_reading(&mut self) -> Result<(), Rejection> {
        match self.operation.filter(|operation| operation.only_reads()) {
            Some(operation) => self.call.consult_reading(operation).await,
            None => Ok(()),
        }
    }

    /// The status of the error that fault rules put in the place of an answer.
    pub(super) fn stand_in(&self) -> Option<StatusCode> {
        let stand_in = self.call.faults.as_ref()?.plan.stand_in()?;
        Some(status_code(stand_in.status))
    }

    /// What the journal is told.
    pub(super) fn into_record(self, reason: Option<Cow<'static, str>>) -> LogRecord {
        LogRecord {
            operation: self.operation,
            operations: self.call.operations,
            account: self.account,
            merchant: self.merchant,
            let_in: self.let_in,
            reason: reason.or(self.reason),
            legs: self.call.legs,
            warnings: self.call.warnings,
            faults: self.call.faults,
            observed: self.call.observed,
        }
    }
}
