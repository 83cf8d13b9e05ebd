//! Statistics as a table for people, as JSON for programs, as CSV and as Markdown.

mod csv;
mod json;
mod lines;
mod markdown;
mod table;

use std::str::FromStr;

use crate::Statistic;

/// How to write statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// An array of objects.
    Json,
    /// One line a figure, with a header.
    Csv,
    /// A Markdown table.
    Md,
}

impl FromStr for Format {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            "md" => Ok(Self::Md),
            _ => Err("expected table, json, csv or md".to_owned()),
        }
    }
}

/// Statistics could not be written. Only a failing serializer can cause it.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// JSON.
    #[error("statistics as json: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV.
    #[error("statistics as csv: {0}")]
    Csv(String),
}

/// The statistics in `format`, ending with a line end.
///
/// # Errors
/// [`RenderError`] when a serializer fails.
pub fn render(statistics: &[Statistic], format: Format) -> Result<String, RenderError> {
    match format {
        Format::Table => Ok(table::table(statistics)),
        Format::Json => json::json(statistics),
        Format::Csv => csv::csv(statistics),
        Format::Md => Ok(markdown::markdown(statistics)),
    }
}
