//! A counter that knows nothing of the plan: headers and tables in, figures out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::{ToSpan, civil::Date};
use sumgil_dicom::{DataSet, Limits, access, dictionary::tags, read_without_pixels};
use sumgil_model::{Equipment, Maker};

type Patient = (String, String);

/// What was counted.
#[derive(Default)]
pub(crate) struct Recount {
    pub(crate) subjects: u32,
    pub(crate) men: u32,
    pub(crate) ages: Vec<u32>,
    pub(crate) yes: BTreeMap<String, u32>,
    pub(crate) oxygen_missing: u32,
    pub(crate) abnormal: [u32; 3],
    pub(crate) imaged: [u32; 3],
    pub(crate) ct_exactly: [u32; 5],
    pub(crate) cxr_exactly: [u32; 3],
    pub(crate) ct_exams: u32,
    pub(crate) cxr_exams: u32,
    pub(crate) ct_makers: [u32; 4],
    pub(crate) ct_image_series: u32,
    pub(crate) exposures: BTreeMap<String, u32>,
    pub(crate) reasons: BTreeMap<String, u32>,
    pub(crate) unmarked: u32,
    pub(crate) files: u64,
    pub(crate) resent: u32,
    pub(crate) outside_the_stay: u32,
    pub(crate) studies_without_exam: u32,
    /// Name in the table, and names in headers.
    pub(crate) names: BTreeMap<Patient, (String, BTreeSet<String>)>,
}

#[derive(Default)]
struct Study {
    patient: Patient,
    accession: String,
    day: Option<Date>,
    image_series: BTreeSet<String>,
    frontal: bool,
    maker: String,
    exposures: Vec<String>,
}

/// Every file under `dir`.
pub(crate) fn walk(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Counts the hospitals under `out`.
pub(crate) fn recount(out: &Path) -> Recount {
    let mut r = Recount::default();
    let mut stays = BTreeMap::new();
    let mut studies = BTreeMap::new();
    let mut reasons = BTreeMap::new();
    for site in 1..=17 {
        let name = format!("site-{site:02}");
        let clinical = out.join(&name).join("clinical");
        subjects(&mut r, &mut stays, &name, &rows(&clinical.join("subjects.csv")));
        labs(&mut r, &stays, &name, &rows(&clinical.join("labs.csv")));
        for row in rows(&clinical.join("exams.csv")) {
            reasons.insert((name.clone(), row["accession_number"].clone()), row["indications"].clone());
        }
        for path in walk(&out.join(&name).join("dicom")) {
            file(&mut r, &mut studies, &name, &path);
        }
    }
    count_studies(&mut r, &stays, &studies, &reasons);
    r
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(path).unwrap();
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::EUC_KR.decode(&bytes).0.into_owned(),
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn subjects(
    r: &mut Recount,
    stays: &mut BTreeMap<Patient, (Date, Date)>,
    site: &str,
    rows: &[BTreeMap<String, String>],
) {
    for row in rows {
        let patient = (site.to_owned(), row["patient_id"].clone());
        let day = |column: &str| row[column].parse::<Date>().unwrap();
        stays.insert(patient.clone(), (day("admission_date"), day("discharge_date")));
        r.names.entry(patient).or_default().0 = row["name"].clone();
        r.subjects += 1;
        r.men += u32::from(row["sex"] == "M");
        r.ages.push(row["age_years"].parse().unwrap());
        r.oxygen_missing += u32::from(!["yes", "no"].contains(&row["nasal_oxygen"].as_str()));
        for (variable, _) in row.iter().filter(|(_, value)| *value == "yes") {
            *r.yes.entry(variable.clone()).or_default() += 1;
        }
    }
}

fn labs(
    r: &mut Recount,
    stays: &BTreeMap<Patient, (Date, Date)>,
    site: &str,
    rows: &[BTreeMap<String, String>],
) {
    let mut first: BTreeMap<(String, String), (Date, bool)> = BTreeMap::new();
    for row in rows {
        let admission = stays[&(site.to_owned(), row["patient_id"].clone())].0;
        let at: Date = row["at"].parse().unwrap();
        if at < admission.saturating_sub(1.day()) || at > admission.saturating_add(1.day()) {
            continue;
        }
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        let abnormal = if row["variable"] == "crp" {
            number("value") > number("reference_high")
        } else {
            number("value") < number("reference_low")
        };
        let entry =
            first.entry((row["patient_id"].clone(), row["variable"].clone())).or_insert((at, abnormal));
        if at < entry.0 {
            *entry = (at, abnormal);
        }
    }
    for (test, variable) in ["lymphocyte_count", "platelet_count", "crp"].iter().enumerate() {
        r.abnormal[test] +=
            first.iter().filter(|((_, v), (_, abnormal))| v == variable && *abnormal).count() as u32;
    }
}

fn file(r: &mut Recount, studies: &mut BTreeMap<String, (Study, BTreeSet<String>)>, site: &str, path: &Path) {
    let part10 = read_without_pixels(&fs::read(path).unwrap(), &Limits::default()).unwrap();
    let set = &part10.data_set;
    let text = |tag| access::text(set, tag).unwrap_or_default();
    r.files += 1;
    let (study, seen) = studies.entry(text(tags::STUDY_INSTANCE_UID)).or_default();
    if !seen.insert(text(tags::SOP_INSTANCE_UID)) {
        r.resent += 1;
        return;
    }
    study.patient = (site.to_owned(), text(tags::PATIENT_ID));
    study.accession = text(tags::ACCESSION_NUMBER);
    study.day = access::date(set, tags::STUDY_DATE);
    r.names.entry(study.patient.clone()).or_default().1.insert(text(tags::PATIENT_NAME));
    let equipment = Equipment::from_header(&text(tags::MANUFACTURER), &text(tags::MANUFACTURER_MODEL_NAME));
    match text(tags::SOP_CLASS_UID).as_str() {
        "1.2.840.10008.5.1.4.1.1.2" if !is_localiser(set) => {
            study.image_series.insert(text(tags::SERIES_INSTANCE_UID));
            study.maker = Maker::from_header(&text(tags::MANUFACTURER)).to_string();
        }
        "1.2.840.10008.5.1.4.1.1.1" | "1.2.840.10008.5.1.4.1.1.1.1" => {
            study.frontal |= ["PA", "AP"].contains(&text(tags::VIEW_POSITION).as_str());
            study.exposures.push(equipment.to_string());
            r.unmarked += u32::from(text(tags::BURNED_IN_ANNOTATION) != "NO");
        }
        _ => {}
    }
}

fn is_localiser(set: &DataSet) -> bool {
    access::texts(set, tags::IMAGE_TYPE).iter().any(|value| value == "LOCALIZER")
}

fn count_studies(
    r: &mut Recount,
    stays: &BTreeMap<Patient, (Date, Date)>,
    studies: &BTreeMap<String, (Study, BTreeSet<String>)>,
    reasons: &BTreeMap<(String, String), String>,
) {
    let mut per_subject: BTreeMap<&Patient, (u32, u32)> = BTreeMap::new();
    for (study, _) in studies.values() {
        let stay = stays[&study.patient];
        if study.day.is_none_or(|day| day < stay.0 || day > stay.1) {
            r.outside_the_stay += 1;
            continue;
        }
        study.exposures.iter().for_each(|device| *r.exposures.entry(device.clone()).or_default() += 1);
        let (ct, cxr) = (!study.image_series.is_empty(), study.frontal);
        r.studies_without_exam += u32::from(!ct && !cxr);
        let counts = per_subject.entry(&study.patient).or_default();
        counts.0 += u32::from(ct);
        counts.1 += u32::from(cxr);
        if ct {
            r.ct_image_series += study.image_series.len() as u32;
            let makers = ["Siemens", "GE", "Canon", "Philips"];
            r.ct_makers[makers.iter().position(|maker| *maker == study.maker).unwrap()] += 1;
            for reason in reasons[&(study.patient.0.clone(), study.accession.clone())].split(';') {
                *r.reasons.entry(reason.to_owned()).or_default() += 1;
            }
        }
    }
    for &(ct, cxr) in per_subject.values() {
        r.ct_exams += ct;
        r.cxr_exams += cxr;
        match (ct > 0, cxr > 0) {
            (true, true) => r.imaged[0] += 1,
            (true, false) => r.imaged[1] += 1,
            (false, true) => r.imaged[2] += 1,
            (false, false) => {}
        }
        if let Some(slot) = (ct as usize).checked_sub(1).and_then(|i| r.ct_exactly.get_mut(i)) {
            *slot += 1;
        }
        if let Some(slot) = (cxr as usize).checked_sub(1).and_then(|i| r.cxr_exactly.get_mut(i)) {
            *slot += 1;
        }
    }
}
