//! Stripe's search query language (docs.stripe.com/search, search query language): clauses of field, operator and value, up to
//! ten, with AND or with OR between them and never both; a minus before a clause negates it. Texts are compared without regard
//! to capital letters. No parentheses.

use serde_json::Value;

const CLAUSES_MAX: usize = 10;
/// The fewest characters that a part of a text is looked for by.
const PART_CHARACTERS_MIN: usize = 3;

/// What a field holds, and so which operators it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Compared as a whole.
    Token,
    /// Found by a part of it, too.
    Text,
    Number,
}

use Kind::{Number, Text, Token};

/// The fields of a resource, by their places in its object. Each has `metadata` beside them.
pub(super) type Fields = &'static [(&'static str, Kind)];

/// Why a query cannot be answered, in a sentence.
pub(super) type Problem = String;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Is,
    Has,
    Above,
    Below,
    From,
    To,
}

const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::From),
    ("<=", Operator::To),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("~", Operator::Has),
    (":", Operator::Is),
    ("=", Operator::Is),
];

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Null,
    Text(String),
}

#[derive(Debug)]
struct Clause {
    negated: bool,
    /// The members that lead to it.
    path: Vec<String>,
    operator: Operator,
    wanted: Wanted,
}

/// A query that was read.
#[derive(Debug)]
pub(super) struct Query {
    clauses: Vec<Clause>,
    any: bool,
}

impl Query {
    /// Reads a query over a resource, which is named in what is wrong with it.
    pub(super) fn parse(text: &str, resource: &str, fields: Fields) -> Result<Self, Problem> {
        let mut rest = text.trim();
        let (mut clauses, mut any) = (Vec::new(), None);
        loop {
            let (clause, behind) = clause(rest, resource, fields)?;
            clauses.push(clause);
            if behind.is_empty() {
                break;
            }
            let (word, next) = behind.split_once(char::is_whitespace).ok_or_else(unread)?;
            let or = match word {
                word if word.eq_ignore_ascii_case("and") => false,
                word if word.eq_ignore_ascii_case("or") => true,
                _ => return Err(unread()),
            };
            if any.is_some_and(|any| any != or) {
                return Err("You can't combine AND and OR in the same query.".to_owned());
            }
            any = Some(or);
            rest = next.trim_start();
        }
        if clauses.len() > CLAUSES_MAX {
            return Err(format!(
                "A query can have up to {CLAUSES_MAX} clauses, and this one has {}.",
                clauses.len()
            ));
        }
        let any = any.unwrap_or(false);
        Ok(Self { clauses, any })
    }

    /// Whether an object is one of those that are looked for.
    pub(super) fn finds(&self, object: &Value) -> bool {
        let mut clauses = self.clauses.iter();
        if self.any {
            clauses.any(|clause| clause.fits(object))
        } else {
            clauses.all(|clause| clause.fits(object))
        }
    }
}

fn unread() -> Problem {
    "We were unable to parse your search query. Try using the format `metadata[\"key\"]:\"value\"` to query for metadata or key:\"value\" to query for other fields.".to_owned()
}

/// The clause at the beginning of a text, and what follows it.
fn clause<'a>(text: &'a str, resource: &str, fields: Fields) -> Result<(Clause, &'a str), Problem> {
    let (negated, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let end = text.find(|c| !is_name(c)).ok_or_else(unread)?;
    let (field, rest) = text.split_at(end);
    if field.is_empty() {
        return Err(unread());
    }
    let (path, kind, rest) = match rest.strip_prefix('[') {
        Some(rest) if field == "metadata" => {
            let (key, rest) = quoted(rest).ok_or_else(unread)?;
            let rest = rest.strip_prefix(']').ok_or_else(unread)?;
            (vec![field.to_owned(), key], Text, rest)
        }
        Some(_) => return Err(unread()),
        None => {
            let known = fields.iter().find(|(name, _)| *name == field);
            let (_, kind) = known.ok_or_else(|| {
                format!("Field `{field}` is an unsupported search field for resource `{resource}`.")
            })?;
            (field.split('.').map(str::to_owned).collect(), *kind, rest)
        }
    };
    let mut operators = OPERATORS.into_iter();
    let found =
        operators.find_map(|(sign, operator)| Some((sign, operator, rest.strip_prefix(sign)?)));
    let (sign, operator, rest) = found.ok_or_else(unread)?;
    let allowed = match operator {
        Operator::Is => true,
        Operator::Has => kind == Text,
        Operator::Above | Operator::Below | Operator::From | Operator::To => kind == Number,
    };
    if !allowed {
        return Err(format!(
            "Field `{field}` does not support the operator `{sign}`."
        ));
    }
    let (wanted, rest) = value(rest, kind)?;
    if operator == Operator::Has
        && let Wanted::Text(part) = &wanted
        && part.chars().count() < PART_CHARACTERS_MIN
    {
        return Err(format!(
            "The value of `{field}~` must have at least {PART_CHARACTERS_MIN} characters."
        ));
    }
    let clause = Clause {
        negated,
        path,
        operator,
        wanted,
    };
    Ok((clause, rest))
}

/// A text in quotation marks, a number or null, and what follows behind blanks.
fn value(text: &str, kind: Kind) -> Result<(Wanted, &str), Problem> {
    let (wanted, rest) = match quoted(text) {
        Some((value, rest)) => (Wanted::Text(value), rest),
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            let number = word.strip_prefix('-').unwrap_or(word);
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            match word {
                "null" | "NULL" => (Wanted::Null, rest),
                _ if is_number => (Wanted::Text(word.to_owned()), rest),
                _ => return Err(unread()),
            }
        }
    };
    if let Wanted::Text(text) = &wanted
        && kind == Number
        && text.parse::<i64>().is_err()
    {
        return Err(unread());
    }
    let behind = rest.trim_start();
    if behind.len() == rest.len() && !rest.is_empty() {
        return Err(unread());
    }
    Ok((wanted, behind))
}

/// A text in quotation marks of either kind, in which a backslash keeps the next character.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            end if end == mark => return Some((value, &text[at + 1..])),
            other => value.push(other),
        }
    }
    None
}

impl Clause {
    fn fits(&self, object: &Value) -> bool {
        let mut there = object;
        for member in &self.path {
            there = &there[member.as_str()];
        }
        self.is(there) != self.negated
    }

    fn is(&self, there: &Value) -> bool {
        let wanted = match &self.wanted {
            Wanted::Null => return there.is_null(),
            Wanted::Text(wanted) => wanted,
        };
        let text = match there {
            Value::String(text) => text.to_lowercase(),
            Value::Number(_) | Value::Bool(_) => there.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return false,
        };
        let number = || Some((there.as_i64()?, wanted.parse::<i64>().ok()?));
        let compared = |fits: fn(&i64, &i64) -> bool| {
            number().is_some_and(|(there, wanted)| fits(&there, &wanted))
        };
        match self.operator {
            Operator::Is => text == wanted.to_lowercase(),
            Operator::Has => text.contains(&wanted.to_lowercase()),
            Operator::Above => compared(i64::gt),
            Operator::Below => compared(i64::lt),
            Operator::From => compared(i64::ge),
            Operator::To => compared(i64::le),
        }
    }
}

/// Query fields for payment intents, as that page lists them.
pub(super) const OF_INTENTS: Fields = &[
    ("amount", Number),
    ("created", Number),
    ("currency", Token),
    ("customer", Token),
    ("status", Token),
];

/// Query fields for charges.
pub(super) const OF_CHARGES: Fields = &[
    ("amount", Number),
    ("billing_details.address.postal_code", Token),
    ("created", Number),
    ("currency", Token),
    ("customer", Token),
    ("disputed", Token),
    ("payment_method_details.card.brand", Token),
    ("payment_method_details.card.exp_month", Token),
    ("payment_method_details.card.exp_year", Token),
    ("payment_method_details.card.last4", Token),
    ("refunded", Token),
    ("status", Token),
];

/// Query fields for customers.
pub(super) const OF_CUSTOMERS: Fields = &[
    ("created", Number),
    ("email", Text),
    ("name", Text),
    ("phone", Text),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finds(query: &str) -> bool {
        let object = json!({
            "amount": 1000, "status": "succeeded", "customer": null, "name": "Zoë Ōta",
            "metadata": { "order": "A-1", "say": "it's \"so\"" },
        });
        let fields: Fields = &[
            ("amount", Number),
            ("customer", Token),
            ("name", Text),
            ("status", Token),
        ];
        Query::parse(query, "things", fields)
            .unwrap()
            .finds(&object)
    }

    /// The examples of docs.stripe.com/search, in kind.
    #[test]
    fn clauses_are_combined_and_negated() {
        for (query, want) in [
            ("amount:1000", true),
            ("amount=1000", true),
            ("amount:'1000'", true),
            ("amount>999 AND amount<=1000", true),
            ("amount>1000", false),
            ("amount<1000 OR status:\"succeeded\"", true),
            ("status:'SUCCEEDED'", true),
            ("-status:'canceled'", true),
            ("status:'canceled'", false),
            ("metadata['order']:'a-1'", true),
            ("metadata[\"order\"]~\"A-1\" AND amount:1000", true),
            ("metadata['order']:'a'", false),
            ("metadata['say']:'it\\'s \"so\"'", true),
            ("-metadata['order']:null", true),
            ("metadata['none']:null", true),
            ("customer:null", true),
            ("name~'ōta'", true),
        ] {
            assert_eq!(finds(query), want, "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let eleven = ["amount:1"; 11].join(" OR ");
        for (query, want) in [
            ("", "unable to parse"),
            ("asdf", "unable to parse"),
            ("amount", "unable to parse"),
            ("amount:", "unable to parse"),
            ("amount:many", "unable to parse"),
            ("status:succeeded", "unable to parse"),
            ("amount:1 status:'x'", "unable to parse"),
            ("amount:1 AND", "unable to parse"),
            ("(amount:1)", "unable to parse"),
            ("status:'x", "unable to parse"),
            ("metadata[order]:'x'", "unable to parse"),
            (
                "foo:'bar'",
                "Field `foo` is an unsupported search field for resource `things`.",
            ),
            ("status~'succ'", "does not support the operator `~`"),
            ("status>'x'", "does not support the operator `>`"),
            ("name~'ot'", "at least 3 characters"),
            ("amount:1 AND amount:2 OR amount:3", "combine AND and OR"),
            (&eleven, "up to 10 clauses"),
        ] {
            let fields: Fields = &[("amount", Number), ("name", Text), ("status", Token)];
            let problem = Query::parse(query, "things", fields).unwrap_err();
            assert!(problem.contains(want), "{query} {problem}");
        }
    }
}
