//! Real files of many makers and codings, where the shared folder is at hand.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sumgil_dicom::{dictionary::tags, pixels::Region};

use crate::support::{files_below, load, number, pixels, put_back, shared, stored};

/// Not the same in every decoder: coded with loss, or shown in other colours than stored.
const OTHERWISE: [&str; 9] = [
    "burned_in/US1_J2KI.dcm",
    "encodings/CTImage.dcm_JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm",
    "encodings/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm",
    "encodings/HTJ2K_08_RGB.dcm",
    "encodings/JPGExtended.dcm",
    "encodings/SC_rgb_dcmtk__eb_cy_s4.dcm",
    "encodings/SC_rgb_jpeg_dcmtk.dcm",
    "multiframe/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm",
    "sr_seg/seg_image_ct_binary.dcm",
];

#[test]
fn digests_of_the_manifest() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("data/dicom");
    let mut exact = 0;
    for row in csv::Reader::from_path(folder.join("manifest.csv")).unwrap().deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let (name, expected) = (row["file"].as_str(), row["pixel_sha256"].as_str());
        if expected.is_empty() {
            continue;
        }
        let part = load(&folder.join(name));
        let mut bytes = stored(&part).unwrap_or_else(|error| panic!("{name}: {error}"));
        if OTHERWISE.contains(&name) {
            continue;
        }
        let positive = |tag| number(&part.data_set, tag) as usize;
        let frames = pixels(&part).unwrap().frames();
        let samples =
            frames * positive(tags::ROWS) * positive(tags::COLUMNS) * positive(tags::SAMPLES_PER_PIXEL);
        bytes.truncate(samples * positive(tags::BITS_ALLOCATED) / 8);
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, expected, "{name}");
        exact += 1;
    }
    assert!(exact >= 40, "{exact}");
}

#[test]
fn one_slice_in_every_coding_is_one_slice() {
    let Some(shared) = shared() else { return };
    let slices = files_below(&shared.join("data/dicom/encodings"));
    let slices = slices.into_iter().filter(|path| path.to_string_lossy().contains("CTImage.dcm_"));
    let mut digests: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
    for path in slices {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match stored(&load(&path)) {
            Ok(bytes) => digests.entry(bytes).or_default().push(name),
            // progressive with 12 bits, retired
            Err(error) => {
                assert!(name.ends_with("4.53.dcm") || name.ends_with("4.55.dcm"), "{name}: {error}");
            }
        }
    }
    let most = digests.values().max_by_key(|names| names.len()).unwrap();
    assert!(most.len() >= 9, "{digests:?}");
    let is_lossy =
        |name: &str| ["4.50.dcm", "4.51.dcm", "4.81.dcm", "4.91.dcm"].iter().any(|end| name.ends_with(end));
    for other in digests.values().filter(|names| *names != most).flatten() {
        assert!(is_lossy(other), "{other}");
    }
}

#[test]
fn single_bits_in_two_codings_are_the_same_bits() {
    let Some(shared) = shared() else { return };
    let bits = |name: &str| stored(&load(&shared.join("data/dicom/encodings").join(name))).unwrap();
    let (deflated, rle) = (bits("liver_deflate.dcm"), bits("liver_rle.dcm"));
    assert_eq!(deflated.len(), 3 * 512 * 512 / 8);
    assert!(deflated == rle);
    assert!(deflated.iter().any(|byte| *byte != 0));
}

#[test]
fn frames_of_jpeg_xl_are_pictures() {
    let Some(shared) = shared() else { return };
    let part = load(&shared.join("data/dicom/encodings/will-jxl.dcm"));
    let decoded = pixels(&part).unwrap();
    assert_eq!((decoded.frames(), decoded.rows(), decoded.columns()), (27, 708, 1016));
    let grey = decoded.grey(26);
    let bright = grey.pixels.iter().filter(|pixel| **pixel > 100).count();
    assert!(bright > 1000 && bright < grey.pixels.len() / 2, "{bright}");
}

#[test]
fn a_burned_in_name_is_hidden_and_the_rest_stays() {
    let Some(shared) = shared() else { return };
    let part = load(&shared.join("data/dicom/burned_in/2_ORIGINAL.dcm"));
    let before = stored(&part).unwrap();
    let mut decoded = pixels(&part).unwrap();
    decoded.black_out(&Region { frame: None, x: 0, y: 0, width: 394, height: 100 });
    let grey = decoded.grey(0).pixels;
    assert!(grey[..394 * 100].iter().all(|pixel| *pixel == grey[0]));
    let after = put_back(&part, decoded);
    assert_eq!(before[394 * 100 * 2..], after[394 * 100 * 2..]);
    assert_ne!(before[..394 * 100 * 2], after[..394 * 100 * 2]);
}
