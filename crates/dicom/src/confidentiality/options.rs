//! Which options of the profile are on (PS3.15 E.3), and the codes that say so in a file.

/// The options beside the Basic Application Level Confidentiality Profile, which is always on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Clean Pixel Data Option (113101).
    pub clean_pixel_data: bool,
    /// Clean Graphics Option (113103).
    pub clean_graphics: bool,
    /// Clean Structured Content Option (113104).
    pub clean_structured_content: bool,
    /// Clean Descriptors Option (113105).
    pub clean_descriptors: bool,
    /// Retain Longitudinal Temporal Information With Full Dates Option (113106).
    pub retain_full_dates: bool,
    /// Retain Longitudinal Temporal Information With Modified Dates Option (113107).
    pub retain_modified_dates: bool,
    /// Retain Patient Characteristics Option (113108).
    pub retain_patient_characteristics: bool,
    /// Retain Device Identity Option (113109).
    pub retain_device_identity: bool,
    /// Retain UIDs Option (113110).
    pub retain_uids: bool,
    /// Retain Safe Private Option (113111).
    pub retain_safe_private: bool,
    /// Retain Institution Identity Option (113112).
    pub retain_institution_identity: bool,
}

/// A code of context group 7050, De-identification Method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Code Value (0008,0100); the scheme is DCM.
    pub value: &'static str,
    /// Code Meaning (0008,0104).
    pub meaning: &'static str,
}

impl Options {
    /// The profile without options.
    pub fn basic() -> Self {
        Self::default()
    }

    /// What a cohort needs: everything is cleaned, and dates (modified), patient characteristics, device identity and
    /// safe private attributes are retained.
    pub fn default_profile() -> Self {
        Self {
            clean_pixel_data: true,
            clean_graphics: true,
            clean_structured_content: true,
            clean_descriptors: true,
            retain_modified_dates: true,
            retain_patient_characteristics: true,
            retain_device_identity: true,
            retain_safe_private: true,
            ..Self::default()
        }
    }

    /// The options whose codes are among `codes`, as a file states them in (0012,0064). Unknown codes say nothing.
    pub fn of_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut options = Self::default();
        for code in codes {
            match code {
                "113101" => options.clean_pixel_data = true,
                "113103" => options.clean_graphics = true,
                "113104" => options.clean_structured_content = true,
                "113105" => options.clean_descriptors = true,
                "113106" => options.retain_full_dates = true,
                "113107" => options.retain_modified_dates = true,
                "113108" => options.retain_patient_characteristics = true,
                "113109" => options.retain_device_identity = true,
                "113110" => options.retain_uids = true,
                "113111" => options.retain_safe_private = true,
                "113112" => options.retain_institution_identity = true,
                _ => {}
            }
        }
        options
    }

    /// Whether these options retain nothing that `most` does not retain: then what conforms to them may go where
    /// `most` is demanded.
    pub fn retain_at_most(&self, most: &Self) -> bool {
        let within = |ours: bool, theirs: bool| !ours || theirs;
        within(self.retain_full_dates, most.retain_full_dates)
            && within(self.retain_modified_dates, most.retain_modified_dates || most.retain_full_dates)
            && within(self.retain_patient_characteristics, most.retain_patient_characteristics)
            && within(self.retain_device_identity, most.retain_device_identity)
            && within(self.retain_uids, most.retain_uids)
            && within(self.retain_safe_private, most.retain_safe_private)
            && within(self.retain_institution_identity, most.retain_institution_identity)
    }

    /// The codes for De-identification Method Code Sequence (0012,0064), in ascending order.
    pub fn codes(&self) -> Vec<Code> {
        let all = [
            (true, "113100", "Basic Application Confidentiality Profile"),
            (self.clean_pixel_data, "113101", "Clean Pixel Data Option"),
            (self.clean_graphics, "113103", "Clean Graphics Option"),
            (self.clean_structured_content, "113104", "Clean Structured Content Option"),
            (self.clean_descriptors, "113105", "Clean Descriptors Option"),
            (self.retain_full_dates, "113106", "Retain Longitudinal Temporal Information Full Dates Option"),
            (
                self.retain_modified_dates,
                "113107",
                "Retain Longitudinal Temporal Information Modified Dates Option",
            ),
            (self.retain_patient_characteristics, "113108", "Retain Patient Characteristics Option"),
            (self.retain_device_identity, "113109", "Retain Device Identity Option"),
            (self.retain_uids, "113110", "Retain UIDs Option"),
            (self.retain_safe_private, "113111", "Retain Safe Private Option"),
            (self.retain_institution_identity, "113112", "Retain Institution Identity Option"),
        ];
        all.into_iter().filter(|code| code.0).map(|(_, value, meaning)| Code { value, meaning }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_back_from_their_codes() {
        let options = Options { retain_uids: true, ..Options::default_profile() };
        assert_eq!(Options::of_codes(options.codes().iter().map(|code| code.value)), options);
        assert_eq!(Options::of_codes(["113100", "no such code"]), Options::basic());
    }

    #[test]
    fn less_may_go_where_more_is_demanded() {
        let most = Options::default_profile();
        assert!(Options::basic().retain_at_most(&most) && most.retain_at_most(&most));
        assert!(!Options { retain_uids: true, ..most }.retain_at_most(&most));
        assert!(!Options { retain_full_dates: true, ..Options::basic() }.retain_at_most(&most));
    }
}
