//! Everything that is kept of a run, and the file that it is written to. The file is one JSON document, so it is written anew,
//! beside itself, and put in its own place in one step: whoever reads it finds a whole one, whatever happened to the run.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::time::Instant;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

use super::tee::Collected;
use crate::journal::har;
use crate::limits::{RECORDED_EXCHANGES_MAX, RECORDING_BYTES_MAX, RECORDING_WRITE_WAIT, Room};

/// See the module.
#[derive(Debug)]
pub struct Recorder {
    file: PathBuf,
    /// For bodies that are still coming.
    room: Arc<Room>,
    kept: Mutex<Kept>,
    /// Who writes has this, so that the file is written once at a time.
    writing: Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// By their numbers, which they get when they begin.
    exchanges: BTreeMap<u64, Arc<str>>,
    bytes: usize,
    next: u64,
    /// For want of room.
    left_out: u64,
    bodies_left_out: u64,
    /// There is something that is not in the file.
    is_new: bool,
}

/// How much longer than writing takes the pause between two times is.
const PAUSE_TIMES: u32 = 20;

impl Recorder {
    /// Looks whether the file can be written before anything has happened. One that is there stays until there is something
    /// to put in its place.
    ///
    /// # Errors
    /// A sentence with the name of the file.
    pub fn create(file: &Path) -> Result<Self, String> {
        let recorder = Self {
            file: file.to_owned(),
            room: Room::new(RECORDING_BYTES_MAX),
            kept: Mutex::default(),
            writing: Mutex::default(),
        };
        let beside = recorder.beside();
        std::fs::File::create(&beside)
            .and_then(|_| std::fs::remove_file(&beside))
            .map_err(|error| recorder.complain(&error))?;
        if file.is_dir() {
            return Err(recorder.complain(&"it is a folder"));
        }
        Ok(recorder)
    }

    /// The number of an exchange that begins.
    pub(super) fn number(&self) -> u64 {
        let mut kept = self.kept.lock();
        kept.next += 1;
        kept.next - 1
    }

    pub(super) fn collected(&self, bytes_max: usize) -> Collected {
        Collected::new(&self.room, bytes_max)
    }

    /// Keeps an exchange, if there is room for it.
    pub(super) fn keep(&self, number: u64, exchange: &Value) {
        let bodies = ["/request/postData", "/response/content"];
        let bodies = bodies.iter().filter_map(|place| exchange.pointer(place));
        let without = bodies.filter(|body| body.get(har::LEFT_OUT).is_some());
        let without = without.count() as u64;
        let text: Arc<str> = exchange.to_string().into();
        let mut kept = self.kept.lock();
        kept.is_new = true;
        let is_full = kept.exchanges.len() >= RECORDED_EXCHANGES_MAX
            || kept.bytes + text.len() > RECORDING_BYTES_MAX - ROOM_FOR_HEAD;
        if is_full {
            kept.left_out += 1;
            return;
        }
        kept.bodies_left_out += without;
        // With what stands between two of them.
        kept.bytes += text.len() + BETWEEN.len();
        kept.exchanges.insert(number, text);
    }

    fn complain(&self, why: &dyn std::fmt::Display) -> String {
        format!("--record {}: {why}", self.file.display())
    }

    /// Writes what there is, if anything.
    ///
    /// # Errors
    /// A sentence with the name of the file.
    pub(in crate::proxy) fn write(&self) -> Result<(), String> {
        let _alone = self.writing.lock();
        let (exchanges, comment) = {
            let mut kept = self.kept.lock();
            if !std::mem::take(&mut kept.is_new) {
                return Ok(());
            }
            let exchanges: Vec<_> = kept.exchanges.values().cloned().collect();
            (exchanges, comment(&kept))
        };
        let text = [
            &har::head(&comment),
            "\n",
            &exchanges.join(BETWEEN),
            har::TAIL,
        ];
        self.put(&text.concat()).map_err(|error| {
            self.kept.lock().is_new = true;
            self.complain(&error)
        })
    }

    /// Where the next file is made.
    fn beside(&self) -> PathBuf {
        let mut name = self.file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        self.file.with_file_name(name)
    }

    /// Puts a whole file in the place of the last one.
    fn put(&self, text: &str) -> std::io::Result<()> {
        let beside = self.beside();
        let written = std::fs::File::create(&beside)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| std::fs::rename(&beside, &self.file));
        if written.is_err() {
            let _not_there = std::fs::remove_file(&beside);
        }
        written
    }

    /// Writes again and again, as long as there is something new and nobody says that it is over.
    pub(in crate::proxy) async fn keep_writing(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut pause = RECORDING_WRITE_WAIT;
        loop {
            tokio::select! {
                _ = stop.changed() => return,
                () = tokio::time::sleep(pause) => {}
            }
            if !self.kept.lock().is_new {
                continue;
            }
            let begun = Instant::now();
            let recorder = Arc::clone(&self);
            let written = tokio::task::spawn_blocking(move || recorder.write()).await;
            if let Ok(Err(why)) = written {
                tracing::error!("{why}");
            }
            pause = RECORDING_WRITE_WAIT.max(begun.elapsed() * PAUSE_TIMES);
        }
    }

    /// What there is to say of it at the end.
    pub(in crate::proxy) fn said(&self) -> String {
        let kept = self.kept.lock();
        let file = self.file.display();
        let count = kept.exchanges.len();
        if count == 0 {
            return format!("recorded nothing, so {file} is as it was");
        }
        let s = if count == 1 { "" } else { "s" };
        let mut said = format!("recorded {count} exchange{s} to {file}");
        for gone in gone(&kept) {
            said.push_str("; ");
            said.push_str(&gone);
        }
        said
    }
}

const BETWEEN: &str = ",\n";
/// More than the beginning and the end of a file ever take.
const ROOM_FOR_HEAD: usize = 4096;

fn gone(kept: &Kept) -> Vec<String> {
    let mut gone = Vec::new();
    if kept.left_out > 0 {
        gone.push(format!(
            "left out {} more, because a recording has {RECORDED_EXCHANGES_MAX} exchanges and {} MiB at most",
            kept.left_out,
            RECORDING_BYTES_MAX >> 20
        ));
    }
    if kept.bodies_left_out > 0 {
        let bodies = match kept.bodies_left_out {
            1 => "a body, with its reason".to_owned(),
            many => format!("{many} bodies, each with its reason"),
        };
        gone.push(format!("left out {bodies} beside it"));
    }
    gone
}

fn comment(kept: &Kept) -> String {
    let mut all = vec![
        "Secrets and card numbers are masked. Answer from it with standin run --replay FILE"
            .to_owned(),
    ];
    all.extend(gone(kept));
    all.join("; ") + "."
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_is_whole_at_any_time_and_in_the_order_in_which_exchanges_began() {
        let file =
            std::env::temp_dir().join(format!("standin-recorder-{}.har", std::process::id()));
        let recorder = Recorder::create(&file).unwrap();
        let read =
            || -> Value { serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap() };
        std::fs::write(&file, "before").unwrap();
        recorder.write().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
        assert!(recorder.said().starts_with("recorded nothing, so "));
        let numbers = [(); 2].map(|()| recorder.number());
        recorder.keep(numbers[1], &json!("later"));
        let body = json!({ "_left_out": "why" });
        recorder.keep(numbers[0], &json!({ "request": { "postData": body } }));
        recorder.write().unwrap();
        assert_eq!(read()["log"]["entries"][1], "later");
        assert_eq!(
            recorder.said(),
            format!(
                "recorded 2 exchanges to {}; left out a body, with its reason beside it",
                file.display()
            )
        );
        std::fs::remove_file(&file).unwrap();
        let nowhere = Recorder::create(Path::new("/nonexistent/x.har")).unwrap_err();
        assert!(
            nowhere.starts_with("--record /nonexistent/x.har: "),
            "{nowhere}"
        );
    }

    #[test]
    fn it_stays_within_its_bounds_and_says_what_it_left_out() {
        let file = std::env::temp_dir().join(format!("standin-bounds-{}.har", std::process::id()));
        let recorder = Recorder::create(&file).unwrap();
        for number in 0..RECORDED_EXCHANGES_MAX as u64 + 3 {
            recorder.keep(number, &json!(number));
        }
        assert!(
            recorder.said().contains("left out 3 more"),
            "{}",
            recorder.said()
        );
        let recorder = Recorder::create(&file).unwrap();
        let large = json!("x".repeat(RECORDING_BYTES_MAX / 4));
        for number in 0..5 {
            recorder.keep(number, &large);
        }
        recorder.write().unwrap();
        assert!(std::fs::metadata(&file).unwrap().len() <= RECORDING_BYTES_MAX as u64);
        assert!(
            recorder.said().contains("recorded 3 exchanges"),
            "{}",
            recorder.said()
        );
        std::fs::remove_file(&file).unwrap();
    }
}
