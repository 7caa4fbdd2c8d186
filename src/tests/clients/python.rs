//! Vendors' own clients and independent libraries for Python, in the versions of `requirements.txt`. They are installed only where
//! [`REQUIRE`] asks for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::FOLDER;
use crate::program::{REQUIRE, is_required, require, require_program};

const INSTALLED: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/python");

/// The python that has the clients. None when they cannot be had, which every test that wants them says.
pub(crate) fn python() -> Option<&'static Path> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if !require_program("python3") {
        return None;
    }
    let ready = READY.get_or_init(install);
    let why = ready.as_ref().err().map_or("", String::as_str);
    require("the vendors' clients for Python", ready.is_ok(), why);
    ready.as_deref().ok()
}

fn install() -> Result<PathBuf, String> {
    let wanted = std::fs::read(Path::new(FOLDER).join("requirements.txt")).unwrap();
    let folder = Path::new(INSTALLED);
    let (python, done) = (folder.join("bin/python"), folder.join("requirements.txt"));
    if std::fs::read(&done).is_ok_and(|present| present == wanted) {
        return Ok(python);
    }
    if !is_required() {
        return Err(format!("{REQUIRE}=1 installs them"));
    }
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let output = output.map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    };
    run(Path::new("python3"), &["-m", "venv", INSTALLED])?;
    let list = Path::new(FOLDER).join("requirements.txt");
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "-r",
        list.to_str().unwrap(),
    ];
    run(&python, &pip)?;
    std::fs::write(done, wanted).unwrap();
    Ok(python)
}
