//! Whole tables. Their kind follows from their header; any problem in any of them stops the import of all.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use csv::StringRecord;
use jiff::civil::Date;
use sumgil_deid::clinical::ClinicalRows;
use sumgil_model::{Indication, Observation, ReferenceRange, Setting, Sex, Stay};

use super::{
    Note, Problem,
    fields::{
        Wrong, answer, day, is_variable, laboratory, optional_age, optional_answer, optional_day,
        optional_number,
    },
};

/// The three kinds of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One row a subject; has `admission_date`.
    Subjects,
    /// One row a laboratory result; has `variable`.
    Labs,
    /// One row an exam; has `accession_number`.
    Exams,
}

impl Kind {
    /// The word for the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subjects => "subjects",
            Self::Labs => "labs",
            Self::Exams => "exams",
        }
    }

    fn known_columns(self) -> &'static [&'static str] {
        match self {
            Self::Subjects => &[
                "patient_id",
                "issuer",
                "name",
                "resident_number",
                "sex",
                "birth_date",
                "age_years",
                "admission_date",
                "discharge_date",
            ],
            Self::Labs => &[
                "patient_id",
                "issuer",
                "variable",
                "value",
                "unit",
                "reference_low",
                "reference_high",
                "at",
            ],
            Self::Exams => {
                &["patient_id", "issuer", "accession_number", "indications", "setting", "portable"]
            }
        }
    }
}

/// What the tables say about one patient. Identified: no `Debug`.
#[derive(Default)]
pub struct PatientRows {
    /// Names, only to be searched for.
    pub names: Vec<String>,
    /// National numbers, to be searched for; and for linkage, where that is on.
    pub numbers: Vec<String>,
    /// Days of birth, only to be searched for.
    pub births: Vec<Date>,
    /// What the table of subjects says; `None` when the patient is in no such table.
    pub subject: Option<ClinicalRows>,
    /// Laboratory results in the order of the file.
    pub labs: Vec<Observation>,
    /// Exams.
    pub notes: Vec<Note>,
}

/// Everything that was read.
#[derive(Default)]
pub struct Tables {
    /// By issuer (the site for none) and patient ID.
    pub patients: BTreeMap<(String, String), PatientRows>,
    /// Rows of each kind.
    pub rows: BTreeMap<Kind, u64>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

struct Row<'a> {
    columns: &'a BTreeMap<String, usize>,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default().trim()
    }

    /// A field read by `parse`; what is wrong with it names the column.
    fn read<T>(&self, column: &str, parse: impl Fn(&str) -> Result<T, Wrong>) -> Result<T, (String, Wrong)> {
        parse(self.get(column)).map_err(|wrong| (column.to_owned(), wrong))
    }
}

impl Tables {
    /// Reads one file. `site` stands for an issuer that a row does not name. Problems are collected.
    pub fn read(&mut self, path: &Path, bytes: &[u8], site: &str) {
        let file = path.display().to_string();
        let problem = |line: u64, column: &str, what| Problem {
            file: file.clone(),
            line,
            column: column.to_owned(),
            what,
        };
        let text = sumgil_dicom::charset::decode(bytes, &[]);
        let mut reader =
            csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = match reader.headers().map_err(|_| "cannot be read as CSV").and_then(columns) {
            Ok(columns) => columns,
            Err(what) => return self.problems.push(problem(1, "", what)),
        };
        let kind = match kind_of(&columns) {
            Ok(kind) => kind,
            Err((column, what)) => return self.problems.push(problem(1, &column, what)),
        };
        let mut seen = BTreeSet::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    self.problems.push(problem(line, "", "has another number of fields than the header"));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let row = Row { columns: &columns, record: &record };
            *self.rows.entry(kind).or_default() += 1;
            if let Err((column, what)) = self.row(kind, &row, site, &mut seen) {
                self.problems.push(problem(line, &column, what));
            }
        }
    }

    fn row(
        &mut self,
        kind: Kind,
        row: &Row<'_>,
        site: &str,
        seen: &mut BTreeSet<(String, String, String)>,
    ) -> Result<(), (String, Wrong)> {
        let id = row.get("patient_id");
        if id.is_empty() {
            return Err(("patient_id".to_owned(), "is empty"));
        }
        let issuer = Some(row.get("issuer")).filter(|i| !i.is_empty()).unwrap_or(site);
        let key = (issuer.to_owned(), id.to_owned());
        let once = match kind {
            Kind::Subjects => Some(String::new()),
            Kind::Labs => None,
            Kind::Exams => Some(row.get("accession_number").to_owned()),
        };
        if let Some(once) = once
            && !seen.insert((key.0.clone(), key.1.clone(), once))
        {
            return Err((String::new(), "is a second row for the same patient or exam"));
        }
        let patient = self.patients.entry(key).or_default();
        match kind {
            Kind::Subjects => subject(patient, row),
            Kind::Labs => lab(patient, row),
            Kind::Exams => exam(patient, row),
        }
    }
}

fn columns(header: &StringRecord) -> Result<BTreeMap<String, usize>, Wrong> {
    let mut columns = BTreeMap::new();
    for (at, name) in header.iter().enumerate() {
        if columns.insert(name.trim().to_owned(), at).is_some() {
            return Err("names a column twice");
        }
    }
    Ok(columns)
}

fn kind_of(columns: &BTreeMap<String, usize>) -> Result<Kind, (String, Wrong)> {
    let has = |name: &str| columns.contains_key(name);
    let kind = match (has("admission_date"), has("variable"), has("accession_number")) {
        (true, false, false) => Kind::Subjects,
        (false, true, false) => Kind::Labs,
        (false, false, true) => Kind::Exams,
        _ => {
            return Err((
                String::new(),
                "is no table of subjects (admission_date), labs (variable) or exams (accession_number)",
            ));
        }
    };
    if !has("patient_id") {
        return Err(("patient_id".to_owned(), "is missing"));
    }
    for name in columns.keys().filter(|name| !kind.known_columns().contains(&name.as_str())) {
        if kind != Kind::Subjects {
            return Err((name.clone(), "is no column of this kind of table"));
        }
        if !is_variable(name) {
            return Err((String::new(), "has a column that is no variable: a word of a-z, 0-9 and '_'"));
        }
    }
    Ok(kind)
}

fn subject(patient: &mut PatientRows, row: &Row<'_>) -> Result<(), (String, Wrong)> {
    let admission = row.read("admission_date", day)?;
    let discharge = row.read("discharge_date", optional_day)?;
    if discharge.is_some_and(|discharge| discharge < admission) {
        return Err(("discharge_date".to_owned(), "lies before the admission"));
    }
    let mut observations = Vec::new();
    for name in row.columns.keys().filter(|name| !Kind::Subjects.known_columns().contains(&name.as_str())) {
        observations.push(Observation { variable: name.clone(), value: row.read(name, answer)? });
    }
    patient.births.extend(row.read("birth_date", optional_day)?);
    patient.numbers.extend(Some(row.get("resident_number").to_owned()).filter(|number| !number.is_empty()));
    patient.names.extend(Some(row.get("name").to_owned()).filter(|name| !name.is_empty()));
    patient.subject = Some(ClinicalRows {
        sex: row.read("sex", sex)?,
        age_years: row.read("age_years", optional_age)?,
        stay: Some(Stay { admission, discharge }),
        observations,
        exams: Vec::new(),
    });
    Ok(())
}

fn sex(text: &str) -> Result<Option<Sex>, Wrong> {
    match text {
        "" => Ok(None),
        "M" => Ok(Some(Sex::Male)),
        "F" => Ok(Some(Sex::Female)),
        "O" => Ok(Some(Sex::Other)),
        _ => Err("is none of M, F, O"),
    }
}

fn lab(patient: &mut PatientRows, row: &Row<'_>) -> Result<(), (String, Wrong)> {
    let variable = row.get("variable");
    if !is_variable(variable) {
        return Err(("variable".to_owned(), "is no word of a-z, 0-9 and '_'"));
    }
    let range = ReferenceRange {
        low: row.read("reference_low", optional_number)?,
        high: row.read("reference_high", optional_number)?,
    };
    let at = row.read("at", optional_day)?;
    let value = row.read("value", |text| laboratory(text, row.get("unit"), range, at))?;
    if value.number().is_some() && at.is_none() {
        return Err(("at".to_owned(), "is empty"));
    }
    patient.labs.push(Observation { variable: variable.to_owned(), value });
    Ok(())
}

fn exam(patient: &mut PatientRows, row: &Row<'_>) -> Result<(), (String, Wrong)> {
    let accession_number = row.get("accession_number").to_owned();
    if accession_number.is_empty() {
        return Err(("accession_number".to_owned(), "is empty"));
    }
    patient.notes.push(Note {
        accession_number,
        indications: row.read("indications", indications)?,
        setting: row.read("setting", setting)?,
        portable: row.read("portable", optional_answer)?,
    });
    Ok(())
}

fn indications(text: &str) -> Result<Vec<Indication>, Wrong> {
    text.split(';')
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(|code| Indication::from_code(code).ok_or("has a code that is no indication"))
        .collect()
}

fn setting(text: &str) -> Result<Option<Setting>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    Setting::from_code(text).map(Some).ok_or("is none of emergency, outpatient, ward, icu")
}

impl PatientRows {
    /// Every day that stands in the rows, to be searched for.
    pub fn days(&self) -> Vec<Date> {
        let stay = self.subject.as_ref().and_then(|s| s.stay);
        let stays = stay.into_iter().flat_map(|s| [Some(s.admission), s.discharge]).flatten();
        let labs = self.labs.iter().filter_map(|o| o.value.number().and_then(|(_, m)| m.at));
        stays.chain(labs).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tables {
        let mut tables = Tables::default();
        tables.read(Path::new("t.csv"), text.as_bytes(), "hanbit");
        tables
    }

    #[test]
    fn kinds_are_recognised_and_rows_belong_to_issuer_and_number() {
        let subjects = "patient_id,issuer,name,sex,birth_date,age_years,admission_date,discharge_date,fever\n\
                        007,,김민수,M,1961-11-02,58,2020-03-04,2020-03-21,yes\n\
                        007,MIRAE,이영희,F,,,2020-03-05,,NA:not_done\n";
        let tables = read(subjects);
        assert_eq!(tables.problems, []);
        let first = &tables.patients[&("hanbit".to_owned(), "007".to_owned())];
        assert_eq!(first.names, ["김민수"]);
        let rows = first.subject.as_ref().unwrap();
        assert_eq!(rows.age_years, Some(58));
        assert_eq!(rows.observations[0].value.answer(), Some(true));
        let second = &tables.patients[&("MIRAE".to_owned(), "007".to_owned())];
        assert_eq!(second.subject.as_ref().unwrap().stay.unwrap().discharge, None);
    }

    #[test]
    fn korean_files_with_another_encoding_read_the_same() {
        let text = "patient_id,name,admission_date\r\n1,김민수,2020-03-04\r\n";
        let bytes = sumgil_dicom::charset::encode_korean(text).unwrap();
        let mut tables = Tables::default();
        tables.read(Path::new("t.csv"), &bytes, "hanbit");
        assert_eq!(tables.problems, []);
        assert_eq!(tables.patients.values().next().unwrap().names, ["김민수"]);
    }

    #[test]
    fn every_problem_is_told_with_line_and_column_and_without_the_value() {
        let tables = read(
            "patient_id,variable,value,unit,reference_low,reference_high,at\n\
             1,crp,HongGildong,mg/L,,,2020-03-04\n\
             1,crp,1.2,mg/L,,,2020-13-04\n\
             ,crp,1.2,mg/L,,,2020-03-04\n\
             1,crp,1.2\n",
        );
        let told: Vec<_> = tables.problems.iter().map(|p| (p.line, p.column.as_str())).collect();
        assert_eq!(told, [(2, "value"), (3, "at"), (4, "patient_id"), (5, "")]);
        assert!(tables.problems.iter().all(|p| !p.to_string().contains("Hong")));
    }

    #[test]
    fn unknown_tables_columns_and_second_rows_are_refused() {
        assert_eq!(read("a,b\n1,2\n").problems.len(), 1);
        assert_eq!(read("patient_id,accession_number,memo\n1,2,x\n").problems[0].column, "memo");
        assert_eq!(read("patient_id,admission_date,Fever?\n").problems.len(), 1);
        let twice = "patient_id,admission_date\n1,2020-03-04\n1,2020-03-05\n";
        assert_eq!(read(twice).problems[0].line, 3);
        let backwards = "patient_id,admission_date,discharge_date\n1,2020-03-04,2020-03-01\n";
        assert_eq!(read(backwards).problems[0].column, "discharge_date");
    }
}
