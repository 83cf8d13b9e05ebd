//! What is counted, as data.

use serde::{Deserialize, Serialize};
use sumgil_model::{ExamKind, Sex, Variable};

use crate::Quantifier;

/// A set of statistics over one population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    /// Its name.
    pub name: String,
    /// Where the definitions come from.
    pub source: String,
    /// Who belongs to the population; exams count only inside the index stay.
    pub population: Filter,
    /// The statistics, in the order of the table.
    pub statistics: Vec<Definition>,
}

/// One statistic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Short and stable, for example `S11a`.
    pub id: String,
    /// In words.
    pub name: String,
    /// What is measured.
    pub measure: Measure,
}

/// What a statistic measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// How many subjects.
    Count {
        /// Which of the population.
        of: Filter,
    },
    /// The proportion of subjects; those for whom it is not known are missing, not denominators.
    Subjects {
        /// The denominator: which of the population.
        #[serde(default)]
        of: Filter,
        /// The numerator.
        having: Filter,
    },
    /// The proportion of exams of one kind that one maker's equipment made.
    Exams {
        /// Which exams.
        of: ExamKind,
        /// The maker's name in [`sumgil_model::Maker`]'s spelling.
        by_maker: String,
    },
    /// Mean, least and greatest of a number.
    Summary {
        /// Which number.
        of: Numeric,
    },
    /// A ranking.
    Rank {
        /// Of which exams.
        of: ExamKind,
        /// By what.
        by: RankBy,
    },
    /// Exams for each subject that has any.
    PerImagedSubject {
        /// Which exams.
        of: ExamKind,
    },
}

/// A number of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numeric {
    /// Age in completed years at admission.
    AgeYears,
}

/// What a ranking counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// Exposures by device.
    Device,
    /// Exams by indication; an exam with several counts for each.
    Indication,
}

/// A question about a subject: yes, no, or not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// Yes for all.
    #[default]
    Everyone,
    /// Is the sex this one?
    Sex(Sex),
    /// Was this variable answered with yes?
    Answer(Variable),
    /// Was the first value within a day of admission below the site's range?
    BelowRangeAtAdmission(Variable),
    /// Was the first value within a day of admission above the site's range?
    AboveRangeAtAdmission(Variable),
    /// Are there so many exams in the index stay?
    Exams {
        /// Of which kind.
        kind: ExamKind,
        /// Exactly or at least.
        quantifier: Quantifier,
        /// How many.
        count: usize,
    },
    /// Do all hold?
    All(Vec<Filter>),
    /// Does one hold?
    Any(Vec<Filter>),
    /// Does it not hold?
    Not(Box<Filter>),
}

/// Definitions that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// Not JSON, or not of the wanted form.
    #[error("statistics definitions: {0}")]
    Form(#[from] serde_json::Error),
    /// Two statistics share an id.
    #[error("statistics definitions: the id {0} is used twice")]
    Twice(String),
}

impl Definitions {
    /// Reads definitions from JSON.
    ///
    /// # Errors
    /// [`DefinitionError`] when the form is wrong or an id is used twice.
    pub fn from_json(text: &str) -> Result<Self, DefinitionError> {
        let definitions: Self = serde_json::from_str(text)?;
        let mut ids = std::collections::BTreeSet::new();
        match definitions.statistics.iter().find(|definition| !ids.insert(&definition.id)) {
            Some(twice) => Err(DefinitionError::Twice(twice.id.clone())),
            None => Ok(definitions),
        }
    }

    /// The tables of the Korean Imaging Cohort of COVID-19.
    ///
    /// # Errors
    /// Never with the file that is shipped; a test reads it.
    pub fn kicc19() -> Result<Self, DefinitionError> {
        Self::from_json(include_str!("../definitions/kicc19.json"))
    }
}
