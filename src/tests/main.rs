//! The one test binary: the rules of the house, the test data, and what must hold of the whole.
//! Each topic is a `#[cfg(test)]` module, so that clippy knows its functions for tests.

#[cfg(test)]
mod bluegate;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod client;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crypto;
#[cfg(test)]
mod durable;
#[cfg(test)]
mod fault_choice;
#[cfg(test)]
mod fault_script;
#[cfg(test)]
mod fault_wire;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod injection;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod manners;
#[cfg(test)]
mod manners_of_files;
#[cfg(test)]
mod manners_of_servers;
#[cfg(test)]
mod manners_on_a_terminal;
#[cfg(test)]
mod merchant;
#[cfg(test)]
mod orchestrator;
#[cfg(test)]
mod over_tls;
#[cfg(test)]
mod packages;
#[cfg(test)]
mod paying;
#[cfg(test)]
mod payment;
#[cfg(test)]
mod personas;
#[cfg(test)]
mod program;
#[cfg(test)]
mod proving;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod refusing;
#[cfg(test)]
mod requestor;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod store;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod unread;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod webhooks;
