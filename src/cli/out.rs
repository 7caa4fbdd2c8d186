//! The one place where commands print. Whoever reads may stop: `standin cards | head -1` closes the pipe after a line. Then
//! the command ends, and says nothing of it, because nobody asked for more.

use std::fmt::{self, Display};
use std::io::{self, IsTerminal as _, Write};

use crate::masking::Lines;

/// Why a command has ended early.
#[derive(Debug)]
pub(super) enum Failed {
    /// Nobody reads.
    Unread,
    Told(String),
}

impl From<String> for Failed {
    fn from(message: String) -> Self {
        Self::Told(message)
    }
}

impl From<&str> for Failed {
    fn from(message: &str) -> Self {
        Self::Told(message.to_owned())
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Unread;
        }
        Self::Told(format!("standard output: {error}"))
    }
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

/// Whether colours may be used there: on a terminal that has them, unless `NO_COLOR` is set to something.
pub(super) fn colours(stream: Stream) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_terminal = match stream {
        Stream::Out => io::stdout().is_terminal(),
        Stream::Err => io::stderr().is_terminal(),
    };
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !set("NO_COLOR") && (set("CLICOLOR_FORCE") || is_terminal && !is_dumb)
}

/// Prints a text. What of it comes from elsewhere is shown, and no terminal obeys it.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = Shown::new(io::stdout().lock());
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Prints text with styles in it, which go to a terminal only and to none where `NO_COLOR` is set.
pub(super) fn styled(text: &str) -> Result<(), Failed> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints a line. Called by [`say`].
pub(super) fn line(text: fmt::Arguments<'_>) -> Result<(), Failed> {
    print(format!("{text}\n").as_bytes())
}

/// Prints a line as `println` does, and says when that is not possible.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::out::line(format_args!($($text)*))
    };
}
pub(super) use say;

/// Says something that is no result. When nobody hears it, there is nobody left to tell.
pub(super) fn notice(text: impl Display) {
    let mut out = Shown::new(io::stderr());
    let _unheard = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// The place where lines leave: whatever a target or a client said in them is shown, and neither a terminal nor a CI system
/// obeys it.
pub(super) struct Shown<W> {
    to: W,
    lines: Lines,
    /// A letter of which bytes are missing.
    rest: Vec<u8>,
}

impl<W: Write> Shown<W> {
    pub(super) fn new(to: W) -> Self {
        Self {
            to,
            lines: Lines::default(),
            rest: Vec::new(),
        }
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let taken = std::mem::take(&mut self.rest);
        let mut shown = String::new();
        let mut chunks = taken.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            shown += &self.lines.next(chunk.valid());
            let broken = chunk.invalid();
            match std::str::from_utf8(broken) {
                Err(error) if error.error_len().is_none() && chunks.peek().is_none() => {
                    self.rest = broken.to_vec();
                }
                Err(_) => shown += &self.lines.next("\u{fffd}"),
                Ok(_) => {}
            }
        }
        self.to.write_all(shown.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.rest).is_empty() {
            let shown = self.lines.next("\u{fffd}");
            self.to.write_all(shown.as_bytes())?;
        }
        self.to.write_all(self.lines.end().as_bytes())?;
        self.to.flush()
    }
}

/// A writer for those who do not know of commands: what nobody reads counts as written, so that the verdict is reached and
/// becomes the exit code.
pub(super) struct Heard<W>(Shown<W>);

impl<W: Write> Heard<W> {
    pub(super) fn new(to: W) -> Self {
        Self(Shown::new(to))
    }
}

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_comes_in_two_parts_is_one() {
        let mut out = Shown::new(Vec::new());
        for part in [&b"a\xc3"[..], b"\xbc\xff", b"b\x1b[0m\xe2\x82"] {
            out.write_all(part).unwrap();
        }
        out.flush().unwrap();
        let text = String::from_utf8(out.to).unwrap();
        assert_eq!(text, "aü\u{fffd}b\\u001b[0m\u{fffd}");
    }
}
