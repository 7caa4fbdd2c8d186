//! The composite action for GitHub: its YAML is read as GitHub reads it, and its steps are run as far as they need no GitHub.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Map, Value};

use super::folder;
use crate::program::require_program;

const ACTION: &str = include_str!("../../../.github/actions/conform/action.yml");
const WORKFLOW: &str = include_str!("../../../.github/workflows/conform.yml");
const PROGRAM: &str = env!("CARGO_BIN_EXE_standin");

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// A job that uses the action with these inputs.
struct Job {
    action: Value,
    inputs: Map<String, Value>,
    folder: std::path::PathBuf,
    outputs: Map<String, Value>,
}

impl Job {
    fn new(name: &str, inputs: &[(&str, &str)]) -> Self {
        let action = yaml(ACTION);
        let declared = action["inputs"].as_object().unwrap();
        let mut all: Map<String, Value> = declared
            .iter()
            .map(|(name, input)| (name.clone(), input["default"].clone()))
            .collect();
        for (name, value) in inputs {
            assert!(
                declared.contains_key(*name),
                "the action has no input {name}"
            );
            all.insert((*name).to_owned(), Value::from(*value));
        }
        Self {
            action,
            inputs: all,
            folder: folder(name),
            outputs: Map::new(),
        }
    }

    /// What an expression stands for, of the few kinds that the action has.
    fn value(&self, expression: &str) -> String {
        let expression = expression.trim();
        if let Some((first, other)) = expression.split_once(" || ") {
            let first = self.value(first);
            return if first.is_empty() {
                self.value(other)
            } else {
                first
            };
        }
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        match expression.split('.').collect::<Vec<_>>()[..] {
            ["inputs", name] => {
                assert!(self.inputs.contains_key(name), "there is no input {name}");
                text(self.inputs.get(name))
            }
            ["steps", step, "outputs", name] => text(self.outputs.get(&format!("{step}.{name}"))),
            ["github", "action_path"] => {
                concat!(env!("CARGO_MANIFEST_DIR"), "/.github/actions/conform").to_owned()
            }
            ["runner", "temp"] => self.folder.display().to_string(),
            _ if expression.starts_with("format(") => "https://releases.invalid".to_owned(),
            _ => panic!("an expression that the test does not know: {expression}"),
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${{") {
            let (expression, after) = behind.split_once("}}").unwrap();
            out += before;
            out += &self.value(expression);
            rest = after;
        }
        out + rest
    }

    /// Runs a step as GitHub's runner does, and takes what it puts out.
    fn step(&mut self, id: &str) -> Output {
        let steps = self.action["runs"]["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["id"] == id).unwrap().clone();
        assert_eq!(step["shell"], "bash");
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "an input in a script is a way in");
        let (told, summary) = (self.folder.join("output"), self.folder.join("summary"));
        std::fs::write(&told, "").unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        for (name, text) in step["env"].as_object().unwrap() {
            bash.env(name, self.filled(text.as_str().unwrap()));
        }
        bash.env("GITHUB_OUTPUT", &told)
            .env("GITHUB_STEP_SUMMARY", summary);
        bash.env("GITHUB_ACTIONS", "true").current_dir(&self.folder);
        let output = bash.stdin(Stdio::null()).output().unwrap();
        for line in std::fs::read_to_string(&told).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            self.outputs
                .insert(format!("{id}.{name}"), Value::from(value));
        }
        output
    }
}

#[test]
fn the_action_and_the_workflow_say_what_github_reads() {
    let action = yaml(ACTION);
    assert_eq!(action["runs"]["using"], "composite");
    for step in action["runs"]["steps"].as_array().unwrap() {
        let uses = step["uses"].as_str();
        assert!(uses.is_some() != step["run"].is_string(), "{step}");
        let pinned = |it: &str| it.split_once('@').is_some_and(|(_, hash)| hash.len() == 40);
        assert!(uses.is_none_or(pinned), "{step}");
    }
    for output in action["outputs"].as_object().unwrap().values() {
        assert!(
            output["value"]
                .as_str()
                .unwrap()
                .starts_with("${{ steps.judge.")
        );
    }
    let workflow = yaml(WORKFLOW);
    assert_eq!(workflow["permissions"]["contents"], "read");
    let steps = workflow["jobs"]["conform"]["steps"].as_array().unwrap();
    let own = steps
        .iter()
        .find(|step| step["uses"] == "./.github/actions/conform");
    let with = own.unwrap()["with"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for name in with.keys() {
        assert!(action["inputs"].get(name).is_some(), "{name}");
    }
    // Where it is built, it is built from here.
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = manifest.join(".github/actions/conform/../../../Cargo.toml");
    assert!(source.is_file());
}

/// A private standin is started and judged by a part of the checks.
#[test]
fn the_action_judges_and_leaves_its_reports() {
    if !require_program("bash") {
        return;
    }
    let inputs = [
        ("program", PROGRAM),
        ("arguments", "--profile\noauth\n--tags\n@oauth"),
    ];
    let mut job = Job::new("action", &inputs);
    assert!(job.step("program").status.success());
    let judged = job.step("judge");
    let said = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(judged.status.success(), "{said}");
    assert_eq!(job.outputs["judge.exit-code"], "0");
    let reports = job.folder.join("standin-reports");
    for name in ["run.ndjson", "run.html", "run.xml", "run.md"] {
        assert!(reports.join(name).metadata().unwrap().len() > 0, "{name}");
    }
    let summary = std::fs::read_to_string(job.folder.join("summary")).unwrap();
    assert!(summary.contains("conforms"), "{summary}");
    job.inputs
        .insert("target".to_owned(), "no/such.toml".into());
    let wrong = job.step("judge");
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(job.outputs["judge.exit-code"], "2");
}

/// A release is taken only with the digest that goes with it.
#[cfg(target_os = "linux")]
#[test]
fn a_release_is_downloaded_by_its_tag_and_checked() {
    let programs = ["bash", "curl", "tar", "sha256sum"];
    if !programs.iter().all(|name| require_program(name)) {
        return;
    }
    let releases = folder("action-releases");
    let tag = releases.join("v9.9.9");
    std::fs::create_dir_all(&tag).unwrap();
    std::fs::copy(PROGRAM, tag.join("standin")).unwrap();
    let file = format!(
        "standin-{}-unknown-linux-musl.tar.gz",
        std::env::consts::ARCH
    );
    let pack = format!("tar -czf {file} standin && sha256sum {file} > {file}.sha256");
    let packed = Command::new("bash")
        .args(["-c", &pack])
        .current_dir(&tag)
        .status();
    assert!(packed.unwrap().success());
    let from = format!("file://{}", releases.display());
    let mut job = Job::new(
        "action-release",
        &[("version", "v9.9.9"), ("releases", &from)],
    );
    let took = job.step("program");
    assert!(
        took.status.success(),
        "{}",
        String::from_utf8_lossy(&took.stderr)
    );
    let path = job.outputs["program.path"].as_str().unwrap();
    let said = Command::new(path).arg("--version").output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).starts_with("standin "));
    std::fs::write(tag.join(&file), "something else").unwrap();
    assert!(!job.step("program").status.success());
    job.inputs.insert("version".to_owned(), "v0.0.0".into());
    assert!(!job.step("program").status.success());
}
