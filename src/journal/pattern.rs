//! What one entry must be like in a question: the fields of a filter, headers of its request, and members of its two bodies. Matching looks at the
//! bytes as they came; whatever is shown of them is masked.

use serde_json::{Map, Value};

use super::filter::{self, Field, Filter, FilterError};
use super::member::{Bodies, Member, Side};
use super::stored::Stored;
use crate::domain::words::unknown;
use crate::limits::VERIFY_MEMBERS_MAX;
use crate::matching::{Difference, split_values};

/// Without any want everything matches.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    filter: Filter,
    members: Vec<Member>,
}

impl Pattern {
    /// Reads a pattern from a tree of values; `place` says where it stands.
    ///
    /// # Errors
    /// When a member is unknown or none that could match.
    pub fn read(place: &str, value: &Value) -> Result<Self, FilterError> {
        let mut pattern = Self::default();
        for (name, value) in object(place, value)? {
            let inside = format!("{place}.{name}");
            if let Some(side) = Side::ALL.into_iter().find(|side| side.word() == name) {
                pattern.read_members(&inside, side, object(&inside, value)?)?;
            } else if let Some(field) = Field::find(name) {
                let added = pattern.filter.add_json(field, value);
                added.map_err(|problem| wrong(&inside, &problem))?;
            } else {
                let sides = Side::ALL.map(Side::word);
                let fields = Field::ALL.map(Field::word);
                let known: Vec<_> = fields.into_iter().chain(sides).collect();
                return Err(wrong(&inside, &unknown(name, &known)));
            }
        }
        Ok(pattern)
    }

    /// Adds one want as a query writes it: a field, or `header:NAME` or `request:/POINTER` and a text, or `request:/POINTER:`
    /// and JSON.
    ///
    /// # Errors
    /// When the name or the value is none that could match.
    pub fn add(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        let Some((word, pointer)) = name.split_once(':') else {
            let mut values = split_values(value).into_iter();
            return values.try_for_each(|value| filter::add(&mut self.filter, name, &value));
        };
        let side = Side::ALL.into_iter().find(|side| side.word() == word);
        let side = side.ok_or_else(|| wrong(name, &unknown(word, &Side::ALL.map(Side::word))))?;
        let (pointer, wanted) = match pointer.strip_suffix(':') {
            Some(pointer) => {
                let read = serde_json::from_str(value);
                let no_json = |error| wrong(name, &format!("the value is no JSON: {error}"));
                (pointer, read.map_err(no_json)?)
            }
            None => (pointer, Value::from(value)),
        };
        let named = |member: &Member| member.side == side && member.pointer == pointer;
        if self.members.iter().any(named) {
            return Err(wrong(name, "is given twice"));
        }
        let members = Map::from_iter([(pointer.to_owned(), wanted)]);
        self.read_members(name, side, &members)
    }

    fn read_members(
        &mut self,
        place: &str,
        side: Side,
        members: &Map<String, Value>,
    ) -> Result<(), FilterError> {
        for (pointer, wanted) in members {
            if side == Side::Header {
                self.read_header(place, pointer, wanted)?;
                continue;
            }
            if !pointer.is_empty() && !pointer.starts_with('/') {
                let problem = format!("is no JSON pointer, which begins with '/': {pointer:?}");
                return Err(wrong(place, &problem));
            }
            self.push(place, side, pointer.clone(), wanted)?;
        }
        Ok(())
    }

    /// A header is told by its name in any case; its value is a text, or null where it must not be there.
    fn read_header(&mut self, place: &str, name: &str, wanted: &Value) -> Result<(), FilterError> {
        let known = http::HeaderName::try_from(name);
        let known = known.map_err(|_| wrong(place, &format!("{name:?} is no name of a header")))?;
        if !wanted.is_string() && !wanted.is_null() {
            let problem = format!("the value of {name} must be a text, or null for none");
            return Err(wrong(place, &problem));
        }
        self.push(place, Side::Header, known.as_str().to_owned(), wanted)
    }

    fn push(
        &mut self,
        place: &str,
        side: Side,
        pointer: String,
        wanted: &Value,
    ) -> Result<(), FilterError> {
        if self.members.len() >= VERIFY_MEMBERS_MAX {
            let problem = format!("can have {VERIFY_MEMBERS_MAX} members at most");
            return Err(wrong(place, &problem));
        }
        self.members.push(Member {
            side,
            pointer,
            wanted: wanted.clone(),
        });
        Ok(())
    }

    pub fn matches(&self, entry: &Stored) -> bool {
        if !self.filter.matches(entry) {
            return false;
        }
        let mut bodies = Bodies::of(entry);
        self.members.iter().all(|member| member.found(&mut bodies))
    }

    /// Every field and member that is not as wanted, masked.
    pub fn differences(&self, entry: &Stored) -> Vec<Difference> {
        let mut bodies = Bodies::of(entry);
        let missed = self.members.iter();
        let missed = missed.filter_map(|member| member.difference(&mut bodies));
        let mut all = self.filter.differences(entry);
        all.extend(missed);
        all
    }
}

pub(super) fn object<'a>(
    place: &str,
    value: &'a Value,
) -> Result<&'a Map<String, Value>, FilterError> {
    let problem = "must be an object";
    value.as_object().ok_or_else(|| wrong(place, problem))
}

pub(super) fn wrong(place: &str, problem: &str) -> FilterError {
    FilterError {
        field: place.to_owned(),
        problem: format!("{place}: {problem}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::journal::entry::Entry;
    use crate::journal::tests::{entry, stored as stored_entry};

    fn stored(request: &'static str, response: &'static str) -> Stored {
        stored_entry(Entry {
            request: request.as_bytes(),
            response: response.as_bytes(),
            ..entry("/cards")
        })
    }

    #[test]
    fn members_of_bodies() {
        let exchange = stored(
            r#"{"a":{"b":[1,{"c":"x"}],"n":10},"pan":"4111111111111111"}"#,
            r#"{"ok":true}"#,
        );
        let form = stored("card[number]=4111111111111111&amount=1%30", "(none)");
        // What is masked as no form has no members of one.
        for body in ["[1,\"a=1", "a=1\nb=2", "\"&a=1"] {
            let nothing = Pattern::read("match", &json!({"request": {"": null}})).unwrap();
            assert!(nothing.matches(&stored(body, "")), "{body}");
        }
        let rows = [
            (json!({"header": {"x-none": null}}), true, true),
            (json!({"header": {"x-none": "a"}}), false, false),
            (json!({"request": {"/a/n": 10}}), true, false),
            (json!({"request": {"/a/n": 10.0}}), true, false),
            (json!({"request": {"/a/n": "10"}}), false, false),
            (json!({"request": {"/a/b/1/c": "x"}}), true, false),
            (json!({"request": {"/a/b": [1, {"c": "x"}]}}), true, false),
            (json!({"request": {"/a/b": [1]}}), false, false),
            (
                json!({"request": {"/pan": "4111111111111111"}}),
                true,
                false,
            ),
            (
                json!({"request": {"/pan": "411111******1111"}}),
                false,
                false,
            ),
            (json!({"request": {"/absent": null}}), true, true),
            (
                json!({"response": {"/ok": true}, "status": 201}),
                true,
                false,
            ),
            (json!({"request": {"/amount": "10"}}), false, true),
            (
                json!({"request": {"/card[number]": "4111111111111111"}}),
                false,
                true,
            ),
        ];
        for (value, of_json, of_form) in rows {
            let pattern = Pattern::read("match", &value).unwrap();
            assert_eq!(pattern.matches(&exchange), of_json, "{value}");
            assert_eq!(pattern.matches(&form), of_form, "{value}");
            assert_eq!(pattern.differences(&form).is_empty(), of_form, "{value}");
        }
    }

    #[test]
    fn what_differs_is_masked() {
        let exchange = stored(
            r#"{"pan":"4111111111111111","cvc":"123"}"#,
            r#"{"cryptogram":{"value":"AgAA","eci":"07"}}"#,
        );
        let value = json!({
            "request": { "/pan": "5555555555554444", "/cvc": "999" },
            "response": { "/cryptogram/value": "BBBB", "/cryptogram/eci": "05", "/x": 1 },
        });
        let pattern = Pattern::read("match", &value).unwrap();
        let written = |one: Difference| {
            format!(
                "{} {} {}",
                one.field,
                one.wanted,
                one.seen.unwrap_or_default()
            )
        };
        let differs = pattern.differences(&exchange).into_iter().map(written);
        let differs: Vec<_> = differs.collect();
        assert_eq!(
            differs,
            [
                r#"request:/pan "555555******4444" "411111******1111""#,
                r#"request:/cvc "***" "***""#,
                r#"response:/cryptogram/value "***" "***""#,
                r#"response:/cryptogram/eci "05" "07""#,
                "response:/x 1 ",
            ]
        );
        let form = stored("card[number]=4111111111111111&card[cvc]=123", "");
        let value = json!({ "request": { "/card[number]": "1", "/card[cvc]": "2" } });
        let pattern = Pattern::read("match", &value).unwrap();
        let differs = pattern.differences(&form).into_iter().map(written);
        let want = [
            r#"request:/card[number] "***" "411111******1111""#,
            r#"request:/card[cvc] "***" "***""#,
        ];
        assert_eq!(differs.collect::<Vec<_>>(), want);
    }

    #[test]
    fn wants_of_a_query() {
        let exchange = stored(r#"{"a":{"n":10,"t":"10"}}"#, r#"{"ok":true}"#);
        let rows: [(&[(&str, &str)], bool); 6] = [
            (&[("request:/a/t", "10"), ("status", "201")], true),
            (&[("request:/a/t", "10"), ("status", "404")], false),
            (&[("request:/a/n", "10")], false),
            (&[("request:/a/n:", "10"), ("response:/ok:", "true")], true),
            (&[("request:/a/x:", "null")], true),
            (&[("request:", "null")], false),
        ];
        for (wants, matches) in rows {
            let mut pattern = Pattern::default();
            for (name, value) in wants {
                pattern.add(name, value).unwrap();
            }
            assert_eq!(pattern.matches(&exchange), matches, "{wants:?}");
        }
        let mut pattern = Pattern::default();
        pattern.add("request:/a", "1").unwrap();
        for (name, value, problem) in [
            ("respons:/a", "1", "did you mean \"response\"?"),
            ("request:a", "1", "begins with '/'"),
            ("request:/b:", "{", "is no JSON"),
            ("request:/a:", "1", "is given twice"),
            ("stats", "1", "did you mean \"status\"?"),
        ] {
            let error = pattern.add(name, value).unwrap_err();
            assert_eq!(error.field, name);
            assert!(error.problem.contains(problem), "{error}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let rows = [
            (json!([]), "match", "must be an object"),
            (
                json!({"oparation": "x"}),
                "match.oparation",
                "did you mean \"operation\"?",
            ),
            (
                json!({"respons": {}}),
                "match.respons",
                "did you mean \"response\"?",
            ),
            (json!({"status": true}), "match.status", "must be text"),
            (
                json!({"status": [200, "9xx"]}),
                "match.status",
                "a class such as 5xx",
            ),
            (json!({"status": []}), "match.status", "1 to 64 values"),
            (
                json!({"request": {"a": 1}}),
                "match.request",
                "begins with '/'",
            ),
            (json!({"request": 1}), "match.request", "must be an object"),
        ];
        for (value, field, problem) in rows {
            let error = Pattern::read("match", &value).unwrap_err();
            assert_eq!(error.field, field);
            assert!(error.problem.contains(problem), "{error}");
        }
    }

    #[test]
    fn headers_of_the_request() {
        let mut headers = http::HeaderMap::new();
        for (name, value) in [
            ("idempotency-key", "order-7"),
            ("authorization", "Bearer sk_test_abcdefghijklmnop"),
            ("via", "1.1 a"),
            ("via", "1.1 b"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        headers.append(
            "x-name",
            http::HeaderValue::from_bytes("Zoë".as_bytes()).unwrap(),
        );
        let exchange = stored_entry(Entry {
            headers: Some(&headers),
            ..entry("/cards")
        });
        for (pattern, found) in [
            (json!({"header": {"Idempotency-Key": "order-7"}}), true),
            (json!({"header": {"idempotency-key": "order-8"}}), false),
            (json!({"header": {"idempotency-key": null}}), false),
            (
                json!({"header": {"expect": null, "via": "1.1 a, 1.1 b"}}),
                true,
            ),
            (json!({"header": {"x-name": "Zoë"}}), true),
        ] {
            let read = Pattern::read("match", &pattern).unwrap();
            assert_eq!(read.matches(&exchange), found, "{pattern}");
        }
        let shown = exchange.shown(0);
        assert_eq!(shown.headers["idempotency-key"], "order-7");
        assert_eq!(shown.headers["authorization"], "Bearer ***");
        let mut other = Pattern::default();
        other
            .add("header:authorization", "Bearer sk_test_qrstuvwxyz123456")
            .unwrap();
        let difference = &other.differences(&exchange)[0];
        assert_eq!(difference.wanted, r#""Bearer ***""#);
        assert_eq!(difference.seen.as_deref(), Some(r#""Bearer ***""#));
        for wrong in [
            json!({"header": {"a b": "x"}}),
            json!({"header": {"via": 1}}),
        ] {
            assert!(Pattern::read("match", &wrong).is_err(), "{wrong}");
        }
    }
}
