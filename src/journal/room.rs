//! Where the texts of entries go: pieces of memory that many entries share, each used again when the last entry in it has gone.

use bytes::{Bytes, BytesMut};

/// How much memory is asked for at once.
pub(super) const PIECE_BYTES_MIN: usize = 2 << 10;
/// The allocator adds a page to each larger piece: to one of 32 KiB, an eighth.
const PIECE_BYTES_MAX: usize = 256 << 10;

/// The pieces of one journal that are not full.
#[derive(Debug, Default)]
pub(super) struct TextRoom {
    filling: BytesMut,
    /// One whose entries have gone. They go in the order in which they came, so there is seldom more than one.
    spare: Option<BytesMut>,
}

/// How large a piece is begun, in a journal that keeps so many bytes: a quarter of them, so that the journals of many quiet
/// spaces stay small.
pub(super) fn piece_bytes(kept: usize) -> usize {
    (kept / 4).clamp(PIECE_BYTES_MIN, PIECE_BYTES_MAX)
}

impl TextRoom {
    /// Room for so many bytes. Where a piece must be begun for them it is of `piece_bytes`, unless it must be larger.
    pub(super) fn find(&mut self, length: usize, piece_bytes: usize) -> &mut BytesMut {
        if self.filling.capacity() < length {
            let spare = self.spare.take();
            let spare = spare.filter(|spare| spare.capacity() >= length.max(piece_bytes));
            self.filling =
                spare.unwrap_or_else(|| BytesMut::with_capacity(length.max(piece_bytes)));
        }
        &mut self.filling
    }

    /// Keeps the piece of these texts, if nobody else has any of it.
    pub(super) fn take_back(&mut self, texts: Bytes) {
        if let Ok(mut piece) = texts.try_into_mut() {
            piece.clear();
            // Its beginning too, where other texts were.
            if piece.try_reclaim(PIECE_BYTES_MAX) {
                self.spare = Some(piece);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(room: &mut TextRoom, length: usize) -> Bytes {
        let piece = room.find(length, PIECE_BYTES_MAX);
        piece.resize(length, b'x');
        piece.split().freeze()
    }

    #[test]
    fn a_piece_is_used_again_when_the_last_of_its_texts_has_gone() {
        let mut room = TextRoom::default();
        let half = PIECE_BYTES_MAX / 2;
        let (first, second) = (text(&mut room, half), text(&mut room, half));
        let begin = first.as_ptr();
        // The next piece, so that the first is no longer being filled.
        let third = text(&mut room, half);
        room.take_back(first);
        assert!(room.spare.is_none(), "the second has a part of it");
        room.take_back(second);
        assert!(room.spare.is_some());
        let fourth = text(&mut room, half);
        let fifth = text(&mut room, half);
        assert_eq!(fifth.as_ptr(), begin);
        assert!(room.spare.is_none());
        drop((third, fourth));
    }

    #[test]
    fn a_piece_that_is_too_small_is_let_go() {
        let mut room = TextRoom::default();
        let piece = room.find(10, PIECE_BYTES_MIN);
        piece.resize(10, b'x');
        let small = piece.split().freeze();
        room.filling = BytesMut::new();
        room.take_back(small);
        assert!(room.spare.is_none());
    }
}
