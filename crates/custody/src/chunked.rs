//! The chunked encryption under every sealed thing: prefix, commitment, chunks (docs/spec/object-format.md).

use std::ops::Range;

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use zeroize::Zeroizing;

use crate::error::CustodyError;

/// Plain bytes in every chunk but the last.
pub(crate) const CHUNK: usize = 64 * 1024;
/// Bytes of the authentication tag after each chunk.
pub(crate) const TAG: usize = 16;
/// Bytes of the fixed header.
pub(crate) const HEADER: usize = 32;
/// Bytes before the first chunk: header, salt, commitment.
pub(crate) const PREFIX: usize = HEADER + 32 + 32;
/// Format 1, algorithm 1: HKDF-SHA-256 and AES-256-GCM in chunks of 64 KiB.
const FORMAT: u8 = 1;
const ALGORITHM: u8 = 1;

/// The 8 bytes that start a kind of sealed thing.
pub(crate) type Magic = [u8; 8];

/// The bytes before the first chunk. `random` gives the object id (16) and the salt (32); the commitment is
/// still zero.
pub(crate) fn new_prefix(magic: Magic, random: &[u8; 48]) -> [u8; PREFIX] {
    let mut prefix = [0; PREFIX];
    prefix[..8].copy_from_slice(&magic);
    prefix[8] = FORMAT;
    prefix[9] = ALGORITHM;
    prefix[16..64].copy_from_slice(random);
    prefix
}

/// Checks magic, format, algorithm and the reserved bytes.
fn check_prefix(prefix: &[u8; PREFIX], magic: Magic) -> Result<(), CustodyError> {
    if prefix[..8] != magic {
        return Err(CustodyError::NotSealed("other first bytes"));
    }
    let (format, algorithm) = (prefix[8], prefix[9]);
    if (format, algorithm) != (FORMAT, ALGORITHM) {
        return Err(CustodyError::UnknownFormat { format, algorithm });
    }
    if prefix[10..16] != [0; 6] {
        return Err(CustodyError::NotSealed("reserved bytes are not zero"));
    }
    Ok(())
}

/// The cipher of one sealed thing: its own key, derived from the given key, its salt, its header and context.
pub(crate) struct Cipher {
    key: LessSafeKey,
    commitment: [u8; 32],
}

impl Cipher {
    /// Derives key and commitment. Only header and salt of `prefix` are used.
    pub(crate) fn derive(
        key: &[u8; 32],
        prefix: &[u8; PREFIX],
        context: &[u8],
    ) -> Result<Self, CustodyError> {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &prefix[HEADER..HEADER + 32]).extract(key);
        let mut okm = Zeroizing::new([0u8; 64]);
        prk.expand(&[b"sumgil sealed 1", &prefix[..HEADER], context], Length(64))
            .and_then(|out| out.fill(okm.as_mut()))
            .map_err(|_| CustodyError::Library)?;
        let key = UnboundKey::new(&AES_256_GCM, &okm[..32]).map_err(|_| CustodyError::Library)?;
        let mut commitment = [0; 32];
        commitment.copy_from_slice(&okm[32..]);
        Ok(Self { key: LessSafeKey::new(key), commitment })
    }

    /// Derives, and checks what the prefix commits to.
    pub(crate) fn open(
        key: &[u8; 32],
        prefix: &[u8; PREFIX],
        magic: Magic,
        context: &[u8],
    ) -> Result<Self, CustodyError> {
        check_prefix(prefix, magic)?;
        let cipher = Self::derive(key, prefix, context)?;
        // The commitment stands in clear in the file: nothing is learned from the time this takes.
        if cipher.commitment != prefix[HEADER + 32..] {
            return Err(CustodyError::WrongKeyOrContext);
        }
        Ok(cipher)
    }

    /// The commitment to the key, header and context.
    pub(crate) fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    /// Encrypts one chunk where it lies and returns its tag.
    pub(crate) fn seal_chunk(
        &self,
        index: u64,
        last: bool,
        chunk: &mut [u8],
    ) -> Result<[u8; TAG], CustodyError> {
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce(index, last), Aad::empty(), chunk)
            .map_err(|_| CustodyError::Library)?;
        <[u8; TAG]>::try_from(tag.as_ref()).map_err(|_| CustodyError::Library)
    }

    /// Decrypts one chunk, tag at its end, where it lies; what remains is the plain part.
    pub(crate) fn open_chunk<'a>(
        &self,
        index: u64,
        last: bool,
        chunk: &'a mut [u8],
    ) -> Result<&'a [u8], CustodyError> {
        self.key
            .open_in_place(nonce(index, last), Aad::empty(), chunk)
            .map(|plain| &*plain)
            .map_err(|_| CustodyError::Altered)
    }
}

/// Chunk number, 88 bits big endian, then 1 for the last chunk and 0 for every other.
fn nonce(index: u64, last: bool) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[3..11].copy_from_slice(&index.to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::assume_unique_for_key(bytes)
}

/// The wanted length of derived material.
struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Where the chunks of a sealed thing lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Plain bytes in all.
    pub(crate) plain: u64,
    /// Number of chunks, at least 1.
    pub(crate) chunks: u64,
}

impl Layout {
    /// The layout for so many plain bytes.
    pub(crate) fn of_plain(plain: u64) -> Self {
        Self { plain, chunks: plain.div_ceil(CHUNK as u64).max(1) }
    }

    /// The layout of a sealed thing of so many bytes; there is exactly one, or none.
    pub(crate) fn of_sealed(sealed: u64) -> Result<Self, CustodyError> {
        let too_short = CustodyError::NotSealed("too short");
        let body = sealed.checked_sub(PREFIX as u64).ok_or_else(|| too_short.clone())?;
        let chunks = body.div_ceil((CHUNK + TAG) as u64).max(1);
        let plain = body.checked_sub(chunks * TAG as u64).ok_or(too_short)?;
        let layout = Self::of_plain(plain);
        if layout.chunks == chunks { Ok(layout) } else { Err(CustodyError::Altered) }
    }

    /// Bytes of the sealed thing.
    pub(crate) fn sealed(self) -> u64 {
        PREFIX as u64 + self.plain + self.chunks * TAG as u64
    }

    /// Where chunk `index` lies in the sealed bytes, tag included.
    pub(crate) fn chunk(self, index: u64) -> Range<u64> {
        let start = PREFIX as u64 + index * (CHUNK + TAG) as u64;
        start..(start + (CHUNK + TAG) as u64).min(self.sealed())
    }

    /// Whether chunk `index` is the last.
    pub(crate) fn is_last(self, index: u64) -> bool {
        index + 1 == self.chunks
    }
}

/// Seals `plain` under `prefix` in one pass; `each` sees every piece of the result in order, while it is still
/// in the processor's cache.
pub(crate) fn seal(
    plain: &[u8],
    prefix: &[u8; PREFIX],
    cipher: &Cipher,
    mut each: impl FnMut(&[u8]),
) -> Result<Vec<u8>, CustodyError> {
    let layout = Layout::of_plain(plain.len() as u64);
    let mut out = Vec::with_capacity(layout.sealed() as usize);
    out.extend_from_slice(&prefix[..HEADER + 32]);
    out.extend_from_slice(cipher.commitment());
    each(&out);
    for index in 0..layout.chunks {
        let from = index as usize * CHUNK;
        let start = out.len();
        out.extend_from_slice(&plain[from..plain.len().min(from + CHUNK)]);
        let tag = cipher.seal_chunk(index, layout.is_last(index), &mut out[start..])?;
        out.extend_from_slice(&tag);
        each(&out[start..]);
    }
    Ok(out)
}

/// Opens the chunks of `range` (chunk numbers) that lie in `chunks` one after the other.
pub(crate) fn open_chunks(
    chunks: &[u8],
    range: Range<u64>,
    layout: Layout,
    cipher: &Cipher,
) -> Result<Vec<u8>, CustodyError> {
    let mut out = Vec::with_capacity(chunks.len());
    for (index, chunk) in range.zip(chunks.chunks(CHUNK + TAG)) {
        let start = out.len();
        out.extend_from_slice(chunk);
        let plain = cipher.open_chunk(index, layout.is_last(index), &mut out[start..])?.len();
        out.truncate(start + plain);
    }
    Ok(out)
}
