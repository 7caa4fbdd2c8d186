//! Fills `{name}` in a text of XML. An element or an attribute whose value is nothing but a placeholder that ends in `?` goes when there
//! is no such variable.

use serde_json::Value;

use super::template::{Variables, shown, split};

/// Fills a text of XML with values that are escaped.
///
/// # Errors
/// The name of a variable that is not known.
pub(crate) fn fill_xml(template: &str, variables: &Variables) -> Result<String, String> {
    let escaped = variables.iter().map(|(name, value)| {
        let text = quick_xml::escape::escape(shown(value)).into_owned();
        (name.clone(), Value::String(text))
    });
    let escaped: Variables = escaped.collect();
    let (parts, rest) = split(template);
    let mut out = String::with_capacity(template.len());
    let (texts, placeholders): (Vec<String>, Vec<_>) = parts.into_iter().unzip();
    let mut texts = texts.into_iter().chain([rest]);
    out.push_str(&texts.next().unwrap_or_default());
    for (placeholder, behind) in placeholders.iter().zip(texts) {
        match placeholder.value(&escaped)? {
            Some(value) => {
                out.push_str(&shown(&value));
                out.push_str(&behind);
            }
            None => {
                let left = without_attribute(&mut out, &behind);
                let left = left.or_else(|| without_element(&mut out, &behind));
                out.push_str(left.unwrap_or(&behind));
            }
        }
    }
    Ok(out)
}

/// Takes away the attribute whose value begins where `out` ends, if it ends where `behind` begins, and gives back what is left.
fn without_attribute<'a>(out: &mut String, behind: &'a str) -> Option<&'a str> {
    let quote = out
        .chars()
        .next_back()
        .filter(|last| ['"', '\''].contains(last))?;
    let left = behind.strip_prefix(quote)?;
    let named = out
        .strip_suffix(quote)?
        .trim_end()
        .strip_suffix('=')?
        .trim_end();
    let name = named.rfind(char::is_whitespace)?;
    let length = named.get(..name)?.trim_end().len();
    out.truncate(length);
    Some(left)
}

/// The same of an element whose text begins where `out` ends.
fn without_element<'a>(out: &mut String, behind: &'a str) -> Option<&'a str> {
    let open = out.rfind('<')?;
    let tag = out.get(open + 1..)?.trim_end().strip_suffix('>')?;
    let name = tag.split(char::is_whitespace).next()?;
    let closing = format!("</{name}>");
    let left = behind.trim_start().strip_prefix(&closing)?;
    out.truncate(open);
    Some(left)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_element_or_attribute_goes_with_its_variable() {
        let variables = Variables::from([
            ("nti".to_owned(), json!("a<b")),
            ("amount".to_owned(), json!(5)),
        ]);
        for (template, filled) in [
            ("<p a=\"{nti?}\"/>", "<p a=\"a&lt;b\"/>"),
            ("<p a=\"{tlid?}\"/>", "<p/>"),
            ("<p a='{tlid?}' b='1'>{amount}</p>", "<p b='1'>5</p>"),
            ("<p b='1'\n  a = \"{tlid?}\">", "<p b='1'>"),
            ("<p><l>{tlid?}</l><t>{nti?}</t></p>", "<p><t>a&lt;b</t></p>"),
            (
                "<p><t>{nti}</t>\n<l x='1'> {tlid?} </l></p>",
                "<p><t>a&lt;b</t>\n</p>",
            ),
            ("<p><l>{tlid?}{cvc?}</l></p>", "<p></p>"),
            ("<p><l>n{tlid?}</l></p>", "<p><l>n</l></p>"),
            ("<p a=\"n{tlid?}\"/>", "<p a=\"n\"/>"),
            ("<p><l>{tlid?}</m></p>", "<p><l></m></p>"),
        ] {
            assert_eq!(
                fill_xml(template, &variables).as_deref(),
                Ok(filled),
                "{template}"
            );
        }
        assert!(fill_xml("<p>{tlid}</p>", &variables).is_err());
    }
}
