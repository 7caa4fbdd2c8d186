//! How the behaviour suite speaks to Mastercard's token service: every request signed, cards and token numbers sealed.
//! Source: the specification of MDES Digital Enablement 1.3.0 with Mastercard's API client tutorial.

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::{Answer, Sent};
use super::super::requestor::{account_data, never_used};
use super::template::{Variables, shown};
use super::{Fact, Observed, Operation, Reason, State, observed};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DIGITIZATION: &str = "/mdes/digitization/static/1/0";
const TRANSACT: &str = "/mdes/remotetransaction/static/1/0/transact";
/// A reference of the right shape that nobody was given.
const NEVER_ISSUED: &str = "DWSPMC000000000100000000000000000000000000000000";

#[derive(Debug)]
pub(crate) struct Mastercard {
    unknown: Variables,
}

impl Mastercard {
    pub(super) fn new() -> Self {
        Self {
            unknown: [("reference".to_owned(), json!(NEVER_ISSUED))].into(),
        }
    }

    pub(super) const fn unknown(&self) -> &Variables {
        &self.unknown
    }

    /// MDES takes a card with the request for its token and keeps none, hands out no short cryptograms, leaves the indicator
    /// to the merchant, and is told of no new expiry.
    pub(super) fn capabilities() -> BTreeSet<String> {
        let offered = [
            "enrol",
            "read",
            "cryptogram-long",
            "delete",
            "reference",
            "token-number",
            "token-last4",
            "token-expiry",
            "par",
            "unknown-card",
        ];
        offered.map(str::to_owned).into()
    }

    pub(super) async fn perform(
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        match operation {
            Operation::Enrol => enrol(variables, conversation).await,
            Operation::Read => {
                let body = json!({
                    "requestId": fresh()?,
                    "tokenUniqueReference": token(variables)?,
                    "includeTokenDetail": "true",
                });
                let answer = ask(conversation, &path("getToken"), &body).await?;
                Ok(observe(operation, &answer, read(&answer, conversation)))
            }
            Operation::CryptogramLong => {
                let reference = token(variables)?;
                let body = json!({
                    "requestId": fresh()?,
                    "tokenUniqueReference": reference,
                    "dsrpType": "UCAF",
                });
                let answer = ask(conversation, TRANSACT, &body).await?;
                let facts = paid(&answer, &reference, conversation);
                Ok(observe(operation, &answer, facts))
            }
            Operation::Delete => {
                let body = json!({
                    "requestId": fresh()?,
                    "tokenUniqueReferences": [token(variables)?],
                    "causedBy": "TOKEN_REQUESTOR",
                    "reasonCode": "OTHER",
                });
                let answer = ask(conversation, &path("delete"), &body).await?;
                let document = answer.json().unwrap_or(Value::Null);
                let facts = at(&document, &[(Fact::State, "/tokens/0/status")]);
                Ok(observe(operation, &answer, facts))
            }
            Operation::Store
            | Operation::CryptogramShort
            | Operation::UpdateCard
            | Operation::DeleteCard
            | Operation::List
            | Operation::ListCards
            | Operation::Suspend
            | Operation::Resume
            | Operation::Psp(_)
            | Operation::Control(_) => {
                let word = operation.word();
                Err(Broken::NotDeclared(format!("mastercard has no {word}")))
            }
        }
    }
}

/// A word that was never used before.
fn fresh() -> Held<String> {
    never_used().map_err(Broken::Suite)
}

fn path(operation: &str) -> String {
    format!("{DIGITIZATION}/{operation}")
}

async fn ask(conversation: &mut Conversation, path: &str, body: &Value) -> Held<Answer> {
    let sent = Sent::new("POST", conversation.url(path))
        .header("content-type", "application/json")
        .body(body.to_string());
    conversation.ask_mastercard(sent, None).await
}

/// A token is asked for and then read, because the answer to the first leaves out its number.
async fn enrol(variables: &Variables, conversation: &mut Conversation) -> Held<Observed> {
    let requestor = conversation.target.token_requestor.clone().ok_or_else(|| {
        let why = "the target declares no token_requestor_id, which every tokenize carries";
        Broken::NotDeclared(why.to_owned())
    })?;
    let plain = card(variables)?;
    let sealed = conversation.mastercard()?.seal(&plain);
    let task = fresh()?;
    let body = json!({
        "requestId": task,
        "tokenType": "CLOUD",
        "tokenRequestorId": requestor,
        "taskId": task,
        "fundingAccountInfo": {
            "encryptedPayload": { "encryptedData": sealed.map_err(Broken::Suite)? },
        },
    });
    let answer = ask(conversation, &path("tokenize"), &body).await?;
    let mut facts = enrolled(&answer, conversation);
    if let Some(reference) = facts.get(&Fact::Reference).cloned() {
        let body = json!({
            "requestId": task,
            "tokenUniqueReference": reference,
            "includeTokenDetail": "true",
        });
        let more = ask(conversation, &path("getToken"), &body).await?;
        let more = read(&more, conversation);
        let number = more.get(&Fact::TokenNumber).cloned();
        facts.extend(number.map(|number| (Fact::TokenNumber, number)));
    }
    Ok(observe(Operation::Enrol, &answer, facts))
}

/// A card as it is sealed in a request.
fn card(variables: &Variables) -> Held<Value> {
    let text = |name| variable(variables, name);
    let (month, year) = (text("exp_month")?, text("exp_year2")?);
    Ok(account_data(
        &text("pan")?,
        &month,
        &year,
        variables.get("cvc"),
    ))
}

/// A token by the reference that it was given. One that was refused has none, so there is nothing to ask after.
fn token(variables: &Variables) -> Held<String> {
    let why = "mastercard names no token that it has refused, so there is none to ask after";
    let reference = variables.get("reference").map(shown);
    reference.ok_or_else(|| Broken::NotDeclared(why.to_owned()))
}

fn variable(variables: &Variables, name: &str) -> Held<String> {
    let found = variables.get(name).map(shown);
    found.ok_or_else(|| Broken::Unready(format!("nothing has told {name}")))
}

type Facts = BTreeMap<Fact, Value>;

fn at(document: &Value, places: &[(Fact, &str)]) -> Facts {
    let told = places.iter();
    told.filter_map(|(fact, place)| Some((*fact, document.pointer(place)?.clone())))
        .collect()
}

fn enrolled(answer: &Answer, conversation: &Conversation) -> Facts {
    let document = answer.json().unwrap_or(Value::Null);
    let mut facts = at(
        &document,
        &[
            (Fact::State, "/decision"),
            (Fact::Reference, "/tokenUniqueReference"),
        ],
    );
    facts.extend(info(&document["tokenInfo"]));
    facts.extend(detail(&document, conversation));
    facts
}

fn read(answer: &Answer, conversation: &Conversation) -> Facts {
    let document = answer.json().unwrap_or(Value::Null);
    let mut facts = at(
        &document["token"],
        &[
            (Fact::State, "/status"),
            (Fact::Reference, "/tokenUniqueReference"),
        ],
    );
    facts.extend(info(&document["token"]["tokenInfo"]));
    facts.extend(detail(&document, conversation));
    facts
}

/// The last digits, and month and year of `MMYY`.
fn info(info: &Value) -> Facts {
    let mut facts = at(
        info,
        &[
            (Fact::TokenLast4, "/tokenPanSuffix"),
            (Fact::CardLast4, "/accountPanSuffix"),
        ],
    );
    let expiry = info.get("tokenExpiry").and_then(Value::as_str);
    let expiry = expiry.filter(|text| text.len() == 4);
    if let Some((month, year)) = expiry.and_then(|text| text.split_at_checked(2)) {
        facts.insert(Fact::TokenExpMonth, json!(month));
        facts.insert(Fact::TokenExpYear, json!(year));
    }
    facts
}

/// What is told in the envelope.
fn detail(document: &Value, conversation: &Conversation) -> Facts {
    let keys = conversation.mastercard().ok();
    let opened = document
        .get("tokenDetail")
        .and_then(|sealed| keys?.open(sealed));
    let places = [
        (Fact::TokenNumber, "/tokenNumber"),
        (Fact::Par, "/paymentAccountReference"),
    ];
    opened.map_or_else(Facts::new, |opened| at(&opened, &places))
}

/// The credentials of a payment, all of them sealed. They speak of the token that was asked for, and do not repeat its name.
fn paid(answer: &Answer, reference: &str, conversation: &Conversation) -> Facts {
    let document = answer.json().unwrap_or(Value::Null);
    let keys = conversation.mastercard().ok();
    let opened = document
        .get("encryptedPayload")
        .and_then(|sealed| keys?.open(sealed));
    let Some(opened) = opened else {
        return Facts::new();
    };
    let places = [
        (Fact::Cryptogram, "/de48se43Data"),
        (Fact::TokenNumber, "/accountNumber"),
    ];
    let mut facts = at(&opened, &places);
    facts.insert(Fact::Reference, json!(reference));
    let number = opened.get("accountNumber").and_then(Value::as_str);
    let last4 = number.and_then(|number| number.get(number.len().checked_sub(4)?..));
    facts.extend(last4.map(|last4| (Fact::TokenLast4, json!(last4))));
    facts
}

fn observe(operation: Operation, answer: &Answer, facts: Facts) -> Observed {
    let document = answer.json().unwrap_or(Value::Null);
    let word = facts.get(&Fact::State).and_then(Value::as_str);
    let reason = reason(operation, word, &document);
    let refused = matches!(
        reason,
        Some(Reason::CardNotAllowed | Reason::Declined | Reason::VerificationFailed)
    );
    let state = match word.and_then(state) {
        // A token that is refused with an error is told of by nothing else.
        None if operation == Operation::Enrol && refused => Some(State::Failed),
        told => told,
    };
    Observed {
        // Where it is set so, an application error has status 200 and is told by its code.
        accepted: answer.status == 200 && document.get("errorCode").is_none(),
        declared: declared(operation),
        facts,
        state,
        reason,
        fault: false, // Its specification refuses with 500 what is the caller's mistake.
        ..observed(operation, answer.status)
    }
}

/// The facts that an answer is declared to tell.
fn declared(operation: Operation) -> BTreeSet<Fact> {
    let told: &[Fact] = match operation {
        Operation::Enrol | Operation::Read => &[
            Fact::State,
            Fact::Reference,
            Fact::TokenNumber,
            Fact::TokenLast4,
            Fact::TokenExpMonth,
            Fact::TokenExpYear,
            Fact::Par,
            Fact::CardLast4,
        ],
        Operation::CryptogramLong => &[
            Fact::Cryptogram,
            Fact::Reference,
            Fact::TokenNumber,
            Fact::TokenLast4,
        ],
        Operation::Delete => &[Fact::State],
        Operation::Store
        | Operation::CryptogramShort
        | Operation::UpdateCard
        | Operation::DeleteCard
        | Operation::List
        | Operation::ListCards
        | Operation::Suspend
        | Operation::Resume
        | Operation::Psp(_)
        | Operation::Control(_) => &[],
    };
    BTreeSet::from_iter(told.iter().copied())
}

/// A decision about a token that is asked for, or the status of one that there is.
fn state(word: &str) -> Option<State> {
    match word {
        "APPROVED" | "ACTIVE" => Some(State::Active),
        "REQUIRE_ADDITIONAL_AUTHENTICATION" | "INACTIVE" => Some(State::Pending),
        "SUSPENDED" => Some(State::Suspended),
        "DEACTIVATED" => Some(State::Deleted),
        "DECLINED" => Some(State::Failed),
        _ => None,
    }
}

fn reason(operation: Operation, word: Option<&str>, document: &Value) -> Option<Reason> {
    if word == Some("DECLINED") {
        return Some(Reason::Declined);
    }
    // A list of errors under either spelling, or one error without a list.
    let places = [
        "/errors/0/reasonCode",
        "/Errors/0/reasonCode",
        "/reasonCode",
        "/errorCode",
    ];
    let mut told = places
        .iter()
        .filter_map(|place| document.pointer(place)?.as_str());
    match told.next()? {
        "PAN_INELIGIBLE" => Some(Reason::CardNotAllowed),
        "ISSUER_DECLINED" => Some(Reason::Declined),
        "INVALID_PAN" => Some(Reason::VerificationFailed),
        "INVALID_TOKEN_UNIQUE_REFERENCE" | "NO_ACTIVE_TOKENS" => Some(Reason::NotFound),
        "INVALID_TOKEN_STATUS" if operation != Operation::Enrol => Some(Reason::NotUsable),
        code if code.starts_with("INVALID_FIELD") || code.starts_with("MISSING") => {
            Some(Reason::Invalid)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_translated() {
        let listed = |code: &str| json!({ "errors": [{ "reasonCode": code }], "errorCode": "x" });
        use Operation as O;
        let rows = [
            (O::Enrol, "PAN_INELIGIBLE", Some(Reason::CardNotAllowed)),
            (O::Enrol, "INVALID_TOKEN_STATUS", None),
            (O::Read, "INVALID_TOKEN_STATUS", Some(Reason::NotUsable)),
            (O::Delete, "NO_ACTIVE_TOKENS", Some(Reason::NotFound)),
            (O::Read, "MISSING_REQUIRED_FIELD", Some(Reason::Invalid)),
            (O::Read, "WHATEVER", None),
        ];
        for (operation, code, meaning) in rows {
            assert_eq!(reason(operation, None, &listed(code)), meaning, "{code}");
            let flat = json!({ "reasonCode": code });
            assert_eq!(reason(operation, None, &flat), meaning, "{code}");
        }
        assert_eq!(
            reason(Operation::Enrol, Some("DECLINED"), &Value::Null),
            Some(Reason::Declined)
        );
        let told = info(&json!({ "tokenExpiry": "0129" }));
        assert_eq!(told[&Fact::TokenExpYear], "29");
        assert!(info(&json!({ "tokenExpiry": "2029-01" })).is_empty());
    }
}
