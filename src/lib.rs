//! standin, a stand-in card network: token service providers, the gateway in front of them and the payment side behind
//! them, offline and deterministic, in one binary; and the conformance harness that judges any of it.
//!
//! # The map
//!
//! Modules in order of dependency. Nothing points up; `src/tests/tidy.rs` keeps it so.
//!
//! | module | is | must not |
//! |---|---|---|
//! | [`limits`] | every upper bound, with its reason | hold anything else |
//! | [`wording`] | what is wrong with a file, in the words of whoever writes it | know what a file is for |
//! | [`crypto`] | bytes in, bytes out: MACs, envelopes, signatures | know what a card is |
//! | [`masking`] | makes text fit to be shown: numbers and secrets by their meaning | run while a request is answered |
//! | [`report`] | what a run of the harness has told: its event log, and the reports made of it | know how a check is carried out |
//! | [`seed`] | seed, purpose, inputs: one value | keep a generator |
//! | [`vectors`] | packs of signed and sealed things, right and wrong, for other programs' tests | check one |
//! | [`domain`] | what is true of cards and tokens on every network | wait, read a clock, take a random number |
//! | [`matching`] | the one language that says what a request must be like | know what can be asked for |
//! | [`faults`] | which fault a request gets, and why | carry one out |
//! | [`clock`] | the machine's time, or a time that moves when told | be asked by `domain` |
//! | [`journal`] | what was asked and answered, masked when read | decide anything |
//! | [`judge`] | what a client does wrong, by what the journal records | ask the server |
//! | [`outgoing`] | requests to other machines, over connections that are kept | know what a request says |
//! | [`pages`] | the templates, the style sheet and the script of every page | ask anything |
//! | [`metrics`] | what a server counts of itself | ask for memory, wait, or know what a count is called |
//! | [`docs`] | the pages that ship inside the program | say what no test has run |
//! | [`store`] | records, notices and tasks of a space | interpret what it keeps |
//! | [`operations`] | one file per thing a client may ask: load, decide, commit | hold a rule |
//! | [`wire`] | the impersonated surfaces | touch the store, or know another surface |
//! | [`webhooks`] | takes messages from the outbox, has the surface word and sign them, delivers them | know a surface |
//! | [`control`] | the tester's own API | be needed by any surface |
//! | [`dashboard`] | the page, written from what the control API answers | do anything that the API cannot |
//! | [`server`] | listeners, dispatch, recording | know what a request means |
//! | [`proxy`] | takes requests for the world's own host names to the server, and rewrites on the way | know what a request means |
//! | [`conformance`] | judges any server over HTTP | import a type of the server it judges |
//! | [`explore`] | sequences and races that nobody wrote down, judged by the rules of tokens | know how a target is spoken to |
//! | [`prove`] | judges servers that are wrong on purpose, and says which check notices what | print, or talk to a server itself |
//! | [`cli`] | reads configuration once, prints | be used by anything but `main` |

pub mod cli;
pub mod clock;
pub mod conformance;
pub mod control;
pub mod crypto;
pub mod dashboard;
pub mod docs;
pub mod domain;
pub mod explore;
pub mod faults;
pub mod journal;
pub mod judge;
pub mod limits;
pub mod masking;
pub mod matching;
pub mod metrics;
pub mod operations;
pub mod outgoing;
pub mod pages;
pub mod prove;
pub mod proxy;
pub mod report;
pub mod seed;
pub mod server;
pub mod store;
pub mod vectors;
pub mod webhooks;
pub mod wire;
pub mod wording;
