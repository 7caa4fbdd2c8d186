//! Paying: what the authorizer answers a merchant, and what may be done with a payment afterwards. Pure: records in,
//! records out. It knows no payment API; each surface words the [`reason::DeclineReason`] its own way.

pub mod allowance;
pub mod authorize;
pub mod checks;
pub mod claims;
pub mod customer;
pub mod deviant;
pub mod dispute;
pub mod disputing;
pub mod draft;
pub mod enrolled;
pub mod event;
pub mod instrument;
pub mod issuer;
pub mod ledger;
pub mod method;
pub mod moves;
pub mod proof;
pub mod published;
pub mod reason;
pub mod record;
pub mod reference;
pub mod request;
pub mod response;
pub mod responses;
pub mod rules;
pub mod told;
