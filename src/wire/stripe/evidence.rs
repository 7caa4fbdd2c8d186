//! What a merchant answers a dispute with (Stripe, API reference, update a dispute), and the three words by which a test chooses
//! what comes of it (docs.stripe.com/testing, disputes, evidence).

use serde_json::{Map, Value, json};

use super::errors::StripeError;
use super::form::Form;
use super::parameters_kept::DISPUTE;
use super::requests::bad;
use super::rules::Rule;
use crate::domain::payment::dispute::Verdict;

const EVIDENCE: &str = "evidence";
/// Stripe, API reference, update a dispute: of all texts together.
const CHARACTERS_MAX: usize = 150_000;

/// Its members: texts, and files, of which there are none here.
fn names() -> impl Iterator<Item = &'static str> {
    DISPUTE.iter().filter_map(|(name, rule)| {
        let inner = name.strip_prefix("evidence[")?.strip_suffix(']')?;
        matches!(rule, Rule::Text(_) | Rule::NoSuch(_)).then_some(inner)
    })
}

/// As it is shown: every member, said or not.
pub(super) fn shown(kept: &Value) -> Value {
    let members = names().map(|name| (name.to_owned(), kept[name].clone()));
    let mut all: Map<_, _> = members.collect();
    all.insert("enhanced_evidence".to_owned(), json!({}));
    all.into()
}

/// Whether there is any.
pub(super) fn is_there(kept: &Value) -> bool {
    kept.as_object().is_some_and(|kept| !kept.is_empty())
}

/// Whether the form brings any.
pub(super) fn is_said(form: &Form) -> bool {
    form.has_below(EVIDENCE)
}

/// Adds to what is kept what the form says.
///
/// # Errors
/// When it is more than Stripe takes.
pub(super) fn add(kept: &mut Value, form: &Form) -> Result<(), StripeError> {
    let mut all = kept.as_object().cloned().unwrap_or_default();
    for name in names() {
        if let Some(text) = form.text(&format!("{EVIDENCE}[{name}]")) {
            all.insert(name.to_owned(), text.into());
        }
    }
    let texts = all.values().filter_map(Value::as_str);
    let count: usize = texts.map(|text| text.chars().count()).sum();
    if count > CHARACTERS_MAX {
        let due = format!("must be at most {CHARACTERS_MAX} characters in all");
        return Err(bad(EVIDENCE, "parameter_invalid_string", &due));
    }
    *kept = all.into();
    Ok(())
}

/// What the issuer makes of it. Live, somebody looks at it for weeks; in a sandbox it is decided within seconds, and here at
/// once.
pub(super) fn verdict(kept: &Value) -> Verdict {
    match kept["uncategorized_text"].as_str() {
        Some("winning_evidence") => Verdict::Won,
        Some("losing_evidence") => Verdict::Lost,
        Some("escalate_inquiry_evidence") => Verdict::Escalates,
        _ => Verdict::Reviews,
    }
}
