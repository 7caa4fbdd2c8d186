//! What fault rules are told of a request that has just arrived, and what the journal is told of them.

use http::HeaderName;
use http::request::Parts;

use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::faults::RuleError;
use crate::faults::choose::RuleSet;
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::rule::Rule;
use crate::journal;
use crate::operations::Space;
use crate::operations::fault_context::FaultContext;
use crate::wire::edge::Surface;

/// In which a request brings a rule of its own, where that is allowed.
pub(super) static OWN_RULE: HeaderName = HeaderName::from_static("standin-fault");
/// In which an answer says which rules fired, where that is asked for.
pub(super) const FIRED: &str = "standin-fault-fired";

/// Why the rules have said nothing.
#[derive(Debug)]
pub(super) enum NotEvaluated {
    Rule(RuleError),
    Store(Rejection),
}

impl From<RuleError> for NotEvaluated {
    fn from(error: RuleError) -> Self {
        Self::Rule(error)
    }
}

impl From<Rejection> for NotEvaluated {
    fn from(rejection: Rejection) -> Self {
        Self::Store(rejection)
    }
}

/// Asks the rules about a request of which nothing is known but its head.
///
/// # Errors
/// When the request brings a rule that cannot be read, or the rules are counted by several servers and that cannot be done.
pub(super) async fn evaluate(
    space: &Space,
    surface: &Surface,
    parts: &Parts,
    path: &str,
    now: Moment,
) -> Result<Option<Box<FaultContext>>, NotEvaluated> {
    let own = own_rule(space, parts, now)?;
    if own.is_none() && !space.faults.any() {
        return Ok(None);
    }
    let mut facts = Facts::new()
        .with(Field::Space, space.name.text())
        .with(Field::Surface, surface.name.word())
        .with(Field::Method, parts.method.as_str())
        .with(Field::Path, path);
    for key in surface
        .idempotency_headers
        .iter()
        // A key that is no text is refused by the surface, and no rule can name it.
        .filter_map(|name| parts.headers.get(*name)?.to_str().ok())
    {
        facts.add(Field::IdempotencyKey, key);
    }
    let mut faults = FaultContext::new(facts, own);
    faults.ask(space, Stage::Arrival, now).await?;
    Ok(Some(Box::new(faults)))
}

fn own_rule(space: &Space, parts: &Parts, now: Moment) -> Result<Option<RuleSet>, RuleError> {
    if !space.config.settings.faults.header {
        return Ok(None);
    }
    let mut given = parts.headers.get_all(&OWN_RULE).iter();
    let Some(text) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        let problem = "is there more than once; a request brings one rule";
        return Err(RuleError::at(OWN_RULE.as_str(), problem));
    }
    let text = str::from_utf8(text.as_bytes());
    let rule =
        Rule::from_text(text.map_err(|_| RuleError::at(OWN_RULE.as_str(), "must be UTF-8"))?)?;
    let mut set = RuleSet::default();
    // An empty set has room for one.
    let _named = set.arm(rule, now);
    Ok(Some(set))
}

/// What the journal is told, if there is anything to tell.
pub(super) fn told(faults: &FaultContext) -> Option<Box<journal::Faults>> {
    let names = |rules: &[std::sync::Arc<str>]| rules.iter().map(|rule| rule.to_string()).collect();
    faults.has_matched().then(|| {
        Box::new(journal::Faults {
            fired: names(&faults.plan.rules),
            overruled: names(&faults.plan.overruled),
            nearest: faults
                .nearest
                .as_ref()
                .map(|miss| format!("{}: {}", miss.rule, miss.why)),
        })
    })
}
