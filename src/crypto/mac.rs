//! HMAC-SHA256 under a key that never shows itself, and comparison that takes as long for a near miss as for a far one.

use ring::hmac;
use subtle::ConstantTimeEq;

/// A key for HMAC-SHA256. `Debug` shows no part of it.
#[derive(Clone)]
pub struct HmacKey(hmac::Key);

impl HmacKey {
    /// A key from any number of bytes, none included, as RFC 2104 allows.
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }
}

impl std::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HmacKey(***)")
    }
}

/// HMAC-SHA256 over the parts one after another. Nothing is put between them: where two ways of cutting a message must
/// differ, the caller writes the lengths in.
pub fn hmac_sha256(key: &HmacKey, parts: &[&[u8]]) -> [u8; 32] {
    let mut code = Code::under(key);
    for part in parts {
        code.add(part);
    }
    code.finish()
}

/// HMAC-SHA256 over parts as they come.
#[derive(Debug)]
pub struct Code(hmac::Context);

impl Code {
    pub fn under(key: &HmacKey) -> Self {
        Self(hmac::Context::with_key(&key.0))
    }

    pub fn add(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    pub fn finish(self) -> [u8; 32] {
        let mut tag = [0; 32];
        tag.copy_from_slice(self.0.sign().as_ref());
        tag
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::encoding::hex;

    /// RFC 4231, test cases 1, 2 and 6 (a key longer than the block).
    #[test]
    fn the_known_answers_of_rfc_4231() {
        let rows: [(&[u8], &[u8], &str); 3] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, want) in rows {
            let key = HmacKey::new(key);
            assert_eq!(hex(&hmac_sha256(&key, &[message])), want);
            let (head, tail) = message.split_at(3);
            assert_eq!(hex(&hmac_sha256(&key, &[head, b"", tail])), want);
        }
    }

    #[test]
    fn equal_means_every_byte_and_the_length() {
        assert!(same(b"", b""));
        assert!(same(b"abc", b"abc"));
        for other in [&b"abd"[..], b"bbc", b"ab", b"abcd", b""] {
            assert!(!same(b"abc", other), "{other:?}");
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", HmacKey::new(b"secret")), "HmacKey(***)");
    }
}
