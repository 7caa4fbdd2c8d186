//! `standin snapshot`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use http::Method;

use super::out::{Failed, say};
use super::refused::{having, object};
use super::remote::{JSON, LINES, Remote, run, whole};

/// The arguments of `standin snapshot`.
#[derive(Debug, Args)]
#[command(after_help = NOTE)]
pub(super) struct Snapshot {
    #[command(subcommand)]
    what: What,
}

const NOTE: &str = "A snapshot holds cards, tokens, what has been spent, payments, aliases, answers to idempotency keys, webhook
endpoints, what is due, fault rules and their counts, and where the clock stands. It holds test card numbers and the secrets of
webhook endpoints in plain text: the file is made for you alone (mode 0600). Messages that wait to be sent stay where they are.

Examples:
  standin snapshot save world.ndjson
  standin snapshot load world.ndjson --space test-7
  standin snapshot save --all server.ndjson";

#[derive(Debug, Subcommand)]
enum What {
    /// Write what the space holds, or the whole server, to a file.
    Save {
        /// The file. One that is there is replaced.
        file: PathBuf,
        /// Every space of the server, and not only the one.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Put what a file holds in place of the space, or of every space if it was saved with --all.
    Load {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        remote: Remote,
    },
}

impl Snapshot {
    pub(super) fn run(self) -> Result<(), Failed> {
        match self.what {
            What::Save { file, all, remote } => save(&file, all, &remote),
            What::Load { file, remote } => load(&file, &remote),
        }
    }
}

fn save(file: &Path, all: bool, remote: &Remote) -> Result<(), Failed> {
    let path = if all {
        "snapshot?of=server"
    } else {
        "snapshot"
    };
    let bytes = run(async {
        let answer = remote.send(Method::GET, path, None, LINES).await?;
        whole(answer).await
    })?;
    let named = |error: std::io::Error| format!("{}: {error}", file.display());
    write(file, &bytes).map_err(named)?;
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    say!(
        "saved {lines} lines to {}; it holds test card numbers and secrets, so only you can read it",
        file.display()
    )
}

/// Writes the file whole or not at all, for its owner alone.
fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut part| {
        part.write_all(bytes)?;
        part.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&beside, file));
    if moved.is_err() {
        let _it_may_not_be_there = std::fs::remove_file(&beside);
    }
    moved
}

fn load(file: &Path, remote: &Remote) -> Result<(), Failed> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let answer = run(async {
        let answer = remote
            .send_bytes(Method::POST, "snapshot", LINES, bytes.into(), JSON)
            .await;
        whole(answer.map_err(|why| format!("{}: {why}", file.display()))?).await
    })?;
    let answer = having(object(remote.server(), &answer)?, "loaded")?;
    for name in answer["loaded"].as_array().into_iter().flatten() {
        say!("loaded {}", name.as_str().unwrap_or_default())?;
    }
    Ok(())
}
