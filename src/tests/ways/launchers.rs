//! The launchers of npm, pip and JUnit, each with the real test runner: a server is started, each test has a space of its own, and
//! nothing stays behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{FOLDER, STANDIN, node, python};
use crate::cli::Folder;
use crate::program::{require, require_program};

const LAUNCHERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/launchers");
/// Where Debian puts the jars of its package junit5.
const JARS: &str = "/usr/share/java";
/// What JUnit's console launcher needs for Jupiter.
const NEEDED: [&str; 9] = [
    "junit-jupiter-api",
    "junit-jupiter-engine",
    "junit-platform-commons",
    "junit-platform-console",
    "junit-platform-engine",
    "junit-platform-launcher",
    "junit-platform-reporting",
    "opentest4j",
    "picocli",
];

/// What the package of npm is made of.
const NPM: [&str; 5] = [
    "fixtures/launchers/npm/package.json",
    "fixtures/launchers/npm/bin.mjs",
    "fixtures/launchers/npm/binary.mjs",
    "fixtures/launchers/npm/index.mjs",
    "fixtures/launchers/npm/jest.mjs",
];
/// What the package of pip is made of.
const PIP: [&str; 5] = [
    "fixtures/launchers/pip/pyproject.toml",
    "fixtures/launchers/pip/standin_launcher/__init__.py",
    "fixtures/launchers/pip/standin_launcher/__main__.py",
    "fixtures/launchers/pip/standin_launcher/binary.py",
    "fixtures/launchers/pip/standin_launcher/plugin.py",
];
const JUNIT: &str = "fixtures/launchers/junit/StandinExtension.java";

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Puts the launcher where npm would.
fn installed(node: &Path) {
    let package = node.join("node_modules/standin");
    std::fs::create_dir_all(&package).unwrap();
    for file in NPM {
        let path = source(file);
        std::fs::copy(&path, package.join(path.file_name().unwrap())).unwrap();
    }
}

/// Both packages are of the release that they launch.
#[test]
fn the_launchers_have_the_version_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, wanted) in [
        (NPM[0], format!("\"version\": \"{version}\"")),
        (PIP[0], format!("version = \"{version}\"")),
        (PIP[3], format!("VERSION = \"{version}\"")),
    ] {
        let text = std::fs::read_to_string(source(file)).unwrap();
        assert!(text.contains(&wanted), "{file}: {wanted}");
    }
    for file in PIP {
        assert!(source(file).is_file(), "{file}");
    }
}

/// Everything that a runner said.
fn said(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr];
    parts.map(|part| String::from_utf8_lossy(part)).concat()
}

fn good(mut program: Command) -> String {
    let folder = Folder::new("launched");
    // Servers that the launchers start have their folders there, and take them away.
    program.env("TMPDIR", &folder.0).env("STANDIN_BIN", STANDIN);
    program.env_remove("STANDIN_SERVER");
    let output = program.output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let left = std::fs::read_dir(&folder.0).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    let of_ours = left
        .iter()
        .filter(|name| name.to_string_lossy().starts_with("standin-"));
    assert_eq!(of_ours.count(), 0, "{left:?}");
    said
}

/// Takes seconds: jest is read, and npm installs it the first time.
#[test]
fn jest_gives_each_test_a_space() {
    let Some(folder) = node() else {
        return;
    };
    installed(folder);
    let mut jest = Command::new("node");
    jest.args(["--experimental-vm-modules", "node_modules/jest/bin/jest.js"]);
    jest.args([
        "--testMatch",
        "**/*.test.mjs",
        "--transform",
        "{}",
        "--no-cache",
        "--ci",
    ]);
    jest.args(["--rootDir", "."]).current_dir(folder);
    let said = good(jest);
    assert!(said.contains("Tests:       3 passed, 3 total"), "{said}");
}

/// Takes seconds: pip installs pytest the first time.
#[test]
fn pytest_gives_each_test_a_space() {
    let Some(python) = python() else {
        return;
    };
    let mut pytest = Command::new(python);
    pytest.args([
        "-m",
        "pytest",
        "-q",
        "-p",
        "standin_launcher.plugin",
        "-p",
        "no:cacheprovider",
    ]);
    pytest.arg(format!("{FOLDER}/test_pay.py"));
    pytest.env("PYTHONPATH", format!("{LAUNCHERS}/pip"));
    pytest.env("PYTHONDONTWRITEBYTECODE", "1");
    let said = good(pytest);
    assert!(said.contains("3 passed"), "{said}");
}

/// Takes seconds: java compiles the tests.
#[test]
fn junit_gives_each_test_a_space() {
    if !require_program("javac") {
        return;
    }
    let jars: Vec<_> = NEEDED.map(|name| format!("{JARS}/{name}.jar")).into();
    let there = jars.iter().all(|jar| Path::new(jar).is_file());
    if !require("JUnit 5", there, "Debian's junit5 is not installed") {
        return;
    }
    let folder = Folder::new("junit");
    let classes = folder.0.to_str().unwrap();
    let path = [jars.as_slice(), &[classes.to_owned()]].concat().join(":");
    let compiled = Command::new("javac")
        .args(["-d", classes, "-cp", &path])
        .arg(format!("{FOLDER}/PaymentTest.java"))
        .arg(source(JUNIT))
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{}", said(&compiled));
    let mut junit = Command::new("java");
    junit.args(["-cp", &path, "org.junit.platform.console.ConsoleLauncher"]);
    junit.args([
        "--scan-classpath",
        classes,
        "--disable-banner",
        "--disable-ansi-colors",
    ]);
    let said = good(junit);
    assert!(said.contains("3 tests successful"), "{said}");
}

/// A release that is not what its checksum says is not run.
#[test]
fn a_release_is_downloaded_once_and_checked() {
    let (Some(folder), Some(python)) = (node(), python()) else {
        return;
    };
    installed(folder);
    let mut script = Command::new("node");
    script.args(["download.mjs", &format!("{LAUNCHERS}/pip")]);
    script.arg(python).current_dir(folder);
    let said = good(script);
    assert!(said.contains("{\"steps\":10}"), "{said}");
}
