//! What clients of CALM send, read member by member.

use serde_json::{Map, Value};

use super::errors::CalmError;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::enrolments::NewEnrolment;
use crate::wire::edge::read::{Flaw, Members};
use crate::wire::edge::{Request, document};

/// Members of a billing address, in the order of the documentation.
const ADDRESS: [&str; 9] = [
    "name",
    "company",
    "address1",
    "address2",
    "city",
    "region",
    "country",
    "postal_code",
    "phone",
];

/// An enrolment, or everything that is wrong with the request for it.
pub(super) fn enrolment(request: &Request) -> Result<NewEnrolment, CalmError> {
    document::read(&document::object(request)?, read)
}

fn read(members: &Members<'_>) -> Option<NewEnrolment> {
    let alias = members.required_string("pan_alias", TEXT_BYTES_MAX);
    if alias == Some("") {
        members.flaw("pan_alias", Flaw::Value, "must not be empty");
    }
    let month = members.required_integer("exp_month");
    let year = members.required_integer("exp_year");
    let expiry = month
        .zip(year)
        .and_then(|(month, year)| members.expiry("exp_month", month, "exp_year", year));
    let has_cvc = members.string("cvv_alias", TEXT_BYTES_MAX).is_some();
    let holder = holder(members);
    Some(NewEnrolment {
        alias: alias?.to_owned(),
        expiry: expiry?,
        has_cvc,
        holder,
    })
}

/// What is known of the holder, as the answer shows it; None when nothing was given.
fn holder(members: &Members<'_>) -> Option<String> {
    let mut info = Map::new();
    if let Some(name) = members.string("name", TEXT_BYTES_MAX) {
        info.insert("name".to_owned(), name.into());
    }
    if let Some(address) = members.object("billing_address") {
        let mut shown = Map::new();
        for name in ADDRESS {
            if let Some(text) = text_or_number(&address, name) {
                shown.insert(name.to_owned(), text.into());
            }
        }
        info.insert("billing_address".to_owned(), Value::Object(shown));
    }
    (!info.is_empty()).then(|| Value::Object(info).to_string())
}

/// The sample sends the postal code as a number and gets a string back.
fn text_or_number(address: &Members<'_>, name: &str) -> Option<String> {
    if name == "postal_code"
        && let Some(Value::Number(number)) = address.get(name)
    {
        return Some(number.to_string());
    }
    address.string(name, TEXT_BYTES_MAX).map(str::to_owned)
}
