//! `standin verify`: asks a running server whether something happened, for shells and CI.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Map, Value, json};

use super::remote::{Remote, run};

/// The arguments of `standin verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    /// What an entry must be like: FIELD=VALUE, or several joined with `&`. Fields are surface, operation, method, path,
    /// status, account, reason, fault, and members of the bodies as request:/POINTER and response:/POINTER, with = for a
    /// text and := for JSON. A field that is given again may have either value.
    #[arg(
        long = "match",
        value_name = "FIELD=VALUE",
        required_unless_present = "question"
    )]
    matches: Vec<String>,
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
            Ok(answer) => self.tell(&answer),
            Err(message) => {
                eprintln!("standin verify: {message}");
                ExitCode::from(2)
            }
        }
    }

    fn ask(&self) -> Result<Value, String> {
        let question = self.asked()?;
        run(self.remote.ask(Method::POST, "verify", Some(&question)))
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
        let mut question = json!({});
        if self.in_order {
            let steps = self
                .matches
                .iter()
                .map(|step| pattern(std::slice::from_ref(step)));
            question["in_order"] = json!(steps.collect::<Result<Vec<_>, _>>()?);
        } else {
            question["match"] = Value::Object(pattern(&self.matches)?);
        }
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

    fn tell(&self, answer: &Value) -> ExitCode {
        let verdict = answer["verdict"].as_str().unwrap_or_default();
        if self.json {
            println!("{answer:#}");
        } else {
            println!("{}", sentence(verdict, answer));
            for miss in answer["nearest"].as_array().into_iter().flatten() {
                println!("  near: entry {}: {}", miss["number"], differences(miss));
            }
        }
        match verdict {
            "yes" => ExitCode::SUCCESS,
            "no" => ExitCode::from(1),
            _ => ExitCode::from(CANNOT_SAY),
        }
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

/// The fields of some arguments as the control plane takes them.
fn pattern(arguments: &[String]) -> Result<Map<String, Value>, String> {
    let mut pattern = Map::new();
    for field in arguments.iter().flat_map(|argument| argument.split('&')) {
        let wrong = || format!("--match {field}: must be FIELD=VALUE, such as status=200");
        let (name, value) = field.split_once('=').ok_or_else(wrong)?;
        match name.split_once(':') {
            Some((side, pointer)) => add_member(&mut pattern, side, pointer, value)
                .map_err(|why| format!("--match {field}: {why}"))?,
            None => add_field(&mut pattern, name, value),
        }
    }
    Ok(pattern)
}

fn add_field(pattern: &mut Map<String, Value>, name: &str, value: &str) {
    let any = pattern.entry(name).or_insert_with(|| json!([]));
    if let Some(any) = any.as_array_mut() {
        any.push(json!(value));
    }
}

fn add_member(
    pattern: &mut Map<String, Value>,
    side: &str,
    pointer: &str,
    value: &str,
) -> Result<(), String> {
    let (pointer, value) = match pointer.strip_suffix(':') {
        Some(pointer) => {
            let json = serde_json::from_str(value);
            let json = json.map_err(|error| format!("{value:?} is no JSON: {error}"));
            (pointer, json?)
        }
        None => (pointer, json!(value)),
    };
    let members = pattern.entry(side).or_insert_with(|| json!({}));
    let Some(members) = members.as_object_mut() else {
        return Err(format!("{side} is a field and has no members"));
    };
    if members.insert(pointer.to_owned(), value).is_some() {
        return Err("is given twice".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_a_pattern() {
        let rows = [
            (vec!["status=200"], json!({"status": ["200"]})),
            (
                vec!["surface=cmp&status=200", "status=201"],
                json!({"surface": ["cmp"], "status": ["200", "201"]}),
            ),
            (
                vec!["request:/a=1", "request:/b:=1", "response:/c=x=y"],
                json!({"request": {"/a": "1", "/b": 1}, "response": {"/c": "x=y"}}),
            ),
        ];
        for (arguments, want) in rows {
            let arguments: Vec<_> = arguments.into_iter().map(str::to_owned).collect();
            assert_eq!(Value::Object(pattern(&arguments).unwrap()), want);
        }
        for wrong in [
            "status",
            "request:/a:={",
            "request:/a=1&request:/a=2",
            "status=1&status:/a=1",
        ] {
            assert!(pattern(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
