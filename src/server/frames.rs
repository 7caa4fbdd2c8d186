//! HTTP/2 frames that hyper cannot be made to send (RFC 9113, section 4.1): a GOAWAY with an error code, and a frame that is
//! not allowed where it stands.

use bytes::{BufMut, Bytes, BytesMut};

const DATA: u8 = 0x0;
const GOAWAY: u8 = 0x7;

/// GOAWAY. `last_stream` is the highest stream that was still served.
pub fn goaway(last_stream: u32, code: u32) -> Bytes {
    let mut payload = BytesMut::with_capacity(8);
    payload.put_u32(last_stream & 0x7fff_ffff);
    payload.put_u32(code);
    frame(GOAWAY, 0, &payload)
}

/// DATA on stream 0, which is a connection error of type PROTOCOL_ERROR (RFC 9113, section 6.1).
pub fn illegal_data() -> Bytes {
    frame(DATA, 0, b"x")
}

fn frame(kind: u8, stream: u32, payload: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(9 + payload.len());
    bytes.put_uint(payload.len() as u64, 3);
    bytes.put_u8(kind);
    bytes.put_u8(0);
    bytes.put_u32(stream);
    bytes.put_slice(payload);
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_laid_out_as_in_rfc_9113() {
        let want = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 11];
        assert_eq!(goaway(5, 11)[..], want);
        assert_eq!(illegal_data()[..], [0, 0, 1, 0, 0, 0, 0, 0, 0, b'x']);
    }
}
