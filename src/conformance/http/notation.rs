//! How a body is written. Whatever the notation, it is read as one document into which pointers lead: a form as an object of
//! texts; XML as objects by the names of elements, where several of one name are a list, `@name` is an attribute and `#text` the
//! text of an element that has attributes or elements besides.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::Deserialize;
use serde_json::{Map, Value};

/// As deep as a JSON document may be, too: whatever walks it goes down by recursion.
const DEPTH_MAX: usize = 128;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Notation {
    #[default]
    Json,
    Form,
    Xml,
}

impl Notation {
    /// A form comes last: other texts with a sign of equality in them could be taken for one.
    pub(crate) const ALL: [Self; 3] = [Self::Json, Self::Xml, Self::Form];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Form => "a form",
            Self::Xml => "XML",
        }
    }

    /// The body as a document, if it is one whole document in this notation.
    pub(crate) fn read(self, body: &str) -> Option<Value> {
        match self {
            Self::Json => serde_json::from_str(body).ok(),
            Self::Form => form(body),
            Self::Xml => xml(body),
        }
    }

    /// Whether a media type says that this is the notation.
    pub(crate) fn is_called(self, media_type: &str) -> bool {
        media_type.contains(match self {
            Self::Json => "json",
            Self::Form => "form-urlencoded",
            Self::Xml => "xml",
        })
    }

    /// What stands in a list. XML has no lists: whatever an element holds is one.
    pub(crate) fn list(self, value: Value) -> Value {
        match (self, value) {
            (Self::Xml, Value::Object(members)) => {
                let elements = members
                    .into_iter()
                    .filter(|(name, _)| !name.starts_with(['@', '#']));
                let items = elements.flat_map(|(_, member)| match member {
                    Value::Array(items) => items,
                    one @ (Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Object(_)) => vec![one],
                });
                Value::Array(items.collect())
            }
            (Self::Xml, Value::String(text)) if text.is_empty() => Value::Array(Vec::new()),
            (_, value) => value,
        }
    }
}

/// The pairs, each with a name.
fn form(body: &str) -> Option<Value> {
    let body = body.trim();
    let is_pair = |pair: &str| {
        pair.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty())
    };
    if !body.split('&').all(is_pair) {
        return None;
    }
    let pairs = form_urlencoded::parse(body.as_bytes());
    let members: Map<String, Value> = pairs
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    Some(Value::Object(members))
}

/// An element that has begun.
struct Element {
    name: String,
    members: Map<String, Value>,
    text: String,
}

fn xml(body: &str) -> Option<Value> {
    let mut reader = Reader::from_str(body);
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let ended = match reader.read_event().ok()? {
            Event::Start(tag) => {
                if open.len() == DEPTH_MAX {
                    return None;
                }
                open.push(Element::begun(&tag)?);
                None
            }
            Event::Empty(tag) => Some(Element::begun(&tag)?),
            Event::End(_) => Some(open.pop()?),
            Event::Text(text) => {
                say(&mut open, &text.xml_content(XmlVersion::default()).ok()?)?;
                None
            }
            Event::CData(text) => {
                say(&mut open, &text.xml_content(XmlVersion::default()).ok()?)?;
                None
            }
            Event::GeneralRef(named) => {
                let letter = match named.resolve_char_ref().ok()? {
                    Some(letter) => letter.to_string(),
                    None => {
                        let name = named.decode().ok()?;
                        quick_xml::escape::resolve_predefined_entity(&name)?.to_owned()
                    }
                };
                say(&mut open, &letter)?;
                None
            }
            // What a document declares of its own, such as an entity that stands for a file, is not followed.
            Event::DocType(_) => return None,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => None,
            Event::Eof => break,
        };
        let Some(element) = ended else { continue };
        match open.last_mut() {
            Some(parent) => parent.take(element),
            None if root.is_some() => return None,
            None => root = Some(element),
        }
    }
    let root = root.filter(|_| open.is_empty())?;
    Some(Value::Object(Map::from_iter([(
        root.name.clone(),
        root.value(),
    )])))
}

/// Adds to the text of the innermost element; around the root there may only be white space.
fn say(open: &mut [Element], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

impl Element {
    fn begun(tag: &BytesStart<'_>) -> Option<Self> {
        let name = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
        let mut members = Map::new();
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::default()).ok()?;
            let key = format!("@{}", name(attribute.key.local_name().as_ref())?);
            members.insert(key, Value::String(value.into_owned()));
        }
        Some(Self {
            name: name(tag.local_name().as_ref())?,
            members,
            text: String::new(),
        })
    }

    /// Several of one name are a list.
    fn take(&mut self, child: Self) {
        let name = child.name.clone();
        let value = child.value();
        match self.members.get_mut(&name) {
            Some(Value::Array(items)) => items.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
            None => {
                self.members.insert(name, value);
            }
        }
    }

    fn value(mut self) -> Value {
        let text = self.text.trim().to_owned();
        if self.members.is_empty() {
            return Value::String(text);
        }
        if !text.is_empty() {
            self.members.insert("#text".to_owned(), Value::String(text));
        }
        Value::Object(self.members)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_read_as_it_is_written() {
        let rows = [
            (Notation::Json, r#"{"a":[1]}"#, Some(json!({"a": [1]}))),
            (Notation::Json, r#"{"a":1} {"a":1}"#, None),
            (
                Notation::Form,
                "a=1&card[n]=x%20y+z&e=",
                Some(json!({"a": "1", "card[n]": "x y z", "e": ""})),
            ),
            (Notation::Form, "", None),
            (Notation::Form, "<html>", None),
            (Notation::Form, "a=1&b", None),
            (
                Notation::Xml,
                "<?xml version=\"1.0\"?>\n<t:token xmlns:t=\"u\" ref='a&amp;b'><state> on </state><n>1</n><n>2</n>x&#65;<none/></t:token>\n",
                Some(
                    json!({"token": {"@t": "u", "@ref": "a&b", "state": "on", "n": ["1", "2"], "none": "", "#text": "xA"}}),
                ),
            ),
            (
                Notation::Xml,
                "<a><![CDATA[<b>]]></a>",
                Some(json!({"a": "<b>"})),
            ),
            (Notation::Xml, "<a/>", Some(json!({"a": ""}))),
            (Notation::Xml, "<a>", None),
            (Notation::Xml, "<a></b>", None),
            (Notation::Xml, "<a/><a/>", None),
            (Notation::Xml, "<a/> and more", None),
            (Notation::Xml, "<a>&unknown;</a>", None),
            (
                Notation::Xml,
                "<!DOCTYPE a [<!ENTITY e SYSTEM \"x\">]><a>&e;</a>",
                None,
            ),
            (Notation::Xml, "{}", None),
            (Notation::Xml, "", None),
        ];
        for (notation, body, document) in rows {
            assert_eq!(notation.read(body), document, "{body}");
        }
        let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Notation::Xml.read(&deep(DEPTH_MAX)).is_some());
        assert!(Notation::Xml.read(&deep(DEPTH_MAX + 1)).is_none());
    }

    #[test]
    fn what_an_element_holds_is_a_list() {
        let rows = [
            ("<l><t>1</t><t>2</t></l>", json!(["1", "2"])),
            ("<l next='x'><t>1</t></l>", json!(["1"])),
            ("<l/>", json!([])),
            ("<l>text</l>", json!("text")),
        ];
        for (body, items) in rows {
            let document = Notation::Xml.read(body).unwrap();
            assert_eq!(Notation::Xml.list(document["l"].clone()), items, "{body}");
        }
        assert_eq!(Notation::Json.list(json!({"a": 1})), json!({"a": 1}));
    }
}
