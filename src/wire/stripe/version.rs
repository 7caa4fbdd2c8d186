//! Which version of the API a client speaks. All are answered alike but for what an old one still had.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::errors::{Own, StripeError};
use crate::domain::moment::Moment;

pub(super) const HEADER: HeaderName = HeaderName::from_static("stripe-version");
/// That of a client which names none, as the account of a merchant would have it.
pub(super) const LATEST: &str = "2026-10-28.endive";
/// The first version that has a name behind its date (Stripe, versioning).
const FIRST_NAMED: &str = "2024-09-30";
/// From this version on an intent has its charge in `latest_charge` only (Stripe's changelog).
const WITHOUT_CHARGES: &str = "2022-11-15";
/// From this version on an intent captures asynchronously unless it says otherwise (Stripe's changelog, 2024-04-10).
const ASYNCHRONOUS: &str = "2024-04-10";
const FIRST: &str = "2011-01-01";

/// The version that the client asks for. Previews may be named behind a semicolon.
///
/// # Errors
/// When it is no version.
pub(super) fn of(headers: &HeaderMap) -> Result<&str, StripeError> {
    let Some(given) = headers.get(HEADER) else {
        return Ok(LATEST);
    };
    let text = given.to_str().unwrap_or_default();
    let version = text.split(';').next().unwrap_or_default();
    if is_version(version) {
        Ok(text)
    } else {
        let shown = String::from_utf8_lossy(given.as_bytes());
        Err(Own::Version(shown.chars().take(100).collect()).into())
    }
}

/// What the answer says of it.
pub(super) fn answered(headers: &HeaderMap) -> HeaderValue {
    let asked = of(headers).ok().and_then(|version| version.parse().ok());
    asked.unwrap_or(HeaderValue::from_static(LATEST))
}

/// Whether intents list their charges.
pub(super) fn lists_charges(headers: &HeaderMap) -> bool {
    of(headers).is_ok_and(|version| version.get(..10).is_some_and(|date| date < WITHOUT_CHARGES))
}

/// How an intent captures that says nothing of it.
pub(super) fn capture_method(headers: &HeaderMap) -> &'static str {
    let old =
        of(headers).is_ok_and(|version| version.get(..10).is_some_and(|date| date < ASYNCHRONOUS));
    if old { "automatic" } else { "automatic_async" }
}

/// A day, and since there are names a name.
fn is_version(text: &str) -> bool {
    let (date, name) = text
        .split_once('.')
        .map_or((text, None), |(date, name)| (date, Some(name)));
    let fits = match name {
        Some(name) => {
            let letters = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
            letters && date >= FIRST_NAMED
        }
        None => date < FIRST_NAMED,
    };
    fits && date >= FIRST && is_day(date)
}

fn is_day(text: &str) -> bool {
    text.len() == FIRST.len() && Moment::parse(&format!("{text}T00:00:00Z")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stripe's documentation on versioning: a day, from 2024-09-30 on with the name of a release.
    #[test]
    fn a_version_is_a_day_and_perhaps_a_name() {
        let rows = [
            ("2020-08-27", true),
            ("2022-11-15", true),
            ("2024-09-30.acacia", true),
            ("2026-10-28.endive", true),
            ("2026-04-22.preview", true),
            ("2027-01-27.fennel", true),
            ("2020-08-27;link_beta=v1", true),
            ("2020-08-27.acacia", false),
            ("2026-10-28", false),
            ("2026-10-28.", false),
            ("2026-02-30.endive", false),
            ("2026-1-28.endive", false),
            ("1999-01-01", false),
            ("latest", false),
            ("", false),
        ];
        for (text, want) in rows {
            let headers = HeaderMap::from_iter([(HEADER, text.parse().unwrap())]);
            assert_eq!(of(&headers).is_ok(), want, "{text}");
        }
        assert_eq!(of(&HeaderMap::new()).unwrap(), LATEST);
    }
}
