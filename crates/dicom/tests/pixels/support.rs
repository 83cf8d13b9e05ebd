//! Images made for tests, files, foreign programs.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use sumgil_dicom::{
    DataSet, Limits, Part10, access,
    dicom_core::{
        DataElement, PrimitiveValue, Tag, VR,
        value::{PixelFragmentSequence, Value},
    },
    dictionary::tags,
    pixels::{PixelLimits, Pixels, PixelsError, decode},
    read, write,
};
use sumgil_model::{TransferSyntax, Uid};

pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";

pub(crate) fn uid(text: &str) -> Uid<TransferSyntax> {
    Uid::parse(text).unwrap()
}

/// The description of an image.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) frames: u32,
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    pub(crate) samples: u16,
    pub(crate) allocated: u16,
    pub(crate) stored: u16,
    pub(crate) signed: bool,
    pub(crate) planar: bool,
    pub(crate) photometric: &'static str,
}

impl Image {
    pub(crate) fn grey(rows: u16, columns: u16, stored: u16) -> Self {
        Self {
            frames: 1,
            rows,
            columns,
            samples: 1,
            allocated: if stored == 1 { 1 } else { stored.next_multiple_of(8) },
            stored,
            signed: false,
            planar: false,
            photometric: "MONOCHROME2",
        }
    }

    pub(crate) fn colour(rows: u16, columns: u16) -> Self {
        Self { samples: 3, photometric: "RGB", ..Self::grey(rows, columns, 8) }
    }

    pub(crate) fn samples_of_all(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns) * usize::from(self.samples) * self.frames as usize
    }

    /// Everything but the pixels.
    pub(crate) fn data_set(&self) -> DataSet {
        let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
        let number = |tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
        DataSet::from_element_iter([
            text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
            text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.7"),
            text(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.8"),
            text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.9"),
            text(tags::MODALITY, VR::CS, "OT"),
            text(tags::NUMBER_OF_FRAMES, VR::IS, &self.frames.to_string()),
            number(tags::SAMPLES_PER_PIXEL, self.samples),
            text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, self.photometric),
            number(tags::PLANAR_CONFIGURATION, u16::from(self.planar)),
            number(tags::ROWS, self.rows),
            number(tags::COLUMNS, self.columns),
            number(tags::BITS_ALLOCATED, self.allocated),
            number(tags::BITS_STORED, self.stored),
            number(tags::HIGH_BIT, self.stored - 1),
            number(tags::PIXEL_REPRESENTATION, u16::from(self.signed)),
        ])
    }

    pub(crate) fn native(&self, bytes: Vec<u8>) -> Part10 {
        let mut data_set = self.data_set();
        let vr = if self.allocated > 8 { VR::OW } else { VR::OB };
        data_set.put(DataElement::new(tags::PIXEL_DATA, vr, PrimitiveValue::from(bytes)));
        part(data_set, EXPLICIT)
    }

    /// One fragment a frame.
    pub(crate) fn encapsulated(&self, ts: &str, frames: Vec<Vec<u8>>) -> Part10 {
        let mut data_set = self.data_set();
        let pixels: Value<DataSet> = Value::PixelSequence(PixelFragmentSequence::new(vec![], frames));
        data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OB, pixels));
        part(data_set, ts)
    }

    /// A smooth picture with noise and edges in stored values, little-endian words.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let full = (1_u64 << self.stored) - 1;
        let offset = if self.signed { 1_u64 << (self.stored - 1) } else { 0 };
        let mut noise = 12_345_u64;
        let mut bytes = Vec::new();
        for index in 0..self.samples_of_all() {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let pixel = index / usize::from(self.samples);
            let (x, y) = (pixel % usize::from(self.columns), pixel / usize::from(self.columns));
            let wave = full / 2 + (x as u64 * 3 + y as u64 * 7 + index as u64 % 3 * 40) * full / 2048;
            let flat = x / 16 % 3 == 0 && y / 16 % 2 == 0;
            let value = if flat { full / 5 } else { (wave + (noise >> 60)) & full };
            let word = value.wrapping_sub(offset);
            bytes.extend_from_slice(&word.to_le_bytes()[..usize::from(self.allocated) / 8]);
        }
        bytes
    }
}

fn part(data_set: DataSet, ts: &str) -> Part10 {
    Part10 { transfer_syntax: uid(ts), data_set, had_preamble: true, had_meta: true }
}

pub(crate) fn pixels(part: &Part10) -> Result<Pixels, PixelsError> {
    decode(&part.data_set, &part.transfer_syntax, &PixelLimits::default())
}

/// The bytes of native pixel data after decoding and putting back.
pub(crate) fn stored(part: &Part10) -> Result<Vec<u8>, PixelsError> {
    pixels(part).map(|pixels| put_back(part, pixels))
}

/// The bytes of native pixel data that `pixels` become.
pub(crate) fn put_back(part: &Part10, pixels: Pixels) -> Vec<u8> {
    let mut data_set = part.data_set.clone();
    pixels.put_into(&mut data_set).unwrap();
    access::bytes(&data_set, tags::PIXEL_DATA).unwrap().to_vec()
}

/// The file with its pixels put back.
pub(crate) fn file(mut part: Part10, pixels: Pixels) -> Vec<u8> {
    let ts = pixels.put_into(&mut part.data_set).unwrap();
    write(&part.data_set, &ts).unwrap()
}

pub(crate) fn load(path: &Path) -> Part10 {
    read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap()
}

pub(crate) fn number(data_set: &DataSet, tag: Tag) -> i64 {
    access::integer(data_set, tag).unwrap()
}

pub(crate) fn python() -> String {
    std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// A Python that decodes pixels; its folder of test files.
pub(crate) fn pydicom() -> Option<PathBuf> {
    let script = "import numpy, pydicom.data, os, pylibjpeg, openjpeg, libjpeg\n\
                  print(os.path.dirname(pydicom.data.__file__))";
    let output = Command::new(python()).args(["-c", script]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    let found = (output.status.success() && folder.is_dir()).then_some(folder);
    if found.is_none() {
        eprintln!("skipped: no python with pydicom, numpy and pylibjpeg (set SUMGIL_PYTHON)");
    }
    found
}

pub(crate) fn shared() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("SUMGIL_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let found = root.join("data/dicom").is_dir().then_some(root);
    if found.is_none() {
        eprintln!("skipped: ../shared is absent");
    }
    found
}

/// Runs a program of DCMTK on a file; `None`, with a line, where it is not installed.
pub(crate) fn dcmtk(program: &str, options: &[&str], part: &Part10) -> Option<Part10> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from.dcm"), folder.path().join("to.dcm"));
    std::fs::write(&from, write(&part.data_set, &part.transfer_syntax).unwrap()).unwrap();
    let Ok(output) = Command::new(program).args(options).arg(&from).arg(&to).output() else {
        eprintln!("skipped: no {program}");
        return None;
    };
    assert!(output.status.success(), "{program} {options:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(load(&to))
}

/// Files below `folder`, in the order of their paths.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "dcm") {
            found.push(path);
        }
    }
    found.sort();
    found
}
