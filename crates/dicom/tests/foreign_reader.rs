//! What this crate writes, pydicom and DCMTK read: same elements, same names, same pixel bytes.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use sumgil_dicom::{Limits, read, write};

const COMPARE: &str = r#"
import sys, warnings
warnings.simplefilter("ignore")
from pydicom import dcmread
WHOLE = ("CS", "DA", "TM", "IS", "US", "UL", "FD", "FL", "AT")
GONE = (0x00080005, 0xFFFCFFFC)

def differences(old, new):
    if new.preamble != b"\0" * 128:
        yield "preamble"
    declared = old.file_meta.get("TransferSyntaxUID")
    if declared and declared != new.file_meta.TransferSyntaxUID:
        yield "transfer syntax"
    tags = lambda ds: {e.tag for e in ds if e.tag.element != 0 and e.tag not in GONE}
    if tags(old) != tags(new):
        yield f"tags {tags(old) ^ tags(new)}"
    if "PixelData" in old and new.PixelData not in (old.PixelData, old.PixelData + b"\0"):
        yield "pixels"
    for e in old:
        if e.VR in WHOLE and e.tag.element and e.tag not in GONE and e.tag in new:
            if str(e.value) != str(new[e.tag].value):
                yield f"{e.tag} {e.VR}"
    name = str(old.get("PatientName", ""))
    if "SpecificCharacterSet" in old and "\ufffd" not in name and name != str(new.get("PatientName", "")):
        yield "name"

compared, bad = 0, []
for line in open(sys.argv[1], encoding="utf-8"):
    old, new = line.rstrip("\n").split("\t")
    found = list(differences(dcmread(old, force=True), dcmread(new)))
    bad += [f"{old}: {found}"] if found else []
    compared += 1
if bad:
    sys.exit("\n".join(bad))
print(compared)
"#;

fn python() -> String {
    std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn pydicom() -> Option<PathBuf> {
    let script = "import pydicom.data, os; print(os.path.dirname(pydicom.data.__file__))";
    let output = Command::new(python()).args(["-c", script]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    let found = (output.status.success() && folder.is_dir()).then_some(folder);
    if found.is_none() {
        eprintln!("skipped: no python with pydicom (set SUMGIL_PYTHON)");
    }
    found
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "dcm") {
            found.push(path);
        }
    }
}

/// Reads and writes every file; pairs of the old and the new path.
fn rewritten(folder: &Path, into: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut files = Vec::new();
    files_below(folder, &mut files);
    let mut pairs = Vec::new();
    for path in files {
        let Ok(part) = read(&std::fs::read(&path).unwrap(), &Limits::default()) else { continue };
        let Ok(bytes) = write(&part.data_set, &part.transfer_syntax) else { continue };
        let new = into.join(format!("{}.dcm", pairs.len()));
        std::fs::write(&new, bytes).unwrap();
        pairs.push((path, new));
    }
    pairs
}

#[test]
fn pydicom_and_dcmtk_read_what_was_written() {
    let Some(folder) = pydicom() else { return };
    let into = tempfile::tempdir().unwrap();
    let pairs = rewritten(&folder, into.path());
    assert!(pairs.len() > 60, "{}", pairs.len());
    let list = into.path().join("pairs.tsv");
    let lines: String =
        pairs.iter().map(|(old, new)| format!("{}\t{}\n", old.display(), new.display())).collect();
    std::fs::write(&list, lines).unwrap();
    let output = Command::new(python()).args(["-c", COMPARE]).arg(&list).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), pairs.len().to_string());
    dcmtk(&pairs);
}

fn dcmtk(pairs: &[(PathBuf, PathBuf)]) {
    let Ok(version) = Command::new("dcmdump").arg("--version").output() else {
        eprintln!("skipped: no dcmdump");
        return;
    };
    assert!(version.status.success());
    for (old, new) in pairs {
        let dumped = |path: &Path| Command::new("dcmdump").arg("-q").arg(path).output().unwrap();
        if dumped(old).status.success() {
            let output = dumped(new);
            assert!(output.status.success(), "{}", old.display());
        }
    }
}
