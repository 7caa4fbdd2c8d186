//! How every request goes: begun, carried out by its route, finished.

use std::borrow::Cow;
use std::convert::Infallible;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};

use super::deviant;
use super::http_problem::HttpProblem;
use super::refusal::{Exchange, Refusal, SurfaceRefused, Wording};
use super::{
    Answer, Found, LogRecord, Request, RequestContext, Route, RouteTable, Surface, empty, headers,
};
use crate::domain::rejection::Rejection;
use crate::operations::settle::settle;

/// What is refused before a handler is asked, or instead of it.
pub type EdgeRefusal = Refusal<Infallible>;

/// Words such a refusal as a surface does. A surface's row has this function for its own reasons.
pub fn refuse<Own: Wording>(refusal: EdgeRefusal, exchange: Exchange<'_>) -> SurfaceRefused {
    let refusal: Refusal<Own> = match refusal {
        Refusal::Http(problem) => Refusal::Http(problem),
        Refusal::Malformed(why) => Refusal::Malformed(why),
        Refusal::Members(problems) => Refusal::Members(problems),
        Refusal::Rejected(rejection) => Refusal::Rejected(rejection),
        Refusal::Key(problem) => Refusal::Key(problem),
        Refusal::Own(never) => match never {},
    };
    refusal.worded(exchange)
}

/// Answers one request. `refused` says what has gone wrong before any route could be asked.
pub async fn run(
    surface: &'static Surface,
    table: &RouteTable,
    request: &mut Request,
    refused: Option<EdgeRefusal>,
) -> (Answer, LogRecord) {
    let settled = settle(&request.space, request.now).await;
    let found = match (refused, settled) {
        (Some(refusal), _) => Err(refusal),
        (None, Ok(())) => readable(request).and_then(|()| find(table, request)),
        // What is due stays due when there is no room for it, and what gives room back is done all the same.
        (None, Err(why)) => match readable(request).and_then(|()| find(table, request)) {
            Ok(route) if why == Rejection::StoreFull && route.operation.gives_room() => Ok(route),
            Ok(_) | Err(_) => Err(EdgeRefusal::Rejected(why)),
        },
    };
    let operation = found.as_ref().ok().map(|route| route.operation);
    let mut context = RequestContext::begin(request, operation);
    let (mut answer, reason) = match found {
        // A rule that needs to know no more than the head keeps the request from its surface.
        _ if context.stand_in().is_some() => (empty(StatusCode::OK), None),
        Ok(route) => match (route.handler)(&mut context, request).await {
            Ok(answer) => match context.consult_reading().await {
                Ok(()) => (answer, None),
                Err(why) => in_words(surface, EdgeRefusal::Rejected(why), request, &context),
            },
            Err(refused) => (refused.answer, Some(refused.reason)),
        },
        Err(refusal) => in_words(surface, refusal, request, &context),
    };
    let exchange = Exchange {
        request,
        context: &context,
    };
    match (context.stand_in(), surface.finish) {
        (Some(status), _) => {
            let problem = HttpProblem::Status(status);
            answer = (surface.refuse)(problem.into(), exchange).answer;
        }
        (None, Some(finish)) => finish(&mut answer, exchange),
        (None, None) => {}
    }
    debug_assert!(
        is_led_to(surface, request, &answer),
        "{} is a page, and the row of its surface does not say so",
        request.uri.path()
    );
    if let Some(deviation) = request.space.config.deviation {
        deviant::answer(deviation, &mut answer, request, operation).await;
    }
    (answer, context.into_record(reason))
}

/// Whether the row of the surface says of a page that it is one, so that no service forgets that others lead there. What stands
/// in front of an API tells its errors in HTML, which nobody is led to.
fn is_led_to(surface: &Surface, request: &Request, answer: &Answer) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    let is_html = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_page = is_html && answer.status().is_success();
    !is_page || surface.has_page(request.uri.path())
}

/// A refusal in the surface's words, with what it tells the client and the true reason for the journal.
fn in_words(
    surface: &Surface,
    refusal: EdgeRefusal,
    request: &Request,
    context: &RequestContext,
) -> (Answer, Option<Cow<'static, str>>) {
    let advised = advised(&refusal);
    let exchange = Exchange { request, context };
    let SurfaceRefused { mut answer, reason } = (surface.refuse)(refusal, exchange);
    if let Some((status, advice)) = advised
        && answer.status() == status
    {
        answer.headers_mut().extend([advice]);
    }
    (answer, Some(reason))
}

/// What tells the client how to do better, unless the surface answers with another status: it may answer a wrong method as a
/// wrong path.
fn advised(refusal: &EdgeRefusal) -> Option<(StatusCode, (HeaderName, HeaderValue))> {
    let Refusal::Http(problem) = refusal else {
        return None;
    };
    Some((problem.status(), problem.advice()?))
}

/// Whether what decides about the request can be read. Asked before any surface reads a header or the body.
fn readable(request: &Request) -> Result<(), EdgeRefusal> {
    headers::readable(&request.headers)?;
    Ok(headers::plain(&request.headers, &request.body)?)
}

fn find(table: &RouteTable, request: &mut Request) -> Result<&'static Route, EdgeRefusal> {
    match table.find(request.method.as_str(), request.uri.path()) {
        Found::Route(route, id) => {
            request.id = id;
            Ok(route)
        }
        Found::NoSuchPath => Err(HttpProblem::NoSuchPath.into()),
        Found::Method(allowed) => Err(HttpProblem::Method(allowed).into()),
    }
}
