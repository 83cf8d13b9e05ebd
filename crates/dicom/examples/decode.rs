//! How fast pixels are decoded: of the files named, or of an image of 2000 by 2000 pixels and 12 bits that DCMTK
//! codes in every way it knows.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use sumgil_dicom::{
    DataSet, Limits,
    dicom_core::{DataElement, PrimitiveValue, VR},
    dictionary::tags,
    pixels::{PixelLimits, decode},
    read, write,
};
use sumgil_model::Uid;

const SIDE: u16 = 2000;
const CODERS: [(&str, &[&str]); 5] = [
    ("dcmcrle", &[]),
    ("dcmcjpeg", &["+e1"]),
    ("dcmcjpeg", &["+ee"]),
    ("dcmcjpls", &[]),
    ("dcmcjpls", &["+en"]),
];

/// A soft picture with noise, as X-ray detectors give it.
fn picture() -> Vec<u8> {
    let mut noise = 1_u32;
    let side = f64::from(SIDE);
    let mut pixel = |x: f64, y: f64| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let soft = (x / side * 9.0).sin() * (y / side * 7.0).cos() * 1500.0 + 2000.0;
        (soft + f64::from(noise >> 28)) as u16
    };
    let rows = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
    rows.flat_map(|(x, y)| pixel(f64::from(x), f64::from(y)).to_le_bytes()).collect()
}

fn image() -> DataSet {
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let number = |tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    DataSet::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.7"),
        text(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.8"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.9"),
        number(tags::SAMPLES_PER_PIXEL, 1),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        number(tags::ROWS, SIDE),
        number(tags::COLUMNS, SIDE),
        number(tags::BITS_ALLOCATED, 16),
        number(tags::BITS_STORED, 12),
        number(tags::HIGH_BIT, 11),
        number(tags::PIXEL_REPRESENTATION, 0),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(picture())),
    ])
}

/// Files of the image in `folder`, one a coder that is installed.
fn coded(folder: &Path) -> Vec<PathBuf> {
    let native = folder.join("native.dcm");
    std::fs::write(&native, write(&image(), &Uid::parse("1.2.840.10008.1.2.1").unwrap()).unwrap()).unwrap();
    let mut files = vec![native.clone()];
    for (program, options) in CODERS {
        let to = folder.join(format!("{program}{}.dcm", options.concat()));
        match Command::new(program).args(options).arg(&native).arg(&to).status() {
            Ok(status) if status.success() => files.push(to),
            _ => println!("skipped: {program} {options:?}"),
        }
    }
    files
}

fn measure(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let part = read(&bytes, &Limits::default()).unwrap();
    let begun = Instant::now();
    let decoded = decode(&part.data_set, &part.transfer_syntax, &PixelLimits::default());
    let seconds = begun.elapsed().as_secs_f64();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let uid = part.transfer_syntax.as_str();
    match decoded {
        Ok(pixels) => {
            let grey = Instant::now();
            std::hint::black_box(pixels.grey(0));
            let grey = grey.elapsed().as_secs_f64();
            let megapixels = (pixels.frames() * pixels.rows() * pixels.columns()) as f64 / 1e6;
            let bits = part.data_set.get(tags::BITS_ALLOCATED).unwrap().to_int::<u32>().unwrap();
            let megabytes = megapixels * f64::from(bits) / 8.0;
            let rate = megabytes / seconds;
            println!("{uid:24} {rate:8.0} MB/s  {megapixels:7.2} MP  grey of a frame {grey:.3} s  {name}");
        }
        Err(error) => println!("{uid:24} {error}  {name}"),
    }
}

fn main() {
    let named: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if named.is_empty() {
        let folder = std::env::temp_dir().join(format!("sumgil-decode-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        coded(&folder).iter().for_each(|path| measure(path));
        std::fs::remove_dir_all(&folder).unwrap();
    }
    named.iter().for_each(|path| measure(path));
}
