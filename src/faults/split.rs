//! Cutting a line of the short syntax into words.

use super::read::RuleError;

/// Words between white space. From a double quote to the next is a JSON string.
pub(super) fn split(text: &str) -> Result<Vec<String>, RuleError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut word = String::new();
        while let Some(next) = rest.chars().next().filter(|next| !next.is_whitespace()) {
            if next == '"' {
                let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let Some(Ok(string)) = strings.next() else {
                    let problem = "is not closed, or not a JSON string";
                    return Err(RuleError::at(
                        rest.chars().take(20).collect::<String>(),
                        problem,
                    ));
                };
                rest = &rest[strings.byte_offset()..];
                word.push_str(&string);
            } else {
                word.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        words.push(word);
        rest = rest.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let rows: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("  a\tb  ", &["a", "b"]),
            ("a=\"b c\" d", &["a=b c", "d"]),
            ("a=\"b\\\"\\n\"c", &["a=b\"\nc"]),
            ("\"\"", &[""]),
            ("é=ü", &["é=ü"]),
        ];
        for (text, want) in rows {
            assert_eq!(split(text).unwrap(), want, "{text}");
        }
        assert_eq!(split("a \"b c").unwrap_err().place, "\"b c");
    }
}
