//! Fills `{name}` in paths, headers and bodies. In a JSON body a string that is nothing but one placeholder takes the
//! variable's own type, so that `"{exp_month}"` becomes a number; and a placeholder that ends in `?` takes its member away
//! when there is no such variable. `{name:FORMAT}` says how the value is written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::conversation::encode_form;
use super::format::Format;

/// The variables of a scenario, by name.
pub(crate) type Variables = BTreeMap<String, Value>;

/// What stands between the braces.
pub(super) struct Placeholder<'a> {
    name: &'a str,
    optional: bool,
    format: Option<&'a str>,
}

impl<'a> Placeholder<'a> {
    fn read(inner: &'a str) -> Option<Self> {
        let (name, format) = match inner.split_once(':') {
            Some((name, format)) => (name, Some(format)),
            None => (inner, None),
        };
        let (name, optional) = match name.strip_suffix('?') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let plain = format.is_none_or(|format| !format.is_empty() && !format.contains([' ', '"']));
        (is_name(name) && plain).then_some(Self {
            name,
            optional,
            format,
        })
    }

    /// The one placeholder that a text is.
    fn whole(text: &'a str) -> Option<Self> {
        Self::read(text.strip_prefix('{')?.strip_suffix('}')?)
    }

    /// None where it may be absent, and is.
    pub(super) fn value(&self, variables: &Variables) -> Result<Option<Value>, String> {
        let Some(value) = variables.get(self.name) else {
            return if self.optional {
                Ok(None)
            } else {
                Err(unknown(self.name))
            };
        };
        let Some(format) = self.format else {
            return Ok(Some(value.clone()));
        };
        let written = Format::parse(format)?.write(value);
        let cannot = || format!("{{{}}} cannot be written as {format}", self.name);
        written.map(Some).ok_or_else(cannot)
    }
}

/// The placeholders of a text, with what stands before and behind each.
pub(super) fn split(template: &str) -> (Vec<(String, Placeholder<'_>)>, String) {
    let mut parts = Vec::new();
    let mut before = String::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        before.push_str(text);
        let found = after
            .split_once('}')
            .and_then(|(inner, behind)| Some((Placeholder::read(inner)?, behind)));
        match found {
            Some((placeholder, behind)) => {
                parts.push((std::mem::take(&mut before), placeholder));
                rest = behind;
            }
            None => {
                before.push('{');
                rest = after;
            }
        }
    }
    before.push_str(rest);
    (parts, before)
}

/// The names of the variables in a text; one that may be absent has a `?` behind it.
pub(crate) fn names(template: &str) -> Vec<String> {
    let (parts, _) = split(template);
    let mark = |part: &Placeholder<'_>| if part.optional { "?" } else { "" };
    parts
        .iter()
        .map(|(_, part)| format!("{}{}", part.name, mark(part)))
        .collect()
}

/// The formats in a text that do not exist, each as a sentence.
pub(crate) fn bad_formats(template: &str) -> Vec<String> {
    let (parts, _) = split(template);
    let formats = parts.iter().filter_map(|(_, part)| part.format);
    formats
        .filter_map(|format| Format::parse(format).err())
        .collect()
}

/// Fills a plain text.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_text(template: &str, variables: &Variables) -> Result<String, String> {
    let (parts, rest) = split(template);
    let mut out = String::with_capacity(template.len());
    for (before, placeholder) in parts {
        out.push_str(&before);
        if let Some(value) = placeholder.value(variables)? {
            out.push_str(&shown(&value));
        }
    }
    out.push_str(&rest);
    Ok(out)
}

/// Fills a path. A pair of the query whose value is nothing but an optional placeholder goes when there is no such variable.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_path(template: &str, variables: &Variables) -> Result<String, String> {
    let Some((path, query)) = template.split_once('?').filter(|(path, _)| {
        // A question mark between braces belongs to a placeholder.
        !path
            .rsplit('{')
            .next()
            .is_some_and(|tail| path.contains('{') && !tail.contains('}'))
    }) else {
        return fill_text(template, variables);
    };
    let there = |pair: &&str| {
        let value = pair.split_once('=').map_or("", |(_, value)| value);
        let optional = Placeholder::whole(value).filter(|placeholder| placeholder.optional);
        optional.is_none_or(|placeholder| variables.contains_key(placeholder.name))
    };
    let query: Vec<&str> = query.split('&').filter(there).collect();
    let path = fill_text(path, variables)?;
    if query.is_empty() {
        return Ok(path);
    }
    Ok(format!(
        "{path}?{}",
        fill_text(&query.join("&"), variables)?
    ))
}

/// Fills every string of a JSON document.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_json(template: &Value, variables: &Variables) -> Result<Value, String> {
    Ok(match template {
        Value::String(text) => match Placeholder::whole(text) {
            Some(placeholder) => placeholder.value(variables)?.unwrap_or(Value::Null),
            None => Value::String(fill_text(text, variables)?),
        },
        Value::Array(items) => {
            let filled = items.iter().map(|item| fill_json(item, variables));
            Value::Array(filled.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let mut filled = serde_json::Map::new();
            for (name, member) in members {
                let optional = member.as_str().and_then(Placeholder::whole);
                match optional.filter(|placeholder| placeholder.optional) {
                    Some(placeholder) => {
                        if let Some(value) = placeholder.value(variables)? {
                            filled.insert(name.clone(), value);
                        }
                    }
                    None => {
                        filled.insert(name.clone(), fill_json(member, variables)?);
                    }
                }
            }
            Value::Object(filled)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => template.clone(),
    })
}

/// Fills the values of a form, whose names stand as they are to be read. A pair whose value is nothing but an optional
/// placeholder goes when there is no such variable.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_form(template: &str, variables: &Variables) -> Result<String, String> {
    let mut pairs = Vec::new();
    for pair in template.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let optional = Placeholder::whole(value).filter(|placeholder| placeholder.optional);
        match optional {
            Some(placeholder) => {
                pairs.extend(placeholder.value(variables)?.map(|v| (name, shown(&v))));
            }
            None => pairs.push((name, fill_text(value, variables)?)),
        }
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Ok(encode_form(&pairs))
}

/// A JSON scalar as it stands in a path or header.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Where a target file is read, the names are checked, so that what is missing here was never told by the target.
fn unknown(name: &str) -> String {
    format!("there is no {{{name}}}: nothing has told it")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lone_placeholder_keeps_its_type() {
        let variables = Variables::from([
            ("month".to_owned(), json!(12)),
            ("pan".to_owned(), json!("4111111111111111")),
        ]);
        let template = json!({"m": "{month}", "s": "m={month}", "p": ["{pan}"], "not": "{Not a name}", "gone": "{cvc?}", "there": "{month?}", "two": "{month:02}"});
        let filled = json!({"m": 12, "s": "m=12", "p": ["4111111111111111"], "not": "{Not a name}", "there": 12, "two": "12"});
        assert_eq!(fill_json(&template, &variables), Ok(filled));
        assert_eq!(
            fill_text("/cards/{month}/x{", &variables),
            Ok("/cards/12/x{".to_owned())
        );
        for (path, filled) in [
            ("/l?n=2&after={cursor?}", "/l?n=2"),
            ("/l?after={cursor?}", "/l"),
            ("/l?after={month?}", "/l?after=12"),
            ("/l/{month?}", "/l/12"),
        ] {
            assert_eq!(fill_path(path, &variables).as_deref(), Ok(filled));
        }
        assert!(fill_text("{year}", &variables).is_err());
        assert!(fill_json(&json!(["{year}"]), &variables).is_err());
    }

    #[test]
    fn a_form_is_filled_and_encoded() {
        let variables = Variables::from([("proof".to_owned(), json!("a+b/=="))]);
        let filled = fill_form(
            "card[proof]={proof}&n=1&gone={nti?}&there={proof?}",
            &variables,
        );
        let expected = "card%5Bproof%5D=a%2Bb%2F%3D%3D&n=1&there=a%2Bb%2F%3D%3D";
        assert_eq!(filled.as_deref(), Ok(expected));
        assert!(fill_form("n={nti}", &variables).is_err());
    }
}
