//! Where an answer tells a fact: a JSON pointer, `header:NAME`, `link:RELATION`, `status`, or `absent:POINTER`, which is true where nothing is.
//! ` as FORMAT` behind it says how the value is written.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::http::Answer;
use super::format::Format;
use super::template::{Variables, fill_text, names};
use super::{link, pointer};

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Source {
    /// As it stands in the file.
    written: String,
    place: Place,
    format: Option<Format>,
}

#[derive(Clone, Debug)]
enum Place {
    Pointer(String),
    Header(String),
    /// The address in a header `Link`, by its relation.
    Link(String),
    Status,
    Absent(String),
}

/// Every way to write a source, and what it reads.
pub(crate) const FORMS: &[(&str, &str)] = &[
    (
        "/a/b",
        "a JSON pointer into the body (RFC 6901): the member b of the member a; `/list/0` is the first item of a list",
    ),
    (
        "/list/[kind=card]/id",
        "the first item of the list whose member `kind` is `card`; a variable may stand there: `[id={reference}]`",
    ),
    ("/list/[last]/id", "the last item of the list"),
    (
        "/list/[id$={token_last4}]/id",
        "the only item of the list whose member `id` ends so",
    ),
    (
        "/token/@ref",
        "in XML, an attribute; an element that has attributes or elements besides has its text at `#text`",
    ),
    ("header:location", "a header of the answer"),
    (
        "link:next",
        "the address in a header `Link` whose relation is `next` (RFC 8288)",
    ),
    ("status", "the status of the answer, as a text: `201`"),
    (
        "absent:/error",
        "`true` where the body can be read and has nothing there, otherwise `false`",
    ),
    (
        "/valid_thru as MM/YY",
        "any of these with the format in which the value is written",
    ),
];

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (place, format) = match text.rsplit_once(" as ") {
            Some((place, format)) => (place.trim(), Some(Format::parse(format.trim())?)),
            None => (text.as_str(), None),
        };
        let place = if place == "status" {
            Place::Status
        } else if let Some(name) = place.strip_prefix("header:") {
            http::HeaderName::try_from(name)
                .map_err(|_| format!("{name:?} is not the name of a header"))?;
            Place::Header(name.to_owned())
        } else if let Some(relation) = place.strip_prefix("link:") {
            if relation.is_empty() || relation.contains(char::is_whitespace) {
                return Err(format!("{relation:?} is not a relation such as next"));
            }
            Place::Link(relation.to_owned())
        } else if let Some(place) = place.strip_prefix("absent:") {
            pointer::check(place)?;
            Place::Absent(place.to_owned())
        } else {
            pointer::check(place)?;
            Place::Pointer(place.to_owned())
        };
        Ok(Self {
            written: text,
            place,
            format,
        })
    }
}

impl Source {
    /// The value that an answer has there; null is none.
    pub(crate) fn read(
        &self,
        answer: &Answer,
        document: &Value,
        variables: &Variables,
    ) -> Option<Value> {
        let found = match &self.place {
            Place::Pointer(place) => {
                let place = fill_text(place, variables).ok()?;
                pointer::at(document, &place)?.clone()
            }
            Place::Header(name) => json!(answer.header(name)?),
            Place::Link(relation) => json!(link::target(answer.all("link"), relation)?),
            Place::Status => json!(answer.status.to_string()),
            // An answer that could not be read says nothing, not even that something is missing.
            Place::Absent(_) if document.is_null() => return None,
            Place::Absent(place) => {
                let place = fill_text(place, variables).ok()?;
                json!(pointer::at(document, &place).is_none_or(Value::is_null))
            }
        };
        if found.is_null() {
            return None;
        }
        Some(match &self.format {
            Some(format) => {
                let currency = variables.get("currency").and_then(Value::as_str);
                format.read(&found, currency.unwrap_or_default())
            }
            None => found,
        })
    }

    /// As it stands in the file.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// The variables that it names.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.place {
            Place::Pointer(place) | Place::Absent(place) => names(place),
            Place::Header(_) | Place::Link(_) | Place::Status => Vec::new(),
        }
    }
}

/// The first of several sources that tells something.
pub(crate) fn first(
    sources: &[Source],
    answer: &Answer,
    document: &Value,
    variables: &Variables,
) -> Option<Value> {
    sources
        .iter()
        .find_map(|source| source.read(answer, document, variables))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_place_stands_among_the_forms() {
        let mut seen = std::collections::BTreeSet::new();
        for (form, _) in FORMS {
            let source = Source::try_from((*form).to_owned()).unwrap();
            seen.insert(match source.place {
                Place::Pointer(_) => "pointer",
                Place::Header(_) => "header",
                Place::Link(_) => "link",
                Place::Status => "status",
                Place::Absent(_) => "absent",
            });
        }
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn a_fact_is_told_by_body_header_status_or_absence() {
        let answer = Answer {
            status: 201,
            headers: vec![
                ("Location".to_owned(), "/tokens/t1".to_owned()),
                ("Link".to_owned(), "</t?p=1>; rel=first".to_owned()),
                ("Link".to_owned(), "</t?p=2>; rel=next".to_owned()),
            ],
            body: String::new(),
        };
        let document = json!({"exp": "0731", "list": [{"id": "a", "v": 1}, {"id": "b", "v": 2}], "gone": null});
        let variables = Variables::from([("wanted".to_owned(), json!("b"))]);
        let rows = [
            ("/exp as MMYY", Some(json!("2031-07"))),
            ("/exp", Some(json!("0731"))),
            ("header:location as tail", Some(json!("t1"))),
            ("link:next", Some(json!("/t?p=2"))),
            ("link:prev", None),
            ("/list/[last]/v", Some(json!(2))),
            ("status", Some(json!("201"))),
            ("absent:/gone", Some(json!(true))),
            ("absent:/exp", Some(json!(false))),
            ("/gone", None),
            ("/list/[id={wanted}]/v", Some(json!(2))),
        ];
        for (text, found) in rows {
            let source = Source::try_from(text.to_owned()).unwrap();
            assert_eq!(source.read(&answer, &document, &variables), found, "{text}");
        }
        let source = Source::try_from("absent:/error".to_owned()).unwrap();
        assert_eq!(source.read(&answer, &Value::Null, &variables), None);
        for wrong in [
            "exp",
            "/a~2",
            "/exp as MYM",
            "header:a b",
            "link:",
            "/list/[first]",
            "absent:x",
            "/[a",
        ] {
            assert!(Source::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
