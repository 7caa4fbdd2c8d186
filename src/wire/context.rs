//! One request on its way through a surface: the call it makes, and what the journal is told of it.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};

use crate::domain::id::Owner;
use crate::faults::facts::Field;
use crate::journal::Leg;
use crate::operations::fault_context::FaultContext;
use crate::operations::{Arrival, Call};

/// A surface's refusal: the response that the client gets, and the true reason for the journal.
pub trait Refused: IntoResponse {
    fn reason(&self) -> Cow<'static, str>;
}

/// What the journal is told. Travels with the response, as one of its extensions.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub operation: &'static str,
    pub account: Option<Owner>,
    pub merchant: Option<String>,
    pub reason: Option<Cow<'static, str>>,
    pub legs: Vec<Leg>,
    /// What fault rules said, if any are armed.
    pub faults: Option<Box<FaultContext>>,
}

/// See the module.
#[derive(Debug)]
pub struct RequestContext {
    pub call: Call,
    operation: &'static str,
    account: Option<Owner>,
    merchant: Option<String>,
    reason: Option<Cow<'static, str>>,
    only_reads: bool,
}

impl RequestContext {
    pub fn begin(operation: &'static str, arrival: Arrival) -> Self {
        Self {
            call: Call::arrive(arrival),
            operation,
            account: None,
            merchant: None,
            reason: None,
            only_reads: false,
        }
    }

    /// Who asks, once that is known.
    pub fn recognise(&mut self, owner: Owner) {
        self.account = Some(owner);
        if let Some(faults) = &mut self.call.faults
            && let Some(account) = self.call.space.config.accounts.get(owner)
        {
            faults.tell(Field::Client, &account.client_id);
            faults.tell(Field::Requestor, &account.token_requestor_id);
            faults.tell(Field::Merchant, &account.merchant);
        }
    }

    /// Says that the request changes nothing though it is sent as if it did, as where APIs read by POST.
    pub const fn only_reads(&mut self) {
        self.only_reads = true;
    }

    /// Which merchant asks, once that is known.
    pub fn recognise_merchant(&mut self, name: &str) {
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

    /// The response, with what the journal is to know.
    pub fn finish<E: Refused>(mut self, result: Result<Response, E>) -> Response {
        if result.is_ok() {
            self.call.consult_reading(self.only_reads);
        }
        let reason = result.as_ref().err().map(Refused::reason).or(self.reason);
        let mut response = result.unwrap_or_else(IntoResponse::into_response);
        response.extensions_mut().insert(Told {
            operation: self.operation,
            account: self.account,
            merchant: self.merchant,
            reason,
            legs: self.call.legs,
            faults: self.call.faults,
        });
        response
    }
}
