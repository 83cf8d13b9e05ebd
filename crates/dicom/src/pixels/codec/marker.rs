//! Marker segments of JPEG and JPEG-LS up to the first scan (ITU-T T.81 annex B, T.87 annex C).

/// What stands before the first scan.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// The code of the frame marker: C0 to CF, F7 for JPEG-LS.
    pub(super) frame: u8,
    pub(super) bits: u32,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Component identifiers.
    pub(super) components: Vec<u8>,
    /// JFIF: the components are luminance and chrominance.
    pub(super) is_jfif: bool,
    /// Adobe's transform: 0 none, 1 luminance and chrominance.
    pub(super) adobe: Option<u8>,
    /// Restart interval.
    pub(super) restarts: u16,
    /// Components of the first scan.
    pub(super) scan_components: usize,
    /// The three bytes that end the scan header.
    pub(super) scan: [u8; 3],
}

/// Reads the header; `None` when frame or scan are missing or cut short.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let mut header = Header::default();
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, ..] = *rest else { return None };
        if marker == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let length = rest.get(2..4).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])))?;
        let segment = rest.get(4..2 + length)?;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xF7 => {
                frame(&mut header, marker, segment)?;
            }
            0xE0 => header.is_jfif |= segment.starts_with(b"JFIF\0"),
            0xEE if segment.starts_with(b"Adobe") => header.adobe = segment.get(11).copied(),
            0xDD => header.restarts = u16::from_be_bytes([*segment.first()?, *segment.get(1)?]),
            0xDA => {
                header.scan_components = usize::from(*segment.first()?);
                header.scan = *segment.get(1 + 2 * header.scan_components..)?.first_chunk()?;
                return (header.frame != 0).then_some(header);
            }
            _ => {}
        }
        rest = rest.get(2 + length..)?;
    }
}

fn frame(header: &mut Header, marker: u8, segment: &[u8]) -> Option<()> {
    let [bits, r1, r0, c1, c0, count] = *segment.first_chunk()?;
    header.frame = marker;
    header.bits = u32::from(bits);
    header.rows = usize::from(u16::from_be_bytes([r1, r0]));
    header.columns = usize::from(u16::from_be_bytes([c1, c0]));
    let components = segment.get(6..6 + 3 * usize::from(count))?;
    header.components = components.iter().step_by(3).copied().collect();
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: [u8; 31] = [
        0xFF, 0xD8, 0xFF, 0xDD, 0, 4, 0, 9, 0xFF, 0xFF, 0xC3, 0, 11, 12, 0, 3, 0, 5, 1, 7, 0x11, 0, 0xFF,
        0xDA, 0, 8, 1, 7, 0, 1, 0,
    ];

    #[test]
    fn frame_and_scan_are_read() {
        let mut stream = STREAM.to_vec();
        stream.push(2);
        let header = header(&stream).unwrap();
        assert_eq!((header.frame, header.bits, header.rows, header.columns), (0xC3, 12, 3, 5));
        assert_eq!((header.restarts, header.components.as_slice(), header.scan), (9, &[7_u8][..], [1, 0, 2]));
    }

    #[test]
    fn what_is_cut_short_is_none() {
        for length in 0..STREAM.len() {
            assert_eq!(header(&STREAM[..length]), None, "{length}");
        }
    }
}
