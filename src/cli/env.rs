//! `standin env`: what a shell needs for its programs to go through the proxy of a running server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use http::Method;

use super::out::{Failed, say};
use super::proxied::{Variable, prepare};
use super::remote::{Remote, run};
use crate::operations::proxy_settings::ProxyFacts;

/// The arguments of `standin env`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Env {
    /// In the words of which shell.
    #[arg(long, value_name = "SHELL", value_enum, default_value_t = Shell::Bash)]
    shell: Shell,
    /// Where to write the files that the variables name. Without it a folder of the user's own.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

const EXAMPLES: &str = "Examples:
  eval \"$(standin env)\"
  standin env --shell fish | source
  standin env --shell powershell | Out-String | Invoke-Expression";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
}

impl Env {
    pub(super) fn run(self) -> Result<(), Failed> {
        let facts = run(self.remote.ask(Method::GET, "proxy", None))?;
        let facts: ProxyFacts = serde_json::from_value(facts).map_err(|error| {
            format!("what the server says of its proxy cannot be read: {error}; is it the right --server?")
        })?;
        let folder = self.dir.clone().or_else(own_folder);
        let folder =
            folder.ok_or("there is no home folder to write files to; name one with --dir")?;
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        let space = self.remote.space();
        for variable in prepare(&folder, &facts, space)? {
            say!("{}", self.shell.line(&variable))?;
        }
        Ok(())
    }
}

fn own_folder() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join(".local/state/standin/proxy"))
}

impl Shell {
    /// The line that sets a variable.
    fn line(self, variable: &Variable) -> String {
        let Variable { name, value } = variable;
        match self {
            Self::Bash | Self::Zsh => format!("export {name}='{}'", value.replace('\'', "'\\''")),
            Self::Fish => {
                let value = value.replace('\\', "\\\\").replace('\'', "\\'");
                format!("set -gx {name} '{value}'")
            }
            Self::Powershell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_its_own_quotes() {
        let variable = Variable {
            name: "A",
            value: "it's \\ $x \"y\"".to_owned(),
        };
        for (shell, want) in [
            (Shell::Bash, r#"export A='it'\''s \ $x "y"'"#),
            (Shell::Zsh, r#"export A='it'\''s \ $x "y"'"#),
            (Shell::Fish, r#"set -gx A 'it\'s \\ $x "y"'"#),
            (Shell::Powershell, r#"$env:A = 'it''s \ $x "y"'"#),
        ] {
            assert_eq!(shell.line(&variable), want);
        }
    }
}
