//! Invented hospitals with their staff, numbers and addresses.

use jiff::civil::Date;

use super::{chance::Chance, people::Name, script::Script, staff::staff};

/// A hospital.
#[derive(Clone, Debug)]
pub(super) struct Hospital {
    /// Folder of its files.
    pub(super) folder: String,
    /// In Hangul; empty abroad.
    pub(super) hangul: &'static str,
    /// In Latin letters.
    pub(super) latin: &'static str,
    /// In AE titles.
    pub(super) code: &'static str,
    /// Street address.
    pub(super) address: &'static str,
    pub(super) staff: Vec<Name>,
    /// How local numbers look.
    shape: usize,
}

type Row = (&'static str, &'static str, &'static str, &'static str);

const KOREAN: [Row; 6] = [
    ("샛별대학교병원", "Saetbyeol University Hospital", "SAETBYEOL", "강원특별자치도 원주시 솔밭길 41"),
    ("너른들의료원", "Neoreundeul Medical Center", "NEOREUN", "전라남도 순천시 갈대마을로 207"),
    ("푸른솔영상의학과의원", "Pureunsol Imaging Clinic", "PUREUNSOL", "경상남도 진주시 남강둑길 15-3"),
    ("은하수병원", "Eunhasu Hospital", "EUNHASU", "제주특별자치도 서귀포시 바람재로 88"),
    ("큰나루종합병원", "Keunnaru General Hospital", "KEUNNARU", "인천광역시 연수구 물결로 310"),
    ("한울림재단 가람병원", "Garam Foundation Hospital", "GARAM", "경기도 이천시 도예길 9"),
];

const ABROAD: [Row; 3] = [
    ("", "St. Brannoc's Infirmary", "BRANNOC", "14 Quayside Row, Port Ellery"),
    ("", "Hôpital Val-Fleuri", "VALFLEURI", "8 rue du Moulin-Bas, Montclair"),
    ("", "Klinik Lärchenhof", "LAERCHHOF", "Lärchenweg 3, Oberstetten"),
];

const APARTMENTS: [&str; 6] = ["꽃마을", "하늘채", "느티나무", "달빛마루", "호수가", "참좋은"];

/// Three Korean hospitals and one abroad, the last.
pub(super) fn hospitals(seed: u64) -> Vec<Hospital> {
    let mut chance = Chance::new(seed, "hospitals", 0);
    let mut rows = chance.shuffled(KOREAN.to_vec());
    rows.truncate(3);
    rows.push(*chance.pick(&ABROAD));
    let made = rows.into_iter().enumerate().map(|(number, (hangul, latin, code, address))| Hospital {
        folder: code.to_lowercase(),
        hangul,
        latin,
        code,
        address,
        staff: staff(number, hangul.is_empty()),
        shape: number,
    });
    made.collect()
}

impl Hospital {
    /// Whether it lies in Korea.
    pub(super) fn is_korean(&self) -> bool {
        !self.hangul.is_empty()
    }

    /// Its name as a file in `script` has it.
    pub(super) fn name(&self, script: Script, chance: &mut Chance) -> String {
        let korean = self.is_korean() && script.is_korean() && chance.is(0.7);
        (if korean { self.hangul } else { self.latin }).to_owned()
    }

    /// A new local patient number.
    pub(super) fn patient_id(&self, chance: &mut Chance) -> String {
        match self.shape {
            0 => chance.digits(9),
            1 => format!("M{}", chance.digits(8)),
            2 => format!("{}-{}", chance.digits(4), chance.digits(5)),
            _ => format!("7{}", chance.digits(9)),
        }
    }

    /// A new accession number.
    pub(super) fn accession(&self, day: Date, chance: &mut Chance) -> String {
        match self.shape {
            0 => format!("{}{:03}{}", day.year(), day.day_of_year(), chance.digits(5)),
            1 => format!("R{:02}-{}", day.year() % 100, chance.digits(7)),
            2 => format!("X{}", chance.digits(9)),
            _ => format!("RAD{}", chance.digits(8)),
        }
    }

    /// Where a patient lives.
    pub(super) fn home_address(&self, chance: &mut Chance) -> String {
        if !self.is_korean() {
            return format!(
                "{} Harbour Steps {}",
                chance.whole(2, 97),
                chance.pick(&["East", "West", "Upper"])
            );
        }
        let city = self.address.rsplit_once(' ').map_or(self.address, |(street, _)| street);
        format!(
            "{city} {} {}아파트 {}동 {}호",
            chance.whole(3, 260),
            chance.pick(&APARTMENTS),
            chance.whole(101, 118),
            chance.whole(102, 2404)
        )
    }
}
