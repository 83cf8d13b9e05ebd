//! Real files: those inside the Python package pydicom (MIT), and those of `../shared` where it is at hand.
//! Nothing is refused but what is broken, and what was read and written reads the same.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic)]

use std::path::{Path, PathBuf};

use sumgil_dicom::{
    DataSet, Limits, Part10, WriteError, access,
    dicom_core::{Tag, VR, value::Value},
    dictionary::tags,
    frames::frames,
    read, read_without_pixels, write,
};

/// Broken files, and what is said of them.
const BROKEN: [(&str, &str); 5] = [
    ("rtplan_truncated.dcm", "truncated"),
    ("MR_truncated.dcm", "truncated"),
    ("DICOMDIR-nooffset", "beyond-parent"),
    // starts with a byte that belongs to nothing
    ("no_meta.dcm", "not-dicom"),
    ("FileInfo.txt", "not-dicom"),
];

/// Whether a file by its name is one to be read.
fn is_dicom(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    path.extension().is_some_and(|extension| extension == "dcm") || name.starts_with("DICOMDIR")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if is_dicom(&path) {
            found.push(path);
        }
    }
}

fn pydicom() -> Option<PathBuf> {
    let python = std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = "import pydicom.data, os; print(os.path.dirname(pydicom.data.__file__))";
    let output = std::process::Command::new(python).args(["-c", script]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    let found = (output.status.success() && folder.is_dir()).then_some(folder);
    if found.is_none() {
        eprintln!("skipped: no python with pydicom (set SUMGIL_PYTHON)");
    }
    found
}

fn shared() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("SUMGIL_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let found = root.join("data/dicom").is_dir().then_some(root);
    if found.is_none() {
        eprintln!("skipped: ../shared is absent");
    }
    found
}

/// Elements that differ, group lengths and lengths of sequences left aside.
fn differences(one: &DataSet, two: &DataSet) -> Vec<Tag> {
    let mut found = Vec::new();
    for element in one.iter().filter(|element| element.header().tag.1 != 0) {
        let tag = element.header().tag;
        match (element.value(), two.get(tag).map(|other| other.value())) {
            (Value::Sequence(items), Some(Value::Sequence(others)))
                if items.items().len() == others.items().len() =>
            {
                let pairs = items.items().iter().zip(others.items());
                pairs.for_each(|(item, other)| found.extend(differences(item, other)));
            }
            (Value::Primitive(value), Some(Value::Primitive(other)))
                if value.to_bytes().len() % 2 == 1 && other.to_bytes().starts_with(&value.to_bytes()) => {}
            (value, Some(other)) if value == other => {}
            _ => found.push(tag),
        }
    }
    found
}

fn round_trip(path: &Path, part: &Part10) {
    let bytes = match write(&part.data_set, &part.transfer_syntax) {
        Ok(bytes) => bytes,
        // directories and fragments of files, which no archive sends
        Err(WriteError::NoInstance) => {
            assert_eq!(access::uid::<sumgil_model::SopClass>(&part.data_set, tags::SOP_CLASS_UID), None);
            return;
        }
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let back = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(back.transfer_syntax, part.transfer_syntax);
    assert_eq!(differences(&part.data_set, &back.data_set), [], "{}", path.display());
    let tags = |data_set: &DataSet| data_set.tags().filter(|tag| tag.1 != 0).collect::<Vec<_>>();
    assert_eq!(tags(&back.data_set), tags(&part.data_set), "{}", path.display());
}

fn survey(folder: &Path) -> usize {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy();
        let bytes = std::fs::read(path).unwrap();
        let expected = BROKEN.iter().find(|(broken, _)| *broken == name).map(|(_, code)| *code);
        let limits = Limits::default();
        let result = read(&bytes, &limits);
        assert_eq!(result.as_ref().err().map(|one| one.code()), expected, "{}", path.display());
        let Ok(part) = result else { continue };
        round_trip(path, &part);
        let headers = read_without_pixels(&bytes, &limits).unwrap().data_set;
        assert!(headers.iter().all(|element| element.header().tag < tags::PIXEL_DATA));
        assert!(differences(&headers, &part.data_set).is_empty(), "{}", path.display());
    }
    files.len()
}

#[test]
fn files_of_pydicom() {
    let Some(folder) = pydicom() else { return };
    assert!(survey(&folder) > 100);
}

#[test]
fn files_of_the_shared_folder() {
    let Some(shared) = shared() else { return };
    assert!(survey(&shared.join("data/dicom")) >= 75);
    assert!(survey(&shared.join("data/ct/dicom")) >= 30);
    assert!(survey(&shared.join("deid/corpus")) >= 70);
}

#[test]
fn names_in_every_character_set_are_what_they_are() {
    let Some(folder) = pydicom() else { return };
    let name = |file: &str| {
        let bytes = std::fs::read(folder.join("charset_files").join(file)).unwrap();
        let part = read(&bytes, &Limits::default()).unwrap();
        let name = access::text(&part.data_set, tags::PATIENT_NAME).unwrap();
        name.trim_end_matches('=').to_owned()
    };
    assert_eq!(name("chrFren.dcm"), "Buc^Jérôme");
    assert_eq!(name("chrGerm.dcm"), "Äneas^Rüdiger");
    assert_eq!(name("chrGreek.dcm"), "Διονυσιος");
    assert_eq!(name("chrRuss.dcm"), "Люкceмбypг");
    assert_eq!(name("chrX1.dcm"), "Wang^XiaoDong=王^小東");
    assert_eq!(name("chrX2.dcm"), "Wang^XiaoDong=王^小东");
    assert_eq!(name("chrH31.dcm"), "Yamada^Tarou=山田^太郎=やまだ^たろう");
    assert_eq!(name("chrI2.dcm"), "Hong^Gildong=洪^吉洞=홍^길동");
}

#[test]
fn pixels_of_every_coding_are_the_bytes_of_the_file() {
    let Some(folder) = pydicom() else { return };
    let mut seen = 0;
    let mut files = Vec::new();
    files_below(&folder.join("test_files"), &mut files);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(part) = read(&bytes, &Limits::default()) else { continue };
        let uid = part.transfer_syntax.as_str();
        let native_elsewhere = ["1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"].contains(&uid);
        let (Ok(frames), false) = (frames(&part.data_set, &part.transfer_syntax), native_elsewhere) else {
            continue;
        };
        for frame in frames.iter().take(2) {
            for piece in frame.parts().filter(|piece| piece.len() > 8) {
                let is_whole_bytes = access::integer(&part.data_set, tags::BITS_ALLOCATED) != Some(1);
                if is_whole_bytes {
                    assert!(contains(&bytes, piece), "{}", path.display());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    let head = &piece[..8];
    let starts = bytes.windows(8).enumerate().filter(|(_, window)| *window == head);
    starts.into_iter().any(|(at, _)| bytes[at..].starts_with(piece))
}

#[test]
fn big_endian_words_are_little_endian_in_memory() {
    let Some(folder) = pydicom() else { return };
    let load = |file: &str| {
        read(&std::fs::read(folder.join("test_files").join(file)).unwrap(), &Limits::default()).unwrap()
    };
    let (big, little) = (load("MR_small_bigendian.dcm"), load("MR_small.dcm"));
    assert_eq!(big.transfer_syntax.as_str(), "1.2.840.10008.1.2.2");
    assert_eq!(
        access::bytes(&big.data_set, tags::PIXEL_DATA),
        access::bytes(&little.data_set, tags::PIXEL_DATA)
    );
    assert_eq!(big.data_set.get(tags::PIXEL_DATA).map(|element| element.vr()), Some(VR::OW));
}
