//! Bodies of JSON: checked for their media type, parsed, and read member by member with every problem found.

use std::fmt;

use serde_json::{Map, Value};

use super::http_problem::HttpProblem;
use super::read::{Flaw, Members, Problem, Problems};
use super::refusal::{Refusal, Wording};
use super::request::Request;
use super::sentence::in_small_letters;

/// Why a body cannot be read at all.
#[derive(Debug)]
pub enum Malformed {
    /// What the parser says.
    NotJson(serde_json::Error),
    NotAnObject,
    /// What else is wrong, as a sentence.
    Other(String),
}

impl Malformed {
    /// What is wrong, for surfaces whose sentences begin with a small letter.
    pub fn in_small_letters(&self) -> String {
        in_small_letters(&self.to_string())
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(error) => write!(f, "The body is not JSON: {error}"),
            Self::NotAnObject => f.write_str("The body must be a JSON object"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

/// The members of a body of this media type.
///
/// # Errors
/// When the body is of another type, no JSON, or no object.
pub(in crate::wire) fn object_of_type<Own>(
    request: &Request,
    media_type: &'static str,
) -> Result<Map<String, Value>, Refusal<Own>> {
    if !request.is_of_type(media_type) {
        return Err(HttpProblem::MediaType(media_type).into());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Err(Refusal::Malformed(Malformed::NotAnObject)),
        Err(error) => Err(Refusal::Malformed(Malformed::NotJson(error))),
    }
}

/// The members of a body of `application/json`.
///
/// # Errors
/// When the body is of another type, no JSON, or no object.
pub(in crate::wire) fn object<Own>(request: &Request) -> Result<Map<String, Value>, Refusal<Own>> {
    object_of_type(request, "application/json")
}

/// The same, where a request without a body asks for the same as `{}`.
///
/// # Errors
/// When there is a body of another type, no JSON, or no object.
pub(in crate::wire) fn object_or_empty<Own>(
    request: &Request,
) -> Result<Map<String, Value>, Refusal<Own>> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    object(request)
}

/// Reads members, and refuses with every problem that `read` found.
///
/// # Errors
/// When any was found.
pub(in crate::wire) fn read<Own: Wording, T>(
    members: &Map<String, Value>,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, Refusal<Own>> {
    read_at(members, "", read)
}

/// The same of an object that the body holds under this pointer.
///
/// # Errors
/// When any was found.
pub(in crate::wire) fn read_at<Own: Wording, T>(
    members: &Map<String, Value>,
    pointer: &str,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, Refusal<Own>> {
    let problems = Problems::new(Own::NULLS);
    let read = read(&Members::new(members, pointer, &problems));
    read.filter(|_| problems.is_empty())
        .ok_or_else(|| Refusal::Members(problems.into_vec()))
}

/// Reads an object that was sealed in the member at `pointer`.
///
/// # Errors
/// When it is no JSON or no object, or when any problem was found.
pub(in crate::wire) fn opened<Own: Wording, T>(
    pointer: &str,
    plain: &[u8],
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, Refusal<Own>> {
    match serde_json::from_slice(plain) {
        Ok(Value::Object(members)) => read_at(&members, pointer, read),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        )
        | Err(_) => Err(Refusal::Members(vec![Problem {
            pointer: pointer.to_owned(),
            flaw: Flaw::Type,
            due: "must hold a JSON object".to_owned(),
        }])),
    }
}

/// Reads the members of a body of `application/json`.
///
/// # Errors
/// When the body is of another type, no JSON or no object, or when any problem was found.
pub(in crate::wire) fn of<Own: Wording, T>(
    request: &Request,
    read_members: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, Refusal<Own>> {
    read(&object(request)?, read_members)
}
