//! Several values in one text.

/// Values between bars. A bar or backslash that belongs to a value has a backslash before it.
pub fn split_values(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(one) = characters.next() {
        let one = match one {
            '|' => {
                values.push(String::new());
                continue;
            }
            '\\' => characters
                .next_if(|next| matches!(next, '|' | '\\'))
                .unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = values.last_mut() {
            last.push(one);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_between_bars() {
        let rows: [(&str, &[&str]); 6] = [
            ("", &[""]),
            ("a", &["a"]),
            ("a|b", &["a", "b"]),
            (r"a\|b|c", &["a|b", "c"]),
            (r"a\\|b", &[r"a\", "b"]),
            (r"\!a\", &[r"\!a\"]),
        ];
        for (text, values) in rows {
            assert_eq!(split_values(text), values, "{text}");
        }
    }
}
