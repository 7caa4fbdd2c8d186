//! Which merchant calls.

use super::errors::{Own, PaymentsError};
use super::routes::KEYS;
use crate::domain::merchant::Service;
use crate::wire::edge::credentials::bearer;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext, psp};

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<MerchantAccount<'a>, PaymentsError> {
    let key = bearer(&request.headers).ok_or(Own::NoKey)?;
    let merchant = psp::enter(context, request, Service::Own, key).ok_or(Own::WrongKey)?;
    Ok(MerchantAccount {
        merchant,
        terms: &KEYS,
    })
}
