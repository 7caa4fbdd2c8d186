//! Which call of a document looks like which operation, by the words of its path and its name. A guess is marked as one, because
//! only whoever knows the API can say.

use super::super::binding::{Control, Operation, Psp};
use super::openapi::Call;

const CARD: &[&str] = &[
    "card",
    "cards",
    "instrument",
    "instruments",
    "vault",
    "pan",
    "pans",
];
const TOKEN: &[&str] = &[
    "token",
    "tokens",
    "enrol",
    "enroll",
    "enrolment",
    "enrollment",
    "enrolments",
    "enrollments",
    "provision",
    "provisions",
    "tokenize",
    "tokenise",
    "digitize",
    "tokenizations",
];
const CRYPTOGRAM: &[&str] = &["cryptogram", "cryptograms", "tavv", "dtvv"];
const SUSPEND: &[&str] = &["suspend", "suspends", "suspension", "suspended", "pause"];
const RESUME: &[&str] = &[
    "resume",
    "resumes",
    "unsuspend",
    "reactivate",
    "activate",
    "unpause",
];
const DELETE: &[&str] = &["delete", "deletes", "deactivate", "unenroll", "unenrol"];
const PAYMENT: &[&str] = &[
    "payment",
    "payments",
    "charge",
    "charges",
    "authorization",
    "authorizations",
    "authorisations",
    "transactions",
];
const CAPTURE: &[&str] = &["capture", "captures", "settle"];
const VOID: &[&str] = &[
    "void",
    "voids",
    "cancel",
    "cancels",
    "reversal",
    "reversals",
];
const REFUND: &[&str] = &["refund", "refunds"];
const HOOK: &[&str] = &[
    "webhook",
    "webhooks",
    "hook",
    "hooks",
    "subscription",
    "subscriptions",
];

/// The first call that looks like the operation.
pub(super) fn guess(operation: Operation, calls: &[Call]) -> Option<&Call> {
    calls.iter().find(|call| looks_like(operation, call))
}

fn looks_like(operation: Operation, call: &Call) -> bool {
    let method = call.method.as_str();
    let one = call.path.ends_with('}');
    let mut segments = call.path.split('/').filter(|part| !part.starts_with('{'));
    let last = words(segments.next_back().unwrap_or_default());
    let named = words(&call.called);
    let ends = |known: &[&str]| last.iter().any(|word| known.contains(&word.as_str()));
    let called = |known: &[&str]| named.iter().any(|word| known.contains(&word.as_str()));
    let changes = method != "GET";
    let pays = method == "POST" && !one && ends(PAYMENT);
    match operation {
        Operation::Store => method == "POST" && !one && ends(CARD) && !ends(TOKEN),
        Operation::Enrol => method == "POST" && !one && ends(TOKEN),
        Operation::Read => method == "GET" && one && ends(TOKEN),
        Operation::ListCards => method == "GET" && !one && ends(CARD) && !ends(TOKEN),
        Operation::List => method == "GET" && !one && ends(TOKEN),
        Operation::Delete => {
            one && method == "DELETE" && ends(TOKEN) || method == "POST" && ends(DELETE)
        }
        Operation::DeleteCard => method == "DELETE" && one && ends(CARD) && !ends(TOKEN),
        Operation::CryptogramLong => changes && (ends(CRYPTOGRAM) || called(CRYPTOGRAM)),
        Operation::Suspend => changes && (ends(SUSPEND) || called(SUSPEND)),
        Operation::Resume => changes && (ends(RESUME) || called(RESUME)),
        Operation::Psp(Psp::Long) => pays,
        Operation::Psp(Psp::Capture) => method == "POST" && ends(CAPTURE),
        Operation::Psp(Psp::Void) => method == "POST" && ends(VOID),
        Operation::Psp(Psp::Refund) => method == "POST" && ends(REFUND),
        Operation::Psp(Psp::ReadPayment) => method == "GET" && one && ends(PAYMENT),
        Operation::Control(Control::Listen) => method == "POST" && !one && ends(HOOK),
        Operation::Control(Control::Unlisten) => method == "DELETE" && one && ends(HOOK),
        // Nothing in a name tells these from their neighbours.
        Operation::CryptogramShort
        | Operation::UpdateCard
        | Operation::Psp(Psp::Short | Psp::Stored | Psp::Elsewhere | Psp::Later)
        | Operation::Control(
            Control::Suspend
            | Control::Resume
            | Control::Delete
            | Control::Expiry
            | Control::Card
            | Control::Decline
            | Control::Clock,
        ) => false,
    }
}

/// The path with the suite's variables in the place of the document's, each by the word before it.
pub(super) fn path(call: &Call) -> String {
    let mut before: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for part in call.path.split('/') {
        if !part.starts_with('{') {
            before = words(part);
            parts.push(part.to_owned());
            continue;
        }
        let is = |known: &[&str]| before.iter().any(|word| known.contains(&word.as_str()));
        parts.push(if is(TOKEN) {
            "{reference}".to_owned()
        } else if is(CARD) {
            "{card}".to_owned()
        } else if is(PAYMENT) {
            "{payment}".to_owned()
        } else if is(HOOK) {
            "{endpoint}".to_owned()
        } else {
            format!("FILL IN: what stands for {}", part.trim_matches(['{', '}']))
        });
    }
    parts.join("/")
}

/// The words of a name, however it is joined: networkTokens, network-tokens, network_tokens.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let parts = spaced.split(|letter: char| !letter.is_alphanumeric());
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_recognised_by_their_words() {
        let rows = [
            ("POST", "/v1/cards", "", "store", "/v1/cards"),
            (
                "POST",
                "/cards/{id}/network-tokens",
                "",
                "enrol",
                "/cards/{card}/network-tokens",
            ),
            (
                "GET",
                "/networkTokens/{tokenId}",
                "",
                "read",
                "/networkTokens/{reference}",
            ),
            ("GET", "/tokens", "", "list", "/tokens"),
            (
                "DELETE",
                "/tokens/{id}",
                "",
                "delete",
                "/tokens/{reference}",
            ),
            (
                "DELETE",
                "/v1/cards/{cardId}",
                "",
                "delete-card",
                "/v1/cards/{card}",
            ),
            (
                "POST",
                "/tokens/{id}/cryptograms",
                "",
                "cryptogram-long",
                "/tokens/{reference}/cryptograms",
            ),
            (
                "PATCH",
                "/tokens/{id}",
                "suspendToken",
                "suspend",
                "/tokens/{reference}",
            ),
            (
                "POST",
                "/charges/{id}/refunds",
                "",
                "refund",
                "/charges/{payment}/refunds",
            ),
        ];
        for (method, address, called, word, filled) in rows {
            let call = Call {
                method: method.to_owned(),
                path: address.to_owned(),
                called: called.to_owned(),
                statuses: Vec::new(),
            };
            let found: Vec<&str> = Operation::all()
                .filter(|operation| looks_like(*operation, &call))
                .map(Operation::word)
                .collect();
            assert_eq!(found, [word], "{address}");
            assert_eq!(path(&call), filled);
        }
    }
}
