//! Makers and models as headers write them, brought to one spelling.
//!
//! Manufacturer (0008,0070) is free text: the same company appears under several names, and companies
//! change theirs. The list below holds spellings seen in public DICOM samples and conformance statements.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A maker of imaging equipment under its present name; unknown ones keep the name that the header gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Maker(String);

/// Present name, and the beginnings (lower case, letters and digits only) of the spellings it covers.
const MAKERS: &[(&str, &[&str])] = &[
    ("Siemens", &["siemens"]),
    ("GE", &["gemedical", "gehealthcare", "generalelectric", "ge"]),
    ("Canon", &["canon", "toshiba"]),
    ("Philips", &["philips", "marconi", "picker"]),
    ("DK Medical", &["dkmedical", "dongkang"]),
    ("Samsung", &["samsung"]),
    ("Fujifilm", &["fujifilm", "fujiphoto"]),
    ("Carestream", &["carestream", "kodak"]),
    ("Agfa", &["agfa"]),
    ("Konica Minolta", &["konica", "minolta"]),
    ("Shimadzu", &["shimadzu"]),
    ("Hitachi", &["hitachi"]),
];

impl Maker {
    /// The maker that `manufacturer`, as written in a header, stands for.
    pub fn from_header(manufacturer: &str) -> Self {
        let key: String =
            manufacturer.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let known = MAKERS.iter().find(|(_, spellings)| {
            spellings.iter().any(|s| if *s == "ge" { key == *s } else { key.starts_with(s) })
        });
        Self(known.map_or_else(|| manufacturer.trim().to_owned(), |(name, _)| (*name).to_owned()))
    }

    /// The maker's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of device: maker and model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Equipment {
    /// Who made it.
    pub maker: Maker,
    /// Manufacturer's Model Name (0008,1090), trimmed; empty when the header has none.
    pub model: String,
}

impl Equipment {
    /// From Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090).
    pub fn from_header(manufacturer: &str, model: &str) -> Self {
        Self { maker: Maker::from_header(manufacturer), model: model.trim().to_owned() }
    }
}

impl fmt::Display for Equipment {
    /// Maker and model, the maker's name not repeated where the model already begins with it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = self.model.strip_prefix(self.maker.as_str()).unwrap_or(&self.model).trim();
        match (self.maker.as_str().is_empty(), model.is_empty()) {
            (true, true) => f.write_str("unknown"),
            (true, false) => f.write_str(model),
            (false, true) => write!(f, "{}", self.maker),
            (false, false) => write!(f, "{} {model}", self.maker),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_maker_meet() {
        for (written, name) in [
            ("SIEMENS", "Siemens"),
            ("Siemens Healthineers", "Siemens"),
            ("GE MEDICAL SYSTEMS", "GE"),
            ("G.E. Medical Systems", "GE"),
            ("TOSHIBA_MEC", "Canon"),
            ("Canon Medical Systems", "Canon"),
            ("Philips Medical Systems", "Philips"),
            ("Gendex", "Gendex"),
        ] {
            assert_eq!(Maker::from_header(written).as_str(), name);
        }
    }

    #[test]
    fn a_device_is_named_once() {
        assert_eq!(
            Equipment::from_header("DK Medical Systems", "Innovision").to_string(),
            "DK Medical Innovision"
        );
        assert_eq!(Equipment::from_header("SAMSUNG ELECTRONICS", "Samsung GM85").to_string(), "Samsung GM85");
    }
}
