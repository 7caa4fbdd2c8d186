//! What merchants keep with objects for themselves: up to fifty pairs, with keys of forty characters and values of five hundred
//! (Stripe, API reference, metadata; the sentences as they are reported, <https://github.com/FlowFuse/flowfuse/issues/1948>
//! among others). An empty value takes its pair away, and an empty `metadata` every one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::errors::{Conflict, StripeError};
use super::form::Form;

const PAIRS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 40;
const VALUE_CHARACTERS_MAX: usize = 500;
/// As much of a value as an error repeats.
const SHOWN_CHARACTERS: usize = 100;

/// Whether every pair that a form brings can be kept, and all of one object together.
pub(super) fn check(form: &Form) -> Result<(), StripeError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, value) in form.pairs() {
        let Some(rest) = below(name) else {
            continue;
        };
        let key = rest.strip_prefix('[').and_then(|key| key.strip_suffix(']'));
        match key {
            None if rest.is_empty() && value.is_empty() => {}
            None => return Err(wrong("Invalid object".to_owned())),
            Some(key) if key.contains(['[', ']']) || key.is_empty() => {
                let message =
                    "Metadata keys cannot contain square brackets, and values must be strings.";
                return Err(wrong(message.to_owned()));
            }
            Some(key) => {
                pair(key, value)?;
                let object = name.strip_suffix(rest).unwrap_or(name);
                *counts.entry(object).or_default() += usize::from(!value.is_empty());
            }
        }
    }
    counts.into_values().try_for_each(count)
}

/// The same of what is kept by now, where the form changes it.
pub(super) fn check_changed(whole: &Form, form: &Form) -> Result<(), StripeError> {
    if form.has_below("metadata") {
        check(whole)?;
    }
    Ok(())
}

/// What follows the name of an object's metadata.
fn below(name: &str) -> Option<&str> {
    if let Some(rest) = name.strip_prefix("metadata") {
        return (rest.is_empty() || rest.starts_with('[')).then_some(rest);
    }
    let (_, rest) = name.split_once("[metadata]")?;
    Some(rest)
}

fn pair(key: &str, value: &str) -> Result<(), StripeError> {
    let count = key.chars().count();
    if count > KEY_CHARACTERS_MAX {
        let key: String = key.chars().take(SHOWN_CHARACTERS).collect();
        return Err(wrong(format!(
            "Metadata keys can have up to {KEY_CHARACTERS_MAX} characters, but you passed in a key that is {count} characters. Invalid key: {key}"
        )));
    }
    let count = value.chars().count();
    if count > VALUE_CHARACTERS_MAX {
        let value: String = value.chars().take(SHOWN_CHARACTERS).collect();
        return Err(wrong(format!(
            "Metadata values can have up to {VALUE_CHARACTERS_MAX} characters, but you passed in a value that is {count} characters. Invalid value: {value}"
        )));
    }
    Ok(())
}

/// Whether so many pairs can be kept.
fn count(count: usize) -> Result<(), StripeError> {
    if count > PAIRS_MAX {
        return Err(wrong(format!(
            "Metadata can have up to {PAIRS_MAX} keys, but you've set {count}."
        )));
    }
    Ok(())
}

fn wrong(message: String) -> StripeError {
    Conflict {
        refusal: None,
        code: None,
        message,
        param: Some("metadata"),
        intent: None,
    }
    .into()
}

/// What is kept with the object from its beginning: an empty pair has nothing to take away. What an earlier release has kept is
/// read as it is, however much it is.
pub(super) fn kept(form: &Form, name: &str) -> Map<String, Value> {
    let mut pairs = said(form, name);
    pairs.retain(|_, value| value != "");
    pairs
}

/// As a form says it, with the empty ones.
pub(super) fn said(form: &Form, name: &str) -> Map<String, Value> {
    let pairs = form.below(name);
    pairs
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// Sets each pair, and takes away those that are empty now.
pub(super) fn set(metadata: &mut Value, changes: Map<String, Value>) {
    let Some(metadata) = metadata.as_object_mut() else {
        return;
    };
    for (name, value) in changes {
        if value == "" {
            metadata.shift_remove(&name);
        } else {
            metadata.insert(name, value);
        }
    }
}

/// The same with what a form says; an empty value takes away every pair.
pub(super) fn change(metadata: &mut Value, form: &Form, name: &str) -> Result<(), StripeError> {
    if form.says(name) || !metadata.is_object() {
        *metadata = Map::new().into();
    }
    let changes = said(form, name);
    let adds = !changes.is_empty();
    set(metadata, changes);
    // Whoever changes nothing of it may have more from before.
    let pairs = metadata.as_object().filter(|_| adds);
    pairs.map_or(Ok(()), |pairs| count(pairs.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::stripe::errors::Own;

    fn refused(text: &str) -> Option<String> {
        match check(&Form::parse(text.as_bytes())) {
            Ok(()) => None,
            Err(StripeError::Own(Own::State(conflict))) => Some(conflict.message),
            Err(other) => panic!("{other:?}"),
        }
    }

    /// https://docs.stripe.com/api/metadata
    #[test]
    fn a_pair_has_a_short_key_and_a_text() {
        let (key, value) = ("k".repeat(40), "é".repeat(500));
        for fine in [
            format!("metadata[{key}]={value}"),
            "metadata=".to_owned(),
            "metadata[a]=".to_owned(),
            "payment_method_data[metadata][a]=1".to_owned(),
            "metadatas[a][b]=1".to_owned(),
        ] {
            assert_eq!(refused(&fine), None, "{fine}");
        }
        for (wrong, want) in [
            (
                format!("metadata[{key}k]=1"),
                "but you passed in a key that is 41 characters",
            ),
            (
                format!("metadata[a]={value}e"),
                "but you passed in a value that is 501 characters",
            ),
            (
                format!("payment_method_data[metadata][a]={value}e"),
                "value that is 501",
            ),
            ("metadata=1".to_owned(), "Invalid object"),
            ("metadata[a][b]=1".to_owned(), "square brackets"),
            ("metadata[]=1".to_owned(), "square brackets"),
        ] {
            let message = refused(&wrong).unwrap_or_default();
            assert!(message.contains(want), "{wrong} {message}");
        }
    }

    #[test]
    fn there_are_fifty_pairs_at_most() {
        let pairs = |count: usize| {
            let pairs = (0..count).map(|place| format!("metadata[{place}]=1"));
            Form::parse(pairs.collect::<Vec<_>>().join("&").as_bytes())
        };
        let mut metadata = Value::Object(kept(&pairs(50), "metadata"));
        assert!(check(&pairs(50)).is_ok() && check(&pairs(51)).is_err());
        // What is kept already is read, and what is not said again is no reason to refuse anything.
        let mut more_kept = Value::Object(kept(&pairs(51), "metadata"));
        assert!(change(&mut more_kept, &Form::parse(b"description=a"), "metadata").is_ok());
        assert!(change(&mut more_kept, &Form::parse(b"metadata[0]=2"), "metadata").is_err());
        let more = Form::parse(b"metadata[more]=1");
        assert!(change(&mut metadata.clone(), &more, "metadata").is_err());
        let instead = Form::parse(b"metadata[0]=&metadata[more]=1");
        assert!(change(&mut metadata, &instead, "metadata").is_ok());
    }
}
