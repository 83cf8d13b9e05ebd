//! The secret from which every pseudonym of a site is derived (PS3.15 E.1.1: keyed, never a plain hash).
//!
//! All pseudonyms are HMAC-SHA256 under one 32-byte key; each purpose has its own prefix, and every field is
//! preceded by its length, so that no two questions ever hash the same bytes. Nothing is stored: the same key
//! gives the same pseudonyms on any machine, in any order, at any time.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use sumgil_model::{SubjectId, Uid, UidKind};
use zeroize::{Zeroize, Zeroizing};

use crate::{DateShift, Error};

/// Smallest and largest shift in days, either way. A shift of a few days would hide little, and a shift that is
/// the interval between two exams of a patient would put one on the other's real date.
const SHIFT_DAYS: std::ops::RangeInclusive<u64> = 366..=3650;

/// A site's pseudonym key. It never leaves the hospital, is wiped when dropped and has no text form.
#[derive(Clone)]
pub struct PseudonymKey(Zeroizing<[u8; 32]>);

/// Who a patient is: the issuer of the patient ID (or else the site) and the patient ID.
///
/// Two hospitals that use the same number mean two people. No `Debug`, `Display` or `Serialize`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatientIdentity {
    issuer: String,
    patient_id: String,
}

impl PatientIdentity {
    /// The identity of `patient_id` as issued by `issuer_or_site`. Padding is stripped from both.
    pub fn new(issuer_or_site: &str, patient_id: &str) -> Self {
        let clean = |text: &str| text.trim_matches(['\0', ' ']).to_owned();
        Self { issuer: clean(issuer_or_site), patient_id: clean(patient_id) }
    }

    /// The number as the hospital writes it.
    pub fn patient_id(&self) -> &str {
        &self.patient_id
    }

    /// Who issued the number, or the site.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl Drop for PatientIdentity {
    fn drop(&mut self) {
        self.issuer.zeroize();
        self.patient_id.zeroize();
    }
}

impl PseudonymKey {
    /// The key made of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key written as 64 hexadecimal digits; white space around them is ignored.
    ///
    /// # Errors
    /// [`Error::Key`] when the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).map_err(|_| Error::Key)?;
        Ok(Self(bytes))
    }

    /// The pseudonym of a patient.
    pub fn subject(&self, identity: &PatientIdentity) -> SubjectId {
        let digest = self.digest("subject", &[&identity.issuer, &identity.patient_id]);
        SubjectId::from_bytes(first(&digest))
    }

    /// The patient's one shift: a whole number of days, 366 to 3,650 either way.
    pub fn shift_days(&self, identity: &PatientIdentity) -> DateShift {
        let digest = self.digest("shift", &[&identity.issuer, &identity.patient_id]);
        let (low, high) = (*SHIFT_DAYS.start(), *SHIFT_DAYS.end());
        let days = (low + u64::from_le_bytes(first(&digest)) % (high - low + 1)) as i32;
        DateShift::of_days(if digest[8] & 1 == 0 { days } else { -days })
    }

    /// The new UID for `original`: `2.25.` and 128 pseudonymous bits (PS3.5 B.2).
    ///
    /// What is written in a UID element need not be a valid UID; whatever it is gets one.
    pub fn uid<K: UidKind>(&self, original: &str) -> Uid<K> {
        let digest = self.digest("uid", &[original.trim_matches(['\0', ' '])]);
        Uid::from_u128(u128::from_be_bytes(first(&digest)))
    }

    /// The pseudonym of an accession number: `A` and 15 digits, which fits SH.
    pub fn accession(&self, original: &str) -> String {
        let digest = self.digest("accession", &[original.trim_matches(['\0', ' '])]);
        format!("A{:015}", u64::from_le_bytes(first(&digest)) % 1_000_000_000_000_000)
    }

    /// A keyed mark of anything: 16 hexadecimal digits that change when a field changes, and tell nothing.
    pub fn mark(&self, fields: &[&str]) -> String {
        hex::encode(first::<8>(&self.digest("mark", fields)))
    }

    fn digest(&self, purpose: &str, fields: &[&str]) -> [u8; 32] {
        // An HMAC key may have any length, so this cannot fail; an all-zero digest would be the answer if it did.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_slice()) else { return [0; 32] };
        for part in ["sumgil pseudonym 1", purpose].iter().chain(fields) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

fn first<const N: usize>(digest: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|i| digest[i])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sumgil_model::{Any, Study};

    use super::*;

    fn key(byte: u8) -> PseudonymKey {
        PseudonymKey::from_bytes([byte; 32])
    }

    #[test]
    fn only_64_hex_digits_are_a_key() {
        assert!(PseudonymKey::from_hex(&format!(" {}\n", "0a".repeat(32))).is_ok());
        for bad in ["", "0a", &"0a".repeat(33), &"xy".repeat(32)] {
            assert!(PseudonymKey::from_hex(bad).is_err());
        }
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let (a, b) = (PatientIdentity::new("AB", "C"), PatientIdentity::new("A", "BC"));
        assert_ne!(key(1).subject(&a), key(1).subject(&b));
    }

    proptest! {
        #[test]
        fn pseudonyms_are_stable_and_keyed(issuer in "[A-Z]{0,6}", id in "[0-9A-Za-z]{1,12}") {
            let identity = PatientIdentity::new(&issuer, &id);
            let padded = PatientIdentity::new(&format!("{issuer} "), &format!(" {id}\0"));
            prop_assert_eq!(key(1).subject(&identity), key(1).subject(&padded));
            prop_assert_ne!(key(1).subject(&identity), key(2).subject(&identity));
            let days = key(1).shift_days(&identity).days();
            prop_assert!((366..=3650).contains(&days.unsigned_abs()));
            prop_assert_eq!(days, key(1).shift_days(&padded).days());
        }

        #[test]
        fn every_uid_becomes_another_valid_one(text in ".{0,70}") {
            let new = key(1).uid::<Any>(&text);
            prop_assert!(Uid::<Study>::parse(new.as_str()).is_ok());
            prop_assert_ne!(new.as_str(), text.as_str());
        }
    }
}
