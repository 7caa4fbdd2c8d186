//! Arming fault rules, and seeing what they have done.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::caller::{Caller, json};
use super::errors::ControlError;
use super::reading::body;
use crate::domain::words::{nearest, unknown};
use crate::faults::choose::{Armed, RuleSet};
use crate::faults::fault::FAMILIES;
use crate::faults::file::FaultFile;
use crate::faults::rule::{MEMBERS, Rule};
use crate::operations::space_state::change_rules;

const NO_SUCH_RULE: ControlError = ControlError::NoSuch(
    "fault_unknown",
    "no rule of this name is armed; GET /_standin/faults lists them",
);

/// Every armed rule in the order in which they were armed, and the presets that could be.
pub(super) async fn list(Caller(call): Caller) -> Response {
    let now = call.space.clock.now();
    let set = call.space.faults.read();
    let rules: Vec<_> = set
        .iter()
        .filter(|armed| !armed.is_over(now))
        .map(shown)
        .collect();
    let presets: Vec<_> = FaultFile::presets().collect();
    json(&object!({ "rules": rules, "presets": presets }))
}

/// Every kind of fault, how it is written, and an example of each.
pub(super) async fn kinds() -> Response {
    let families = FAMILIES.iter().flat_map(|family| {
        let kinds = family.kinds.iter();
        kinds.map(|kind| {
            let parameters = kind.parameters.iter().map(|parameter| {
                object!({
                    "name": parameter.name,
                    "about": parameter.about,
                    "default": parameter.default,
                })
            });
            object!({
                "kind": kind.word,
                "family": family.word,
                "about": kind.about,
                "example": kind.example,
                "parameters": parameters.collect::<Vec<_>>(),
            })
        })
    });
    json(&object!({ "kinds": families.collect::<Vec<_>>() }))
}

pub(super) async fn read(
    Caller(call): Caller,
    Path(name): Path<String>,
) -> Result<Response, ControlError> {
    let set = call.space.faults.read();
    Ok(json(&shown(set.get(&name).ok_or(NO_SUCH_RULE)?)))
}

/// Arms one rule, written as an object or as `{"text": …}`, or all rules of `{"preset": …}`. Either all are armed or none.
pub(super) async fn arm(Caller(call): Caller, bytes: Bytes) -> Result<Response, ControlError> {
    let rules = asked(body(&bytes)?)?;
    let now = call.space.clock.now();
    let mut names: Vec<String> = Vec::new();
    let armed = change_rules(&call.space, |set| {
        names.clear();
        for rule in &rules {
            match set.arm(rule.clone(), now) {
                Ok(name) => names.push(name.to_string()),
                Err(error) => {
                    disarm_all(set, &names);
                    return Err(ControlError::NotArmed(error));
                }
            }
        }
        Ok(())
    });
    match armed.await {
        Ok(armed) => armed?,
        Err(away) => {
            call.space.faults.change(|set| disarm_all(set, &names));
            return Err(away.into());
        }
    }
    let mut response = json(&object!({ "armed": names }));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

fn disarm_all(set: &mut RuleSet, names: &[String]) {
    for name in names {
        set.disarm(name);
    }
}

fn asked(value: Value) -> Result<Vec<Rule>, ControlError> {
    let only = |member: &str| -> Result<Option<String>, ControlError> {
        match (value.get(member), value.as_object().map_or(0, |o| o.len())) {
            (None, _) => Ok(None),
            (Some(Value::String(text)), 1) => Ok(Some(text.clone())),
            (Some(_), _) => Err(ControlError::BodyAt(
                member.to_owned(),
                "must be a text, and stand alone".to_owned(),
            )),
        }
    };
    let names = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    for name in names.filter(|name| !["text", "preset"].contains(&name.as_str())) {
        // A slip of one of these two is no member of a rule.
        let known: Vec<_> = MEMBERS.into_iter().chain(["text", "preset"]).collect();
        if matches!(nearest(name, &known), Some("text" | "preset")) {
            return Err(ControlError::BodyAt(name.clone(), unknown(name, &known)));
        }
    }
    if let Some(text) = only("text")? {
        return Ok(vec![Rule::from_text(&text).map_err(ControlError::Rule)?]);
    }
    if let Some(name) = only("preset")? {
        return Ok(FaultFile::preset(&name).map_err(ControlError::Rule)?.rules);
    }
    Ok(vec![Rule::read(value).map_err(ControlError::Rule)?])
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    on: Option<bool>,
}

/// Has a rule looked at or not. It keeps its name and its counters.
pub(super) async fn turn(
    Caller(call): Caller,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let Turn { on } = body(&bytes)?;
    let on = on.ok_or_else(|| ControlError::Member("on", "is required".to_owned()))?;
    let shown = change_rules(&call.space, |set| set.turn(&name, on).map(shown)).await?;
    let shown = shown.ok_or(NO_SUCH_RULE)?;
    Ok(json(&shown))
}

pub(super) async fn disarm(
    Caller(call): Caller,
    Path(name): Path<String>,
) -> Result<Response, ControlError> {
    let gone = change_rules(&call.space, |set| set.disarm(&name)).await?;
    gone.ok_or(NO_SUCH_RULE)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn clear(Caller(call): Caller) -> Result<Response, ControlError> {
    change_rules(&call.space, RuleSet::clear).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn shown(armed: &Armed) -> Value {
    let rule = armed.rule.masked();
    object!({
        "name": armed.name.as_ref(),
        "text": rule.to_string(),
        "rule": rule,
        "on": armed.on,
        "decided_at": armed.rule.stage().word(),
        "armed_at": armed.since.rfc3339_micros(),
        "armed_until": armed.until().map(|until| until.rfc3339_micros()),
        "matched": armed.matched(),
        "fired": armed.fired(),
    })
}
