//! Native pixel data for a data set.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::Value};
use dicom_dictionary_std::tags;
use sumgil_model::{TransferSyntax, Uid};

use super::{Pixels, PixelsError};
use crate::DataSet;

const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
/// Extended Offset Table, its lengths, and the total length of what was encapsulated.
const OF_FRAGMENTS: [Tag; 3] = [Tag(0x7FE0, 0x0001), Tag(0x7FE0, 0x0002), Tag(0x7FE0, 0x0003)];

impl Pixels {
    /// Puts native pixel data into `data_set`, with the attributes that describe them; what says that an image
    /// was once compressed with loss stays. Gives the transfer syntax to write in: the one it had when the
    /// pixels were native, else explicit VR little endian.
    ///
    /// # Errors
    /// [`PixelsError::Description`] when `data_set` has no pixel data to replace.
    pub fn put_into(self, data_set: &mut DataSet) -> Result<Uid<TransferSyntax>, PixelsError> {
        let old = data_set.get(tags::PIXEL_DATA).ok_or(PixelsError::Description)?;
        let vr = match (&self.native, old.vr()) {
            (Some(_), vr @ (VR::OB | VR::OW)) => vr,
            _ if self.shape.bits_allocated > 8 => VR::OW,
            _ => VR::OB,
        };
        let ts = match &self.native {
            Some(ts) => ts.clone(),
            None => {
                self.describe(data_set);
                Uid::parse(EXPLICIT_LITTLE).map_err(|_| PixelsError::Description)?
            }
        };
        data_set.put(DataElement::new(tags::PIXEL_DATA, vr, PrimitiveValue::from(self.bytes())));
        Ok(ts)
    }

    fn describe(&self, data_set: &mut DataSet) {
        let shape = &self.shape;
        let mut number = |tag, value: usize| {
            data_set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value as u16)));
        };
        number(tags::SAMPLES_PER_PIXEL, shape.samples);
        number(tags::BITS_ALLOCATED, shape.bits_allocated as usize);
        number(tags::BITS_STORED, shape.bits_stored as usize);
        number(tags::HIGH_BIT, shape.high_bit as usize);
        number(tags::PIXEL_REPRESENTATION, usize::from(shape.signed));
        if shape.samples > 1 {
            number(tags::PLANAR_CONFIGURATION, usize::from(shape.planar));
        }
        let term = PrimitiveValue::from(shape.photometric.term());
        data_set.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, term));
        for tag in OF_FRAGMENTS {
            data_set.remove_element(tag);
        }
        if has_encapsulated_icon(data_set) {
            data_set.remove_element(tags::ICON_IMAGE_SEQUENCE);
        }
    }

    /// The bytes of native pixel data, their number even.
    fn bytes(self) -> Vec<u8> {
        let mut bytes = if self.shape.bits_allocated == 1 { packed(&self.words) } else { self.words };
        if bytes.len() % 2 == 1 {
            bytes.push(0);
        }
        bytes
    }
}

/// Single bits, least significant first (PS3.5 8.1.1).
fn packed(bits: &[u8]) -> Vec<u8> {
    let byte = |eight: &[u8]| eight.iter().rev().fold(0, |byte, bit| byte << 1 | bit & 1);
    bits.chunks(8).map(byte).collect()
}

/// An icon in the coding of the image cannot stay when that coding goes.
fn has_encapsulated_icon(data_set: &DataSet) -> bool {
    let icons = data_set.get(tags::ICON_IMAGE_SEQUENCE).and_then(|element| element.items());
    let is_encapsulated = |icon: &DataSet| {
        icon.get(tags::PIXEL_DATA).is_some_and(|pixels| matches!(pixels.value(), Value::PixelSequence(_)))
    };
    icons.is_some_and(|icons| icons.iter().any(is_encapsulated))
}
