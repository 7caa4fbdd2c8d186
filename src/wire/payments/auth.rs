//! Which merchant calls.

use super::errors::PaymentsError;
use crate::domain::merchant::{Merchant, Service};
use crate::wire::edge::credentials::bearer;
use crate::wire::request::Request;
use crate::wire::{RequestContext, psp};

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<&'a Merchant, PaymentsError> {
    let key = bearer(&request.headers).ok_or(PaymentsError::NoKey)?;
    let merchant = psp::merchant(&request.space.config, Service::Own, key);
    let merchant = merchant.ok_or(PaymentsError::WrongKey)?;
    context.recognise_merchant(&merchant.name);
    Ok(merchant)
}
