//! Nothing that a server is asked or configured with makes it deviate.

use std::collections::BTreeSet;

use serde_json::json;
use standin::domain::deviation::Deviation;
use standin::operations::settings::Settings;

use crate::cli::printed;
use crate::client::{Ask, Stand, options};

/// Where the sources set what an instance deviates in, and where such an instance is made.
#[test]
fn only_whoever_makes_an_instance_says_what_it_deviates_in() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut set = BTreeSet::new();
    let mut made = BTreeSet::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap();
            let name = name.to_str().unwrap().replace('\\', "/");
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let outside = ["tests/", "benches/"];
            if outside.iter().any(|begin| name.starts_with(begin)) {
                continue;
            }
            let lines = text.lines().map(str::trim);
            // A member that is given a value, or a place that is assigned to.
            let sets = |line: &str| {
                let given = line.starts_with("deviation: ") && !line.contains("Option<");
                (given && line != "deviation: Deviation,") || line.contains(".deviation = ")
            };
            if lines.clone().any(sets) {
                set.insert(name.clone());
            }
            if lines.clone().any(|line| line.contains("start_instance(")) {
                made.insert(name);
            }
        }
    }
    let names = |found: &BTreeSet<String>| found.iter().cloned().collect::<Vec<_>>();
    // The rules of the authorizer are told what the instance says, and the bench what a case does.
    assert_eq!(
        names(&set),
        ["operations/authorize.rs", "prove/bench.rs", "server/mod.rs"]
    );
    assert_eq!(names(&made), ["prove/bench.rs", "server/mod.rs"]);
}

/// Settings are read from a file that somebody gives, and a server tells all of them.
#[tokio::test]
async fn no_setting_and_no_request_has_it() {
    for text in [
        "deviation = 'enrols-anew'",
        "[gateway]\ndeviation = 'enrols-anew'",
    ] {
        assert!(Settings::parse(text).is_err(), "{text}");
    }
    let help = printed(&["serve", "--help"]);
    assert!(!help.to_lowercase().contains("deviat"), "{help}");
    let stand = Stand::start(options()).await;
    let settings = stand.send(Ask::get("/_standin/settings")).await.text();
    assert!(!settings.contains("deviation"), "{settings}");
    let name = Deviation::EnrolsAnew.name();
    let body = json!({ "deviation": name, "pan": "4111111111111111" });
    for path in [
        "/_standin/deviation",
        "/_standin/settings",
        "/_standin/faults",
        "/cards",
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let asked = Ask::new(method, format!("{path}?deviation={name}"));
            let asked = asked.header("x-standin-deviation", name).json(&body);
            let said = stand.send(asked).await.text();
            assert!(!said.contains(name), "{method} {path}: {said}");
        }
    }
    assert_eq!(stand.server.spaces().config().deviation, None);
}
