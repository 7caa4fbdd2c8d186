//! Which merchant calls.

use super::errors::PaymentsError;
use crate::domain::merchant::{Merchant, Service};
use crate::wire::address::bearer;
use crate::wire::asked::Asked;
use crate::wire::{Visit, till};

/// Lets a merchant in by its key.
pub(super) fn enter<'a>(
    visit: &mut Visit,
    asked: &'a Asked,
) -> Result<&'a Merchant, PaymentsError> {
    let key = bearer(&asked.headers).ok_or(PaymentsError::NoKey)?;
    let merchant = till::merchant(&asked.desk.world, Service::Own, key);
    let merchant = merchant.ok_or(PaymentsError::WrongKey)?;
    visit.recognise_merchant(&merchant.name);
    Ok(merchant)
}
