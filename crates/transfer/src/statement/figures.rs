//! Statements about the site itself: its self-test's figures and its approval.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::fields::Fields;

/// What a run of the site's self-test found: numbers alone. An invented patient with planted identifiers goes
/// through the site's own de-identification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTestFigures {
    /// When it ran.
    pub ran_at: Timestamp,
    /// The version of the de-identification profile.
    pub profile: String,
    /// The version of the edge.
    pub software: String,
    /// Files of the invented patient.
    pub files: u64,
    /// Of these, cleared.
    pub cleared: u64,
    /// Of these, kept for a person.
    pub kept: u64,
    /// Identifiers, dates and UIDs that were planted.
    pub planted: u64,
    /// Of these, found in no cleared file: recall is `hidden / planted`.
    pub hidden: u64,
    /// Values in cleared files that must stay as they were.
    pub should_stay: u64,
    /// Of these, still there: the rest was removed wrongly.
    pub stayed: u64,
}

/// Longest version text, in bytes.
const LONGEST_VERSION: usize = 64;

impl SelfTestFigures {
    /// Whether nothing planted came out, and something was tested at all.
    pub fn passed(&self) -> bool {
        self.planted > 0 && self.hidden == self.planted && self.cleared > 0
    }

    pub(super) fn fault(&self) -> Option<&'static str> {
        let graphic = |text: &String| {
            (1..=LONGEST_VERSION).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        };
        if ![&self.profile, &self.software].into_iter().all(graphic) {
            return Some("a version is empty, too long or not printable");
        }
        let sums = self.hidden <= self.planted
            && self.stayed <= self.should_stay
            && self.cleared.checked_add(self.kept).is_some_and(|sum| sum <= self.files);
        (!sums).then_some("a part is larger than its whole")
    }

    pub(super) fn encode(&self, to: &mut Fields) {
        to.number(self.ran_at.as_microsecond() as u64).text(&self.profile).text(&self.software);
        for number in
            [self.files, self.cleared, self.kept, self.planted, self.hidden, self.should_stay, self.stayed]
        {
            to.number(number);
        }
    }
}

/// On what the use of patients' data rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalBasis {
    /// The patients have agreed.
    Consent,
    /// The review board has waived consent.
    Waiver,
}

impl LegalBasis {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Waiver => "waiver",
        }
    }
}

impl std::str::FromStr for LegalBasis {
    type Err = &'static str;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "consent" => Ok(Self::Consent),
            "waiver" => Ok(Self::Waiver),
            _ => Err("a legal basis is consent or waiver"),
        }
    }
}

/// The decision of the site's review board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Its number there; 1 to 64 printable characters.
    pub irb_number: String,
    /// The first day on which data may be sent.
    pub valid_from: Date,
    /// The last day on which data may be sent.
    pub valid_until: Date,
    /// On what it rests.
    pub basis: LegalBasis,
}

/// Longest number of a review board's decision, in characters.
const LONGEST_IRB_NUMBER: usize = 64;

impl Approval {
    /// What is wrong with it; nothing in a good one.
    pub fn fault(&self) -> Option<&'static str> {
        let length = self.irb_number.chars().count();
        if !(1..=LONGEST_IRB_NUMBER).contains(&length) || self.irb_number.chars().any(char::is_control) {
            return Some("the IRB number is empty, too long or not printable");
        }
        (self.valid_until < self.valid_from).then_some("the approval ends before it begins")
    }

    /// Whether data may be sent on `day`.
    pub fn covers(&self, day: Date) -> bool {
        (self.valid_from..=self.valid_until).contains(&day)
    }

    pub(super) fn encode(&self, to: &mut Fields) {
        to.text(&self.irb_number).text(&self.valid_from.to_string()).text(&self.valid_until.to_string());
        to.text(self.basis.as_str());
    }
}
