//! Which merchant stands at a payment service, by the key that it sends. Every payment surface asks here.

use super::{Request, RequestContext};
use crate::crypto::mac::same;
use crate::domain::deviation::Deviation;
use crate::domain::merchant::{Merchant, Service};
use crate::operations::SharedConfig;

/// The merchant with this key, which may have `@` and the name of a space behind it. Every key is looked at, so that the
/// time tells nothing of which one was nearly right.
fn merchant<'a>(config: &'a SharedConfig, service: Service, key: &str) -> Option<&'a Merchant> {
    let (key, _) = key.rsplit_once('@').unwrap_or((key, ""));
    let mut found = None;
    for merchant in config.merchants.iter() {
        if same(merchant.key_at(service).as_bytes(), key.as_bytes()) {
            found = Some(merchant);
        }
    }
    found
}

/// Lets the merchant with this key in.
pub(in crate::wire) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    service: Service,
    key: &str,
) -> Option<&'a Merchant> {
    let config = &request.space.config;
    let known = merchant(config, service, key);
    let open = config.deviates(Deviation::AnyKeyPays);
    let merchant = known.or_else(|| config.merchants.iter().next().filter(|_| open))?;
    context.recognise_merchant(&merchant.name);
    Some(merchant)
}
