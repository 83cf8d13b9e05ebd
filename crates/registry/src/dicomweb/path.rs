//! The part of an address that names study, series and instance.

use std::collections::HashMap;

use sumgil_model::{Instance, Series, Study, Uid};

use crate::web::Problem;

/// What an address names. Deeper levels are absent when it names a whole study or series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) study: Uid<Study>,
    pub(super) series: Option<Uid<Series>>,
    pub(super) instance: Option<Uid<Instance>>,
}

impl Place {
    /// From the path's parameters; a malformed UID names nothing.
    pub(super) fn of(parameters: &HashMap<String, String>) -> Result<Self, Problem> {
        let study = parameters.get("study").ok_or_else(Problem::not_found)?;
        Ok(Self {
            study: Uid::parse(study).map_err(|_| Problem::not_found())?,
            series: optional(parameters.get("series"))?,
            instance: optional(parameters.get("instance"))?,
        })
    }

    /// The address of one instance of this study.
    pub(super) fn instance_url(&self, base: &str, series: &Uid<Series>, instance: &Uid<Instance>) -> String {
        format!("{base}/studies/{}/series/{series}/instances/{instance}", self.study)
    }
}

fn optional<K: sumgil_model::UidKind>(text: Option<&String>) -> Result<Option<Uid<K>>, Problem> {
    text.map(|text| Uid::parse(text).map_err(|_| Problem::not_found())).transpose()
}
