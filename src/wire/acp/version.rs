//! In which version of the protocol a client speaks.

use super::auth::Rules;
use super::errors::{AcpError, Own};
use crate::wire::edge::Request;

/// The versions that are spoken here, the newest first, as `supported_versions` lists them.
pub(super) const SUPPORTED: [&str; 1] = ["2026-04-17"];

/// The version that Checkout.com's libraries are documented with. What it has of a delegated payment reads alike.
const AT_CHECKOUT: &str = "2025-09-29";

/// The versions that are taken by these rules.
pub(super) fn supported(rules: Rules) -> Vec<&'static str> {
    let more = (rules == Rules::Checkout).then_some(AT_CHECKOUT);
    SUPPORTED.into_iter().chain(more).collect()
}

/// Refuses a version that is not spoken here, and none where one is required.
pub(super) fn check(request: &Request, rules: Rules, required: bool) -> Result<(), AcpError> {
    match request.header("api-version") {
        Some(version) if SUPPORTED.contains(&version) => Ok(()),
        Some(AT_CHECKOUT) if rules == Rules::Checkout => Ok(()),
        Some(_) => Err(Own::Version(rules).into()),
        None if required => Err(Own::NoVersion.into()),
        None => Ok(()),
    }
}
