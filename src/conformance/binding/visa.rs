//! How the behaviour suite speaks to Visa's token service: every request signed, the card and the token number in envelopes.
//! Sources: visa/mcp, visa/vic-reference-agent and the samples of payment services.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::{Answer, Sent};
use super::template::{Variables, shown};
use super::{Fact, Observed, Operation, Reason, State, observed};

const ENROLMENTS: &str = "/vts/panEnrollments";
const TOKENS: &str = "/vts/provisionedTokens";
/// A name that nobody was given.
const NEVER_ISSUED: &str = "00000000000000000000000000000000";

/// See the module.
#[derive(Debug)]
pub(crate) struct Visa {
    unknown: Variables,
}

impl Visa {
    pub(super) fn new() -> Self {
        let unknown = ["card", "reference"].map(|name| (name.to_owned(), json!(NEVER_ISSUED)));
        Self {
            unknown: unknown.into_iter().collect(),
        }
    }

    pub(super) const fn unknown(&self) -> &Variables {
        &self.unknown
    }

    /// Everything but a change of the card on file, which no source shows.
    pub(super) fn capabilities() -> BTreeSet<String> {
        let offered = [
            "store",
            "enrol",
            "read",
            "cryptogram-long",
            "cryptogram-short",
            "cryptogram-by-card",
            "eci",
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
        let request = request(operation, variables, conversation)?;
        let answer = conversation.ask_visa(request, None).await?;
        Ok(observe(operation, variables, &answer, conversation))
    }
}

fn request(operation: Operation, variables: &Variables, conversation: &Conversation) -> Held<Sent> {
    let (method, path, body) = match operation {
        Operation::Store => (
            "POST",
            ENROLMENTS.to_owned(),
            card(variables, conversation)?,
        ),
        Operation::Enrol => {
            let card = variable(variables, "card")?;
            let body = json!({ "presentationType": ["ECOM"], "protectionType": "CLOUD" });
            (
                "POST",
                format!("{ENROLMENTS}/{card}/provisionedTokens"),
                body,
            )
        }
        Operation::Read => ("GET", token(variables)?, Value::Null),
        Operation::CryptogramLong => ("POST", paying(variables)?, payment("TAVV")),
        Operation::CryptogramShort => ("POST", paying(variables)?, payment("DTVV")),
        Operation::Delete => {
            let body = json!({ "updateReason": { "reasonCode": "CUSTOMER_CONFIRMED" } });
            ("PUT", format!("{}/delete", token(variables)?), body)
        }
        Operation::UpdateCard => {
            let why = "no source shows how Visa is told of a new expiry".to_owned();
            return Err(Broken::NotDeclared(why));
        }
        Operation::DeleteCard
        | Operation::List
        | Operation::ListCards
        | Operation::Suspend
        | Operation::Resume
        | Operation::Psp(_)
        | Operation::Control(_) => {
            let why = format!("visa has no {}", operation.word());
            return Err(Broken::NotDeclared(why));
        }
    };
    let sent = Sent::new(method, conversation.url(&path));
    if body.is_null() {
        return Ok(sent);
    }
    Ok(sent
        .header("content-type", "application/json")
        .body(body.to_string()))
}

fn card(variables: &Variables, conversation: &Conversation) -> Held<Value> {
    let mut plain = json!({
        "accountNumber": variable(variables, "pan")?,
        "name": "Jane Doe",
        "expirationDate": {
            "month": variable(variables, "exp_month")?,
            "year": variable(variables, "exp_year4")?,
        },
    });
    if let Some(cvc) = variables.get("cvc") {
        plain["cvv2"] = cvc.clone();
    }
    let sealed = conversation.visa()?.seal(&plain).map_err(Broken::Suite)?;
    Ok(json!({
        "panSource": "MANUALLYENTERED",
        "consumerEntryMode": "KEYENTERED",
        "encPaymentInstrument": sealed,
    }))
}

/// A token by the name that the network gave it. One that it refused has none, so there is nothing to ask after.
fn token(variables: &Variables) -> Held<String> {
    match variables.get("reference") {
        Some(reference) => Ok(format!("{TOKENS}/{}", shown(reference))),
        None => Err(Broken::NotDeclared(
            "visa names no token that it has refused, so there is none to read".to_owned(),
        )),
    }
}

/// Payment data of a token; of a card that has none, under the only name that there is, the card's.
fn paying(variables: &Variables) -> Held<String> {
    let name = match variables.get("reference") {
        Some(reference) => shown(reference),
        None => variable(variables, "card")?,
    };
    Ok(format!("{TOKENS}/{name}/paymentData"))
}

fn payment(kind: &str) -> Value {
    json!({
        "clientPaymentDataID": "standin-conform",
        "cryptogramType": kind,
        "paymentRequest": { "transactionType": "ECOM" },
    })
}

fn variable(variables: &Variables, name: &str) -> Held<String> {
    let found = variables.get(name).map(shown);
    found.ok_or_else(|| Broken::Unready(format!("nothing has told {name}")))
}

fn observe(
    operation: Operation,
    variables: &Variables,
    answer: &Answer,
    conversation: &Conversation,
) -> Observed {
    let document = answer.json().unwrap_or(Value::Null);
    let accepted = matches!(answer.status, 200 | 201);
    let mut facts: BTreeMap<Fact, Value> = places(operation)
        .iter()
        .filter_map(|(fact, place)| Some((*fact, document.pointer(place)?.clone())))
        .collect();
    if let Some(number) = number(&document, conversation) {
        facts.insert(Fact::TokenNumber, number);
    }
    let by_name = matches!(
        operation,
        Operation::Read | Operation::CryptogramLong | Operation::CryptogramShort
    );
    // These answers speak of the token that the path names, and repeat no name that a source shows.
    if let Some(reference) = variables.get("reference").filter(|_| by_name && accepted) {
        facts.insert(Fact::Reference, reference.clone());
    }
    let reason = reason(operation, answer.status, &document);
    let refused = matches!(
        reason,
        Some(Reason::CardNotAllowed | Reason::Declined | Reason::VerificationFailed)
    );
    let word = facts.get(&Fact::State).and_then(Value::as_str);
    let state = match word.and_then(state) {
        // A token that is refused is told of by the error and by nothing else.
        None if operation == Operation::Enrol && refused => Some(State::Failed),
        told => told,
    };
    Observed {
        accepted,
        declared: declared(operation),
        facts,
        state,
        reason,
        ..observed(operation, answer.status)
    }
}

/// Where an answer tells what.
fn places(operation: Operation) -> &'static [(Fact, &'static str)] {
    match operation {
        Operation::Store => &[
            (Fact::Card, "/vPanEnrollmentID"),
            (Fact::CardLast4, "/paymentInstrument/last4"),
            (Fact::Reason, "/errorResponse/reason"),
        ],
        Operation::Enrol => &[
            (Fact::Reference, "/vProvisionedTokenID"),
            (Fact::State, "/tokenInfo/tokenStatus"),
            (Fact::TokenLast4, "/tokenInfo/last4"),
            (Fact::TokenExpMonth, "/tokenInfo/expirationDate/month"),
            (Fact::TokenExpYear, "/tokenInfo/expirationDate/year"),
            (Fact::Par, "/paymentInstrument/paymentAccountReference"),
            (Fact::CardLast4, "/paymentInstrument/last4"),
            (Fact::Reason, "/errorResponse/reason"),
        ],
        Operation::Read => &[
            (Fact::State, "/tokenInfo/tokenStatus"),
            (Fact::TokenExpMonth, "/tokenInfo/expirationDate/month"),
            (Fact::TokenExpYear, "/tokenInfo/expirationDate/year"),
            (Fact::Reason, "/errorResponse/reason"),
        ],
        Operation::CryptogramLong | Operation::CryptogramShort => &[
            (Fact::Cryptogram, "/cryptogramInfo/cryptogram"),
            (Fact::Eci, "/cryptogramInfo/eci"),
            (Fact::TokenLast4, "/tokenInfo/last4"),
            (Fact::Reason, "/errorResponse/reason"),
        ],
        Operation::Delete | Operation::UpdateCard => &[(Fact::Reason, "/errorResponse/reason")],
        Operation::DeleteCard
        | Operation::List
        | Operation::ListCards
        | Operation::Suspend
        | Operation::Resume
        | Operation::Psp(_)
        | Operation::Control(_) => &[],
    }
}

/// The facts that an answer is declared to tell: those at their places, and those that are told otherwise.
fn declared(operation: Operation) -> BTreeSet<Fact> {
    let mut declared: BTreeSet<Fact> = places(operation).iter().map(|(fact, _)| *fact).collect();
    match operation {
        Operation::Enrol => {
            declared.insert(Fact::TokenNumber);
        }
        Operation::Read => {
            declared.insert(Fact::Reference);
        }
        Operation::CryptogramLong | Operation::CryptogramShort => {
            declared.extend([Fact::Reference, Fact::TokenNumber]);
        }
        Operation::Store
        | Operation::Delete
        | Operation::UpdateCard
        | Operation::DeleteCard
        | Operation::List
        | Operation::ListCards
        | Operation::Suspend
        | Operation::Resume
        | Operation::Psp(_)
        | Operation::Control(_) => {}
    }
    declared
}

/// The token's number, which comes in an envelope.
fn number(document: &Value, conversation: &Conversation) -> Option<Value> {
    let envelope = document.pointer("/tokenInfo/encTokenInfo")?.as_str()?;
    let opened = conversation.visa().ok()?.open(envelope)?;
    opened.get("token").cloned()
}

fn state(word: &str) -> Option<State> {
    match word {
        "ACTIVE" => Some(State::Active),
        "INACTIVE" => Some(State::Pending),
        "SUSPENDED" => Some(State::Suspended),
        // Visa's own client says one, payment services say the other.
        "DELETED" | "DEACTIVATED" => Some(State::Deleted),
        _ => None,
    }
}

fn reason(operation: Operation, status: u16, document: &Value) -> Option<Reason> {
    let word = document.pointer("/errorResponse/reason")?.as_str()?;
    match (word, status) {
        // The network goes on showing a deleted token. That it is gone is said by its status, here and in other answers.
        ("invalidTokenStatus", _) if operation == Operation::Delete => Some(Reason::NotFound),
        ("invalidTokenStatus", _) if operation != Operation::Enrol => Some(Reason::NotUsable),
        ("cardNotEligible" | "cardNotAllowed" | "provisionNotAllowed", _) => {
            Some(Reason::CardNotAllowed)
        }
        ("declined", _) => Some(Reason::Declined),
        ("cardVerificationFailed", _) => Some(Reason::VerificationFailed),
        ("invalidParameter", _) => Some(Reason::Invalid),
        (_, 404) => Some(Reason::NotFound),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_translated() {
        let said = |word: &str| json!({ "errorResponse": { "reason": word } });
        let rows = [
            (
                Operation::Delete,
                403,
                "invalidTokenStatus",
                Some(Reason::NotFound),
            ),
            (
                Operation::CryptogramLong,
                403,
                "invalidTokenStatus",
                Some(Reason::NotUsable),
            ),
            (Operation::Enrol, 403, "invalidTokenStatus", None),
            (
                Operation::Enrol,
                403,
                "cardNotEligible",
                Some(Reason::CardNotAllowed),
            ),
            (Operation::Read, 404, "whatever", Some(Reason::NotFound)),
            (Operation::Read, 500, "systemError", None),
        ];
        for (operation, status, word, meaning) in rows {
            assert_eq!(reason(operation, status, &said(word)), meaning, "{word}");
        }
        assert_eq!(reason(Operation::Read, 404, &Value::Null), None);
        assert_eq!(state("INACTIVE"), Some(State::Pending));
        assert_eq!(state("active"), None);
    }
}
