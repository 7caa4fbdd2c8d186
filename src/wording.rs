//! What is wrong with a file, in the words of whoever writes it. The readers of values (serde's) speak of fields, variants and
//! integer types of Rust; who has written a TOML file knows members, words, tables and numbers.

use strsim::osa_distance;

/// The error of a TOML file: its line with the place marked, and what to write there.
pub fn told(error: &toml::de::Error) -> String {
    let message = error.message().trim_end();
    let whole = error.to_string();
    let before = whole.trim_end().strip_suffix(message);
    format!("{}{}", before.unwrap_or_default(), plain(message))
}

/// A reader's message in plain words; one that is plain already stays as it is.
pub fn plain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let starts = |with: &str| message.starts_with(with);
    match quoted.split_first() {
        Some((name, _)) if starts("missing field") => format!("`{name}` is missing"),
        Some((name, _)) if starts("duplicate field") => format!("`{name}` stands there twice"),
        Some((word, known)) if starts("unknown field") || starts("unknown variant") => {
            format!("`{word}` is not known; {}", instead(word, known))
        }
        Some(_) | None => of_a_value(message),
    }
}

/// The word that was meant, or every word there is.
fn instead(word: &str, known: &[&str]) -> String {
    let near = known.iter().min_by_key(|one| osa_distance(one, word));
    let limit = 1 + word.chars().count() / 3;
    match near.filter(|one| osa_distance(one, word) <= limit) {
        Some(near) => format!("did you mean {near:?}?"),
        None if known.is_empty() => "nothing can stand here".to_owned(),
        None => format!(
            "it can be {}",
            known
                .iter()
                .map(|one| format!("`{one}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn of_a_value(message: &str) -> String {
    for kind in ["invalid type: ", "invalid value: "] {
        if let Some((found, wanted)) = message
            .strip_prefix(kind)
            .and_then(|rest| rest.rsplit_once(", expected "))
        {
            return format!("must be {}, not {}", wish(wanted), thing(found));
        }
    }
    if let Some(rest) = message.strip_prefix("invalid length ")
        && let Some((length, wanted)) = rest.split_once(", expected ")
    {
        return format!("must be {}, not {length} of them", wish(wanted));
    }
    if message.starts_with("wanted string or table") {
        return "must be a string".to_owned();
    }
    if message.contains("did not match any variant") {
        return "is written in none of the ways that it can be".to_owned();
    }
    message.to_owned()
}

/// What a reader wants.
fn wish(wanted: &str) -> &str {
    let first = wanted.split(' ').next().unwrap_or_default();
    match first {
        "struct" | "map" | "internally" | "adjacently" | "enum" => "a table",
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number from 0",
        "isize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "tuple" | "sequence" => "a list",
        _ if wanted == "a map" => "a table",
        _ if wanted == "a sequence" => "a list",
        "variant" | "field" => "a word",
        _ if wanted == "a boolean" => "true or false",
        _ if wanted.starts_with("a nonzero") => "a whole number from 1",
        _ => wanted,
    }
}

/// What a reader has found: the value as it is written, where that can be told.
fn thing(found: &str) -> String {
    let value = found.split('`').nth(1);
    match (found.split(' ').next().unwrap_or_default(), value) {
        ("integer" | "boolean" | "floating", Some(value)) => value.to_owned(),
        ("string", _) => found.trim_start_matches("string ").to_owned(),
        ("map", _) => "a table".to_owned(),
        ("sequence", _) => "a list".to_owned(),
        ("unit" | "null", _) => "nothing".to_owned(),
        _ => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_s_words_become_plain_ones() {
        for (said, plainly) in [
            ("missing field `url`", "`url` is missing"),
            (
                "unknown field `digts`, expected one of `digits`, `resumed`",
                "`digts` is not known; did you mean \"digits\"?",
            ),
            (
                "unknown variant `zzz`, expected `strings` or `numbers`",
                "`zzz` is not known; it can be `strings`, `numbers`",
            ),
            (
                "unknown field `x`, there are no fields",
                "`x` is not known; nothing can stand here",
            ),
            ("duplicate field `a`", "`a` stands there twice"),
            (
                "invalid type: integer `5`, expected a string",
                "must be a string, not 5",
            ),
            (
                "invalid value: integer `-1`, expected usize",
                "must be a whole number from 0, not -1",
            ),
            (
                "invalid type: string \"a, expected b\", expected a boolean",
                "must be true or false, not \"a, expected b\"",
            ),
            (
                "invalid type: sequence, expected internally tagged enum Auth",
                "must be a table, not a list",
            ),
            (
                "invalid type: map, expected a sequence",
                "must be a list, not a table",
            ),
            (
                "invalid length 3, expected a tuple of size 2",
                "must be a tuple of size 2, not 3 of them",
            ),
            (
                "data did not match any variant of untagged enum Way",
                "is written in none of the ways that it can be",
            ),
            ("wanted string or table", "must be a string"),
            ("must be at least 1, not 0", "must be at least 1, not 0"),
        ] {
            assert_eq!(plain(said), plainly);
        }
    }

    #[test]
    fn a_file_s_mistake_keeps_its_place() {
        #[derive(Debug, serde::Deserialize)]
        struct File {
            #[expect(dead_code, reason = "only read")]
            size: usize,
        }
        let error = toml::from_str::<File>("size = \"big\"").unwrap_err();
        let told = told(&error);
        assert!(told.contains("line 1, column 8"), "{told}");
        assert!(
            told.ends_with("must be a whole number from 0, not \"big\""),
            "{told}"
        );
    }
}
