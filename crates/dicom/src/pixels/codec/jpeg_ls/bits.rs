//! The entropy-coded bits: behind a byte FF the next byte has seven (T.87 A.1).

/// Reads bits, highest first; `None` behind the last.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Bits not yet taken, left-aligned.
    held: u64,
    count: u32,
    is_behind_ff: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, held: 0, count: 0, is_behind_ff: false }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let Some((byte, rest)) = self.bytes.split_first() else { return };
            let width = if self.is_behind_ff { 7 } else { 8 };
            self.held |= u64::from(*byte) << (64 - width - self.count);
            self.count += width;
            self.is_behind_ff = *byte == 0xFF;
            self.bytes = rest;
        }
    }

    fn skip(&mut self, bits: u32) {
        self.held = self.held.checked_shl(bits).unwrap_or(0);
        self.count -= bits;
    }

    /// The next `bits` bits, at most 32.
    pub(super) fn take(&mut self, bits: u32) -> Option<u32> {
        if bits == 0 {
            return Some(0);
        }
        if self.count < bits {
            self.fill();
        }
        if self.count < bits {
            return None;
        }
        let taken = (self.held >> (64 - bits)) as u32;
        self.skip(bits);
        Some(taken)
    }

    /// Zeros before the next one, which is taken, too; more than `most` are none.
    pub(super) fn zeros(&mut self, most: u32) -> Option<u32> {
        let mut passed = 0;
        loop {
            if self.count == 0 {
                self.fill();
            }
            let zeros = self.held.leading_zeros();
            if zeros < self.count {
                self.skip(zeros + 1);
                return Some(passed + zeros).filter(|zeros| *zeros <= most);
            }
            passed += self.count;
            self.skip(self.count);
            if self.bytes.is_empty() || passed > most {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_stuffed_behind_ff() {
        let mut bits = Bits::new(&[0xFF, 0x7F, 0x80]);
        assert_eq!(bits.take(15), Some(0x7FFF));
        assert_eq!(bits.take(8), Some(0x80));
        assert_eq!(bits.take(1), None);
    }

    #[test]
    fn zeros_are_counted_within_a_limit() {
        let mut bits = Bits::new(&[0b0001_0000, 0, 0b0100_0000]);
        assert_eq!(bits.zeros(32), Some(3));
        assert_eq!(bits.zeros(32), Some(13));
        assert_eq!(bits.zeros(32), None);
        assert_eq!(Bits::new(&[0, 1]).zeros(14), None);
        assert_eq!(Bits::new(&[0; 100]).zeros(40), None);
    }
}
