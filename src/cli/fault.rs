//! `standin fault`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::out::{Failed, say};
use super::remote::{Remote, run};
use crate::faults::file::FaultFile;
use crate::faults::rule::Rule;

/// The arguments of `standin fault`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Fault {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "A rule is KIND [VALUE] [PARAMETER=VALUE …] [on FIELD=VALUE …] [when CONDITION=VALUE …] [as NAME] [cap N] [ttl SPAN]

Examples:
  standin fault add refuse card_not_allowed on last4=1111
  standin fault add lost_after_commit on operation=provision when first=1 as lost
  standin fault add latency p50=120ms p99=900ms on surface=visa ttl 10m
  standin fault add status 503 retry_after=2s when probability=0.3
  standin fault add --preset slow_friday
  standin fault list
  standin fault rm lost";

#[derive(Debug, Subcommand)]
enum What {
    /// Arm a rule.
    Add {
        /// The rule, in one line or in words.
        #[arg(required_unless_present = "preset", trailing_var_arg = true)]
        rule: Vec<String>,
        /// Arm a mixture that comes with standin.
        #[arg(long, value_name = "NAME", conflicts_with = "rule")]
        preset: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show the armed rules and what they have done.
    List {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Take rules away.
    Rm {
        /// Which ones.
        #[arg(required_unless_present = "all")]
        names: Vec<String>,
        /// Every rule.
        #[arg(long, conflicts_with = "names")]
        all: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show every kind of fault with an example.
    Kinds,
}

impl Fault {
    pub(super) fn run(self) -> Result<(), Failed> {
        match self.what {
            What::Add {
                rule,
                preset,
                remote,
            } => add(&rule, preset, &remote),
            What::List { json, remote } => list(json, &remote),
            What::Rm { names, all, remote } => remove(&names, all, &remote),
            What::Kinds => {
                for kind in crate::faults::fault::kinds() {
                    say!("{:<24} {}", kind.word, kind.about)?;
                    say!("{:<24}   {}", "", kind.example)?;
                }
                Ok(())
            }
        }
    }
}

fn add(words: &[String], preset: Option<String>, remote: &Remote) -> Result<(), Failed> {
    let body = match preset {
        Some(name) => json!({ "preset": name }),
        // What is wrong is said before anything is sent.
        None => json!(Rule::from_words(words).map_err(|error| error.to_string())?),
    };
    let answer = run(remote.ask(Method::POST, "faults", Some(&body)))?;
    for name in answer["armed"].as_array().into_iter().flatten() {
        say!("armed {}", name.as_str().unwrap_or_default())?;
    }
    Ok(())
}

fn list(as_json: bool, remote: &Remote) -> Result<(), Failed> {
    let answer = run(remote.ask(Method::GET, "faults", None))?;
    if as_json {
        say!("{answer:#}")?;
        return Ok(());
    }
    let rules = answer["rules"].as_array().map_or(&[][..], Vec::as_slice);
    if rules.is_empty() {
        say!("no rule is armed")?;
    }
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    for rule in rules {
        let (matched, fired) = (&rule["matched"], &rule["fired"]);
        say!("{}", text(rule, "name"))?;
        say!("  {}", text(rule, "text"))?;
        say!("  matched {matched}, fired {fired}")?;
    }
    Ok(())
}

fn remove(names: &[String], all: bool, remote: &Remote) -> Result<(), Failed> {
    if all {
        run(remote.ask(Method::DELETE, "faults", None))?;
    }
    for name in names {
        run(remote.ask(Method::DELETE, &format!("faults/{name}"), None))?;
    }
    Ok(())
}

/// The rules of a file, or of a preset of that name.
pub(super) fn rules(files: &[PathBuf]) -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    for path in files {
        let name = path.to_string_lossy();
        let file = match FaultFile::presets().find(|known| *known == name) {
            Some(preset) => FaultFile::preset(preset),
            None => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("--faults {name}: {error}"))?;
                FaultFile::from_toml(&text)
            }
        };
        let file = file.map_err(|error| format!("--faults {name}: {error}"))?;
        rules.extend(file.rules);
    }
    Ok(rules)
}
