//! What is wrong with a target file, each with the line on which it stands and what to write instead.

use toml::de::{DeTable, DeValue};

use crate::wording::plain;

/// A mistake and the member in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The way to the member; a number picks an item of a list.
    pub(crate) at: Vec<String>,
    pub(crate) message: String,
}

impl Mistake {
    pub(crate) fn new(at: &[&str], message: impl Into<String>) -> Self {
        Self {
            at: at.iter().map(|part| (*part).to_owned()).collect(),
            message: message.into(),
        }
    }

    /// The same mistake, in a table below another.
    pub(crate) fn below(mut self, table: &str) -> Self {
        self.at.insert(0, table.to_owned());
        self
    }
}

/// Each mistake with its line in front, in the order of the file.
pub(super) fn placed(mistakes: &[Mistake], text: &str) -> Vec<String> {
    let mut found: Vec<(usize, &Mistake)> = mistakes
        .iter()
        .map(|mistake| (line_of(text, &mistake.at), mistake))
        .collect();
    found.sort_by_key(|(line, _)| *line);
    let said = found.iter().map(|(line, mistake)| {
        let member = mistake.at.join(".");
        format!("line {line}: {member}: {}", mistake.message)
    });
    let mut said: Vec<String> = said.collect();
    said.dedup();
    said
}

/// The line of a member, or of the nearest table above it that is written.
fn line_of(text: &str, at: &[String]) -> usize {
    let Ok(table) = DeTable::parse(text) else {
        return 1;
    };
    let mut offset = 0;
    let mut place = DeValue::Table(table.into_inner());
    for part in at {
        let next = match place {
            DeValue::Table(mut table) => {
                let known = table
                    .iter()
                    .find(|(key, _)| key.get_ref().as_ref() == part.as_str());
                let Some((key, _)) = known else { break };
                let key = key.clone();
                // A table that is only a part of dotted headers has no place of its own.
                offset = key.span().start;
                table.remove(&key).map(toml::Spanned::into_inner)
            }
            DeValue::Array(items) => {
                let item = part.parse().ok().and_then(|place: usize| items.get(place));
                item.map(|item| {
                    offset = item.span().start.max(offset);
                    item.get_ref().clone()
                })
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => None,
        };
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    line_at(text, offset)
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// An error of the parser: its line, and the nearest of the words that it would have taken.
pub(super) fn told(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim_end().to_owned();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let spanned = error.span().map(|span| line_at(text, span.start));
    let word = quoted.first().filter(|_| message.starts_with("unknown"));
    // Some errors are placed on the table that the word stands in.
    let whole_word = |line: &str| {
        word.is_some_and(|word| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
                .any(|found| found == *word)
        })
    };
    let from = spanned.unwrap_or(1);
    let mut behind = text.lines().enumerate().skip(from - 1);
    let line = behind
        .find(|(_, line)| whole_word(line))
        .map_or(from, |(at, _)| at + 1);
    format!("line {line}: {}", plain(&message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_its_line() {
        let text =
            "a = 1\n[b]\nc = 2\n[[d.e]]\nf = 1\n[[d.e]]\nf = 2\ng = { h = 3 }\n[b.x.y]\nz = 1\n";
        for (at, line) in [
            ("a", 1),
            ("b.c", 3),
            ("b.missing", 2),
            ("d.e.0.f", 5),
            ("d.e.1.f", 7),
            ("d.e.1.g.h", 8),
            ("b.x.y.z", 10),
            ("nothing", 1),
        ] {
            let at: Vec<String> = at.split('.').map(str::to_owned).collect();
            assert_eq!(line_of(text, &at), line, "{at:?}");
        }
    }
}
