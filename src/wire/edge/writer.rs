//! Writes one JSON document straight into one buffer. The documents that are asked for again and again are written with it,
//! because a tree of values or a serializer costs more than all the rest of such a request; a test holds each against what
//! serde makes of the same document.

use std::ops::Range;

/// See the module. Commas are put where they belong.
#[derive(Debug)]
pub struct JsonWriter {
    out: Vec<u8>,
    /// Whether something stands in front of what comes next, in the same object or list.
    follows: bool,
}

impl JsonWriter {
    /// With room for a document of the usual size.
    pub fn with_room(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            follows: false,
        }
    }

    /// An object, as a value.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.out.push(b'{');
        self.follows = false;
        members(self);
        self.out.push(b'}');
        self.follows = true;
    }

    /// A list, as a value. Each item begins with [`JsonWriter::item`].
    pub fn list(&mut self, items: impl FnOnce(&mut Self)) {
        self.out.push(b'[');
        self.follows = false;
        items(self);
        self.out.push(b']');
        self.follows = true;
    }

    /// Appends a member's beginning, which has a comma in front for the case that something stands before it. See `member!`.
    #[inline(always)]
    pub fn begin(&mut self, beginning: &'static str) -> &mut Self {
        // Each branch copies a length that is known when the program is built, which takes a store or two.
        if self.follows {
            self.out.extend_from_slice(beginning.as_bytes());
        } else {
            self.out.extend_from_slice(&beginning.as_bytes()[1..]);
        }
        self.follows = true;
        self
    }

    /// Ends a string that a beginning has opened. Nothing in it needs an escape.
    #[inline(always)]
    pub fn end_plain(&mut self, text: &[u8]) {
        debug_assert!(text.iter().copied().all(is_plain), "{text:?}");
        self.out.extend_from_slice(text);
        self.out.push(b'"');
    }

    /// The same of what `write` writes straight into the buffer.
    #[inline(always)]
    pub fn end_written(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.out);
        self.out.push(b'"');
    }

    /// Begins an item of a list; its value comes next.
    pub fn item(&mut self) -> &mut Self {
        if self.follows {
            self.out.push(b',');
        }
        self.follows = true;
        self
    }

    /// A string that may hold anything.
    pub fn text(&mut self, text: &str) {
        // Looking at all of them, and not up to the first that is not plain, lets the machine look at many at once.
        if text
            .bytes()
            .fold(true, |plain, byte| plain & is_plain(byte))
        {
            return self.plain(text.as_bytes());
        }
        // A string can always be written.
        let _written = serde_json::to_writer(&mut self.out, text);
    }

    /// A string of letters, digits and such, in which nothing needs an escape.
    pub fn plain(&mut self, text: &[u8]) {
        self.out.push(b'"');
        self.end_plain(text);
    }

    /// The same, of what `write` writes straight into the buffer.
    pub fn written(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'"');
        self.end_written(write);
    }

    /// A whole number.
    pub fn number(&mut self, number: u64) {
        // Most are months and years.
        if let Ok(short @ ..100) = u8::try_from(number) {
            if short >= 10 {
                self.out.push(b'0' + short / 10);
            }
            self.out.push(b'0' + short % 10);
            return;
        }
        let mut digits = [0; 20];
        let mut first = digits.len();
        let mut rest = number;
        while rest > 0 || first == digits.len() {
            first -= 1;
            // The remainder of a division by ten fits any integer.
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.out.extend_from_slice(&digits[first..]);
    }

    /// A value that is JSON already.
    pub fn json(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// The members of an object that is JSON already, after those that are there.
    pub fn members_of(&mut self, object: &str) {
        let members = object
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(members) = members.filter(|members| !members.is_empty()) {
            self.item();
            self.json(members);
        }
    }

    /// Where the next byte goes.
    pub fn place(&self) -> usize {
        self.out.len()
    }

    /// A value that stands in the document already.
    pub fn again(&mut self, value: Range<usize>) {
        self.out.extend_from_within(value);
    }

    /// The document.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }
}

/// A member of an object. `member!(out, "name")` begins it, and its value comes next; behind `=` stands a string that needs no
/// escape, as bytes, or as a constant text; behind `=>` a function that writes one straight into the buffer.
macro_rules! member {
    ($out:expr, $name:literal) => {
        $out.begin(concat!(",\"", $name, "\":"))
    };
    ($out:expr, $name:literal = $text:literal) => {
        $out.begin(concat!(",\"", $name, "\":\"", $text, "\""))
    };
    ($out:expr, $name:literal = $bytes:expr) => {
        $out.begin(concat!(",\"", $name, "\":\"")).end_plain($bytes)
    };
    ($out:expr, $name:literal => $write:expr) => {
        $out.begin(concat!(",\"", $name, "\":\""))
            .end_written($write)
    };
}
pub(in crate::wire) use member;

/// Whether a byte stands for itself in a string (RFC 8259, section 7).
const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn objects_lists_and_commas() {
        let mut out = JsonWriter::with_room(0);
        let mut range = 0..0;
        out.object(|out| {
            member!(out, "none").object(|_| {});
            member!(out, "list").list(|out| {
                out.item().number(0);
                out.item().plain(b"a");
                out.item().list(|_| {});
            });
            range.start = member!(out, "name").place();
            out.json("[1,true]");
            range.end = out.place();
            out.members_of("{}");
            out.members_of(r#"{"own":1}"#);
            member!(out, "again").again(range.clone());
            member!(out, "constant" = "text");
            member!(out, "plain" = "bytes".as_bytes());
            member!(out, "stamp" => |bytes: &mut Vec<u8>| bytes.extend_from_slice(b"2026"));
        });
        let text = String::from_utf8(out.into_bytes()).unwrap();
        let said = r#"{"none":{},"list":[0,"a",[]],"name":[1,true],"own":1,"again":[1,true],"constant":"text","plain":"bytes","stamp":"2026"}"#;
        assert_eq!(text, said);
    }

    proptest! {
        #[test]
        fn texts_and_numbers_are_written_as_serde_writes_them(text in "\\PC*|[\\x00-\\x7f]*", number: u64) {
            let mut out = JsonWriter::with_room(0);
            out.list(|out| {
                out.item().text(&text);
                out.item().number(number);
            });
            let written: Value = serde_json::from_slice(&out.into_bytes()).unwrap();
            prop_assert_eq!(written, json!([text, number]));
        }
    }
}
