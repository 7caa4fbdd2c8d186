//! What is wrong with the form of an operation: its statuses, what it waits for, how its list goes on, and its requests.

use super::super::super::closest;
use super::super::super::mistake::Mistake;
use super::super::request::Template;
use super::super::steps::Steps;
use super::super::{Declared, Fact, Operation, Outcome};

/// The methods that a request may have.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What is wrong with how an operation is carried out.
pub(super) fn of_steps(
    declared: &Declared,
    operation: Operation,
    steps: &Steps,
    found: &mut Vec<Mistake>,
) {
    let at = ["operations", operation.word()];
    let mut say = |message: String| found.push(Mistake::new(&at, message));
    if steps.requests.is_empty() {
        say("needs one [[…requests]] at least".to_owned());
    }
    if steps.accept.is_empty() {
        say("needs `accept`: the statuses that mean success, such as [200, 201]".to_owned());
    }
    if let Some(wrong) = steps.accept.iter().find(|s| !(100..600).contains(*s)) {
        say(format!("accept: {wrong} is not a status"));
    }
    if let Some(pages) = &steps.pages {
        let names = |variable| steps.requests.iter().any(|one| one.mentions(variable));
        if pages.counts() && !names("page") && !names("offset") {
            say("pages leads nowhere: write `cursor` or `next`, or {page} or {offset} in the request".to_owned());
        }
        if !pages.cursor.is_empty() && !pages.next.is_empty() {
            say("pages: `cursor` and `next` are two ways, and one is enough".to_owned());
        }
        if !pages.cursor.is_empty() && !names("cursor") {
            say("pages.cursor is never used: no request names {cursor?}".to_owned());
        }
        if pages.size == Some(0) || pages.size.is_some() != names("page_size") {
            say(
                "pages.size is what {page_size} in the request stands for: write both, or none"
                    .to_owned(),
            );
        }
    }
    if let Some(poll) = &steps.poll {
        let own = !poll.facts.is_empty() || !poll.accept.is_empty();
        if own && poll.request.is_none() {
            say("poll: `accept` and `facts` are of `request`; an operation has its own".to_owned());
        }
        if let Some(wrong) = poll.accept.iter().find(|s| !(100..600).contains(*s)) {
            say(format!("poll.accept: {wrong} is not a status"));
        }
    }
    match steps
        .poll
        .as_ref()
        .map(|poll| (poll.operation, &poll.request))
    {
        Some((Some(operation), None)) if !declared.offers(operation) => {
            let word = operation.word();
            say(format!("poll.operation: {word} is not declared"));
        }
        Some((Some(_), Some(_)) | (None, None)) => {
            say("poll needs either `operation` or `request`: what is repeated?".to_owned());
        }
        Some((Some(_), None) | (None, Some(_))) | None => {}
    }
    if !operation.pays() {
        return;
    }
    for outcome in [Outcome::Approved, Outcome::Declined] {
        let words = declared.outcomes.get(&outcome);
        let mut words = words.into_iter().flatten().peekable();
        let named = words.peek().is_some();
        let by_status = words.any(|word| word.starts_with("status:"));
        if !named || !by_status && !declared.tells(operation, Fact::Outcome) {
            let word = outcome.word();
            say(format!(
                "needs facts.outcome and outcomes.{word}, or a status such as \"status:402\" in outcomes.{word}"
            ));
        }
    }
}

/// What is wrong with one request.
pub(super) fn of_request(template: &Template, at: &[&str], found: &mut Vec<Mistake>) {
    let mut say = |member: &str, message: String| {
        found.push(Mistake::new(&[at, &[member]].concat(), message));
    };
    if !METHODS.contains(&template.method.as_str()) {
        let method = &template.method;
        let hint = closest::hint(method, &METHODS);
        say("method", format!("{method:?} is not a method{hint}"));
    }
    // A variable may be an address that an answer has told.
    let begins = ["/", "http://", "https://", "{"];
    if !begins.iter().any(|begin| template.path.starts_with(begin)) {
        let path = &template.path;
        say(
            "path",
            format!("{path:?} must begin with /, http or an address such as {{control}}"),
        );
    }
    if let Some(why) = template.misread() {
        say("body", why);
    }
}
