//! Patient's Age, which stays, from Patient's Birth Date, which goes.

use jiff::{Unit, civil::Date};
use sumgil_dicom::{DataSet, access, dictionary::tags};

use crate::shift::parse_date;

/// The age (VR AS) at the exam, where the header gives none but a date of birth and of the exam.
pub(crate) fn derive_age(data_set: &DataSet) -> Option<String> {
    if access::text(data_set, tags::PATIENT_AGE).is_some() {
        return None;
    }
    let date = |tag| parse_date(&access::text(data_set, tag)?);
    let birth = date(tags::PATIENT_BIRTH_DATE)?;
    let exam = [tags::STUDY_DATE, tags::ACQUISITION_DATE, tags::SERIES_DATE, tags::CONTENT_DATE]
        .into_iter()
        .find_map(date)?;
    age(birth, exam)
}

/// In completed years; below 2 years in months, below 2 months in days.
fn age(birth: Date, exam: Date) -> Option<String> {
    if exam < birth {
        return None;
    }
    let span = birth.until((Unit::Month, exam)).ok()?;
    let months = span.get_months();
    match months {
        0..2 => Some(format!("{:03}D", birth.until((Unit::Day, exam)).ok()?.get_days())),
        2..24 => Some(format!("{months:03}M")),
        24..12_000 => Some(format!("{:03}Y", months / 12)),
        _ => None,
    }
}

/// Patient's Age, with every age above `cap_years` written as `cap_years`.
pub(crate) fn cap_age(age: &str, cap_years: u16) -> String {
    match age.strip_suffix('Y').and_then(|years| years.parse::<u16>().ok()) {
        Some(years) if years > cap_years => format!("{cap_years:03}Y"),
        _ => age.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn high_ages_are_capped() {
        assert_eq!(cap_age("097Y", 89), "089Y");
        assert_eq!(cap_age("089Y", 89), "089Y");
        assert_eq!(cap_age("011M", 89), "011M");
    }

    #[test]
    fn ages_in_the_units_of_the_vr() {
        let birth = date(1997, 8, 19);
        assert_eq!(age(birth, date(2018, 3, 15)).as_deref(), Some("020Y"));
        assert_eq!(age(birth, date(2017, 8, 18)).as_deref(), Some("019Y"));
        assert_eq!(age(birth, date(2017, 8, 19)).as_deref(), Some("020Y"));
        assert_eq!(age(birth, date(1998, 9, 1)).as_deref(), Some("012M"));
        assert_eq!(age(birth, date(1997, 9, 29)).as_deref(), Some("041D"));
        assert_eq!(age(birth, date(1990, 1, 1)), None);
    }
}
