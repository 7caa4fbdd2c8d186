//! Instants and spans as plain numbers. Nothing here reads a clock: a [`Moment`] is always handed in.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use serde::{Deserialize, Serialize};

/// An instant, in microseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment(i64);

/// The text was not an RFC 3339 instant between the years 1970 and 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an instant such as 2026-01-31T12:00:00Z")]
pub struct NotAMoment(pub String);

const SECONDS_LENGTH: usize = "2026-01-31T12:00:00".len();
const MICROS_LENGTH: usize = SECONDS_LENGTH + ".123456".len();
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

    /// Reads RFC 3339. What lies beyond the last instant of 9999 somewhere on earth is that instant.
    pub fn parse(text: &str) -> Result<Self, NotAMoment> {
        let stamp = text.parse::<Timestamp>().map(Timestamp::as_microsecond);
        let micros = stamp.ok().or_else(|| at_the_end(text));
        let micros = micros.ok_or_else(|| NotAMoment(text.to_owned()))?;
        if micros < 0 {
            return Err(NotAMoment(text.to_owned()));
        }
        Ok(Self::from_micros(micros))
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

    /// The day since 1970-01-01, and the second of that day. 32 bits hold both of every moment, and dividing in them takes half
    /// of what it takes in 64.
    fn day_and_second(self) -> (u32, u32) {
        let seconds = self.seconds();
        let narrow = |number: i64| u32::try_from(number).unwrap_or_default();
        (narrow(seconds / 86_400), narrow(seconds % 86_400))
    }

    /// Calendar year and month in UTC.
    pub fn year_month(self) -> (u16, u8) {
        let (year, month, _) = civil(self.day_and_second().0);
        (
            u16::try_from(year).unwrap_or(1970),
            u8::try_from(month).unwrap_or(1),
        )
    }

    /// `2026-01-31T12:00:00Z`, as most surfaces write an instant.
    pub fn rfc3339(self) -> String {
        let mut text = Vec::with_capacity(SECONDS_LENGTH + 1);
        self.write_seconds(&mut text);
        text.push(b'Z');
        // All of it is ASCII.
        String::from_utf8(text).unwrap_or_default()
    }

    /// `2026-01-31T12:00:00.123456Z`.
    pub fn rfc3339_micros(self) -> String {
        let mut text = Vec::with_capacity(MICROS_LENGTH + 1);
        self.write_micros(&mut text);
        text.push(b'Z');
        String::from_utf8(text).unwrap_or_default()
    }

    /// Appends `2026-01-31T12:00:00`, without a zone. A document has several of these, and a general printer makes each dearer
    /// than the rest of its line, so this one only knows the years from 1970 to 9999.
    pub fn write_seconds(self, text: &mut Vec<u8>) {
        let (day, of_day) = self.day_and_second();
        let (year, month, day) = civil(day);
        let mut shown = *b"0000-00-00T00:00:00";
        for (at, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, month),
            (8, day),
            (11, of_day / 3_600),
            (14, of_day / 60 % 60),
            (17, of_day % 60),
        ] {
            two_digits(&mut shown, at, number);
        }
        text.extend_from_slice(&shown);
    }

    /// Appends `2026-01-31T12:00:00.123456`, without a zone.
    pub fn write_micros(self, text: &mut Vec<u8>) {
        self.write_seconds(text);
        let micros = u32::try_from(self.0 % 1_000_000).unwrap_or_default();
        let mut shown = *b".000000";
        for (at, number) in [
            (1, micros / 10_000),
            (3, micros / 100 % 100),
            (5, micros % 100),
        ] {
            two_digits(&mut shown, at, number);
        }
        text.extend_from_slice(&shown);
    }
}

/// The library's instants end some hours before the year 9999 does, so that every zone can show them. "Never" is often written
/// as the year's last second, which is an instant as good as any.
fn at_the_end(text: &str) -> Option<i64> {
    let pieces = Pieces::parse(text).ok()?;
    let zone = i64::from(pieces.to_numeric_offset()?.seconds());
    let there = pieces.date().to_datetime(pieces.time()?);
    let since = there.duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0));
    let micros = i64::try_from(since.as_micros()).ok()?;
    Some(micros.saturating_sub(zone.saturating_mul(1_000_000)))
}

/// Year, month and day of a day since 1970-01-01, in the Gregorian calendar. Years are counted from the first of March, so
/// that the leap day is the last of a year, and in eras of 400 years, which are all of one length.
const fn civil(days: u32) -> (u32, u32, u32) {
    const ERA: u32 = 146_097;
    let days = days + 719_468;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month, day)
}

/// The two digits of every number below a hundred.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        // Both are digits, so they fit.
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Puts a number below a hundred at a place.
#[inline(always)]
fn two_digits(text: &mut [u8], at: usize, number: u32) {
    let pair = PAIRS.get(number as usize);
    text[at..at + 2].copy_from_slice(pair.unwrap_or(b"00"));
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

    /// RFC 3339, section 5.6: years have four digits, so 9999 ends the calendar, in whichever zone.
    #[test]
    fn the_end_of_the_calendar_is_an_instant_and_nothing_lies_beyond_it() {
        let end = Moment::from_micros(i64::MAX);
        assert_eq!(end.rfc3339_micros(), "9999-12-31T23:59:59.999999Z");
        for (text, want) in [
            ("9999-12-30T21:59:59Z", "9999-12-30T21:59:59Z"),
            ("9999-12-30T22:00:01Z", "9999-12-30T22:00:01Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59Z"),
            ("9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59Z"),
            ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(moment.rfc3339(), want, "{text}");
            assert!(moment <= end, "{text}");
        }
        let far = std::time::Duration::MAX;
        assert_eq!(Moment::EPOCH.plus(far), end);
        assert_eq!(end.plus(far), end);
        assert_eq!(Moment::from_seconds(i64::MAX), end);
        assert_eq!(end.minus(far), Moment::EPOCH);
        assert_eq!(end.year_month(), (9999, 12));
        assert!(Moment::parse("10000-01-01T00:00:00Z").is_err());
        assert!(Moment::parse("+010000-01-01T00:00:00Z").is_err());
    }

    proptest::proptest! {
        /// The calendar is a library's; ours is only faster. It ends a little earlier than ours.
        #[test]
        fn the_calendar_is_that_of_the_library(micros in 0..=253_402_207_200_000_000_i64) {
            let moment = Moment::from_micros(micros);
            let stamp = Timestamp::from_microsecond(micros).unwrap();
            proptest::prop_assert_eq!(moment.rfc3339(), format!("{stamp:.0}"));
            proptest::prop_assert_eq!(moment.rfc3339_micros(), format!("{stamp:.6}"));
            let zoned = stamp.to_zoned(jiff::tz::TimeZone::UTC);
            let (year, month) = moment.year_month();
            proptest::prop_assert_eq!((i64::from(year), i64::from(month)), (zoned.year().into(), zoned.month().into()));
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_the_librarys() {
        let mut day = jiff::civil::date(1970, 1, 1);
        for days in 0..146_097 {
            let known: [i16; 3] = [day.year(), day.month().into(), day.day().into()];
            let (year, month, of_month) = civil(days);
            let counted = [year, month, of_month].map(i64::from);
            assert_eq!(counted, known.map(i64::from), "{days}");
            day = day.tomorrow().unwrap();
        }
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
