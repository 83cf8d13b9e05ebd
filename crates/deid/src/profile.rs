//! The profile: which options of PS3.15 Annex E hold, and how a file says so.

use serde::Deserialize;
use sumgil_dicom::confidentiality::{self, Options};

use crate::Error;

const SHIPPED: [&str; 2] =
    [include_str!("../profiles/default.toml"), include_str!("../profiles/strict.toml")];
/// Longest name of a profile, so that the method's text fits (0012,0063).
const LONGEST_NAME: usize = 24;

/// A confidentiality profile with its options, under a version that every object carries.
#[derive(Clone, PartialEq)]
pub struct Profile {
    version: String,
    title: String,
    title_ko: String,
    options: Options,
    cap_years: Option<u16>,
}

/// A profile as its TOML file states it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    name: String,
    version: u32,
    title: String,
    title_ko: String,
    options: OptionsTable,
    #[serde(default)]
    age: AgeTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OptionsTable {
    clean_pixel_data: bool,
    clean_graphics: bool,
    clean_structured_content: bool,
    clean_descriptors: bool,
    retain_modified_dates: bool,
    retain_patient_characteristics: bool,
    retain_device_identity: bool,
    retain_safe_private: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AgeTable {
    cap_years: Option<u16>,
}

impl Profile {
    /// The profile that holds when nobody says otherwise.
    pub fn default_profile() -> Self {
        Self::named("default").unwrap_or_else(Self::strictest)
    }

    /// A shipped profile: `default` or `strict`.
    pub fn named(name: &str) -> Option<Self> {
        let shipped = SHIPPED.iter().filter_map(|text| ProfileFile::read(text).ok());
        shipped.into_iter().find(|file| file.name == name).and_then(|file| file.profile().ok())
    }

    /// The names of the shipped profiles.
    pub fn names() -> Vec<String> {
        SHIPPED.iter().filter_map(|text| ProfileFile::read(text).ok()).map(|file| file.name).collect()
    }

    /// A profile as a TOML file states it; see the shipped ones for what can be said.
    ///
    /// # Errors
    /// [`Error::Profile`] says what is wrong.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        ProfileFile::read(text)?.profile()
    }

    /// Nothing retained and nothing cleaned: what identifies goes whole.
    fn strictest() -> Self {
        Self {
            version: "sumgil-basic-1".to_owned(),
            title: "Basic profile".to_owned(),
            title_ko: "기본 프로파일".to_owned(),
            options: Options::basic(),
            cap_years: None,
        }
    }

    /// Name and version, for the object's context.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it is for, in English.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is for, in Korean.
    pub fn title_ko(&self) -> &str {
        &self.title_ko
    }

    /// The options that are on.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The age in years above which ages are written as this one.
    pub fn cap_years(&self) -> Option<u16> {
        self.cap_years
    }

    pub(crate) fn codes(&self) -> Vec<confidentiality::Code> {
        self.options.codes()
    }

    /// The text for (0012,0063): at most 64 characters.
    pub(crate) fn method(&self) -> String {
        format!("{}, PS3.15 Annex E {}", self.version, confidentiality::EDITION).chars().take(64).collect()
    }
}

impl ProfileFile {
    fn read(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| Error::Profile(error.to_string()))
    }

    fn profile(self) -> Result<Profile, Error> {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > LONGEST_NAME || !self.name.chars().all(is_name) {
            let told = format!("name: up to {LONGEST_NAME} of a-z, 0-9 and '-'");
            return Err(Error::Profile(told));
        }
        if self.age.cap_years.is_some_and(|cap| !(1..=150).contains(&cap)) {
            return Err(Error::Profile("age.cap_years: 1 to 150".to_owned()));
        }
        Ok(Profile {
            version: format!("sumgil-{}-{}", self.name, self.version),
            title: self.title,
            title_ko: self.title_ko,
            options: self.options.options(),
            cap_years: self.age.cap_years,
        })
    }
}

impl OptionsTable {
    fn options(&self) -> Options {
        Options {
            clean_pixel_data: self.clean_pixel_data,
            clean_graphics: self.clean_graphics,
            clean_structured_content: self.clean_structured_content,
            clean_descriptors: self.clean_descriptors,
            retain_modified_dates: self.retain_modified_dates,
            retain_patient_characteristics: self.retain_patient_characteristics,
            retain_device_identity: self.retain_device_identity,
            retain_safe_private: self.retain_safe_private,
            ..Options::basic()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profiles_read() {
        assert_eq!(Profile::names(), ["default", "strict"]);
        let default = Profile::default_profile();
        assert_eq!(default.version(), "sumgil-default-2");
        assert_eq!(*default.options(), Options::default_profile());
        let strict = Profile::named("strict").unwrap();
        assert!(strict.options().retain_at_most(&Options::basic()));
        assert!(Profile::named("no-such").is_none());
    }

    #[test]
    fn a_profile_file_is_read_strictly() {
        let text = "name = \"mine\"\nversion = 3\ntitle = \"t\"\ntitle_ko = \"t\"\n[options]\nclean_graphics = true\n[age]\ncap_years = 89\n";
        let profile = Profile::from_toml(text).ok().unwrap();
        assert_eq!((profile.version(), profile.cap_years()), ("sumgil-mine-3", Some(89)));
        for bad in [
            text.replace("clean_graphics", "retain_uids"),
            text.replace("mine", "No Name"),
            text.replace("89", "0"),
            String::new(),
        ] {
            assert!(Profile::from_toml(&bad).is_err());
        }
    }
}
