//! JSON: an array of objects.

use super::RenderError;
use crate::Statistic;

pub(super) fn json(statistics: &[Statistic]) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(statistics)?;
    text.push('\n');
    Ok(text)
}
