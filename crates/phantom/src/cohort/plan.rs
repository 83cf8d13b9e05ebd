//! Brings the parts together: subjects, then courses, then exams, then machines and numbers.

use jiff::civil::Date;
use sumgil_model::{ExamKind, Sex, Stay, Uid};

use super::{
    assign::{self, Candidate},
    course::{self, Course},
    device::Device,
    disease::Disease,
    exam::{DoseReport, Encoding, Exam, Role},
    imaging::{self, Counts, Slot},
    labs::{self, Lab},
    person::Person,
    site::{self, Site},
    traits::{self, Traits},
};
use crate::{
    margins::{Margins, apportion},
    random::Dice,
};

/// A whole synthetic cohort.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// The margins that it has.
    pub margins: Margins,
    /// The hospitals.
    pub sites: Vec<Site>,
    /// The subjects, ordered by site.
    pub subjects: Vec<Subject>,
}

/// One subject with everything that the hospital has on him or her.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Number in the cohort, from 0; also the number of the subject's random streams.
    pub number: u32,
    /// Index of the site.
    pub site: usize,
    /// Who it is.
    pub person: Person,
    /// Age in completed years at admission.
    pub age_years: u16,
    /// The index stay.
    pub stay: Stay,
    /// The pneumonia.
    pub disease: Disease,
    /// Symptoms, treatment, outcome.
    pub course: Course,
    /// Laboratory results.
    pub labs: Vec<Lab>,
    /// Exams in time order.
    pub exams: Vec<Exam>,
}

/// The cohort of `subjects` under `seed`.
pub fn plan(seed: u64, subjects: u32) -> Cohort {
    let margins = Margins::scaled(subjects);
    let sites = site::all(seed);
    let traits = traits::draw(seed, &margins);
    let courses = course::draw(seed, &traits, &margins);
    let severity: Vec<f64> = traits.iter().zip(&courses).map(|(t, c)| imaging::severity(t, c)).collect();
    let counts = imaging::counts(seed, &severity, &margins);
    let excess = labs::excess(seed, &traits, &margins);
    let homes = homes(seed, subjects);
    let drafts: Vec<Draft> = (0..subjects as usize)
        .map(|i| Draft::new(seed, i, homes[i], &traits[i], &courses[i], counts[i], severity[i]))
        .collect();
    let choices = Choices::new(seed, &drafts, &margins);
    let mut numbers = vec![0_u32; sites.len()];
    let mut exam_number = 0;
    let subjects = drafts
        .into_iter()
        .zip(traits)
        .zip(courses)
        .zip(excess)
        .map(|(((draft, traits), course), excess)| {
            let site = &sites[draft.site];
            draft.finish(
                seed,
                site,
                traits,
                course,
                excess,
                &choices,
                &mut exam_number,
                &mut numbers[site.index],
            )
        })
        .collect();
    number_in_site_order(Cohort { margins, sites, subjects })
}

/// A site for every subject.
fn homes(seed: u64, subjects: u32) -> Vec<usize> {
    let sizes = apportion(&site::SHARES, subjects);
    let mut homes: Vec<usize> = (0..).zip(sizes).flat_map(|(site, n)| (0..n).map(move |_| site)).collect();
    Dice::new(seed, "homes", 0).shuffle(&mut homes);
    homes
}

/// A subject whose exams have days but no machines and numbers yet.
struct Draft {
    number: u32,
    site: usize,
    stay: (Date, Date),
    slots: Vec<Slot>,
    counts: Counts,
    severity: f64,
}

impl Draft {
    fn new(
        seed: u64,
        index: usize,
        site: usize,
        traits: &Traits,
        course: &Course,
        counts: Counts,
        severity: f64,
    ) -> Self {
        let number = index as u32;
        let mut dice = Dice::new(seed, "stay", index as u64);
        let stay = imaging::stay(&mut dice, traits, course);
        let slots = imaging::slots(&mut dice, number, counts, stay, course.death);
        Self { number, site, stay, slots, counts, severity }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut nth = [0; 2];
        let candidate = |slot: &Slot| {
            let count = &mut nth[usize::from(slot.kind == ExamKind::Cxr)];
            let this = *count;
            *count += u32::from(slot.role == Role::Counted);
            Candidate {
                kind: slot.kind,
                role: slot.role,
                site: self.site,
                nth: this,
                severity: self.severity,
                subject_cxr: self.counts.cxr,
            }
        };
        self.slots.iter().map(candidate).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "one place where all parts of a subject meet")]
    fn finish(
        self,
        seed: u64,
        site: &Site,
        traits: Traits,
        course: Course,
        excess: [f64; 3],
        choices: &Choices,
        exam_number: &mut usize,
        running: &mut u32,
    ) -> Subject {
        let mut dice = Dice::new(seed, "person", u64::from(self.number));
        let sex = if traits.male { Sex::Male } else { Sex::Female };
        let patient_id = site::patient_id(site.index, *running);
        *running += 1;
        let person = Person::new(&mut dice, patient_id, sex, traits.age_years, self.stay.0);
        let labs = labs::series(&mut dice, site, excess, &traits.disease, self.stay);
        let mut exams = Vec::with_capacity(self.slots.len());
        for (nth, slot) in self.slots.iter().enumerate() {
            exams.push(exam(
                seed,
                site,
                self.number,
                nth,
                slot,
                &traits.disease,
                &course,
                choices,
                *exam_number,
            ));
            *exam_number += 1;
        }
        Subject {
            number: self.number,
            site: site.index,
            person,
            age_years: traits.age_years,
            stay: Stay { admission: self.stay.0, discharge: Some(self.stay.1) },
            disease: traits.disease,
            course,
            labs,
            exams,
        }
    }
}

/// What was shared out over all exams, in the order of the drafts.
struct Choices {
    models: Vec<&'static super::DeviceModel>,
    reasons: Vec<Vec<sumgil_model::Indication>>,
    unmarked: Vec<bool>,
}

impl Choices {
    fn new(seed: u64, drafts: &[Draft], margins: &Margins) -> Self {
        let candidates: Vec<Candidate> = drafts.iter().flat_map(Draft::candidates).collect();
        Self {
            models: assign::devices(seed, &candidates, margins),
            reasons: assign::indications(seed, &candidates),
            unmarked: assign::unmarked(seed, &candidates, margins),
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one place where all parts of an exam meet")]
fn exam(
    seed: u64,
    site: &Site,
    subject: u32,
    nth: usize,
    slot: &Slot,
    disease: &Disease,
    course: &Course,
    choices: &Choices,
    index: usize,
) -> Exam {
    let mut dice = Dice::new(seed, "exam", index as u64);
    let ct = slot.kind == ExamKind::Ct;
    let device = Device::at(choices.models[index], site.index);
    let portable = device.model.model == "GM85";
    let unmarked = choices.unmarked[index];
    let stamp = slot.at.strftime("%Y%m%d%H%M%S");
    let study = format!("{}.{}.{stamp}.{subject}.{nth}", device.model.uid_root, device.serial);
    Exam {
        kind: slot.kind,
        role: slot.role,
        at: slot.at,
        day: slot.day,
        accession: String::new(),
        study: Uid::parse(&study).unwrap_or_else(|_| Uid::from_u128(u128::from(dice.bits()))),
        indications: choices.reasons[index].clone(),
        setting: assign::setting(&mut dice, slot.role, slot.day, course.icu),
        portable,
        extent: disease.extent(slot.day),
        consolidated_share: disease.consolidated_share(slot.day),
        second_reconstruction: ct && dice.chance(0.15),
        dose_report: dose_report(&mut dice, ct),
        lateral: !ct && !portable && !unmarked && dice.chance(0.25),
        repeated: !ct && slot.role == Role::Counted && !unmarked && dice.chance(0.03),
        unmarked,
        encoding: encoding(&mut dice, site),
        device,
    }
}

fn dose_report(dice: &mut Dice, ct: bool) -> Option<DoseReport> {
    match (ct, dice.unit()) {
        (true, p) if p < 0.10 => Some(DoseReport::Structured),
        (true, p) if p < 0.18 => Some(DoseReport::Screen),
        _ => None,
    }
}

fn encoding(dice: &mut Dice, site: &Site) -> Encoding {
    match dice.unit() {
        p if p < 0.015 => Encoding::Deflated,
        p if p < 0.03 => Encoding::Rle,
        _ if site.implicit => Encoding::Implicit,
        _ => Encoding::Explicit,
    }
}

/// Orders subjects by site and gives out accession numbers in the order of the exams at each site.
fn number_in_site_order(mut cohort: Cohort) -> Cohort {
    cohort.subjects.sort_by_key(|s| (s.site, s.number));
    for site in 0..cohort.sites.len() {
        let mut exams: Vec<&mut Exam> =
            cohort.subjects.iter_mut().filter(|s| s.site == site).flat_map(|s| &mut s.exams).collect();
        exams.sort_by_key(|exam| exam.at);
        for (exam, running) in exams.into_iter().zip(1..) {
            let kind = if exam.kind == ExamKind::Ct { "CT" } else { "XR" };
            exam.accession = site::accession(site, kind, exam.date(), running);
        }
    }
    cohort
}
