//! The one place where commands print. Whoever reads may stop: `standin cards | head -1` closes the pipe after a line. Then
//! the command ends, and says nothing of it, because nobody asked for more.

use std::fmt::{self, Display};
use std::io::{self, IsTerminal as _, Write};

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

/// Prints bytes as they are.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = io::stdout().lock();
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
    let _unheard = writeln!(io::stderr(), "{text}");
}

/// A writer for those who do not know of commands: what nobody reads counts as written, so that the verdict is reached and
/// becomes the exit code.
pub(super) struct Heard<W>(pub(super) W);

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
