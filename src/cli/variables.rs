//! Variables of the environment: each option of the commands that containers and pipelines run has one.

use clap::Command;

/// Commands whose options can all be given by the environment. The others ask a server, and `STANDIN_SERVER` names it.
const COMMANDS: [&str; 2] = ["serve", "conform"];
const PREFIX: &str = "STANDIN_";
/// So many letters may differ where a name is taken for a slip.
const SLIP_MAX: usize = 3;

/// Lets `--allow-host` be given as `STANDIN_ALLOW_HOST`, and so on.
pub(super) fn with_variables(mut command: Command) -> Command {
    for name in COMMANDS {
        command = command.mut_subcommand(name, |command| {
            command.mut_args(|argument| match (argument.get_long(), argument.get_env()) {
                (Some(long), None) => {
                    let variable = format!("{PREFIX}{}", long.replace('-', "_").to_uppercase());
                    argument.env(variable).hide_env_values(true)
                }
                (None, _) | (_, Some(_)) => argument,
            })
        });
    }
    command
}

/// What is said of variables that look like slips, because what is not read is not obeyed.
pub(super) fn slips(command: &Command, set: impl Iterator<Item = String>) -> Vec<String> {
    let known: Vec<String> = command
        .get_subcommands()
        .flat_map(Command::get_arguments)
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .collect();
    let unknown = set.filter(|name| name.starts_with(PREFIX) && !known.contains(name));
    let slips = unknown.filter_map(|name| {
        let meant = known
            .iter()
            .min_by_key(|known| strsim::levenshtein(known, &name))?;
        (strsim::levenshtein(meant, &name) <= SLIP_MAX)
            .then(|| format!("{name} is no variable of standin; did you mean {meant}?"))
    });
    slips.collect()
}
