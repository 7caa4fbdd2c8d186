//! What a check leaves behind, masked: its steps, its exchanges, the webhooks that came. It must not decide what any of it means.

use std::time::Duration;

use super::broken::Broken;
use super::http::Exchange;
use super::listener::Message;
use super::plan::Check;
use super::world::World;
use crate::masking;
use crate::report::{
    CheckReport, Difference, ExchangeReport, Masked, MessageReport, Outcome, PutOff, Secrets,
    StepEnd, StepReport, Suite,
};

/// How much of a body a report shows.
const BODY_BYTES_MAX: usize = 4096;

/// A check that has come to something without being carried out.
pub(crate) fn unrun(check: &Check, outcome: Outcome, reason: Masked) -> CheckReport {
    CheckReport {
        id: check.id.clone(),
        check: check.case.clone(),
        over: check.over.clone(),
        suite: if check.surface.is_some() {
            Suite::Wire
        } else {
            Suite::Behaviour
        },
        feature: check.feature.clone(),
        name: check.name.clone(),
        location: check.location.clone(),
        source: check.source.clone(),
        level: check.level,
        negative: check.negative,
        clauses: check.clauses.clone(),
        outcome,
        reason,
        capability: None,
        steps: Vec::new(),
        exchanges: Vec::new(),
        messages: Vec::new(),
        curl: None,
        elapsed: Duration::ZERO,
    }
}

/// As much time as an event log tells of, so that what is told at once and what is read later is the same.
pub(crate) fn told(elapsed: Duration) -> Duration {
    Duration::from_millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

/// What one step came to.
pub(crate) fn step(
    secrets: &Secrets,
    text: &str,
    end: StepEnd,
    broken: Option<&Broken>,
) -> StepReport {
    let mut report = StepReport {
        text: secrets.text(text),
        end,
        expected: None,
        actual: None,
        why: None,
        differences: Vec::new(),
    };
    match broken {
        Some(Broken::Wrong {
            expected,
            actual,
            places,
        }) => {
            report.expected = Some(secrets.text(expected));
            report.actual = Some(secrets.text(actual));
            let places = places.iter().map(|place| Difference {
                pointer: secrets.text(&place.pointer),
                wanted: secrets.named(&place.pointer, &place.wanted),
                got: secrets.named(&place.pointer, &place.got),
            });
            report.differences = places.collect();
        }
        Some(
            Broken::NoAnswer(text)
            | Broken::Unready(text)
            | Broken::NotDeclared(text)
            | Broken::Suite(text),
        ) => report.why = Some(secrets.text(text)),
        None => {}
    }
    report
}

/// Everything that was said to the target and by it. `decided` is the place of the exchange by which the check was decided.
pub(crate) fn exchanges(world: &World, decided: Option<usize>) -> Vec<ExchangeReport> {
    let secrets = &world.talk.secrets;
    let all = world.talk.exchanges.iter().enumerate();
    all.map(|(place, it)| exchange(secrets, it, decided == Some(place)))
        .collect()
}

fn exchange(secrets: &Secrets, exchange: &Exchange, decided: bool) -> ExchangeReport {
    let sent = &exchange.sent;
    let answer = exchange.answer.as_ref().ok();
    ExchangeReport {
        step: exchange.step,
        decided,
        method: sent.method.clone(),
        url: secrets.text(&sent.url),
        request_headers: headers(secrets, &sent.headers),
        request_body: secrets
            .body(sent.body.as_deref().unwrap_or_default())
            .cut(BODY_BYTES_MAX),
        status: answer.map(|answer| answer.status),
        answer_headers: answer
            .map(|answer| headers(secrets, &answer.headers))
            .unwrap_or_default(),
        answer_body: answer
            .map(|answer| secrets.body(&answer.body).cut(BODY_BYTES_MAX))
            .unwrap_or_default(),
        no_answer: exchange.answer.as_ref().err().map(|why| secrets.text(why)),
        put_off: exchange
            .put_off
            .iter()
            .map(|(status, pause)| PutOff {
                status: *status,
                seconds: pause.as_secs(),
            })
            .collect(),
        elapsed_ms: u64::try_from(exchange.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}

fn headers(secrets: &Secrets, headers: &[(String, String)]) -> Vec<(String, Masked)> {
    let each = headers.iter();
    each.map(|(name, value)| {
        let name = masking::visible(name).into_owned();
        let value = secrets.header(&name, value);
        (name, value)
    })
    .collect()
}

/// The webhooks that have come so far.
pub(crate) fn messages(world: &World) -> Vec<MessageReport> {
    let Some(registered) = &world.registered else {
        return Vec::new();
    };
    let secrets = &world.talk.secrets;
    let messages = registered.listener.arrived();
    let report = |message: &Message| {
        let answer = message.as_answer();
        MessageReport {
            headers: headers(secrets, &answer.headers),
            body: secrets.body(&answer.body).cut(BODY_BYTES_MAX),
            taken: message.taken,
        }
    };
    messages.iter().map(report).collect()
}
