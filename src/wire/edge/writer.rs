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

    /// Begins a member of an object; its value comes next. The name needs no escape.
    pub fn member(&mut self, name: &'static str) -> &mut Self {
        self.item();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self
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
        if text.bytes().all(is_plain) {
            return self.plain(text);
        }
        // A string can always be written.
        let _written = serde_json::to_writer(&mut self.out, text);
    }

    /// A string of letters, digits and such, in which nothing needs an escape.
    pub fn plain(&mut self, text: &str) {
        debug_assert!(text.bytes().all(is_plain), "{text:?}");
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    /// A string that `write` writes straight into the buffer, without anything that needs an escape.
    pub fn written(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'"');
        write(&mut self.out);
        self.out.push(b'"');
    }

    /// A whole number.
    pub fn number(&mut self, number: u64) {
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
            out.member("none").object(|_| {});
            out.member("list").list(|out| {
                out.item().number(0);
                out.item().plain("a");
                out.item().list(|_| {});
            });
            range.start = out.member("name").place();
            out.json("[1,true]");
            range.end = out.place();
            out.members_of("{}");
            out.members_of(r#"{"own":1}"#);
            out.member("again").again(range.clone());
            out.member("stamp")
                .written(|bytes| bytes.extend_from_slice(b"2026"));
        });
        let text = String::from_utf8(out.into_bytes()).unwrap();
        let said = r#"{"none":{},"list":[0,"a",[]],"name":[1,true],"own":1,"again":[1,true],"stamp":"2026"}"#;
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
