//! Sealed objects: what the edge makes, what is uploaded, and what the centre stores, byte for byte the same.

use std::{marker::PhantomData, ops::Range};

use rand::CryptoRng;
use sumgil_model::ObjectDigest;

use crate::{
    chunked::{self, CHUNK, Cipher, Layout, Magic, PREFIX},
    context::ObjectContext,
    digest::Digester,
    error::CustodyError,
    keys::ObjectKey,
    secret::Secret,
};

const MAGIC: Magic = *b"SUMGILOB";

/// Bytes before the first chunk of an object: all that [`ObjectReader::new`] needs.
pub const PREFIX_BYTES: usize = PREFIX;

/// A sealed object that was made of a `T`. Its name is the digest of its bytes.
pub struct Sealed<T> {
    bytes: Vec<u8>,
    digest: ObjectDigest,
    context: ObjectContext,
    of: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// The bytes to upload and to store.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to upload and to store, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The object's name: the SHA-256 of its bytes.
    pub fn digest(&self) -> &ObjectDigest {
        &self.digest
    }

    /// What it is bound to.
    pub fn context(&self) -> &ObjectContext {
        &self.context
    }
}

/// Seals `plain` for `context` under `key`, encrypting and digesting in one pass. The type `T` says what was
/// sealed: `Sealed<Deidentified<Instance>>` is all that a sender takes.
///
/// # Errors
/// [`CustodyError::Library`] when the cipher refuses.
pub fn seal<T>(
    plain: &[u8],
    context: &ObjectContext,
    key: &ObjectKey,
    rng: &mut impl CryptoRng,
) -> Result<Sealed<T>, CustodyError> {
    let mut random = [0; 48];
    rng.fill_bytes(&mut random);
    let prefix = chunked::new_prefix(MAGIC, &random);
    let cipher = Cipher::derive(key.expose(), &prefix, &context.encode())?;
    let mut digester = Digester::new();
    let bytes = chunked::seal(plain, &prefix, &cipher, |piece| digester.update(piece))?;
    Ok(Sealed { bytes, digest: digester.finish(), context: context.clone(), of: PhantomData })
}

/// Opens a whole object. The digest of the bytes is not looked at: every byte is authenticated anyway.
///
/// # Errors
/// What is wrong with the bytes, the key or the context.
pub fn open(sealed: &[u8], context: &ObjectContext, key: &ObjectKey) -> Result<Vec<u8>, CustodyError> {
    let reader = ObjectReader::new(sealed, sealed.len() as u64, context, key)?;
    chunked::open_chunks(&sealed[PREFIX..], 0..reader.layout.chunks, reader.layout, &reader.cipher)
}

/// Opens the plain bytes `range` of an object that is at hand as a whole, touching only the chunks needed.
///
/// # Errors
/// [`CustodyError::Range`] outside the object, and what is wrong with bytes, key or context.
pub fn open_range(
    sealed: &[u8],
    range: Range<u64>,
    context: &ObjectContext,
    key: &ObjectKey,
) -> Result<Vec<u8>, CustodyError> {
    let reader = ObjectReader::new(sealed, sealed.len() as u64, context, key)?;
    let wanted = reader.sealed_range(&range)?;
    reader.open_range(&range, &sealed[wanted.start as usize..wanted.end as usize])
}

/// The size that `plain_bytes` have once sealed.
pub fn sealed_size(plain_bytes: u64) -> u64 {
    Layout::of_plain(plain_bytes).sealed()
}

/// The size of the plain object inside `sealed_bytes`.
///
/// # Errors
/// [`CustodyError::NotSealed`] or [`CustodyError::Altered`] when no object has that size.
pub fn plain_size(sealed_bytes: u64) -> Result<u64, CustodyError> {
    Layout::of_sealed(sealed_bytes).map(|layout| layout.plain)
}

/// Reads ranges of an object without having all of it: give it the prefix and the size, ask which sealed
/// bytes a range needs, fetch those, and open them.
pub struct ObjectReader {
    cipher: Cipher,
    layout: Layout,
}

impl ObjectReader {
    /// A reader for an object of `sealed_bytes` that starts with `prefix` (at least [`PREFIX_BYTES`]).
    ///
    /// # Errors
    /// What is wrong with the prefix, the size, the key or the context.
    pub fn new(
        prefix: &[u8],
        sealed_bytes: u64,
        context: &ObjectContext,
        key: &ObjectKey,
    ) -> Result<Self, CustodyError> {
        let prefix: &[u8; PREFIX] = prefix.first_chunk().ok_or(CustodyError::NotSealed("too short"))?;
        let cipher = Cipher::open(key.expose(), prefix, MAGIC, &context.encode())?;
        Ok(Self { cipher, layout: Layout::of_sealed(sealed_bytes)? })
    }

    /// The size of the plain object, in bytes.
    pub fn plain_bytes(&self) -> u64 {
        self.layout.plain
    }

    /// Which sealed bytes hold the plain bytes `range`.
    ///
    /// # Errors
    /// [`CustodyError::Range`] outside the object.
    pub fn sealed_range(&self, range: &Range<u64>) -> Result<Range<u64>, CustodyError> {
        let chunks = self.chunks(range)?;
        Ok(self.layout.chunk(chunks.start).start..self.layout.chunk(chunks.end - 1).end)
    }

    /// Opens the plain bytes `range` from the sealed bytes that [`Self::sealed_range`] named.
    ///
    /// # Errors
    /// [`CustodyError::Altered`] when they are not those bytes.
    pub fn open_range(&self, range: &Range<u64>, sealed: &[u8]) -> Result<Vec<u8>, CustodyError> {
        let wanted = self.sealed_range(range)?;
        if sealed.len() as u64 != wanted.end - wanted.start {
            return Err(CustodyError::Altered);
        }
        let chunks = self.chunks(range)?;
        let first = chunks.start * CHUNK as u64;
        let mut plain = chunked::open_chunks(sealed, chunks, self.layout, &self.cipher)?;
        plain.truncate((range.end - first) as usize);
        plain.drain(..(range.start - first) as usize);
        Ok(plain)
    }

    /// The chunks that hold `range`: never none, so that an empty range is authenticated too.
    fn chunks(&self, range: &Range<u64>) -> Result<Range<u64>, CustodyError> {
        if range.start > range.end || range.end > self.layout.plain {
            return Err(CustodyError::Range { size_bytes: self.layout.plain });
        }
        let first = (range.start / CHUNK as u64).min(self.layout.chunks - 1);
        let end = range.end.div_ceil(CHUNK as u64).max(first + 1);
        Ok(first..end)
    }
}
