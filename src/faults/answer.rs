//! What is wrong with an answer that does arrive: its status, its media type or one member of its body.

use serde::Serialize;
use serde_json::Value;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::read::{Fields, RuleError, Wait};

/// A change to an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// The surface's own error body under this status, in place of the answer. Nothing is done.
    Status {
        status: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<Wait>,
    },
    WrongContentType {
        content_type: String,
    },
    /// Takes a member of the JSON body away. `field` is a JSON pointer (RFC 6901).
    MissingField {
        field: String,
    },
    /// Adds a member that nobody documented. Replaces one that is there.
    ExtraField {
        field: String,
        value: Value,
    },
    /// Gives a member that is there another value.
    WrongValue {
        field: String,
        value: Value,
    },
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "status",
        about: "an error status with the surface's own error body; nothing is done",
        parameters: &[
            Parameter::required("status", Takes::Number, "400 to 599"),
            Parameter::optional(
                "retry_after",
                Takes::Wait,
                "what the Retry-After header says, at most a day",
                "no header",
            ),
        ],
        example: "status 503 retry_after=2s",
        read: |fields| {
            Ok(plain(Answer::Status {
                status: status(fields, None)?,
                retry_after: fields.retry_after("retry_after")?,
            }))
        },
    },
    Kind {
        word: "wrong_content_type",
        about: "the right body under a wrong Content-Type",
        parameters: &[Parameter::optional(
            "content_type",
            Takes::Text,
            "the media type",
            "text/html",
        )],
        example: "wrong_content_type text/html",
        read: |fields| {
            let content_type = fields.or("content_type", "text/html".to_owned())?;
            if content_type.is_empty()
                || !content_type
                    .bytes()
                    .all(|byte| (0x20..0x7f).contains(&byte))
            {
                return Err(
                    fields.problem("content_type", "must be a media type in printable ASCII")
                );
            }
            Ok(plain(Answer::WrongContentType { content_type }))
        },
    },
    Kind {
        word: "missing_field",
        about: "a member of the JSON body is left out",
        parameters: &[Parameter::required("field", Takes::Text, POINTER)],
        example: "missing_field /data/id",
        read: |fields| {
            Ok(plain(Answer::MissingField {
                field: pointer(fields)?,
            }))
        },
    },
    Kind {
        word: "extra_field",
        about: "the JSON body has a member that nobody documented",
        parameters: &[
            Parameter::required("field", Takes::Text, POINTER),
            Parameter::optional("value", Takes::Json, "any JSON value", "\"unexpected\""),
        ],
        example: "extra_field /data/extra value=1",
        read: |fields| {
            let value = fields.or("value", Value::from("unexpected"))?;
            Ok(plain(Answer::ExtraField {
                field: pointer(fields)?,
                value,
            }))
        },
    },
    Kind {
        word: "wrong_value",
        about: "a member of the JSON body has another value",
        parameters: &[
            Parameter::required("field", Takes::Text, POINTER),
            Parameter::optional("value", Takes::Json, "any JSON value", "false"),
        ],
        example: "wrong_value /data/state value=12",
        read: |fields| {
            let value = fields.or("value", Value::from(false))?;
            Ok(plain(Answer::WrongValue {
                field: pointer(fields)?,
                value,
            }))
        },
    },
];

const POINTER: &str = "a member, as a JSON pointer such as /data/id or a plain name";

const fn plain(answer: Answer) -> Fault {
    Fault::Plain(Plain::Answer(answer))
}

/// An HTTP status that is an error.
pub(super) fn status(fields: &mut Fields, default: Option<u32>) -> Result<u16, RuleError> {
    let number = match default {
        Some(default) => fields.or("status", default)?,
        None => fields.need("status")?,
    };
    match u16::try_from(number) {
        Ok(status @ 400..=599) => Ok(status),
        Ok(_) | Err(_) => Err(fields.problem("status", "must be from 400 to 599")),
    }
}

fn pointer(fields: &mut Fields) -> Result<String, RuleError> {
    let field: String = fields.need("field")?;
    let pointer = if field.starts_with('/') {
        field
    } else {
        format!("/{field}")
    };
    if pointer.len() < 2 || pointer.ends_with('/') {
        return Err(fields.problem("field", "must name a member, such as /data/id"));
    }
    Ok(pointer)
}

impl Answer {
    /// Changes a JSON body. False when there was nothing to change, which the journal then says.
    pub fn edit(&self, body: &mut Value) -> bool {
        match self {
            Self::Status { .. } | Self::WrongContentType { .. } => false,
            Self::MissingField { field } => remove(body, field),
            Self::ExtraField { field, value } => insert(body, field, value),
            Self::WrongValue { field, value } => match body.pointer_mut(field) {
                Some(found) => {
                    *found = value.clone();
                    true
                }
                None => false,
            },
        }
    }
}

fn remove(body: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return false;
    };
    match body.pointer_mut(parent) {
        // The others keep their order.
        Some(Value::Object(members)) => members.shift_remove(&unescaped(name)).is_some(),
        Some(Value::Array(items)) => match name.parse::<usize>() {
            Ok(place) if place < items.len() => {
                items.remove(place);
                true
            }
            Ok(_) | Err(_) => false,
        },
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => false,
    }
}

fn insert(body: &mut Value, pointer: &str, value: &Value) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return false;
    };
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(unescaped(name), value.clone());
            true
        }
        Some(Value::Array(items)) => {
            items.push(value.clone());
            true
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => false,
    }
}

/// One part of a pointer as the name that it stands for (RFC 6901, section 4).
fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn edits() {
        let missing = |field: &str| Answer::MissingField {
            field: field.to_owned(),
        };
        let extra = |field: &str| Answer::ExtraField {
            field: field.to_owned(),
            value: json!(1),
        };
        let wrong = |field: &str| Answer::WrongValue {
            field: field.to_owned(),
            value: json!(1),
        };
        let rows = [
            (
                missing("/data/id"),
                json!({"data": {"state": "a", "list": [1, 2]}}),
                true,
            ),
            (
                missing("/data/none"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2]}}),
                false,
            ),
            (
                missing("/data/list/0"),
                json!({"data": {"id": "x", "state": "a", "list": [2]}}),
                true,
            ),
            (
                missing("/data/list/2"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2]}}),
                false,
            ),
            (
                extra("/new~1one"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2]}, "new/one": 1}),
                true,
            ),
            (
                extra("/data/list/-"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2, 1]}}),
                true,
            ),
            (
                extra("/data/id/deep"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2]}}),
                false,
            ),
            (
                wrong("/data/id"),
                json!({"data": {"id": 1, "state": "a", "list": [1, 2]}}),
                true,
            ),
            (
                wrong("/data/none"),
                json!({"data": {"id": "x", "state": "a", "list": [1, 2]}}),
                false,
            ),
        ];
        for (answer, want, applied) in rows {
            let mut body = json!({"data": {"id": "x", "state": "a", "list": [1, 2]}});
            assert_eq!(answer.edit(&mut body), applied, "{answer:?}");
            assert_eq!(body, want, "{answer:?}");
        }
    }
}
