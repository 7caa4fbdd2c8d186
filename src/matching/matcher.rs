//! Wanted values by field.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::want::Want;
use super::{Facts, Field};
use crate::limits::MATCH_VALUES_MAX;

/// What something must be like. Without any field it matches everything.
#[derive(Clone, PartialEq, Eq)]
pub struct Matcher<F>(Vec<Asked<F>>);

/// What one field must be: any of what is wanted, and none of what is not.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked<F> {
    pub field: F,
    wants: Vec<Want>,
}

/// A field that is not as wanted. Both sides are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub field: String,
    pub wanted: String,
    /// None when there is no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

impl<F> Default for Matcher<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Field> Matcher<F> {
    /// Adds a value that a field may have, or may not.
    ///
    /// # Errors
    /// When nothing could match it.
    pub fn add(&mut self, field: F, text: &str) -> Result<(), String> {
        let want = Want::read(field.kind(), text)?;
        let place = self.0.partition_point(|asked| asked.field < field);
        if self.0.get(place).is_none_or(|asked| asked.field != field) {
            let wants = Vec::new();
            self.0.insert(place, Asked { field, wants });
        }
        let wants = &mut self.0[place].wants;
        if wants.len() >= MATCH_VALUES_MAX {
            return Err(format!("can have {MATCH_VALUES_MAX} values at most"));
        }
        wants.push(want);
        Ok(())
    }

    /// Adds what stands in JSON: a text, a number where it is one, or a list of them.
    ///
    /// # Errors
    /// When nothing could match it.
    pub fn add_json(&mut self, field: F, value: &Value) -> Result<(), String> {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => std::slice::from_ref(value),
        };
        if values.is_empty() || values.len() > MATCH_VALUES_MAX {
            let count = values.len();
            return Err(format!(
                "must have 1 to {MATCH_VALUES_MAX} values, not {count}"
            ));
        }
        for value in values {
            match value {
                Value::String(text) => self.add(field, text)?,
                Value::Number(number) if field.kind().is_numeric() => {
                    self.add(field, &number.to_string())?;
                }
                Value::Number(_) => {
                    let why = "must be text; put the number in quotes, or its zeros are lost";
                    return Err(why.to_owned());
                }
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                    return Err("must be text, a number or a list of them".to_owned());
                }
            }
        }
        Ok(())
    }

    pub fn asked(&self) -> &[Asked<F>] {
        &self.0
    }

    pub fn matches(&self, facts: &impl Facts<F>) -> bool {
        self.0.iter().all(|asked| asked.found(facts))
    }

    /// Every field that is not as wanted.
    pub fn differences(&self, facts: &impl Facts<F>) -> Vec<Difference> {
        let missed = self.0.iter().filter(|asked| !asked.found(facts));
        missed.map(|asked| asked.difference(facts)).collect()
    }

    /// The same with card numbers masked, to be shown.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self(self.0.iter().map(Asked::masked).collect())
    }
}

impl<F: Field> Asked<F> {
    /// The texts that it is found in, when there are no others.
    pub fn exact(&self) -> Option<impl Iterator<Item = &str>> {
        let all = self.wants.iter().all(|want| want.exact().is_some());
        all.then(|| self.wants.iter().filter_map(Want::exact))
    }

    /// What is wanted, as it was written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.wants.iter().map(Want::text)
    }

    fn masked(&self) -> Self {
        let kind = self.field.kind();
        Self {
            field: self.field,
            wants: self.wants.iter().map(|want| want.masked(kind)).collect(),
        }
    }

    /// Whether the facts have what it asks for.
    pub fn found(&self, facts: &impl Facts<F>) -> bool {
        let kind = self.field.kind();
        let is = |want: &Want| facts.any(self.field, &mut |value| want.fits(kind, value));
        let mut open = true;
        let mut one_is = false;
        for want in &self.wants {
            match (want.is_not(), is(want)) {
                (true, true) => return false,
                (true, false) => {}
                (false, found) => {
                    open = false;
                    one_is |= found;
                }
            }
        }
        open || one_is
    }

    fn difference(&self, facts: &impl Facts<F>) -> Difference {
        let mask = |value: &str| facts.shown(self.field, value);
        let mut seen = Vec::new();
        facts.any(self.field, &mut |value| {
            seen.push(mask(value));
            false
        });
        let wanted: Vec<_> = self.wants.iter().map(|want| want.shown(mask)).collect();
        Difference {
            field: self.field.word().to_owned(),
            wanted: wanted.join("|"),
            seen: (!seen.is_empty()).then(|| seen.join("|")),
        }
    }
}

impl<F: Field> Serialize for Matcher<F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for asked in &self.0 {
            let texts: Vec<_> = asked.texts().collect();
            match texts.as_slice() {
                [one] => map.serialize_entry(asked.field.word(), one)?,
                several => map.serialize_entry(asked.field.word(), several)?,
            }
        }
        map.end()
    }
}

impl<F: Field> fmt::Debug for Matcher<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl<F: Field> fmt::Debug for Asked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = self.masked();
        let wants: Vec<_> = masked.texts().collect();
        write!(f, "{}={}", self.field.word(), wants.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, split_values};
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Of {
        Word,
        Phrase,
        Path,
        Text,
        Amount,
        Status,
        Last4,
    }

    impl Field for Of {
        fn word(self) -> &'static str {
            "field"
        }

        fn kind(self) -> Kind {
            match self {
                Self::Word => Kind::Words(|| vec!["visa", "mastercard"]),
                Self::Phrase => Kind::Phrase(&["read_card", "provision"]),
                Self::Path => Kind::Path,
                Self::Text => Kind::Text,
                Self::Amount => Kind::Number("must be minor units"),
                Self::Status => Kind::Status,
                Self::Last4 => Kind::Digits(&[4], "must be four digits"),
            }
        }
    }

    struct Values<'a>(&'a [&'a str]);

    impl Facts<Of> for Values<'_> {
        fn any(&self, _: Of, passes: &mut dyn FnMut(&str) -> bool) -> bool {
            self.0.iter().any(|value| passes(value))
        }
    }

    fn matcher(field: Of, text: &str) -> Result<Matcher<Of>, String> {
        let mut matcher = Matcher::default();
        for text in split_values(text) {
            matcher.add(field, &text)?;
        }
        Ok(matcher)
    }

    #[test]
    fn every_way_to_say_it() {
        let rows: [(Of, &str, &[&str], bool); 45] = [
            (Of::Word, "visa", &["visa"], true),
            (Of::Word, "visa", &[], false),
            (Of::Word, "visa|mastercard", &["mastercard"], true),
            (Of::Word, "!visa", &["mastercard"], true),
            (Of::Word, "!visa", &["visa"], false),
            (Of::Word, "!visa", &[], true),
            (Of::Word, "!visa|!mastercard", &["mastercard"], false),
            (Of::Phrase, "read_card", &["read card"], true),
            (Of::Phrase, "Read-Card", &["read_card"], true),
            (Of::Phrase, "!provision", &["read card"], true),
            (Of::Path, "/cards/*", &["/cards/1"], true),
            (Of::Path, "/cards/*", &["/cards/1/2"], false),
            (Of::Path, "!/cards/**", &["/cards/1/2"], false),
            (Of::Path, "**/x", &["/a/b/x"], true),
            (Of::Text, "no answer*", &["no answer within 15 s / 3"], true),
            (Of::Text, "no answer", &["no answer at all"], false),
            (Of::Text, "*", &["x"], true),
            (Of::Text, "*", &[], false),
            (Of::Text, "!a*|abc", &["abc"], false),
            (Of::Text, "!a*|b*", &["bc"], true),
            (Of::Text, "!a*|b*", &["c"], false),
            (Of::Text, r"\!a", &["!a"], true),
            (Of::Text, r"a\|b", &["a|b"], true),
            (Of::Text, "1..5", &["3"], false),
            (Of::Amount, "1050", &["1050"], true),
            (Of::Amount, "01050", &["1050"], true),
            (Of::Amount, "100..500", &["500"], true),
            (Of::Amount, "100..500", &["501"], false),
            (Of::Amount, "100..", &["99"], false),
            (Of::Amount, "..99|>1000", &["1001"], true),
            (Of::Amount, "!>=100", &["100"], false),
            (Of::Amount, "<100", &["99"], true),
            (Of::Amount, "<=100", &["1", "200"], true),
            (Of::Status, "5xx|404", &["503"], true),
            (Of::Status, "400..499", &["404"], true),
            (Of::Status, "<400", &["302"], true),
            (Of::Status, "<400", &["0"], false),
            (Of::Status, "<=399", &["0"], false),
            (Of::Status, "..399", &["0"], false),
            (Of::Status, "0..399", &["0"], false),
            (Of::Status, ">=0", &["0"], false),
            (Of::Status, ">0", &["200"], true),
            (Of::Status, "!<400", &["0"], true),
            (Of::Status, "0|<400", &["0"], true),
            (Of::Last4, "0042", &["0042"], true),
        ];
        for (field, text, values, want) in rows {
            let matcher = matcher(field, text).unwrap();
            let values = Values(values);
            assert_eq!(matcher.matches(&values), want, "{text} {:?}", values.0);
            assert_eq!(matcher.differences(&values).is_empty(), want, "{text}");
        }
    }

    #[test]
    fn what_nothing_could_match_is_refused() {
        let rows = [
            (Of::Word, "vsa", "did you mean \"visa\"?"),
            (Of::Word, "!vsa", "did you mean \"visa\"?"),
            (Of::Phrase, "read_crad", "did you mean \"read_card\"?"),
            (Of::Path, "cards", "must begin with '/'"),
            (Of::Text, "", "1 to 256 bytes"),
            (Of::Text, "a\nb", "control characters"),
            (Of::Amount, "ten", "minor units"),
            (Of::Amount, "+5", "minor units"),
            (Of::Amount, "5..1", "nothing between"),
            (Of::Amount, "..", "nothing between"),
            (Of::Amount, "<0", "nothing is <0"),
            (Of::Amount, ">18446744073709551615", "nothing is"),
            (Of::Amount, ">=", "minor units"),
            (Of::Status, "9xx", "a class such as 5xx"),
            (Of::Status, "099", "a class such as 5xx"),
            (Of::Status, "<100", "0 for no answer"),
            (Of::Status, "<=0", "0 for no answer"),
            (Of::Last4, "*42", "must be four digits"),
        ];
        for (field, text, problem) in rows {
            let error = matcher(field, text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
        let many = ["x"; MATCH_VALUES_MAX + 1].join("|");
        assert!(matcher(Of::Text, &many).unwrap_err().contains("64 values"));
    }

    #[test]
    fn what_is_shown_is_masked() {
        let matcher = matcher(Of::Text, "4111111111111111").unwrap();
        let difference = &matcher.differences(&Values(&["5555555555554444"]))[0];
        assert_eq!(difference.wanted, "411111******1111");
        assert_eq!(difference.seen.as_deref(), Some("555555******4444"));
        assert!(!format!("{matcher:?}").contains("4111111111111111"));
        assert_eq!(
            serde_json::to_string(&matcher.masked()).unwrap(),
            r#"{"field":"411111******1111"}"#
        );
    }

    #[test]
    fn what_is_shown_is_masked_by_what_it_is() {
        let encoded = "/cards/%34111111111111111";
        let masked = "/cards/411111******1111";
        for (field, text, shown) in [
            (Of::Path, encoded, masked),
            (
                Of::Path,
                "!/cards/%34111111111111111",
                "!/cards/411111******1111",
            ),
            (Of::Text, "!990422000000", "!990422**0000"),
        ] {
            let matcher = matcher(field, text).unwrap();
            let plain = text.trim_start_matches('!');
            let seen = if text == plain { "/cards" } else { plain };
            let difference = &matcher.differences(&Values(&[seen]))[0];
            assert_eq!(difference.wanted, shown);
            assert_eq!(format!("{matcher:?}"), format!("[field={shown}]"));
            let json = serde_json::to_value(matcher.masked()).unwrap();
            assert_eq!(json["field"], shown);
        }
        let matcher = matcher(Of::Path, "/cards").unwrap();
        let difference = &matcher.differences(&Values(&[encoded]))[0];
        assert_eq!(difference.seen.as_deref(), Some(masked));
    }
}
