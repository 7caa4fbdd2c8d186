//! The harness judges servers that share an engine: one, and three behind a balancer, as it judges one that has memory.

use std::process::Stdio;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use super::EngineServer;
use super::killed::Replica;
use crate::cli::Folder;

/// Sends each connection to the next server.
async fn balanced(to: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for turn in 0.. {
            let Ok((mut client, _)) = listener.accept().await else {
                return;
            };
            let to = to[turn % to.len()].clone();
            tokio::spawn(async move {
                if let Ok(mut server) = TcpStream::connect(to).await {
                    let _ended = copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    format!("http://{address}")
}

/// Has the harness judge a server, and gives the last line that it says.
async fn judged(url: &str, keys: &Folder, more: &[&str]) -> (bool, String) {
    let mut conform = Command::new(env!("CARGO_BIN_EXE_standin"));
    conform.args(["conform", "--target", url, "--standin", "--quiet", "--keys"]);
    conform.arg(&keys.0).args(more).stdin(Stdio::null());
    let output = conform.output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said + &errors)
}

/// One profile, or all where the variable `STANDIN_CONFORM_ALL` is set.
#[tokio::test(flavor = "multi_thread")]
async fn the_harness_has_nothing_against_servers_that_share_an_engine() {
    let Some(engine) = EngineServer::start() else {
        return;
    };
    let keys = Folder::new("conform-keys");
    let made = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["keys", "--dir"])
        .arg(&keys.0)
        .output()
        .await
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let folder = keys.0.display().to_string();
    let arguments = ["--clock", "manual", "--keys", folder.as_str()];
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(Replica::start(&engine.url(), &arguments).await);
    }
    let addresses = replicas
        .iter()
        .map(|one| one.base.strip_prefix("http://").unwrap().to_owned());
    let all = balanced(addresses.collect()).await;
    let profile: &[&str] = match std::env::var_os("STANDIN_CONFORM_ALL") {
        Some(_) => &[],
        None => &["--profile", "visa"],
    };
    let (passed, alone) = judged(&replicas[0].base, &keys, profile).await;
    assert!(passed, "one server: {alone}");
    let (passed, together) = judged(&all, &keys, profile).await;
    assert!(passed, "three servers: {together}");
    assert_eq!(counts(&alone), counts(&together));
}

/// The line that says how many passed.
fn counts(said: &str) -> Option<String> {
    let line = said.lines().rev().find(|line| line.contains("passed"))?;
    Some(line.split(" in ").next().unwrap_or(line).to_owned())
}
