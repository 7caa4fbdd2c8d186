//! Security codes in what a target says. Three digits may be anything, so that they are a code only under a name that says so, or
//! under one under which they were sent.

use serde_json::Value;

use super::http::Notation;
use super::search::is_member;
use super::world::World;

/// What people call a security code, without what stands between the words.
const CODE_NAMES: [&str; 9] = [
    "cvc",
    "cvv",
    "csc",
    "cvn",
    "securitycode",
    "securitydigits",
    "cardcode",
    "verificationvalue",
    "verificationcode",
];

/// The security codes of a scenario's cards, each with the names under which the scenario has sent it.
pub(crate) struct Codes(Vec<(String, Vec<String>)>);

impl Codes {
    pub(crate) fn of(world: &World) -> Self {
        let codes = world.taken.iter().filter_map(|card| card.cvc.clone());
        Self(codes.map(|code| sent_under(world, code)).collect())
    }

    /// What of them a document tells.
    pub(crate) fn told_in(&self, document: &Value) -> Option<&'static str> {
        let found = self.0.iter().any(|(code, names)| {
            let mut told = Vec::new();
            names_of(document, code, &mut told);
            let mut told = told.iter();
            told.any(|name| names.contains(name) || is_code(name))
        });
        found.then_some("the security code")
    }
}

/// A security code, with the names under which it stands in what a scenario has sent.
fn sent_under(world: &World, code: String) -> (String, Vec<String>) {
    let bodies = world.talk.exchanges.iter();
    let bodies = bodies.filter_map(|exchange| exchange.sent.body.as_deref());
    let mut names = Vec::new();
    for body in bodies.filter(|body| body.contains(&code)) {
        if let Some(sent) = Notation::ALL.into_iter().find_map(|it| it.read(body)) {
            names_of(&sent, &code, &mut names);
        }
    }
    (code, names)
}

fn is_code(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    CODE_NAMES.iter().any(|code| plain.contains(code))
}

/// The names of the members that are the text and nothing else.
fn names_of(place: &Value, text: &str, names: &mut Vec<String>) {
    match place {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Object(_) | Value::Array(_) => names_of(member, text, names),
                    Value::String(_) | Value::Number(_) if is_member(member, text) => {
                        names.push(name.clone());
                    }
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names_of(item, text, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_one_by_its_name_or_by_what_it_was_sent_as() {
        let codes = Codes(vec![("737".to_owned(), vec!["pin".to_owned()])]);
        for (document, told) in [
            (json!({"securityCode": 737}), true),
            (json!({"a": [{"card_cvc": "737"}]}), true),
            // As the scenario sent it in another request.
            (json!({"job": {"pin": "737"}}), true),
            (json!({"code": "737"}), false),
            (json!({"cvc": "7370"}), false),
        ] {
            assert_eq!(codes.told_in(&document).is_some(), told, "{document}");
        }
    }
}
