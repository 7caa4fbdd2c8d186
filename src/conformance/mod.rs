//! Judges any server over HTTP. Imports no type of the server, or one misspelt field would pass on both sides.
//!
//! A run goes through these files in this order: `options` (what the caller wants), `target` (what is judged and what it
//! claims), `features` and `lint` (what is demanded), `plan` (which checks there are and which of them run), `runner` with
//! `steps`, `world`, `conversation` and `http` (carrying them out), `telling` (counting, and telling through `crate::report`, where the verdict is).
//!
//! To add a demand: write a scenario in `features/`. To add a way of speaking to a target: see `binding`.

mod asking;
mod attack;
mod authorise;
mod behind;
mod binding;
mod broken;
mod capability;
mod chosen;
mod clauses;
mod closest;
mod codes;
mod conversation;
mod credentials;
mod curl;
mod currency;
mod draft;
mod evidence;
mod expectations;
mod features;
mod files;
mod forged;
mod given;
mod http;
mod init;
mod leases;
mod ledger;
mod leftover;
mod lint;
mod listener;
mod looks;
mod masked;
mod mistake;
mod names;
mod operation;
mod options;
mod orchestrator;
mod pace;
mod plan;
mod preflight;
mod prepare;
mod probe;
mod receiver;
mod reference;
mod requestor;
mod requirements;
mod runner;
mod scenario;
#[cfg(test)]
mod scripted;
mod search;
mod signing;
mod step_book;
mod step_time;
mod steps;
mod suggestions;
mod suite;
mod target;
mod telling;
mod told;
mod told_signature;
mod trials;
mod turn;
mod watch;
mod world;

pub use credentials::{Credentials, VisaKeys};
pub use files::Job;
pub use init::{Init, init};
pub use looks::Looks;
pub use options::{Options, parse_duration};
pub use prepare::{Prepared, prepare, print_clauses};
pub use probe::{Probe, probe};
pub use receiver::{ReceiverOptions, judge_receiver};
pub use reference::{print_reference, schema};
pub use suite::{Judged, Subject, Suite, is_named};
pub use target::Target;
pub use trials::{Heard, Heeded, Spoken, Trials, Wanted};
