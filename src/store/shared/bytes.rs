//! How instants, numbers and names are written so that text is in their order.

use crate::domain::id::{CardId, PaymentId, TokenReference};
use crate::domain::moment::Moment;
use crate::domain::notice::Subject;
use crate::domain::webhook::{EndpointId, MessageKey};
use crate::store::Task;
use crate::store::key::KeyBytes;

/// Letters of an instant and of a number.
pub(super) const INSTANT: usize = 16;
pub(super) const NUMBER: usize = 8;

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn hex_of(number: u32) -> String {
    format!("{number:08x}")
}

pub(super) fn instant(moment: Moment) -> String {
    format!("{:016x}", moment.micros())
}

pub(super) fn read_instant(text: &[u8]) -> Option<Moment> {
    let text = str::from_utf8(text.get(..INSTANT)?).ok()?;
    i64::from_str_radix(text, 16).ok().map(Moment::from_micros)
}

pub(super) fn read_number(text: &[u8]) -> Option<u32> {
    let text = str::from_utf8(text.get(..NUMBER)?).ok()?;
    u32::from_str_radix(text, 16).ok()
}

/// Which line: the endpoint and what its messages are about.
pub(super) fn line(endpoint: EndpointId, about: Subject) -> String {
    let (kind, id) = match &about {
        Subject::Token(token) => ('0', hex(token.bytes())),
        Subject::Card(card) => ('1', hex(card.bytes())),
        Subject::Payment(payment) => ('2', hex(payment.bytes())),
    };
    format!("{}{kind}{id}", hex_of(endpoint.0))
}

/// What a message is found by, in the order of its key.
pub(super) fn name(key: &MessageKey) -> String {
    line(key.endpoint, key.about) + &hex_of(key.ordinal)
}

pub(super) fn read_line(text: &[u8]) -> Option<(EndpointId, Subject)> {
    let endpoint = EndpointId(read_number(text)?);
    let mut id = [0; 16];
    for (place, byte) in id.iter_mut().enumerate() {
        let digits = text.get(NUMBER + 1 + 2 * place..NUMBER + 3 + 2 * place)?;
        *byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    }
    let about = match text.get(NUMBER)? {
        b'0' => Subject::Token(TokenReference::from_bytes(id)),
        b'1' => Subject::Card(CardId::from_bytes(id)),
        b'2' => Subject::Payment(PaymentId::from_bytes(id)),
        _ => return None,
    };
    Some((endpoint, about))
}

pub(super) fn read_name(text: &[u8]) -> Option<MessageKey> {
    let (endpoint, about) = read_line(text)?;
    let ordinal = read_number(text.get(NUMBER + 33..)?)?;
    Some(MessageKey {
        endpoint,
        about,
        ordinal,
    })
}

/// A task as one text: when it is due, its key, and what it is. The same task is the same text.
pub(super) fn task(task: &Task) -> Result<String, serde_json::Error> {
    let key = hex(&task.bytes_in_order());
    let body = serde_json::to_string(task)?;
    Ok(format!("{}{key}{body}", instant(task.due)))
}

pub(super) fn read_task(text: &[u8]) -> Option<Task> {
    let body = text.iter().position(|byte| *byte == b'{')?;
    serde_json::from_slice(&text[body..]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_keys_and_can_be_read() {
        let about = [
            Subject::Token(TokenReference::from_bytes([255; 16])),
            Subject::Card(CardId::from_bytes([0; 16])),
            Subject::Payment(PaymentId::from_bytes([7; 16])),
        ];
        let mut keys = Vec::new();
        for endpoint in [1, 2, 0x1_0000] {
            for about in about {
                for ordinal in [0, 9, 10, 0xffff_ffff] {
                    let endpoint = EndpointId(endpoint);
                    keys.push(MessageKey {
                        endpoint,
                        about,
                        ordinal,
                    });
                }
            }
        }
        keys.sort();
        let names: Vec<_> = keys.iter().map(name).collect();
        assert!(names.is_sorted(), "{names:?}");
        for (key, name) in keys.iter().zip(&names) {
            assert_eq!((read_name(name.as_bytes()), name.len()), (Some(*key), 49));
        }
        assert_eq!(read_name(b"00000001"), None);
    }
}
