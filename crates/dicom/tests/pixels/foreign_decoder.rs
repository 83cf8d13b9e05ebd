//! pydicom with libjpeg, OpenJPEG and CharLS sees in what was put back what it sees in the original.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{file, files_below, pixels, pydicom, python, shared};
use sumgil_dicom::{Limits, read};

/// Prints for each pair of old and new file the largest difference, or what else is wrong. `-` stands for a file
/// that was refused; that pydicom decodes it is worth a word.
const COMPARE: &str = r#"
import sys, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np
from pydicom import dcmread

def pixels(path):
    try:
        return dcmread(path, force=True).pixel_array
    except Exception:
        return None

for line in open(sys.argv[1], encoding="utf-8"):
    old, new = line.rstrip("\n").split("\t")
    theirs = pixels(old)
    ours = None if new == "-" else pixels(new)
    if theirs is None:
        said = "undecoded"
    elif ours is None:
        said = "only pydicom"
    elif ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        said = f"{theirs.shape} {theirs.dtype} became {ours.shape} {ours.dtype}"
    else:
        said = int(np.abs(ours.astype(np.int64) - theirs.astype(np.int64)).max(initial=0))
    print(old, said, sep="\t")
"#;

/// Coded with loss: decoders round differently, and spread coarse chrominance differently.
const LOSSY: [(&str, i64); 15] = [
    ("JPEG2000.dcm", 1),
    ("JPGExtended.dcm", 1),
    ("SC_jpeg_no_color_transform.dcm", 1),
    ("SC_jpeg_no_color_transform_2.dcm", 1),
    ("SC_rgb_dcmtk_+eb+cr.dcm", 1),
    ("SC_rgb_jpeg.dcm", 1),
    ("SC_rgb_jpeg_app14_dcmd.dcm", 1),
    ("US1_J2KI.dcm", 1),
    ("CTImage.dcm_JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm", 1),
    ("CT0012.fragmented_no_bot_jpeg_baseline.51.dcm", 1),
    ("CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm", 2),
    ("SC_rgb_dcmtk_+eb+cy+n1.dcm", 2),
    ("SC_rgb_dcmtk_+eb+cy+np.dcm", 2),
    ("SC_rgb_jpeg_lossy_gdcm.dcm", 2),
    ("examples_ybr_color.dcm", 3),
];
/// High-throughput JPEG 2000 with loss, whose decoder takes the edge of a quantisation step for its middle.
const LOSSY_HTJ2K: (&str, i64) = ("HTJ2K_08_RGB.dcm", 5);

/// What pydicom finds, by file.
fn compare(folder: &Path) -> BTreeMap<PathBuf, String> {
    let into = tempfile::tempdir().unwrap();
    let mut pairs = String::new();
    for (number, path) in files_below(folder).into_iter().enumerate() {
        let Ok(part) = read(&std::fs::read(&path).unwrap(), &Limits::default()) else { continue };
        let new = pixels(&part).map_or_else(
            |_| "-".to_owned(),
            |pixels| {
                let new = into.path().join(format!("{number}.dcm"));
                std::fs::write(&new, file(part, pixels)).unwrap();
                new.display().to_string()
            },
        );
        pairs.push_str(&format!("{}\t{new}\n", path.display()));
    }
    let list = into.path().join("pairs.tsv");
    std::fs::write(&list, pairs).unwrap();
    let output = Command::new(python()).args(["-c", COMPARE]).arg(&list).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let found = text.lines().filter_map(|line| line.split_once('\t'));
    found.map(|(path, said)| (PathBuf::from(path), said.to_owned())).collect()
}

/// Number of files that both decode, all of them alike.
fn alike(folder: &Path) -> usize {
    let mut alike = 0;
    for (path, said) in compare(folder) {
        let name = path.file_name().unwrap().to_string_lossy();
        let allowed = LOSSY.iter().chain([&LOSSY_HTJ2K]).find(|(lossy, _)| *lossy == name);
        match said.as_str() {
            "undecoded" => {}
            said => {
                let difference: i64 = said.parse().unwrap_or_else(|_| panic!("{}: {said}", path.display()));
                assert!(difference <= allowed.map_or(0, |(_, most)| *most), "{}: {said}", path.display());
                alike += 1;
            }
        }
    }
    alike
}

#[test]
fn files_of_pydicom_keep_their_values() {
    let Some(folder) = pydicom() else { return };
    let decoded = alike(&folder.join("test_files"));
    assert!(decoded > 50, "{decoded}");
}

#[test]
fn files_of_the_shared_folder_keep_their_values() {
    let (Some(_), Some(shared)) = (pydicom(), shared()) else { return };
    let decoded = alike(&shared.join("data/dicom"));
    assert!(decoded >= 50, "{decoded}");
}
