//! Which merchant calls.

use super::errors::{Own, PaymentsError};
use super::idempotency::KEYS;
use crate::domain::deviation::Deviation;
use crate::domain::merchant::Service;
use crate::wire::edge::credentials::bearer;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext, psp};

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
) -> Result<MerchantAccount<'a>, PaymentsError> {
    let config = &request.space.config;
    let mut merchants = config.merchants.iter();
    let first = merchants.next().map(|merchant| merchant.key.as_str());
    let open = config.deviates(Deviation::NoKeyNeededToPay);
    let key = bearer(&request.headers).or(first.filter(|_| open));
    let key = key.ok_or(Own::NoKey)?;
    let merchant = psp::enter(context, request, Service::Own, key).ok_or(Own::WrongKey)?;
    Ok(MerchantAccount {
        merchant,
        terms: &KEYS,
    })
}
