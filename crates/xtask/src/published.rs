//! The published figures of KICC-19, to compare a demo with. They stand here and in the phantom's margins,
//! and nowhere in the code that counts.

use std::fmt::Write as _;

use serde_json::Value;

/// One line per figure: id, and the fields that must agree. Source: J Korean Med Sci 2020;35(46):e413,
/// doi 10.3346/jkms.2020.35.e413, abstract, and figures that follow from its totals.
const FIGURES: &str = include_str!("../data/kicc19.tsv");

/// How a counted figure compares with the published one.
pub struct Comparison {
    /// Identifier of the statistic, for example `S11a`.
    pub id: String,
    /// The statistic in words.
    pub name: String,
    /// The counted values.
    pub counted: String,
    /// `None` when all published fields agree, else what differs.
    pub difference: Option<String>,
}

/// Compares `counted`, as `sumgil-registry statistics --format json` prints it, with the published figures.
pub fn compare(counted: &[Value]) -> Vec<Comparison> {
    FIGURES
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(|line| compare_line(line, counted))
        .collect()
}

fn compare_line(line: &str, counted: &[Value]) -> Comparison {
    let mut fields = line.split('\t');
    let id = fields.next().unwrap_or_default().to_owned();
    let found = counted.iter().find(|statistic| statistic["id"] == id.as_str());
    let mut shown = String::new();
    let mut differences = Vec::new();
    for (key, published) in fields.filter_map(|field| field.split_once('=')) {
        let value = found.map_or_else(|| "absent".to_owned(), |statistic| field_text(statistic, key));
        let agrees = if key == "rank" { value.starts_with(published) } else { value == published };
        if !agrees {
            differences.push(format!("{key} {value}, published {published}"));
        }
        write!(shown, "{key} {value}  ").ok();
    }
    let name = found.and_then(|statistic| statistic["name"].as_str()).unwrap_or_default().to_owned();
    let difference = (!differences.is_empty()).then(|| differences.join("; "));
    Comparison { id, name, counted: shown.trim_end().to_owned(), difference }
}

fn field_text(statistic: &Value, key: &str) -> String {
    match &statistic[key] {
        Value::String(text) => text.clone(),
        Value::Array(rank) => rank.iter().filter_map(|r| r["name"].as_str()).collect::<Vec<_>>().join(" > "),
        Value::Null => "absent".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_changed_numerator_is_seen() {
        let right = json!({"id": "S1", "name": "subjects", "n": 522});
        let wrong = json!({"id": "S1", "name": "subjects", "n": 521});
        let difference = |statistic: Value| compare(&[statistic]).swap_remove(0).difference;
        assert_eq!(difference(right), None);
        assert_eq!(difference(wrong).as_deref(), Some("n 521, published 522"));
    }

    #[test]
    fn an_absent_figure_is_no_agreement() {
        assert!(compare(&[]).iter().all(|c| c.difference.is_some()));
    }
}
