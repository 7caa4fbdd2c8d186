//! `standin vectors`: packs of signed and sealed things, right and wrong, for the tests of other programs.

use std::path::PathBuf;

use clap::Args;

use super::out::{Failed, say};
use crate::vectors;

/// Write packs of test vectors: signed requests, sealed payloads and webhook messages, right and wrong, each with its reason.
///
/// They are plain JSON with the keys inside, a README and a JSON Schema, and can be used without this program.
#[derive(Debug, Args)]
pub(super) struct Vectors {
    /// The folder to write to. Files of these names in it are written anew.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// What keys and chance are derived from. The same seed gives the same bytes.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    seed: String,
}

impl Vectors {
    pub(super) fn run(self) -> Result<(), Failed> {
        let shown = self.dir.display();
        let files = vectors::files(&self.seed).map_err(|error| error.to_string())?;
        std::fs::create_dir_all(&self.dir).map_err(|error| format!("--dir {shown}: {error}"))?;
        for file in &files {
            let path = self.dir.join(&file.name);
            std::fs::write(&path, &file.text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            match file.cases {
                Some(cases) => say!("{}: {cases} cases", path.display())?,
                None => say!("{}", path.display())?,
            }
        }
        Ok(())
    }
}
