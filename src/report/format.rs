//! The forms in which a run can be told once it is over.

use std::io::{self, Write};

use super::{Console, Run, github, junit, markdown, page, summary};

/// A form in which a run can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As on the console while it ran.
    Text,
    /// One HTML file that needs nothing else.
    Html,
    /// A JUnit file.
    Junit,
    /// Markdown, for a comment or the summary of a job.
    Markdown,
    /// Commands by which GitHub annotates a change.
    Annotations,
    /// What it came to, as one JSON object.
    Json,
}

impl Run {
    /// Writes the run in a form.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, format: Format, mut out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => {
                self.tell(&mut Console::new(&mut out, true))?;
                if self.closing.is_none() {
                    writeln!(out, "verdict: {}", self.verdict())?;
                }
            }
            Format::Html => page::write(self, &mut out)?,
            Format::Markdown => markdown::write(self, &mut out)?,
            Format::Annotations => github::annotate(self, &mut out)?,
            Format::Junit => junit::write(self, &mut out)?,
            Format::Json => summary::write(self, &mut out)?,
        }
        out.flush()
    }
}
