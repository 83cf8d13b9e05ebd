//! JPEG Lossless, first-order prediction (PS3.5 A.4.2, ISO 10918-1 annex H): what most consoles send.

/// Bits of every Huffman code: there are 17 classes of differences, and no code is all ones.
const CODE_BITS: u32 = 5;

/// One frame of one component as a codestream.
pub(super) fn encode(samples: &[u16], columns: usize, rows: usize, bits: usize) -> Vec<u8> {
    let mut out = header(columns, rows, bits);
    let mut writer = Bits { out: Vec::with_capacity(samples.len()), held: 0, count: 0 };
    for (at, sample) in samples.iter().enumerate() {
        let predicted = match (at % columns, at / columns) {
            (0, 0) => 1 << (bits - 1),
            (0, _) => samples[at - columns],
            _ => samples[at - 1],
        };
        writer.difference(sample.wrapping_sub(predicted) as i16);
    }
    out.extend(writer.finish());
    out.extend([0xFF, 0xD9]);
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

/// Start of image, frame (SOF3), Huffman table and scan.
fn header(columns: usize, rows: usize, bits: usize) -> Vec<u8> {
    let [columns, rows] = [columns, rows].map(|size| (size as u16).to_be_bytes());
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xC3, 0, 11, bits as u8];
    out.extend([rows[0], rows[1], columns[0], columns[1], 1, 1, 0x11, 0]);
    out.extend([0xFF, 0xC4, 0, 2 + 1 + 16 + 17, 0]);
    out.extend([0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(0..17_u8);
    out.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0]);
    out
}

/// Bits to bytes, a zero after each byte of ones.
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    /// The class of a difference, then its low bits; a negative one less one.
    fn difference(&mut self, difference: i16) {
        let class = 16 - difference.unsigned_abs().leading_zeros();
        self.put(class, CODE_BITS);
        if class < 16 {
            let low = i32::from(difference) - i32::from(difference < 0);
            self.put(low as u32 & ((1 << class) - 1), class);
        }
    }

    fn put(&mut self, value: u32, bits: u32) {
        self.held = self.held << bits | u64::from(value);
        self.count += bits;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xFF {
                self.out.push(0);
            }
        }
        self.held &= (1 << self.count) - 1;
    }

    /// The last byte is filled up with ones.
    fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.count % 8) % 8;
        self.put((1 << missing) - 1, missing);
        self.out
    }
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::{
        DataSet, access,
        dicom_core::{DataElement, PrimitiveValue, VR, value::PixelFragmentSequence},
        dictionary::tags,
        pixels::{PixelLimits, decode},
    };
    use sumgil_model::Uid;

    use super::*;

    #[test]
    fn a_decoder_reads_what_was_written() {
        for (bits, columns, rows) in [(12_usize, 33_usize, 20_usize), (16, 16, 9), (8, 7, 5)] {
            let mask = (1_u32 << bits) - 1;
            let samples: Vec<u16> = (0..columns * rows)
                .map(|n| (((n as u32 * 40_503) ^ ((n as u32) << 9)) & mask) as u16)
                .collect();
            let frame = encode(&samples, columns, rows, bits);
            let mut data_set = DataSet::new_empty();
            let sizes = [
                (tags::SAMPLES_PER_PIXEL, 1),
                (tags::ROWS, rows),
                (tags::COLUMNS, columns),
                (tags::BITS_ALLOCATED, if bits > 8 { 16 } else { 8 }),
                (tags::BITS_STORED, bits),
                (tags::HIGH_BIT, bits - 1),
                (tags::PIXEL_REPRESENTATION, 0),
            ];
            for (tag, size) in sizes {
                data_set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(size as u16)));
            }
            let photometric = PrimitiveValue::from("MONOCHROME2");
            data_set.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
            let fragments = PixelFragmentSequence::new(Vec::new(), vec![frame]);
            data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OB, fragments));
            let syntax = Uid::parse("1.2.840.10008.1.2.4.70").unwrap();
            decode(&data_set, &syntax, &PixelLimits::default())
                .unwrap_or_else(|error| panic!("{bits} bits: {error}"))
                .put_into(&mut data_set)
                .unwrap();
            let read = access::bytes(&data_set, tags::PIXEL_DATA).unwrap();
            let wanted: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
            let narrow: Vec<u8> = samples.iter().map(|s| *s as u8).collect();
            assert!(read.starts_with(if bits > 8 { &wanted } else { &narrow }), "{bits} bits");
        }
    }
}
