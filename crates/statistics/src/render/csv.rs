//! CSV: one line a figure, every part in a column of its own; a ranking has one line a place.

use super::RenderError;
use crate::{Figure, Statistic, wilson};

const HEADER: [&str; 16] = [
    "id",
    "name",
    "place",
    "item",
    "n",
    "of",
    "unit",
    "quantifier",
    "percent",
    "low_percent",
    "high_percent",
    "missing",
    "mean",
    "min",
    "max",
    "ratio",
];

pub(super) fn csv(statistics: &[Statistic]) -> Result<String, RenderError> {
    let failed = |error: csv::Error| RenderError::Csv(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(failed)?;
    for record in statistics.iter().flat_map(records) {
        writer.write_record(&record).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| RenderError::Csv(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| RenderError::Csv(error.to_string()))
}

/// A record under way: cells by the name of their column.
struct Record([String; HEADER.len()]);

impl Record {
    fn of(statistic: &Statistic) -> Self {
        Self(std::array::from_fn(|_| String::new())).set("id", &statistic.id).set("name", &statistic.name)
    }

    fn set(mut self, column: &str, value: &impl ToString) -> Self {
        if let Some(place) = HEADER.iter().position(|name| *name == column) {
            self.0[place] = value.to_string();
        }
        self
    }

    fn set_some(self, column: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.set(column, &value),
            None => self,
        }
    }
}

fn records(statistic: &Statistic) -> Vec<[String; HEADER.len()]> {
    let record = Record::of(statistic);
    let one = match &statistic.figure {
        Figure::Count { n, unit } => record.set("n", n).set("unit", unit),
        Figure::Proportion(proportion) => {
            let interval = wilson(proportion.n, proportion.of);
            record
                .set("n", &proportion.n)
                .set("of", &proportion.of)
                .set("unit", &proportion.unit)
                .set("quantifier", &proportion.quantifier.words())
                .set_some("percent", proportion.percent())
                .set_some("low_percent", interval.map(|i| format!("{:.1}", i.low_percent)))
                .set_some("high_percent", interval.map(|i| format!("{:.1}", i.high_percent)))
                .set("missing", &proportion.missing)
        }
        Figure::Summary { mean, min, max, unit, n, missing } => record
            .set("n", n)
            .set("unit", unit)
            .set("missing", missing)
            .set_some("mean", *mean)
            .set_some("min", *min)
            .set_some("max", *max),
        Figure::Ratio { n, unit, per, ratio } => {
            record.set("n", n).set("unit", unit).set("of", per).set_some("ratio", *ratio)
        }
        Figure::Rank { rank, unit, of, missing } => {
            let places = rank.iter().zip(1_usize..);
            return places
                .map(|(entry, place)| {
                    let line = Record::of(statistic).set("place", &place).set("item", &entry.name);
                    line.set("n", &entry.n).set("of", of).set("unit", unit).set("missing", missing).0
                })
                .collect();
        }
    };
    vec![one.0]
}
