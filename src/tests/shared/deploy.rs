//! The deployment that comes with the sources, as far as it can be tried without containers.

use std::process::{Command, Stdio};

use serde_json::Value;

const COMPOSE: &str = include_str!("../../../fixtures/deploy/replicas.yaml");

/// What a service is started with.
fn command(service: &Value) -> Vec<String> {
    let words = service["command"].as_array().unwrap().iter();
    words
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

/// Its servers would start if their engine were there: every option is known and goes with the others.
#[test]
fn the_servers_of_the_composition_start_but_for_their_engine() {
    let compose: Value = serde_saphyr::from_str(COMPOSE).unwrap();
    let services = compose["services"].as_object().unwrap();
    let names = |prefix: &str| {
        let names = services.keys().filter(|name| name.starts_with(prefix));
        names.cloned().collect::<Vec<_>>()
    };
    assert_eq!((names("standin-").len(), names("node-").len()), (3, 6));
    for name in names("node-") {
        let words = command(&services[&name]);
        assert!(
            words
                .windows(2)
                .any(|two| two == ["--maxmemory-policy", "noeviction"]),
            "{name}"
        );
    }
    let servers: Vec<_> = names("standin-")
        .iter()
        .map(|name| command(&services[name]))
        .collect();
    assert!(
        servers.windows(2).all(|two| two[0] == two[1]),
        "all servers are alike"
    );
    let words = &servers[0];
    assert_eq!(words[0], "/usr/local/bin/standin");
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args(&words[1..]).stdin(Stdio::null());
    program.env("STANDIN_CONTROL_TOKEN", "a-token-of-sixteen-letters");
    let output = program.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("--store node-1:6379") || said.contains("--store redis-cluster://node-1"),
        "{said}"
    );
    assert!(said.contains("cannot be reached"), "{said}");
    let balancer = compose["configs"]["balancer"]["content"].as_str().unwrap();
    for name in names("standin-") {
        assert!(balancer.contains(&format!("server {name}:4111")), "{name}");
    }
}
