//! Screen, parse, turn text into Unicode.

use dicom_object::InMemDicomObject;
use sumgil_model::{TransferSyntax, Uid};

use crate::{
    DataSet, charset,
    decoder::SliceDecoder,
    encoding::Encoding,
    limits::Limits,
    refusal::Refusal,
    screen::{Screened, layout_of_data_set, screen},
    unknown,
};

/// A file that was read.
///
/// Text in [`Part10::data_set`] is Unicode and Specific Character Set (0008,0005) says so (ISO_IR 192) wherever
/// it was present or a text has characters outside ASCII. Binary words (OW, OL, OF, OD, OV) are little-endian
/// bytes. UN values that are sequences are sequences, UN values of attributes of the dictionary have their VR.
#[derive(Clone)]
pub struct Part10 {
    /// As declared in the file meta information, or as recognised.
    pub transfer_syntax: Uid<TransferSyntax>,
    /// The data set, without file meta information.
    pub data_set: DataSet,
    /// Whether the 128 bytes and the prefix were there.
    pub had_preamble: bool,
    /// Whether file meta information was there.
    pub had_meta: bool,
}

/// Reads a file: screen, inflate within the limit, parse, decode text.
///
/// # Errors
/// [`Refusal`] when the bytes are no DICOM, are damaged, or exceed a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Part10, Refusal> {
    read_part(bytes, limits, true)
}

/// Like [`read`], up to and without Pixel Data (7FE0,0010): for looking at headers.
///
/// # Errors
/// As [`read`]; the whole file is screened.
pub fn read_without_pixels(bytes: &[u8], limits: &Limits) -> Result<Part10, Refusal> {
    read_part(bytes, limits, false)
}

fn read_part(bytes: &[u8], limits: &Limits, with_pixels: bool) -> Result<Part10, Refusal> {
    read_screened(bytes, screen(bytes, limits)?, limits, with_pixels)
}

/// Goes on from the screen.
pub(crate) fn read_screened(
    bytes: &[u8],
    screened: Screened,
    limits: &Limits,
    with_pixels: bool,
) -> Result<Part10, Refusal> {
    let whole = screened.data_set(bytes);
    let end = screened.walked.pixel_data_at.filter(|_| !with_pixels).unwrap_or(whole.len());
    let data_set =
        parse(whole.get(..end).unwrap_or(whole), screened.encoding, &screened.walked.unknown_spans, limits)?;
    Ok(Part10 {
        transfer_syntax: screened.transfer_syntax,
        data_set,
        had_preamble: screened.had_preamble,
        had_meta: screened.had_meta,
    })
}

/// Reads a bare data set of known transfer syntax.
///
/// # Errors
/// [`Refusal`] when it is damaged or exceeds a limit.
pub fn read_data_set(bytes: &[u8], ts: &Uid<TransferSyntax>, limits: &Limits) -> Result<DataSet, Refusal> {
    let layout = layout_of_data_set(bytes, ts, limits)?;
    let data = layout.inflated.as_deref().unwrap_or(bytes);
    parse(
        data.get(..layout.walked.end).unwrap_or(data),
        layout.encoding,
        &layout.walked.unknown_spans,
        limits,
    )
}

/// Parses screened bytes, finds out what UN values are, decodes text.
fn parse(
    bytes: &[u8],
    encoding: Encoding,
    unknown_spans: &[(usize, usize)],
    limits: &Limits,
) -> Result<DataSet, Refusal> {
    let (mut data_set, foreign_text) = parse_raw(bytes, encoding, unknown_spans)?;
    let foreign_unknown = unknown::resolve(&mut data_set, limits)?;
    charset::make_unicode(&mut data_set, foreign_text || foreign_unknown);
    Ok(data_set)
}

/// Parses screened bytes; text stays one character a byte. Tells whether any text needs its character set.
pub(crate) fn parse_raw(
    bytes: &[u8],
    encoding: Encoding,
    unknown_spans: &[(usize, usize)],
) -> Result<(DataSet, bool), Refusal> {
    let mut decoder = SliceDecoder::new(bytes, encoding, unknown_spans).map_err(|_| Refusal::Parser)?;
    let data_set = InMemDicomObject::read_dataset(&mut decoder).map_err(|_| Refusal::Parser)?;
    Ok((data_set, decoder.saw_foreign_text()))
}
