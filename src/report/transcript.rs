//! One check as text: its steps, what was expected and what was there, and every request with its answer.

use std::fmt::Write as _;

use super::{CheckReport, ExchangeReport, Masked, StepEnd};

/// The steps, and below each broken one what was expected and what was there.
pub(crate) fn steps(check: &CheckReport) -> String {
    let mut out = String::new();
    for step in &check.steps {
        let mark = match step.end {
            StepEnd::Held => " ",
            StepEnd::Broken => "x",
            StepEnd::NotRun => "-",
        };
        let _ = writeln!(out, "{mark} {}", step.text);
        for (label, text) in [
            ("expected", &step.expected),
            ("actual  ", &step.actual),
            ("because ", &step.why),
        ] {
            if let Some(text) = text {
                let _ = writeln!(out, "    {label} {text}");
            }
        }
        for difference in &step.differences {
            let (wanted, got) = (&difference.wanted, &difference.got);
            let _ = writeln!(
                out,
                "    at {}: wanted {wanted}, got {got}",
                difference.pointer
            );
        }
    }
    out
}

/// Every request and answer, with so much of each body at most.
pub(crate) fn exchanges(check: &CheckReport, body_bytes_max: usize) -> String {
    let mut out = String::new();
    for exchange in &check.exchanges {
        one(exchange, body_bytes_max, &mut out);
    }
    out
}

/// Steps, then exchanges.
pub(crate) fn whole(check: &CheckReport) -> String {
    format!(
        "{} ({})\n{}{}",
        check.name,
        check.location,
        steps(check),
        exchanges(check, usize::MAX)
    )
}

/// The mark of the exchange by which the check was decided.
fn decided(exchange: &ExchangeReport) -> &'static str {
    if exchange.decided {
        "    <- this decided"
    } else {
        ""
    }
}

fn one(exchange: &ExchangeReport, body_bytes_max: usize, out: &mut String) {
    let in_short = |body: &Masked| body.clone().cut(body_bytes_max);
    let _ = writeln!(
        out,
        "> {} {}{}",
        exchange.method,
        exchange.url,
        decided(exchange)
    );
    for (name, value) in &exchange.request_headers {
        let _ = writeln!(out, "> {name}: {value}");
    }
    if !exchange.request_body.as_str().is_empty() {
        let _ = writeln!(out, "> {}", in_short(&exchange.request_body));
    }
    for again in &exchange.put_off {
        let (status, seconds) = (again.status, again.seconds);
        let _ = writeln!(out, "< {status}, so it was sent again {seconds} s later");
    }
    let elapsed = exchange.elapsed_ms;
    match (exchange.status, &exchange.no_answer) {
        (Some(status), _) => {
            let kind = exchange
                .answer_headers
                .iter()
                .find(|(name, _)| name == "content-type");
            let kind = kind.map_or("no media type", |(_, kind)| kind.as_str());
            let _ = writeln!(out, "< {status} {kind} ({elapsed} ms)");
        }
        (None, why) => {
            let why = why.as_ref().map_or("no answer", |why| why.as_str());
            let _ = writeln!(out, "< {why} ({elapsed} ms)");
        }
    }
    if !exchange.answer_body.as_str().is_empty() {
        let _ = writeln!(out, "< {}", in_short(&exchange.answer_body));
    }
}
