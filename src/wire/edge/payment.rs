//! What every payment service does with a request once it knows the merchant and has read what is asked for: claim the
//! idempotency key, authorize a payment or advance one, tell the journal why it was declined, and keep the answer.

use super::idempotency::{Terms, carry_out};
use super::read::{Flaw, Members};
use super::refusal::{Refusal, Wording};
use super::{Answer, Request, RequestContext};
use crate::domain::card::PresentedNumber;
use crate::domain::id::{CredentialId, PaymentId};
use crate::domain::merchant::Merchant;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::moves::Step;
use crate::domain::payment::reason::Warning;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{PaymentRequest, RequestId, Slot};
use crate::domain::provision::in_token_range;
use crate::domain::rejection::Rejection;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::authorize::{self, AuthorizeError};
use crate::operations::challenges::{self, CompleteError, PaymentToHold};
use crate::operations::counter::{self, Counter};
use crate::operations::payments::{self, MoveError, Moved};

/// How a payment service words that it refuses what would be let pass with a warning.
pub(in crate::wire) trait StrictWording: Wording {
    fn contradicted(warning: Warning) -> Self;
}

impl<Own: StrictWording> From<AuthorizeError> for Refusal<Own> {
    fn from(error: AuthorizeError) -> Self {
        match error {
            AuthorizeError::Rejected(rejection) => Self::Rejected(rejection),
            AuthorizeError::Contradicted(warning) => Self::Own(Own::contradicted(warning)),
        }
    }
}

/// A merchant at a payment service, let in by its key.
#[derive(Debug, Clone, Copy)]
pub(in crate::wire) struct MerchantAccount<'a> {
    pub(in crate::wire) merchant: &'a Merchant,
    /// What the service promises of idempotency keys. Under the service's name there its payments are kept as well.
    pub(in crate::wire) terms: &'static Terms,
}

/// A payment to be authorized.
pub(in crate::wire) struct ToAuthorize {
    pub(in crate::wire) payment: PaymentRequest,
    /// Within whose allowance.
    pub(in crate::wire) credential: Option<CredentialId>,
    /// Of what the client sent.
    pub(in crate::wire) fingerprint: [u8; 32],
}

/// A payment to be captured, cancelled or refunded.
pub(in crate::wire) struct ToAdvance {
    pub(in crate::wire) id: PaymentId,
    pub(in crate::wire) step: Step,
    /// What the service keeps with the move.
    pub(in crate::wire) note: Option<Box<str>>,
    /// Of what the client sent.
    pub(in crate::wire) fingerprint: [u8; 32],
}

/// What is wrong with a card that a payment service looks at before it asks anybody: its check digit, and whether it has
/// expired. A token is its network's to judge.
pub(in crate::wire) fn card_problem(
    request: &Request,
    wanted: &PaymentRequest,
) -> Option<Rejection> {
    let pan = wanted.number.as_pan();
    if wanted.slot == Slot::Token || in_token_range(&pan) {
        return None;
    }
    let admitted = request.space.config.personas.admit(&pan);
    if matches!(admitted, Err(Rejection::CardNumberInvalid)) {
        return Some(Rejection::CardNumberInvalid);
    }
    wanted
        .expiry
        .is_past(request.now)
        .then_some(Rejection::CardExpired)
}

/// Authorizes a payment, and tells the journal why it was declined. For whoever has carried something out before it under the
/// same idempotency key.
///
/// # Errors
/// When the records cannot be reached, or strict rules refuse it.
pub(in crate::wire) async fn pay<Own: StrictWording>(
    context: &mut RequestContext,
    payment: PaymentRequest,
    credential: Option<CredentialId>,
) -> Result<Payment, Refusal<Own>> {
    let paid = authorize::authorize(&mut context.call, payment, credential).await?;
    if let Some(reason) = paid.decline {
        context.note(reason.word().into());
    }
    Ok(paid)
}

impl<'a> MerchantAccount<'a> {
    pub(in crate::wire) fn counter(&self) -> Counter<'a> {
        Counter {
            merchant: &self.merchant.name,
            service: self.terms.service,
        }
    }

    /// A payment that the merchant made at this service.
    pub(in crate::wire) async fn find(
        &self,
        context: &RequestContext,
        id: &PaymentId,
    ) -> Result<Option<Payment>, Rejection> {
        let found = counter::find::<Payment>(&context.call, self.counter(), id).await?;
        Ok(found.map(|found| found.record))
    }

    /// Authorizes a payment and has `word` answer. A declined payment is a payment too.
    ///
    /// # Errors
    /// When the idempotency key cannot be used.
    pub(in crate::wire) async fn authorize<Own: StrictWording>(
        &self,
        context: &mut RequestContext,
        request: &Request,
        wanted: ToAuthorize,
        word: impl AsyncFnOnce(&mut RequestContext, Payment) -> Result<Answer, Refusal<Own>>,
    ) -> Result<Answer, Refusal<Own>> {
        let ToAuthorize {
            mut payment,
            credential,
            fingerprint,
        } = wanted;
        self.carry_out(context, request, fingerprint, async move |context, id| {
            payment.id = id;
            let paid = pay(context, payment, credential).await?;
            word(context, paid).await
        })
        .await
    }

    /// Holds a payment whose customer is sent away to be authenticated, and has `word` say where to.
    ///
    /// # Errors
    /// When it cannot be held, or the idempotency key cannot be used.
    pub(in crate::wire) async fn hold<Own: StrictWording>(
        &self,
        context: &mut RequestContext,
        request: &Request,
        fingerprint: [u8; 32],
        held: PaymentToHold,
        word: impl FnOnce(&RequestContext, &Draft) -> Answer,
    ) -> Result<Answer, Refusal<Own>> {
        self.carry_out(context, request, fingerprint, async move |context, _| {
            let receipt = request.receipt(&context.call);
            let draft = challenges::hold(&mut context.call, held, &receipt).await;
            let draft = draft.map_err(CompleteError::from)?;
            Ok(word(context, &draft))
        })
        .await
    }

    /// Captures, cancels or refunds a payment and has `word` answer.
    ///
    /// # Errors
    /// When the idempotency key cannot be used.
    pub(in crate::wire) async fn advance<Own: Wording>(
        &self,
        context: &mut RequestContext,
        request: &Request,
        wanted: ToAdvance,
        word: impl AsyncFnOnce(
            &mut RequestContext,
            Result<Moved, MoveError>,
        ) -> Result<Answer, Refusal<Own>>,
    ) -> Result<Answer, Refusal<Own>> {
        let ToAdvance {
            id,
            step,
            note,
            fingerprint,
        } = wanted;
        let counter = self.counter();
        self.carry_out(context, request, fingerprint, async move |context, key| {
            let moved = payments::advance(&mut context.call, counter, &id, step, note, key).await;
            word(context, moved).await
        })
        .await
    }

    /// Does whatever else the merchant asks for, once for its idempotency key. `fingerprint` is of what the client sent.
    ///
    /// # Errors
    /// When the idempotency key cannot be used.
    pub(in crate::wire) async fn carry_out<Own: Wording>(
        &self,
        context: &mut RequestContext,
        request: &Request,
        fingerprint: [u8; 32],
        work: impl AsyncFnOnce(&mut RequestContext, Option<RequestId>) -> Result<Answer, Refusal<Own>>,
    ) -> Result<Answer, Refusal<Own>> {
        let sender = &self.merchant.name;
        carry_out(context, request, self.terms, sender, fingerprint, work).await
    }
}

/// Whether a text is written as a card's security code is.
pub(in crate::wire) fn is_security_code(text: &str) -> bool {
    matches!(text.len(), 3 | 4) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'a> Members<'a> {
    /// The security code of a number: three digits of a card, or four. A token's is a cryptogram, and the network's to judge.
    pub fn security_code(&self, name: &str, number: Option<&PresentedNumber>) -> Option<&'a str> {
        let code = self.string(name, TEXT_BYTES_MAX)?;
        let is_token = number.is_some_and(|number| in_token_range(&number.as_pan()));
        let right = is_token || is_security_code(code);
        if !right {
            self.flaw(name, Flaw::Value, "must be three or four digits");
        }
        right.then_some(code)
    }
}
