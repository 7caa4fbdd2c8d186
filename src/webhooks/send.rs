//! Sending one message to an address that its endpoint may have.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::Full;

use crate::domain::webhook::Receipt;
use crate::limits::{DELIVERY_WAIT, RECEIPT_BYTES_MAX};
use crate::operations::target::Target;
use crate::outgoing::{Bounds, Client, Failure};

/// What came back, and the beginning of its body.
pub(super) type Answer = (Receipt, Bytes);

const BOUNDS: Bounds = Bounds {
    wait: DELIVERY_WAIT,
    bytes_max: RECEIPT_BYTES_MAX,
};

/// Sends a body. Whatever goes wrong is a receipt.
pub(super) async fn send(
    target: &Target,
    client: &Client,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
) -> Answer {
    let request = match request(target, path, headers, body) {
        Ok(request) => request,
        Err(error) => return (Receipt::Silence(error.to_string()), Bytes::new()),
    };
    let admit = |address| target.admit(address).map_err(|why| why.to_string());
    match client.exchange(request, admit, BOUNDS).await {
        Ok(answer) => receipt(answer),
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

fn receipt(answer: Response<Result<Bytes, String>>) -> Answer {
    let status = answer.status().as_u16();
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|seconds| seconds.trim().parse().ok())
        .map(Duration::from_secs);
    let receipt = Receipt::Answered {
        status,
        retry_after,
    };
    // An answer that is too long to keep has still arrived.
    (receipt, answer.into_body().unwrap_or_default())
}
