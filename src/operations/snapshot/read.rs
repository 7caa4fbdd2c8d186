//! Reading a snapshot: all of it before anything is done, and what is wrong by its line.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{FORM, Head, Own, Scope, Snapshot, SnapshotError, Taken};
use crate::domain::vocabulary::Vocabulary;
use crate::faults::choose::RuleSet;
use crate::operations::endpoints;
use crate::operations::space_name::SpaceName;
use crate::operations::space_state;
use crate::store::Part;

/// What every form of the first line has.
#[derive(Deserialize)]
struct AnyHead {
    standin_snapshot: u32,
}

/// The tags of the lines that are no part of a store.
const OWN: [&str; 3] = ["space", "setting", "end"];

impl Snapshot {
    /// Reads a file. `seed` stands for the seed of the server that it is for, and messages may go to `allowed` hosts there.
    ///
    /// # Errors
    /// Which line is wrong, and why.
    pub fn read(text: &[u8], seed: &str, allowed: &[String]) -> Result<Self, SnapshotError> {
        let wrong = |line, problem: &str| SnapshotError::Line(line, problem.to_owned());
        let whole = str::from_utf8(text);
        let text = whole.map_err(|error| {
            let before = &text[..error.valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            wrong(line, "it is not UTF-8")
        })?;
        let mut lines = (1..).zip(text.lines());
        let (_, first) = lines.next().unwrap_or((1, ""));
        let head: AnyHead = serde_json::from_str(first).map_err(|_| {
            wrong(
                1,
                "this is no snapshot of standin, which begins with standin_snapshot",
            )
        })?;
        if head.standin_snapshot != FORM {
            return Err(SnapshotError::Form(head.standin_snapshot));
        }
        let head: Head =
            serde_json::from_str(first).map_err(|error| wrong(1, &error.to_string()))?;
        if head.seed != seed {
            return Err(SnapshotError::Seed);
        }
        let of = Scope::read(&head.of).map_err(|why| wrong(1, &why))?;
        let mut reading = Reading {
            allowed,
            rules: RuleSet::default(),
            spaces: Vec::new(),
            names: HashSet::new(),
            seen: HashSet::new(),
            end: None,
        };
        let mut last = 1;
        for (number, line) in lines {
            last = number;
            reading
                .line(number, line)
                .map_err(|wrong| wrong.at(number))?;
        }
        match reading.end {
            None => return Err(wrong(last, "the file ends here, before its last line")),
            Some(lines) if lines != last => {
                let problem = format!("the file was written with {lines} lines");
                return Err(SnapshotError::Line(last, problem));
            }
            Some(_) => {}
        }
        if reading.spaces.is_empty() || (of == Scope::Space && reading.spaces.len() > 1) {
            return Err(wrong(
                last,
                "the file does not have the spaces that line 1 says",
            ));
        }
        Ok(Self {
            of,
            spaces: reading.spaces,
        })
    }
}

/// What is wrong with a line: one member of it, if there is a name for that.
struct Wrong(Option<String>, String);

impl From<String> for Wrong {
    fn from(problem: String) -> Self {
        Self(None, problem)
    }
}

impl Wrong {
    fn of(member: impl Into<String>) -> impl FnOnce(String) -> Self {
        let member = member.into();
        |problem| Self(Some(member), problem)
    }

    fn at(self, line: usize) -> SnapshotError {
        match self {
            Self(None, problem) => SnapshotError::Line(line, problem),
            Self(Some(member), problem) => SnapshotError::Member(line, member, problem),
        }
    }
}

struct Reading<'a> {
    /// Hosts that messages may be sent to.
    allowed: &'a [String],
    /// Those of the latest space so far.
    rules: RuleSet,
    spaces: Vec<Taken>,
    names: HashSet<SpaceName>,
    /// What the latest space has already.
    seen: HashSet<(&'static str, Vec<u8>)>,
    end: Option<usize>,
}

impl Reading<'_> {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Wrong> {
        if self.end.is_some() {
            return Err("more follows what says that it is the last line"
                .to_owned()
                .into());
        }
        let tags: BTreeMap<&str, &RawValue> =
            serde_json::from_str(line).map_err(|error| error.to_string())?;
        let is_own = tags.keys().any(|tag| OWN.contains(tag));
        if !is_own {
            return self.part(Part::read(line)?);
        }
        match serde_json::from_str(line).map_err(|error| error.to_string())? {
            Own::Space { name, waiting } => Ok(self.space(&name, waiting)?),
            Own::Setting { name, value } => self.setting(name, value),
            Own::End { lines } => {
                self.end = Some(lines);
                (lines == number)
                    .then_some(())
                    .ok_or_else(|| format!("the file was written with {lines} lines").into())
            }
        }
    }

    fn space(&mut self, name: &str, waiting: usize) -> Result<(), String> {
        let name = SpaceName::parse(name).map_err(|error| error.to_string())?;
        if !self.names.insert(name.clone()) {
            return Err(format!("the space {name} is there twice"));
        }
        self.seen.clear();
        self.rules = RuleSet::default();
        self.spaces.push(Taken {
            name,
            parts: Vec::new(),
            settings: Vec::new(),
            waiting,
        });
        Ok(())
    }

    fn setting(&mut self, name: String, value: String) -> Result<(), Wrong> {
        if !self.seen.insert(("setting", name.clone().into_bytes())) {
            return Err(format!("the setting {name} is there twice").into());
        }
        space_state::check(&name, &value, &mut self.rules).map_err(Wrong::of(&name))?;
        self.latest()?.settings.push((name, value));
        Ok(())
    }

    fn part(&mut self, part: Part) -> Result<(), Wrong> {
        if let Part::Endpoint(endpoint) = &part {
            endpoints::check_kept(endpoint, self.allowed).map_err(|refusal| {
                let member = format!("{}.{}", endpoint.id.text(), refusal.member());
                Wrong::of(member)(refusal.why())
            })?;
        }
        if let Some(name) = part.name() {
            let kind = name.0;
            if !self.seen.insert(name) {
                return Err(format!("the same of {kind} is there twice").into());
            }
        }
        self.latest()?.parts.push(part);
        Ok(())
    }

    fn latest(&mut self) -> Result<&mut Taken, String> {
        let none = "it belongs to no space, because none is named before it";
        self.spaces.last_mut().ok_or_else(|| none.to_owned())
    }
}
