//! Phases that follow one another: degrade, fail, recover. They are counted in requests or measured by the clock.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::fault::Plain;
use super::read::{Fields, RuleError, Wait};
use super::sequence::Occasion;
use crate::limits::FAULT_STAGES_MAX;

/// One phase of [`super::sequence::Sequence::Stages`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Phase {
    #[serde(flatten)]
    pub length: Length,
    /// None while all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Plain>,
}

/// How long a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    Requests(u32),
    Ms(Wait),
}

/// Reads the list of phases.
pub(super) fn read_stages(fields: &mut Fields) -> Result<Vec<Phase>, RuleError> {
    let place = fields.inside("stages");
    let Some(Value::Array(items)) = fields.take("stages") else {
        return Err(RuleError::at(place, "must be a list of phases"));
    };
    if items.is_empty() || items.len() > FAULT_STAGES_MAX {
        let problem = format!(
            "must have 1 to {FAULT_STAGES_MAX} phases, not {}",
            items.len()
        );
        return Err(RuleError::at(place, problem));
    }
    let phase = |(at, item)| phase(&format!("{place}.{at}"), item);
    let stages: Vec<Phase> = items
        .into_iter()
        .enumerate()
        .map(phase)
        .collect::<Result<_, _>>()?;
    let counted = stages
        .iter()
        .filter(|phase| matches!(phase.length, Length::Requests(_)))
        .count();
    if counted != 0 && counted != stages.len() {
        let problem = "must all be counted in requests or all last a time, not some of each";
        return Err(RuleError::at(place, problem));
    }
    if stages.iter().all(|phase| phase.fault.is_none()) {
        return Err(RuleError::at(place, "must have a phase with a fault"));
    }
    Ok(stages)
}

fn phase(place: &str, item: Value) -> Result<Phase, RuleError> {
    let mut fields = Fields::open(place, item, &["requests", "ms", "fault"])?;
    let length = match (fields.get::<u32>("requests")?, fields.get::<Wait>("ms")?) {
        (Some(requests @ 1..), None) => Length::Requests(requests),
        (None, Some(wait)) if !wait.0.is_zero() => Length::Ms(wait),
        _ => {
            return Err(RuleError::at(
                place,
                "needs either requests or ms, of at least 1",
            ));
        }
    };
    let fault = fields.take("fault");
    let fault = fault
        .map(|fault| Plain::read(&fields.inside("fault"), fault))
        .transpose()?;
    Ok(Phase { length, fault })
}

/// The fault of the phase in which the request falls, or why there is none.
pub(super) fn staged(
    stages: &[Phase],
    Occasion { count, since_armed }: Occasion,
) -> Result<Plain, String> {
    let (mut requests, mut time) = (0, Duration::ZERO);
    for (place, phase) in stages.iter().enumerate() {
        let inside = match phase.length {
            Length::Requests(more) => {
                requests += u64::from(more);
                count <= requests
            }
            Length::Ms(more) => {
                time += more.0;
                since_armed < time
            }
        };
        if inside {
            let well = || format!("stage {} of {} is without a fault", place + 1, stages.len());
            return phase.fault.clone().ok_or_else(well);
        }
    }
    Err(format!("all {} stages are over", stages.len()))
}
