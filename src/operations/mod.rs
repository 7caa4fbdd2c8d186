//! What a client may ask, one file for each thing: load what it needs, let the domain decide, commit if nobody wrote first.
//! No rule lives here.

pub mod access;
pub mod account_names;
pub mod aliases;
pub mod authorize;
pub mod cards;
pub mod checkouts;
mod client_bounds;
pub mod cryptograms;
pub mod delegation;
pub mod derived_ids;
pub mod digitization;
pub mod drafts;
pub mod enrolments;
pub mod fault_context;
mod fault_settings;
pub mod idempotency;
pub mod keyring;
pub mod lifecycle;
pub mod merchant_access;
pub mod network_keys;
pub mod payments;
pub mod provisioning;
pub mod requestors;
pub mod sealing;
pub mod settings;
mod settle;
mod space;
mod spaces;
mod spans;
pub mod step_up;
pub mod target;
pub mod token_service;
pub mod tokens;
pub mod updater;
mod webhook_settings;
pub mod webhooks;

pub use space::{Call, SharedConfig, Space};
pub use spaces::{SpaceName, SpaceNameError, Spaces, SpacesFull};
