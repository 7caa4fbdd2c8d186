//! Which requests a rule is for: what of a request can be asked for, in the language of [`crate::matching`].

use serde_json::Value;

use super::facts::{Facts, Field, Stage};
use super::named::all_named;
use super::read::{RuleError, kind_of};
use crate::domain::card::Network;
use crate::domain::notice::Event;
use crate::domain::operation::Operation;
use crate::domain::surface::SurfaceName;
use crate::domain::vocabulary::{Vocabulary as _, all_words};
use crate::matching::{self, Asked, Kind, Matcher};

/// The `match` of a rule. Without any field it matches everything.
pub type Pattern = Matcher<Field>;

impl matching::Field for Field {
    fn word(self) -> &'static str {
        self.word()
    }

    fn kind(self) -> Kind {
        match self {
            Self::Surface => Kind::Words(all_words::<SurfaceName>),
            Self::Operation => Kind::Words(all_words::<Operation>),
            Self::Network => Kind::Words(all_named::<Network>),
            Self::Event => Kind::Words(all_named::<Event>),
            Self::Method => Kind::Method,
            Self::Path => Kind::Path,
            Self::Bin => Kind::Digits(&[6, 8], "must be the first 6 or 8 digits of a card number"),
            Self::Last4 => Kind::Digits(&[4], "must be four digits"),
            Self::Requestor => Kind::Digits(&[11], "must be eleven digits"),
            Self::ExpiryYear => Kind::Year,
            Self::Amount => Kind::Number("must be whole minor units, such as 1050 for 10.50"),
            Self::Currency => Kind::Currency,
            Self::Space
            | Self::IdempotencyKey
            | Self::Client
            | Self::Merchant
            | Self::Card
            | Self::Token
            | Self::Endpoint
            | Self::Payment => Kind::Text,
        }
    }
}

impl matching::Facts<Field> for Facts {
    fn any(&self, field: Field, passes: &mut dyn FnMut(&str) -> bool) -> bool {
        self.values(field).any(passes)
    }
}

impl Matcher<Field> {
    pub(super) fn read(place: &str, value: Value) -> Result<Self, RuleError> {
        let Value::Object(members) = value else {
            let problem = format!("must be an object, not {}", kind_of(&value));
            return Err(RuleError::at(place, problem));
        };
        let mut pattern = Self::default();
        for (name, value) in members {
            let field = Field::read(&name);
            let added = field.and_then(|field| pattern.add_json(field, &value));
            added.map_err(|problem| RuleError::at(format!("{place}.{name}"), problem))?;
        }
        Ok(pattern)
    }

    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.asked().iter().map(|asked: &Asked<Field>| asked.field)
    }

    /// When all that it asks for is known at the earliest.
    pub fn stage(&self) -> Stage {
        self.fields()
            .map(Field::stage)
            .max()
            .unwrap_or(Stage::Arrival)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::card::Pan;

    fn pattern(value: Value) -> Result<Pattern, RuleError> {
        Pattern::read("match", value)
    }

    #[test]
    fn every_field_must_be_found() {
        let mut facts = Facts::new()
            .with(Field::Surface, "cmp")
            .with(Field::Path, "/cards/7");
        facts.add_card(&Pan::parse("4111111111111111").unwrap(), None);
        let rows = [
            (json!({}), true),
            (json!({"surface": "cmp"}), true),
            (json!({"surface": ["calm", "cmp"]}), true),
            (json!({"surface": "calm"}), false),
            (
                json!({"surface": "cmp", "bin": "41111111", "last4": "1111"}),
                true,
            ),
            (json!({"surface": "cmp", "bin": "411112"}), false),
            (json!({"card": "4111111111111111", "network": "visa"}), true),
            (json!({"path": ["/alias", "/cards/*"]}), true),
            (json!({"surface": "!calm", "merchant": "!m"}), true),
            (json!({"expiry_year": "2030..2040"}), false),
            (json!({"merchant": "m"}), false),
        ];
        for (value, want) in rows {
            assert_eq!(
                pattern(value.clone()).unwrap().matches(&facts),
                want,
                "{value}"
            );
        }
        let near = pattern(json!({"surface": "calm", "card": "5555555555554444"})).unwrap();
        let differences = near.differences(&facts);
        assert_eq!(differences[0].seen.as_deref(), Some("cmp"));
        assert_eq!(differences[1].wanted, "555555******4444");
        assert_eq!(differences[1].seen.as_deref(), Some("411111******1111"));
        assert!(!format!("{near:?}").contains("5555555555554444"));
    }

    #[test]
    fn what_cannot_match_is_refused() {
        let rows = [
            (
                json!({"surfce": "cmp"}),
                "match.surfce",
                "did you mean \"surface\"?",
            ),
            (
                json!({"surface": "vsa"}),
                "match.surface",
                "did you mean \"visa\"?",
            ),
            (
                json!({"operation": "create-card"}),
                "match.operation",
                "did you mean \"create_card\"?",
            ),
            (
                json!({"method": "PSOT"}),
                "match.method",
                "did you mean \"POST\"?",
            ),
            (json!({"bin": "4111"}), "match.bin", "6 or 8 digits"),
            (json!({"last4": 11}), "match.last4", "in quotes"),
            (
                json!({"event": "suspend"}),
                "match.event",
                "did you mean \"suspended\"?",
            ),
            (json!({"path": "cards"}), "match.path", "begin with '/'"),
            (json!({"merchant": []}), "match.merchant", "1 to 64 values"),
            (
                json!({"merchant": "a\nb"}),
                "match.merchant",
                "control characters",
            ),
            (json!([]), "match", "a list"),
        ];
        for (value, place, problem) in rows {
            let error = pattern(value).unwrap_err();
            assert_eq!(error.place, place);
            assert!(error.problem.contains(problem), "{error}");
        }
    }
}
