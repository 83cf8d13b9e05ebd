//! Exams: what counts as one, why it was made and where.

use serde::{Deserialize, Serialize};

/// The two kinds of exam that a chest-imaging cohort counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExamKind {
    /// One study with at least one CT image series that is no localiser, dose report or secondary capture.
    Ct,
    /// One study with at least one frontal CR or DX image.
    Cxr,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every code, in the order of the codebook.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as tables and messages write it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The code in words.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The value of `code`, if it is one.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

codes! {
    /// Why an exam was made. One exam may have several.
    Indication {
        /// Pneumonia suspected on a radiograph.
        PneumoniaSuspectedAfterCxr = "pneumonia_suspected_after_cxr", "pneumonia suspected after CXR";
        /// A complication suspected in the course.
        SuspectedComplication = "suspected_complication", "suspected complication";
        /// First assessment at admission.
        InitialAssessment = "initial_assessment", "initial assessment";
        /// Follow-up of known disease.
        FollowUp = "follow_up", "follow-up of known disease";
        /// Symptoms that a radiograph does not explain.
        SymptomsWithNormalCxr = "symptoms_with_normal_cxr", "symptoms with a normal CXR";
        /// Before discharge or the end of isolation.
        BeforeDischarge = "before_discharge", "before discharge";
        /// Position of a line or tube.
        LineOrTube = "line_or_tube", "line or tube position";
        /// Any other reason.
        Other = "other", "other";
    }
}

codes! {
    /// Where an exam was made.
    Setting {
        /// Emergency department.
        Emergency = "emergency", "emergency department";
        /// Outpatient or screening clinic.
        Outpatient = "outpatient", "outpatient";
        /// Ward.
        Ward = "ward", "ward";
        /// Intensive care unit.
        Icu = "icu", "intensive care unit";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for indication in Indication::ALL {
            assert_eq!(Indication::from_code(indication.code()), Some(*indication));
            assert_eq!(serde_json::to_value(indication).unwrap(), indication.code());
        }
        for setting in Setting::ALL {
            assert_eq!(serde_json::to_value(setting).unwrap(), setting.code());
        }
    }
}
