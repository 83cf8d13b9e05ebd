//! UIDs: one new one for each old one, the same in every file, run and hospital that has the key.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sumgil_dicom::{
    DataSet, access,
    dicom_core::{VR, value::Value},
    dictionary::tags,
};

use crate::{
    common::{item, sequence, text},
    person::{Person, anybody},
    twice::{bytes, file, learned, outcome, reread},
};

/// What `uids` become in references of a file of `person` at `site`.
fn mapped(person: &Person, site: &str, uids: &[String]) -> Option<Vec<String>> {
    let references =
        uids.iter().map(|uid| item([text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, uid)])).collect();
    let mut elements = person.header();
    elements.push(sequence(tags::REFERENCED_IMAGE_SEQUENCE, references));
    let file = file(elements);
    let known = learned(&[&file]);
    let out = reread(&bytes(outcome(file, site, &known))?);
    let Value::Sequence(sequence) = out.data_set.get(tags::REFERENCED_IMAGE_SEQUENCE)?.value() else {
        return None;
    };
    let uid = |item: &DataSet| access::text(item, tags::REFERENCED_SOP_INSTANCE_UID);
    sequence.items().iter().map(uid).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_uid_gets_its_own_and_always_the_same(
        person in anybody(),
        other in anybody(),
        uids in prop::collection::btree_set("1\\.2\\.(410|826)\\.[1-9][0-9]{0,6}(\\.[1-9][0-9]{0,8}){1,4}", 2..12),
    ) {
        let uids: Vec<String> = uids.into_iter().collect();
        let here = mapped(&person, "meadow", &uids);
        prop_assert!(here.is_some());
        let here = here.unwrap_or_default();
        prop_assert_eq!(here.iter().collect::<BTreeSet<_>>().len(), uids.len(), "two became one");
        prop_assert!(here.iter().all(|uid| uid.len() <= 64 && !uids.contains(uid)));
        prop_assert!(mapped(&person, "meadow", &uids).as_ref() == Some(&here), "another run differs");
        prop_assert!(mapped(&other, "harbour", &uids).as_ref() == Some(&here), "another hospital differs");
    }
}
