//! What a client may ask, one file for each thing: load what it needs, let the domain decide, commit if nobody wrote first.
//! No rule lives here.

pub mod access;
pub mod account_names;
pub mod aliases;
pub mod authorize;
pub mod cards;
pub mod checkouts;
mod client_bounds;
mod consult;
pub mod cryptograms;
pub mod delegation;
pub mod derived_ids;
pub mod digitization;
pub mod drafts;
pub mod endpoints;
pub mod enrolments;
pub mod fault_context;
mod fault_settings;
pub mod idempotency;
pub mod keyring;
mod known_names;
pub mod lifecycle;
pub mod merchant_access;
pub mod network_keys;
pub mod payments;
pub mod provisioning;
pub mod requestors;
pub mod sealing;
mod seen_nonces;
pub mod settings;
pub mod settle;
mod space;
mod space_name;
mod spaces;
mod spans;
pub mod step_up;
pub mod target;
pub mod token_service;
pub mod tokens;
pub mod updater;
mod verified_tokens;
mod webhook_settings;
pub mod webhooks;

pub use space::{Arrival, Call, SharedConfig, Space};
pub use space_name::{SpaceName, SpaceNameError};
pub use spaces::{OpenError, Spaces, SpacesFull};
