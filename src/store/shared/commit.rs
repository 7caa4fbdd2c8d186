//! Carrying out a batch.

use std::collections::HashMap;

use super::bytes::{hex_of, instant, line, task};
use super::endpoints::Known;
use super::link::unreadable;
use super::script::COMMIT;
use super::space::{Place, SharedSpace};
use crate::limits::{
    MESSAGES_WAITING_MAX, NOTICES_KEPT_MAX, RECORDS_BYTES_PER_SPACE_MAX, SHARED_DONE_KEPT,
};
use crate::store::record::{Row, RowChange};
use crate::store::{Batch, Commit, StoreError, Write};

/// Keys that a batch needs which tells of nothing: it is what most are.
const FIXED_FOR_RECORDS: usize = 3;

/// The keys and arguments of a script.
#[derive(Debug, Default)]
struct Call {
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
}

impl Call {
    fn arg(&mut self, arg: impl Into<Vec<u8>>) {
        self.args.push(arg.into());
    }

    fn number(&mut self, number: impl ToString) {
        self.args.push(number.to_string().into_bytes());
    }

    /// The place of a key, from one.
    fn place(&mut self, key: String) -> usize {
        self.keys.push(key);
        self.keys.len()
    }
}

impl SharedSpace {
    pub(in crate::store) async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        let place = self.made().await?;
        let rows: Result<Vec<_>, _> = batch.writes.iter().map(Write::row).collect();
        let rows = rows.map_err(|error| unreadable(&error.to_string()))?;
        let id = self.replica.next_id();
        loop {
            let known = if batch.notices.is_empty() {
                None
            } else {
                Some(self.known_endpoints(place).await?)
            };
            let call = asked(place, &id, &batch, &rows, known.as_deref())?;
            let said: Result<String, _> = self.link.run(&COMMIT, &call.keys, &call.args).await;
            // Even where nobody knows whether it was carried out.
            if !batch.notices.is_empty() || !batch.tasks.is_empty() {
                self.wake.notify_one();
            }
            return match said?.as_str() {
                "done" => Ok(Commit::Done),
                "conflict" => Ok(Commit::Conflict),
                "records" => Err(StoreError::Full("records and tasks")),
                "messages" => Err(StoreError::Full("webhook messages")),
                "endpoints" => {
                    *self.known.write() = None;
                    continue;
                }
                _ if self.retired.load(std::sync::atomic::Ordering::Acquire) => Ok(Commit::Done),
                _ => Err(self.gone()),
            };
        }
    }
}

fn asked(
    place: &Place,
    id: &str,
    batch: &Batch,
    rows: &[Row],
    known: Option<&Known>,
) -> Result<Call, StoreError> {
    let keys = &place.keys;
    let fixed = match known {
        Some(_) => keys.all_for_script(id),
        None => keys.for_script(FIXED_FOR_RECORDS, id),
    };
    let mut call = Call {
        keys: fixed,
        args: Vec::new(),
    };
    call.number(SHARED_DONE_KEPT.as_millis());
    call.number(RECORDS_BYTES_PER_SPACE_MAX);
    call.number(MESSAGES_WAITING_MAX);
    call.number(NOTICES_KEPT_MAX);
    call.arg(known.map_or("0", |known| &known.version));
    let names_gone = rows.iter().filter(|row| is_name_gone(row)).count();
    call.number(names_gone);
    call.number(rows.len());
    for Row { kind, key, change } in rows {
        let (word, version, value) = match change {
            RowChange::Insert(body) => ("i", String::new(), hex_of(0) + body),
            RowChange::Replace(body, version) => {
                let next = hex_of(version.wrapping_add(1)) + body;
                ("r", hex_of(*version), next)
            }
            RowChange::Remove(version) => ("d", hex_of(*version), String::new()),
        };
        call.arg(word);
        for key in [keys.records(kind), keys.index(kind)] {
            let place = call.place(key);
            call.number(place);
        }
        call.arg(key.clone());
        call.arg(version);
        call.arg(value);
    }
    tell(&mut call, place, batch, known)?;
    call.number(batch.tasks.len());
    for planned in &batch.tasks {
        call.arg(task(planned).map_err(|error| unreadable(&error.to_string()))?);
    }
    Ok(call)
}

/// Adds the notices, and the messages that they come to.
fn tell(
    call: &mut Call,
    place: &Place,
    batch: &Batch,
    known: Option<&Known>,
) -> Result<(), StoreError> {
    let json =
        |notice: &_| serde_json::to_vec(notice).map_err(|error| unreadable(&error.to_string()));
    call.number(batch.notices.len());
    for notice in &batch.notices {
        call.arg(if notice.payment_then.is_some() {
            "1"
        } else {
            "0"
        });
        call.args.push(json(notice)?);
    }
    let endpoints = known.map_or([].as_slice(), |known| &known.endpoints);
    let mut messages = Vec::new();
    for notice in &batch.notices {
        let to = endpoints.iter().filter(|endpoint| endpoint.wants(notice));
        messages.extend(to.map(|endpoint| (endpoint.id, notice)));
    }
    call.number(messages.len());
    let mut numbers = HashMap::new();
    for (endpoint, notice) in messages {
        let known = numbers.entry(endpoint);
        let numbers = known.or_insert_with(|| call.place(place.keys.numbers(endpoint)));
        let numbers = *numbers;
        call.number(numbers);
        call.arg(line(endpoint, notice.subject));
        call.arg(instant(notice.at));
        call.args.push(super::outbox::fresh(endpoint, notice)?);
    }
    Ok(())
}

/// Whether a number may have no name afterwards, which every replica has to know that remembers names.
fn is_name_gone(row: &Row) -> bool {
    row.kind == "aliases" && matches!(row.change, RowChange::Remove(_))
}
