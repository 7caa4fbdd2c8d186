//! Shows what a terminal would obey: escape codes, control characters, and marks that change the direction of a text or that
//! nobody sees. They are written as JSON writes them, so that a text that is JSON stays it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything that is no letter to look at spelt out, such as `\u001b`. The ends of lines and tabs stay; one that
/// would put the cursor back does not.
pub fn visible(text: &str) -> Cow<'_, str> {
    let tame = |text: &str| text.chars().all(|letter| !is_obeyed(letter));
    if tame(text) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if !is_obeyed(letter) {
            shown.push(letter);
            continue;
        }
        spell(letter, &mut shown);
    }
    Cow::Owned(shown)
}

/// Lines as they may be printed, however they are cut: visible, and without what a CI system takes for a command to itself
/// (`::error::` at the beginning of a line, `##[error]` anywhere).
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Something else than a space has been printed in this line.
    begun: bool,
    /// The colon with which a line begins: a second one would make a command of it.
    colon: Colon,
    /// How many `#` stand at the end of what has been printed.
    hashes: usize,
    /// The last character ended a line in the way of another system, if a line feed comes next.
    returned: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Colon {
    /// There is none, or it is not the last that came.
    #[default]
    None,
    /// It waits for what comes next.
    Held,
    /// It has been printed, because nothing more was to come.
    Printed,
}

impl Lines {
    /// What is printed for the next part of a text.
    pub fn next(&mut self, part: &str) -> String {
        let mut shown = String::with_capacity(part.len() + 8);
        for letter in part.chars() {
            self.letter(letter, &mut shown);
        }
        shown
    }

    /// What is printed for the end of a text.
    pub fn end(&mut self) -> &'static str {
        if std::mem::take(&mut self.returned) {
            return "\\u000d";
        }
        if self.colon == Colon::Held {
            self.colon = Colon::Printed;
            return ":";
        }
        ""
    }

    fn letter(&mut self, letter: char, shown: &mut String) {
        if self.returned && letter != '\n' {
            shown.push_str("\\u000d");
        }
        self.returned = letter == '\r';
        let colon = std::mem::take(&mut self.colon);
        if colon == Colon::Held && letter == ':' {
            spell(letter, shown);
        } else if colon == Colon::Held {
            shown.push(':');
        } else if !self.begun && letter == ':' {
            self.colon = Colon::Held;
            self.begun = true;
            return;
        }
        let begins = colon == Colon::Printed && letter == ':';
        let marks = self.hashes >= 2 && letter == '[';
        match letter {
            '\r' => {}
            '\n' => shown.push(letter),
            _ if begins || marks || is_obeyed(letter) => spell(letter, shown),
            _ => shown.push(letter),
        }
        self.hashes = if letter == '#' { self.hashes + 1 } else { 0 };
        self.begun = letter != '\n' && (self.begun || !letter.is_whitespace());
    }
}

fn spell(letter: char, shown: &mut String) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        let _ = write!(shown, "\\u{unit:04x}");
    }
}

/// Whether a terminal or a reader's eye is led by it rather than shown it.
fn is_obeyed(letter: char) -> bool {
    let invisible = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
    );
    invisible || letter.is_control() && !matches!(letter, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_shown() {
        let rows = [
            ("plain ü 漢 \t\n", "plain ü 漢 \t\n"),
            ("\u{1b}[31mred\u{1b}[0m", "\\u001b[31mred\\u001b[0m"),
            ("\u{9b}2J", "\\u009b2J"),
            ("\u{1b}]8;;http://x\u{7}", "\\u001b]8;;http://x\\u0007"),
            ("a\u{202e}b\u{2066}c", "a\\u202eb\\u2066c"),
            ("over\rwritten", "over\\u000dwritten"),
            ("one\r\ntwo\u{0}", "one\ntwo\\u0000"),
            ("\u{e0041}\u{feff}\u{7f}", "\\udb40\\udc41\\ufeff\\u007f"),
        ];
        for (text, shown) in rows {
            assert_eq!(visible(text), shown);
            assert_eq!(visible(shown), shown, "twice is once");
        }
    }

    #[test]
    fn no_line_is_a_command_to_a_ci_system() {
        let rows = [
            (": \"${KEY:?}\"\n:", ": \"${KEY:?}\"\n:"),
            ("::error::owned", "\\u003a:error::owned"),
            ("  \t::stop-commands::x", "  \t\\u003a:stop-commands::x"),
            ("a\n::b", "a\n\\u003a:b"),
            ("a\r::b", "a\\u000d::b"),
            ("a\r\n::b", "a\n\\u003a:b"),
            ("< ##[add-mask]x", "< ##\\u005badd-mask]x"),
            ("a::b ## [x] \u{1b}[0m", "a::b ## [x] \\u001b[0m"),
        ];
        for (text, shown) in rows {
            for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
                let mut lines = Lines::default();
                let (before, behind) = text.split_at(cut);
                let said = lines.next(before) + &lines.next(behind) + lines.end();
                assert_eq!(said, shown, "{text:?} cut at {cut}");
            }
        }
    }
}
