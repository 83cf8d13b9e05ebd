//! Answering a [`Filter`] about one subject: yes, no, or `None` where it is not known.

use jiff::ToSpan as _;
use sumgil_model::{Measured, Stay, Value};

use crate::{Filter, Quantifier, cohort::Member};

impl Filter {
    /// Yes, no, or not known (three-valued logic: `all` is no as soon as one part is, `any` yes).
    pub(crate) fn answer(&self, member: &Member) -> Option<bool> {
        match self {
            Self::Everyone => Some(true),
            Self::Sex(sex) => member.row.sex.map(|found| found == *sex),
            Self::Answer(variable) => values(member, variable).iter().rev().find_map(Value::answer),
            Self::BelowRangeAtAdmission(variable) => {
                let (number, measured) = at_admission(member, variable)?;
                measured.reference_range.low.map(|low| number < low)
            }
            Self::AboveRangeAtAdmission(variable) => {
                let (number, measured) = at_admission(member, variable)?;
                measured.reference_range.high.map(|high| number > high)
            }
            Self::Exams { kind, quantifier, count } => Some(quantifier.holds(member.count(*kind), *count)),
            Self::All(parts) => all(parts.iter().map(|part| part.answer(member))),
            Self::Any(parts) => {
                all(parts.iter().map(|part| part.answer(member).map(|yes| !yes))).map(|no| !no)
            }
            Self::Not(part) => part.answer(member).map(|yes| !yes),
        }
    }

    /// The quantifier that the figure must be read with.
    pub(crate) fn quantifier(&self) -> Quantifier {
        match self {
            Self::Exams { quantifier, .. } => *quantifier,
            _ => Quantifier::Any,
        }
    }
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

fn values<'m>(member: &'m Member, variable: &str) -> &'m [Value] {
    member.row.observations.get(variable).map_or(&[], Vec::as_slice)
}

/// The first measured number from the day before admission to the day after it.
fn at_admission<'m>(member: &'m Member, variable: &str) -> Option<(f64, &'m Measured)> {
    let Stay { admission, .. } = member.row.stay?;
    let (from, to) = (admission.saturating_sub(1.day()), admission.saturating_add(1.day()));
    values(member, variable)
        .iter()
        .filter_map(Value::number)
        .filter_map(|(number, measured)| Some((measured.at?, number, measured)))
        .filter(|(at, _, _)| (from..=to).contains(at))
        .min_by_key(|(at, _, _)| *at)
        .map(|(_, number, measured)| (number, measured))
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn one_no_decides_even_beside_what_is_not_known() {
        assert_eq!(all([None, Some(false)].into_iter()), Some(false));
        assert_eq!(all([Some(true), None].into_iter()), None);
        assert_eq!(all([Some(true), Some(true)].into_iter()), Some(true));
        assert_eq!(all([].into_iter()), Some(true));
    }
}
