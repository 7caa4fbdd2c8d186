//! The packs of `standin vectors`: each case is judged by our own code, by Python and, where a vendor has a library there, by Node.
//! All of them must agree with the pack, case by case.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use standin::vectors::files;

use super::own;
use crate::cli::{Folder, printed};
use crate::clients::installed;
use crate::clients::python::python;

const PACKS: [&str; 9] = [
    "x-pay-token",
    "oauth1-rsa-sha256",
    "shared-secret-jwe",
    "mastercard-field-level",
    "webhooks-standard",
    "webhooks-stripe",
    "webhooks-vgs",
    "webhooks-checkout",
    "webhooks-adyen",
];

/// The folder as the command writes it.
fn written(folder: &Folder, seed: &str) -> BTreeMap<String, String> {
    let dir = folder.0.join("vectors");
    printed(&["vectors", "--dir", dir.to_str().unwrap(), "--seed", seed]);
    let entries = std::fs::read_dir(&dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

fn pack(files: &BTreeMap<String, String>, name: &str) -> Value {
    serde_json::from_str(&files[&format!("{name}.json")]).unwrap()
}

fn cases(pack: &Value) -> &[Value] {
    pack["cases"].as_array().unwrap()
}

/// Makes keys, which takes a moment without optimisation.
#[test]
fn the_command_writes_what_the_seed_gives_and_the_schema_describes() {
    let folder = Folder::new("vectors");
    let files_written = written(&folder, "one");
    let given = files("one").unwrap();
    assert_eq!(files_written.len(), given.len());
    for file in &given {
        assert_eq!(files_written[&file.name], file.text, "{}", file.name);
    }
    let others = files("two").unwrap();
    let schema: Value = serde_json::from_str(&files_written["pack.schema.json"]).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for name in PACKS {
        let pack = pack(&files_written, name);
        let wrong: Vec<_> = schema.iter_errors(&pack).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
        let other = others
            .iter()
            .find(|file| file.name == format!("{name}.json"));
        assert_ne!(other.unwrap().text, files_written[&format!("{name}.json")]);
        assert!(files_written["README.md"].contains(&format!("`{name}.json`")));
        let told = |member: &str| pack[member].as_str().unwrap().to_owned();
        assert_eq!(
            (told("pack"), told("seed")),
            (name.to_owned(), "one".to_owned())
        );
    }
    let mut spoiled = pack(&files_written, "x-pay-token");
    spoiled["cases"][0]["code"] = json!("stale");
    assert!(
        !schema.is_valid(&spoiled),
        "a valid case with the code of another"
    );
}

#[test]
fn each_pack_says_why_in_words_and_by_every_code() {
    let given = files("standin").unwrap();
    for name in PACKS {
        let file = given
            .iter()
            .find(|file| file.name == format!("{name}.json"));
        let pack: Value = serde_json::from_str(&file.unwrap().text).unwrap();
        let cases = cases(&pack);
        let of = |member: &str| -> BTreeSet<_> {
            cases
                .iter()
                .map(|case| case[member].as_str().unwrap())
                .collect()
        };
        assert_eq!(of("name").len(), cases.len(), "{name}: a name comes twice");
        let codes: BTreeSet<_> = pack["codes"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            of("code"),
            codes,
            "{name}: a code without a case, or the other way round"
        );
        let valid = cases.iter().filter(|case| case["valid"] == true).count();
        assert!(
            cases.len() >= 20 && valid >= 5 && cases.len() - valid >= 10,
            "{name}: {valid} of {}",
            cases.len()
        );
    }
}

/// Our own code, which gives the code as well.
#[test]
fn our_own_code_agrees_with_every_case() {
    let given = files("standin").unwrap();
    let mut wrong = Vec::new();
    for name in PACKS {
        let file = given
            .iter()
            .find(|file| file.name == format!("{name}.json"));
        let pack: Value = serde_json::from_str(&file.unwrap().text).unwrap();
        for case in cases(&pack) {
            let said = own::check(name, &pack, case);
            let code = said
                .as_ref()
                .map_or_else(|code| code.as_str(), |()| "valid");
            if code != case["code"] {
                wrong.push(format!(
                    "{name}/{}: {code}, not {}",
                    case["name"], case["code"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a program made of the cases, against what the packs say. A case that it says it does not judge is left out.
fn compare(files: &BTreeMap<String, String>, said: &Value) -> usize {
    let (mut wrong, mut judged) = (Vec::new(), 0);
    for (name, verdicts) in said.as_object().unwrap() {
        let pack = pack(files, name);
        assert_eq!(verdicts.as_object().unwrap().len(), cases(&pack).len());
        for case in cases(&pack) {
            let verdict = &verdicts[case["name"].as_str().unwrap()];
            judged += usize::from(verdict.is_boolean());
            if verdict.is_boolean() && *verdict != case["valid"] {
                wrong.push(format!(
                    "{name}/{}: {verdict}, and the code is {}",
                    case["name"], case["code"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    judged
}

fn run(program: &Path, script: &Path, folder: &Folder) -> Value {
    let mut command = Command::new(program);
    command.arg(script).arg(folder.0.join("vectors"));
    if let Some(home) = script.parent() {
        command.current_dir(home);
    }
    let done = command.output().unwrap();
    let wrong = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{wrong}");
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Two seeds, so that nothing depends on the luck of one. Takes seconds: pip installs the libraries the first time.
#[test]
fn python_agrees_with_every_case() {
    let Some(python) = python() else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/vectors/packs.py");
    for seed in ["standin", "another"] {
        let folder = Folder::new("vectors-python");
        let files = written(&folder, seed);
        let said = run(python, Path::new(script), &folder);
        let named: BTreeSet<_> = said
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            named,
            BTreeSet::from(PACKS),
            "a pack that Python does not check"
        );
        let all: usize = PACKS
            .iter()
            .map(|name| cases(&pack(&files, name)).len())
            .sum();
        assert_eq!(compare(&files, &said), all);
    }
}

/// Takes seconds: npm installs the libraries the first time.
#[test]
fn node_agrees_with_every_case_that_a_library_there_judges() {
    let Some(clients) = installed() else {
        return;
    };
    let folder = Folder::new("vectors-node");
    let files = written(&folder, "standin");
    let said = run(Path::new("node"), &clients.join("vectors.mjs"), &folder);
    assert_eq!(said.as_object().unwrap().len(), 6);
    assert!(compare(&files, &said) > 150);
}

/// A case whose verdict is turned round is found, so that the comparison is one.
#[test]
fn a_case_that_is_wrong_is_found() {
    let Some(python) = python() else {
        return;
    };
    let folder = Folder::new("vectors-wrong");
    let mut files = written(&folder, "standin");
    let mut bent = pack(&files, "webhooks-stripe");
    bent["cases"][0]["message"]["body"] = json!("{}");
    let path = folder.0.join("vectors/webhooks-stripe.json");
    std::fs::write(path, bent.to_string()).unwrap();
    files.insert("webhooks-stripe.json".to_owned(), bent.to_string());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/vectors/packs.py");
    let said = run(python, Path::new(script), &folder);
    assert_eq!(said["webhooks-stripe"]["plain"], false);
    let found = std::panic::catch_unwind(|| compare(&files, &said));
    assert!(found.is_err());
}
