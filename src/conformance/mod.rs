//! Judges any server over HTTP. Imports no type of the server, or one misspelt field would pass on both sides.
//!
//! A run goes through these files in this order: `options` (what the caller wants), `target` (what is judged and what it
//! claims), `features` and `lint` (what is demanded), `plan` (which checks there are and which of them run), `runner` with
//! `steps`, `world`, `conversation` and `http` (carrying them out), `telling` with `report` (telling and counting), `verdict` (the exit code).
//!
//! To add a demand: write a scenario in `features/`. To add a way of speaking to a target: see `binding`.

mod authorise;
mod behind;
mod binding;
mod broken;
mod capability;
mod clauses;
mod closest;
mod conversation;
mod credentials;
mod draft;
mod expectations;
mod features;
mod given;
mod http;
mod init;
mod leases;
mod ledger;
mod lint;
mod listener;
mod looks;
mod options;
mod orchestrator;
mod pace;
mod past;
mod plan;
mod preflight;
mod prepare;
mod probe;
mod reference;
mod report;
mod requestor;
mod requirements;
mod runner;
mod scenario;
#[cfg(test)]
mod scripted;
mod signing;
mod step_book;
mod steps;
mod suggestions;
mod suite;
mod target;
mod telling;
mod told;
mod transcript;
mod turn;
mod verdict;
mod world;

pub use credentials::{Credentials, VisaKeys};
pub use init::{Init, init};
pub use looks::Looks;
pub use options::Options;
pub use past::Past;
pub use prepare::{Prepared, prepare, print_clauses};
pub use probe::{Probe, probe};
pub use reference::{print_reference, schema};
pub use suite::{Judged, Subject, Suite, is_named};
pub use target::Target;
pub use verdict::{Level, Outcome, Tally, Verdict};
