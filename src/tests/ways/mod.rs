//! The ways in that people expect beside HTTP: agents, test runners, collections. Each is tried with the program that they
//! use, as it comes from its registry.

mod launchers;
mod mcp;
mod postman;
mod schemas;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::packages::{npm, pip};
use crate::program::{require, require_program};

pub(crate) const STANDIN: &str = env!("CARGO_BIN_EXE_standin");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/ways");
const NODE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/ways-node");
const PYTHON: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/ways-python");

/// The folder with the programs of npm and the scripts. None when they cannot be had, which every test that wants them says.
fn node() -> Option<&'static Path> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if !require_program("node") || !require_program("npm") {
        return None;
    }
    let ready = READY.get_or_init(|| npm(FOLDER, NODE));
    let why = ready.as_ref().err().map_or("", String::as_str);
    require("the programs from npm", ready.is_ok(), why);
    ready.as_deref().ok()
}

/// The python that has the programs of pip.
fn python() -> Option<&'static Path> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if !require_program("python3") {
        return None;
    }
    let ready = READY.get_or_init(|| pip(FOLDER, PYTHON));
    let why = ready.as_ref().err().map_or("", String::as_str);
    require("the programs from pip", ready.is_ok(), why);
    ready.as_deref().ok()
}
