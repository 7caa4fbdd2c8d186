//! `standin verify`: asks a running server whether something happened, for shells and CI.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::matching::Matching;
use super::out::{Failed, notice, say};
use super::remote::{Remote, run};

/// The arguments of `standin verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    #[command(flatten)]
    matching: Matching,
    /// Each --match is a step, and the steps came in this order.
    #[arg(long, conflicts_with_all = ["exactly", "at_least", "at_most"])]
    in_order: bool,
    /// So many entries match, no more and no fewer.
    #[arg(long, value_name = "N", conflicts_with_all = ["at_least", "at_most"])]
    exactly: Option<u64>,
    /// So many or more; 1 when no count is given.
    #[arg(long, value_name = "N")]
    at_least: Option<u64>,
    /// So many or fewer.
    #[arg(long, value_name = "N")]
    at_most: Option<u64>,
    /// Ask only about entries from this number on.
    #[arg(long, value_name = "NUMBER")]
    from: Option<u64>,
    /// Read the whole question from a file, as POST /_standin/verify takes it; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["matches", "in_order", "exactly", "at_least", "at_most", "from"])]
    question: Option<PathBuf>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

const EXAMPLES: &str = "Examples:
  standin verify --match operation=provision_network_token --match status=200 --exactly 1
  standin verify --match 'surface=cmp&status=5xx' --at-most 0
  standin verify --match path=/cards --match request:/data/attributes/exp_month:=12
  standin verify --in-order --match operation=create_card --match 'operation=request_cryptogram&status=200'

Exit codes: 0 yes, 1 no, 2 wrong usage or no answer, 3 cannot say because entries were evicted";

const CANNOT_SAY: u8 = 3;

impl Verify {
    pub(super) fn run(self) -> ExitCode {
        match self.ask() {
            Ok(answer) => {
                // The exit code is the answer, whoever reads the sentence.
                if let Err(Failed::Told(message)) = self.tell(&answer) {
                    notice(format_args!("standin verify: {message}"));
                }
                verdict(&answer)
            }
            Err(message) => {
                notice(format_args!("standin verify: {message}"));
                ExitCode::from(2)
            }
        }
    }

    fn ask(&self) -> Result<Value, String> {
        let question = self.asked()?;
        let answer = run(self.remote.ask(Method::POST, "verify", Some(&question)))?;
        // A server that is no standin says anything.
        if answer["verdict"].is_string() {
            return Ok(answer);
        }
        Err("the server answered with no verdict; is it the right --server?".to_owned())
    }

    fn asked(&self) -> Result<Value, String> {
        if let Some(path) = &self.question {
            let wrong = |why: String| format!("--question {}: {why}", path.display());
            let text = if path.as_os_str() == "-" {
                let mut text = String::new();
                let read = std::io::stdin().read_to_string(&mut text);
                read.map(|_| text)
            } else {
                std::fs::read_to_string(path)
            };
            let text = text.map_err(|error| wrong(error.to_string()))?;
            return serde_json::from_str(&text).map_err(|error| wrong(error.to_string()));
        }
        if self.matching.is_empty() {
            return Err(
                "say with --match what an entry must be like, or with --question".to_owned(),
            );
        }
        if let Some(hint) = self.matching.hint() {
            notice(format_args!("standin: {hint}"));
        }
        let mut question = if self.in_order {
            json!({ "in_order": self.matching.steps()? })
        } else {
            json!({ "match": self.matching.pattern()? })
        };
        for (name, count) in [
            ("exactly", self.exactly),
            ("at_least", self.at_least),
            ("at_most", self.at_most),
        ] {
            if let Some(count) = count {
                question["count"][name] = json!(count);
            }
        }
        if let Some(from) = self.from {
            question["from"] = json!(from);
        }
        Ok(question)
    }

    fn tell(&self, answer: &Value) -> Result<(), Failed> {
        let verdict = answer["verdict"].as_str().unwrap_or_default();
        if self.json {
            say!("{answer:#}")?;
        } else {
            say!("{}", sentence(verdict, answer))?;
            for miss in answer["nearest"].as_array().into_iter().flatten() {
                say!("  near: entry {}: {}", miss["number"], differences(miss))?;
            }
        }
        Ok(())
    }
}

fn verdict(answer: &Value) -> ExitCode {
    match answer["verdict"].as_str() {
        Some("yes") => ExitCode::SUCCESS,
        Some("no") => ExitCode::from(1),
        _ => ExitCode::from(CANNOT_SAY),
    }
}

/// `no: 0 found, exactly 1 wanted`
fn sentence(verdict: &str, answer: &Value) -> String {
    let message = answer["message"].as_str().unwrap_or_default();
    let numbers = answer["entries"].as_array().into_iter().flatten();
    let numbers: Vec<_> = numbers.map(Value::to_string).collect();
    let entries = if numbers.is_empty() {
        String::new()
    } else {
        format!(" (entries {})", numbers.join(", "))
    };
    match verdict {
        "yes" | "no" => format!("{verdict}: {message}{entries}"),
        _ => format!("{message}{entries}"),
    }
}

fn differences(miss: &Value) -> String {
    let text = |one: &Value, name: &str| one[name].as_str().map(str::to_owned);
    let differs = miss["differs"].as_array().into_iter().flatten();
    let told = differs.map(|one| {
        let field = text(one, "field").unwrap_or_default();
        let wanted = text(one, "wanted").unwrap_or_default();
        match text(one, "seen") {
            Some(seen) => format!("{field} is {seen}, not {wanted}"),
            None => format!("{field} is missing, not {wanted}"),
        }
    });
    told.collect::<Vec<_>>().join("; ")
}
