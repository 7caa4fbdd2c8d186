//! `standin mcp`: the door for coding agents, by the Model Context Protocol. What the control plane can do is a tool here.
//!
//! A tool is a row of the table in `tools`; `door` speaks the protocol, `arguments` reads what is given in words that an
//! agent can mend its call by. To add a tool: a row in the file of its kind.

mod arguments;
mod cards;
mod door;
mod faults;
mod http;
mod journal;
mod judge;
mod payments;
mod space;
mod tokens;
mod tools;
mod webhooks;

use std::net::SocketAddr;

use clap::Args;
use rmcp::ServiceExt as _;
use rmcp::transport::stdio;

use super::address::address;
use super::config_args::ConfigArgs;
use super::out::{Failed, notice};
use super::remote::Remote;
use super::serve::clock;
use super::stop::told_to_stop;
use crate::clock::Source;
use crate::server::{self, Running};
use door::{Door, Files};

/// The arguments of `standin mcp`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Mcp {
    /// Speak streamable HTTP at this address of this machine, path /mcp, in place of standard input and output.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    http: Option<SocketAddr>,
    /// Start a server for this session alone, in place of the one that --server names.
    #[arg(long)]
    private: bool,
    /// What every value of the private server is derived from.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "standin",
        requires = "private"
    )]
    seed: String,
    /// The clock of the private server: `real`, or `manual` to stand still until told to move.
    #[arg(long, value_name = "CLOCK", default_value = "real", value_parser = clock, requires = "private")]
    clock: Source,
    #[command(flatten)]
    remote: Remote,
}

const EXAMPLES: &str = "Examples:
  standin mcp                              tools of the server at 127.0.0.1:4111, over standard input and output
  standin mcp --private --clock manual     a server of the session's own
  standin mcp --http 4112                  http://127.0.0.1:4112/mcp

In the configuration of an agent:
  { \"mcpServers\": { \"standin\": { \"command\": \"standin\", \"args\": [\"mcp\", \"--private\"] } } }";

impl Mcp {
    pub(super) fn run(self) -> Result<(), Failed> {
        // A conformance run has a thread of its own, and the other tools wait for a server.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        runtime
            .map_err(|error| format!("the runtime: {error}"))?
            .block_on(self.open())
    }

    async fn open(self) -> Result<(), Failed> {
        let private = if self.private {
            Some(private(&self.seed, self.clock).await?)
        } else {
            None
        };
        let remote = private
            .as_ref()
            .map_or(self.remote, |running| Remote::at(running.base_url()));
        let done = match self.http {
            Some(address) => http::serve(&remote, address).await,
            None => over_stdio(&remote).await,
        };
        if let Some(private) = private {
            private.stop().await;
        }
        done
    }
}

async fn private(seed: &str, clock: Source) -> Result<Running, String> {
    let options = ConfigArgs::default()
        .or_found()
        .server(seed, clock, None, &[])?;
    let running = server::start(options).await;
    let running = running.map_err(|error| format!("the private server: {error}"))?;
    running.make_network_keys_meanwhile();
    Ok(running)
}

/// Serves one client, which started this program, until it closes standard input.
async fn over_stdio(remote: &Remote) -> Result<(), Failed> {
    let door = Door::new(remote.clone(), Files::MayBeRead);
    let session = async {
        let service = door.serve(stdio()).await;
        let service = service.map_err(|error| format!("the client: {error}"))?;
        service.waiting().await.map_err(|error| error.to_string())
    };
    tokio::select! {
        ended = session => {
            // A client that closes before it has said anything wanted nothing.
            if let Err(why) = ended {
                notice(format_args!("standin mcp: {why}"));
            }
            Ok(())
        }
        stopped = told_to_stop() => stopped.map_err(Failed::Told),
    }
}
