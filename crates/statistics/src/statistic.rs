//! Figures with all that they need to be read rightly.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap as _};

use crate::round::quotient;

/// How a count of exams is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// So many and no more.
    Exactly,
    /// So many or more.
    AtLeast,
    /// The figure counts no exams.
    Any,
}

impl Quantifier {
    pub(crate) fn holds(self, found: usize, wanted: usize) -> bool {
        match self {
            Self::Exactly => found == wanted,
            Self::AtLeast => found >= wanted,
            Self::Any => true,
        }
    }

    /// In words, as tables print it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exactly => "exactly",
            Self::AtLeast => "at least",
            Self::Any => "",
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Subjects.
    Subject,
    /// Exams.
    Exam,
    /// Exposures.
    Exposure,
    /// Years.
    Year,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subject => "subject",
            Self::Exam => "exam",
            Self::Exposure => "exposure",
            Self::Year => "year",
        })
    }
}

/// A proportion. No percentage exists without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    /// Numerator.
    pub n: u64,
    /// Denominator: those for whom the answer is known.
    pub of: u64,
    /// What both count.
    pub unit: Unit,
    /// Exactly or at least, where exams are counted.
    pub quantifier: Quantifier,
    /// Those for whom the answer is not known.
    pub missing: u64,
}

impl Proportion {
    /// Percent with one decimal; none when the denominator is zero.
    pub fn percent(&self) -> Option<f64> {
        quotient(self.n.saturating_mul(100), self.of, 1)
    }
}

/// One line of a ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// What.
    pub name: String,
    /// How many.
    pub n: u64,
}

/// A statistic's figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// How many.
    Count {
        /// How many.
        n: u64,
        /// Of what.
        unit: Unit,
    },
    /// A proportion.
    Proportion(Proportion),
    /// Mean with one decimal, least and greatest; none of them when nobody has a value.
    Summary {
        /// The mean.
        mean: Option<f64>,
        /// The least.
        min: Option<u64>,
        /// The greatest.
        max: Option<u64>,
        /// Their unit.
        unit: Unit,
        /// How many have a value.
        n: u64,
        /// How many have none.
        missing: u64,
    },
    /// A ranking, most frequent first, then by name.
    Rank {
        /// Its lines.
        rank: Vec<Ranked>,
        /// What the lines count.
        unit: Unit,
        /// How many units were looked at.
        of: u64,
        /// How many units say nothing.
        missing: u64,
    },
    /// A ratio with two decimals.
    Ratio {
        /// How many.
        n: u64,
        /// Of what.
        unit: Unit,
        /// For how many subjects.
        per: u64,
        /// The ratio; none when there is no subject.
        ratio: Option<f64>,
    },
}

/// A figure with its id and name.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// Short and stable, for example `S11a`.
    pub id: String,
    /// In words.
    pub name: String,
    /// What was found.
    pub figure: Figure,
}

impl Serialize for Statistic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("name", &self.name)?;
        match &self.figure {
            Figure::Count { n, unit } => {
                map.serialize_entry("n", n)?;
                map.serialize_entry("unit", unit)?;
            }
            Figure::Proportion(proportion) => {
                map.serialize_entry("n", &proportion.n)?;
                map.serialize_entry("of", &proportion.of)?;
                map.serialize_entry("unit", &proportion.unit)?;
                map.serialize_entry("quantifier", &proportion.quantifier)?;
                map.serialize_entry("percent", &proportion.percent())?;
                map.serialize_entry("missing", &proportion.missing)?;
            }
            Figure::Summary { mean, min, max, unit, n, missing } => {
                map.serialize_entry("mean", mean)?;
                map.serialize_entry("min", min)?;
                map.serialize_entry("max", max)?;
                map.serialize_entry("unit", unit)?;
                map.serialize_entry("n", n)?;
                map.serialize_entry("missing", missing)?;
            }
            Figure::Rank { rank, unit, of, missing } => {
                map.serialize_entry("rank", rank)?;
                map.serialize_entry("unit", unit)?;
                map.serialize_entry("of", of)?;
                map.serialize_entry("missing", missing)?;
            }
            Figure::Ratio { n, unit, per, ratio } => {
                map.serialize_entry("n", n)?;
                map.serialize_entry("unit", unit)?;
                map.serialize_entry("per", per)?;
                map.serialize_entry("ratio", ratio)?;
            }
        }
        map.end()
    }
}
