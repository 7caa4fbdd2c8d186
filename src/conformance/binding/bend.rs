//! One thing that is wrong with a request on purpose: what a client with a bug sends. The target must refuse it as the
//! client's mistake.

use std::ops::Range;

use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::http::Sent;
use super::template::names;

/// A method that no API of tokens or payments has.
pub(crate) const NO_METHOD: &str = "PROPFIND";
/// So long that no field of a payment API takes it.
const TOO_LONG: usize = 5000;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bend {
    /// The body ends in the middle.
    Cut,
    /// There is no body.
    Empty,
    /// The member that holds the variable is left out.
    Without(&'static str),
    /// The member that holds the variable is an object.
    Object(&'static str),
    /// The member that holds the variable is a text of thousands of characters.
    TooLong(&'static str),
    /// The member that holds the variable is null.
    Null(&'static str),
    /// The member that holds the variable is an empty text.
    EmptyText(&'static str),
    /// The body is in a list.
    List,
    /// The method is one that the path cannot have.
    Method,
}

impl Bend {
    fn variable(&self) -> Option<&'static str> {
        match self {
            Self::Without(name)
            | Self::Object(name)
            | Self::TooLong(name)
            | Self::Null(name)
            | Self::EmptyText(name) => Some(name),
            Self::Cut | Self::Empty | Self::List | Self::Method => None,
        }
    }

    /// Changes a JSON body before it is filled.
    pub(super) fn template(&self, body: &mut Value) -> Held {
        let Some(name) = self.variable() else {
            if *self == Self::List {
                *body = Value::Array(vec![body.take()]);
            }
            return Ok(());
        };
        if self.walk(body, name) {
            return Ok(());
        }
        Err(unnamed(name))
    }

    fn walk(&self, place: &mut Value, name: &str) -> bool {
        match place {
            Value::Object(members) => {
                let holding = members
                    .iter()
                    .find(|(_, member)| member.as_str().is_some_and(|text| holds(text, name)))
                    .map(|(key, _)| key.clone());
                let Some(key) = holding else {
                    return members.values_mut().any(|member| self.walk(member, name));
                };
                match self {
                    Self::Object(_) => members.insert(key, json!({ "unexpected": ["object"] })),
                    Self::TooLong(_) => members.insert(key, json!("9".repeat(TOO_LONG))),
                    Self::Null(_) => members.insert(key, Value::Null),
                    Self::EmptyText(_) => members.insert(key, json!("")),
                    Self::Without(_) | Self::Cut | Self::Empty | Self::List | Self::Method => {
                        members.shift_remove(&key)
                    }
                };
                true
            }
            Value::Array(items) => items.iter_mut().any(|item| self.walk(item, name)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }

    /// Changes a form before it is filled.
    pub(super) fn form(&self, text: &str) -> Held<String> {
        if *self == Self::List {
            let why = "the request has a form, which is no list";
            return Err(Broken::NotDeclared(why.to_owned()));
        }
        if *self == Self::Cut && names(text).is_empty() {
            let why = "a form that is cut off is still a form, and this one holds nothing that must be there";
            return Err(Broken::NotDeclared(why.to_owned()));
        }
        let Some(name) = self.variable() else {
            return Ok(text.to_owned());
        };
        let mut found = false;
        let mut pairs = Vec::new();
        for pair in text.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if found || !holds(value, name) {
                pairs.push(pair.to_owned());
                continue;
            }
            found = true;
            match self {
                Self::Object(_) => pairs.push(format!("{key}[unexpected]=object")),
                Self::TooLong(_) => pairs.push(format!("{key}={}", "9".repeat(TOO_LONG))),
                Self::Null(_) | Self::EmptyText(_) => pairs.push(format!("{key}=")),
                Self::Without(_) | Self::Cut | Self::Empty | Self::List | Self::Method => {}
            }
        }
        if found {
            Ok(pairs.join("&"))
        } else {
            Err(unnamed(name))
        }
    }

    /// Changes XML before it is filled.
    pub(super) fn xml(&self, text: &str) -> Held<String> {
        if *self == Self::List {
            let (head, root) = match text.find("?>") {
                Some(at) => text.split_at(at + 2),
                None => ("", text),
            };
            return Ok(format!("{head}<list>{root}</list>"));
        }
        let Some(name) = self.variable() else {
            return Ok(text.to_owned());
        };
        let place = Spot::of(text, name).ok_or_else(|| unnamed(name))?;
        let instead = match self {
            Self::Without(_) => {
                return Ok([&text[..place.whole.start], &text[place.whole.end..]].concat());
            }
            Self::Object(_) if place.is_attribute => {
                let why = "the number or month is an attribute, which can hold no elements";
                return Err(Broken::NotDeclared(why.to_owned()));
            }
            Self::Object(_) => "<unexpected>object</unexpected>".to_owned(),
            Self::TooLong(_) => "9".repeat(TOO_LONG),
            Self::Null(_)
            | Self::EmptyText(_)
            | Self::Cut
            | Self::Empty
            | Self::List
            | Self::Method => String::new(),
        };
        Ok([
            &text[..place.inner.start],
            &instead,
            &text[place.inner.end..],
        ]
        .concat())
    }

    /// Changes the request once it is filled.
    pub(super) fn sent(&self, sent: &mut Sent) -> Held {
        match self {
            Self::Cut => {
                let body = sent.body.take().filter(|body| body.len() > 2);
                let body = body.ok_or_else(|| {
                    Broken::NotDeclared("the request has no body that could be cut".to_owned())
                })?;
                let middle = (body.len() / 2..body.len()).find(|at| body.is_char_boundary(*at));
                sent.body = body.get(..middle.unwrap_or_default()).map(str::to_owned);
            }
            Self::Empty => sent.body = None,
            Self::Method => NO_METHOD.clone_into(&mut sent.method),
            Self::Without(_)
            | Self::Object(_)
            | Self::TooLong(_)
            | Self::Null(_)
            | Self::EmptyText(_)
            | Self::List => {}
        }
        Ok(())
    }
}

/// Where in a text of XML a variable stands: the element or attribute that holds it, and what that has inside.
struct Spot {
    whole: Range<usize>,
    inner: Range<usize>,
    is_attribute: bool,
}

impl Spot {
    fn of(text: &str, name: &str) -> Option<Self> {
        let mut opening = text.match_indices('{').map(|(at, _)| at);
        let at = opening.find(|at| {
            let end = text[*at..].find('}').map_or(text.len(), |end| at + end + 1);
            holds(&text[*at..end], name)
        })?;
        let before = &text[..at];
        let tag = before.rfind('<')?;
        let Some(start) = before.rfind('>').filter(|closed| *closed > tag) else {
            let quote = before.rfind(['"', '\''])?;
            let mark = text[quote..].chars().next()?;
            let end = at + text[at..].find(mark)?;
            let begin = text[..quote].rfind(char::is_whitespace)?;
            return Some(Self {
                whole: begin..end + 1,
                inner: quote + 1..end,
                is_attribute: true,
            });
        };
        let end = at + text[at..].find("</")?;
        let behind = end + text[end..].find('>')? + 1;
        Some(Self {
            whole: tag..behind,
            inner: start + 1..end,
            is_attribute: false,
        })
    }
}

fn holds(text: &str, name: &str) -> bool {
    names(text)
        .iter()
        .any(|found| found.trim_end_matches('?') == name)
}

fn unnamed(name: &str) -> Broken {
    Broken::NotDeclared(format!(
        "the body of the request has no member with {{{name}}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_is_bent_wherever_it_stands() {
        let body = json!({"a": [{"n": "{pan}", "m": "{expiry:MMYY}"}], "b": 1});
        let bent = |bend: Bend| {
            let mut body = body.clone();
            bend.template(&mut body).map(|()| body)
        };
        assert_eq!(
            bent(Bend::Without("pan")),
            Ok(json!({"a": [{"m": "{expiry:MMYY}"}], "b": 1}))
        );
        assert_eq!(
            bent(Bend::Object("expiry")).unwrap()["a"][0]["m"],
            json!({"unexpected": ["object"]})
        );
        assert!(bent(Bend::Without("cvc")).is_err());
        let form = Bend::Without("pan").form("x=1&card[number]={pan}");
        assert_eq!(form.as_deref(), Ok("x=1"));
        let xml = "<?xml version='1.0'?><c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c>";
        let bent = |bend: Bend| {
            bend.xml(xml)
                .map(|text| text.replacen("<?xml version='1.0'?>", "", 1))
        };
        for (bend, left) in [
            (Bend::Without("pan"), "<c m='1'><x>{expiry:MM/YY}</x></c>"),
            (
                Bend::Null("pan"),
                "<c n=\"\" m='1'><x>{expiry:MM/YY}</x></c>",
            ),
            (Bend::Without("expiry"), "<c n=\"{pan}\" m='1'></c>"),
            (
                Bend::EmptyText("expiry"),
                "<c n=\"{pan}\" m='1'><x></x></c>",
            ),
            (
                Bend::Object("expiry"),
                "<c n=\"{pan}\" m='1'><x><unexpected>object</unexpected></x></c>",
            ),
            (
                Bend::List,
                "<list><c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c></list>",
            ),
            (Bend::Cut, "<c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c>"),
        ] {
            assert_eq!(bent(bend).as_deref(), Ok(left));
        }
        assert!(bent(Bend::Object("pan")).is_err() && bent(Bend::Without("cvc")).is_err());
        assert!(Bend::Cut.form("x=1").is_err());
        assert!(Bend::Cut.form("x={pan}").is_ok());
    }
}
