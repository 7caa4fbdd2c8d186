//! How commands behave that run until they are told to stop.

use std::process::{Command, Stdio};

use crate::cli::{Folder, Served, standin};
use crate::client::{Ask, Stand, options};

#[tokio::test]
async fn a_server_takes_the_settings_of_its_folder_and_says_so() {
    let folder = Folder::new("found");
    std::fs::write(folder.0.join("standin.toml"), "[payments]\nstrict = true\n").unwrap();
    let served = Served::within(folder, &[]).await;
    let settings = served
        .client
        .send(Ask::get("/_standin/settings"))
        .await
        .expect(200);
    assert_eq!(settings.json()["payments"]["strict"], true);
    let (code, banner, errors) = served.terminate().await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(banner.contains("settings         standin.toml"), "{banner}");
}

/// Whoever watches a container has no token and asks by an address.
#[tokio::test]
async fn anybody_may_ask_whether_a_server_is_ready() {
    let token = "a-token-of-sixteen-letters-and-more";
    let served = Served::new("ready", &["--control-token", token]).await;
    let ask = |path: &str| Ask::get(path).header("host", "10.1.2.3:4111");
    let ready = served.client.send(ask("/_standin/ready")).await.expect(200);
    assert_eq!(ready.text(), r#"{"ready":true}"#);
    assert_eq!(
        served.client.send(ask("/_standin/health")).await.status,
        421
    );
    assert_eq!(
        served
            .client
            .send(Ask::get("/_standin/health"))
            .await
            .status,
        401
    );
    let output = standin(&["health", "--server", &served.base]);
    assert_eq!(
        (output.status.code(), output.stdout.as_slice()),
        (Some(0), &b"ready\n"[..])
    );
    served.terminate().await;
}

/// The server answers while the test waits for the listener to end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_is_told_to_stop_takes_its_endpoint_back() {
    let stand = Stand::start(options()).await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args(["listen", "--server", &stand.server.base_url()]);
    let mut listener = program.stdout(Stdio::piped()).spawn().unwrap();
    let endpoints = async || {
        let listed = stand
            .client
            .send(Ask::get("/_standin/webhooks"))
            .await
            .expect(200);
        listed.json()["webhooks"].as_array().unwrap().len()
    };
    while endpoints().await == 0 {
        tokio::task::yield_now().await;
    }
    let told = Command::new("kill")
        .arg(listener.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(listener.wait().unwrap().success());
    assert_eq!(endpoints().await, 0);
}
