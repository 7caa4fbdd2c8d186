//! Servers that share an engine: Redis or Valkey, started by the tests from the system's packages.

mod cluster;
mod conform;
mod deploy;
mod doctor;
mod killed;
mod outage;
mod replicas;
mod requirements;
mod same_bytes;
mod server;

pub(crate) use server::EngineServer;

/// How often something is tried: as often as a variable says, or so often.
fn times(variable: &str, otherwise: u64) -> u64 {
    let asked = std::env::var_os(variable);
    asked.map_or(otherwise, |asked| asked.to_string_lossy().parse().unwrap())
}
