//! The gateway that is not standin: it is right when nothing is wrong with it, and each of its bugs, variations and lies
//! can be seen through HTTP.

use std::process::{Command, Stdio};

use include_dir::{Dir, include_dir};

use crate::program::require_program;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/targets/bluegate");
const LINES_MAX: usize = 400;

/// What the self-test says at the end, and whether it is content.
fn selftest(names: &[&str]) -> (bool, String) {
    let program = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/targets/bluegate/selftest.py"
    );
    let mut python = Command::new("python3");
    python.arg("-B").arg(program).args(names);
    let done = python.stdin(Stdio::null()).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// Some 250 gateways are started and tried, which takes a few seconds of waiting for messages that must not come.
#[test]
fn the_gateway_is_right_and_its_bugs_are_seen() {
    if !require_program("python3") {
        return;
    }
    let (right, said) = selftest(&[]);
    assert!(right && said.ends_with(": 0 wrong\n"), "{said}");
}

#[test]
fn nothing_tried_is_not_right() {
    if !require_program("python3") {
        return;
    }
    let (right, said) = selftest(&["no-such-bug"]);
    assert!(!right, "{said}");
}

#[test]
fn its_programs_are_short() {
    let mut count = 0;
    for file in FOLDER.files() {
        let lines = file.contents_utf8().unwrap().lines().count();
        assert!(
            lines <= LINES_MAX,
            "{}: {lines} lines",
            file.path().display()
        );
        count += 1;
    }
    assert!(count >= 20, "{count} files");
}
