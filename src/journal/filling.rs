//! Fills room that has been measured with one piece behind the other, so that none of them has to ask for more.

/// See the module.
#[derive(Debug)]
pub(super) struct Filling<'a> {
    bytes: &'a mut [u8],
    place: usize,
}

impl<'a> Filling<'a> {
    pub(super) const fn of(bytes: &'a mut [u8]) -> Self {
        Self { bytes, place: 0 }
    }

    /// Where the next piece goes.
    pub(super) const fn place(&self) -> usize {
        self.place
    }

    /// Puts a piece behind those that are there, and says where it ends. Panics where more comes than was measured.
    #[inline]
    pub(super) fn put(&mut self, piece: &[u8]) -> usize {
        let end = self.place + piece.len();
        self.bytes[self.place..end].copy_from_slice(piece);
        self.place = end;
        end
    }
}
