//! JPEG (ITU-T T.81): baseline and progressive of 8 bits, extended of 12 bits, lossless of 2 to 16.

use openreadout_codecs::{CodecError, JpegColor, jpeg_decode_tiff_limited};

use super::{
    PixelsError, Placed, Shape,
    marker::{Header, header},
};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};

pub(super) const NAME: &str = "JPEG";
const LOSSLESS: u8 = 0xC3;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let mismatch = PixelsError::Mismatch { coding: NAME };
    let header = header(bytes).ok_or(damaged)?;
    let components = header.components.len();
    if (header.rows, header.columns, components) != (shape.rows, shape.columns, shape.samples) {
        return Err(mismatch);
    }
    refuse_rare_lossless(&header)?;
    if header.frame == LOSSLESS && header.bits == 12 {
        return lossless_of_12_bits(bytes, &header, shape);
    }
    let color = if is_ybr(&header, shape) { JpegColor::ToRgb } else { JpegColor::AsCoded };
    let raster = jpeg_decode_tiff_limited(bytes, None, color, shape.frame_samples() * 2);
    let raster = raster.map_err(|error| match error {
        CodecError::Unsupported { .. } => PixelsError::Unsupported("this JPEG process"),
        _ => damaged,
    })?;
    if (raster.height as usize, raster.width as usize) != (shape.rows, shape.columns) {
        return Err(mismatch);
    }
    let coded = Coded { coding: NAME, bits: header.bits, photometric: photometric(&header, shape) };
    if raster.bits_per_sample == 8 {
        place(shape, coded, raster.data.iter().map(|byte| i32::from(*byte)))
    } else {
        let words = raster.data.as_chunks::<2>().0.iter();
        place(shape, coded, words.map(|word| i32::from(u16::from_le_bytes(*word))))
    }
}

/// Radiographs as most consoles send them. The library takes every stream of 12 bits for a DCT, so that the decoder
/// beneath it is called; sizes were held against the data set before.
fn lossless_of_12_bits(bytes: &[u8], header: &Header, shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(shape.frame_samples() * 2);
    let words = decoder.decode().map_err(|_| damaged)?;
    let coded = Coded { coding: NAME, bits: header.bits, photometric: photometric(header, shape) };
    let words = words.as_chunks::<2>().0.iter();
    place(shape, coded, words.map(|word| i32::from(u16::from_ne_bytes(*word))))
}

/// Kinds of lossless streams that the decoder would get wrong, without knowing it.
fn refuse_rare_lossless(header: &Header) -> Result<(), PixelsError> {
    let [_, _, transform] = header.scan;
    let components = header.components.len();
    let is_rare = header.restarts != 0
        || transform & 0xF != 0
        || header.bits < 8
        || header.scan_components != components
        || (components > 1 && header.bits != 8);
    if header.frame == LOSSLESS && is_rare {
        return Err(PixelsError::Unsupported("this kind of lossless JPEG"));
    }
    Ok(())
}

/// Whether the components are luminance and chrominance: the stream's own marks come before the data set's word.
fn is_ybr(header: &Header, shape: &Shape) -> bool {
    if header.components.len() != 3 || header.frame == LOSSLESS {
        return false;
    }
    match header.adobe {
        Some(transform) => transform != 0,
        None if header.components == *b"RGB" => false,
        None => header.is_jfif || shape.photometric != Photometric::Rgb,
    }
}

/// Lossless samples mean what the data set says; others are RGB now.
fn photometric(header: &Header, shape: &Shape) -> Photometric {
    match shape.photometric {
        Photometric::Ybr422 if header.frame == LOSSLESS => Photometric::Ybr,
        grey_or_lossless if header.components.len() == 1 || header.frame == LOSSLESS => grey_or_lossless,
        _ => Photometric::Rgb,
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, VR, value::PixelFragmentSequence};
    use dicom_dictionary_std::tags;
    use sumgil_model::Uid;

    use crate::{
        DataSet, access,
        pixels::{PixelLimits, decode},
    };

    /// Eight samples of 12 bits, lossless with first-order prediction.
    const LOSSLESS_12: [u8; 82] = [
        0xFF, 0xD8, 0xFF, 0xC3, 0x00, 0x0B, 0x0C, 0x00, 0x02, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xC4,
        0x00, 0x24, 0x00, 0x00, 0x00, 0x00, 0x00, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E,
        0x0F, 0x10, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x01, 0x00, 0x00, 0x63, 0xFF, 0x00, 0xB3, 0xFF,
        0x00, 0xD6, 0x00, 0x02, 0x0D, 0x9F, 0xFA, 0xC0, 0x08, 0x4C, 0x97, 0xFF, 0xD9, 0x00,
    ];

    #[test]
    fn lossless_streams_of_12_bits_are_read() {
        let mut image = DataSet::new_empty();
        let sizes = [
            (tags::SAMPLES_PER_PIXEL, 1_u16),
            (tags::ROWS, 2),
            (tags::COLUMNS, 4),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 12),
            (tags::HIGH_BIT, 11),
            (tags::PIXEL_REPRESENTATION, 0),
        ];
        sizes.map(|(tag, size)| image.put(DataElement::new(tag, VR::US, PrimitiveValue::from(size))));
        let photometric = PrimitiveValue::from("MONOCHROME2");
        image.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
        let fragments = PixelFragmentSequence::new(Vec::new(), vec![LOSSLESS_12.to_vec()]);
        image.put(DataElement::new(tags::PIXEL_DATA, VR::OB, fragments));
        let syntax = Uid::parse("1.2.840.10008.1.2.4.70").unwrap();
        decode(&image, &syntax, &PixelLimits::default()).unwrap().put_into(&mut image).unwrap();
        let samples: [u16; 8] = [0, 4095, 2048, 2047, 1, 4094, 7, 300];
        let wanted: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        assert_eq!(access::bytes(&image, tags::PIXEL_DATA).unwrap(), wanted);
    }
}
