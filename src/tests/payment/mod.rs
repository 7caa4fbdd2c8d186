//! Paying: the decision table, what an attempt spends, and what may be done with a payment.

mod allowance;
mod guesses;
mod moves;
mod scene;
mod short;
mod spending;
mod table;
