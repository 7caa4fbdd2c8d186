//! Instants and spans as plain numbers. Nothing here reads a clock: a [`Moment`] is always handed in.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;

/// An instant, in microseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// The text was not an RFC 3339 instant between the years 1970 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an instant such as 2026-01-31T12:00:00Z")]
pub struct NotAMoment(pub String);

const SECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
const MICROSECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
const LATEST_MICROS: i64 = 253_402_300_799_999_999;

impl Moment {
    pub const EPOCH: Self = Self(0);

    /// From microseconds since the Unix epoch; values outside 1970 to 9999 are brought to the nearest end.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < 0 {
            Self(0)
        } else if micros > LATEST_MICROS {
            Self(LATEST_MICROS)
        } else {
            Self(micros)
        }
    }

    pub const fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, as signatures and JWTs count them.
    pub const fn seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    pub fn parse(text: &str) -> Result<Self, NotAMoment> {
        let stamp: Timestamp = text.parse().map_err(|_| NotAMoment(text.to_owned()))?;
        if (0..=LATEST_MICROS).contains(&stamp.as_microsecond()) {
            Ok(Self(stamp.as_microsecond()))
        } else {
            Err(NotAMoment(text.to_owned()))
        }
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// How long it is from `earlier` until this instant; zero when it is not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Calendar year and month in UTC.
    pub fn year_month(self) -> (u16, u8) {
        let zoned = self.timestamp().to_zoned(TimeZone::UTC);
        (
            u16::try_from(zoned.year()).unwrap_or(1970),
            u8::try_from(zoned.month()).unwrap_or(1),
        )
    }

    /// `2026-01-31T12:00:00Z`, as most surfaces write an instant.
    pub fn rfc3339(self) -> String {
        SECONDS.timestamp_to_string(&self.timestamp())
    }

    /// `2026-01-31T12:00:00.123456Z`.
    pub fn rfc3339_micros(self) -> String {
        MICROSECONDS.timestamp_to_string(&self.timestamp())
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339_micros())
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339_micros())
    }
}

/// The text was not an ISO 8601 span of days, hours, minutes and seconds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a span such as PT24H, PT90S, P1D or 250ms")]
pub struct NotASpan(pub String);

/// Reads `PT24H`, `P1DT12H`, `PT0.5S`, and the short forms `250ms`, `5s`, `2m`, `24h`, `7d`. Months and years are refused,
/// because their length depends on the day they start.
pub fn parse_span(text: &str) -> Result<Duration, NotASpan> {
    let refuse = || NotASpan(text.to_owned());
    let span: jiff::Span = text.parse().map_err(|_| refuse())?;
    if span.is_negative() || span.get_months() != 0 || span.get_years() != 0 {
        return Err(refuse());
    }
    let hours = jiff::SpanRelativeTo::days_are_24_hours();
    let exact = span.to_duration(hours).map_err(|_| refuse())?;
    Duration::try_from(exact).map_err(|_| refuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_the_surfaces_write_it() {
        let moment = Moment::parse("2025-07-24T04:13:51.428077Z").unwrap();
        assert_eq!(moment.rfc3339(), "2025-07-24T04:13:51Z");
        assert_eq!(moment.rfc3339_micros(), "2025-07-24T04:13:51.428077Z");
        assert_eq!(moment.year_month(), (2025, 7));
        assert_eq!(
            Moment::parse("2025-07-24T06:13:51.428077+02:00").unwrap(),
            moment
        );
    }

    #[test]
    fn what_is_not_an_instant_is_refused() {
        for text in [
            "",
            "yesterday",
            "2025-07-24",
            "1969-12-31T23:59:59Z",
            "2025-13-01T00:00:00Z",
        ] {
            assert_eq!(Moment::parse(text), Err(NotAMoment(text.to_owned())));
        }
    }

    #[test]
    fn spans() {
        assert_eq!(parse_span("PT24H").unwrap(), Duration::from_secs(86_400));
        assert_eq!(parse_span("P1D").unwrap(), Duration::from_secs(86_400));
        assert_eq!(parse_span("PT0.5S").unwrap(), Duration::from_millis(500));
        assert_eq!(parse_span("250ms").unwrap(), Duration::from_millis(250));
        for text in ["", "P1M", "-PT1H", "24", "soon"] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }
}
