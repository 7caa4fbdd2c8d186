//! What travels in envelopes between an orchestrator and its token service.

use cucumber::{given, when};

use super::super::binding::pointer;
use super::super::broken::{Broken, Held};
use super::super::orchestrator::OrchestratorKeys;
use super::super::world::World;

/// The keys are asked for as whoever configures the orchestrator would; asking is nobody's evidence, and they stand in no
/// report.
#[given(expr = "the orchestrator is configured with the keys of the token service")]
async fn configured(world: &mut World) -> Held {
    let evidence = world.talk.exchanges.len();
    let document = world.talk.control("GET", "/keys/token-service", None).await;
    world.talk.exchanges.truncate(evidence);
    let keys = OrchestratorKeys::read(&document?);
    world.orchestrator = Some(keys.map_err(Broken::Unready)?);
    Ok(())
}

#[given(expr = "{string} in the envelope at {string} is kept as {string}")]
fn given_keep(world: &mut World, inside: String, place: String, name: String) -> Held {
    keep(world, &inside, &place, name)
}

#[when(expr = "{string} in the envelope at {string} is kept as {string}")]
fn when_keep(world: &mut World, inside: String, place: String, name: String) -> Held {
    keep(world, &inside, &place, name)
}

fn keep(world: &mut World, inside: &str, place: &str, name: String) -> Held {
    let document = world.document()?;
    let sealed = pointer::at(&document, place).and_then(|sealed| sealed.as_str());
    let opened = sealed.and_then(|sealed| world.orchestrator.as_ref()?.open(sealed));
    let opened = opened
        .ok_or_else(|| Broken::wrong(format!("an envelope at {place}"), "none that opens"))?;
    let value = pointer::at(&opened, inside).cloned();
    let value =
        value.ok_or_else(|| Broken::wrong(format!("{inside} in the envelope"), "nothing there"))?;
    if let Some(secret) = value.as_str() {
        world.talk.secrets.learn(secret);
    }
    world.kept.insert(name, value);
    Ok(())
}
