//! The edge's own key: everything identified that rests at the hospital is encrypted under it.

use rand::CryptoRng;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac,
};
use zeroize::Zeroizing;

use crate::{
    canonical::Canonical,
    chunked::{self, Cipher, Layout, Magic, PREFIX},
    error::CustodyError,
    secret::{Secret, secret},
};

const MAGIC: Magic = *b"SUMGILLO";
const FORM: u8 = 1;
const TAG: usize = 16;

secret!(
    /// The key for what rests at one place: hold, quarantine, spool, the edge's small tables.
    LocalKey, "local"
);

/// Where a small value rests: table, row, column. It opens only there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's key, as text.
    pub row: &'a str,
    /// The column.
    pub column: &'a str,
}

impl LocalKey {
    /// Encrypts a blob for `purpose` (`hold`, `quarantine`, `spool` ...) and `name` (its file or row name).
    /// It opens only for the same two. Any size; chunked like an object.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the cipher refuses.
    pub fn encrypt(
        &self,
        purpose: &str,
        name: &str,
        plain: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, CustodyError> {
        let mut random = [0; 48];
        rng.fill_bytes(&mut random);
        let prefix = chunked::new_prefix(MAGIC, &random);
        let cipher = Cipher::derive(self.expose(), &prefix, &blob_context(purpose, name))?;
        chunked::seal(plain, &prefix, &cipher, |_| {})
    }

    /// Opens a blob.
    ///
    /// # Errors
    /// What is wrong with the bytes, the key, the purpose or the name.
    pub fn decrypt(&self, purpose: &str, name: &str, sealed: &[u8]) -> Result<Vec<u8>, CustodyError> {
        let prefix: &[u8; PREFIX] = sealed.first_chunk().ok_or(CustodyError::NotSealed("too short"))?;
        let cipher = Cipher::open(self.expose(), prefix, MAGIC, &blob_context(purpose, name))?;
        let layout = Layout::of_sealed(sealed.len() as u64)?;
        chunked::open_chunks(&sealed[PREFIX..], 0..layout.chunks, layout, &cipher)
    }

    /// Encrypts a small value of a database for its cell: 29 bytes longer than the value.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the cipher refuses.
    pub fn encrypt_row(
        &self,
        cell: Cell<'_>,
        plain: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, CustodyError> {
        let mut out = vec![FORM];
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = self
            .column_key(cell)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(row_context(cell)),
                &mut out[1 + NONCE_LEN..],
            )
            .map_err(|_| CustodyError::Library)?;
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    /// Opens a small value of a database.
    ///
    /// # Errors
    /// [`CustodyError::Altered`] with another key or cell, or altered bytes.
    pub fn decrypt_row(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
        if sealed.len() < 1 + NONCE_LEN + TAG || sealed[0] != FORM {
            return Err(CustodyError::NotSealed("not an encrypted value"));
        }
        let nonce =
            Nonce::try_assume_unique_for_key(&sealed[1..=NONCE_LEN]).map_err(|_| CustodyError::Altered)?;
        let mut body = Zeroizing::new(sealed[1 + NONCE_LEN..].to_vec());
        let plain = self
            .column_key(cell)?
            .open_in_place(nonce, Aad::from(row_context(cell)), &mut body)
            .map_err(|_| CustodyError::Altered)?
            .len();
        body.truncate(plain);
        Ok(body)
    }

    /// A keyed fingerprint (HMAC-SHA-256) for look-ups of identified values that must not rest in clear, such
    /// as patient IDs and original UIDs. Equal inputs give equal fingerprints within one purpose only.
    pub fn fingerprint(&self, purpose: &str, value: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.expose());
        let input = Canonical::new("sumgil local fingerprint 1").text(purpose).bytes(value).finish();
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(hmac::sign(&key, &Zeroizing::new(input)).as_ref()) {
            *to = *from;
        }
        out
    }

    /// The key of one column: each has its own, so that random nonces never run short.
    fn column_key(&self, cell: Cell<'_>) -> Result<LessSafeKey, CustodyError> {
        let info = Canonical::new("sumgil local column 1").text(cell.table).text(cell.column).finish();
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(self.expose())
            .expand(&[&info], &AES_256_GCM)
            .map(|okm| LessSafeKey::new(UnboundKey::from(okm)))
            .map_err(|_| CustodyError::Library)
    }
}

fn blob_context(purpose: &str, name: &str) -> Vec<u8> {
    Canonical::new("sumgil local blob 1").text(purpose).text(name).finish()
}

fn row_context(cell: Cell<'_>) -> Vec<u8> {
    Canonical::new("sumgil local row 1").text(cell.table).text(cell.row).text(cell.column).finish()
}
