//! What is true of cards and tokens on every network. Values in, values out: no waiting, no clock, no chance of its own.

pub mod account;
pub mod alias;
pub mod card;
pub mod checkout;
pub mod claim;
pub mod cryptogram;
pub mod digitization;
pub mod enrolment_failure;
pub mod id;
pub mod lifecycle;
pub mod lifecycle_action;
pub mod merchant;
pub mod moment;
pub mod money;
pub mod notice;
pub mod payment;
pub mod persona;
pub mod provision;
pub mod rejection;
pub mod replay;
pub mod step_up;
pub mod token;
pub mod updater;
pub mod webhook;
pub mod words;
