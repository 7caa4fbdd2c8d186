//! `standin health`: for whoever must know whether a server takes requests, such as the health check of a container.

use std::process::ExitCode;

use clap::Args;
use http::Method;

use super::out::{notice, say};
use super::refused::having;
use super::remote::{Remote, run};

/// The arguments of `standin health`.
#[derive(Debug, Args)]
pub(super) struct Health {
    /// Print what the server says as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

impl Health {
    pub(super) fn run(self) -> ExitCode {
        let ready = run(self.remote.ask(Method::GET, "ready", None));
        let ready = ready.and_then(|said| having(said, "ready"));
        match ready {
            Ok(said) => {
                // Whoever reads only the exit code has closed the pipe.
                let _unread = if self.json {
                    say!("{said:#}")
                } else {
                    say!("ready")
                };
                ExitCode::SUCCESS
            }
            Err(why) => {
                notice(format_args!("standin health: {why}"));
                ExitCode::FAILURE
            }
        }
    }
}
