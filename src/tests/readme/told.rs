//! What pages list is all that there is: options, variables, settings, requests of the control plane.

use serde_json::Value;
use standin::docs::topic;
use standin::domain::payment::event::PaymentEvent;
use standin::domain::webhook::Profile;

use super::README;
use crate::cli::printed;
use crate::client::{Ask, Stand, options};

/// The long options that the help of a command lists.
fn listed(command: &str) -> Vec<String> {
    let help = printed(&[command, "--help"]);
    let lines = help.lines().map(str::trim_start);
    let options = lines.filter_map(|line| line.strip_prefix("--"));
    let names = options.map(|option| option.split([' ', '[']).next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn the_settings_page_has_every_option_and_its_variable() {
    let page = topic("settings").unwrap().text;
    for command in ["serve", "conform", "run"] {
        let (_, part) = page
            .split_once(&format!("## Options of {command}\n"))
            .unwrap();
        let part = part.split("\n## ").next().unwrap();
        let options = listed(command);
        assert!(options.len() > 10, "{command}: {options:?}");
        for option in options {
            let there = [format!("`--{option}`"), format!("`--{option} ")];
            assert!(
                there.iter().any(|there| part.contains(there)),
                "{command} --{option}"
            );
            let variable = format!("`STANDIN_{}`", option.replace('-', "_").to_uppercase());
            assert!(command == "run" || part.contains(&variable), "{variable}");
        }
    }
}

/// The names of settings, by the tables that they stand in.
fn names(settings: &Value) -> Vec<String> {
    let tables = settings.as_object().unwrap().iter();
    let names = tables.flat_map(|(table, members)| {
        let members = members.as_object().unwrap().keys();
        members.map(move |name| format!("`{table}.{name}`"))
    });
    names.collect()
}

#[tokio::test]
async fn the_settings_page_has_every_setting() {
    let stand = Stand::start(options()).await;
    let answer = stand.send(Ask::get("/_standin/settings")).await;
    let page = topic("settings").unwrap().text;
    let names = names(&answer.expect(200).json());
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        assert!(page.contains(&name), "{name}");
    }
    stand.server.stop().await;
}

#[test]
fn the_page_about_spaces_has_every_request_of_the_control_plane() {
    let document = include_str!("../../../fixtures/openapi/control.json");
    let document: Value = serde_json::from_str(document).unwrap();
    let page = topic("spaces").unwrap().text;
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 20);
    for path in paths.keys() {
        let first = path.split('/').nth(2).unwrap();
        assert!(page.contains(&format!("/_standin/{first}")), "{path}");
    }
}

#[test]
fn the_readme_leads_to_every_page_and_its_badges_are_true() {
    for topic in &standin::docs::TOPICS {
        let link = format!("](src/docs/{}.md)", topic.name);
        assert!(README.contains(&link), "{link}");
    }
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let package = &manifest["package"];
    let rust = package["rust-version"].as_str().unwrap();
    assert!(README.contains(&format!("badge/rust-{rust}%2B-")), "{rust}");
    let licence = package["license"].as_str().unwrap();
    let licence = licence.replace('-', "--").replace(' ', "%20");
    assert!(
        README.contains(&format!("badge/licence-{licence}-")),
        "{licence}"
    );
    assert_eq!(README.matches("img.shields.io/badge/").count(), 2);
}

/// A row has the first event of an object in full, and of the others what follows the object's name.
#[test]
fn the_page_of_services_has_every_event_that_stripe_tells() {
    let page = topic("services").unwrap().text;
    let (_, part) = page.split_once("## Events of Stripe\n").unwrap();
    let part = part.split("\n## ").next().unwrap();
    let mut listed = Vec::new();
    for row in part.lines().filter(|line| line.contains('`')) {
        let mut object = "";
        for name in row.split('`').skip(1).step_by(2) {
            if !name.starts_with('.') && !name.contains("/v1/") {
                object = name.rsplit_once('.').unwrap().0;
                listed.push(name.to_owned());
            } else if name.starts_with('.') {
                listed.push(format!("{object}{name}"));
            }
        }
    }
    let events = PaymentEvent::ALL.iter();
    let told = events.filter_map(|event| Profile::Stripe.name_of(*event));
    let mut told: Vec<_> = told.map(str::to_owned).collect();
    for names in [&mut listed, &mut told] {
        names.sort();
        names.dedup();
    }
    assert_eq!(listed, told);
}
