//! Fills `{name}` in paths, headers and bodies. In a JSON body a string that is nothing but one placeholder takes the
//! variable's own type, so that `"{exp_month}"` becomes a number; and a placeholder that ends in `?` takes its member away
//! when there is no such variable.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::conversation::encode_form;

/// The variables of a scenario, by name.
pub(crate) type Variables = BTreeMap<String, Value>;

/// Fills a plain text.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_text(template: &str, variables: &Variables) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) if is_name(name) => {
                let value = variables
                    .get(name)
                    .ok_or_else(|| unknown(name, variables))?;
                out.push_str(&shown(value));
                rest = behind;
            }
            Some(_) | None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Fills every string of a JSON document.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_json(template: &Value, variables: &Variables) -> Result<Value, String> {
    Ok(match template {
        Value::String(text) => match whole_placeholder(text) {
            Some(name) => variables
                .get(name)
                .cloned()
                .ok_or_else(|| unknown(name, variables))?,
            None => Value::String(fill_text(text, variables)?),
        },
        Value::Array(items) => {
            let filled = items.iter().map(|item| fill_json(item, variables));
            Value::Array(filled.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let mut filled = serde_json::Map::new();
            for (name, member) in members {
                match member.as_str().and_then(optional_placeholder) {
                    Some(variable) => {
                        if let Some(value) = variables.get(variable) {
                            filled.insert(name.clone(), value.clone());
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
        match optional_placeholder(value) {
            Some(variable) => pairs.extend(variables.get(variable).map(|v| (name, shown(v)))),
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

fn whole_placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('{')?
        .strip_suffix('}')
        .filter(|name| is_name(name))
}

fn optional_placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('{')?
        .strip_suffix("?}")
        .filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn unknown(name: &str, variables: &Variables) -> String {
    let known: Vec<&str> = variables.keys().map(String::as_str).collect();
    format!("no variable {{{name}}} here; known: {}", known.join(", "))
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
        let template = json!({"m": "{month}", "s": "m={month}", "p": ["{pan}"], "not": "{Not a name}", "gone": "{cvc?}", "there": "{month?}"});
        let filled = json!({"m": 12, "s": "m=12", "p": ["4111111111111111"], "not": "{Not a name}", "there": 12});
        assert_eq!(fill_json(&template, &variables), Ok(filled));
        assert_eq!(
            fill_text("/cards/{month}/x{", &variables),
            Ok("/cards/12/x{".to_owned())
        );
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
