//! Figures as the cells that tables and Markdown share. Everything that a figure needs to be read rightly stands
//! in its own line.

use crate::{Figure, Proportion, Ranked, Statistic, wilson};

/// The columns' names.
pub(super) const HEADER: [&str; 7] = ["id", "statistic", "n", "of", "unit", "figure", "missing"];

/// One line: a cell for each column.
pub(super) type Line = [String; 7];

/// The lines of a statistic: one, and one more for each line of a ranking.
pub(super) fn lines(statistic: &Statistic) -> Vec<Line> {
    let Statistic { id, name, figure } = statistic;
    let line = |n: String, of: String, unit: String, figure: String, missing: String| -> Line {
        [id.clone(), name.clone(), n, of, unit, figure, missing]
    };
    let none = String::new;
    match figure {
        Figure::Count { n, unit } => vec![line(n.to_string(), none(), unit.to_string(), none(), none())],
        Figure::Proportion(proportion) => vec![line(
            proportion.n.to_string(),
            proportion.of.to_string(),
            proportion.unit.to_string(),
            percent(proportion),
            proportion.missing.to_string(),
        )],
        Figure::Summary { mean, min, max, unit, n, missing } => {
            let range = format!("{} to {}", number(*min), number(*max));
            let mean = mean.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.1}"));
            let figure = format!("mean {mean}, range {range}");
            vec![line(n.to_string(), none(), unit.to_string(), figure, missing.to_string())]
        }
        Figure::Ratio { n, unit, per, ratio } => {
            let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
            let figure = format!("{ratio} per subject imaged");
            vec![line(n.to_string(), per.to_string(), unit.to_string(), figure, none())]
        }
        Figure::Rank { rank, unit, of, missing } => {
            let head = line(none(), of.to_string(), unit.to_string(), none(), missing.to_string());
            let ranked = rank.iter().zip(1..).map(|(entry, place)| ranked(entry, place, *of, unit));
            std::iter::once(head).chain(ranked).collect()
        }
    }
}

fn ranked(entry: &Ranked, place: usize, of: u64, unit: &crate::Unit) -> Line {
    let share = crate::round::quotient(entry.n.saturating_mul(100), of, 1);
    let share = share.map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1} %"));
    [
        String::new(),
        format!("  {place}. {}", entry.name),
        entry.n.to_string(),
        of.to_string(),
        unit.to_string(),
        share,
        String::new(),
    ]
}

fn percent(proportion: &Proportion) -> String {
    let words = proportion.quantifier.words();
    match (proportion.percent(), wilson(proportion.n, proportion.of)) {
        (Some(percent), Some(interval)) => {
            let quantifier = if words.is_empty() { String::new() } else { format!(" {words}") };
            format!(
                "{percent:.1} % ({:.1} to {:.1}){quantifier}",
                interval.low_percent, interval.high_percent
            )
        }
        _ => "-".to_owned(),
    }
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
