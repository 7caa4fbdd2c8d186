//! The report files of a run. They are opened before anything is sent, so that a name that cannot be written to is told of at once;
//! the event log is written as things happen, and the others are made of the same events when the run is over.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::report::{Format, Keep, Ndjson, Reporter};

/// See the module.
pub(crate) struct Files {
    log: Option<Ndjson<File>>,
    keep: Keep,
    later: Vec<Later>,
}

/// A report that is written when the run is over.
struct Later {
    format: Format,
    to: Box<dyn Write>,
}

/// The files that somebody wants, by their options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) json: Option<&'a Path>,
    pub(crate) html: Option<&'a Path>,
    pub(crate) junit: Option<&'a Path>,
    pub(crate) markdown: Option<&'a Path>,
}

/// Where a CI job wants to be told, beside the files that the options name.
#[derive(Default)]
pub struct Job {
    /// Where GitHub reads commands.
    pub annotations: Option<Box<dyn Write>>,
    /// The file of the job's summary, to which others write too.
    pub summary: Option<PathBuf>,
}

impl fmt::Debug for Job {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Job({:?})", self.summary)
    }
}

impl Files {
    /// Opens what is named.
    ///
    /// # Errors
    /// A text for the caller when a file cannot be made.
    pub(crate) fn open(named: Named<'_>, job: Job) -> Result<Self, String> {
        let create = |path: &Path, flag: &str| {
            File::create(path).map_err(|error| format!("{flag} {}: {error}", path.display()))
        };
        let log = named.json;
        let log = log.map(|path| create(path, "--json")).transpose()?;
        let mut later = Vec::new();
        for (path, flag, format) in [
            (named.html, "--html", Format::Html),
            (named.junit, "--junit", Format::Junit),
            (named.markdown, "--markdown", Format::Markdown),
        ] {
            if let Some(path) = path {
                later.push(Later {
                    format,
                    to: Box::new(BufWriter::new(create(path, flag)?)),
                });
            }
        }
        if let Some(path) = &job.summary {
            let file = File::options().append(true).create(true).open(path);
            let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
            later.push(Later {
                format: Format::Markdown,
                to: Box::new(BufWriter::new(file)),
            });
        }
        if let Some(to) = job.annotations {
            later.push(Later {
                format: Format::Annotations,
                to,
            });
        }
        Ok(Self {
            log: log.map(Ndjson),
            keep: Keep::default(),
            later,
        })
    }

    /// Somebody keeps what is found.
    pub(crate) fn keep_evidence(&self) -> bool {
        self.log.is_some() || !self.later.is_empty()
    }

    /// Who has to hear what happens.
    pub(crate) fn listeners(&mut self) -> Vec<&mut dyn Reporter> {
        let log = self.log.iter_mut().map(|log| log as &mut dyn Reporter);
        let mut all: Vec<_> = log.collect();
        if !self.later.is_empty() {
            all.push(&mut self.keep);
        }
        all
    }

    /// Writes what is made of the whole run.
    ///
    /// # Errors
    /// When one of the files cannot be written; the others are written all the same.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        let Some(run) = self.keep.run() else {
            return Ok(());
        };
        let mut lost = Ok(());
        for later in &mut self.later {
            let written = run.write(later.format, &mut later.to);
            lost = lost.and(written);
        }
        lost
    }
}
