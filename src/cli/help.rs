//! `standin help`: of a command what its `--help` says, of a topic its page, of a file that a page names its text.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::iter;

use clap::{Args, Command};
use terminal_size::{Width, terminal_size};

use super::markdown::render;
use super::out::{Failed, print, say, styled};
use crate::docs::{File, TOPICS, files, topic};
use crate::domain::words::unknown;

/// See the module.
#[derive(Args, Debug)]
pub(super) struct Help {
    /// A command such as `serve` or `target init`, a topic, or a file that a page names, such as `fixtures/cards.toml`.
    #[arg(value_name = "TOPIC|COMMAND")]
    words: Vec<String>,
}

/// Lines longer than this are hard to read, however wide the terminal is.
const COLUMNS_MAX: u16 = 100;
/// Narrower than this a table has no room for its columns.
const COLUMNS_MIN: u16 = 40;

/// What stands below the list of commands: the topics, then the examples.
pub(super) fn after(examples: &str) -> String {
    let mut text = String::from("Topics, for `standin help TOPIC`:\n");
    let widest = TOPICS.iter().map(|topic| topic.name.len()).max();
    for topic in &TOPICS {
        let width = widest.unwrap_or_default();
        let _ = writeln!(text, "  {:width$}  {}", topic.name, topic.summary);
    }
    text + "\n" + examples
}

impl Help {
    pub(super) fn run(&self, command: &mut Command) -> Result<(), Failed> {
        if let [word] = self.words.as_slice()
            && let Some(topic) = topic(word)
        {
            return styled(&render(topic.text, columns()));
        }
        if let [word] = self.words.as_slice() {
            let named: Vec<&File> = files(word).collect();
            match named.as_slice() {
                [] => {}
                [file] => return print(file.text.as_bytes()),
                several => {
                    let paths: Vec<_> = several.iter().map(|file| file.path).collect();
                    return say!("{}", paths.join("\n"));
                }
            }
        }
        let mut found = &*command;
        for word in &self.words {
            let known: Vec<String> = known(found);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            found = found
                .find_subcommand(word)
                .ok_or_else(|| format!("help: {}", unknown(word, &known)))?;
        }
        let words = self.words.iter().map(String::as_str);
        let asked = iter::once("standin").chain(words).chain(["--help"]);
        match command.try_get_matches_from_mut(asked) {
            Ok(_) => Err("help: there is none".into()),
            Err(help) => Ok(help.print()?),
        }
    }
}

fn columns() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size);
    let columns = terminal
        .flatten()
        .map_or(COLUMNS_MAX, |(Width(columns), _)| columns);
    usize::from(columns.clamp(COLUMNS_MIN, COLUMNS_MAX))
}

/// What can be asked about: the commands below this one, and the topics.
fn known(command: &Command) -> Vec<String> {
    let commands = command.get_subcommands().map(Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    commands.chain(topics).map(str::to_owned).collect()
}
