//! Nothing planted comes out, and what came out stays as it is when it goes in again.

use std::{cell::Cell, collections::BTreeMap};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR, header::Header, value::Value},
    dictionary::tags,
};

use crate::{
    field::{elements, fields, places},
    person::{Person, anybody},
    search::found,
    twice::{bytes, bytes as bytes_of, file, learned, outcome, reread},
};

const CASES: u32 = 300;

#[test]
fn no_planted_identifier_comes_out_of_any_data_set() {
    let cleared = Cell::new(0);
    let strategy = (anybody(), fields());
    run(&strategy, |(person, fields)| {
        let file = file(everything(&person, elements(&fields, &person)));
        let known = learned(&[&file]);
        if let Some(bytes) = bytes(outcome(file, "meadow", &known)) {
            cleared.set(cleared.get() + 1);
            let found = found(&person, &bytes);
            prop_assert!(found.is_none(), "{found:?} came out");
        }
        Ok(())
    });
    assert!(cleared.get() * 2 > CASES, "only {} of {CASES} were cleared", cleared.get());
}

#[test]
fn every_attribute_alone_gives_nothing_away() {
    let strategy = (anybody(), 0..places().len(), any::<usize>());
    run(&strategy, |(person, place, spelling)| {
        let field = crate::field::Field::Value { place, odd_vr: None, filler: spelling, spelling };
        let file = file(everything(&person, elements(&[field], &person)));
        let known = learned(&[&file]);
        let tag = places()[place].0;
        if let Some(bytes) = bytes(outcome(file, "meadow", &known)) {
            let found = found(&person, &bytes);
            prop_assert!(found.is_none(), "{found:?} came out of {tag}");
        }
        Ok(())
    });
}

/// A second pass, with all that was learned, changes only what follows from who the patient is: UIDs, the pseudonym
/// and dates. Attributes and cleaned texts stay, and nothing waits that did not wait before.
#[test]
fn what_is_finished_stays_as_it_is() {
    let compared = Cell::new(0);
    run(&(anybody(), fields()), |(person, fields)| {
        let original = file(everything(&person, elements(&fields, &person)));
        let mut known = learned(&[&original]);
        let Some(first) = bytes(outcome(original, "meadow", &known)) else { return Ok(()) };
        let again = reread(&first);
        let before = texts(&again.data_set, "");
        known.merge(&learned(&[&again]));
        let second = bytes(outcome(again, "meadow", &known));
        prop_assert!(second.is_some(), "it waits the second time");
        let after = texts(&reread(&second.unwrap_or_default()).data_set, "");
        prop_assert_eq!(before, after);
        compared.set(compared.get() + 1);
        Ok(())
    });
    assert!(compared.get() * 2 > CASES, "only {} of {CASES} were compared", compared.get());
}

fn run<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    runner.run(strategy, test).unwrap();
}

/// Fields first, then the header, so that no field takes the place of what the patient is learned from.
fn everything(person: &Person, fields: Vec<DataElement<DataSet>>) -> Vec<DataElement<DataSet>> {
    fields.into_iter().chain(person.header()).collect()
}

/// Every attribute with its text; UIDs, dates and the pseudonym without.
fn texts(data_set: &DataSet, path: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for element in data_set {
        let place = format!("{path}{}", element.tag());
        if let Value::Sequence(sequence) = element.value() {
            for (number, item) in sequence.items().iter().enumerate() {
                all.extend(texts(item, &format!("{place}[{number}]/")));
            }
        }
        let follows_the_patient =
            matches!(element.vr(), VR::UI | VR::DA | VR::DT) || is_pseudonym(element.tag());
        let text = if follows_the_patient {
            String::new()
        } else {
            element.to_str().unwrap_or_default().into_owned()
        };
        all.insert(place, text);
    }
    all
}

fn is_pseudonym(tag: Tag) -> bool {
    matches!(tag, tags::PATIENT_NAME | tags::PATIENT_ID | tags::ACCESSION_NUMBER)
}

/// A gateway that does not know an attribute writes text into a number, under an unknown VR.
#[test]
fn a_name_in_the_words_of_a_number_does_not_come_out() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..40 {
        let person = anybody().new_tree(&mut runner).unwrap().current();
        for spelling in person.spellings() {
            for text in [spelling.clone(), format!("follow-up {spelling}")] {
                let mut bytes = person.encode(&text);
                bytes.resize(bytes.len().next_multiple_of(8), b' ');
                let number = DataElement::new(Tag(0x0020, 0x9128), VR::UN, PrimitiveValue::U8(bytes.into()));
                let file = file(everything(&person, vec![number]));
                let known = learned(&[&file]);
                let out = bytes_of(outcome(file, "meadow", &known));
                assert_eq!(out.and_then(|bytes| found(&person, &bytes)), None, "{text}");
            }
        }
    }
}
