//! Why a check notices no defect. A check that is here and notices one after all makes the entry stale.

/// Checks by the begin of their ids, and the reason.
const REASONS: &[(&str, &str)] = &[];

/// The reason of a check, if there is one.
pub(super) fn reason(check: &str) -> Option<&'static str> {
    let found = REASONS.iter().find(|(begin, _)| check.starts_with(begin));
    found.map(|(_, reason)| *reason)
}

/// The entries that no check needs.
pub(super) fn stale<'a>(unproven: impl Iterator<Item = &'a str> + Clone) -> Vec<&'static str> {
    let needed = |begin: &str| unproven.clone().any(|check| check.starts_with(begin));
    let begins = REASONS.iter().map(|(begin, _)| *begin);
    begins.filter(|begin| !needed(begin)).collect()
}
