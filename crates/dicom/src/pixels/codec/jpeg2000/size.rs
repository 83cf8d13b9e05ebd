//! The size of an image before it is decoded.

const CODESTREAM: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];
const JP2: &[u8] = b"\0\0\0\x0CjP  ";

/// The image and tile size segment, and whether a capabilities segment follows (T.800 A.5).
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) components: usize,
    pub(super) bits: u32,
    pub(super) is_signed: bool,
    pub(super) tiles: u64,
    pub(super) is_high_throughput: bool,
}

impl Size {
    pub(super) fn of(stream: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_be_bytes(*stream.get(at..)?.first_chunk()?));
        let (right, bottom, left, top) = (number(8)?, number(12)?, number(16)?, number(20)?);
        let (wide, high, from_left, from_top) = (number(24)?, number(28)?, number(32)?, number(36)?);
        let tiles = |end: u32, start: u32, size: u32| {
            Some(u64::from(end.checked_sub(start)?).div_ceil(u64::from(size).max(1)))
        };
        let components = stream.get(40..)?.first_chunk().map(|two| u16::from_be_bytes(*two))?;
        let depth = *stream.get(42)?;
        Some(Self {
            rows: bottom.checked_sub(top)? as usize,
            columns: right.checked_sub(left)? as usize,
            components: usize::from(components),
            bits: u32::from(depth & 0x7F) + 1,
            is_signed: depth & 0x80 != 0,
            tiles: tiles(right, from_left, wide)? * tiles(bottom, from_top, high)?,
            is_high_throughput: stream.get(42 + 3 * usize::from(components)..)?.starts_with(&[0xFF, 0x50]),
        })
    }
}

/// The codestream itself, or the one in a JP2 file.
pub(super) fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(CODESTREAM) {
        return Some(bytes);
    }
    let mut rest = bytes.starts_with(JP2).then_some(bytes)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let length = if length == 0 { rest.len() } else { length.min(rest.len()) };
        let content = rest.get(8..length)?;
        if rest.get(4..8)? == b"jp2c" {
            return content.starts_with(CODESTREAM).then_some(content);
        }
        rest = rest.get(length..)?;
    }
}
