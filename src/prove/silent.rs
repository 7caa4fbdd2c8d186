//! Why a check notices no defect. A check that is here and notices one after all makes the entry stale.

/// Checks by the begin of their ids, and the reason.
const REASONS: &[(&str, &str)] = &[
    (
        "robustness.after",
        "it takes a server that a malformed request breaks for good; the scripted targets of the harness's own tests are such",
    ),
    ("access.closed.registers-for-webhooks", AT_THE_CONTROL_PLANE),
    (
        "access.closed.takes-the-endpoint-away",
        AT_THE_CONTROL_PLANE,
    ),
    ("access.apart.takes-the-endpoint-away", AT_THE_CONTROL_PLANE),
    (
        "secrecy.everywhere.answers-about-cards",
        "a vault tells a number to whoever puts it on file, and these test cards have no security code",
    ),
];

/// What cannot be asked by anybody else of an instance without a token of the control plane.
const AT_THE_CONTROL_PLANE: &str = "an endpoint is registered at the control plane, which asks for no key here; the gateway below fixtures/targets asks for one";

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
