//! What other encoders made is decoded to what went in.

use sumgil_dicom::{access, dictionary::tags};
use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
use zune_jpegxl::JxlSimpleEncoder;

use crate::support::{EXPLICIT, Image, dcmtk, number, pixels, stored};

/// Greys of every kind, sizes odd and even, one with frames.
fn greys() -> Vec<Image> {
    let signed = |image| Image { signed: true, ..image };
    vec![
        Image::grey(61, 83, 8),
        Image { frames: 3, ..Image::grey(64, 48, 12) },
        Image::grey(77, 65, 16),
        signed(Image::grey(40, 71, 16)),
        Image { photometric: "MONOCHROME1", ..Image::grey(33, 34, 10) },
    ]
}

fn colours() -> Vec<Image> {
    vec![Image::colour(61, 83), Image { frames: 2, ..Image::colour(40, 50) }]
}

/// Codes with DCMTK, decodes here; what was stored has to come back.
fn comes_back(program: &str, options: &[&str], image: &Image) {
    let original = image.picture();
    let part = image.native(original.clone());
    let Some(coded) = dcmtk(program, options, &part) else { return };
    assert_ne!(coded.transfer_syntax.as_str(), EXPLICIT);
    let decoded = stored(&coded).unwrap_or_else(|error| panic!("{options:?} {image:?}: {error}"));
    assert!(decoded.starts_with(&original), "{program} {options:?} {image:?}");
    assert!(decoded.len() <= original.len() + 1);
}

#[test]
fn rle_of_dcmtk() {
    let deep = Image { allocated: 32, ..Image::grey(31, 17, 32) };
    for image in greys().iter().chain(&colours()).chain([&deep]) {
        comes_back("dcmcrle", &[], image);
    }
}

#[test]
fn lossless_jpeg_of_dcmtk() {
    for image in greys().iter().chain(&colours()) {
        comes_back("dcmcjpeg", &["+e1"], image);
        comes_back("dcmcjpeg", &["+e1", "+fs", "1"], &Image { frames: 1, ..image.clone() });
    }
}

#[test]
fn every_predictor_of_lossless_jpeg() {
    for predictor in ["1", "2", "3", "4", "5", "6", "7"] {
        comes_back("dcmcjpeg", &["+el", "+sv", predictor], &Image::grey(77, 65, 16));
        comes_back("dcmcjpeg", &["+el", "+sv", predictor], &Image::colour(40, 50));
    }
}

#[test]
fn jpeg_ls_of_dcmtk() {
    for image in greys() {
        comes_back("dcmcjpls", &[], &image);
        comes_back("dcmcjpls", &["+pc", "+rs", "31"], &image);
    }
    for image in colours() {
        for interleave in ["+il", "+is", "+in"] {
            comes_back("dcmcjpls", &[interleave], &image);
        }
    }
}

#[test]
fn near_lossless_jpeg_ls_is_near() {
    for image in greys().into_iter().filter(|image| !image.signed).chain(colours()) {
        let original = image.picture();
        let options: &[&str] =
            if image.samples == 3 { &["+en", "+md", "3", "+is"] } else { &["+en", "+md", "3"] };
        let Some(coded) = dcmtk("dcmcjpls", options, &image.native(original.clone())) else { return };
        assert!(difference(&image, &original, &stored(&coded).unwrap()) <= 3, "{image:?}");
    }
}

/// The largest difference between stored values without sign.
fn difference(image: &Image, one: &[u8], other: &[u8]) -> u64 {
    let value = |word: &[u8]| word.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let bytes = usize::from(image.allocated) / 8;
    let pairs = one.chunks_exact(bytes).zip(other.chunks_exact(bytes));
    pairs.map(|(one, other)| value(one).abs_diff(value(other))).max().unwrap()
}

#[test]
fn lossy_jpeg_is_what_dcmtk_decodes() {
    let grey = |stored| Image { frames: 2, ..Image::grey(61, 83, stored) };
    let cases = [
        (grey(8), vec!["+eb"], 1),
        (grey(8), vec!["+ee"], 1),
        (grey(12), vec!["+ee"], 1),
        (Image::colour(61, 83), vec!["+eb", "+s4"], 2),
        (Image::colour(61, 83), vec!["+eb", "+cr"], 1),
    ];
    for (image, options, most) in cases {
        let Some(coded) = dcmtk("dcmcjpeg", &options, &image.native(image.picture())) else { return };
        let Some(theirs) = dcmtk("dcmdjpeg", &[], &coded) else { return };
        let theirs = access::bytes(&theirs.data_set, tags::PIXEL_DATA).unwrap();
        let found = difference(&image, theirs, &stored(&coded).unwrap());
        assert!(found <= most, "{options:?} {found} {image:?}");
    }
}

#[test]
fn lossy_colour_becomes_rgb_and_says_so() {
    let image = Image::colour(61, 83);
    let Some(coded) = dcmtk("dcmcjpeg", &["+eb"], &image.native(image.picture())) else { return };
    assert_eq!(
        access::text(&coded.data_set, tags::PHOTOMETRIC_INTERPRETATION).as_deref(),
        Some("YBR_FULL_422")
    );
    let mut data_set = coded.data_set.clone();
    let ts = pixels(&coded).unwrap().put_into(&mut data_set).unwrap();
    assert_eq!(ts.as_str(), EXPLICIT);
    assert_eq!(access::text(&data_set, tags::PHOTOMETRIC_INTERPRETATION).as_deref(), Some("RGB"));
    assert_eq!(access::text(&data_set, tags::LOSSY_IMAGE_COMPRESSION).as_deref(), Some("01"));
    assert_eq!(number(&data_set, tags::PLANAR_CONFIGURATION), 0);
    assert_eq!(
        access::bytes(&data_set, tags::PIXEL_DATA).unwrap().len(),
        (61 * 83 * 3_usize).next_multiple_of(2)
    );
}

/// Frames, each coded by `coder`.
fn coded(image: &Image, ts: &str, coder: impl Fn(&[u8]) -> Vec<u8>) -> sumgil_dicom::Part10 {
    let picture = image.picture();
    let frames = picture.chunks_exact(picture.len() / image.frames as usize).map(coder).collect();
    image.encapsulated(ts, frames)
}

/// Pictures of [`Image::picture`], coded by OpenJPEG (one in tiles, one in a JP2 file) and OpenJPH.
fn jpeg_2000() -> Vec<(Image, Vec<u8>)> {
    vec![
        (Image::grey(40, 36, 16), include_bytes!("data/grey16.j2k").to_vec()),
        (Image::colour(40, 36), include_bytes!("data/rgb.j2k").to_vec()),
        (Image::colour(40, 36), include_bytes!("data/rgb.jp2").to_vec()),
        (Image::grey(40, 36, 12), include_bytes!("data/high_throughput_grey12.j2c").to_vec()),
    ]
}

#[test]
fn jpeg_2000_comes_back() {
    for (image, stream) in jpeg_2000() {
        for ts in ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201"] {
            let part = image.encapsulated(ts, vec![stream.clone()]);
            assert_eq!(stored(&part), Ok(image.picture()), "{image:?}");
        }
    }
}

#[test]
fn a_sign_in_the_codestream_is_a_sign() {
    for (image, mut stream) in jpeg_2000().into_iter().filter(|(image, _)| image.samples == 1) {
        // the depth of the component: its highest bit says that it has a sign, then nothing is lifted
        assert_eq!(u16::from(stream[42]), image.stored - 1);
        stream[42] |= 0x80;
        let signed = Image { signed: true, ..image.clone() };
        let decoded = stored(&signed.encapsulated("1.2.840.10008.1.2.4.90", vec![stream])).unwrap();
        let lift = 1 << (image.stored - 1);
        for (ours, lifted) in decoded.as_chunks::<2>().0.iter().zip(image.picture().as_chunks::<2>().0) {
            let (ours, lifted) = (i16::from_le_bytes(*ours), u16::from_le_bytes(*lifted));
            assert_eq!(i32::from(ours), i32::from(lifted) - lift);
        }
    }
}

#[test]
fn jpeg_xl_comes_back() {
    for image in [Image::grey(61, 83, 8), Image::grey(61, 83, 16), Image::colour(61, 83)] {
        let (width, height) = (usize::from(image.columns), usize::from(image.rows));
        let space = if image.samples == 3 { ColorSpace::RGB } else { ColorSpace::Luma };
        let depth = if image.stored == 8 { BitDepth::Eight } else { BitDepth::Sixteen };
        let part = coded(&image, "1.2.840.10008.1.2.4.110", |frame| {
            let mut stream = Vec::new();
            let options = EncoderOptions::new(width, height, space, depth);
            JxlSimpleEncoder::new(frame, options).encode(&mut stream).unwrap();
            stream
        });
        assert!(stored(&part).unwrap().starts_with(&image.picture()), "{image:?}");
    }
}

#[test]
fn words_of_ges_private_syntax_are_turned_round() {
    let image = Image::grey(9, 7, 12);
    let swapped: Vec<u8> =
        image.picture().as_chunks::<2>().0.iter().flat_map(|[low, high]| [*high, *low]).collect();
    let mut part = image.native(swapped);
    part.transfer_syntax = crate::support::uid("1.2.840.113619.5.2");
    assert_eq!(stored(&part), Ok(image.picture()));
    let ts = pixels(&part).unwrap().put_into(&mut part.data_set).unwrap();
    assert_eq!(ts.as_str(), EXPLICIT);
}

#[test]
fn native_pixels_keep_their_syntax_and_lose_what_is_behind_them() {
    let image = Image::grey(5, 5, 8);
    let mut bytes = image.picture();
    bytes.extend([0, 9, 9, 9, 9]);
    for ts in [EXPLICIT, "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"] {
        let mut part = image.native(bytes.clone());
        part.transfer_syntax = crate::support::uid(ts);
        assert_eq!(pixels(&part).unwrap().put_into(&mut part.data_set).unwrap().as_str(), ts);
        let native = access::bytes(&part.data_set, tags::PIXEL_DATA).unwrap();
        assert_eq!(native, [image.picture(), vec![0]].concat(), "{ts}");
    }
}
