//! Doctors and radiographers of the invented hospitals.

use super::people::Name;

type Korean = (&'static str, &'static str, &'static str, &'static str);

const KOREAN: [[Korean; 5]; 3] = [
    [
        ("Seok", "Daehyun", "석", "대현"),
        ("Geum", "Ara", "금", "아라"),
        ("Ok", "Jaebin", "옥", "재빈"),
        ("Jegal", "Mijin", "제갈", "미진"),
        ("Bong", "Sungtae", "봉", "성태"),
    ],
    [
        ("Ki", "Bonhee", "기", "본희"),
        ("Mok", "Chanwook", "목", "찬욱"),
        ("Pyeon", "Hyemin", "편", "혜민"),
        ("Dokgo", "Seulgi", "독고", "슬기"),
        ("Eom", "Kiyoung", "엄", "기영"),
    ],
    [
        ("Sagong", "Yunho", "사공", "윤호"),
        ("Wi", "Junghee", "위", "중희"),
        ("Yeo", "Dongmin", "여", "동민"),
        ("Gil", "Sora", "길", "소라"),
        ("Noh", "Hangyeol", "노", "한결"),
    ],
];

const ABROAD: [(&str, &str); 5] = [
    ("Thackeray", "Edmund"),
    ("Villeneuve", "Odile"),
    ("Castellan", "Mirko"),
    ("Hartmann", "Gesine"),
    ("Osei", "Kwabena"),
];

/// The staff of hospital `number`.
pub(super) fn staff(number: usize, abroad: bool) -> Vec<Name> {
    let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    if abroad {
        let latin =
            |(family, given): &(&str, &str)| Name { latin: both(family, given), hangul: None, hanja: None };
        return ABROAD.iter().map(latin).collect();
    }
    let korean =
        |row: &Korean| Name { latin: both(row.0, row.1), hangul: Some(both(row.2, row.3)), hanja: None };
    KOREAN[number % KOREAN.len()].iter().map(korean).collect()
}
