//! Taking a space of the file apart, and putting one together.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::failure::unreadable;
use super::rows::{self, parsed};
use super::work::{Shared, Work};
use super::{File, FileEngine, queue_rows};
use crate::domain::notice::Subject;
use crate::domain::webhook::EndpointId;
use crate::store::part::{Counts, LineCount, Part, Parts, in_order};
use crate::store::queue_change::{QueueChange, QueueCounts};
use crate::store::record::Write;
use crate::store::{StoreError, Task};

type Done<T> = rusqlite::Result<T>;

/// A space that is to be made, with what is to be set in it besides its parts.
#[derive(Debug)]
pub(in crate::store) struct Made {
    pub(in crate::store) space: Arc<Shared>,
    pub(in crate::store) parts: Vec<Part>,
    pub(in crate::store) settings: Vec<(String, String)>,
}

impl FileEngine {
    /// See [`crate::store::Engine::put_together`].
    pub(in crate::store) async fn put_together(
        &self,
        made: Vec<Made>,
        gone: Vec<Arc<Shared>>,
    ) -> Result<(), StoreError> {
        let put = self
            .database
            .write(move |work| work.put_together(&made, &gone));
        put.await
    }
}

impl File {
    pub(in crate::store) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.space)
    }

    /// Everything at one instant. None when the records take more than so many bytes.
    pub(in crate::store) fn parts(&self, bytes_max: usize) -> Result<Option<Parts>, StoreError> {
        let space = self.space.id;
        self.database.read(|file| {
            // What is committed while it is read is not seen.
            let instant = file.unchecked_transaction()?;
            let parts = read(&instant, space, bytes_max)?;
            instant.commit()?;
            Ok(parts)
        })
    }
}

fn read(file: &Connection, space: i64, bytes_max: usize) -> Done<Option<Parts>> {
    let Some(records) = records(file, space, bytes_max)? else {
        return Ok(None);
    };
    let told: Option<u64> = first(file, "SELECT told FROM space WHERE id = ?1", space)?;
    let queues = queue_rows::read(file, space)?.parts();
    let mut parts = vec![Part::Counts(Counts {
        told: told.unwrap_or_default(),
        registered: queues.registered,
        refused: queues.refused,
    })];
    parts.extend(in_order(records, lines(file, space)?));
    parts.extend(tasks(file, space)?.into_iter().map(Part::Task));
    let notices = [
        rows::notices(file, space)?.0,
        rows::payment_notices(file, space)?,
    ];
    parts.extend(notices.into_iter().flatten().map(Part::Notice));
    parts.extend(queues.endpoints.into_iter().map(Part::Endpoint));
    parts.extend(queues.ended.into_iter().map(Part::Message));
    Ok(Some(Parts {
        parts,
        waiting: queues.waiting,
    }))
}

fn first(file: &Connection, select: &str, space: i64) -> Done<Option<u64>> {
    let mut rows = file.prepare_cached(select)?;
    let mut rows = rows.query([space])?;
    let first: Option<i64> = rows.next()?.map(|row| row.get(0)).transpose()?;
    Ok(first.and_then(|first| u64::try_from(first).ok()))
}

fn records(file: &Connection, space: i64, bytes_max: usize) -> Done<Option<Vec<Write>>> {
    let mut all = file.prepare_cached("SELECT kind, body FROM record WHERE space = ?1")?;
    let mut rows = all.query([space])?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_str()?;
        bytes += body.len();
        if bytes > bytes_max {
            return Ok(None);
        }
        let record = Write::read(row.get_ref(0)?.as_str()?, body);
        let record = record.unwrap_or_else(|| Err(serde::de::Error::custom("no such kind")));
        records.push(record.map_err(super::failure::unreadable)?);
    }
    Ok(Some(records))
}

fn lines(file: &Connection, space: i64) -> Done<Vec<LineCount>> {
    let all = "SELECT endpoint, about, written FROM line WHERE space = ?1";
    let mut all = file.prepare_cached(all)?;
    let mut rows = all.query([space])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let about = Subject::parse(row.get_ref(1)?.as_str()?);
        let unreadable = || unreadable("nothing that messages are about");
        lines.push(LineCount {
            endpoint: EndpointId(row.get(0)?),
            about: about.ok_or_else(unreadable)?,
            written: row.get(2)?,
        });
    }
    Ok(lines)
}

fn tasks(file: &Connection, space: i64) -> Done<Vec<Task>> {
    let all = "SELECT body FROM task WHERE space = ?1 ORDER BY due, key";
    let mut all = file.prepare_cached(all)?;
    let mut rows = all.query([space])?;
    let mut tasks = Vec::new();
    while let Some(row) = rows.next()? {
        tasks.push(parsed(row.get_ref(0)?.as_str()?)?);
    }
    Ok(tasks)
}

impl Work<'_> {
    /// Puts spaces together that are not in the file yet, in place of those that go.
    pub(super) fn put_together(&mut self, made: &[Made], gone: &[Arc<Shared>]) -> Done<()> {
        for space in gone {
            self.retire(space)?;
        }
        for Made {
            space,
            parts,
            settings,
        } in made
        {
            let values: Vec<_> = settings
                .iter()
                .map(|(name, value)| (name.clone(), Some(value.clone())))
                .collect();
            self.set(space, &values)?;
            for part in parts {
                write(self.connection, space.id, part)?;
            }
            // Counted by what came before, and known better.
            for part in parts {
                if let Part::Counts(counts) = part {
                    count(self.connection, space.id, counts)?;
                }
            }
            self.read_again(space)?;
        }
        Ok(())
    }
}

fn write(file: &Connection, space: i64, part: &Part) -> Done<()> {
    match part {
        Part::Record(record) => {
            let row = record.row().map_err(super::failure::unreadable)?;
            rows::apply(file, space, &row)
        }
        Part::Task(task) => rows::plan(file, space, task),
        Part::Notice(notice) => rows::tell(file, space, notice),
        Part::Endpoint(endpoint) => {
            let change = QueueChange::Endpoint(endpoint.clone());
            queue_rows::write(file, space, &change, QueueCounts::default())
        }
        Part::Message(ended) => {
            let change = QueueChange::Message(ended.stand(), ended.message.clone());
            queue_rows::write(file, space, &change, QueueCounts::default())
        }
        Part::Line(line) => {
            let insert = "INSERT INTO line VALUES (?1, ?2, ?3, ?4)";
            let (endpoint, about) = (line.endpoint.0, line.about.text());
            file.prepare_cached(insert)?
                .execute(params![space, endpoint, about, line.written])?;
            Ok(())
        }
        Part::Counts(counts) => {
            let both = QueueCounts {
                registered: counts.registered,
                refused: counts.refused,
            };
            queue_rows::write(file, space, &QueueChange::Counts, both)
        }
    }
}

/// How many notices there were in all: those that are kept are the latest of them.
fn count(file: &Connection, space: i64, counts: &Counts) -> Done<()> {
    let kept: Option<u64> = first(file, "SELECT told FROM space WHERE id = ?1", space)?;
    let Some(before) = counts.told.checked_sub(kept.unwrap_or_default()) else {
        return Ok(());
    };
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    // From the last one on, or each would meet the next one.
    let places = "SELECT place FROM notice WHERE space = ?1 ORDER BY place DESC";
    let mut places = file.prepare_cached(places)?;
    let places: Vec<i64> = places
        .query_map([space], |row| row.get(0))?
        .collect::<Done<_>>()?;
    let mut later = file
        .prepare_cached("UPDATE notice SET place = place + ?3 WHERE space = ?1 AND place = ?2")?;
    for place in places {
        later.execute([space, place, before])?;
    }
    file.execute(
        "UPDATE space SET told = told + ?2 WHERE id = ?1",
        [space, before],
    )?;
    Ok(())
}
