//! What stands on images: names, numbers, dates, places, and any letters of a script.

use crate::chance::Chance;

/// Letters that go together in one font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    Latin,
    Hangul,
    Han,
    Kana,
    Cyrillic,
    Greek,
    Thai,
    Arabic,
    Devanagari,
}

impl Script {
    pub const ALL: [Self; 9] = [
        Self::Latin,
        Self::Hangul,
        Self::Han,
        Self::Kana,
        Self::Cyrillic,
        Self::Greek,
        Self::Thai,
        Self::Arabic,
        Self::Devanagari,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latin => "latin",
            Self::Hangul => "hangul",
            Self::Han => "han",
            Self::Kana => "kana",
            Self::Cyrillic => "cyrillic",
            Self::Greek => "greek",
            Self::Thai => "thai",
            Self::Arabic => "arabic",
            Self::Devanagari => "devanagari",
        }
    }

    /// Characters that a font must have to be used for it.
    pub fn probe(self) -> &'static str {
        match self {
            Self::Latin => "AZaz09-:",
            Self::Hangul => "가힣김0",
            Self::Han => "山医院",
            Self::Kana => "あんアン",
            Self::Cyrillic => "АЯая",
            Self::Greek => "ΑΩαω",
            Self::Thai => "กฮ",
            Self::Arabic => "اي",
            Self::Devanagari => "कह",
        }
    }

    fn range(self) -> (u32, u32) {
        match self {
            Self::Latin => (0x41, 0x5A),
            Self::Hangul => (0xAC00, 0xD7A3),
            Self::Han => (0x4E00, 0x8FFF),
            Self::Kana => (0x3042, 0x3093),
            Self::Cyrillic => (0x410, 0x44F),
            Self::Greek => (0x391, 0x3C9),
            Self::Thai => (0xE01, 0xE2E),
            Self::Arabic => (0x627, 0x64A),
            Self::Devanagari => (0x915, 0x939),
        }
    }
}

const MARKS: [&str; 24] = [
    "PORTABLE",
    "ERECT",
    "SUPINE",
    "AP",
    "PA",
    "LAT",
    "kVp",
    "mAs",
    "Hospital",
    "Chest",
    "Patient",
    "DOB",
    "Name:",
    "ID:",
    "Sex M",
    "F",
    "CHEST PA",
    "Acc No",
    "Se: 1",
    "Im: 12",
    "W 400 L 40",
    "R JS",
    "Age",
    "cm",
];
const SURNAMES: [&str; 10] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"];
const PLACES: [&str; 8] =
    ["병원", "대학교병원", "의료원", "흉부", "환자명", "생년월일", "촬영일", "영상의학과"];

/// A line in a script; digits and Latin letters mix with all of them. `wide`: letters are sometimes set apart.
pub fn line(chance: &mut Chance, script: Script, wide: bool) -> String {
    let words = chance.whole(1, 3);
    let parts: Vec<String> = (0..words).map(|_| word(chance, script)).collect();
    let text = parts.join(" ");
    if wide && chance.happens(0.08) {
        return spaced(&text);
    }
    text.chars().take(chance.whole(8, 24) as usize).collect()
}

/// Two or three letters; of Hangul also a single syllable.
pub fn short(chance: &mut Chance, script: Script) -> String {
    let least = if script == Script::Hangul { 1 } else { 2 };
    match (script, chance.whole(0, 5)) {
        (Script::Latin, 0) => mixed(chance).chars().take(3).collect(),
        (Script::Latin, 1) => {
            format!("{}{}", letters(chance, script, 1, 1), letters(chance, script, 1, 2).to_lowercase())
        }
        (_, 2) => chance.whole(10, 999).to_string(),
        (script, _) => letters(chance, script, least, 3),
    }
}

/// Letters set wide.
fn spaced(text: &str) -> String {
    let letters: Vec<String> =
        text.chars().filter(|c| !c.is_whitespace()).take(9).map(String::from).collect();
    letters.join(" ")
}

fn word(chance: &mut Chance, script: Script) -> String {
    match (script, chance.whole(0, 9)) {
        (_, 0) => date(chance),
        (_, 1) => number(chance),
        (Script::Latin, 2..=4) => name(chance),
        (Script::Latin, 5..=6) => (*chance.pick(&MARKS)).to_owned(),
        (Script::Hangul, 2..=4) => {
            (*chance.pick(&SURNAMES)).to_owned() + &letters(chance, Script::Hangul, 1, 3)
        }
        (Script::Hangul, 5) => (*chance.pick(&PLACES)).to_owned(),
        (Script::Latin, _) => mixed(chance),
        (script, _) => letters(chance, script, 2, 7),
    }
}

fn letters(chance: &mut Chance, script: Script, least: i64, most: i64) -> String {
    let (first, last) = script.range();
    let count = chance.whole(least, most);
    (0..count)
        .filter_map(|_| char::from_u32(chance.whole(i64::from(first), i64::from(last)) as u32))
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn name(chance: &mut Chance) -> String {
    let family = letters(chance, Script::Latin, 2, 8);
    let given = letters(chance, Script::Latin, 2, 8);
    match chance.whole(0, 3) {
        0 => format!("{family}^{given}"),
        1 => format!("{}{}", &family[..1], family[1..].to_lowercase()),
        2 => format!("{family}, {}", given.to_lowercase()),
        _ => family,
    }
}

fn date(chance: &mut Chance) -> String {
    let (year, month, day) = (chance.whole(1920, 2029), chance.whole(1, 12), chance.whole(1, 31));
    let (hour, minute) = (chance.whole(0, 23), chance.whole(0, 59));
    match chance.whole(0, 5) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}.{month:02}.{day:02}"),
        2 => format!("{year}{month:02}{day:02}"),
        3 => format!("{day:02}/{month:02}/{year}"),
        4 => format!("{hour:02}:{minute:02}:{day:02}"),
        _ => format!("{}y", chance.whole(1, 99)),
    }
}

fn number(chance: &mut Chance) -> String {
    let digits = chance.whole(2, 10);
    let text: String = (0..digits).filter_map(|_| char::from_digit(chance.whole(0, 9) as u32, 10)).collect();
    match chance.whole(0, 3) {
        0 if text.len() > 6 => format!("{}-{}", &text[..6], &text[6..]),
        1 => format!("#{text}"),
        _ => text,
    }
}

fn mixed(chance: &mut Chance) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/:.()+%";
    let count = chance.whole(2, 10);
    (0..count).map(|_| char::from(*chance.pick(LETTERS))).collect()
}

/// One letter or digit, as on a side marker.
pub fn single(chance: &mut Chance) -> String {
    let letters = ["R", "L", "R", "L", "R", "L", "A", "P", "1", "4", "8", "D", "G", "E", "M"];
    (*chance.pick(&letters)).to_owned()
}
