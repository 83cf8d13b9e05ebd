//! SHA-256, the digest that names objects.

use ring::digest;
use sumgil_model::ObjectDigest;

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    fixed(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// The name of a sealed object: the SHA-256 of all its bytes.
pub fn digest_of(sealed: &[u8]) -> ObjectDigest {
    ObjectDigest::from_bytes(sha256(sealed))
}

/// SHA-256 over bytes that come in pieces, for the verification of uploads and for scrubbing.
#[derive(Clone)]
pub struct Digester(digest::Context);

impl Digester {
    /// Nothing digested yet.
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Adds a piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of everything added.
    pub fn finish(self) -> ObjectDigest {
        ObjectDigest::from_bytes(fixed(self.0.finish().as_ref()))
    }
}

impl Default for Digester {
    fn default() -> Self {
        Self::new()
    }
}

/// The first 32 bytes; shorter input is filled with zeros (never happens with SHA-256).
fn fixed(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_vector_and_any_cut() {
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest_of(b"abc").as_str(), wanted);
        for cut in 0..=3 {
            let mut digester = Digester::new();
            digester.update(&b"abc"[..cut]);
            digester.update(&b"abc"[cut..]);
            assert_eq!(digester.finish().as_str(), wanted);
        }
    }
}
