//! pydicom with libjpeg and OpenJPEG sees in what was put back what it sees in the original.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{files_below, native, pixels, pydicom, python, shared};
use sumgil_dicom::{Limits, read};

/// Prints for each pair: the largest difference, `undecoded` where pydicom decodes not even the original.
const COMPARE: &str = r#"
import sys, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np
from pydicom import dcmread

def pixels(path):
    ds = dcmread(path, force=True)
    return ds.pixel_array, ds.PhotometricInterpretation

for line in open(sys.argv[1], encoding="utf-8"):
    old, new = line.rstrip("\n").split("\t")
    ours, _ = pixels(new)
    try:
        theirs, _ = pixels(old)
    except Exception:
        print(old, "undecoded", sep="\t")
        continue
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        print(old, f"{theirs.shape} {theirs.dtype} became {ours.shape} {ours.dtype}", sep="\t")
    else:
        print(old, int(np.abs(ours.astype(np.int64) - theirs.astype(np.int64)).max(initial=0)), sep="\t")
"#;

/// What pydicom finds, by file; what could not be decoded here, by error.
fn compare(folder: &Path) -> (BTreeMap<PathBuf, String>, BTreeMap<PathBuf, &'static str>) {
    let into = tempfile::tempdir().unwrap();
    let (mut pairs, mut refused) = (String::new(), BTreeMap::new());
    for (number, path) in files_below(folder).into_iter().enumerate() {
        let Ok(part) = read(&std::fs::read(&path).unwrap(), &Limits::default()) else { continue };
        match pixels(&part) {
            Ok(pixels) => {
                let new = into.path().join(format!("{number}.dcm"));
                std::fs::write(&new, native(part, pixels)).unwrap();
                pairs.push_str(&format!("{}\t{}\n", path.display(), new.display()));
            }
            Err(error) => {
                refused.insert(path, error.code());
            }
        }
    }
    let list = into.path().join("pairs.tsv");
    std::fs::write(&list, pairs).unwrap();
    let output = Command::new(python()).args(["-c", COMPARE]).arg(&list).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let found = text.lines().filter_map(|line| line.split_once('\t'));
    (found.map(|(path, said)| (PathBuf::from(path), said.to_owned())).collect(), refused)
}

#[test]
fn survey() {
    let Some(folder) = pydicom() else { return };
    let Some(shared) = shared() else { return };
    for folder in [folder.join("test_files"), shared.join("data/dicom")] {
        let (found, refused) = compare(&folder);
        for (path, said) in found {
            if said != "0" { eprintln!("{said} {}", path.display()); }
        }
        for (path, said) in refused {
            eprintln!("refused {said} {}", path.display());
        }
    }
}
