//! How the command line behaves, row by row: what is asked, what is set, how it ends, and what is said where.

use std::process::{Command, Stdio};

use crate::cli::printed;

/// What is asked; a variable that is set, as `NAME=VALUE`; how it ends; what standard output and standard error hold.
type Row = (
    &'static [&'static str],
    &'static str,
    i32,
    &'static str,
    &'static str,
);

const NOBODY: &str = "http://127.0.0.1:9";

const ROWS: &[Row] = &[
    (&["--version"], "", 0, "standin 0.1.0", ""),
    (&["--help"], "", 0, "Examples:", ""),
    (&[], "", 2, "", "Usage: standin <COMMAND>"),
    (
        &["jornal"],
        "",
        2,
        "",
        "similar subcommand exists: 'journal'",
    ),
    (
        &["serve", "--sead", "x"],
        "",
        2,
        "",
        "a similar argument exists: '--seed'",
    ),
    (
        &["serve", "--listen", "65536"],
        "",
        2,
        "",
        "write 4111, localhost:4111 or 0.0.0.0:4111",
    ),
    (
        &["serve", "--listen", "example.com:80"],
        "",
        2,
        "",
        "is no address of this machine",
    ),
    (
        &["serve", "--listen", "0.0.0.0:0"],
        "",
        2,
        "",
        "give one with --control-token",
    ),
    (
        &["serve"],
        "STANDIN_LISTEN=here",
        2,
        "",
        "invalid value 'here' for '--listen <ADDRESS>'",
    ),
    (
        &["serve"],
        "STANDIN_CLOCK=noon",
        2,
        "",
        "it can be real, manual, manual=INSTANT",
    ),
    (
        &["serve"],
        "STANDIN_CONTROL_TOKEN=short",
        2,
        "",
        "it has 5 characters and needs 16 at least",
    ),
    (
        &["serve"],
        "STANDIN_CONTROL_TOKEN=",
        2,
        "",
        "--control-token",
    ),
    (&["serve"], "STANDIN_DATA=", 2, "", "--data <DIR>"),
    (
        &["serve", "--quiet"],
        "STANDIN_STRICT=perhaps",
        2,
        "",
        "--strict",
    ),
    (
        &["cards", "--json"],
        "STANDIN_LISTN=1",
        0,
        "4111111111111111",
        "did you mean STANDIN_LISTEN?",
    ),
    (
        &["cards", "--json"],
        "STANDIN_LISTEN=here",
        0,
        "4111111111111111",
        "",
    ),
    (
        &["cards", "--json"],
        "STANDING=1",
        0,
        "4111111111111111",
        "",
    ),
    (
        &["serve", "--log", "standin=loud"],
        "",
        2,
        "",
        "--log: error parsing level filter",
    ),
    (
        &["serve", "--config", "nowhere.toml"],
        "",
        2,
        "",
        "nowhere.toml: ",
    ),
    (
        &["serve", "--tls-cert", "cert.pem"],
        "",
        2,
        "",
        "--tls-key <FILE>",
    ),
    (
        &["serve", "--durability", "power"],
        "",
        2,
        "",
        "--data <DIR>",
    ),
    (
        &["serve", "--durability", "eternal"],
        "",
        2,
        "",
        "[possible values: process, power, replicated]",
    ),
    (&["serve", "--keys", "nowhere"], "", 2, "", "nowhere"),
    (
        &["health", "--server", NOBODY],
        "",
        1,
        "",
        "nobody answers at http://127.0.0.1:9",
    ),
    (
        &["health"],
        "STANDIN_SERVER=http://127.0.0.1:9",
        1,
        "",
        "nobody answers at http://127.0.0.1:9",
    ),
    (
        &["journal", "--server", NOBODY],
        "",
        2,
        "",
        "start a server with `standin serve`",
    ),
    (
        &["listen", "--server", NOBODY],
        "",
        2,
        "",
        "start a server with `standin serve`",
    ),
    (&["cards", "--network", "vissa"], "", 2, "", "visa"),
    (&["cryptogram"], "", 2, "", "Usage: standin cryptogram"),
    (
        &["completions", "bash"],
        "",
        0,
        "-F _clap_complete_standin standin",
        "",
    ),
    (&["completions", "zsh"], "", 0, "#compdef standin", ""),
    (&["completions", "fish"], "", 0, "complete --keep-order", ""),
    (
        &["completions", "pwsh"],
        "",
        0,
        "Register-ArgumentCompleter",
        "",
    ),
    (&["man"], "", 0, ".TH standin 1", ""),
    (&["schema", "config"], "", 0, "\"$schema\"", ""),
    (&["schema", "fault"], "", 0, "lost_after_commit", ""),
    (&["schema", "confg"], "", 2, "", "'config'"),
    (
        &["mcp", "--http", "0.0.0.0:4112"],
        "",
        2,
        "",
        "must be an address of this machine",
    ),
    (&["mcp", "--seed", "x"], "", 2, "", "--private"),
    (
        &["fault", "add", "delay", "1s", "--server", NOBODY],
        "",
        2,
        "",
        "nobody answers at http://127.0.0.1:9",
    ),
    (
        &["fault", "add", "delay", "1s", "--sever", NOBODY],
        "",
        2,
        "",
        "a similar argument exists: '--server'",
    ),
    (
        &["fault", "add", "dely", "1s", "--server", NOBODY],
        "",
        2,
        "",
        "did you mean \"delay\"?",
    ),
    (
        &["fault", "kinds", "--json"],
        "",
        0,
        "\"kind\": \"lost_after_commit\"",
        "",
    ),
    (
        &["health", "--json", "--server", NOBODY],
        "",
        1,
        "",
        "nobody answers at http://127.0.0.1:9",
    ),
    (
        &[
            "cryptogram",
            "--json",
            "--form",
            "short",
            "--token",
            "c24f6b0c777afdd67273eec88b525c4d",
            "--counter",
            "0",
        ],
        "",
        0,
        "\"cryptogram\": \"",
        "",
    ),
    (
        &["serve", "--log-format", "xml"],
        "",
        2,
        "",
        "[possible values: text, json]",
    ),
    (
        &["serve"],
        "STANDIN_LOG_FORMAT=xml",
        2,
        "",
        "[possible values: text, json]",
    ),
    (&["conform", "--json", "--tags", "@@"], "", 2, "", "--tags"),
    (&["cards", "--help"], "CLICOLOR_FORCE=1", 0, "\u{1b}[", ""),
    (&["completions", "dos"], "", 2, "", "[possible values: bash"),
    (
        &["target", "check", "nowhere.toml"],
        "",
        2,
        "",
        "nowhere.toml",
    ),
    (
        &["conform", "--target", "nowhere.toml"],
        "",
        2,
        "",
        "nowhere.toml",
    ),
    (
        &["conform", "--list"],
        "STANDIN_TARGET=nowhere.toml",
        2,
        "",
        "nowhere.toml",
    ),
    (
        &["conform", "--concurrency", "0"],
        "",
        2,
        "",
        "--concurrency",
    ),
];

#[test]
fn each_command_ends_and_says_as_it_should() {
    for (arguments, variable, code, out, err) in ROWS {
        let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
        program.args(*arguments).stdin(Stdio::null());
        program.env_remove("NO_COLOR");
        if let Some((name, value)) = variable.split_once('=') {
            program.env(name, value);
        }
        let output = program.output().unwrap();
        let (said, told) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let row = format!("{variable} standin {}\n{said}\n{told}", arguments.join(" "));
        assert_eq!(output.status.code(), Some(*code), "{row}");
        assert!(
            said.contains(out),
            "{out:?} is not on standard output of {row}"
        );
        assert!(
            told.contains(err),
            "{err:?} is not on standard error of {row}"
        );
        assert!(!err.is_empty() || told.is_empty(), "{row}");
        for unkind in [
            "panicked",
            "expected internally tagged",
            "invalid type:",
            "missing field",
        ] {
            assert!(!told.contains(unkind), "{unkind:?} in {row}");
        }
    }
}

/// Every option has a variable, and help names it.
#[test]
fn every_option_of_a_server_can_be_a_variable() {
    for command in ["serve", "conform"] {
        let help = printed(&[command, "--help"]);
        let help: Vec<&str> = help.split_whitespace().collect();
        let help = help.join(" ");
        let listed = help.split(" --").skip(1);
        let options: Vec<&str> = listed.filter_map(|rest| rest.split(' ').next()).collect();
        let mut tried = 0;
        for option in options.iter().filter(|option| **option != "help") {
            let variable = format!("[env: STANDIN_{}]", option.replace('-', "_").to_uppercase());
            // A sentence may name an option that is none of this command's.
            tried += usize::from(help.contains(&variable));
        }
        let variables = help.matches("[env: STANDIN_").count();
        assert!(
            tried >= variables && variables >= 15,
            "{command}: {tried} of {variables}\n{help}"
        );
    }
}
