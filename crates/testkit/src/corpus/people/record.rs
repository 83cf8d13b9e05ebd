//! A person's record at one hospital: local number, address, visits.

use jiff::{ToSpan, civil::Date};

use super::{Name, Person};
use crate::corpus::{chance::Chance, places::Hospital};

/// A visit with its images.
#[derive(Clone, Debug)]
pub(in crate::corpus) struct Visit {
    pub(in crate::corpus) day: Date,
    pub(in crate::corpus) accession: String,
    /// `HHMMSS.fff`.
    pub(in crate::corpus) time: String,
}

/// A person at a hospital.
#[derive(Clone, Debug)]
pub(in crate::corpus) struct Record {
    /// Person and hospital: `S03B`.
    pub(in crate::corpus) code: String,
    pub(in crate::corpus) person: Person,
    /// Place in the list of hospitals.
    pub(in crate::corpus) hospital: usize,
    pub(in crate::corpus) patient_id: String,
    pub(in crate::corpus) address: String,
    pub(in crate::corpus) visits: Vec<Visit>,
}

/// The records of `persons` persons: one each, some at a second hospital, and two persons of different hospitals
/// under the same local number.
pub(in crate::corpus) fn records(seed: u64, persons: usize, hospitals: &[Hospital]) -> Vec<Record> {
    let mut chance = Chance::new(seed, "records", 0);
    let korean = hospitals.iter().filter(|h| h.is_korean()).count();
    let mut records = Vec::new();
    for (number, person) in people(seed, persons).into_iter().enumerate() {
        let abroad = person.name.hangul.is_none();
        let first = if abroad { korean } else { number % korean };
        records.push(record(&person, first, hospitals, &mut chance));
        if !abroad && number % 5 == 1 {
            records.push(record(&person, (first + 1) % korean, hospitals, &mut chance));
        }
    }
    share_a_number(&mut records);
    records
}

fn people(seed: u64, count: usize) -> Vec<Person> {
    let mut chance = Chance::new(seed, "people", 0);
    let (foreign, european) = (chance.size(0, 19), chance.size(0, 9));
    let mut names: Vec<Name> = Vec::new();
    while names.len() < count {
        let name = match names.len() % 6 {
            1 | 3 => Name::foreign(foreign + 7 * names.len()),
            4 => Name::european(european + 3 * names.len()),
            _ => Name::korean(&mut chance),
        };
        if names.iter().all(|other| other.latin.1 != name.latin.1) || names.len() > 20 {
            names.push(name);
        }
    }
    names.into_iter().enumerate().map(|(number, name)| Person::new(number, name, &mut chance)).collect()
}

fn record(person: &Person, hospital: usize, hospitals: &[Hospital], chance: &mut Chance) -> Record {
    let place = &hospitals[hospital];
    let mut visits: Vec<Visit> = (0..3).map(|_| visit(place, chance)).collect();
    visits.sort_by_key(|visit| visit.day);
    visits.dedup_by_key(|visit| visit.day);
    Record {
        code: format!("{}{}", person.code, char::from(b'A' + hospital as u8)),
        person: person.clone(),
        hospital,
        patient_id: place.patient_id(chance),
        address: place.home_address(chance),
        visits,
    }
}

fn visit(place: &Hospital, chance: &mut Chance) -> Visit {
    let day = Date::constant(2012, 2, 3).checked_add(chance.whole(0, 3_900).days());
    let day = day.unwrap_or(Date::constant(2019, 10, 21));
    Visit {
        day,
        accession: place.accession(day, chance),
        time: format!(
            "{:02}{:02}{:02}.{:03}",
            chance.whole(7, 21),
            chance.whole(0, 59),
            chance.whole(0, 59),
            chance.whole(1, 999)
        ),
    }
}

/// Local numbers are only local: the last record takes the number of the first one of another person and place.
fn share_a_number(records: &mut [Record]) {
    let Some((last, others)) = records.split_last_mut() else { return };
    let stranger =
        |other: &&mut Record| other.person.code != last.person.code && other.hospital != last.hospital;
    if let Some(first) = others.iter_mut().find(stranger) {
        first.patient_id = first.patient_id.chars().filter(char::is_ascii_digit).collect();
        last.patient_id.clone_from(&first.patient_id);
    }
}
