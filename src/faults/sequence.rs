//! Faults with a story: they change from one request to the next, or as time goes by, and end by themselves.

use std::time::Duration;

use serde::Serialize;

use super::answer::Answer;
use super::facts::Stage;
use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::read::{Fields, RuleError, Wait};
use super::stages::{Length, Phase, read_stages, staged};
use crate::limits::RETRY_AFTER_MAX;

/// A fault that is not the same each time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sequence {
    /// The first `after` requests with one idempotency key fail, and then it works.
    Recover { after: u32, with: Plain },
    /// More than `limit` requests of one client within `window` get 429 and are told when the next window begins.
    Quota { limit: u32, window: Wait },
    /// Begins `starts_in` after the rule was armed, is over after `lasts`, and comes again `every` so often.
    Outage {
        starts_in: Wait,
        lasts: Wait,
        #[serde(skip_serializing_if = "Option::is_none")]
        every: Option<Wait>,
        /// 503 with the rest of the outage in Retry-After, unless something else is asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        with: Option<Plain>,
    },
    /// One phase after another, and then nothing: degrade, fail, recover.
    Stages { stages: Vec<Phase> },
}

/// What a sequence looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occasion {
    /// Which request with its key it is, from 1; for a quota, within the window.
    pub(super) count: u64,
    pub(super) since_armed: Duration,
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "recover",
        about: "the first requests with one idempotency key fail, and then it works",
        parameters: &[
            Parameter::required("after", Takes::Number, "how many fail"),
            Parameter::optional("with", Takes::Fault, "how they fail", "status 503"),
        ],
        example: "recover 2 with lost_after_commit",
        read: |fields| {
            let (after, with) = (fields.positive("after")?, with(fields)?);
            Ok(Fault::Sequence(Sequence::Recover {
                after,
                with: with.unwrap_or(unavailable(None)),
            }))
        },
    },
    Kind {
        word: "quota",
        about: "a client that asks too often gets 429 and Retry-After",
        parameters: &[
            Parameter::required("limit", Takes::Number, "requests of one client in a window"),
            Parameter::optional("window", Takes::Wait, "how long a window is", "1 minute"),
        ],
        example: "quota 10 window=1s",
        read: |fields| {
            let limit: u32 = fields.need("limit")?;
            let window = fields.or("window", Wait::millis(60_000))?;
            if window.0.is_zero() {
                return Err(fields.problem("window", "must be more than 0"));
            }
            Ok(Fault::Sequence(Sequence::Quota { limit, window }))
        },
    },
    Kind {
        word: "outage",
        about: "nothing works for a while; the clock decides",
        parameters: &[
            Parameter::required("lasts", Takes::Wait, "how long"),
            Parameter::optional(
                "starts_in",
                Takes::Wait,
                "how long after the rule is armed",
                "at once",
            ),
            Parameter::optional(
                "every",
                Takes::Wait,
                "how long from one to the next",
                "it comes once",
            ),
            Parameter::optional(
                "with",
                Takes::Fault,
                "how it fails",
                "status 503 and Retry-After",
            ),
        ],
        example: "outage 30s starts_in=10s every=5m with silence 10s",
        read: outage,
    },
    Kind {
        word: "stages",
        about: "one phase after another, and then nothing: degrade, fail, recover",
        parameters: &[Parameter::required(
            "stages",
            Takes::Phases,
            "phases of so many requests or so long, each with a fault or with none",
        )],
        example: "stages 20 delay 300ms then 10 status 503 then 5 ok",
        read: |fields| {
            Ok(Fault::Sequence(Sequence::Stages {
                stages: read_stages(fields)?,
            }))
        },
    },
];

fn outage(fields: &mut Fields) -> Result<Fault, RuleError> {
    let lasts: Wait = fields.need("lasts")?;
    let starts_in = fields.or("starts_in", Wait::default())?;
    let every: Option<Wait> = fields.get("every")?;
    if lasts.0.is_zero() {
        return Err(fields.problem("lasts", "must be more than 0"));
    }
    if every.is_some_and(|every| every <= lasts) {
        return Err(fields.problem("every", "must be longer than lasts"));
    }
    let with = with(fields)?;
    Ok(Fault::Sequence(Sequence::Outage {
        starts_in,
        lasts,
        every,
        with,
    }))
}

fn with(fields: &mut Fields) -> Result<Option<Plain>, RuleError> {
    let with = fields.take("with");
    with.map(|with| Plain::read(&fields.inside("with"), with))
        .transpose()
}

const fn unavailable(retry_after: Option<Wait>) -> Plain {
    Plain::Answer(Answer::Status {
        status: 503,
        retry_after,
    })
}

impl Sequence {
    pub(super) fn stage(&self) -> Stage {
        match self {
            Self::Recover { with, .. } => with.stage(),
            Self::Quota { .. } => Stage::Arrival,
            Self::Outage { with, .. } => with.as_ref().map_or(Stage::Arrival, Plain::stage),
            Self::Stages { stages } => {
                let plain = stages.iter().filter_map(|phase| phase.fault.as_ref());
                plain.map(Plain::stage).max().unwrap_or(Stage::Arrival)
            }
        }
    }

    /// The faults inside.
    pub(super) fn parts(&self) -> Vec<&Plain> {
        match self {
            Self::Recover { with, .. } => vec![with],
            Self::Quota { .. } => Vec::new(),
            Self::Outage { with, .. } => with.iter().collect(),
            Self::Stages { stages } => stages.iter().filter_map(|one| one.fault.as_ref()).collect(),
        }
    }

    /// Whether it matters which request it is.
    pub(super) fn counts(&self) -> bool {
        match self {
            Self::Recover { .. } | Self::Quota { .. } => true,
            Self::Outage { .. } => false,
            Self::Stages { stages } => stages
                .iter()
                .any(|phase| matches!(phase.length, Length::Requests(_))),
        }
    }

    /// In which window the counting takes place: it begins again in the next.
    pub(super) fn era(&self, since_armed: Duration) -> u64 {
        match self {
            Self::Quota { window, .. } => windows(since_armed, window.0).0,
            Self::Recover { .. } | Self::Outage { .. } | Self::Stages { .. } => 0,
        }
    }

    /// The fault of this occasion, or why there is none.
    pub(super) fn at(&self, occasion: Occasion) -> Result<Plain, String> {
        let Occasion { count, since_armed } = occasion;
        match self {
            Self::Recover { after, with } if count <= u64::from(*after) => Ok(with.clone()),
            Self::Recover { after, .. } => Err(format!("recovered after {after} of {count}")),
            Self::Quota { limit, window } if count > u64::from(*limit) => {
                let left = windows(since_armed, window.0).1;
                let retry_after = Some(told(left));
                Ok(Plain::Answer(Answer::Status {
                    status: 429,
                    retry_after,
                }))
            }
            Self::Quota { limit, .. } => Err(format!("{count} of {limit} allowed in this window")),
            Self::Outage {
                starts_in,
                lasts,
                every,
                with,
            } => {
                let Some(into) = since_armed.checked_sub(starts_in.0) else {
                    return Err("the outage has not begun".to_owned());
                };
                let into = every.map_or(into, |every| {
                    every.0.saturating_sub(windows(into, every.0).1)
                });
                match lasts.0.checked_sub(into) {
                    Some(left) if !left.is_zero() => {
                        Ok(with.clone().unwrap_or(unavailable(Some(told(left)))))
                    }
                    Some(_) | None => Err("the outage is over".to_owned()),
                }
            }
            Self::Stages { stages } => staged(stages, occasion),
        }
    }
}

/// The number of the window in which `since` falls, and what is left of it.
fn windows(since: Duration, window: Duration) -> (u64, Duration) {
    let (since, window) = (since.as_micros(), window.as_micros().max(1));
    let left = u64::try_from(window - since % window).unwrap_or(u64::MAX);
    (
        u64::try_from(since / window).unwrap_or(u64::MAX),
        Duration::from_micros(left),
    )
}

/// How long a client is asked to stay away that would have to for so long: whole milliseconds, rounded up, so that nobody is
/// told to come back too early, and a day at most, after which it asks again.
fn told(left: Duration) -> Wait {
    let left = left.min(RETRY_AFTER_MAX);
    Wait::millis(u64::try_from(left.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(sequence: &Sequence, occasions: &[(u64, u64)]) -> Vec<String> {
        let tell = |(count, millis): &(u64, u64)| {
            let since_armed = Duration::from_millis(*millis);
            match sequence.at(Occasion {
                count: *count,
                since_armed,
            }) {
                Ok(plain) => serde_json::to_string(&plain).unwrap(),
                Err(why) => why,
            }
        };
        occasions.iter().map(tell).collect()
    }

    #[test]
    fn a_quota_counts_within_a_window_and_says_when_the_next_one_begins() {
        let quota = Sequence::Quota {
            limit: 2,
            window: Wait::millis(1_000),
        };
        assert_eq!(quota.era(Duration::from_millis(999)), 0);
        assert_eq!(quota.era(Duration::from_millis(1_000)), 1);
        assert_eq!(
            story(&quota, &[(2, 0), (3, 400), (3, 1_999)]),
            [
                "2 of 2 allowed in this window",
                r#"{"kind":"status","status":429,"retry_after":600}"#,
                r#"{"kind":"status","status":429,"retry_after":1}"#,
            ]
        );
    }

    #[test]
    fn an_outage_begins_ends_and_comes_again() {
        let outage = Sequence::Outage {
            starts_in: Wait::millis(1_000),
            lasts: Wait::millis(500),
            every: Some(Wait::millis(2_000)),
            with: None,
        };
        assert_eq!(
            story(
                &outage,
                &[(1, 999), (1, 1_000), (1, 1_499), (1, 1_500), (1, 3_100)]
            ),
            [
                "the outage has not begun",
                r#"{"kind":"status","status":503,"retry_after":500}"#,
                r#"{"kind":"status","status":503,"retry_after":1}"#,
                "the outage is over",
                r#"{"kind":"status","status":503,"retry_after":400}"#,
            ]
        );
    }

    /// A month of outage or of waiting for the next window is told a day at a time.
    #[test]
    fn nobody_is_asked_to_stay_away_for_longer_than_a_day() {
        let month = Wait(Duration::from_secs(30 * 24 * 60 * 60));
        let outage = Sequence::Outage {
            starts_in: Wait::default(),
            lasts: month,
            every: None,
            with: None,
        };
        let quota = Sequence::Quota {
            limit: 1,
            window: month,
        };
        let day =
            |status| format!(r#"{{"kind":"status","status":{status},"retry_after":86400000}}"#);
        assert_eq!(story(&outage, &[(1, 0)]), [day(503)]);
        assert_eq!(story(&quota, &[(2, 0)]), [day(429)]);
    }

    #[test]
    fn stages_follow_one_another_by_count_or_by_time() {
        let phase = |length, fault| Phase { length, fault };
        let down = || Some(unavailable(None));
        let (two, one) = (Length::Requests(2), Length::Requests(1));
        let counted = Sequence::Stages {
            stages: vec![phase(two, None), phase(one, down())],
        };
        assert_eq!(
            story(&counted, &[(2, 0), (3, 0), (4, 0)]),
            [
                "stage 1 of 2 is without a fault",
                r#"{"kind":"status","status":503}"#,
                "all 2 stages are over"
            ]
        );
        let second = Length::Ms(Wait::millis(1_000));
        let timed = Sequence::Stages {
            stages: vec![phase(second, down()), phase(second, None)],
        };
        assert!(!timed.counts() && counted.counts());
        assert_eq!(
            story(&timed, &[(9, 999), (1, 1_000), (1, 2_000)]),
            [
                r#"{"kind":"status","status":503}"#,
                "stage 2 of 2 is without a fault",
                "all 2 stages are over"
            ]
        );
    }
}
