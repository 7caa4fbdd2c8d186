//! Writing a snapshot.

use super::{FORM, Head, Own, Snapshot, SnapshotError, Taken};
use crate::limits::SNAPSHOT_BYTES_MAX;

impl Snapshot {
    /// The file. `seed` stands for the seed of the server.
    ///
    /// # Errors
    /// When it would be too large.
    pub fn written(self, seed: String) -> Result<Vec<u8>, SnapshotError> {
        let mut file = File::default();
        file.line(serde_json::to_string(&Head {
            standin_snapshot: FORM,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            of: self.of.word().to_owned(),
            seed,
        }))?;
        for space in self.spaces {
            let Taken {
                name,
                parts,
                settings,
                waiting,
            } = space;
            file.own(&Own::Space {
                name: name.text().to_owned(),
                waiting,
            })?;
            for (name, value) in settings {
                file.own(&Own::Setting { name, value })?;
            }
            for part in parts {
                file.line(part.line())?;
            }
        }
        let lines = file.lines + 1;
        file.own(&Own::End { lines })?;
        Ok(file.bytes)
    }
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    lines: usize,
}

impl File {
    fn own(&mut self, line: &Own) -> Result<(), SnapshotError> {
        self.line(serde_json::to_string(line))
    }

    fn line(&mut self, line: Result<String, serde_json::Error>) -> Result<(), SnapshotError> {
        self.lines += 1;
        let line = line.map_err(|error| SnapshotError::Line(self.lines, error.to_string()))?;
        if self.bytes.len() + line.len() >= SNAPSHOT_BYTES_MAX {
            return Err(SnapshotError::TooLarge);
        }
        self.bytes.extend_from_slice(line.as_bytes());
        self.bytes.push(b'\n');
        Ok(())
    }
}
