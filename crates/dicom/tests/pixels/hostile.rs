//! Damaged and lying codestreams: an answer, never a panic, never memory that was not asked for.

use proptest::prelude::*;
use sumgil_dicom::{
    dicom_core::{DataElement, PrimitiveValue, VR, value::Value},
    dictionary::tags,
    frames::FramesError,
    pixels::{PixelLimits, PixelsError, decode},
};
use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
use zune_jpegxl::JxlSimpleEncoder;

use crate::support::{EXPLICIT, Image, dcmtk, pixels};

/// One codestream of each coding: its name, the image, the transfer syntax, the bytes.
fn streams() -> Vec<(&'static str, Image, String, Vec<u8>)> {
    let grey = Image::grey(40, 36, 12);
    let colour = Image::colour(40, 36);
    let mut streams = vec![
        ("J2K", Image::colour(40, 36), "90", include_bytes!("data/rgb.j2k").to_vec()),
        ("JP2", Image::colour(40, 36), "90", include_bytes!("data/rgb.jp2").to_vec()),
        ("HTJ2K", grey.clone(), "201", include_bytes!("data/high_throughput_grey12.j2c").to_vec()),
        ("JPEG XL", Image::grey(40, 36, 8), "110", jpeg_xl()),
    ]
    .into_iter()
    .map(|(name, image, ts, bytes)| (name, image, format!("1.2.840.10008.1.2.4.{ts}"), bytes))
    .collect::<Vec<_>>();
    let byte = Image::grey(40, 36, 8);
    let tools: [(&str, &str, &[&str], &Image); 8] = [
        ("RLE", "dcmcrle", &[], &grey),
        ("lossless", "dcmcjpeg", &["+e1"], &grey),
        ("baseline", "dcmcjpeg", &["+eb"], &byte),
        ("colour", "dcmcjpeg", &["+eb"], &colour),
        ("extended", "dcmcjpeg", &["+ee"], &grey),
        ("JPEG-LS", "dcmcjpls", &[], &grey),
        ("JPEG-LS lines", "dcmcjpls", &["+il"], &colour),
        ("JPEG-LS pixels", "dcmcjpls", &["+is"], &colour),
    ];
    for (name, program, options, image) in tools {
        let Some(part) = dcmtk(program, options, &image.native(image.picture())) else { continue };
        let Value::PixelSequence(fragments) = part.data_set.get(tags::PIXEL_DATA).unwrap().value() else {
            panic!("{name}")
        };
        let photometric =
            if options == ["+eb"] && image.samples == 3 { "YBR_FULL_422" } else { image.photometric };
        let image = Image { photometric, ..image.clone() };
        let ts = part.transfer_syntax.as_str().to_owned();
        streams.push((name, image, ts, fragments.fragments()[0].clone()));
    }
    streams
}

fn jpeg_xl() -> Vec<u8> {
    let mut stream = Vec::new();
    let options = EncoderOptions::new(36, 40, ColorSpace::Luma, BitDepth::Eight);
    JxlSimpleEncoder::new(&Image::grey(40, 36, 8).picture(), options).encode(&mut stream).unwrap();
    stream
}

/// What decoding says of a stream; that it says something is the point.
fn verdict(image: &Image, ts: &str, stream: Vec<u8>) -> Result<usize, PixelsError> {
    pixels(&image.encapsulated(ts, vec![stream])).map(|pixels| pixels.grey(0).pixels.len())
}

#[test]
fn whole_streams_decode() {
    for (name, image, ts, stream) in streams() {
        assert_eq!(verdict(&image, &ts, stream), Ok(40 * 36), "{name}");
    }
}

#[test]
fn cut_streams_get_an_answer() {
    for (name, image, ts, stream) in streams() {
        for end in (0..stream.len()).step_by(stream.len() / 40 + 1) {
            let verdict = verdict(&image, &ts, stream[..end].to_vec());
            assert!(end > 80 || verdict.is_err(), "{name} {end}");
        }
        // frames of another image
        let other = Image { rows: 41, ..image.clone() };
        assert!(verdict(&other, &ts, stream).is_err(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_streams_get_an_answer(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        is_early in any::<bool>(),
    ) {
        for (_, image, ts, mut stream) in CACHED.with(Clone::clone) {
            let span = if is_early { stream.len().min(160) } else { stream.len() };
            for (at, byte) in &flips {
                let at = at.index(span);
                stream[at] = *byte;
            }
            let _ = verdict(&image, &ts, stream);
        }
    }

    #[test]
    fn noise_gets_an_answer(noise in prop::collection::vec(any::<u8>(), 0..300), keep in 0..64_usize) {
        for (_, image, ts, stream) in CACHED.with(Clone::clone) {
            let mut bytes = stream[..keep.min(stream.len())].to_vec();
            bytes.extend(&noise);
            let _ = verdict(&image, &ts, bytes);
        }
    }
}

thread_local! {
    static CACHED: Vec<(&'static str, Image, String, Vec<u8>)> = streams();
}

#[test]
fn sizes_are_compared_before_memory_is_taken() {
    let huge = Image { rows: u16::MAX, columns: u16::MAX, ..Image::grey(1, 1, 16) };
    let large = Image { rows: 16_384, columns: 16_384, ..Image::grey(1, 1, 16) };
    for (name, image, ts, stream) in streams() {
        let as_declared =
            |declared: &Image| Image { rows: declared.rows, columns: declared.columns, ..image.clone() };
        let limit = PixelLimits::default().max_pixels;
        let refused = verdict(&as_declared(&huge), &ts, stream.clone());
        assert_eq!(refused, Err(PixelsError::TooManyPixels { limit }), "{name}");
        assert!(verdict(&as_declared(&large), &ts, stream).is_err(), "{name}");
    }
    let many = Image { frames: 1_000_000, rows: 2000, columns: 2000, ..Image::grey(1, 1, 16) };
    let limit = PixelLimits::default().max_bytes;
    assert_eq!(pixels(&many.native(vec![0; 8])).err(), Some(PixelsError::TooLarge { limit }));
}

#[test]
fn limits_are_the_callers() {
    let part = Image::grey(10, 10, 16).native(Image::grey(10, 10, 16).picture());
    let with = |max_pixels, max_bytes| {
        decode(&part.data_set, &part.transfer_syntax, &PixelLimits { max_pixels, max_bytes }).err()
    };
    assert_eq!(with(100, 200), None);
    assert_eq!(with(99, 200), Some(PixelsError::TooManyPixels { limit: 99 }));
    assert_eq!(with(100, 199), Some(PixelsError::TooLarge { limit: 199 }));
}

#[test]
fn contradictions_are_told() {
    let image = Image::grey(4, 4, 12);
    let with = |tag, value: u16| {
        let mut part = image.native(image.picture());
        part.data_set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        pixels(&part).err().map(|error| error.code())
    };
    assert_eq!(with(tags::ROWS, 0), Some("description"));
    assert_eq!(with(tags::BITS_STORED, 17), Some("description"));
    assert_eq!(with(tags::HIGH_BIT, 3), Some("description"));
    assert_eq!(with(tags::HIGH_BIT, 16), Some("description"));
    assert_eq!(with(tags::SAMPLES_PER_PIXEL, 3), Some("description"));
    assert_eq!(with(tags::BITS_ALLOCATED, 12), Some("unsupported"));
    assert_eq!(with(tags::ROWS, 5), Some("frames"));
    assert_eq!(with(tags::HIGH_BIT, 15), None);
}

#[test]
fn what_has_no_pixels_or_no_decoder_is_told() {
    let image = Image::grey(4, 4, 8);
    let mut part = image.native(image.picture());
    part.data_set.remove_element(tags::PIXEL_DATA);
    assert_eq!(pixels(&part).err(), Some(PixelsError::Frames(FramesError::NoPixels)));
    part.data_set.remove_element(tags::ROWS);
    assert_eq!(pixels(&part).err(), Some(PixelsError::Frames(FramesError::NoPixels)));
    part.data_set.put(DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(4_u16)));
    let floats = DataElement::new(tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::from(vec![0_u8; 64]));
    part.data_set.put(floats);
    assert_eq!(pixels(&part).err(), Some(PixelsError::Unsupported("floating-point pixels")));
    for ts in ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.204", "1.2.3", EXPLICIT] {
        let refused = verdict(&image, ts, vec![0; 100]).err().map(|error| error.code());
        assert_eq!(refused, Some("unsupported"), "{ts}");
    }
}
