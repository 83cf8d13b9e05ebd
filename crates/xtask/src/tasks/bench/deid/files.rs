//! The files: CT slices of half a megabyte, and radiographs of five megapixels with text burned in.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use sumgil_dicom::{
    Limits, access,
    dicom_core::{DataElement, PrimitiveValue, VR},
    dictionary::{tags, uids},
    read, write,
};
use sumgil_phantom::ImageSize;
use sumgil_phantom::hospitals::{self, Plan};
use sumgil_testkit::typeset::Typeface;

use crate::demo::{dicom_files, invent_slices};

/// Files in one folder.
pub(super) struct Files {
    pub(super) dir: PathBuf,
    pub(super) count: usize,
    pub(super) size_bytes: u64,
}

impl Files {
    fn of(dir: PathBuf) -> anyhow::Result<Self> {
        let files = dicom_files(&dir);
        let sizes =
            files.iter().map(|file| Ok(file.metadata()?.len())).collect::<anyhow::Result<Vec<u64>>>()?;
        Ok(Self { dir, count: files.len(), size_bytes: sizes.iter().sum() })
    }
}

/// `count` slices of 512 x 512 pixels.
///
/// # Errors
/// When they cannot be made.
pub(super) fn slices(work: &Path, count: usize) -> anyhow::Result<Files> {
    let dir = work.join("slices");
    std::fs::create_dir_all(&dir)?;
    for (number, file) in invent_slices(&work.join("hospitals-ct"), count)?.iter().take(count).enumerate() {
        std::fs::rename(file, dir.join(format!("ct{number:04}.dcm")))?;
    }
    std::fs::remove_dir_all(work.join("hospitals-ct"))?;
    Files::of(dir)
}

/// `count` radiographs of 2048 x 2560 pixels.
///
/// # Errors
/// When they cannot be made, or this machine has no fonts.
pub(super) fn radiographs(work: &Path, count: usize) -> anyhow::Result<Files> {
    let (dir, hospitals) = (work.join("radiographs"), work.join("hospitals-xr"));
    std::fs::create_dir_all(&dir)?;
    let size = ImageSize { ct_matrix: 16, ct_slices: 1, cxr_columns: 2048, cxr_rows: 2560 };
    let subjects = count as u32 / 2 + 3;
    hospitals::write(&Plan { seed: 5, subjects, size, masks: false }, &hospitals, &|_| ())?;
    let faces = Typeface::with("AZ09-:");
    let face = faces.first().context("no font on this machine")?;
    let mut made = 0;
    let is_image = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "dcm");
    for file in dicom_files(&hospitals).into_iter().filter(is_image) {
        if made < count
            && let Some(bytes) = burned(&std::fs::read(&file)?, face)?
        {
            std::fs::write(dir.join(format!("xr{made:04}.dcm")), bytes)?;
            made += 1;
        }
    }
    ensure!(made == count, "only {made} radiographs were invented");
    std::fs::remove_dir_all(hospitals)?;
    Files::of(dir)
}

/// The radiograph, native, with four lines in its corner; `None` for other files.
fn burned(bytes: &[u8], face: &Typeface) -> anyhow::Result<Option<Vec<u8>>> {
    let mut file = read(bytes, &Limits::default())?;
    let size = |tag| access::integer(&file.data_set, tag).unwrap_or(0) as usize;
    let (columns, rows) = (size(tags::COLUMNS), size(tags::ROWS));
    let Some(native) = access::bytes(&file.data_set, tags::PIXEL_DATA) else { return Ok(None) };
    if (columns, rows) != (2048, 2560) || native.len() != columns * rows * 2 {
        return Ok(None);
    }
    let mut pixels = native.to_vec();
    for (number, line) in
        ["HONG GILDONG", "ID 20931177", "1961-03-12 M", "2020-02-29 10:41"].iter().enumerate()
    {
        let ink = face.draw(line, 44.0).context("a line without ink")?;
        for (at, _) in ink.coverage.iter().enumerate().filter(|(_, share)| **share > 127) {
            let (x, y) = (24 + at % ink.width, 24 + 64 * number + at / ink.width);
            pixels[2 * (y * columns + x)..][..2].copy_from_slice(&4095_u16.to_le_bytes());
        }
    }
    file.data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8(pixels.into())));
    let syntax = sumgil_model::Uid::parse(uids::EXPLICIT_VR_LITTLE_ENDIAN)?;
    Ok(Some(write(&file.data_set, &syntax)?))
}
