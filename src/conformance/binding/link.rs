//! The header `Link` (RFC 8288): addresses, each with how it is related to the answer.

/// The first address of that relation in the values of all headers of the name.
pub(super) fn target<'a>(values: impl Iterator<Item = &'a str>, relation: &str) -> Option<String> {
    values.flat_map(links).find_map(|(address, parameters)| {
        let mut related = parameters.split(';').filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let is_it = name.trim().eq_ignore_ascii_case("rel");
            is_it.then(|| value.trim().trim_matches('"').to_owned())
        });
        let names_it = |relations: String| {
            let mut each = relations.split_ascii_whitespace();
            each.any(|one| one.eq_ignore_ascii_case(relation))
        };
        related.any(names_it).then(|| address.to_owned())
    })
}

/// Each address with the text of its parameters. A comma in an address or between quotes ends nothing.
fn links(value: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, behind)) = rest.split_once('<') {
        let Some((address, behind)) = behind.split_once('>') else {
            break;
        };
        let mut quoted = false;
        let end = behind.find(|letter| {
            quoted ^= letter == '"';
            letter == ',' && !quoted
        });
        let (parameters, after) = behind.split_at(end.unwrap_or(behind.len()));
        found.push((address.trim(), parameters));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_by_its_relation() {
        let header = "<https://a.example/t?ids=1,2&p=1>; rel=\"first\", </t?p=3>; title=\"a, b\"; rel=\"next last\"";
        let found = |relation| target([header].into_iter(), relation);
        assert_eq!(found("next").as_deref(), Some("/t?p=3"));
        assert_eq!(found("last").as_deref(), Some("/t?p=3"));
        assert_eq!(
            found("first").as_deref(),
            Some("https://a.example/t?ids=1,2&p=1")
        );
        assert_eq!(found("prev"), None);
        let plain = target(["<a>;rel=prev", "<b> ; REL=next"].into_iter(), "next");
        assert_eq!(plain.as_deref(), Some("b"));
        for broken in ["", "next", "<a", "<a>; rel", "a; rel=next"] {
            assert_eq!(target([broken].into_iter(), "next"), None, "{broken}");
        }
    }
}
