//! A sample is some bits of a little-endian word.

use super::shape::Shape;

/// Where in a word the number lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    bytes: usize,
    /// The number's lowest bit.
    low: u32,
    stored: u32,
    signed: bool,
}

impl Layout {
    pub(super) fn of(shape: &Shape) -> Self {
        Self {
            bytes: shape.word_bytes(),
            low: shape.high_bit + 1 - shape.bits_stored,
            stored: shape.bits_stored,
            signed: shape.signed,
        }
    }

    /// The number in a word; what exceeds 32 bits with sign is clipped.
    pub(super) fn value(self, word: u32) -> i32 {
        let bits = (word >> self.low) & mask(self.stored);
        if self.signed { extended(bits, self.stored) } else { bits.min(i32::MAX as u32) as i32 }
    }

    /// The word of a number. The bits above it are those of the sign where `fill` says so, otherwise zero.
    pub(super) fn word(self, value: i32, fill: bool) -> u32 {
        let bits = if fill { value as u32 } else { value as u32 & mask(self.stored) };
        (bits << self.low) & mask(self.bytes as u32 * 8)
    }

    /// The numbers of `words`.
    pub(super) fn values(self, words: &[u8]) -> Vec<i32> {
        match self.bytes {
            1 => words.iter().map(|byte| self.value(u32::from(*byte))).collect(),
            2 => chunks(words).map(|word| self.value(u32::from(u16::from_le_bytes(word)))).collect(),
            _ => chunks(words).map(|word| self.value(u32::from_le_bytes(word))).collect(),
        }
    }

    /// The numbers of `words`, without sign, as shares of their range in 8 bits.
    pub(super) fn bytes(self, words: &[u8]) -> Vec<u8> {
        let full = u64::from(mask(self.stored));
        let byte = |word: u32| {
            ((u64::from(word >> self.low & mask(self.stored)) * 255 + full / 2) / full.max(1)) as u8
        };
        match self.bytes {
            1 => words.iter().map(|one| byte(u32::from(*one))).collect(),
            2 => chunks(words).map(|word| byte(u32::from(u16::from_le_bytes(word)))).collect(),
            _ => chunks(words).map(|word| byte(u32::from_le_bytes(word))).collect(),
        }
    }

    /// The largest number without sign.
    pub(super) fn full_scale(self) -> u32 {
        mask(self.stored)
    }
}

fn chunks<const N: usize>(words: &[u8]) -> impl Iterator<Item = [u8; N]> {
    words.as_chunks::<N>().0.iter().copied()
}

/// The lowest `bits` bits.
pub(super) fn mask(bits: u32) -> u32 {
    u32::MAX.checked_shr(32_u32.saturating_sub(bits)).unwrap_or(0)
}

/// Two's complement of `bits` bits.
pub(super) fn extended(word: u32, bits: u32) -> i32 {
    let shift = 32_u32.saturating_sub(bits).min(31);
    ((word << shift) as i32) >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(bytes: usize, low: u32, stored: u32, signed: bool) -> Layout {
        Layout { bytes, low, stored, signed }
    }

    #[test]
    fn only_stored_bits_count() {
        assert_eq!(layout(2, 0, 12, false).value(0xF123), 0x123);
        assert_eq!(layout(2, 0, 12, true).value(0x0FFF), -1);
        assert_eq!(layout(2, 0, 12, true).value(0x07FF), 2047);
        assert_eq!(layout(2, 4, 12, false).value(0x1230), 0x123);
        assert_eq!(layout(2, 0, 16, true).value(0x8000), -32768);
        assert_eq!(layout(4, 0, 32, true).value(0x8000_0000), i32::MIN);
        assert_eq!(layout(4, 0, 32, false).value(u32::MAX), i32::MAX);
        assert_eq!(layout(1, 0, 1, false).value(1), 1);
    }

    #[test]
    fn words_carry_the_sign_or_zeros() {
        assert_eq!(layout(2, 0, 12, true).word(-1, true), 0xFFFF);
        assert_eq!(layout(2, 0, 12, true).word(-1, false), 0x0FFF);
        assert_eq!(layout(2, 4, 12, false).word(0x123, false), 0x1230);
        assert_eq!(layout(4, 0, 32, true).word(i32::MIN, true), 0x8000_0000);
    }

    #[test]
    fn words_are_little_endian() {
        assert_eq!(layout(1, 0, 8, true).values(&[1, 0xFF]), [1, -1]);
        assert_eq!(layout(2, 0, 16, false).values(&[1, 2, 3, 4]), [0x201, 0x403]);
        assert_eq!(layout(4, 0, 32, false).values(&[1, 0, 0, 1]), [0x0100_0001]);
    }
}
