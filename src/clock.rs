//! The only place that reads the machine's clock; everybody else is handed a [`Moment`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::domain::moment::Moment;

/// Where a clock gets its time from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The machine's time, plus whatever it has been moved by.
    Machine,
    /// Stands still at this instant until it is moved.
    Manual(Moment),
}

/// Where a manual clock stands when nobody says otherwise: 2026-01-01T00:00:00Z.
pub const MANUAL_START: Moment = Moment::from_seconds(1_767_225_600);

/// The time of one space.
#[derive(Debug)]
pub struct Clock {
    source: Source,
    moved_micros: AtomicI64,
}

impl Clock {
    pub const fn new(source: Source) -> Self {
        Self {
            source,
            moved_micros: AtomicI64::new(0),
        }
    }

    pub fn now(&self) -> Moment {
        let moved = self.moved_micros.load(Ordering::Acquire);
        Moment::from_micros(self.base().micros().saturating_add(moved))
    }

    pub const fn source(&self) -> Source {
        self.source
    }

    /// How far it has been moved.
    pub fn moved_micros(&self) -> i64 {
        self.moved_micros.load(Ordering::Acquire)
    }

    /// Moves it back to where it was, or to where an earlier process had moved it.
    pub fn restore(&self, moved_micros: i64) {
        self.moved_micros.store(moved_micros, Ordering::Release);
    }

    /// Whether time passes by itself.
    pub const fn is_real(&self) -> bool {
        matches!(self.source, Source::Machine)
    }

    /// Moves the clock forward and says where it stands then.
    pub fn advance(&self, span: Duration) -> Moment {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        let add = |moved: i64| Some(moved.saturating_add(micros));
        let _previous = self
            .moved_micros
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, add);
        self.now()
    }

    /// Puts the clock at an instant, backwards too.
    pub fn set(&self, to: Moment) -> Moment {
        self.moved_micros.store(
            to.micros().saturating_sub(self.base().micros()),
            Ordering::Release,
        );
        self.now()
    }

    fn base(&self) -> Moment {
        match self.source {
            Source::Machine => machine_now(),
            Source::Manual(start) => start,
        }
    }
}

/// The machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that may read the clock"
)]
pub fn machine_now() -> Moment {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since_epoch.map_or(0, |span| span.as_micros());
    Moment::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_when_told() {
        let clock = Clock::new(Source::Manual(MANUAL_START));
        assert_eq!(clock.now().rfc3339(), "2026-01-01T00:00:00Z");
        assert_eq!(
            clock.advance(Duration::from_secs(86_400)).rfc3339(),
            "2026-01-02T00:00:00Z"
        );
        let earlier = Moment::parse("2023-05-15T12:30:45Z").unwrap();
        assert_eq!(clock.set(earlier), earlier);
        assert_eq!(clock.now(), earlier);
    }

    #[test]
    fn the_machine_s_clock_can_be_moved_too() {
        let clock = Clock::new(Source::Machine);
        let before = machine_now();
        clock.advance(Duration::from_secs(3_600));
        assert!(clock.now() >= before.plus(Duration::from_secs(3_600)));
    }
}
