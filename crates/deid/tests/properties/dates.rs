//! Days between any two dates of a patient stay what they were, within a file and between files.

use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use sumgil_dicom::{
    access,
    dicom_core::{Tag, VR},
    dictionary::tags,
};

use crate::{
    common::text,
    person::anybody,
    twice::{bytes, file, learned, outcome, reread},
};

const DATES: [(Tag, VR); 6] = [
    (tags::STUDY_DATE, VR::DA),
    (tags::SERIES_DATE, VR::DA),
    (tags::ACQUISITION_DATE_TIME, VR::DT),
    (tags::DATE_OF_LAST_CALIBRATION, VR::DA),
    (tags::ADMITTING_DATE, VR::DA),
    (tags::SCHEDULED_PROCEDURE_STEP_START_DATE, VR::DA),
];

fn day(number: i32) -> Date {
    Date::constant(1990, 1, 1).checked_add(number.days()).unwrap()
}

fn written(day: Date, vr: VR) -> String {
    let compact = day.strftime("%Y%m%d").to_string();
    if vr == VR::DT { format!("{compact}093015") } else { compact }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn intervals_stay(person in anybody(), days in prop::array::uniform6(0_i32..13_000), later in prop::array::uniform6(0_i32..13_000)) {
        let of = |days: [i32; 6]| {
            let dates = DATES.iter().zip(days).map(|((tag, vr), number)| text(*tag, *vr, &written(day(number), *vr)));
            file(dates.chain(person.header()).collect())
        };
        let (first, second) = (of(days), of(later));
        let known = learned(&[&first, &second]);
        let mut shifts = Vec::new();
        for (file, days) in [(first, days), (second, later)] {
            let out = bytes(outcome(file, "meadow", &known));
            prop_assert!(out.is_some());
            let out = reread(&out.unwrap_or_default());
            for ((tag, _), number) in DATES.iter().zip(days) {
                let shown = access::text(&out.data_set, *tag).unwrap_or_default();
                let moved = access::parse_date(shown.get(..8).unwrap_or_default());
                prop_assert!(moved.is_some(), "no date at {tag}");
                shifts.push(day(number).until(moved.unwrap()).unwrap().get_days());
            }
        }
        prop_assert!(shifts.iter().all(|shift| *shift == shifts[0] && *shift != 0), "{shifts:?}");
    }
}
