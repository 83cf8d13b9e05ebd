//! Subjects of a protocol with what their clinical records say.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sumgil_model::{
    Measured, MissingReason, ProtocolId, Quantity, ReferenceRange, Stay, SubjectId, Value, Variable,
};
use sumgil_statistics::CohortRow;

use crate::store::{
    StoreError,
    clinical::missing_reason,
    db::{Db, Row, Source, params},
    subjects::sex_of_letter,
};

const SUBJECTS: &str = "SELECT su.id, su.site_id, su.sex, su.age_years, stay.admission, stay.discharge \
    FROM subject_protocol sp JOIN subject su ON su.id = sp.subject_id \
    LEFT JOIN stay ON stay.subject_id = su.id \
    WHERE sp.protocol_id = $1 AND su.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM object o \
    WHERE o.subject_id = su.id AND o.state IN ('stored', 'quarantined')) ORDER BY su.id";
const OBSERVATIONS: &str = "SELECT o.subject_id, o.variable, o.number, o.answer, o.code, o.missing, o.unit, \
    o.reference_low, o.reference_high, o.at, o.source \
    FROM subject_protocol sp JOIN subject su ON su.id = sp.subject_id \
    JOIN observation o ON o.subject_id = su.id \
    WHERE sp.protocol_id = $1 AND su.withdrawn_at IS NULL ORDER BY o.subject_id, o.variable, o.ordinal";

/// Every subject enrolled in the protocol who has not withdrawn and of whom not everything was recalled.
///
/// # Errors
/// A database error; [`StoreError::Corrupt`] for a value that this program cannot have written.
pub async fn subjects(db: &Db, protocol: &ProtocolId) -> Result<Vec<CohortRow>, StoreError> {
    let mut observations: BTreeMap<SubjectId, BTreeMap<Variable, Vec<Value>>> = BTreeMap::new();
    for row in db.all(OBSERVATIONS.into(), params![protocol]).await? {
        let of_subject = observations.entry(row.parsed("subject_id")?).or_default();
        of_subject.entry(row.text("variable")?).or_default().push(value(&row)?);
    }
    let rows = db.all(SUBJECTS.into(), params![protocol]).await?;
    rows.iter()
        .map(|row| {
            let subject: SubjectId = row.parsed("id")?;
            let observations = observations.remove(&subject).unwrap_or_default();
            Ok(CohortRow {
                site: row.parsed("site_id")?,
                sex: row.optional_text("sex")?.as_deref().and_then(sex_of_letter),
                age_years: row.optional_integer("age_years")?.and_then(|years| years.try_into().ok()),
                stay: stay(row)?,
                subject,
                observations,
            })
        })
        .collect()
}

fn stay(row: &Row) -> Result<Option<Stay>, StoreError> {
    let admission: Option<Date> = row.optional_parsed("admission")?;
    let discharge = row.optional_parsed("discharge")?;
    Ok(admission.map(|admission| Stay { admission, discharge }))
}

fn value(row: &Row) -> Result<Value, StoreError> {
    if let Some(word) = row.optional_text("missing")? {
        return Ok(Value::Missing(missing_reason(&word).unwrap_or(MissingReason::NotRecorded)));
    }
    let value = if let Some(number) = row.optional_real("number")? {
        Quantity::Number(number)
    } else if let Some(answer) = row.optional_integer("answer")? {
        Quantity::Answer(answer != 0)
    } else {
        Quantity::Code(row.optional_text("code")?.ok_or(StoreError::Corrupt("observation"))?)
    };
    Ok(Value::Measured(Measured {
        value,
        unit: row.optional_text("unit")?,
        reference_range: ReferenceRange {
            low: row.optional_real("reference_low")?,
            high: row.optional_real("reference_high")?,
        },
        at: row.optional_parsed("at")?,
        source: row.optional_text("source")?.unwrap_or_default(),
    }))
}
