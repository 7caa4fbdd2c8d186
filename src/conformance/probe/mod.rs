//! `standin target probe`: asks each operation that a target file declares once, and shows what was made of the answers. It
//! judges nothing but the file: whether each operation is accepted, each fact is where the file says, each card that must get no
//! token is refused for a reason that can be read, and each webhook is signed as the file says.

mod order;
mod refused;
mod report;
mod session;
#[cfg(test)]
mod tests;
mod webhooks;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::binding::{Binding, Declared};
use super::target::Target;
use session::Session;

/// Ask each operation that a target file declares once, and show what came of it.
///
/// It asks as one scenario would: a card is put on file and enrolled, its token read, paid with, suspended and deleted. Then it
/// enrols one card of each condition that must get no token. Use it while you write the file: it shows each request, each fact with
/// the place where it was found or not, how your words were read, and each webhook with its token, id and signature. Card numbers,
/// token numbers, cryptograms and secrets are masked.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = "\
Exit codes:
  0  every declared operation was accepted, every declared fact was told, every card was refused that has to be, and every
     webhook came that was due and was signed as the file says
  1  one was not
  2  the file has a mistake, or declares no operations
  3  nothing answers")]
pub struct Probe {
    /// The target.toml.
    pub file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// With a test card of this network; the first eligible one when not given.
    #[arg(long, value_name = "NAME")]
    pub network: Option<String>,
}

/// Probes, and gives back the exit code. `clock` reads the time in Unix seconds, for signatures.
///
/// # Errors
/// A line for every mistake in the file, or why nothing can be asked: exit code 2.
pub async fn probe(options: &Probe, clock: fn() -> i64, out: &mut dyn Write) -> Result<u8, String> {
    let name = options.file.display().to_string();
    let text =
        std::fs::read_to_string(&options.file).map_err(|error| format!("{name}: {error}"))?;
    let network = options.network.as_deref();
    probed(&name, &text, options.json, network, clock, out).await
}

async fn probed(
    name: &str,
    text: &str,
    json: bool,
    network: Option<&str>,
    clock: fn() -> i64,
    out: &mut dyn Write,
) -> Result<u8, String> {
    let mut target = Target::from_toml(text, name)?;
    target.clock = Some(clock);
    let binding = binding_of(&target)
        .ok_or_else(|| format!("{name}: declares no operations: write [binding.operations]"))??;
    let wait = target.request_timeout;
    let client = super::http::client(target.ca.as_deref(), target.identity.as_ref(), wait)?;
    let mut session = Session::new(Arc::new(target), binding, client, network)
        .map_err(|why| format!("{name}: {why}"))?;
    session.ask_everything().await;
    let report = session.report().await;
    let told = if json {
        report.json(out)
    } else {
        report.text(out)
    };
    told.map_err(|error| error.to_string())?;
    Ok(match (report.was_answered(), report.is_right()) {
        (false, _) => 3,
        (true, false) => 1,
        (true, true) => 0,
    })
}

/// The file's own binding, or the built-in one that it names.
fn binding_of(target: &Target) -> Option<Result<Declared, String>> {
    if let Some(own) = &target.binding {
        return Some(Ok(own.clone()));
    }
    let built_in = match Binding::built_in() {
        Ok(built_in) => built_in,
        Err(error) => return Some(Err(error)),
    };
    let named = |binding: &&Binding| target.profile.iter().any(|name| name == binding.name());
    let found = built_in.iter().filter(named).find_map(Binding::declared)?;
    Some(Ok(found.clone()))
}
