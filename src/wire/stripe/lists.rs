//! Lists as Stripe pages them: newest first, from behind or before an object that was seen, a few at a time (Stripe, API
//! reference, pagination).

use std::borrow::Cow;

use serde_json::{Value, json};

use super::calls::no_such;
use super::errors::StripeError;
use super::form::Form;
use super::requests::bad;

const LIMIT: u64 = 10;
const LIMIT_MAX: u64 = 100;

/// What is listed.
#[derive(Debug)]
pub(super) struct Rows {
    /// What one is called.
    pub(super) what: &'static str,
    pub(super) url: Cow<'static, str>,
    /// Newest first.
    pub(super) rows: Vec<Value>,
}

impl Rows {
    /// The page that the query asks for.
    pub(super) fn page(self, query: &Form) -> Result<Value, StripeError> {
        let rows: Vec<_> = self.rows.into_iter().filter(created(query)?).collect();
        let limit = limit(query)?;
        let place = |name: &'static str| match query.text(name) {
            None => Ok(None),
            Some(id) => {
                let place = rows.iter().position(|row| row["id"] == id);
                place.map(Some).ok_or_else(|| no_such(self.what, name, id))
            }
        };
        let (from, to) = match (place("starting_after")?, place("ending_before")?) {
            (Some(after), _) => (after + 1, rows.len()),
            (None, Some(before)) => (before.saturating_sub(limit), before),
            (None, None) => (0, rows.len()),
        };
        let backwards = query.text("ending_before").is_some();
        let found = &rows[from..to];
        let more = if backwards {
            from > 0
        } else {
            found.len() > limit
        };
        Ok(json!({
            "object": "list",
            "data": found.iter().take(limit).collect::<Vec<_>>(),
            "has_more": more,
            "url": self.url,
        }))
    }
}

/// How many are wanted at a time.
pub(super) fn limit(query: &Form) -> Result<usize, StripeError> {
    let limit = query.integer("limit")?.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let due = format!("must be from 1 to {LIMIT_MAX}");
        return Err(bad("limit", "parameter_invalid_integer", &due));
    }
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

/// Whether an object was made when the query wants it.
fn created(query: &Form) -> Result<impl Fn(&Value) -> bool + use<>, StripeError> {
    let at = query.integer("created")?;
    let (after, from) = (
        query.integer("created[gt]")?,
        query.integer("created[gte]")?,
    );
    let (before, to) = (
        query.integer("created[lt]")?,
        query.integer("created[lte]")?,
    );
    Ok(move |row: &Value| {
        let made = row["created"].as_u64().unwrap_or_default();
        at.is_none_or(|at| made == at)
            && after.is_none_or(|after| made > after)
            && from.is_none_or(|from| made >= from)
            && before.is_none_or(|before| made < before)
            && to.is_none_or(|to| made <= to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> (Vec<u64>, bool) {
        let rows = (1..=12).rev();
        let rows = rows.map(|made| json!({ "id": format!("x_{made}"), "created": made }));
        let rows = Rows {
            what: "thing",
            url: "/v1/things".into(),
            rows: rows.collect(),
        };
        let page = rows.page(&Form::parse(query.as_bytes())).unwrap();
        let rows = page["data"].as_array().unwrap().iter();
        let made = rows.map(|row| row["created"].as_u64().unwrap()).collect();
        (made, page["has_more"] == true)
    }

    #[test]
    fn a_list_is_read_page_by_page_in_both_directions() {
        assert_eq!(page(""), ((3..=12).rev().collect(), true));
        assert_eq!(page("limit=2&starting_after=x_3"), (vec![2, 1], false));
        assert_eq!(page("limit=2&starting_after=x_4"), (vec![3, 2], true));
        assert_eq!(page("limit=2&ending_before=x_9"), (vec![11, 10], true));
        assert_eq!(page("limit=5&ending_before=x_9"), (vec![12, 11, 10], false));
        assert_eq!(page("created[gt]=3&created[lte]=5"), (vec![5, 4], false));
        assert_eq!(page("created=7"), (vec![7], false));
    }

    #[test]
    fn what_cannot_be_a_page_is_refused() {
        for query in ["limit=0", "limit=101", "limit=x", "starting_after=x_0"] {
            let rows = Rows {
                what: "thing",
                url: "/v1/things".into(),
                rows: Vec::new(),
            };
            assert!(
                rows.page(&Form::parse(query.as_bytes())).is_err(),
                "{query}"
            );
        }
    }
}
