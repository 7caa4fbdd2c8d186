//! Trouble that a scenario asks for: a fault rule, in the words of `standin fault add`, armed at the target's control plane.

use cucumber::given;
use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::world::World;

#[given(expr = "the fault {string} is armed")]
async fn arm(world: &mut World, rule: String) -> Held {
    let body = json!({ "text": rule });
    let armed = world.talk.control("POST", "/faults", Some(body)).await?;
    let name = armed.pointer("/armed/0").and_then(Value::as_str);
    let name = name
        .ok_or_else(|| Broken::Unready("the fault was armed without a name".to_owned()))?
        .to_owned();
    world.armed.push(name);
    Ok(())
}
