//! The folder in which a server keeps its state.

use std::path::Path;

use crate::crypto::encoding::hex;
use crate::operations::keyring::Origin;
use crate::seed::{Purpose, Seed};
use crate::store::{Durability, Engine, FileEngine};

/// Opens a folder, or makes it, for a server of this seed.
///
/// # Errors
/// A sentence that names the folder and says what to do.
pub fn open_folder(folder: &Path, durability: Durability, seed: &str) -> Result<Engine, String> {
    let problem = |why: String| format!("--data {}: {why}", folder.display());
    let name: [&[u8]; 0] = [];
    // Who reads the file does not learn the seed.
    let seed = hex(&Seed::from_text(seed).derive16(Purpose::StateFolder, &name));
    let secret = Origin::Machine.draw("data folder");
    let secret = hex(&secret.map_err(|error| problem(error.to_string()))?);
    let opened = FileEngine::open(folder, durability, &seed, &secret);
    opened
        .map(Engine::File)
        .map_err(|error| problem(error.to_string()))
}
