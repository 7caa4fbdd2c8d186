//! What the proxy refuses, in sentences that say what to do.

use http::header::PROXY_AUTHENTICATE;
use http::{HeaderValue, StatusCode};

use crate::server::refused::Refused;

/// Credentials that let nobody in.
pub(super) fn credentials(why: &str) -> Box<Refused> {
    let status = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
    let what = format!(
        "the proxy's credentials {why}; give those of a vault as USER:PASSWORD@ in the proxy's URL"
    );
    let mut refused = Refused::with(status, "proxy_credentials", &what);
    let scheme = HeaderValue::from_static("Basic realm=\"standin\", charset=\"UTF-8\"");
    refused.advice = Some((PROXY_AUTHENTICATE, scheme));
    refused
}

/// A head that says two things, or nothing.
pub(super) fn head(why: &str) -> Box<Refused> {
    Refused::with(StatusCode::BAD_REQUEST, "proxy_head", &why)
}

/// A request inside a tunnel for another host than the tunnel is for.
pub(super) fn misdirected(asked: &str, tunnel: &str) -> Box<Refused> {
    let why = format!(
        "this tunnel leads to {tunnel}, and the request is for {asked:?}; open a tunnel for that host"
    );
    Refused::with(StatusCode::MISDIRECTED_REQUEST, "proxy_misdirected", &why)
}

/// A host that nothing is sent to.
pub(super) fn offline(host: &str) -> Box<Refused> {
    let why = format!(
        "{host} is no service that standin imitates, and standin is offline; let requests go there with --proxy-allow {host} (standin run: --allow {host}), or say in [proxy.upstreams] where it is"
    );
    Refused::with(StatusCode::FORBIDDEN, "proxy_offline", &why)
}

/// A request that the recording has no answer to.
pub(super) fn not_recorded(why: &str) -> Box<Refused> {
    let why = format!(
        "{why}; record it anew with --record, or let requests go there with --proxy-allow (standin run: --allow)"
    );
    Refused::with(StatusCode::FORBIDDEN, "proxy_not_recorded", &why)
}

/// A listed host that leads where nothing is sent.
pub(super) fn unreachable(host: &str, why: &str) -> Box<Refused> {
    let why = format!("{host}: {why}");
    Refused::with(StatusCode::FORBIDDEN, "proxy_forbidden", &why)
}

/// No answer from where a request was passed on to.
pub(super) fn no_answer(host: &str, why: &str) -> Box<Refused> {
    let why = format!("{host} gives no answer: {why}");
    Refused::with(StatusCode::BAD_GATEWAY, "proxy_no_answer", &why)
}
