//! Which entries somebody wants: a value for each field that matters, all of which must be found. Reading, following,
//! exporting and verifying all choose by it, so that what one of them finds the others find too.

use std::fmt;

use serde::Serialize;

use super::entry::Stored;
use crate::domain::wildcard::path_fits;
use crate::domain::words::unknown;
use crate::limits::{FILTER_VALUES_MAX, TEXT_BYTES_MAX};
use crate::masking;

/// What of an entry can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Surface,
    Operation,
    Method,
    Path,
    Status,
    Account,
    Reason,
    Fault,
}

/// Without any want everything matches.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Filter(Vec<Want>);

/// What one field must be: any of these.
#[derive(Clone, PartialEq, Eq)]
struct Want {
    field: Field,
    any: Vec<String>,
}

/// A filter that nothing could match or that asks for what there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct FilterError {
    /// The member that is wrong.
    pub field: String,
    /// A sentence that names it.
    pub problem: String,
}

/// A field that is not as wanted. Both sides are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub field: String,
    pub wanted: String,
    /// None when the entry has no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

/// What an entry can have as its surface: every impersonated API, and standin's own messages.
pub const SURFACES: [&str; 14] = [
    "oauth",
    "cmp",
    "calm",
    "vault",
    "payments",
    "stripe",
    "adyen",
    "checkout_com",
    "visa",
    "mastercard",
    "mastercard_checkout",
    "acp",
    "hyperswitch",
    "webhooks",
];

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

impl Field {
    pub const ALL: [Self; 8] = [
        Self::Surface,
        Self::Operation,
        Self::Method,
        Self::Path,
        Self::Status,
        Self::Account,
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
            Self::Account => "account",
            Self::Reason => "reason",
            Self::Fault => "fault",
        }
    }

    /// The field by its word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word() == word)
    }

    /// What an entry has there. Only faults can be several.
    fn values(self, entry: &Stored) -> Vec<String> {
        let text = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
        match self {
            Self::Surface => vec![entry.surface.to_owned()],
            Self::Operation => vec![entry.operation.to_owned()],
            Self::Method => vec![entry.method.to_string()],
            Self::Path => vec![entry.path().to_owned()],
            Self::Status => vec![entry.status.to_string()],
            Self::Account => text(entry.account()),
            Self::Reason => text(entry.reason()),
            Self::Fault => entry.fired().to_vec(),
        }
    }

    fn fits(self, want: &str, entry: &Stored) -> bool {
        match self {
            Self::Surface => want == entry.surface,
            Self::Operation => same_operation(want, entry.operation),
            Self::Method => want == entry.method.as_str(),
            Self::Path => path_fits(want, entry.path()),
            Self::Status => status_fits(want, entry.status),
            Self::Account => entry.account() == Some(want),
            Self::Reason => entry
                .reason()
                .is_some_and(|reason| reason_fits(want, reason)),
            Self::Fault => entry.fired().iter().any(|name| name == want),
        }
    }

    /// The value as it is compared, or what is wrong with it.
    fn checked(self, text: &str) -> Result<String, String> {
        let verdict = match self {
            Self::Surface if SURFACES.contains(&text) => Ok(()),
            Self::Surface => Err(unknown(text, &SURFACES)),
            Self::Method => {
                let upper = text.to_ascii_uppercase();
                return if METHODS.contains(&upper.as_str()) {
                    Ok(upper)
                } else {
                    Err(unknown(text, &METHODS))
                };
            }
            Self::Status if is_status(text) => Ok(()),
            Self::Status => Err(
                "must be a status such as 404, a class such as 5xx, or 0 for no answer".to_owned(),
            ),
            Self::Path if text.starts_with(['/', '*']) => Ok(()),
            Self::Path => Err("must begin with '/' or '*'".to_owned()),
            Self::Operation | Self::Account | Self::Reason | Self::Fault => Ok(()),
        };
        verdict?;
        if text.is_empty() || text.len() > TEXT_BYTES_MAX || text.contains(char::is_control) {
            return Err(format!(
                "must have 1 to {TEXT_BYTES_MAX} bytes and no control characters"
            ));
        }
        Ok(text.to_owned())
    }
}

/// An operation is written with spaces in the journal and often with `_` or `-` in a shell.
fn same_operation(one: &str, other: &str) -> bool {
    let plain = |byte: u8| {
        if matches!(byte, b'_' | b'-') {
            b' '
        } else {
            byte.to_ascii_lowercase()
        }
    };
    one.len() == other.len() && one.bytes().map(plain).eq(other.bytes().map(plain))
}

/// A reason is a word or a sentence; a star stands for anything in it.
fn reason_fits(want: &str, reason: &str) -> bool {
    path_fits(&want.replace('*', "**"), reason)
}

fn is_status(text: &str) -> bool {
    let class = text.strip_suffix("xx");
    let class = class.is_some_and(|class| matches!(class, "1" | "2" | "3" | "4" | "5"));
    let number = text.parse::<u16>();
    class || text == "0" || (text.len() == 3 && number.is_ok_and(|n| (100..=599).contains(&n)))
}

fn status_fits(want: &str, status: u16) -> bool {
    match want.strip_suffix("xx") {
        Some(class) => class.parse() == Ok(status / 100),
        None => want.parse() == Ok(status),
    }
}

impl Filter {
    /// Adds a value that a field may have.
    ///
    /// # Errors
    /// When the field or the value is none, in a sentence with the nearest that is one.
    pub(super) fn add(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        let refused = |problem: String| FilterError {
            field: name.to_owned(),
            problem,
        };
        let field = Field::find(name).ok_or_else(|| {
            let known: Vec<_> = Field::ALL.iter().map(|field| field.word()).collect();
            refused(unknown(name, &known))
        })?;
        let value = field
            .checked(value)
            .map_err(|problem| refused(format!("{name}: {problem}")))?;
        let place = self.0.iter().position(|want| want.field == field);
        let place = place.unwrap_or_else(|| {
            let any = Vec::new();
            self.0.push(Want { field, any });
            self.0.len() - 1
        });
        let any = &mut self.0[place].any;
        if any.len() >= FILTER_VALUES_MAX {
            let problem = format!("{name} can have {FILTER_VALUES_MAX} values at most");
            return Err(refused(problem));
        }
        any.push(value);
        Ok(())
    }

    pub(super) fn matches(&self, entry: &Stored) -> bool {
        self.0.iter().all(|want| want.found(entry))
    }

    /// Every field that is not as wanted.
    pub(super) fn differences(&self, entry: &Stored) -> Vec<Difference> {
        let missed = self.0.iter().filter(|want| !want.found(entry));
        missed.map(|want| want.difference(entry)).collect()
    }
}

impl Want {
    fn found(&self, entry: &Stored) -> bool {
        self.any.iter().any(|want| self.field.fits(want, entry))
    }

    fn difference(&self, entry: &Stored) -> Difference {
        let join = |values: &[String]| {
            let shown: Vec<_> = values.iter().map(|value| masking::text(value)).collect();
            shown.join("|")
        };
        let seen = self.field.values(entry);
        Difference {
            field: self.field.word().to_owned(),
            wanted: join(&self.any),
            seen: (!seen.is_empty()).then(|| join(&seen)),
        }
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl fmt::Debug for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}={}",
            self.field.word(),
            masking::text(&self.any.join("|"))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::{Entry, Faults};
    use crate::journal::tests::entry;

    fn filter(members: &[(&str, &str)]) -> Result<Filter, FilterError> {
        let mut filter = Filter::default();
        for (name, value) in members {
            filter.add(name, value)?;
        }
        Ok(filter)
    }

    #[test]
    fn every_field_must_be_found() {
        let stored = Stored::new(Entry {
            account: Some("standin-manual".to_owned()),
            reason: Some("no answer within 15 s".into()),
            faults: Some(Box::new(Faults {
                fired: vec!["slow".to_owned(), "lost".to_owned()],
                ..Faults::default()
            })),
            ..entry("/~lab/cards/CRD1/cryptogram?pan=4111111111111111")
        });
        let rows: [(&[(&str, &str)], bool); 20] = [
            (&[], true),
            (&[("surface", "cmp")], true),
            (&[("surface", "calm")], false),
            (&[("surface", "calm"), ("surface", "cmp")], true),
            (&[("surface", "cmp"), ("status", "404")], false),
            (&[("operation", "create_card")], true),
            (&[("operation", "Create-Card")], true),
            (&[("operation", "create")], false),
            (&[("method", "post")], true),
            (&[("path", "/cards/*/cryptogram")], true),
            (&[("path", "/cards/*")], false),
            (&[("path", "/cards/**")], true),
            (&[("path", "**/cryptogram")], true),
            (&[("status", "201")], true),
            (&[("status", "2xx")], true),
            (&[("status", "5xx"), ("status", "0")], false),
            (&[("account", "standin-manual")], true),
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
        let stored = Stored::new(entry("/cards/4111111111111111"));
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
    fn what_cannot_match_is_refused() {
        let rows = [
            ("surfce", "cmp", "did you mean \"surface\"?"),
            ("surface", "cpm", "did you mean \"cmp\"?"),
            ("method", "PSOT", "did you mean \"POST\"?"),
            ("status", "6xx", "a class such as 5xx"),
            ("status", "099", "a class such as 5xx"),
            ("path", "cards", "must begin with"),
            ("reason", "", "1 to 256 bytes"),
            ("account", "a\nb", "control characters"),
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
