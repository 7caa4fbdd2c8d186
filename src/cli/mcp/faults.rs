//! Failures that are armed.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::remote::part;
use super::door::Door;
use super::tools::{Effect, Nothing, Row, Told};
use crate::faults::fault::kinds;

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "list_fault_kinds",
            "Every kind of failure that arm_fault knows, each with what it does and an example: refusals, statuses, delays, \
             resets, replies that are lost before or after the commit, wrong cryptograms, webhooks that come twice, …",
            Effect::Reads,
            list_kinds,
        ),
        Row::new(
            "arm_fault",
            "Make requests fail. `rule` is one line: KIND [VALUE] [PARAMETER=VALUE …] [on FIELD=VALUE …] \
             [when CONDITION=VALUE …] [as NAME] [cap N] [ttl SPAN]. Examples: \
             `lost_after_commit on operation=provision when first=1 as lost`; `status 503 retry_after=2s when \
             probability=0.3`; `latency p50=120ms p99=900ms on surface=visa ttl 10m`; `refuse card_not_allowed on \
             last4=1111`. Or give `preset`, a mixture that comes with standin, such as slow_friday.",
            Effect::Adds,
            arm,
        ),
        Row::new(
            "list_faults",
            "The armed rules, how often each matched and fired, and the presets that could be armed.",
            Effect::Reads,
            list,
        ),
        Row::new(
            "disarm_fault",
            "Take a fault rule away by its name, or every rule of the space with `all`; what they have done stays in the journal.",
            Effect::Changes,
            disarm,
        ),
    ]
}

async fn list_kinds(_: Door, _: Nothing) -> Told {
    let all = kinds()
        .map(|kind| json!({ "kind": kind.word, "does": kind.about, "example": kind.example }));
    let all: Vec<Value> = all.collect();
    Ok(json!({ "kinds": all }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRule {
    /// The rule in one line.
    rule: Option<String>,
    /// A mixture that comes with standin: flaky_network, issuer_outage, slow_friday, lost_replies, webhook_storm, magic_values.
    preset: Option<String>,
}

async fn arm(door: Door, wanted: NewRule) -> Told {
    let body = match (wanted.rule, wanted.preset) {
        (Some(rule), None) => json!({ "text": rule }),
        (None, Some(preset)) => json!({ "preset": preset }),
        (None, None) | (Some(_), Some(_)) => {
            return Err("give rule or preset, and not both".to_owned());
        }
    };
    door.post("faults", &body).await
}

async fn list(door: Door, _: Nothing) -> Told {
    door.get("faults").await
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichRule {
    /// The name that arm_fault or list_faults answered.
    name: Option<String>,
    /// Every rule.
    all: Option<bool>,
}

async fn disarm(door: Door, wanted: WhichRule) -> Told {
    match (wanted.name, wanted.all.unwrap_or_default()) {
        (Some(name), false) => door.delete(&format!("faults/{}", part(&name))).await?,
        (None, true) => door.delete("faults").await?,
        (None, false) | (Some(_), true) => return Err("give name, or all as true".to_owned()),
    };
    door.get("faults").await
}
