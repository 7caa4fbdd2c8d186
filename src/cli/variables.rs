//! Variables of the environment: each option of the commands that containers and pipelines run has one.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

const PREFIX: &str = "STANDIN_";
/// So many letters may differ where a name is taken for a slip.
const SLIP_MAX: usize = 3;

/// The options of a command, where `--allow-host` can be given as `STANDIN_ALLOW_HOST`, and so on. The commands that have it not
/// ask a server, and `STANDIN_SERVER` names it.
#[derive(Debug)]
pub(super) struct WithVariables<T>(pub(super) T);

impl<T: Args> Args for WithVariables<T> {
    fn augment_args(command: Command) -> Command {
        with_variables(T::augment_args(command))
    }

    fn augment_args_for_update(command: Command) -> Command {
        with_variables(T::augment_args_for_update(command))
    }
}

impl<T: FromArgMatches> FromArgMatches for WithVariables<T> {
    fn from_arg_matches(given: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(given).map(Self)
    }

    fn update_from_arg_matches(&mut self, given: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(given)
    }
}

fn with_variables(command: Command) -> Command {
    command.mut_args(|argument| match (argument.get_long(), argument.get_env()) {
        (Some(long), None) => {
            let variable = format!("{PREFIX}{}", long.replace('-', "_").to_uppercase());
            argument.env(variable).hide_env_values(true)
        }
        (None, _) | (_, Some(_)) => argument,
    })
}

/// What is said of variables that look like slips, because what is not read is not obeyed. `whole` is every command.
pub(super) fn slips(
    whole: impl FnOnce() -> Command,
    set: impl Iterator<Item = String>,
) -> Vec<String> {
    let set: Vec<_> = set.filter(|name| name.starts_with(PREFIX)).collect();
    if set.is_empty() {
        return Vec::new();
    }
    let whole = whole();
    let known: Vec<String> = whole
        .get_subcommands()
        .flat_map(Command::get_arguments)
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .collect();
    let unknown = set.iter().filter(|name| !known.contains(name));
    let slips = unknown.filter_map(|name| {
        let meant = known
            .iter()
            .min_by_key(|known| strsim::levenshtein(known, name))?;
        (strsim::levenshtein(meant, name) <= SLIP_MAX)
            .then(|| format!("{name} is no variable of standin; did you mean {meant}?"))
    });
    slips.collect()
}
