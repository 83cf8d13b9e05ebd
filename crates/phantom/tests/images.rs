//! What the masks say is in the images.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::Path};

use sumgil_dicom::{Limits, access, dictionary::tags, read};
use sumgil_phantom::{
    ImageSize,
    hospitals::{Plan, write},
};

/// The bytes of a mask after its NumPy header.
fn mask(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    assert_eq!(&bytes[..6], b"\x93NUMPY");
    bytes[10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]))..].to_vec()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// Accession number and first-series slices in Hounsfield units of every plainly encoded CT below `dir`.
fn scans(dir: &Path) -> BTreeMap<String, BTreeMap<i64, Vec<f64>>> {
    let mut scans: BTreeMap<String, BTreeMap<i64, Vec<f64>>> = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            scans.extend(self::scans(&path));
            continue;
        }
        if !entry.file_name().to_string_lossy().starts_with("CT002") {
            continue;
        }
        let set = read(&fs::read(&path).unwrap(), &Limits::default()).unwrap().data_set;
        let Some(pixels) = access::bytes(&set, tags::PIXEL_DATA) else { continue };
        let signed = access::integer(&set, tags::PIXEL_REPRESENTATION) == Some(1);
        let intercept = access::number(&set, tags::RESCALE_INTERCEPT).unwrap();
        let hounsfield = pixels.chunks_exact(2).map(|b| {
            let word = u16::from_le_bytes([b[0], b[1]]);
            intercept + if signed { f64::from(word as i16) } else { f64::from(word) }
        });
        let accession = access::text(&set, tags::ACCESSION_NUMBER).unwrap();
        let number = access::integer(&set, tags::INSTANCE_NUMBER).unwrap();
        scans.entry(accession).or_default().insert(number, hounsfield.collect());
    }
    scans
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn extent_is_what_the_mask_counts_and_the_slices_show() {
    let dir = tempfile::tempdir().unwrap();
    let size = ImageSize { ct_matrix: 64, ct_slices: 14, ..ImageSize::default() };
    write(&Plan { subjects: 8, seed: 2, size, masks: true }, dir.path(), &|_| {}).unwrap();
    let mut tissue: [Vec<f64>; 3] = Default::default();
    let mut scanned = 0;
    for site in 1..=17 {
        let site = dir.path().join(format!("site-{site:02}"));
        if !site.join("masks").exists() {
            continue;
        }
        let scans = scans(&site.join("dicom"));
        for row in rows(&site.join("masks/extent.csv")).iter().filter(|row| row["kind"] == "ct") {
            let mask = mask(&site.join("masks").join(format!("{}.npy", row["accession_number"])));
            assert_eq!(mask.len(), 64 * 64 * 14);
            let lung = mask.iter().filter(|v| **v > 0).count() as f64;
            let diseased = mask.iter().filter(|v| **v >= 16).count() as f64;
            let number = |column: &str| row[column].parse::<f64>().unwrap();
            assert!((number("extent") - diseased / lung).abs() < 1e-4);
            assert!((number("extent") - number("planned_extent")).abs() < 0.06, "{row:?}");
            let Some(slices) = scans.get(&row["accession_number"]) else { continue };
            scanned += 1;
            for (voxel, hounsfield) in mask.iter().zip(slices.values().flatten()).filter(|(v, _)| **v > 0) {
                tissue[usize::from(voxel / 16)].push(*hounsfield);
            }
        }
    }
    assert!(scanned >= 5);
    let [lung, ground_glass, consolidation] = tissue.map(|values| mean(&values));
    assert!((-880.0..-780.0).contains(&lung), "{lung}");
    assert!((-620.0..-450.0).contains(&ground_glass), "{ground_glass}");
    assert!((0.0..60.0).contains(&consolidation), "{consolidation}");
}

/// Radiographs are darker where there is lung and brighter the more of it is diseased.
#[test]
fn lesions_show_on_radiographs() {
    let dir = tempfile::tempdir().unwrap();
    write(&Plan { subjects: 30, seed: 4, ..Plan::default() }, dir.path(), &|_| {}).unwrap();
    let (mut clear, mut opaque) = (Vec::new(), Vec::new());
    let frontal = |site: &Path, accession: &str| -> Option<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![site.join("dicom")];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().flatten().map(|e| e.path()) {
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found.iter().filter(|p| p.ends_with("XR001_0001.dcm")).find_map(|path| {
            let set = read(&fs::read(path).unwrap(), &Limits::default()).unwrap().data_set;
            let this = access::text(&set, tags::ACCESSION_NUMBER)?;
            let plain = access::text(&set, tags::PHOTOMETRIC_INTERPRETATION)? == "MONOCHROME2";
            (this == accession && plain)
                .then(|| access::bytes(&set, tags::PIXEL_DATA).map(<[u8]>::to_vec))
                .flatten()
                .map(|pixels| (pixels, mask(&site.join("masks").join(format!("{accession}.npy")))))
        })
    };
    for site in 1..=17 {
        let site = dir.path().join(format!("site-{site:02}"));
        let Ok(table) = csv::Reader::from_path(site.join("masks/extent.csv")) else { continue };
        let rows: Vec<BTreeMap<String, String>> = table.into_deserialize().map(|row| row.unwrap()).collect();
        let ill = |row: &&BTreeMap<String, String>| row["extent"].parse::<f64>().unwrap() > 0.2;
        for row in rows.iter().filter(|row| row["kind"] == "cxr").filter(ill).take(2) {
            let Some((pixels, mask)) = frontal(&site, &row["accession_number"]) else { continue };
            for (pixel, mm) in pixels.chunks_exact(2).zip(&mask) {
                let grey = f64::from(u16::from_le_bytes([pixel[0], pixel[1]]));
                match mm {
                    1..15 => clear.push(grey),
                    100.. => opaque.push(grey),
                    _ => {}
                }
            }
        }
    }
    assert!(!clear.is_empty() && !opaque.is_empty());
    assert!(mean(&opaque) > mean(&clear) + 100.0, "{} {}", mean(&opaque), mean(&clear));
}
