//! What clients of MDES send, read member by member.

use serde_json::Value;

use super::funding::{self, Funding};
use crate::domain::digitization::parse_token_unique_reference;
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::Actor;
use crate::limits::{MDES_TOKENS_MAX, TEXT_BYTES_MAX};
use crate::wire::edge::read::{Flaw, Members};

/// Names that the requestor or Mastercard chooses.
const NAME_BYTES_MAX: usize = 64;
const HOST_BYTES_MAX: usize = 256;
const AUTHENTICATION_VALUE_BYTES_MAX: usize = 2048;

/// Whether a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Must {
    Be,
    MayBe,
}

/// One of several words.
pub(super) fn one_of<'a>(
    members: &Members<'a>,
    name: &str,
    words: &[&str],
    must: Must,
) -> Option<&'a str> {
    let text = match must {
        Must::Be => members.required_string(name, NAME_BYTES_MAX),
        Must::MayBe => members.string(name, NAME_BYTES_MAX),
    }?;
    if words.contains(&text) {
        return Some(text);
    }
    let due = format!("must be one of {}", words.join(", "));
    members.flaw(name, Flaw::Value, due);
    None
}

/// What every request may say.
fn common(members: &Members<'_>, request_id: Must) {
    members.string("responseHost", HOST_BYTES_MAX);
    members.string("paymentAppInstanceId", 48);
    match request_id {
        Must::Be => members.required_string("requestId", NAME_BYTES_MAX),
        Must::MayBe => members.string("requestId", NAME_BYTES_MAX),
    };
}

fn requestor(members: &Members<'_>, must: Must) -> Option<String> {
    let name = "tokenRequestorId";
    let text = match must {
        Must::Be => members.required_string(name, 11),
        Must::MayBe => members.string(name, 11),
    }?;
    if text.len() != 11 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        members.flaw(name, Flaw::Value, "must be eleven digits");
        return None;
    }
    Some(text.to_owned())
}

fn task_id(members: &Members<'_>) -> Option<String> {
    let id = members.required_string("taskId", NAME_BYTES_MAX)?;
    if id.is_empty() {
        members.flaw("taskId", Flaw::Value, "must not be empty");
    }
    Some(id.to_owned())
}

#[derive(Debug)]
pub(super) struct Tokenize {
    pub(super) requestor: String,
    pub(super) task_id: String,
    pub(super) funding: Funding,
}

pub(super) fn tokenize(members: &Members<'_>) -> Option<Tokenize> {
    common(members, Must::MayBe);
    let requestor = requestor(members, Must::Be);
    one_of(members, "tokenType", &["CLOUD"], Must::Be);
    let task_id = task_id(members);
    let language = members.string("consumerLanguage", 2);
    if language.is_some_and(|text| text.len() != 2 || !text.bytes().all(|b| b.is_ascii_lowercase()))
    {
        let due = "must be two lower-case letters (ISO 639-1)";
        members.flaw("consumerLanguage", Flaw::Value, due);
    }
    let value = "tokenizationAuthenticationValue";
    members.string(value, AUTHENTICATION_VALUE_BYTES_MAX);
    decisioning(members);
    members.require("fundingAccountInfo");
    let funding = funding::read(members);
    Some(Tokenize {
        requestor: requestor?,
        task_id: task_id?,
        funding: funding?,
    })
}

/// What the requestor recommends. The issuer of a test card has made up its mind, so nothing depends on it.
fn decisioning(members: &Members<'_>) {
    let Some(data) = members.object("decisioningData") else {
        return;
    };
    one_of(
        &data,
        "recommendation",
        &["APPROVED", "DECLINED"],
        Must::MayBe,
    );
    one_of(
        &data,
        "recommendationAlgorithmVersion",
        &["01"],
        Must::MayBe,
    );
    for name in ["deviceScore", "accountScore"] {
        one_of(&data, name, &["1", "2", "3", "4", "5"], Must::MayBe);
    }
    texts(&data, "recommendationReasons", usize::MAX);
    data.string("deviceCurrentLocation", 14);
    data.string("deviceIpAddress", 15);
    data.string("mobileNumberSuffix", 32);
    data.string("accountIdHash", 64);
}

/// A list of texts.
fn texts<'a>(members: &Members<'a>, name: &str, count_max: usize) -> Option<Vec<&'a str>> {
    let Some(items) = members.get(name)?.as_array() else {
        members.flaw(name, Flaw::Type, "must be a list");
        return None;
    };
    if items.len() > count_max {
        members.flaw(
            name,
            Flaw::TooLong,
            format!("has more than {count_max} items"),
        );
        return None;
    }
    let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
    if texts.is_none() {
        members.flaw(name, Flaw::Type, "must be a list of strings");
    }
    texts
}

#[derive(Debug)]
pub(super) struct GetToken {
    pub(super) token: Wanted,
    pub(super) with_detail: bool,
}

/// A token by its reference, and the reference as it was written.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) reference: Option<TokenReference>,
    pub(super) text: String,
}

impl Wanted {
    fn new(text: &str) -> Self {
        Self {
            reference: parse_token_unique_reference(text),
            text: text.to_owned(),
        }
    }
}

fn wanted(members: &Members<'_>) -> Option<Wanted> {
    let text = members.required_string("tokenUniqueReference", NAME_BYTES_MAX)?;
    Some(Wanted::new(text))
}

/// The specification has the flag as a text, and shows it as a truth value.
pub(super) fn get_token(members: &Members<'_>) -> Option<GetToken> {
    common(members, Must::Be);
    let token = wanted(members);
    let name = "includeTokenDetail";
    let with_detail = match members.get(name) {
        Some(Value::Bool(flag)) => *flag,
        _ => one_of(members, name, &["true", "false"], Must::MayBe) == Some("true"),
    };
    Some(GetToken {
        token: token?,
        with_detail,
    })
}

#[derive(Debug)]
pub(super) struct Search {
    pub(super) requestor: Option<String>,
    pub(super) funding: Funding,
}

/// The account may be left out in the specification for a search by device, and there are no devices here.
pub(super) fn search(members: &Members<'_>) -> Option<Search> {
    common(members, Must::Be);
    let requestor = requestor(members, Must::MayBe);
    members.require("fundingAccountInfo");
    Some(Search {
        requestor,
        funding: funding::read(members)?,
    })
}

#[derive(Debug)]
pub(super) struct TaskStatus {
    pub(super) requestor: String,
    pub(super) task_id: String,
}

pub(super) fn task_status(members: &Members<'_>) -> Option<TaskStatus> {
    common(members, Must::Be);
    let requestor = requestor(members, Must::Be);
    let task_id = task_id(members);
    Some(TaskStatus {
        requestor: requestor?,
        task_id: task_id?,
    })
}

#[derive(Debug)]
pub(super) struct Change {
    pub(super) tokens: Vec<Wanted>,
    pub(super) caused_by: Actor,
}

/// Suspends, unsuspends or deletes.
pub(super) fn change(members: &Members<'_>) -> Option<Change> {
    common(members, Must::Be);
    let name = "tokenUniqueReferences";
    members.require(name);
    let tokens = texts(members, name, MDES_TOKENS_MAX);
    if tokens.as_ref().is_some_and(Vec::is_empty) {
        members.flaw(name, Flaw::Value, "must not be empty");
    }
    let caused_by = one_of(
        members,
        "causedBy",
        &["CARDHOLDER", "TOKEN_REQUESTOR"],
        Must::Be,
    );
    one_of(
        members,
        "reasonCode",
        &["SUSPECTED_FRAUD", "OTHER"],
        Must::Be,
    );
    members.string("reason", TEXT_BYTES_MAX);
    Some(Change {
        tokens: tokens?.into_iter().map(Wanted::new).collect(),
        caused_by: if caused_by? == "CARDHOLDER" {
            Actor::Cardholder
        } else {
            Actor::Requestor
        },
    })
}

/// Asks for a cryptogram. The merchant's unpredictable number is checked and not used: a cryptogram of standin follows from
/// its counter, so that a test can predict it.
pub(super) fn transact(members: &Members<'_>) -> Option<Wanted> {
    common(members, Must::Be);
    let token = wanted(members);
    one_of(members, "dsrpType", &["UCAF"], Must::Be);
    let number = members.string("unpredictableNumber", 8);
    if number.is_some_and(|text| text.len() != 8 || !text.bytes().all(|b| b.is_ascii_hexdigit())) {
        let due = "must be eight hexadecimal digits";
        members.flaw("unpredictableNumber", Flaw::Value, due);
    }
    token
}
