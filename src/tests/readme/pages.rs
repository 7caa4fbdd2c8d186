//! The pages that ship inside the program: each of their commands is run, and a page is not forgotten.

use standin::docs::{TOPICS, topic};

use super::{ADDRESS, blocks, run_shell};
use crate::cli::Folder;
use crate::client::{Stand, options};
use crate::program::require_program;

/// Pages with commands to run, which the tests below name one by one, so that they run beside each other.
const RUN: [&str; 12] = [
    "gateway",
    "pay",
    "services",
    "webhooks",
    "faults",
    "journals",
    "spaces",
    "networks",
    "proxy",
    "conformance",
    "evidence",
    "ends",
];
/// Begins its own servers.
const RUN_ALONE: &str = "storage";

fn able() -> bool {
    require_program("curl") && require_program("bash")
}

/// Runs a page on a server with a manual clock that takes rules from headers.
async fn holds(name: &str) -> Folder {
    let page = topic(name).unwrap();
    assert!(RUN.contains(&name));
    let mut options = options();
    options.settings.faults.header = true;
    let stand = Stand::start(options).await;
    let folder = Folder::new(name);
    let address = stand.server.base_url().replace("http://", "");
    run_shell(page.text, &address, &folder).await;
    stand.server.stop().await;
    folder
}

macro_rules! page {
    ($test:ident, $name:literal) => {
        #[tokio::test]
        async fn $test() {
            if able() {
                holds($name).await;
            }
        }
    };
}

page!(the_page_about_the_gateway_is_true, "gateway");
page!(the_page_about_paying_is_true, "pay");
page!(the_page_about_services_is_true, "services");
page!(the_page_about_webhooks_is_true, "webhooks");
page!(the_ten_recipes_are_true_from_top_to_bottom, "faults");
page!(the_page_about_spaces_is_true, "spaces");
page!(the_page_about_networks_is_true, "networks");
// Takes a second, because a server and a proxy are started.
page!(the_page_about_the_proxy_is_true, "proxy");
page!(the_page_about_conformance_is_true, "conformance");
page!(the_page_about_evidence_is_true, "evidence");
page!(the_page_about_both_ends_is_true, "ends");

#[tokio::test]
async fn the_page_about_the_journal_is_true() {
    if !able() {
        return;
    }
    let folder = holds("journals").await;
    let read = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
    for name in ["journal.har", "journal.ndjson"] {
        let value: serde_json::Value = serde_json::from_str(&read(name)).unwrap();
        assert!(value.to_string().contains("/cards/x"), "{name}");
    }
    assert!(read("exchanges.ndjson").lines().count() <= 1);
}

/// Takes a second, because two servers are started.
#[tokio::test]
async fn the_page_about_storage_is_true() {
    if !able() {
        return;
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let folder = Folder::new("storage");
    run_shell(topic(RUN_ALONE).unwrap().text, &address, &folder).await;
    let read = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
    assert!(read("world.ndjson").contains("4111111111111111"));
    for name in ["default", "test-7", "test-8"] {
        let line = format!(r#"{{"space":{{"name":"{name}","waiting":0}}}}"#);
        assert!(read("server.ndjson").contains(&line), "{name}");
    }
}

#[test]
fn every_page_with_commands_is_run() {
    let with_commands = TOPICS.iter().filter(|topic| topic.text.contains("```sh\n"));
    let with_commands: Vec<_> = with_commands.map(|topic| topic.name).collect();
    let run = |name: &&&str| RUN.contains(*name) || **name == RUN_ALONE;
    let forgotten: Vec<_> = with_commands.iter().filter(|name| !run(name)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    assert_eq!(with_commands.len(), RUN.len() + 1);
    let faults = topic("faults").unwrap().text;
    assert_eq!(faults.matches("\n### ").count(), 10, "ten recipes");
}

/// A block of another language is no way to have commands that nobody runs.
#[test]
fn commands_stand_in_blocks_that_are_run() {
    for topic in &TOPICS {
        for language in ["bash", "shell", "console"] {
            let unrun = blocks(topic.text, language);
            let commands: Vec<_> = unrun
                .iter()
                .filter(|block| block.contains("curl ") || block.contains(ADDRESS))
                .collect();
            assert!(commands.is_empty(), "{}: {commands:?}", topic.name);
        }
    }
}
