//! Sending one message to an address that its endpoint may have.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use http_body_util::Full;

use crate::domain::moment::Moment;
use crate::domain::webhook::Receipt;
use crate::limits::{DELIVERY_WAIT, RECEIPT_BYTES_MAX, RETRY_AFTER_MAX};
use crate::operations::target::Target;
use crate::outgoing::{Bounds, Client, Failure};

/// What came back, and the beginning of its body.
pub(super) type Answer = (Receipt, Bytes);

const BOUNDS: Bounds = Bounds {
    wait: DELIVERY_WAIT,
    bytes_max: RECEIPT_BYTES_MAX,
};

/// Sends a body at an instant. Whatever goes wrong is a receipt.
pub(super) async fn send(
    target: &Target,
    client: &Client,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
    at: Moment,
) -> Answer {
    let request = match request(target, path, headers, body) {
        Ok(request) => request,
        Err(error) => return (Receipt::Silence(error.to_string()), Bytes::new()),
    };
    let admit = |address| target.admit(address).map_err(|why| why.to_string());
    match client.exchange(request, admit, BOUNDS).await {
        Ok(answer) => receipt(answer, at),
        Err(failure) => (Receipt::Silence(advised(&failure)), Bytes::new()),
    }
}

/// Why there was no answer, and what to do about a certificate that is not believed.
fn advised(failure: &Failure) -> String {
    if let Failure::Tls(why) = failure
        && why.contains("UnknownIssuer")
    {
        return format!("{failure}; give its authority with --webhook-ca");
    }
    failure.to_string()
}

fn request(
    target: &Target,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, http::Error> {
    let mut parts = target.uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path)?);
    let mut request = Request::post(Uri::from_parts(parts)?)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("standin/", env!("CARGO_PKG_VERSION")));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Full::new(body))
}

fn receipt(answer: Response<Result<Bytes, String>>, at: Moment) -> Answer {
    let receipt = Receipt::Answered {
        status: answer.status().as_u16(),
        retry_after: retry_after(answer.headers(), at),
    };
    // An answer that is too long to keep has still arrived.
    (receipt, answer.into_body().unwrap_or_default())
}

/// How long the receiver wants to be left alone, in seconds or until an instant (RFC 9110). What is neither says nothing, and
/// the schedule holds.
fn retry_after(headers: &HeaderMap, at: Moment) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Empty is no number, and one that is too long for us is longer than anybody is waited for.
        let seconds = text.parse().unwrap_or(u64::MAX);
        let wait = Duration::from_secs(seconds).min(RETRY_AFTER_MAX);
        return (!text.is_empty()).then_some(wait);
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let here = SystemTime::UNIX_EPOCH + at.since(Moment::EPOCH);
    // The clock of a space may show another year than that of the receiver, who names the instant by either. One that the
    // receiver's own clock has passed is meant by the space's.
    let by_theirs = date(headers).and_then(|now| until.duration_since(now).ok());
    let wait = by_theirs.unwrap_or_else(|| until.duration_since(here).unwrap_or_default());
    Some(wait.min(RETRY_AFTER_MAX))
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, &DATE)?).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_for_time_may_say_how_much_or_until_when() {
        let at = Moment::parse("1994-11-06T08:49:00Z").unwrap();
        let imf = "Sun, 06 Nov 1994 08:49:37 GMT";
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (asked, date, wait) in [
            ("120", None, seconds(120)),
            (" 120 ", None, seconds(120)),
            (imf, None, seconds(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None, seconds(37)),
            ("Sun Nov  6 08:49:37 1994", None, seconds(37)),
            // The clock of the receiver goes first, and then that of the space.
            (imf, Some("Sun, 06 Nov 1994 08:48:37 GMT"), seconds(60)),
            (imf, Some("Sun, 06 Nov 1994 08:50:37 GMT"), seconds(37)),
            (imf, Some("Sun, 29 Nov 2026 08:50:37 GMT"), seconds(37)),
            // An instant that is over by both is none to wait for.
            (
                "Sun, 06 Nov 1994 08:48:37 GMT",
                Some("Sun, 29 Nov 2026 08:50:37 GMT"),
                seconds(0),
            ),
            (imf, Some("yesterday"), seconds(37)),
            ("soon", None, None),
            ("-5", None, None),
            ("+5", None, None),
            ("1.5", None, None),
            ("86401", None, seconds(86_400)),
            ("99999999999999999999", None, seconds(86_400)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", None, seconds(86_400)),
            ("", None, None),
            ("Sun, 06 Nov 1994", None, None),
        ] {
            let mut headers = HeaderMap::from_iter([(RETRY_AFTER, asked.parse().unwrap())]);
            headers.extend(date.map(|date| (DATE, HeaderValue::from_static(date))));
            assert_eq!(retry_after(&headers, at), wait, "{asked} {date:?}");
        }
        let unreadable = HeaderValue::from_bytes(b"\xff").unwrap();
        let headers = HeaderMap::from_iter([(RETRY_AFTER, unreadable)]);
        assert_eq!(retry_after(&headers, at), None);
        assert_eq!(retry_after(&HeaderMap::new(), at), None);
    }
}
