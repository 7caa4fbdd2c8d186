//! `standin doctor`: looks at a deployment, and says of everything that it finds what it means and what to do.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::out::{notice, print};
use super::refused::having;
use super::remote::{Remote, run};
use crate::clock::machine_now;
use crate::domain::moment::Moment;
use crate::store::{Durability, SharedEngine};

/// Requests that are sent to one address to find out which servers are behind it. A balancer that goes round sends them to a
/// dozen servers at least twice.
const ROUNDS: usize = 24;
/// How far the clocks of two machines may be from each other before signatures with a time in them are refused somewhere.
const CLOCKS_APART_S: u64 = 60;

/// The arguments of `standin doctor`.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    remote: Remote,
    /// The engine that the servers share, to be looked at as well: redis://HOST:PORT or redis-cluster://HOST:PORT,HOST:PORT.
    #[arg(
        long,
        value_name = "URL",
        env = "STANDIN_STORE",
        hide_env_values = true
    )]
    store: Option<String>,
}

/// What was found.
#[derive(Debug, Default)]
struct Findings {
    text: String,
    problems: usize,
    warnings: usize,
}

impl Findings {
    fn well(&mut self, what: &str) {
        self.add("ok", what);
    }

    fn warn(&mut self, what: &str) {
        self.warnings += 1;
        self.add("warning", what);
    }

    fn problem(&mut self, what: &str) {
        self.problems += 1;
        self.add("problem", what);
    }

    fn add(&mut self, level: &str, what: &str) {
        // Writing to a text cannot fail.
        let _written = writeln!(self.text, "{level:<8} {what}");
    }
}

impl Doctor {
    pub(super) fn run(self) -> ExitCode {
        let mut findings = Findings::default();
        let looked = run(async {
            if let Some(store) = &self.store {
                engine(store, &mut findings).await;
            }
            servers(&self.remote, self.store.is_some(), &mut findings).await;
            Ok::<_, String>(())
        });
        if let Err(why) = looked {
            notice(format_args!("standin doctor: {why}"));
            return ExitCode::from(2);
        }
        let (problems, warnings) = (findings.problems, findings.warnings);
        let _written = writeln!(findings.text, "{problems} problems, {warnings} warnings");
        // Whoever reads only the exit code has closed the pipe.
        let _unread = print(findings.text.as_bytes());
        ExitCode::from(u8::from(problems > 0))
    }
}

async fn engine(store: &str, findings: &mut Findings) {
    match SharedEngine::examine(store, Durability::Process).await {
        Ok(warnings) => {
            findings.well("the store answers, and drops nothing when its memory is short");
            for warning in warnings {
                findings.warn(&format!("the store at {warning}"));
            }
        }
        Err(why) => findings.problem(&format!("the store: {why}")),
    }
}

/// What was seen of the servers behind an address.
#[derive(Debug, Default)]
struct Seen {
    replicas: BTreeSet<String>,
    versions: BTreeSet<String>,
    settings: BTreeSet<String>,
    alone: bool,
}

async fn servers(remote: &Remote, shared: bool, findings: &mut Findings) {
    let at = remote.server();
    let mut seen = Seen::default();
    for _ in 0..ROUNDS {
        let health = remote.ask(Method::GET, "health", None).await;
        let health = match health.and_then(|health| having(health, "version")) {
            Ok(health) => health,
            Err(why) => {
                findings.problem(&format!(
                    "{at}: {why}; is it started, and is --server its address?"
                ));
                return;
            }
        };
        let text = |name: &str| health[name].as_str().unwrap_or_default().to_owned();
        match health["replica"].as_str() {
            Some(replica) => {
                seen.replicas.insert(replica.to_owned());
            }
            None => seen.alone = true,
        }
        seen.versions.insert(text("version"));
        match remote.ask(Method::GET, "settings", None).await {
            Ok(settings) => {
                seen.settings.insert(settings.to_string());
            }
            Err(why) => {
                findings.problem(&format!("{at}: the control plane says: {why}"));
                return;
            }
        }
    }
    findings.well(&format!("{at} answers and can write"));
    judge(&seen, shared, findings);
    match remote.ask(Method::GET, "clock", None).await {
        Ok(clock) => clocks(&clock, findings),
        Err(why) => findings.problem(&format!("{at}: its clock: {why}")),
    }
}

fn judge(seen: &Seen, shared: bool, findings: &mut Findings) {
    match (seen.replicas.len(), seen.alone) {
        (0, _) if shared => findings.problem(
            "the server does not use a store: what it is told stays in it; start it with --store",
        ),
        (0, _) => findings.well("one server, which keeps everything itself"),
        (_, true) => findings.problem(
            "some of the servers use the store and some do not, so that an answer depends on which is asked; start all of them with --store",
        ),
        (1, false) => findings.warn(
            "one server uses the store: when it stops, nobody answers; a balancer that sends all requests to one looks like this too",
        ),
        (several, false) => {
            findings.well(&format!("{several} servers share the store"));
            findings.warn(
                "each server has a journal of its own: `standin journal` and `standin verify` tell of the one that answers; ask each by its own address",
            );
        }
    }
    if seen.versions.len() > 1 {
        let versions: Vec<_> = seen.versions.iter().map(String::as_str).collect();
        findings.problem(&format!(
            "the servers have different versions ({}): an older one may not read what a newer one writes; bring all to one",
            versions.join(", ")
        ));
    }
    if seen.settings.len() > 1 {
        findings.problem(
            "the servers have different settings, so that an answer depends on which is asked; give all the same --config",
        );
    }
}

fn clocks(clock: &Value, findings: &mut Findings) {
    if clock["mode"] != "real" {
        return findings.well("the clock stands still until it is moved");
    }
    let now = clock["now"]
        .as_str()
        .and_then(|now| Moment::parse(now).ok());
    let Some(now) = now else {
        return findings.problem("its clock cannot be read");
    };
    let here = machine_now();
    let apart = now.since(here).max(here.since(now)).as_secs();
    if apart > CLOCKS_APART_S {
        findings.warn(&format!(
            "its clock is {apart} s from that of this machine: it was moved, or one of the two is wrong; signatures with a time in them may be refused"
        ));
    } else {
        findings.well("its clock and that of this machine agree");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(seen: &Seen, shared: bool) -> String {
        let mut findings = Findings::default();
        judge(seen, shared, &mut findings);
        findings.text
    }

    #[test]
    fn each_finding_says_what_to_do() {
        let set = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let alone = Seen {
            alone: true,
            ..Seen::default()
        };
        assert!(judged(&alone, false).starts_with("ok "));
        assert!(judged(&alone, true).contains("start it with --store"));
        let mixed = Seen {
            replicas: set(&["a"]),
            versions: set(&["1", "2"]),
            settings: set(&["{}", "{\"a\":1}"]),
            alone: true,
        };
        let said = judged(&mixed, true);
        for wanted in [
            "start all of them with --store",
            "(1, 2)",
            "the same --config",
        ] {
            assert!(said.contains(wanted), "{said}");
        }
    }
}
