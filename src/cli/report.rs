//! `standin report`: what is made of the event log of a run.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::out::{Failed, Heard};
use crate::report::{Format, Run};

/// Make a report of a run, from its event log.
///
/// Without a form it says what the console said. A log that breaks off, because the run was killed, gives a report that says so.
#[derive(Args, Debug)]
pub(super) struct Report {
    /// What `standin conform --json` wrote.
    run: PathBuf,
    #[command(flatten)]
    form: Form,
    /// Where to write it; printed when not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[group(multiple = false)]
struct Form {
    /// One HTML file that needs nothing else.
    #[arg(long)]
    html: bool,
    /// A JUnit file.
    #[arg(long)]
    junit: bool,
    /// Markdown, for a comment or the summary of a CI job.
    #[arg(long)]
    markdown: bool,
    /// What it came to, as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Form {
    fn format(&self) -> Format {
        let asked = [
            (self.html, Format::Html),
            (self.junit, Format::Junit),
            (self.markdown, Format::Markdown),
            (self.json, Format::Json),
        ];
        let mut asked = asked.into_iter().filter(|(asked, _)| *asked);
        asked.next().map_or(Format::Text, |(_, format)| format)
    }
}

impl Report {
    pub(super) fn run(self) -> Result<(), Failed> {
        let run = Run::read(&self.run)?;
        let format = self.form.format();
        let Some(path) = &self.out else {
            let mut out = Heard::new(std::io::stdout().lock());
            return Ok(run.write(format, &mut out)?);
        };
        let failed = |error: std::io::Error| format!("--out {}: {error}", path.display());
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        run.write(format, &mut file).map_err(failed)?;
        Ok(file.flush().map_err(failed)?)
    }
}
