//! Which entries somebody wants: a value for each field that matters, all of which must be found. Reading, following,
//! exporting and verifying all choose by it, so that what one of them finds the others find too.

use super::operation::{OPERATIONS, SURFACES};
use super::stored::Stored;
use crate::domain::words::unknown;
use crate::masking;
use crate::matching::{self, Kind, Matcher};

/// What of an entry can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Surface,
    Operation,
    Method,
    Path,
    Status,
    Client,
    Reason,
    Fault,
}

/// What `client` was called before fault rules and the journal had one word for it. It is taken for one release.
pub const FORMER_CLIENT: &str = "account";

/// Without any want everything matches.
pub(super) type Filter = Matcher<Field>;

/// A filter that nothing could match or that asks for what there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct FilterError {
    /// The member that is wrong.
    pub field: String,
    /// A sentence that names it.
    pub problem: String,
}

impl Field {
    pub const ALL: [Self; 8] = [
        Self::Surface,
        Self::Operation,
        Self::Method,
        Self::Path,
        Self::Status,
        Self::Client,
        Self::Reason,
        Self::Fault,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Surface => "surface",
            Self::Operation => "operation",
            Self::Method => "method",
            Self::Path => "path",
            Self::Status => "status",
            Self::Client => "client",
            Self::Reason => "reason",
            Self::Fault => "fault",
        }
    }

    /// The field by its word, or by the one that it had before.
    pub fn find(word: &str) -> Option<Self> {
        let word = if word == FORMER_CLIENT {
            Self::Client.word()
        } else {
            word
        };
        Self::ALL.into_iter().find(|field| field.word() == word)
    }
}

impl matching::Field for Field {
    fn word(self) -> &'static str {
        self.word()
    }

    fn kind(self) -> Kind {
        match self {
            Self::Surface => Kind::Words(|| SURFACES.to_vec()),
            Self::Operation => Kind::Phrase(OPERATIONS),
            Self::Method => Kind::Method,
            Self::Path => Kind::Path,
            Self::Status => Kind::Status,
            Self::Client | Self::Reason | Self::Fault => Kind::Text,
        }
    }
}

impl matching::Facts<Field> for Stored {
    fn any(&self, field: Field, passes: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            Field::Surface => passes(self.surface),
            Field::Operation => {
                let mut done = self.operations.iter();
                passes(self.operation) || done.any(|operation| passes(operation.word()))
            }
            Field::Method => passes(self.method.as_str()),
            Field::Path => passes(self.path()),
            Field::Status => passes(&self.status.to_string()),
            Field::Client => self.client().is_some_and(passes),
            Field::Reason => self.reason().is_some_and(passes),
            Field::Fault => self.fired().iter().any(|name| passes(name)),
        }
    }

    fn shown(&self, field: Field, value: &str) -> String {
        match field {
            Field::Path if self.is_absolute() => masking::webhook_path(value),
            Field::Surface
            | Field::Operation
            | Field::Method
            | Field::Path
            | Field::Status
            | Field::Client
            | Field::Reason
            | Field::Fault => matching::Field::kind(field).shown(value),
        }
    }
}

/// Adds a value that a field may have, or may not.
///
/// # Errors
/// When the field or the value is none, in a sentence with the nearest that is one.
pub(super) fn add(filter: &mut Filter, name: &str, value: &str) -> Result<(), FilterError> {
    let refused = |problem: String| FilterError {
        field: name.to_owned(),
        problem,
    };
    let field =
        Field::find(name).ok_or_else(|| refused(unknown(name, &Field::ALL.map(Field::word))))?;
    let added = filter.add(field, value);
    added.map_err(|problem| refused(format!("{name}: {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::{Entry, Faults};
    use crate::journal::tests::{entry, stored as stored_entry};

    fn filter(members: &[(&str, &str)]) -> Result<Filter, FilterError> {
        let mut filter = Filter::default();
        for (name, value) in members {
            add(&mut filter, name, value)?;
        }
        Ok(filter)
    }

    #[test]
    fn every_field_must_be_found() {
        let stored = stored_entry(Entry {
            client: Some("standin-manual"),
            reason: Some("no answer within 15 s".into()),
            faults: Some(Box::new(Faults {
                fired: vec!["slow".to_owned(), "lost".to_owned()],
                ..Faults::default()
            })),
            ..entry("/~lab/cards/CRD1/cryptogram?pan=4111111111111111")
        });
        let rows: [(&[(&str, &str)], bool); 23] = [
            (&[], true),
            (&[("surface", "cmp")], true),
            (&[("surface", "calm")], false),
            (&[("surface", "calm"), ("surface", "cmp")], true),
            (&[("surface", "cmp"), ("status", "404")], false),
            (&[("operation", "create_card")], true),
            (&[("operation", "Create-Card")], true),
            (&[("operation", "create_alias")], false),
            (&[("method", "post")], true),
            (&[("path", "/cards/*/cryptogram")], true),
            (&[("path", "/cards/*")], false),
            (&[("path", "/cards/**")], true),
            (&[("path", "**/cryptogram")], true),
            (&[("status", "201")], true),
            (&[("status", "2xx")], true),
            (&[("status", "5xx"), ("status", "0")], false),
            (&[("client", "standin-manual")], true),
            (&[("account", "standin-manual")], true),
            (&[("client", "!standin-manual")], false),
            (&[("status", "200..299")], true),
            (&[("reason", "no answer*")], true),
            (&[("reason", "no answer")], false),
            (&[("fault", "lost")], true),
        ];
        for (members, want) in rows {
            let filter = filter(members).unwrap();
            assert_eq!(filter.matches(&stored), want, "{members:?}");
            assert_eq!(filter.differences(&stored).is_empty(), want, "{members:?}");
        }
    }

    #[test]
    fn differences_are_masked_on_both_sides() {
        let stored = stored_entry(entry("/cards/4111111111111111"));
        let filter = filter(&[("path", "/cards/5555555555554444"), ("fault", "x")]).unwrap();
        let differences = filter.differences(&stored);
        assert_eq!(differences[0].wanted, "/cards/555555******4444");
        assert_eq!(
            differences[0].seen.as_deref(),
            Some("/cards/411111******1111")
        );
        assert_eq!(differences[1].seen, None);
        assert!(!format!("{filter:?}").contains("5555555555554444"));
    }

    #[test]
    fn differences_show_no_token_of_a_webhook_and_no_encoded_number() {
        let wanted = "/hooks/aB3dEf6hIj9lMn2pQr5x";
        for (target, path, shown) in [
            (
                "https://shop.test/hooks/aB3dEf6hIj9lMn2pQr5t",
                "/hooks/***",
                "/hooks/***",
            ),
            (
                "/cards/%34111111111111111",
                "/cards/411111******1111",
                wanted,
            ),
        ] {
            let stored = stored_entry(entry(target));
            let filter = filter(&[("path", wanted)]).unwrap();
            let difference = &filter.differences(&stored)[0];
            assert_eq!(difference.seen.as_deref(), Some(path));
            assert_eq!(difference.wanted, shown);
        }
    }

    #[test]
    fn what_cannot_match_is_refused() {
        let rows = [
            ("surfce", "cmp", "did you mean \"surface\"?"),
            ("surface", "cpm", "did you mean \"cmp\"?"),
            ("method", "PSOT", "did you mean \"POST\"?"),
            ("operation", "provison", "did you mean \"provision\"?"),
            ("status", "6xx", "a class such as 5xx"),
            ("status", "099", "a class such as 5xx"),
            ("path", "cards", "must begin with"),
            ("reason", "", "1 to 256 bytes"),
            ("client", "a\nb", "control characters"),
        ];
        for (name, value, problem) in rows {
            let error = filter(&[(name, value)]).unwrap_err();
            assert_eq!(error.field, name);
            assert!(error.to_string().contains(problem), "{error}");
        }
        let many = [("fault", "x"); 65];
        assert!(filter(&many).unwrap_err().problem.contains("64 values"));
    }
}
