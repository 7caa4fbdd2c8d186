//! What makes an answer late: a fixed delay, a drawn one, a stall that ends in silence, a body that drips.

use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_distr::{Distribution, LogNormal};
use serde::Serialize;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::read::Wait;
use crate::domain::vocabulary::{all_words, words};
use crate::limits::FAULT_HOLD_MAX;

/// A fault of timing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Time {
    Delay {
        ms: Wait,
    },
    Latency(Percentiles),
    /// Sends nothing more from here on, and closes the connection after `ms`.
    Stall {
        at: Place,
        ms: Wait,
    },
    /// From here on sends `bytes` at a time, with a pause of `every` between them.
    Drip {
        at: Place,
        bytes: u32,
        every: Wait,
    },
}

words! {
    /// How much of the answer has gone out when it slows down.
    pub enum Place {
        BeforeHeaders = "before_headers",
        AfterHeaders = "after_headers",
    }
}

/// A latency given by what people read off their graphs: half are below `p50`, 99 of 100 below `p99`, none above `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    pub p50: Wait,
    pub p99: Wait,
    pub max: Wait,
}

/// The 99th percentile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

impl Percentiles {
    /// Draws from the log-normal distribution that has this median and 99th percentile, cut off at `max`.
    pub fn draw(&self, generator: &mut ChaCha20Rng) -> Duration {
        let (median, p99) = (self.p50.0.as_secs_f64().ln(), self.p99.0.as_secs_f64().ln());
        let seconds = LogNormal::new(median, (p99 - median) / Z99)
            .map_or(self.p50.0.as_secs_f64(), |latency| {
                latency.sample(generator)
            });
        // Whole microseconds, so that the last bit of a logarithm on another machine makes no difference.
        let micros =
            Duration::try_from_secs_f64(seconds).map_or(u128::MAX, |wait| wait.as_micros());
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).min(self.max.0)
    }
}

const BEFORE_OR_AFTER: &str = "before_headers or after_headers";

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "delay",
        about: "the answer waits a fixed time",
        parameters: &[Parameter::required("ms", Takes::Wait, "how long")],
        example: "delay 500ms",
        read: |fields| {
            Ok(plain(Time::Delay {
                ms: fields.hold("ms", None)?,
            }))
        },
    },
    Kind {
        word: "latency",
        about: "the answer waits a time drawn from the log-normal distribution with these percentiles",
        parameters: &[
            Parameter::required("p50", Takes::Wait, "half of the answers take less"),
            Parameter::required("p99", Takes::Wait, "99 of 100 take less"),
            Parameter::optional("max", Takes::Wait, "none takes longer", "ten times p99"),
        ],
        example: "latency p50=120ms p99=900ms max=3s",
        read: |fields| {
            let (p50, p99) = (fields.hold("p50", None)?, fields.hold("p99", None)?);
            let ten_times = Wait((p99.0 * 10).min(FAULT_HOLD_MAX));
            let max = fields.hold("max", Some(ten_times))?;
            if p50.0.is_zero() {
                return Err(fields.problem("p50", "must be more than 0"));
            }
            if p99 < p50 || max < p99 {
                return Err(fields.problem("p99", "must lie between p50 and max"));
            }
            Ok(plain(Time::Latency(Percentiles { p50, p99, max })))
        },
    },
    Kind {
        word: "stall",
        about: "the answer stops; the connection stays open, and is closed after a while",
        parameters: &[
            Parameter::optional(
                "at",
                Takes::Word(all_words::<Place>),
                BEFORE_OR_AFTER,
                "before_headers",
            ),
            Parameter::optional(
                "ms",
                Takes::Wait,
                "when the connection is closed",
                "5 minutes",
            ),
        ],
        example: "stall at=after_headers ms=30s",
        read: |fields| {
            let ms = fields.hold("ms", Some(Wait(FAULT_HOLD_MAX)))?;
            Ok(plain(Time::Stall {
                at: fields.or("at", Place::BeforeHeaders)?,
                ms,
            }))
        },
    },
    Kind {
        word: "drip",
        about: "the answer comes a few bytes at a time",
        parameters: &[
            Parameter::optional("bytes", Takes::Number, "how many at a time", "1"),
            Parameter::optional("every", Takes::Wait, "how long between them", "100ms"),
            Parameter::optional(
                "at",
                Takes::Word(all_words::<Place>),
                BEFORE_OR_AFTER,
                "after_headers",
            ),
        ],
        example: "drip bytes=8 every=20ms at=before_headers",
        read: |fields| {
            let bytes = fields.bytes("bytes", 1)?;
            if bytes == 0 {
                return Err(fields.problem("bytes", "must be at least 1"));
            }
            let every = fields.hold("every", Some(Wait::millis(100)))?;
            Ok(plain(Time::Drip {
                at: fields.or("at", Place::AfterHeaders)?,
                bytes,
                every,
            }))
        },
    },
];

const fn plain(time: Time) -> Fault {
    Fault::Plain(Plain::Time(time))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// Twenty thousand draws: the shares below p50 and p99 must be what they are called, within four standard deviations.
    #[test]
    fn the_percentiles_are_what_they_say() {
        let asked = Percentiles {
            p50: Wait::millis(120),
            p99: Wait::millis(900),
            max: Wait::millis(3_000),
        };
        let mut generator = ChaCha20Rng::from_seed([7; 32]);
        let draws: Vec<Duration> = (0..20_000).map(|_| asked.draw(&mut generator)).collect();
        let below = |wait: Wait| draws.iter().filter(|draw| **draw < wait.0).count();
        assert!(
            (9_717..=10_283).contains(&below(asked.p50)),
            "{}",
            below(asked.p50)
        );
        assert!(
            (19_744..=19_856).contains(&below(asked.p99)),
            "{}",
            below(asked.p99)
        );
        assert!(draws.iter().all(|draw| *draw <= asked.max.0));
    }

    #[test]
    fn equal_percentiles_are_a_fixed_delay() {
        let one = Wait::millis(50);
        let asked = Percentiles {
            p50: one,
            p99: one,
            max: one,
        };
        assert_eq!(asked.draw(&mut ChaCha20Rng::from_seed([1; 32])), one.0);
    }
}
