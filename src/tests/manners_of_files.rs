//! What is said of a file that is wrong: its name, its line, and what to write; never the words of the reader of values.

use crate::cli::{Folder, standin};

/// The command, which file it is, what stands in it, and what is said of it.
type Row = (&'static [&'static str], &'static str, &'static str);

const CONFIG: &[&str] = &["serve", "--config"];
const ACCOUNTS: &[&str] = &["serve", "--accounts"];
const MERCHANTS: &[&str] = &["serve", "--merchants"];
const RESPONSES: &[&str] = &["serve", "--responses"];
const FAULTS: &[&str] = &["serve", "--faults"];
const TARGET: &[&str] = &["target", "check"];
const EXPECT: &[&str] = &["conform", "--expect"];

/// A target that is right, for a mistake to follow.
const BASE: &str = "name = \"x\"\nbase_url = \"http://127.0.0.1:9\"\n";

const ROWS: &[Row] = &[
    (CONFIG, "x = ", "line 1"),
    (CONFIG, "[gatway]", "did you mean \"gateway\"?"),
    (CONFIG, "gateway = 3", "must be a table, not 3"),
    (CONFIG, "[gateway]\ndelay = \"1s\"", "`delay` is not known"),
    (
        CONFIG,
        "[gateway]\non_create_delay = 5",
        "must be a span of time such as \"30s\" or \"PT24H\", not 5",
    ),
    (CONFIG, "[gateway]\non_create_delay = \"soon\"", "soon"),
    (
        CONFIG,
        "[cmp]\ndigits = \"string\"",
        "did you mean \"strings\"?",
    ),
    (CONFIG, "[cmp]\ndigits = 5", "must be a string"),
    (
        CONFIG,
        "[payments]\nstrict = \"yes\"",
        "must be true or false, not \"yes\"",
    ),
    (
        CONFIG,
        "[payments]\nvelocity = { payments = 3 }",
        "`within` is missing",
    ),
    (
        CONFIG,
        "[payments]\nvelocity = { payments = -1, within = \"1h\" }",
        "must be a whole number from 0, not -1",
    ),
    (
        CONFIG,
        "[journal]\nbytes_max = \"much\"",
        "write a number of bytes, \"4 MiB\" or \"64KiB\"",
    ),
    (
        CONFIG,
        "[journal]\nbytes_max = true",
        "a number of bytes, or a size such as",
    ),
    (
        CONFIG,
        "[clients]\nhead_bytes_max = \"1 KiB\"",
        "must be at least 8192, not 1024",
    ),
    (
        CONFIG,
        "[[webhooks.endpoint]]\nspace = \"x\"",
        "`url` is missing",
    ),
    (CONFIG, "[webhooks]\nendpoint = 3", "must be a list, not 3"),
    (
        CONFIG,
        "[webhooks]\nallow = \"a\"",
        "must be a list, not \"a\"",
    ),
    (CONFIG, "[[proxy.vault]]\nname = \"a\"", "is missing"),
    (
        ACCOUNTS,
        "[[account]]\nclient_id = 3",
        "must be a string, not 3",
    ),
    (ACCOUNTS, "[[acount]]", "did you mean \"account\"?"),
    (ACCOUNTS, "[[account]]\nclient_id = \"a\"", "is missing"),
    (MERCHANTS, "merchant = 1", "must be a list, not 1"),
    (MERCHANTS, "[[merchant]]\nname = \"a\"", "is missing"),
    (
        RESPONSES,
        "[[response]]\nreason = 3",
        "must be a string, not 3",
    ),
    (
        RESPONSES,
        "[[response]]\nreasn = \"x\"",
        "did you mean \"reason\"?",
    ),
    (
        FAULTS,
        "",
        "rule: is missing; each rule begins with [[rule]]",
    ),
    (FAULTS, "x = ", "line 1"),
    (FAULTS, "[rule]\nfault = 1", "must be written as [[rule]]"),
    (FAULTS, "[[rule]]\nfault = \"delay\"", "fault"),
    (
        FAULTS,
        "[[rule]]\nfault = { kind = \"dely\" }",
        "did you mean \"delay\"?",
    ),
    (
        FAULTS,
        "[[rule]]\ncap = \"x\"\nfault = { kind = \"delay\", ms = 1 }",
        "cap",
    ),
    (TARGET, "x = ", "line 3"),
    (TARGET, "name = 3", "must be a string, not 3"),
    (TARGET, "", "`name` is missing"),
    (TARGET, "auth = \"none\"", "line 4: duplicate key"),
    (
        TARGET,
        "[auth]\nkind = \"heather\"",
        "did you mean \"header\"?",
    ),
    (TARGET, "[auth]\nkind = 3", "line 4: must be a word, not 3"),
    (TARGET, "[auth]\n", "kind"),
    (TARGET, "cards = 3", "must be a list, not 3"),
    (
        TARGET,
        "[binding]\noperations = 3",
        "must be a table, not 3",
    ),
    (
        TARGET,
        "request_timeout = 5",
        "line 3: must be a string, not 5",
    ),
    (TARGET, "claims = \"x\"", "must be a list, not \"x\""),
    (EXPECT, "x = ", "line 1"),
    (EXPECT, "[[expectd]]", "did you mean \"expected\"?"),
    (EXPECT, "[[expected]]\ncheck = 3", "must be a string, not 3"),
    (EXPECT, "[[expected]]\ncheck = \"x\"", "`reason` is missing"),
];

/// The reader's words, which nobody who writes a file knows.
const UNKIND: [&str; 16] = [
    "panicked",
    "internally tagged",
    "untagged enum",
    "invalid type",
    "invalid value",
    "invalid length",
    "missing field",
    "unknown field",
    "unknown variant",
    "duplicate field",
    "expected struct",
    "expected usize",
    "expected u",
    "expected i",
    "wanted string",
    "a sequence",
];

#[test]
fn what_is_wrong_with_a_file_is_said_plainly() {
    let folder = Folder::new("wrong-files");
    let file = folder.0.join("wrong.toml");
    let path = file.to_str().unwrap();
    let mut wrong = Vec::new();
    for (command, text, wanted) in ROWS {
        let needs_base = *command == TARGET && !text.is_empty() && !text.starts_with("name");
        let text = if needs_base && text.starts_with('[') {
            format!("{BASE}{text}")
        } else if needs_base {
            format!("{BASE}{text}\n[auth]\nkind = \"none\"\n")
        } else {
            (*text).to_owned()
        };
        std::fs::write(&file, &text).unwrap();
        let arguments: Vec<&str> = command.iter().copied().chain([path]).collect();
        let output = standin(&arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        let unkind = UNKIND.iter().find(|words| told.contains(**words));
        let is_right = output.status.code() == Some(2)
            && told.contains("wrong.toml")
            && told.contains(wanted)
            && unkind.is_none();
        if !is_right {
            wrong.push(format!(
                "{command:?} {text:?} ended with {:?}; wanted {wanted:?}, unkind {unkind:?}:\n{told}",
                output.status.code()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
