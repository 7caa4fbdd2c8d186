//! JSON pointers (RFC 6901) with an extension: a part `[member=value]` picks the first item of an array whose member has
//! that value, `[member$=value]` the only one whose member ends in it, because a list of related objects has no fixed order, and
//! `[last]` the last one.

use serde_json::Value;

use super::template::shown;

/// The last item of a list.
const LAST: &str = "[last]";

/// The value at `pointer`, if there is one. An empty pointer is the whole document.
pub(crate) fn at<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(document);
    }
    let mut place = document;
    for part in pointer.strip_prefix('/')?.split('/') {
        place = match place {
            Value::Object(members) => members.get(&plain(part))?,
            Value::Array(items) => item(items, part)?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        };
    }
    Some(place)
}

/// Finds what is wrong with a pointer as it is written.
///
/// # Errors
/// A text that says how it is to be written.
pub(crate) fn check(pointer: &str) -> Result<(), String> {
    if pointer.is_empty() {
        return Ok(());
    }
    let Some(parts) = pointer.strip_prefix('/') else {
        return Err(format!(
            "{pointer:?} is not a pointer: it must begin with /"
        ));
    };
    for part in parts.split('/') {
        let tildes = part.match_indices('~');
        let mut behind = tildes.map(|(at, _)| part.get(at + 1..at + 2));
        if !behind.all(|next| matches!(next, Some("0" | "1"))) {
            return Err(format!(
                "{pointer:?} is not a pointer: ~ must be followed by 0 or 1"
            ));
        }
        let picks = part.starts_with('[');
        if picks && part != LAST && !(part.ends_with(']') && part.contains('=')) {
            return Err(format!(
                "{pointer:?}: {part:?} picks an item of a list as [member=value] or [last]"
            ));
        }
    }
    Ok(())
}

/// Sets the value at `pointer`, or takes the member away when there is no value. Members on the way are made.
///
/// # Errors
/// A text when the way leads through something that is not an object.
pub(crate) fn change(
    document: &mut Value,
    pointer: &str,
    value: Option<Value>,
) -> Result<(), String> {
    let (way, last) = pointer
        .rsplit_once('/')
        .ok_or_else(|| format!("{pointer:?} must begin with /"))?;
    let mut place = document;
    for part in way.split('/').skip(1) {
        let members = place
            .as_object_mut()
            .ok_or_else(|| format!("{pointer}: there is no object to put {part:?} into"))?;
        place = members
            .entry(plain(part))
            .or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    let members = place
        .as_object_mut()
        .ok_or_else(|| format!("{pointer}: no object at {way:?}"))?;
    match value {
        Some(value) => {
            members.insert(plain(last), value);
        }
        None if members.shift_remove(&plain(last)).is_none() => {
            return Err(format!("{pointer}: nothing to leave out there"));
        }
        None => {}
    }
    Ok(())
}

fn plain(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

fn item<'a>(items: &'a [Value], part: &str) -> Option<&'a Value> {
    if part == LAST {
        return items.last();
    }
    if let Some(wanted) = part
        .strip_prefix('[')
        .and_then(|part| part.strip_suffix(']'))
    {
        let (member, value) = wanted.split_once('=')?;
        let told = |item: &Value, member: &str| item.get(member).map(shown);
        let Some(member) = member.strip_suffix('$') else {
            let is = |item: &&Value| told(item, member).is_some_and(|found| found == value);
            return items.iter().find(is);
        };
        // Two that end alike are told apart by nothing, and one of them would be the wrong one.
        let ends = |item: &&Value| told(item, member).is_some_and(|found| found.ends_with(value));
        let mut found = items.iter().filter(ends);
        return found.next().filter(|_| found.next().is_none());
    }
    items.get(part.parse::<usize>().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn points_into_documents() {
        let document = json!({"data": {"a/b": 1}, "included": [
            {"type": "updates"}, {"type": "network_tokens", "id": "NT1", "none": null}]});
        let rows = [
            ("/data/a~1b", Some(json!(1))),
            ("/included/1/id", Some(json!("NT1"))),
            ("/included/[type=network_tokens]/id", Some(json!("NT1"))),
            ("/included/[id$=T1]/type", Some(json!("network_tokens"))),
            ("/included/[last]/id", Some(json!("NT1"))),
            ("/data/[last]", None),
            ("/included/[type=other]/id", None),
            ("/included/[type$=s]/type", None),
            ("/data/a~1b/deeper", None),
            ("data", None),
        ];
        for (pointer, found) in rows {
            assert_eq!(at(&document, pointer).cloned(), found, "{pointer}");
        }
    }

    #[test]
    fn changes_one_member() {
        let mut document = json!({"a": {"b": 1}, "c": 2});
        assert_eq!(change(&mut document, "/a/b", Some(json!("x"))), Ok(()));
        assert_eq!(change(&mut document, "/c", None), Ok(()));
        assert_eq!(change(&mut document, "/d/e", Some(json!(null))), Ok(()));
        assert_eq!(document, json!({"a": {"b": "x"}, "d": {"e": null}}));
        assert!(change(&mut document, "/nothing", None).is_err());
        assert!(change(&mut document, "/a/b/c", Some(json!(1))).is_err());
        assert!(change(&mut document, "", None).is_err());
    }
}
