//! How a file writes text outside ASCII, and what it says of that.

use sumgil_dicom::charset::{encode_korean, encode_korean_2022};

/// The character set of a file, declared truly, falsely or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// `\ISO 2022 IR 149` with escapes.
    Iso2022Korean,
    /// `ISO_IR 192`.
    Utf8,
    /// EUC-KR, and no Specific Character Set.
    UndeclaredKorean,
    /// UTF-8, and no Specific Character Set.
    UndeclaredUtf8,
    /// `ISO_IR 100`, Western European.
    Latin1,
    /// EUC-KR under `ISO_IR 100`: a device whose setting nobody changed.
    MislabelledKorean,
}

impl Script {
    /// The value of Specific Character Set (0008,0005).
    pub(super) fn declared(self) -> Option<&'static str> {
        match self {
            Self::Iso2022Korean => Some("\\ISO 2022 IR 149"),
            Self::Utf8 => Some("ISO_IR 192"),
            Self::Latin1 | Self::MislabelledKorean => Some("ISO_IR 100"),
            Self::UndeclaredKorean | Self::UndeclaredUtf8 => None,
        }
    }

    /// Whether Hangul can be written.
    pub(super) fn is_korean(self) -> bool {
        self != Self::Latin1
    }

    /// The bytes of `text`; `None` when the character set lacks a character.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Iso2022Korean => encode_korean_2022(text),
            Self::Utf8 | Self::UndeclaredUtf8 => Some(text.as_bytes().to_vec()),
            Self::UndeclaredKorean | Self::MislabelledKorean => encode_korean(text),
            Self::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_by_what_is_declared() {
        let text = "Ryu^Haram=柳^하람";
        for script in [Script::Iso2022Korean, Script::Utf8, Script::UndeclaredKorean, Script::UndeclaredUtf8]
        {
            let codes: Vec<String> =
                script.declared().unwrap_or_default().split('\\').map(str::to_owned).collect();
            let bytes = script.encode(text).unwrap();
            assert_eq!(sumgil_dicom::charset::decode(&bytes, &codes), text, "{script:?}");
        }
        assert_eq!(Script::Latin1.encode("Åsa").unwrap(), b"\xC5sa");
        assert_eq!(Script::Latin1.encode(text), None);
    }
}
