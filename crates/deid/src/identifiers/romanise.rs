//! Hangul names in Latin letters: the Revised Romanisation, and the older spellings that people keep.

use super::normal::is_hangul;

const INITIALS: [&str; 19] =
    ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const MEDIALS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi",
    "yu", "eu", "ui", "i",
];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t",
    "ng", "t", "t", "k", "t", "p", "t",
];

/// Surnames whose holders mostly write them otherwise than the Revised Romanisation.
const SURNAMES: &[(&str, &[&str])] = &[
    ("김", &["kim"]),
    ("이", &["lee", "yi", "rhee", "ri"]),
    ("박", &["park", "pak"]),
    ("최", &["choi", "choe"]),
    ("정", &["jung", "chung", "jeong"]),
    ("강", &["kang", "gang"]),
    ("조", &["cho", "jo"]),
    ("윤", &["yoon", "yun"]),
    ("장", &["jang", "chang"]),
    ("임", &["lim", "im", "rim"]),
    ("오", &["oh", "o"]),
    ("서", &["seo", "suh", "so"]),
    ("신", &["shin", "sin"]),
    ("권", &["kwon", "gwon"]),
    ("황", &["hwang", "whang"]),
    ("안", &["ahn", "an"]),
    ("송", &["song"]),
    ("류", &["ryu", "yoo"]),
    ("유", &["yoo", "yu", "you", "ryu"]),
    ("전", &["jeon", "jun", "chun"]),
    ("고", &["ko", "go", "koh"]),
    ("문", &["moon", "mun"]),
    ("배", &["bae", "pae"]),
    ("백", &["baek", "paik"]),
    ("허", &["heo", "hur", "huh"]),
    ("노", &["noh", "no", "roh"]),
    ("남", &["nam"]),
    ("심", &["shim", "sim"]),
    ("주", &["joo", "ju", "chu"]),
    ("우", &["woo", "u"]),
    ("구", &["koo", "gu", "ku"]),
    ("민", &["min"]),
    ("길", &["gil", "kil"]),
    ("곽", &["kwak", "gwak"]),
    ("국", &["kook", "guk"]),
    ("선우", &["sunwoo", "seonu"]),
    ("남궁", &["namgung", "namkoong"]),
    ("황보", &["hwangbo"]),
    ("제갈", &["jegal", "chegal"]),
    ("독고", &["dokgo", "dokko"]),
];

/// Vowels and consonants that given names often spell in another way: sound of the Revised Romanisation,
/// older spelling.
const OLDER: &[(&str, &str)] = &[
    ("yeo", "you"),
    ("yeong", "young"),
    ("hyeon", "hyun"),
    ("seung", "sung"),
    ("seong", "sung"),
    ("gyeong", "kyung"),
    ("gyu", "kyu"),
    ("geon", "gun"),
    ("jeong", "jung"),
    ("jun", "joon"),
    ("hun", "hoon"),
    ("yun", "yoon"),
    ("u", "woo"),
    ("su", "soo"),
    ("ju", "joo"),
    ("hui", "hee"),
    ("seo", "suh"),
    ("geun", "keun"),
    ("yeon", "yun"),
    ("i", "yi"),
    ("bin", "been"),
    ("min", "min"),
    ("eun", "un"),
    ("cheol", "chul"),
    ("beom", "bum"),
    ("gi", "ki"),
    ("guk", "kook"),
    ("deok", "duk"),
    ("seok", "suk"),
    ("sik", "shik"),
    ("sin", "shin"),
];

/// Surnames of two syllables.
pub(crate) const LONG_SURNAMES: &[&str] =
    &["남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방", "망절", "어금"];

/// Latin spellings of a Hangul surname; the Revised Romanisation is always among them.
pub(crate) fn surname(hangul: &str) -> Vec<String> {
    let mut all = vec![revised(hangul)];
    let known = SURNAMES.iter().find(|(name, _)| *name == hangul).map_or(&[][..], |(_, spellings)| spellings);
    for spelling in known {
        if !all.iter().any(|s| s == spelling) {
            all.push((*spelling).to_owned());
        }
    }
    all
}

/// Latin spellings of a Hangul given name, syllables apart: each syllable revised or in its older spelling.
pub(crate) fn given(hangul: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for c in hangul.chars().filter(|c| is_hangul(*c)).take(4) {
        let revised = syllable(c);
        let older = OLDER.iter().find(|(new, _)| *new == revised).map(|(_, old)| (*old).to_owned());
        all = all
            .into_iter()
            .flat_map(|head: Vec<String>| {
                std::iter::once(revised.clone())
                    .chain(older.clone())
                    .map(move |s| [head.clone(), vec![s]].concat())
            })
            .collect();
    }
    all
}

fn revised(hangul: &str) -> String {
    hangul.chars().filter(|c| is_hangul(*c)).map(syllable).collect()
}

fn syllable(c: char) -> String {
    let index = (c as usize).saturating_sub(0xac00);
    let (initial, medial, last) = (index / 588 % 19, index % 588 / 28, index % 28);
    [INITIALS[initial], MEDIALS[medial], FINALS[last]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revised_and_older_spellings() {
        assert_eq!(revised("한빛"), "hanbit");
        assert_eq!(revised("서윤"), "seoyun");
        assert!(surname("이").contains(&"lee".to_owned()));
        assert!(given("영준").contains(&vec!["young".to_owned(), "joon".to_owned()]));
        assert_eq!(surname("탁"), ["tak"]);
    }
}
