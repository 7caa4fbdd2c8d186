//! Vendors' own npm clients against a running server. They are installed by npm, in the versions and with the digests of
//! `package-lock.json`, and only where [`REQUIRE`] asks for it; the scripts beside it are what they are made to do.

mod in_a_browser;
mod mastercard;
mod payment_services;
pub(crate) mod python;
pub(crate) mod visa;
mod webhooks;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::client::{Stand, options};
use crate::program::{REQUIRE, is_required, require, require_program};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/clients");
/// Where npm puts them: below the build's own folder, so that nothing is left in the source tree.
const INSTALLED: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/clients");

/// The folder with the clients and the scripts. None when they cannot be had, which every test that wants them says.
pub(crate) fn installed() -> Option<&'static Path> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if !require_program("node") || !require_program("npm") {
        return None;
    }
    let ready = READY.get_or_init(install);
    let why = ready.as_ref().err().map_or("", String::as_str);
    require("the vendors' clients", ready.is_ok(), why);
    ready.as_deref().ok()
}

fn install() -> Result<PathBuf, String> {
    let folder = PathBuf::from(INSTALLED);
    std::fs::create_dir_all(&folder).unwrap();
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(Path::new(FOLDER).join("package-lock.json")).unwrap();
    let done = folder.join("node_modules/.package-lock.json").is_file();
    let current = done && std::fs::read(&lock).is_ok_and(|present| present == wanted);
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|kind| kind == "mjs" || kind == "json")
        {
            std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    if !current {
        if !is_required() {
            return Err(format!("{REQUIRE}=1 installs them"));
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        let answer = npm.current_dir(&folder).output().unwrap();
        if !answer.status.success() {
            return Err(String::from_utf8_lossy(&answer.stderr).into_owned());
        }
    }
    Ok(folder)
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
