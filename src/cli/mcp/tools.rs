//! A tool is a row: what it is called, what it does and takes, and how it is done.

use std::fmt;
use std::future::ready;
use std::sync::{Arc, LazyLock};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::door::Door;
use super::{arguments, cards, faults, journal, judge, payments, space, tokens, webhooks};

/// What calling a tool does to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Reads,
    Adds,
    /// Something that was there is not there, or not as it was.
    Changes,
}

/// What a tool answers: a JSON object, or a sentence that says why not.
pub(super) type Told = Result<Value, String>;

type Done = Box<dyn Fn(Door, JsonObject) -> BoxFuture<'static, Told> + Send + Sync>;

/// What a tool takes that takes nothing but the space.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A tool.
pub(super) struct Row {
    pub(super) tool: Tool,
    done: Done,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Row").field(&self.tool.name).finish()
    }
}

/// The member that every tool takes.
pub(super) const SPACE: &str = "space";

impl Row {
    pub(super) fn new<A, F, R>(
        name: &'static str,
        about: &'static str,
        effect: Effect,
        act: F,
    ) -> Self
    where
        A: DeserializeOwned + JsonSchema + Send + 'static,
        F: Fn(Door, A) -> R + Send + Sync + 'static,
        R: Future<Output = Told> + Send + 'static,
    {
        let schema = Arc::new(schema::<A>());
        let hints = ToolAnnotations::new()
            .read_only(effect == Effect::Reads)
            .destructive(effect == Effect::Changes)
            .open_world(false);
        let tool = Tool::new(name, about, Arc::clone(&schema)).with_annotations(hints);
        let done = move |door: Door, given: JsonObject| match arguments::read::<A>(&schema, given) {
            Ok(read) => act(door, read).boxed(),
            Err(why) => ready(Err(why)).boxed(),
        };
        Self {
            tool,
            done: Box::new(done),
        }
    }

    /// Does it in the space that the arguments name.
    pub(super) async fn call(&self, door: &Door, mut given: JsonObject) -> Told {
        let door = match given.remove(SPACE) {
            None | Some(Value::Null) => door.clone(),
            Some(Value::String(space)) => door.in_space(&space)?,
            Some(_) => return Err(format!("{SPACE}: must be a string")),
        };
        (self.done)(door, given).await
    }
}

/// The JSON Schema of what a tool takes.
fn schema<A: JsonSchema>() -> JsonObject {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let root = settings.into_generator().into_root_schema_for::<A>();
    let Value::Object(mut object) = root.to_value() else {
        return JsonObject::new();
    };
    for noise in ["$schema", "title", "description"] {
        object.remove(noise);
    }
    let members = object.entry("properties").or_insert_with(|| json!({}));
    if let Some(members) = members.as_object_mut() {
        members.insert(
            SPACE.to_owned(),
            json!({
                "type": "string",
                "description": "The isolated world to act in, made on first use: letters, digits, '.', '_', '-'. \
                    Give each test its own. The default space when not given.",
            }),
        );
    }
    object
}

/// Every tool there is.
pub(super) static ALL: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for some in [
        cards::rows,
        tokens::rows,
        payments::rows,
        faults::rows,
        journal::rows,
        space::rows,
        webhooks::rows,
        judge::rows,
    ] {
        all.extend(some());
    }
    all
});
