//! What the gateway costs beside a bare hyper server that answers the same bytes, and what a token costs in memory.
//!
//! Server and client share the machine, so the ratio is what counts and not the requests per second. Run it with
//! `cargo bench --bench gateway`; a word as argument runs only the parts whose name has it.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot go on should stop where it is"
)]

mod budget;
mod cases;
mod flood;
mod growth;
mod memory;
mod messages;
mod pairs;
mod process;
mod proxy;
mod rules;
mod server;
mod spin;
mod store;
mod tokens;
mod versus;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [word, address, answers] = arguments.as_slice()
        && word == server::BARE
    {
        return server::serve_bare(address, answers);
    }
    let wanted = arguments
        .into_iter()
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default();
    let parts: [(&str, fn()); 11] = [
        ("budget", budget::run),
        ("versus", versus::run),
        ("rules", rules::run),
        ("growth", growth::run),
        ("process", process::run),
        ("messages", messages::run),
        ("memory", memory::run),
        ("flood", flood::run),
        ("store", store::run),
        ("tokens", tokens::run),
        ("proxy", proxy::run),
    ];
    for (_, part) in parts.iter().filter(|(name, _)| name.contains(&wanted)) {
        part();
    }
}
