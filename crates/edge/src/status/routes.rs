//! What `GET /status` tells.

use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::{
    Edge, EdgeError, Standing,
    spool::{Alarm, Counts},
    upload::Line,
};

/// What the page shows.
#[derive(Clone)]
pub struct StatusPage {
    edge: Edge,
    line: Arc<Mutex<Line>>,
}

/// The counts, as JSON shows them.
#[derive(Serialize)]
pub struct Status {
    pub(super) version: &'static str,
    pub(super) site: String,
    pub(super) registry: Line,
    pub(super) drained: bool,
    #[serde(flatten)]
    pub(super) counts: Counts,
    #[serde(flatten)]
    pub(super) standing: Standing,
    #[serde(rename = "alarm_list")]
    pub(super) alarms: Vec<Alarm>,
}

impl Status {
    /// The site's name.
    pub fn site(&self) -> &str {
        &self.site
    }
}

impl StatusPage {
    /// The counts of `edge`; `line` tells how the way to the registry is.
    pub fn new(edge: &Edge, line: Arc<Mutex<Line>>) -> Self {
        Self { edge: edge.clone(), line }
    }

    /// The counts as they are now.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn status(&self) -> Result<Status, EdgeError> {
        let counts = self.edge.db.counts().await?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            site: self.edge.enrolment.site.to_string(),
            registry: self.line.lock().map(|line| line.clone()).unwrap_or_default(),
            drained: counts.drained(),
            counts,
            standing: Standing::of(&self.edge).await?,
            alarms: self.edge.db.alarms().await?,
        })
    }
}
