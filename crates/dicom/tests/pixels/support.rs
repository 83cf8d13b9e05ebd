//! Files and foreign programs.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use sumgil_dicom::{
    Limits, Part10,
    pixels::{PixelLimits, Pixels, PixelsError, decode},
    read, write,
};

pub(crate) fn python() -> String {
    std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// A Python that decodes pixels; its folder of test files.
pub(crate) fn pydicom() -> Option<PathBuf> {
    let script = "import numpy, pydicom.data, os; from pylibjpeg import decode; import openjpeg, libjpeg\n\
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

pub(crate) fn load(path: &Path) -> Part10 {
    read(&std::fs::read(path).unwrap(), &Limits::default()).unwrap()
}

pub(crate) fn pixels(part: &Part10) -> Result<Pixels, PixelsError> {
    decode(&part.data_set, &part.transfer_syntax, &PixelLimits::default())
}

/// The file with its pixels decoded and put back.
pub(crate) fn native(mut part: Part10, pixels: Pixels) -> Vec<u8> {
    let ts = pixels.put_into(&mut part.data_set).unwrap();
    write(&part.data_set, &ts).unwrap()
}
