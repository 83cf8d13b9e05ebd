//! A clinical value: measured with its unit, range, time and source, or missing with its reason.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why there is no value. Never 999, never an empty string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReason {
    /// Nobody wrote it down.
    NotRecorded,
    /// The test or the question was not done.
    NotDone,
    /// The patient or the informant did not know.
    Unknown,
    /// The question does not apply to this subject.
    NotApplicable,
    /// The site declined to give it.
    Withheld,
}

/// The site's own normal range, in the unit of the value beside it. An absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReferenceRange {
    /// Lower limit of normal.
    pub low: Option<f64>,
    /// Upper limit of normal.
    pub high: Option<f64>,
}

/// What was found: a number, an answer or a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A number in the unit beside it.
    Number(f64),
    /// Yes or no.
    Answer(bool),
    /// A code of the codebook.
    Code(String),
}

/// A value as the site gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// What was found.
    pub value: Quantity,
    /// The unit as the site wrote it, in UCUM where it is one; none for answers and codes.
    pub unit: Option<String>,
    /// The site's normal range in the same unit.
    pub reference_range: ReferenceRange,
    /// The day it holds for, shifted as all of the subject's days are.
    pub at: Option<Date>,
    /// Where it came from, for example `laboratory` or `form`.
    pub source: String,
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// There is one.
    Measured(Measured),
    /// There is none, for this reason.
    Missing(MissingReason),
}

impl Value {
    /// The answer to a yes-or-no question; `None` when missing or of another kind.
    pub fn answer(&self) -> Option<bool> {
        match self {
            Self::Measured(Measured { value: Quantity::Answer(answer), .. }) => Some(*answer),
            _ => None,
        }
    }

    /// The measured number with its unit and range; `None` when missing or of another kind.
    pub fn number(&self) -> Option<(f64, &Measured)> {
        match self {
            Self::Measured(measured @ Measured { value: Quantity::Number(number), .. }) => {
                Some((*number, measured))
            }
            _ => None,
        }
    }
}
