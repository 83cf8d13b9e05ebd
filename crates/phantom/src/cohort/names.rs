//! Invented names: Hangul, Hanja and Latin spellings of the same syllables, and a few visitors.

use crate::random::Dice;

/// A person's name in the three component groups of PN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Family and given name in Latin letters.
    pub latin: (String, String),
    /// In Hangul.
    pub hangul: (String, String),
    /// In Hanja.
    pub hanja: (String, String),
}

impl Name {
    /// Family and given name in Hangul without a space, as forms write it.
    pub fn joined(&self) -> String {
        format!("{}{}", self.hangul.0, self.hangul.1)
    }

    /// Family^Given in Latin letters.
    pub fn latin_pn(&self) -> String {
        format!("{}^{}", self.latin.0, self.latin.1)
    }

    /// Every spelling that a file or table of the phantom may contain.
    pub fn spellings(&self) -> Vec<String> {
        let mut all = vec![
            self.latin_pn(),
            format!("{} {}", self.latin.0, self.latin.1),
            format!("{} {}", self.latin.1, self.latin.0),
            self.joined(),
            format!("{}^{}", self.hangul.0, self.hangul.1),
        ];
        if !self.hanja.0.is_empty() {
            all.push(format!("{}^{}", self.hanja.0, self.hanja.1));
        }
        all.dedup();
        all
    }
}

const FAMILIES: [(&str, &str, &str, u32); 24] = [
    ("Kim", "김", "金", 21),
    ("Lee", "이", "李", 15),
    ("Park", "박", "朴", 8),
    ("Choi", "최", "崔", 5),
    ("Jung", "정", "鄭", 4),
    ("Kang", "강", "姜", 3),
    ("Cho", "조", "趙", 2),
    ("Yoon", "윤", "尹", 2),
    ("Jang", "장", "張", 2),
    ("Lim", "임", "林", 2),
    ("Han", "한", "韓", 2),
    ("Oh", "오", "吳", 2),
    ("Seo", "서", "徐", 2),
    ("Shin", "신", "申", 2),
    ("Kwon", "권", "權", 1),
    ("Hwang", "황", "黃", 1),
    ("Ahn", "안", "安", 1),
    ("Song", "송", "宋", 1),
    ("Hong", "홍", "洪", 1),
    ("Bae", "배", "裵", 1),
    ("Namgung", "남궁", "南宮", 1),
    ("Hwangbo", "황보", "皇甫", 1),
    ("Jegal", "제갈", "諸葛", 1),
    ("Seonu", "선우", "鮮于", 1),
];

const SYLLABLES: [(&str, &str, &str); 30] = [
    ("min", "민", "敏"),
    ("su", "수", "秀"),
    ("ji", "지", "智"),
    ("young", "영", "英"),
    ("ho", "호", "浩"),
    ("jun", "준", "俊"),
    ("seo", "서", "瑞"),
    ("yeon", "연", "姸"),
    ("hyun", "현", "賢"),
    ("woo", "우", "宇"),
    ("sook", "숙", "淑"),
    ("ja", "자", "子"),
    ("soon", "순", "順"),
    ("jae", "재", "在"),
    ("sung", "성", "成"),
    ("kyung", "경", "京"),
    ("hee", "희", "姬"),
    ("mi", "미", "美"),
    ("eun", "은", "恩"),
    ("jin", "진", "眞"),
    ("tae", "태", "泰"),
    ("sang", "상", "相"),
    ("cheol", "철", "哲"),
    ("won", "원", "元"),
    ("bo", "보", "寶"),
    ("ra", "라", "羅"),
    ("dong", "동", "東"),
    ("hwa", "화", "華"),
    ("gil", "길", "吉"),
    ("nam", "남", "南"),
];

const VISITORS: [(&str, &str, &str, &str); 6] = [
    ("Whitfield", "Daniel", "휫필드", "다니엘"),
    ("Okonkwo", "Adaeze", "오콘쿼", "아다에제"),
    ("Nguyen", "Thuylinh", "응우옌", "투이린"),
    ("Bergstrom", "Astrid", "베리스트룀", "아스트리드"),
    ("Castellanos", "Ximena", "카스테야노스", "히메나"),
    ("Thornbury", "Marcus", "손버리", "마커스"),
];

/// A name; about one in fifty is a visitor's.
pub(crate) fn any_name(dice: &mut Dice) -> Name {
    if dice.chance(0.02) {
        let (family, given, family_kr, given_kr) = *dice.pick(&VISITORS);
        return Name {
            latin: (family.to_owned(), given.to_owned()),
            hangul: (family_kr.to_owned(), given_kr.to_owned()),
            hanja: Default::default(),
        };
    }
    let family = family(dice);
    let first = dice.pick(&SYLLABLES);
    let second = loop {
        let candidate = dice.pick(&SYLLABLES);
        if candidate.0 != first.0 {
            break candidate;
        }
    };
    Name {
        latin: (family.0.to_owned(), capital(&format!("{}{}", first.0, second.0))),
        hangul: (family.1.to_owned(), format!("{}{}", first.1, second.1)),
        hanja: (family.2.to_owned(), format!("{}{}", first.2, second.2)),
    }
}

fn family(dice: &mut Dice) -> (&'static str, &'static str, &'static str) {
    let total: u32 = FAMILIES.iter().map(|f| f.3).sum();
    let mut left = dice.whole(0, i64::from(total) - 1) as u32;
    for (latin, hangul, hanja, weight) in FAMILIES {
        if left < weight {
            return (latin, hangul, hanja);
        }
        left -= weight;
    }
    ("Kim", "김", "金")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
