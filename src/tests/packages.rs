//! Programs that npm and pip install for tests, only where [`REQUIRE`] asks for it, and below the build's own folder, so that
//! nothing is left in the source tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{REQUIRE, is_required};

fn run(program: &mut Command) -> Result<(), String> {
    let output = program.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// What `package-lock.json` of a folder lists, with its digests, and the folder's scripts beside it.
pub(crate) fn npm(from: &str, to: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(to);
    std::fs::create_dir_all(&folder).unwrap();
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(Path::new(from).join("package-lock.json")).unwrap();
    let done = folder.join("node_modules/.package-lock.json").is_file();
    let current = done && std::fs::read(&lock).is_ok_and(|present| present == wanted);
    for entry in std::fs::read_dir(from).unwrap() {
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
        run(npm.current_dir(&folder))?;
    }
    Ok(folder)
}

/// The python that has what `requirements.txt` of a folder lists.
pub(crate) fn pip(from: &str, to: &str) -> Result<PathBuf, String> {
    let list = Path::new(from).join("requirements.txt");
    let wanted = std::fs::read(&list).unwrap();
    let folder = Path::new(to);
    let (python, done) = (folder.join("bin/python"), folder.join("requirements.txt"));
    if std::fs::read(&done).is_ok_and(|present| present == wanted) {
        return Ok(python);
    }
    if !is_required() {
        return Err(format!("{REQUIRE}=1 installs them"));
    }
    run(Command::new("python3").args(["-m", "venv", to]))?;
    let mut pip = Command::new(&python);
    run(pip
        .args(["-m", "pip", "install", "--quiet", "-r"])
        .arg(list))?;
    std::fs::write(done, wanted).unwrap();
    Ok(python)
}
