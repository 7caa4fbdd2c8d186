//! Vendors' own npm clients against a running server. They are installed by npm, in the versions and with the digests of
//! `package-lock.json`, and only where [`crate::program::REQUIRE`] asks for it; the scripts beside it are what they are made to do.

mod dashboard;
mod in_a_browser;
mod mastercard;
mod payment_services;
pub(crate) mod python;
pub(crate) mod visa;
mod webhooks;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use crate::client::{Stand, options};
use crate::packages::npm;
use crate::program::{require, require_program};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/clients");
/// Where npm puts them: below the build's own folder, so that nothing is left in the source tree.
const INSTALLED: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/clients");

/// The folder with the clients and the scripts. None when they cannot be had, which every test that wants them says.
pub(crate) fn installed() -> Option<&'static Path> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if !require_program("node") || !require_program("npm") {
        return None;
    }
    let ready = READY.get_or_init(|| npm(FOLDER, INSTALLED));
    let why = ready.as_ref().err().map_or("", String::as_str);
    require("the vendors' clients", ready.is_ok(), why);
    ready.as_deref().ok()
}

/// Runs a script against a fresh server. It must say how many steps it made.
pub(crate) async fn run(script: &str, steps: u64) {
    if installed().is_none() {
        return;
    }
    let stand = Stand::start(options()).await;
    run_against(script, &[&stand.server.base_url()], steps).await;
}

/// Runs a script with arguments, of which the first says where the server is. It must say how many steps it made.
pub(crate) async fn run_against(script: &str, arguments: &[&str], steps: u64) {
    let Some(folder) = installed() else {
        return;
    };
    let mut node = tokio::process::Command::new("node");
    node.arg(script)
        .args(arguments)
        .current_dir(folder)
        .kill_on_drop(true);
    let answer = node.output().await.unwrap();
    let (said, wrong) = (
        String::from_utf8_lossy(&answer.stdout),
        String::from_utf8_lossy(&answer.stderr),
    );
    assert!(answer.status.success(), "{script}: {said}{wrong}");
    let said: Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!(said["steps"], steps, "{script}");
}
