//! Linkage across hospitals, for consortia that may: a keyed token of a national number, the same at every hospital
//! that holds the same secret. Nothing is linked where no secret is given.
//!
//! The token is HMAC-SHA-256 under the consortium's secret, cut to 128 bits. Who holds the secret can try all
//! numbers that there are; who does not learns nothing but equality. See `docs/linkage.md`.

use hmac::{Hmac, Mac};
use jiff::civil::Date;
use sha2::Sha256;
use sumgil_dicom::{DataSet, access, dicom_core::Tag, dictionary::tags};
use sumgil_model::LinkageToken;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// The issuer of Korean resident registration numbers: the Ministry of the Interior and Safety.
pub const RESIDENT_ISSUER: &str = "MOIS";

/// Other Patient IDs (0010,1000): retired, and still written.
const OTHER_PATIENT_IDS: Tag = Tag(0x0010, 0x1000);
/// Digits of a resident registration number.
const RESIDENT_DIGITS: usize = 13;
/// Letters and digits of another national number.
const OTHER_LENGTH: std::ops::RangeInclusive<usize> = 6..=32;

/// A consortium's linkage secret. It is wiped when dropped and has no text form.
#[derive(Clone)]
pub struct LinkageSecret(Zeroizing<[u8; 32]>);

/// A national number in its normal form: issuer and number. No `Debug`, `Display` or `Serialize`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NationalNumber(String);

impl LinkageSecret {
    /// The secret written as 64 hexadecimal digits; white space around them is ignored.
    ///
    /// # Errors
    /// [`Error::LinkageSecret`] when the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).map_err(|_| Error::LinkageSecret)?;
        Ok(Self(bytes))
    }

    /// Names the secret without telling it: tokens under different secrets are never compared.
    pub fn id(&self) -> LinkageToken {
        self.digest("secret id", "")
    }

    /// The token of a number.
    pub fn token(&self, number: &NationalNumber) -> LinkageToken {
        self.digest("national number", &number.0)
    }

    fn digest(&self, purpose: &str, value: &str) -> LinkageToken {
        // An HMAC key may have any length, so this cannot fail; a token of zeros would be the answer if it did.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_slice()) else {
            return LinkageToken::from_bytes([0; 16]);
        };
        for part in ["sumgil linkage 1", purpose, value] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        LinkageToken::from_bytes(std::array::from_fn(|i| digest[i]))
    }
}

impl NationalNumber {
    /// A Korean resident or foreigner registration number: 13 digits, with or without a hyphen, whose first seven are a
    /// day and a century. The check digit is not looked at: numbers given since October 2020 have none.
    pub fn resident(text: &str) -> Option<Self> {
        let text = text.trim_matches(['\0', ' ']);
        let digits: Zeroizing<String> = Zeroizing::new(text.chars().filter(char::is_ascii_digit).collect());
        let (birth, rest) = text.split_at_checked(6)?;
        let serial = rest.trim_start_matches(['-', ' ']);
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let form = all_digits(birth)
            && all_digits(serial)
            && digits.len() == RESIDENT_DIGITS
            && rest.len() - serial.len() <= 3;
        (form && is_day_and_century(&digits)).then(|| Self(format!("{RESIDENT_ISSUER}/{}", *digits)))
    }

    /// A number of another issuer: its letters and digits, in capitals.
    pub fn of_issuer(issuer: &str, text: &str) -> Option<Self> {
        let issuer = normal_issuer(issuer);
        if issuer == RESIDENT_ISSUER {
            return Self::resident(text);
        }
        let plain = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
        };
        let number = Zeroizing::new(plain(text));
        let fits = OTHER_LENGTH.contains(&number.len()) && number.bytes().any(|b| b.is_ascii_digit());
        (fits && !issuer.is_empty()).then(|| Self(format!("{issuer}/{}", *number)))
    }

    /// The normal form, for encrypted storage at the hospital only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A number as it was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Drop for NationalNumber {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The national numbers that a header states of its patient: Patient ID (0010,0020) and the items of Other Patient IDs
/// Sequence (0010,1002) by one of `issuers`, and what has the form of a resident number without naming any issuer.
/// Numbers in free text are left out: they may be somebody else's.
pub fn national_numbers(data_set: &DataSet, issuers: &[String]) -> Vec<NationalNumber> {
    let mut found: Vec<NationalNumber> = stated(data_set, issuers).into_iter().collect();
    let others = data_set.get(tags::OTHER_PATIENT_I_DS_SEQUENCE).and_then(|element| element.items());
    found.extend(others.into_iter().flatten().filter_map(|item| stated(item, issuers)));
    let listed = access::text(data_set, OTHER_PATIENT_IDS).unwrap_or_default();
    found.extend(listed.split('\\').filter_map(NationalNumber::resident));
    found.sort();
    found.dedup();
    found
}

fn stated(level: &DataSet, issuers: &[String]) -> Option<NationalNumber> {
    let number = Zeroizing::new(access::text(level, tags::PATIENT_ID)?);
    match access::text(level, tags::ISSUER_OF_PATIENT_ID) {
        Some(issuer) => issuers
            .iter()
            .any(|wanted| normal_issuer(wanted) == normal_issuer(&issuer))
            .then(|| NationalNumber::of_issuer(&issuer, &number))?,
        None => NationalNumber::resident(&number),
    }
}

fn normal_issuer(issuer: &str) -> String {
    issuer.trim_matches(['\0', ' ']).to_ascii_uppercase()
}

/// Whether the first six digits are a day of the century that the seventh names.
fn is_day_and_century(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..2), number(2..4), number(4..6)) else {
        return false;
    };
    let century = match digits.as_bytes().get(6) {
        Some(b'9' | b'0') => 1800,
        Some(b'1' | b'2' | b'5' | b'6') => 1900,
        Some(b'3' | b'4' | b'7' | b'8') => 2000,
        _ => return false,
    };
    Date::new(century + year, month as i8, day as i8).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, VR, value::DataSetSequence};

    use super::*;

    fn secret(byte: u8) -> LinkageSecret {
        LinkageSecret::from_hex(&hex::encode([byte; 32])).unwrap()
    }

    fn level(fields: &[(Tag, VR, &str)]) -> DataSet {
        let mut data_set = DataSet::new_empty();
        for (tag, vr, text) in fields {
            data_set.put(DataElement::new(*tag, *vr, PrimitiveValue::from(*text)));
        }
        data_set
    }

    #[test]
    fn however_a_number_is_written_its_token_is_the_same() {
        let number = |text| NationalNumber::resident(text).unwrap();
        let token = secret(1).token(&number("9708192242037"));
        for written in ["970819-2242037", " 970819 - 2242037", "970819 2242037\0"] {
            assert_eq!(secret(1).token(&number(written)), token);
        }
        assert_ne!(secret(2).token(&number("9708192242037")), token, "another secret, another token");
        assert_ne!(secret(1).token(&number("9708192242038")), token);
        assert_ne!(secret(1).id(), secret(2).id());
    }

    #[test]
    fn what_is_no_resident_number_gives_no_token() {
        for none in [
            "",
            "970819224203",
            "97081922420377",
            "971319-2242037",
            "970230-2242037",
            "x9708192242037",
            "9708 1922 4203 7",
            "000000-0000000",
        ] {
            assert!(NationalNumber::resident(none).is_none(), "{none}");
        }
        assert!(NationalNumber::resident("000229-4242037").is_some(), "29 February 2000");
        assert!(NationalNumber::resident("010229-4242037").is_none());
    }

    #[test]
    fn only_stated_numbers_of_known_issuers_count() {
        let id = |issuer: &str, number: &str| {
            let mut fields = vec![(tags::PATIENT_ID, VR::LO, number)];
            if !issuer.is_empty() {
                fields.push((tags::ISSUER_OF_PATIENT_ID, VR::LO, issuer));
            }
            level(&fields)
        };
        let mut header = id("", "07492589");
        header.put(DataElement::new(
            tags::PATIENT_COMMENTS,
            VR::LT,
            PrimitiveValue::from("mother 700101-2000000"),
        ));
        let issuers = ["MOIS".to_owned(), "NHS".to_owned()];
        assert!(national_numbers(&header, &issuers).is_empty());
        let items = vec![
            id("mois", "970819-2242037"),
            id("", "9708192242037"),
            id("HANBIT", "8001011234567"),
            id("NHS", "943 476 5919"),
        ];
        header.put(DataElement::new(tags::OTHER_PATIENT_I_DS_SEQUENCE, VR::SQ, DataSetSequence::from(items)));
        let found = national_numbers(&header, &issuers);
        let shown: Vec<&str> = found.iter().map(NationalNumber::expose).collect();
        assert_eq!(shown, ["MOIS/9708192242037", "NHS/9434765919"]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}", issuer in ".{0,10}") {
            let _ = NationalNumber::resident(&text);
            let _ = NationalNumber::of_issuer(&issuer, &text);
        }
    }
}
