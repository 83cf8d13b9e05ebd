//! A patient of two hospitals is recognised at the centre without being known there, where both hold one secret.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use sumgil_dicom::{
    DataSet, Limits,
    dicom_core::{DataElement, PrimitiveValue, VR, value::DataSetSequence},
    dictionary::tags,
    read, write,
};
use sumgil_edge::Edge;
use sumgil_registry::store::linkage;

use crate::{
    centre::{Centre, Hospital},
    site::{all_bytes, contains},
};

const NUMBER: &str = "970819-2242037";

/// The files with a resident number in Other Patient IDs Sequence.
fn with_number(paths: &[PathBuf]) -> Vec<PathBuf> {
    let put = |to: &mut DataSet, tag, text: &str| {
        to.put(DataElement::new(tag, VR::LO, PrimitiveValue::from(text)));
    };
    let number = |path: &PathBuf| {
        let mut file = read(&fs::read(path).unwrap(), &Limits::default()).unwrap();
        let mut item = DataSet::new_empty();
        put(&mut item, tags::PATIENT_ID, NUMBER);
        put(&mut item, tags::ISSUER_OF_PATIENT_ID, "MOIS");
        let items = DataSetSequence::from(vec![item]);
        file.data_set.put(DataElement::new(tags::OTHER_PATIENT_I_DS_SEQUENCE, VR::SQ, items));
        let changed = path.with_extension("numbered.dcm");
        fs::write(&changed, write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
        changed
    };
    paths.iter().map(number).collect()
}

fn secret(hospital: &Hospital, digit: char, mode: u32) {
    let path = hospital.home().secret("linkage.key");
    let _ = fs::remove_file(&path);
    fs::write(&path, digit.to_string().repeat(64)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    hospital.configure("[linkage]\nsecret_file = 'secrets/linkage.key'\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_of_two_hospitals_is_found_and_the_number_stays() {
    let centre = Centre::open().await;
    let hospitals = [centre.hospital("hanbit").await, centre.hospital("mirae").await];
    for (hospital, seed) in hospitals.iter().zip([71, 72]) {
        secret(hospital, '7', 0o600);
        let (_, paths) = hospital.patient(seed);
        assert!(hospital.import(&with_number(&paths)).await["sent"] >= 5);
        hospital.settle().await;
    }
    let groups = linkage::groups(&centre.registry.db).await.unwrap();
    assert_eq!(groups.len(), 1, "{groups:?}");
    let sites: Vec<&str> = groups[0].subjects.iter().map(|(site, _)| site.as_str()).collect();
    assert_eq!(sites, ["hanbit", "mirae"]);
    let digits = NUMBER.replace('-', "");
    let at_centre = all_bytes(centre.registry.dir.root());
    assert!(!contains(&at_centre, NUMBER) && !contains(&at_centre, &digits));
    for hospital in &hospitals {
        let at_rest = all_bytes(hospital.home().root());
        assert!(!contains(&at_rest, NUMBER) && !contains(&at_rest, &digits), "nor in clear at the hospital");
        assert!(!contains(&at_rest, groups[0].token.as_str()), "nor its token");
    }

    secret(&hospitals[0], '8', 0o600);
    hospitals[0].settle().await;
    let groups = linkage::groups(&centre.registry.db).await.unwrap();
    assert_eq!(groups, [], "a new secret at one hospital: its tokens are made anew and meet none");
    secret(&hospitals[1], '8', 0o600);
    hospitals[1].settle().await;
    assert_eq!(linkage::groups(&centre.registry.db).await.unwrap().len(), 1, "both: they meet again");
}

#[tokio::test(flavor = "multi_thread")]
async fn linkage_is_off_by_default_and_an_open_secret_is_refused() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, paths) = hospital.patient(73);
    assert!(hospital.import(&with_number(&paths)).await["sent"] >= 5);
    let edge = hospital.edge().await;
    assert!(edge.linkage.is_none());
    assert!(edge.db.untold_numbers("none", 10).await.unwrap().is_empty(), "nothing is collected");
    drop(edge);
    for (mode, opens) in [(0o644, false), (0o640, false), (0o600, true)] {
        secret(&hospital, '7', mode);
        assert_eq!(Edge::open(hospital.home()).await.is_ok(), opens, "{mode:o}");
    }
    fs::write(hospital.home().secret("linkage.key"), "not hex").unwrap();
    assert!(Edge::open(hospital.home()).await.is_err());
    assert!(Path::new(&hospital.home().secret("linkage.key")).exists());
}
