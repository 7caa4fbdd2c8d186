//! Paying over HTTP: what is minted at the gateway is spent at a merchant's payment service.

mod agents;
mod at_adyen;
mod at_checkout;
mod bugs;
mod canary;
mod checkout_members;
mod expiring;
pub(crate) mod judged;
mod keyed;
mod later;
mod on_file;
mod orchestrator;
mod own_api;
mod psp;
mod published;
mod race;
mod secure_at_adyen;
mod secure_at_checkout;
mod setup_attempts;
mod shop;
mod spelling;
mod spending;
mod stripe_causes;
#[expect(
    clippy::too_many_lines,
    reason = "a story or a table is read from top to bottom"
)]
mod stripe_charges;
mod stripe_dispute_money;
mod stripe_disputes;
mod stripe_initiator;
#[expect(
    clippy::too_many_lines,
    reason = "a story or a table is read from top to bottom"
)]
mod stripe_lists;
mod stripe_parameters;
mod stripe_refused;
#[expect(
    clippy::too_many_lines,
    reason = "a story or a table is read from top to bottom"
)]
mod stripe_states;
mod stripe_tokens;
mod table;
mod three_d_secure;
mod vendors;
