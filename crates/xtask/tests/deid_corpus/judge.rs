//! One line of the key at a time: did what has to happen happen?

use sumgil_dicom::{
    DataSet, Part10, access,
    charset::decode,
    dicom_core::{PrimitiveValue, Tag, header::Header, value::Value},
    dictionary::tags,
};
use sumgil_testkit::corpus::{Action, Item};
use unicode_normalization::UnicodeNormalization;

use super::{
    element::{Element, locate},
    run::Run,
};

/// How many lines of the key were fulfilled.
pub(crate) struct Share {
    good: usize,
    of: usize,
    bad: Vec<String>,
}

impl Share {
    /// Judges all lines with one of `actions` whose file was written.
    pub(crate) fn of(run: &Run, actions: &[Action], is_good: fn(&Part10, &Part10, &Item) -> bool) -> Self {
        let mut share = Self { good: 0, of: 0, bad: Vec::new() };
        for file in run.files() {
            let Some((before, after)) = run.pair(file) else { continue };
            for item in run.key(file).filter(|item| actions.contains(&item.action)) {
                share.of += 1;
                if is_good(&before, &after, item) {
                    share.good += 1;
                } else {
                    share.bad.push(format!("{} {} {} {}", item.file, item.location, item.kind, item.rect));
                }
            }
        }
        share
    }

    /// Complains below `wanted`; says the figure and what failed, without values.
    pub(crate) fn at_least(&self, wanted: f64, what: &str, complaints: &mut Complaints) {
        println!("{what}: {} of {}", self.good, self.of);
        let share = self.good as f64 / self.of as f64;
        let shown = &self.bad[..self.bad.len().min(25)];
        // Nothing judged is no success: the share is not a number then.
        complaints.when(share.is_nan() || share < wanted, || {
            format!("{what}: {} of {}, wanted {wanted}: {shown:#?}", self.good, self.of)
        });
    }
}

/// What is wrong, all of it.
#[derive(Default)]
pub(crate) struct Complaints(Vec<String>);

impl Complaints {
    /// Adds one if something is wrong.
    pub(crate) fn when(&mut self, is_wrong: bool, what: impl FnOnce() -> String) {
        if is_wrong {
            self.0.push(what());
        }
    }

    /// Fails with all of them.
    pub(crate) fn assert_none(&self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

/// The value stands nowhere in the element.
pub(crate) fn is_gone(_: &Part10, after: &Part10, item: &Item) -> bool {
    let element = locate(&after.data_set, &item.location);
    element.is_none_or(|element| !fold(&text_below(element)).contains(&fold(&item.value)))
}

/// Another UID stands there.
pub(crate) fn is_changed(_: &Part10, after: &Part10, item: &Item) -> bool {
    let uid = locate(&after.data_set, &item.location).map(text_below).unwrap_or_default();
    !uid.is_empty() && uid != item.value
}

/// Another date stands there, as far away as the study's date moved.
pub(crate) fn is_shifted(before: &Part10, after: &Part10, item: &Item) -> bool {
    let day = |text: String| access::parse_date(text.get(..8)?);
    let study = |file: &Part10| access::date(&file.data_set, tags::STUDY_DATE);
    let moved = locate(&after.data_set, &item.location).map(text_below).and_then(day);
    let (Some(old), Some(new), Some(from), Some(to)) =
        (access::parse_date(&item.value), moved, study(before), study(after))
    else {
        return false;
    };
    old != new && (new - old).get_days() == (to - from).get_days()
}

/// The phrase still stands in the element.
pub(crate) fn phrase_stands(_: &Part10, after: &Part10, item: &Item) -> bool {
    let element = locate(&after.data_set, &item.location);
    element.is_some_and(|element| fold(&text_below(element)).contains(&fold(&item.value)))
}

/// The element is as it was.
pub(crate) fn is_same(before: &Part10, after: &Part10, item: &Item) -> bool {
    let text = |file: &Part10| locate(&file.data_set, &item.location).map(text_below);
    text(after).is_some_and(|after| Some(after) == text(before))
}

/// Patient's Age says what the birth date said.
pub(crate) fn age_stands(_: &Part10, after: &Part10, item: &Item) -> bool {
    access::text(&after.data_set, tags::PATIENT_AGE).as_deref() == Some(item.value.as_str())
}

/// No bit of the overlay is set where text was drawn, or the overlay is gone.
pub(crate) fn overlay_is_blank(before: &Part10, after: &Part10, item: &Item) -> bool {
    let Some(element) = locate(&after.data_set, &item.location) else { return true };
    let (Some((_, [x, y, width, height])), Value::Primitive(PrimitiveValue::U8(bits))) =
        (item.rectangle(), element.value())
    else {
        return element.to_bytes().is_ok_and(|bytes| bytes.is_empty());
    };
    let columns = access::integer(&before.data_set, Tag(element.tag().0, 0x0011)).unwrap_or(0) as usize;
    let is_set = |bit: usize| bits.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
    (y..y + height).all(|row| (x..x + width).all(|column| !is_set(row * columns + column)))
}

/// All text of an element and below.
fn text_below(element: &Element) -> String {
    match element.value() {
        Value::Sequence(sequence) => sequence.items().iter().map(text_of).collect::<Vec<_>>().join("\n"),
        Value::Primitive(PrimitiveValue::U8(bytes)) => {
            decode(bytes, &[]).trim_matches(['\0', ' ']).to_owned()
        }
        _ => element.to_str().unwrap_or_default().trim_matches(['\0', ' ']).to_owned(),
    }
}

fn text_of(data_set: &DataSet) -> String {
    data_set.iter().map(text_below).collect::<Vec<_>>().join("\n")
}

fn fold(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}
