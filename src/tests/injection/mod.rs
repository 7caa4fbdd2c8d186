//! Faults on a whole server: armed as a tester would, seen as a client does.

mod arming;
mod lost;
mod outcomes;
mod same;
mod table;
