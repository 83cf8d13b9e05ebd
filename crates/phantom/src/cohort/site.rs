//! The seventeen invented hospitals: their character sets, number formats, units and staff.

use sumgil_model::SiteId;

use super::names::{Name, any_name};
use crate::random::Dice;

/// How a hospital's archive writes Korean text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Specific Character Set `\ISO 2022 IR 149`, with escape sequences.
    Iso2022Kr,
    /// EUC-KR bytes under no Specific Character Set at all, as old archives send them.
    EucKrUndeclared,
    /// Specific Character Set `ISO_IR 192`.
    Utf8,
}

/// How a hospital's tables are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvText {
    /// UTF-8 as it is.
    Utf8,
    /// UTF-8 with a byte order mark, as spreadsheets write it.
    Utf8Bom,
    /// CP949.
    Cp949,
}

/// A laboratory test in one hospital's unit and range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabUnit {
    /// The unit in UCUM.
    pub unit: &'static str,
    /// What one standard unit (10*9/L, mg/L) is in this unit.
    pub factor: f64,
    /// Decimals that the laboratory reports.
    pub decimals: usize,
    /// Lower limit of normal in this unit.
    pub low: Option<f64>,
    /// Upper limit of normal in this unit.
    pub high: Option<f64>,
}

/// A contributing hospital.
#[derive(Clone, Debug)]
pub struct Site {
    /// 0 to 16.
    pub index: usize,
    /// `hosp-01` to `hosp-17`.
    pub code: SiteId,
    /// Its name.
    pub name: &'static str,
    /// Its name in Latin letters, as machines without Korean write it.
    pub latin_name: &'static str,
    /// Its address.
    pub address: &'static str,
    /// Issuer of Patient ID, where the hospital writes one.
    pub issuer: Option<&'static str>,
    /// Text in DICOM.
    pub charset: Charset,
    /// Text in tables.
    pub csv: CsvText,
    /// Whether its archive sends implicit VR.
    pub implicit: bool,
    /// Whether its laboratory exports the newest result first.
    pub newest_first: bool,
    /// Lymphocytes, platelets, CRP.
    pub labs: [LabUnit; 3],
    /// Physicians, radiologists and technologists.
    pub staff: Vec<Name>,
}

/// Subjects of each site at full size: one large regional centre, many small hospitals. Invented; sums to 522.
pub(crate) const SHARES: [u32; 17] = [96, 70, 55, 45, 38, 33, 30, 26, 23, 20, 18, 16, 14, 12, 10, 9, 7];

const HOSPITALS: [(&str, &str, &str, Option<&str>); 17] = [
    ("가온대학교병원", "GAON UNIV HOSP", "대구광역시 가온구 큰길로 11", None),
    ("누리의료원", "NURI MEDICAL CENTER", "경상북도 누리시 들꽃로 204", Some("NURIMC")),
    ("다솜병원", "DASOM HOSPITAL", "대구광역시 다솜구 새터로 37", None),
    ("라온대학교병원", "RAON UNIV HOSP", "서울특별시 라온구 윗말길 5", Some("RAON-EMR")),
    ("마루병원", "MARU HOSPITAL", "부산광역시 마루구 갯마을로 88", None),
    ("바른의료원", "BAREUN MED CTR", "경상남도 바른시 은행나무길 19", None),
    ("샘터대학교병원", "SAEMTEO UNIV HOSP", "인천광역시 샘터구 물레방아로 61", Some("SAEMTEO")),
    ("아람병원", "ARAM HOSPITAL", "경기도 아람시 솔밭로 142", None),
    ("자람의료원", "JARAM MEDICAL CENTER", "광주광역시 자람구 달맞이로 7", Some("JRM")),
    ("초롱병원", "CHORONG HOSPITAL", "대전광역시 초롱구 별빛로 230", None),
    ("큰솔대학교병원", "KEUNSOL UNIV HOSP", "울산광역시 큰솔구 바위산로 16", None),
    ("타래병원", "TARAE HOSPITAL", "강원도 타래시 고갯길 3", Some("TARAE")),
    ("푸른병원", "PUREUN HOSPITAL", "충청북도 푸른시 강둑로 58", None),
    ("하늬의료원", "HANUI MEDICAL CENTER", "충청남도 하늬시 갈대밭로 91", None),
    ("한별병원", "HANBYEOL HOSPITAL", "전라북도 한별시 억새길 27", Some("HANBYEOL")),
    ("도담병원", "DODAM HOSPITAL", "전라남도 도담시 다도해로 412", None),
    ("미르의료원", "MIREU MEDICAL CENTER", "제주특별자치도 미르시 오름길 9", None),
];

const PER_NL: &str = "10*9/L";
const PER_KUL: &str = "10*3/uL";
const PER_UL: &str = "/uL";

const fn lab(
    unit: &'static str,
    factor: f64,
    decimals: usize,
    low: Option<f64>,
    high: Option<f64>,
) -> LabUnit {
    LabUnit { unit, factor, decimals, low, high }
}

const LYMPHOCYTES: [LabUnit; 4] = [
    lab(PER_NL, 1.0, 2, Some(1.0), Some(4.0)),
    lab(PER_UL, 1000.0, 0, Some(1100.0), Some(4800.0)),
    lab(PER_KUL, 1.0, 2, Some(1.2), Some(3.6)),
    lab(PER_UL, 1000.0, 0, Some(900.0), None),
];
const PLATELETS: [LabUnit; 3] = [
    lab(PER_KUL, 1.0, 0, Some(150.0), Some(400.0)),
    lab(PER_NL, 1.0, 0, Some(130.0), Some(450.0)),
    lab(PER_UL, 1000.0, 0, Some(140_000.0), Some(420_000.0)),
];
const CRP: [LabUnit; 5] = [
    lab("mg/dL", 0.1, 2, None, Some(0.5)),
    lab("mg/L", 1.0, 1, None, Some(5.0)),
    lab("mg/dL", 0.1, 2, Some(0.0), Some(0.3)),
    lab("mg/L", 1.0, 1, Some(0.0), Some(8.0)),
    lab("mg/dL", 0.1, 2, None, Some(1.0)),
];

/// All sites under `seed`.
pub(crate) fn all(seed: u64) -> Vec<Site> {
    HOSPITALS.iter().enumerate().filter_map(|(index, h)| site(seed, index, h)).collect()
}

fn site(
    seed: u64,
    index: usize,
    &(name, latin_name, address, issuer): &(&'static str, &'static str, &'static str, Option<&'static str>),
) -> Option<Site> {
    let mut dice = Dice::new(seed, "staff", index as u64);
    Some(Site {
        index,
        code: SiteId::parse(&format!("hosp-{:02}", index + 1)).ok()?,
        name,
        latin_name,
        address,
        issuer,
        charset: [Charset::Iso2022Kr, Charset::EucKrUndeclared, Charset::Utf8][index % 3],
        csv: [CsvText::Utf8Bom, CsvText::Cp949, CsvText::Utf8][(index / 2) % 3],
        implicit: index % 4 == 1,
        newest_first: index % 5 == 3,
        labs: [LYMPHOCYTES[index % 4], PLATELETS[index % 3], CRP[index % 5]],
        staff: (0..6).map(|_| any_name(&mut dice)).collect(),
    })
}

/// Local patient number `running` of `site`. Sites 3 and 5 number alike and share their first numbers: the
/// same text names different people there.
pub(crate) fn patient_id(site: usize, running: u32) -> String {
    let start = 4_000 + running * 37;
    match site {
        2 | 4 => format!("{:010}", 20_014_500 + running * 13),
        i if i % 4 == 0 => format!("P{:07}", 1_000_000 + start * (i as u32 + 3)),
        i if i % 4 == 1 => format!("{:02}-{:08}", 10 + i, 30_100_000 + start * 11),
        i if i % 4 == 2 => format!("KR{:02}{:06}", i, 100_000 + start),
        i => format!("{:010}", 1_900_000_000_u64 + u64::from(start) * (i as u64 + 17)),
    }
}

/// Accession number `running` of `site`: some hospitals number through, some put the modality or the day in.
pub(crate) fn accession(site: usize, kind: &str, day: jiff::civil::Date, running: u32) -> String {
    match site % 3 {
        0 => format!("{kind}{:09}", 20_000_000 + running * 3),
        1 => format!("{}{:06}", day.strftime("%Y%m%d"), running + 700),
        _ => format!("RK{site:02}{kind}{running:05}"),
    }
}
