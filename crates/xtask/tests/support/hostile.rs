//! Files that were made to hurt.

use std::path::Path;

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// An element in explicit VR little endian with a two-byte length.
pub fn short(group: u16, element: u16, vr: &str, value: &str) -> Vec<u8> {
    let mut value = value.as_bytes().to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    let mut bytes = header(group, element, vr);
    bytes.extend((value.len() as u16).to_le_bytes());
    bytes.extend(value);
    bytes
}

/// An element header with a four-byte length and no value.
pub fn long(group: u16, element: u16, vr: &str, length: u32) -> Vec<u8> {
    let mut bytes = header(group, element, vr);
    bytes.extend([0, 0]);
    bytes.extend(length.to_le_bytes());
    bytes
}

fn header(group: u16, element: u16, vr: &str) -> Vec<u8> {
    let mut bytes = group.to_le_bytes().to_vec();
    bytes.extend(element.to_le_bytes());
    bytes.extend(vr.as_bytes());
    bytes
}

/// A Part 10 file around `data_set`.
pub fn part10(preamble: [u8; 128], syntax: &str, instance: &str, data_set: &[u8]) -> Vec<u8> {
    let mut meta = long(2, 1, "OB", 2);
    meta.extend([0, 1]);
    for (element, value) in [(0x02, CT), (0x03, instance), (0x10, syntax), (0x12, "1.2.3.4")] {
        meta.extend(short(2, element, "UI", value));
    }
    let mut file = preamble.to_vec();
    file.extend(b"DICM");
    file.extend(header(2, 0, "UL"));
    file.extend(4u16.to_le_bytes());
    file.extend((meta.len() as u32).to_le_bytes());
    file.extend(meta);
    file.extend(data_set);
    file
}

/// The beginning of a CT data set.
pub fn beginning(instance: &str) -> Vec<u8> {
    let mut bytes = short(8, 0x16, "UI", CT);
    bytes.extend(short(8, 0x18, "UI", instance));
    bytes.extend(short(8, 0x60, "CS", "CT"));
    bytes.extend(short(0x10, 0x20, "LO", "HOSTILE"));
    bytes.extend(short(0x20, 0x0D, "UI", "1.2.3.5"));
    bytes.extend(short(0x20, 0x0E, "UI", "1.2.3.6"));
    bytes
}

fn nested(depth: usize, instance: &str) -> Vec<u8> {
    let mut data = beginning(instance);
    for _ in 0..depth {
        data.extend(long(0x40, 0x0275, "SQ", u32::MAX));
        data.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    part10([0; 128], EXPLICIT, instance, &data)
}

fn deflate_bomb() -> Vec<u8> {
    use std::io::Write;
    let mut data = beginning("1.2.9.1");
    data.extend(long(0x7FE0, 0x10, "OB", 0x7FFF_FFFE));
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&data).expect("deflate");
    let zeros = vec![0; 1 << 20];
    for _ in 0..2047 {
        encoder.write_all(&zeros).expect("deflate");
    }
    part10([0; 128], DEFLATED, "1.2.9.1", &encoder.finish().expect("deflate"))
}

/// Writes one file of every kind that must be refused into `folder`; returns how many.
pub fn write_all(folder: &Path) -> usize {
    std::fs::create_dir_all(folder).expect("folder");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for depth in [17, 64, 1000, 20_000, 200_000] {
        files.push((format!("nested-{depth}"), nested(depth, &format!("1.2.7.{depth}"))));
    }
    for length in [0xFFFF_FFFEu32, 0x7FFF_FFFE] {
        let mut data = beginning("1.2.8.1");
        data.extend(long(0x7FE0, 0x10, "OW", length));
        files.push((format!("length-{length:x}"), part10([0; 128], EXPLICIT, "1.2.8.1", &data)));
    }
    let whole = {
        let mut data = beginning("1.2.6.1");
        data.extend(long(0x7FE0, 0x10, "OW", 64));
        data.extend([7; 64]);
        part10([0; 128], EXPLICIT, "1.2.6.1", &data)
    };
    for cut in [140, 150, 200, 300, whole.len() - 65, whole.len() - 1] {
        files.push((format!("cut-{cut}"), whole[..cut].to_vec()));
    }
    files.push(("bomb".to_owned(), deflate_bomb()));
    files.push((
        "path".to_owned(),
        part10([0; 128], EXPLICIT, "../../../etc/x", &beginning("../../../etc/x")),
    ));
    files.push((
        "noise".to_owned(),
        (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect(),
    ));
    files.push(("empty".to_owned(), Vec::new()));
    for (name, bytes) in &files {
        std::fs::write(folder.join(name), bytes).expect("write");
    }
    files.len()
}
