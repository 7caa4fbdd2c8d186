//! The engine that several servers share their state in.

use crate::crypto::encoding::hex;
use crate::operations::keyring::Origin;
use crate::seed::{Purpose, Seed};
use crate::store::{Durability, Engine, SharedEngine};

/// Connects to a shared engine for a server of this seed.
///
/// # Errors
/// A sentence that names the engine and says what to do.
pub async fn open_shared(
    address: &str,
    durability: Durability,
    seed: &str,
) -> Result<Engine, String> {
    // An address may have a password in it.
    let shown = address.rsplit_once('@').map_or(address, |(_, host)| host);
    let problem = |why: String| format!("--store {shown}: {why}");
    let name: [&[u8]; 0] = [];
    // Who reads the engine does not learn the seed.
    let seed = hex(&Seed::from_text(seed).derive16(Purpose::StateFolder, &name));
    let draw = |what| {
        let drawn = Origin::Machine.draw(what);
        drawn
            .map(|bytes| hex(&bytes))
            .map_err(|error| problem(error.to_string()))
    };
    let (secret, mut replica) = (draw("shared engine")?, draw("replica")?);
    replica.truncate(16);
    let opened = SharedEngine::open(address, durability, &seed, &secret, &replica).await;
    let engine = opened.map_err(|error| problem(error.to_string()))?;
    for warning in engine.warnings() {
        tracing::warn!("--store {warning}");
    }
    Ok(Engine::Shared(engine))
}
