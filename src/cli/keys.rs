//! `standin keys`, and reading the folder that it writes.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::config_args::AccountsArg;
use super::out::{Failed, say};
use crate::clock::Source;
use crate::domain::account::Accounts;
use crate::operations::OnFirstUse;
use crate::operations::keyring::Origin;
use crate::operations::network_keys::NetworkKeys;
use crate::operations::network_keys::folder::{self, INDEX, KeyFile};
use crate::seed::Seed;

/// The arguments of `standin keys`.
#[derive(Debug, Args)]
pub(super) struct Keys {
    /// The folder to write to. One that has a keys.json already gets what it lacks.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Derive the keys as a server with this seed and a manual clock does; else they come from the machine's randomness.
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    #[command(flatten)]
    accounts: AccountsArg,
}

/// Where the keys of a server come from.
pub(super) fn origin(clock: Source, seed: &str) -> Origin {
    match clock {
        Source::Manual(_) => Origin::Seed(Seed::from_text(seed)),
        Source::Machine => Origin::Machine,
    }
}

/// Reads a folder of keys.
pub(super) fn read(
    folder: &Path,
    origin: &Origin,
    accounts: &OnFirstUse<Accounts>,
) -> Result<NetworkKeys, String> {
    let path = folder.join(INDEX);
    let index = std::fs::read_to_string(&path)
        .map_err(|error| format!("--keys {}: {error}", path.display()))?;
    folder::read(&index, file_in(folder), origin, accounts)
        .map_err(|error| format!("--keys {}: {error}", folder.display()))
}

fn file_in(folder: &Path) -> impl Fn(&str) -> Result<Vec<u8>, String> {
    move |name| std::fs::read(folder.join(name)).map_err(|error| error.to_string())
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Failed> {
        let origin = match &self.seed {
            Some(seed) => Origin::Seed(Seed::from_text(seed)),
            None => Origin::Machine,
        };
        let accounts = self.accounts.accounts()?;
        let shown = self.dir.display();
        std::fs::create_dir_all(&self.dir).map_err(|error| format!("--dir {shown}: {error}"))?;
        let path = self.dir.join(INDEX);
        let index = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(format!("{}: {error}", path.display()).into()),
        };
        let missing = folder::complete(index.as_deref(), file_in(&self.dir), &origin, &accounts)
            .map_err(|error| format!("--dir {shown}: {error}"))?;
        for file in &missing {
            let path = self.dir.join(&file.name);
            // Only the index is written again; whatever else lies there under one of our names is somebody's key.
            if file.name != INDEX && path.exists() {
                return Err(format!("{} is there already", path.display()).into());
            }
        }
        for file in &missing {
            let path = self.dir.join(&file.name);
            write(&path, file).map_err(|error| format!("{}: {error}", path.display()))?;
            say!("{}", path.display())?;
        }
        if missing.is_empty() {
            say!("{} lacks nothing", path.display())?;
        }
        Ok(())
    }
}

/// Writes a file that is never readable by others, not even for a moment, when it is secret.
pub(super) fn write(path: &Path, file: &KeyFile) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let mode = if file.is_secret { 0o600 } else { 0o644 };
        options.mode(mode);
        // The mode is for a new file; an index that was there keeps its own otherwise.
        if file.is_secret && path.exists() {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
        }
    }
    options.open(path)?.write_all(&file.bytes)
}
