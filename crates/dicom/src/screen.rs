//! The look at a stranger's bytes before any parser sees them: one pass, no recursion, no big allocation.

use std::{borrow::Cow, io::Read};

use flate2::read::DeflateDecoder;
use sumgil_model::{TransferSyntax, Uid};

use crate::{
    encoding::{Encoding, is_deflated},
    limits::Limits,
    part10::{locate, sniff},
    refusal::Refusal,
    walk::{Walked, walk},
};

/// What the screen found; [`crate::read()`] goes on from here.
#[derive(Clone, Debug)]
pub struct Screened {
    /// As declared in the file meta information, or as recognised.
    pub transfer_syntax: Uid<TransferSyntax>,
    /// Whether the 128 bytes and the prefix were there.
    pub had_preamble: bool,
    /// Whether file meta information was there.
    pub had_meta: bool,
    /// Offset of the data set in the file.
    pub data_set_at: usize,
    /// Bytes after the last element; a single byte of padding after a deflated data set is not counted.
    pub trailing_bytes: usize,
    pub(crate) encoding: Encoding,
    pub(crate) walked: Walked,
    /// The data set, where it had to be inflated.
    pub(crate) inflated: Option<Vec<u8>>,
}

impl Screened {
    /// The data set as the parser gets it.
    pub(crate) fn data_set<'a>(&'a self, file: &'a [u8]) -> &'a [u8] {
        let bytes = self.inflated.as_deref().unwrap_or(file.get(self.data_set_at..).unwrap_or_default());
        bytes.get(..self.walked.end).unwrap_or(bytes)
    }

    /// Offset of Pixel Data (7FE0,0010) in the file; `None` where there is none or the data set was inflated.
    pub fn pixel_data_at(&self) -> Option<usize> {
        self.walked.pixel_data_at.filter(|_| self.inflated.is_none()).map(|at| self.data_set_at + at)
    }

    /// Whether there is Pixel Data (7FE0,0010) at top level, inflated or not.
    pub fn has_pixel_data(&self) -> bool {
        self.walked.pixel_data_at.is_some()
    }

    /// Bytes of the data set when inflated, padding left out.
    pub fn data_set_bytes(&self) -> usize {
        self.walked.end
    }
}

/// Screens a file: Part 10, without preamble, or a bare data set.
///
/// # Errors
/// [`Refusal`] when the bytes are no DICOM, are damaged, or exceed a limit.
pub fn screen(bytes: &[u8], limits: &Limits) -> Result<Screened, Refusal> {
    if bytes.len() > limits.max_bytes {
        return Err(Refusal::TooLarge { limit: limits.max_bytes });
    }
    let located = locate(bytes)?;
    let rest = bytes.get(located.data_set_at..).unwrap_or_default();
    if !located.had_preamble && !located.had_meta && sniff(rest, 0).is_none() {
        return Err(Refusal::NotDicom);
    }
    if rest.is_empty() {
        return Err(Refusal::Empty);
    }
    let layout = Layout::of(rest, located.transfer_syntax.as_ref(), limits)?;
    Ok(Screened {
        transfer_syntax: layout.transfer_syntax(located.transfer_syntax)?,
        had_preamble: located.had_preamble,
        had_meta: located.had_meta,
        data_set_at: located.data_set_at,
        trailing_bytes: layout.trailing_bytes,
        encoding: layout.encoding,
        walked: layout.walked,
        inflated: layout.inflated,
    })
}

/// Screens a bare data set of known transfer syntax, as a C-STORE brings it.
///
/// # Errors
/// [`Refusal`] when it is damaged or exceeds a limit.
pub fn screen_data_set(bytes: &[u8], ts: &Uid<TransferSyntax>, limits: &Limits) -> Result<(), Refusal> {
    layout_of_data_set(bytes, ts, limits).map(|_| ())
}

pub(crate) fn layout_of_data_set(
    bytes: &[u8],
    ts: &Uid<TransferSyntax>,
    limits: &Limits,
) -> Result<Layout, Refusal> {
    if bytes.len() > limits.max_bytes {
        return Err(Refusal::TooLarge { limit: limits.max_bytes });
    }
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    Layout::of(bytes, Some(ts), limits)
}

/// A data set whose structure was walked.
pub(crate) struct Layout {
    pub(crate) encoding: Encoding,
    pub(crate) walked: Walked,
    pub(crate) inflated: Option<Vec<u8>>,
    trailing_bytes: usize,
}

impl Layout {
    /// Inflates if need be and walks; where the declared layout is wrong, the recognised one is tried.
    fn of(bytes: &[u8], ts: Option<&Uid<TransferSyntax>>, limits: &Limits) -> Result<Self, Refusal> {
        let (data, behind_stream) = match ts {
            Some(ts) if is_deflated(ts.as_str()) => {
                let (inflated, consumed) = inflate(bytes, limits)?;
                (Cow::Owned(inflated), bytes.len() - consumed)
            }
            _ => (Cow::Borrowed(bytes), 0),
        };
        let declared = ts.map(|ts| Encoding::of(ts.as_str()));
        // without any word on the syntax, the default one holds (PS3.5 section 10)
        let encoding = sniff(&data, 0).or(declared).unwrap_or(Encoding::ImplicitLittle);
        let walked = walk(&data, encoding, limits)?;
        let trailing_bytes = data.len() - walked.end + if behind_stream > 1 { behind_stream } else { 0 };
        let inflated = match data {
            Cow::Owned(inflated) => Some(inflated),
            Cow::Borrowed(_) => None,
        };
        Ok(Self { encoding, walked, inflated, trailing_bytes })
    }

    fn transfer_syntax(&self, declared: Option<Uid<TransferSyntax>>) -> Result<Uid<TransferSyntax>, Refusal> {
        match declared {
            Some(uid) => Ok(uid),
            None if self.walked.encapsulated => Err(Refusal::NoTransferSyntax),
            None => Uid::parse(self.encoding.plain_uid()).map_err(|_| Refusal::NoTransferSyntax),
        }
    }
}

/// Inflates a deflated data set (PS3.5 A.5), never beyond the limit; tells how many bytes the stream has.
fn inflate(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, usize), Refusal> {
    let limit = limits.max_inflated_bytes;
    let mut inflated = Vec::new();
    let mut decoder = DeflateDecoder::new(bytes);
    let read = (&mut decoder).take(limit as u64 + 1).read_to_end(&mut inflated);
    match read {
        _ if inflated.len() > limit => Err(Refusal::InflatedTooLarge { limit }),
        Ok(_) => Ok((inflated, (decoder.total_in() as usize).min(bytes.len()))),
        Err(_) => Err(Refusal::Deflate),
    }
}
