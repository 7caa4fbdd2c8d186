//! `standin completions` and `standin man`: what shells and `man` are told of the command line. A shell asks the program itself
//! what can stand where, so that it knows kinds of faults, cards, fields and operations too.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Args, Command, ValueEnum};
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use super::config_args::personas;
use super::out::{Failed, print, say};
use crate::domain::operation::Operation;
use crate::domain::surface::SurfaceName;
use crate::faults::fault::kinds;
use crate::faults::file::FaultFile;

/// The variable by which a shell's script asks.
const ASKS: &str = "COMPLETE";
const PROGRAM: &str = "standin";

/// Answers a shell that asks what can stand where, and ends; does nothing when none asks.
pub(super) fn answer(command: fn() -> Command) {
    clap_complete::CompleteEnv::with_factory(command)
        .var(ASKS)
        .complete();
}

/// The arguments of `standin completions`.
#[derive(Debug, Args)]
#[command(after_help = HOW)]
pub(super) struct Completions {
    /// Which shell.
    shell: Shell,
}

const HOW: &str = "Examples:
  source <(standin completions bash)
  standin completions zsh > \"${fpath[1]}/_standin\"
  standin completions fish > ~/.config/fish/completions/standin.fish
  standin completions powershell | Out-String | Invoke-Expression";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    #[value(alias = "pwsh")]
    Powershell,
}

impl Completions {
    pub(super) fn run(self) -> Result<(), Failed> {
        let name = match self.shell {
            Shell::Bash => "bash",
            Shell::Zsh => "zsh",
            Shell::Fish => "fish",
            Shell::Elvish => "elvish",
            Shell::Powershell => "powershell",
        };
        let shells = Shells::builtins();
        let shell = shells.completer(name).ok_or("there is no such shell")?;
        let mut script = Vec::new();
        shell.write_registration(ASKS, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
        print(&script)
    }
}

/// The arguments of `standin man`.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Where to write a page for every command; without it the first page is printed.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, command: Command) -> Result<(), Failed> {
        let Some(folder) = self.dir else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            return print(&page);
        };
        let shown = folder.display();
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| clap_mangen::generate_to(command, &folder));
        written.map_err(|error| format!("--dir {shown}: {error}"))?;
        say!("{shown}: written; read with: man {shown}/{PROGRAM}.1")
    }
}

/// Those that begin with what is written already.
fn begins<'a>(
    current: &OsStr,
    words: impl IntoIterator<Item = (String, &'a str)>,
) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let fits = words.into_iter();
    let fits = fits.filter(|(word, _)| word.starts_with(current.as_ref()));
    fits.map(|(word, help)| {
        let help = (!help.is_empty()).then(|| help.to_owned().into());
        CompletionCandidate::new(word).help(help)
    })
    .collect()
}

/// `FIELD=VALUE` for the fields that are written alike in rules and in questions about the journal.
fn fields() -> impl Iterator<Item = (String, &'static str)> {
    let operations = Operation::ALL
        .iter()
        .map(|one| format!("operation={}", one.word()));
    let surfaces = SurfaceName::ALL
        .iter()
        .map(|one| format!("surface={}", one.word()));
    operations.chain(surfaces).map(|field| (field, ""))
}

/// A word of a fault rule: a kind, its parameters, a field, a condition.
pub(super) fn of_a_rule(current: &OsStr) -> Vec<CompletionCandidate> {
    let kinds_ = kinds().map(|kind| (kind.word.to_owned(), kind.about));
    let parameters = kinds().flat_map(|kind| kind.parameters);
    let parameters = parameters.map(|one| (format!("{}=", one.name), one.about));
    let joins = ["on", "when", "as", "cap", "ttl"].map(|word| (word.to_owned(), ""));
    let conditions = ["nth=", "first=", "after=", "every=", "probability="];
    let conditions = conditions.map(|word| (word.to_owned(), ""));
    let all = kinds_.chain(joins).chain(conditions).chain(fields());
    let mut found = begins(current, all.chain(parameters));
    found.sort_by(|one, other| one.get_value().cmp(other.get_value()));
    found.dedup_by(|one, other| one.get_value() == other.get_value());
    found
}

/// The name of a mixture of faults.
pub(super) fn preset(current: &OsStr) -> Vec<CompletionCandidate> {
    begins(
        current,
        FaultFile::presets().map(|name| (name.to_owned(), "")),
    )
}

/// A field of `--match`.
pub(super) fn of_a_match(current: &OsStr) -> Vec<CompletionCandidate> {
    let others = [
        "method=",
        "path=",
        "status=",
        "client=",
        "reason=",
        "fault=",
        "header:",
        "request:/",
        "response:/",
    ];
    let others = others.map(|word| (word.to_owned(), ""));
    begins(current, fields().chain(others))
}

/// The number of a test card.
pub(super) fn card(current: &OsStr) -> Vec<CompletionCandidate> {
    let Ok(personas) = personas() else {
        return Vec::new();
    };
    let cards = personas.cards().iter();
    let cards = cards.filter_map(|card| Some((card.pan.clone()?, card.does.as_str())));
    begins(current, cards)
}
