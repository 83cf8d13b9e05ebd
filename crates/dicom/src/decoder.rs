//! Feeds dicom-object from a slice that was screened: headers by the reader of the screen, text undamaged
//! (one character a byte) until the character set is known, binary words as little-endian bytes.

use dicom_core::{DataElementHeader, Length, PrimitiveValue, Tag, VR, header::SequenceItemHeader, value::C};
use dicom_encoding::transfer_syntax::TransferSyntax;
use dicom_parser::stateful::decode::{DynStatefulDecoder, Error, Result, StatefulDecode};

use crate::encoding::{Encoding, UNDEFINED, header, implicit_vr, is_multi_text, is_single_text};

/// A cursor over a screened data set.
pub(crate) struct SliceDecoder<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
    /// Values of UN elements of undefined length, as the screen found them.
    unknown_spans: &'a [(usize, usize)],
    signed: bool,
    /// Whether any text has a byte outside ASCII, or an escape.
    foreign_text: bool,
    /// Reports the end of the bytes in the words that the parser understands.
    exhausted: DynStatefulDecoder<&'static [u8]>,
}

impl<'a> SliceDecoder<'a> {
    pub(crate) fn new(
        bytes: &'a [u8],
        encoding: Encoding,
        unknown_spans: &'a [(usize, usize)],
    ) -> Result<Self> {
        let empty: &'static [u8] = &[];
        let codec: TransferSyntax = Encoding::ExplicitLittle.codec();
        let exhausted = DynStatefulDecoder::new_with_ts(empty, &codec, 0)?;
        Ok(Self { bytes, at: 0, encoding, unknown_spans, signed: false, foreign_text: false, exhausted })
    }

    /// Whether the texts read so far need their character set.
    pub(crate) fn saw_foreign_text(&self) -> bool {
        self.foreign_text
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.at.saturating_add(length);
        let value = self.bytes.get(self.at..end).ok_or(Error::AllocateValueData { len: length as u32 })?;
        self.at = end;
        Ok(value)
    }

    /// The end of the value that starts here when it is a UN of undefined length.
    fn unknown_end(&self) -> Option<usize> {
        let index = self.unknown_spans.binary_search_by_key(&self.at, |span| span.0).ok()?;
        self.unknown_spans.get(index).map(|span| span.1)
    }

    /// US becomes SS where the dictionary leaves the choice to Pixel Representation.
    fn resolved_vr(&self, tag: Tag, vr: VR) -> VR {
        if self.encoding == Encoding::ImplicitLittle && self.signed && vr == VR::US && is_us_or_ss(tag) {
            VR::SS
        } else {
            vr
        }
    }

    fn note_text(&mut self, value: &[u8]) {
        self.foreign_text |= value.iter().any(|byte| !byte.is_ascii() || *byte == 0x1B);
    }

    fn value(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        let value = self.take(header.len.get().unwrap_or_default() as usize)?;
        if value.is_empty() {
            return Ok(PrimitiveValue::Empty);
        }
        if is_multi_text(header.vr) {
            self.note_text(value);
            return Ok(PrimitiveValue::Strs(value.split(|byte| *byte == b'\\').map(latin).collect()));
        }
        if is_single_text(header.vr) {
            self.note_text(value);
            return Ok(PrimitiveValue::Str(latin(value)));
        }
        if header.tag == Tag(0x0028, 0x0103) {
            self.signed = value.contains(&1);
        }
        Ok(self.number(header.vr, value))
    }

    fn number(&self, vr: VR, value: &[u8]) -> PrimitiveValue {
        let big = self.encoding == Encoding::ExplicitBig;
        match vr {
            VR::US => PrimitiveValue::U16(words(value, big, u16::from_le_bytes)),
            VR::SS => PrimitiveValue::I16(words(value, big, i16::from_le_bytes)),
            VR::UL => PrimitiveValue::U32(words(value, big, u32::from_le_bytes)),
            VR::SL => PrimitiveValue::I32(words(value, big, i32::from_le_bytes)),
            VR::UV => PrimitiveValue::U64(words(value, big, u64::from_le_bytes)),
            VR::SV => PrimitiveValue::I64(words(value, big, i64::from_le_bytes)),
            VR::FL => PrimitiveValue::F32(words(value, big, f32::from_le_bytes)),
            VR::FD => PrimitiveValue::F64(words(value, big, f64::from_le_bytes)),
            VR::AT => PrimitiveValue::Tags(self.tags(value)),
            _ if big => PrimitiveValue::U8(C::from_vec(swapped(value, vr))),
            _ => PrimitiveValue::U8(C::from_slice(value)),
        }
    }

    fn tags(&self, value: &[u8]) -> C<Tag> {
        let half = |a, b| self.encoding.u16([a, b]);
        value.chunks_exact(4).map(|tag| Tag(half(tag[0], tag[1]), half(tag[2], tag[3]))).collect()
    }
}

/// One character a byte: undone by [`crate::charset`] when the character set is known.
fn latin(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) if value.is_ascii() => text.to_owned(),
        _ => value.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn words<const N: usize, T>(value: &[u8], big: bool, from_little: fn([u8; N]) -> T) -> C<T> {
    value
        .chunks_exact(N)
        .map(|chunk| {
            let mut word = [0; N];
            word.copy_from_slice(chunk);
            if big {
                word.reverse();
            }
            from_little(word)
        })
        .collect()
}

/// The bytes of `value` with the words of `vr` turned round; bytes without words stay.
pub(crate) fn swapped(value: &[u8], vr: VR) -> Vec<u8> {
    let size = match vr {
        VR::OW => 2,
        VR::OL | VR::OF => 4,
        VR::OD | VR::OV => 8,
        _ => 1,
    };
    let mut bytes = value.to_vec();
    bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    bytes
}

fn is_us_or_ss(tag: Tag) -> bool {
    use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
    dicom_dictionary_std::StandardDataDictionary
        .by_tag(tag)
        .is_some_and(|entry| matches!(entry.vr(), VirtualVr::Xs | VirtualVr::Px))
        && implicit_vr(tag) == VR::US
}

impl<'a> StatefulDecode for SliceDecoder<'a> {
    type Reader = &'a [u8];

    fn decode_header(&mut self) -> Result<DataElementHeader> {
        let Some(header) = header(self.bytes, self.at, self.encoding) else {
            return self.exhausted.decode_header();
        };
        self.at = header.value_at;
        let mut length = header.length;
        if length == UNDEFINED
            && let Some(end) = self.unknown_end()
        {
            length = (end - self.at) as u32;
        }
        let vr = self.resolved_vr(header.tag, header.vr);
        Ok(DataElementHeader::new(header.tag, vr, Length(length)))
    }

    fn decode_item_header(&mut self) -> Result<SequenceItemHeader> {
        let Some(header) = header(self.bytes, self.at, self.encoding) else {
            return self.exhausted.decode_item_header();
        };
        match SequenceItemHeader::new(header.tag, Length(header.length)) {
            Ok(item) => {
                self.at = header.value_at;
                Ok(item)
            }
            Err(_) => Err(Error::AllocateValueData { len: 0 }),
        }
    }

    fn read_value(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        self.read_value_preserved(header)
    }

    fn read_value_preserved(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        let unknown = header.vr == VR::UN && self.unknown_end().is_some();
        let value = self.value(header)?;
        if unknown {
            self.take(8)?;
        }
        Ok(value)
    }

    fn read_value_bytes(&mut self, header: &DataElementHeader) -> Result<PrimitiveValue> {
        let value = self.take(header.len.get().unwrap_or_default() as usize)?;
        Ok(PrimitiveValue::U8(C::from_slice(value)))
    }

    fn read_to_vec(&mut self, length: u32, vec: &mut Vec<u8>) -> Result<()> {
        vec.extend_from_slice(self.take(length as usize)?);
        Ok(())
    }

    fn read_u32_to_vec(&mut self, length: u32, vec: &mut Vec<u32>) -> Result<()> {
        let encoding = self.encoding;
        let table = self.take(length as usize)?;
        vec.extend(table.chunks_exact(4).map(|word| encoding.u32([word[0], word[1], word[2], word[3]])));
        Ok(())
    }

    fn read_to<W: std::io::Write>(&mut self, length: u32, mut out: W) -> Result<()> {
        let value = self.take(length as usize)?;
        out.write_all(value).map_err(|_| Error::AllocateValueData { len: length })
    }

    fn skip_bytes(&mut self, length: u32) -> Result<()> {
        self.take(length as usize).map(|_| ())
    }

    fn seek(&mut self, position: u64) -> Result<()>
    where
        Self::Reader: std::io::Seek,
    {
        self.at = position as usize;
        Ok(())
    }

    fn position(&self) -> u64 {
        self.at as u64
    }
}
