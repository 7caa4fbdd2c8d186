//! `standin fault`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;
use http::Method;
use serde_json::{Value, json};

use super::completions::{of_a_rule, preset};
use super::out::{Failed, say};
use super::refused::having;
use super::remote::{Remote, part, run};
use super::table::table;
use crate::faults::fault::{Kind, kinds};
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
        #[arg(required_unless_present = "preset", value_name = "RULE", add = ArgValueCompleter::new(of_a_rule))]
        rule: Vec<String>,
        /// Arm a mixture that comes with standin.
        #[arg(long, value_name = "NAME", conflicts_with = "rule", add = ArgValueCompleter::new(preset))]
        preset: Option<String>,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
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
        /// Print what is armed then as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show every kind of fault with an example.
    Kinds {
        /// Print them as JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Fault {
    pub(super) fn run(self) -> Result<(), Failed> {
        match self.what {
            What::Add {
                rule,
                preset,
                json,
                remote,
            } => add(&rule, preset, json, &remote),
            What::List { json, remote } => list(json, &remote),
            What::Rm {
                names,
                all,
                json,
                remote,
            } => remove(&names, all, json, &remote),
            What::Kinds { json } => print_kinds(json),
        }
    }
}

fn print_kinds(as_json: bool) -> Result<(), Failed> {
    if as_json {
        let rows = kinds()
            .map(|kind| json!({ "kind": kind.word, "does": kind.about, "example": kind.example }));
        return say!("{:#}", rows.collect::<Value>());
    }
    let row = |kind: &Kind| {
        let about = format!("{}\n{}", kind.about, kind.example);
        [kind.word.to_owned(), about]
    };
    say!("{}", table(None, kinds().map(row)))
}

fn add(
    words: &[String],
    preset: Option<String>,
    as_json: bool,
    remote: &Remote,
) -> Result<(), Failed> {
    let body = match preset {
        Some(name) => json!({ "preset": name }),
        // What is wrong is said before anything is sent.
        None => json!(Rule::from_words(words).map_err(|error| error.to_string())?),
    };
    let answer = run(remote.ask(Method::POST, "faults", Some(&body)))?;
    let answer = having(answer, "armed")?;
    if as_json {
        return say!("{answer:#}");
    }
    for name in answer["armed"].as_array().into_iter().flatten() {
        say!("armed {}", name.as_str().unwrap_or_default())?;
    }
    Ok(())
}

fn list(as_json: bool, remote: &Remote) -> Result<(), Failed> {
    let answer = having(run(remote.ask(Method::GET, "faults", None))?, "rules")?;
    if as_json {
        say!("{answer:#}")?;
        return Ok(());
    }
    let rules = answer["rules"].as_array().map_or(&[][..], Vec::as_slice);
    if rules.is_empty() {
        say!("no rule is armed")?;
    }
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    let rows = rules.iter().map(|rule| {
        let count = format!("matched {}, fired {}", rule["matched"], rule["fired"]);
        [text(rule, "name"), count, text(rule, "text")]
    });
    if rules.is_empty() {
        return Ok(());
    }
    say!("{}", table(None, rows))
}

fn remove(names: &[String], all: bool, as_json: bool, remote: &Remote) -> Result<(), Failed> {
    if all {
        run(remote.delete("faults"))?;
    }
    for name in names {
        run(remote.delete(&format!("faults/{}", part(name))))?;
    }
    if as_json {
        return list(true, remote);
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
