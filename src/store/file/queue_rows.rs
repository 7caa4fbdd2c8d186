//! Endpoints and messages as rows.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::unreadable;
use super::rows::{json, parsed};
use crate::domain::webhook::{Endpoint, Message};
use crate::store::queue_change::{QueueChange, QueueCounts, Stand};
use crate::store::queues::{Line, Queues};

type Done<T> = rusqlite::Result<T>;

impl Stand {
    const fn word(self) -> &'static str {
        match self {
            Self::InLine => "in_line",
            Self::Aside(_) => "aside",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    const fn past(self) -> u32 {
        match self {
            Self::Aside(past) => past,
            Self::InLine | Self::Delivered | Self::Dead => 0,
        }
    }

    fn read(word: &str, past: u32) -> Done<Self> {
        let all = [Self::InLine, Self::Aside(past), Self::Delivered, Self::Dead];
        let known = all.into_iter().find(|stand| stand.word() == word);
        known.ok_or_else(|| unreadable(format!("a message stands {word:?}, which is unknown here")))
    }
}

/// What is written down with a change of the counts.
pub(super) const fn counts(queues: &Queues) -> QueueCounts {
    QueueCounts {
        registered: queues.registered,
        refused: queues.refused,
    }
}

/// Writes one change down. `counts` are what the space has counted by then.
pub(super) fn write(
    connection: &Connection,
    space: i64,
    change: &QueueChange,
    counts: QueueCounts,
) -> Done<()> {
    match change {
        QueueChange::Message(stand, message) => put(connection, space, *stand, message),
        QueueChange::Gone(key) => {
            let gone = "DELETE FROM message WHERE space = ?1 AND name = ?2";
            let gone = connection
                .prepare_cached(gone)?
                .execute(params![space, key.text()]);
            gone.map(|_| ())
        }
        QueueChange::Endpoint(endpoint) => {
            let put = "INSERT INTO endpoint VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET body = excluded.body";
            let body = json(endpoint)?;
            connection
                .prepare_cached(put)?
                .execute(params![space, endpoint.id.0, body])?;
            Ok(())
        }
        QueueChange::EndpointGone(id) => {
            let gone = "DELETE FROM endpoint WHERE space = ?1 AND id = ?2";
            connection.execute(gone, params![space, id.0])?;
            // No other endpoint gets its name.
            let lines = "DELETE FROM line WHERE space = ?1 AND endpoint = ?2";
            connection.execute(lines, params![space, id.0])?;
            Ok(())
        }
        QueueChange::Counts => {
            let refused = i64::try_from(counts.refused).unwrap_or(i64::MAX);
            let count = "UPDATE space SET registered = ?2, refused = ?3 WHERE id = ?1";
            connection.prepare_cached(count)?.execute(params![
                space,
                counts.registered,
                refused
            ])?;
            Ok(())
        }
    }
}

/// A message that stays where it stands keeps its place there; one that comes is the last.
fn put(connection: &Connection, space: i64, stand: Stand, message: &Message) -> Done<()> {
    let put = "INSERT INTO message VALUES (?1, ?2, ?3, ?4,
          (SELECT ifnull(max(place), 0) + 1 FROM message WHERE space = ?1), ?5)
        ON CONFLICT DO UPDATE SET body = excluded.body, past = excluded.past, stand = excluded.stand,
          place = CASE WHEN stand = excluded.stand THEN place ELSE excluded.place END";
    let name = message.key.text();
    connection.prepare_cached(put)?.execute(params![
        space,
        name,
        stand.word(),
        stand.past(),
        json(message)?
    ])?;
    Ok(())
}

/// Writes down the endpoints that a space has from its beginning.
pub(super) fn begin(
    connection: &Connection,
    space: i64,
    endpoints: Vec<Endpoint>,
    counts: QueueCounts,
) -> Done<()> {
    for endpoint in endpoints {
        write(connection, space, &QueueChange::Endpoint(endpoint), counts)?;
    }
    write(connection, space, &QueueChange::Counts, counts)
}

/// How many messages a line has had. Counts one more.
pub(super) fn number(connection: &Connection, space: i64, line: &Line) -> Done<u32> {
    let count = "INSERT INTO line VALUES (?1, ?2, ?3, 1) ON CONFLICT DO UPDATE SET written = written + 1 RETURNING written";
    let written: u32 = connection
        .prepare_cached(count)?
        .query_row(params![space, line.0.0, line.1.text()], |row| row.get(0))?;
    Ok(written - 1)
}

/// Reads all of a space back.
pub(super) fn read(connection: &Connection, space: i64) -> Done<Queues> {
    let mut queues = Queues::default();
    let counts = "SELECT registered, refused FROM space WHERE id = ?1";
    let counts = connection.query_row(counts, [space], |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?))
    });
    if let Some((registered, refused)) = counts.optional()? {
        queues.registered = registered;
        queues.refused = u64::try_from(refused).unwrap_or_default();
    }
    let mut endpoints = connection.prepare_cached("SELECT body FROM endpoint WHERE space = ?1")?;
    let mut rows = endpoints.query([space])?;
    while let Some(row) = rows.next()? {
        let endpoint: Endpoint = parsed(row.get_ref(0)?.as_str()?)?;
        queues.endpoints.insert(endpoint.id, endpoint);
    }
    let messages = "SELECT stand, past, body FROM message WHERE space = ?1 ORDER BY place";
    let mut messages = connection.prepare_cached(messages)?;
    let mut rows = messages.query([space])?;
    while let Some(row) = rows.next()? {
        let stand = Stand::read(row.get_ref(0)?.as_str()?, row.get(1)?)?;
        let message: Message = parsed(row.get_ref(2)?.as_str()?)?;
        queues.restore(stand, message);
    }
    Ok(queues)
}
