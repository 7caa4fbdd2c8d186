//! Spaces, records, tasks, notices and settings as rows.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::unreadable;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::limits::NOTICES_KEPT_MAX;
use crate::store::key::KeyBytes;
use crate::store::record::{Row, RowChange};
use crate::store::{Keyed, Page, Task, Versioned};

type Done<T> = rusqlite::Result<T>;

pub(super) fn json<T: serde::Serialize>(value: &T) -> Done<String> {
    serde_json::to_string(value).map_err(unreadable)
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Done<T> {
    serde_json::from_str(text).map_err(unreadable)
}

/// Ids and names of all spaces.
pub(super) fn spaces(connection: &Connection) -> Done<Vec<(i64, String)>> {
    let mut all = connection.prepare_cached("SELECT id, name FROM space ORDER BY id")?;
    let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// The latest id that any space had.
pub(super) fn latest_space(connection: &Connection) -> Done<i64> {
    let latest = "SELECT max(ifnull((SELECT max(id) FROM space), 0), ifnull((SELECT max(space) FROM gone), 0))";
    connection.query_row(latest, [], |row| row.get(0))
}

pub(super) fn begin(connection: &Connection, space: i64, name: &str) -> Done<()> {
    let begin = "INSERT INTO space (id, name) VALUES (?1, ?2)";
    connection
        .prepare_cached(begin)?
        .execute(params![space, name])?;
    Ok(())
}

pub(super) fn retire(connection: &Connection, space: i64) -> Done<()> {
    connection.execute("DELETE FROM space WHERE id = ?1", [space])?;
    connection.execute("INSERT OR IGNORE INTO gone VALUES (?1)", [space])?;
    Ok(())
}

pub(super) fn get<T: Keyed>(
    connection: &Connection,
    space: i64,
    key: &T::Key,
) -> Done<Option<Versioned<T>>> {
    let get = "SELECT version, body FROM record WHERE space = ?1 AND kind = ?2 AND key = ?3";
    let mut get = connection.prepare_cached(get)?;
    let mut rows = get.query(params![space, T::KIND, key.bytes_in_order()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Versioned {
        version: row.get(0)?,
        record: parsed(row.get_ref(1)?.as_str()?)?,
    }))
}

pub(super) fn scan<T: Keyed>(
    connection: &Connection,
    space: i64,
    after: Option<&T::Key>,
    rows_max: usize,
) -> Done<Page<T>> {
    let scan =
        "SELECT body FROM record WHERE space = ?1 AND kind = ?2 AND key > ?3 ORDER BY key LIMIT ?4";
    let mut scan = connection.prepare_cached(scan)?;
    // No key is empty, so all of them come after nothing.
    let after = after.map(KeyBytes::bytes_in_order).unwrap_or_default();
    let limit = i64::try_from(rows_max)
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    let mut found = scan.query(params![space, T::KIND, after, limit])?;
    let (mut rows, mut more) = (Vec::new(), false);
    while let Some(row) = found.next()? {
        more = rows.len() == rows_max;
        if !more {
            rows.push(parsed(row.get_ref(0)?.as_str()?)?);
        }
    }
    Ok(Page { rows, more })
}

/// Whether nobody wrote first.
pub(super) fn fits(connection: &Connection, space: i64, row: &Row) -> Done<bool> {
    let version = "SELECT version FROM record WHERE space = ?1 AND kind = ?2 AND key = ?3";
    let mut version = connection.prepare_cached(version)?;
    let found = version.query_row(params![space, row.kind, row.key], |row| {
        row.get::<_, u32>(0)
    });
    let found = found.optional()?;
    Ok(match row.change {
        RowChange::Insert(_) => found.is_none(),
        RowChange::Replace(_, version) | RowChange::Remove(version) => found == Some(version),
    })
}

/// Carries out a change that fits.
pub(super) fn apply(connection: &Connection, space: i64, row: &Row) -> Done<()> {
    let Row { kind, key, change } = row;
    match change {
        RowChange::Insert(body) => connection
            .prepare_cached("INSERT INTO record VALUES (?1, ?2, ?3, 0, ?4)")?
            .execute(params![space, kind, key, body])?,
        RowChange::Replace(body, version) => connection
            .prepare_cached(
                "UPDATE record SET version = ?4, body = ?5 WHERE space = ?1 AND kind = ?2 AND key = ?3",
            )?
            .execute(params![space, kind, key, version.wrapping_add(1), body])?,
        RowChange::Remove(_) => connection
            .prepare_cached("DELETE FROM record WHERE space = ?1 AND kind = ?2 AND key = ?3")?
            .execute(params![space, kind, key])?,
    };
    Ok(())
}

pub(super) fn plan(connection: &Connection, space: i64, task: &Task) -> Done<()> {
    // The same twice is one.
    let plan = "INSERT OR IGNORE INTO task VALUES (?1, ?2, ?3, ?4)";
    let (due, key) = (task.due.micros(), task.bytes_in_order());
    connection
        .prepare_cached(plan)?
        .execute(params![space, due, key, json(task)?])?;
    Ok(())
}

pub(super) fn finish(connection: &Connection, space: i64, task: &Task) -> Done<()> {
    let finish = "DELETE FROM task WHERE space = ?1 AND due = ?2 AND key = ?3";
    let (due, key) = (task.due.micros(), task.bytes_in_order());
    connection
        .prepare_cached(finish)?
        .execute(params![space, due, key])?;
    Ok(())
}

pub(super) fn next_task(connection: &Connection, space: i64) -> Done<i64> {
    let next = "SELECT due FROM task WHERE space = ?1 ORDER BY due LIMIT 1";
    let next = connection
        .prepare_cached(next)?
        .query_row([space], |row| row.get(0));
    Ok(next.optional()?.unwrap_or(i64::MAX))
}

pub(super) fn first_due(connection: &Connection, space: i64, now: Moment) -> Done<Option<Task>> {
    let first = "SELECT body FROM task WHERE space = ?1 AND due <= ?2 ORDER BY due, key LIMIT 1";
    let mut first = connection.prepare_cached(first)?;
    let mut rows = first.query([space, now.micros()])?;
    rows.next()?
        .map(|row| parsed(row.get_ref(0)?.as_str()?))
        .transpose()
}

pub(super) fn tell(connection: &Connection, space: i64, notice: &Notice) -> Done<()> {
    // Payments are many more than what happens to tokens, and must not drown it.
    let [count, insert, delete] = if notice.payment_then.is_some() {
        [
            "UPDATE space SET told_of_payments = told_of_payments + 1 WHERE id = ?1 RETURNING told_of_payments",
            "INSERT INTO payment_notice VALUES (?1, ?2, ?3)",
            "DELETE FROM payment_notice WHERE space = ?1 AND place <= ?2",
        ]
    } else {
        [
            "UPDATE space SET told = told + 1 WHERE id = ?1 RETURNING told",
            "INSERT INTO notice VALUES (?1, ?2, ?3)",
            "DELETE FROM notice WHERE space = ?1 AND place <= ?2",
        ]
    };
    let told: i64 = connection
        .prepare_cached(count)?
        .query_row([space], |row| row.get(0))?;
    connection
        .prepare_cached(insert)?
        .execute(params![space, told, json(notice)?])?;
    let oldest = told - i64::try_from(NOTICES_KEPT_MAX).unwrap_or(i64::MAX);
    connection
        .prepare_cached(delete)?
        .execute([space, oldest])?;
    Ok(())
}

pub(super) fn notices(connection: &Connection, space: i64) -> Done<(Vec<Notice>, u64)> {
    let all = "SELECT body, place FROM notice WHERE space = ?1 ORDER BY place";
    kept_notices(connection, space, all)
}

pub(super) fn payment_notices(connection: &Connection, space: i64) -> Done<Vec<Notice>> {
    let all = "SELECT body, place FROM payment_notice WHERE space = ?1 ORDER BY place";
    Ok(kept_notices(connection, space, all)?.0)
}

fn kept_notices(connection: &Connection, space: i64, all: &str) -> Done<(Vec<Notice>, u64)> {
    let mut all = connection.prepare_cached(all)?;
    let mut rows = all.query([space])?;
    let (mut notices, mut evicted) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if notices.is_empty() {
            evicted = u64::try_from(row.get::<_, i64>(1)? - 1).unwrap_or_default();
        }
        notices.push(parsed(row.get_ref(0)?.as_str()?)?);
    }
    Ok((notices, evicted))
}

pub(super) fn set(
    connection: &Connection,
    space: i64,
    name: &str,
    value: Option<&str>,
) -> Done<()> {
    match value {
        Some(value) => connection
            .prepare_cached(
                "INSERT INTO setting VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = excluded.body",
            )?
            .execute(params![space, name, value])?,
        None => connection
            .prepare_cached("DELETE FROM setting WHERE space = ?1 AND name = ?2")?
            .execute(params![space, name])?,
    };
    Ok(())
}

pub(super) fn settings(connection: &Connection, space: i64) -> Done<Vec<(String, String)>> {
    let all = "SELECT name, body FROM setting WHERE space = ?1 ORDER BY name";
    let mut all = connection.prepare_cached(all)?;
    let rows = all.query_map([space], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
