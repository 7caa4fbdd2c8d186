//! `standin help`, as it is asked for.

use std::process::{Command, Stdio};

use standin::docs::TOPICS;

use crate::cli::{printed, standin};

#[test]
fn help_lists_the_commands_and_every_topic() {
    let all = printed(&["help"]);
    assert_eq!(all, printed(&["--help"]));
    for topic in &TOPICS {
        let row = all.lines().find(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(topic.name) && line.contains(topic.summary)
        });
        assert!(row.is_some(), "{}: {all}", topic.name);
    }
}

#[test]
fn help_about_a_topic_is_its_page_in_plain_text() {
    for topic in &TOPICS {
        let shown = printed(&["help", topic.name]);
        assert!(shown.starts_with(&format!("{}\n", topic.title)), "{shown}");
        assert!(!shown.contains('\u{1b}'), "colours go to a terminal only");
        assert!(!shown.contains("|---|"), "{shown}");
    }
}

#[test]
fn help_about_a_command_is_what_it_says_of_itself() {
    let programs: [&[&str]; 4] = [&["serve"], &["journal"], &["conform"], &["target", "init"]];
    for words in programs {
        let help = printed(&[&["help"], words].concat());
        assert_eq!(help, printed(&[words, &["--help"]].concat()), "{words:?}");
    }
}

#[test]
fn no_topic_has_the_name_of_a_command() {
    let all = printed(&["help"]);
    let (commands, _) = all.split_once("Options:").unwrap();
    for topic in &TOPICS {
        let command = format!("\n  {} ", topic.name);
        assert!(!commands.contains(&command), "{}", topic.name);
    }
}

#[test]
fn a_slip_is_answered_with_the_nearest_word() {
    for (words, near) in [
        (&["help", "fualts"][..], "did you mean \"faults\"?"),
        (&["help", "serv"], "did you mean \"serve\"?"),
        (&["help", "target", "inti"], "did you mean \"init\"?"),
    ] {
        let output = standin(words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(near), "{said}");
    }
}

/// As a terminal would get it.
#[test]
fn headings_are_bold_unless_nobody_wants_that() {
    let shown = |without: bool| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
        program.args(["help", "concepts"]).stdin(Stdio::null());
        program.env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
        if without {
            program.env("NO_COLOR", "1");
        }
        String::from_utf8(program.output().unwrap().stdout).unwrap()
    };
    assert!(shown(false).starts_with("\u{1b}[1mConcepts\u{1b}[0m\n"));
    assert!(shown(true).starts_with("Concepts\n"));
}
