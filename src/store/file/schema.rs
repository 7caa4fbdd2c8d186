//! The tables of the file. Records, tasks, notices and messages are JSON, so that somebody who opens the file with SQLite's own
//! tool can read it, and a release that gives a record one more member still reads the older ones.

use rusqlite::Connection;

use super::OpenFileError;

/// What SQLite's `file` signature has as the program that the file belongs to: `stin`.
const APPLICATION: i32 = i32::from_be_bytes(*b"stin");

/// The form of what is written. It goes up whenever an older release could not read the file, or this one not an older file.
pub(super) const FORM: i32 = 1;

const TABLES: &str = "
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- `told` counts notices, `registered` endpoints, `refused` messages for which there was no room.
CREATE TABLE space (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, told INTEGER NOT NULL DEFAULT 0, told_of_payments INTEGER NOT NULL DEFAULT 0,
  registered INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0);
-- Spaces that were dropped or put back and whose rows are still to be deleted.
CREATE TABLE gone (space INTEGER PRIMARY KEY);
CREATE TABLE record (space INTEGER NOT NULL, kind TEXT NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (space, kind, key)) WITHOUT ROWID;
CREATE TABLE task (space INTEGER NOT NULL, due INTEGER NOT NULL, key BLOB NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (space, due, key)) WITHOUT ROWID;
CREATE TABLE notice (space INTEGER NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (space, place)) WITHOUT ROWID;
CREATE TABLE payment_notice (space INTEGER NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (space, place)) WITHOUT ROWID;
CREATE TABLE endpoint (space INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (space, id)) WITHOUT ROWID;
-- `place` is the order among those of the same stand; `past` is how many others go first.
CREATE TABLE message (space INTEGER NOT NULL, name TEXT NOT NULL, stand TEXT NOT NULL, past INTEGER NOT NULL,
  place INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (space, name)) WITHOUT ROWID;
CREATE INDEX message_in_order ON message (space, place);
-- How many messages an endpoint has had about a token or card.
CREATE TABLE line (space INTEGER NOT NULL, endpoint INTEGER NOT NULL, about TEXT NOT NULL, written INTEGER NOT NULL,
  PRIMARY KEY (space, endpoint, about)) WITHOUT ROWID;
-- What a space keeps besides its records: its clock, its fault rules and their counts.
CREATE TABLE setting (space INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (space, name)) WITHOUT ROWID;
";

/// Every table whose rows belong to a space, with the columns that name a row of it.
pub(super) const OF_SPACES: [(&str, &str); 8] = [
    ("record", "space, kind, key"),
    ("task", "space, due, key"),
    ("notice", "space, place"),
    ("payment_notice", "space, place"),
    ("endpoint", "space, id"),
    ("message", "space, name"),
    ("line", "space, endpoint, about"),
    ("setting", "space, name"),
];

/// What a file is made with and then keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning<'a> {
    /// Stands for the seed of all spaces.
    pub(super) seed: &'a str,
    pub(super) secret: &'a str,
}

/// Makes the tables of a new file, or sees to it that an older one can be used. Gives the file's secret.
pub(super) fn prepare(
    connection: &mut Connection,
    made: Beginning<'_>,
) -> Result<String, OpenFileError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables = "SELECT count(*) FROM sqlite_schema";
    let empty = connection.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0;
    if empty {
        create(connection, made)?;
        return Ok(made.secret.to_owned());
    }
    if number("application_id")? != APPLICATION {
        return Err(OpenFileError::OfAnotherProgram);
    }
    match number("user_version")? {
        FORM => {}
        found => return Err(OpenFileError::Form { found, known: FORM }),
    }
    let fact = |name: &str| -> rusqlite::Result<String> {
        let fact = "SELECT value FROM fact WHERE name = ?1";
        connection.query_row(fact, [name], |row| row.get(0))
    };
    if fact("seed")? != made.seed {
        return Err(OpenFileError::Seed);
    }
    Ok(fact("secret")?)
}

fn create(connection: &mut Connection, made: Beginning<'_>) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    for (name, value) in [("seed", made.seed), ("secret", made.secret)] {
        transaction.execute("INSERT INTO fact VALUES (?1, ?2)", [name, value])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORM)?;
    transaction.commit()
}
