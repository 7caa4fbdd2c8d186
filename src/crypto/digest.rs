//! Digests. Which digest a message needs is its format's business, not this file's.

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512, digest};

use super::encoding::hex;

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(digest(&SHA256, bytes).as_ref())
}

/// SHA-256 of the parts one after another, with nothing between them.
pub fn sha256_of_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    fixed(context.finish().as_ref())
}

/// SHA-512 of the bytes.
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    fixed(digest(&SHA512, bytes).as_ref())
}

/// SHA-1 of the bytes. Only for naming a certificate as old MDES samples do; it protects nothing.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    fixed(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref())
}

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// A digest as an array. Both sides of the copy have the length that the algorithm fixes.
fn fixed<const N: usize>(from: &[u8]) -> [u8; N] {
    let mut to = [0; N];
    to.copy_from_slice(from);
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 examples: the one-block message "abc".
    #[test]
    fn the_standard_s_own_example() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&sha1(b"abc")),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert!(hex(&sha512(b"abc")).starts_with("ddaf35a193617abacc417349ae204131"));
    }
}
