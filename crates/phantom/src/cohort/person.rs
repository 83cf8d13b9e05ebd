//! Who the invented patients are: names, birth dates, numbers, addresses, bodies.

use jiff::{ToSpan, civil::Date};
use sumgil_model::Sex;

use super::names::{Name, any_name};
use crate::random::Dice;

/// A patient as the hospital knows him or her. Nothing here is real; resident numbers carry a wrong check
/// digit and telephone numbers lie in a block that is not assigned.
#[derive(Clone, Debug)]
pub struct Person {
    /// Local patient number.
    pub patient_id: String,
    /// Number at a former hospital system, still in some headers.
    pub former_id: String,
    /// Name.
    pub name: Name,
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: Date,
    /// Resident registration number `YYMMDD-NNNNNNN`, its check digit wrong.
    pub resident_number: String,
    /// Mobile telephone.
    pub phone: String,
    /// Home.
    pub address: String,
    /// Height in metres.
    pub height_m: f64,
    /// Weight in kilograms.
    pub weight_kg: f64,
}

const REGIONS: [&str; 8] = [
    "대구광역시 수성구",
    "대구광역시 달서구",
    "경상북도 경산시",
    "서울특별시 은평구",
    "부산광역시 사하구",
    "경기도 수원시",
    "인천광역시 부평구",
    "경상북도 청도군",
];
const STREETS: [&str; 8] =
    ["솔바람로", "참나무길", "물안개로", "새벽별길", "돌담장로", "아지랑이길", "해오름로", "느티나무길"];

impl Person {
    /// A person of `age_years` on `day`.
    pub(crate) fn new(dice: &mut Dice, patient_id: String, sex: Sex, age_years: u16, day: Date) -> Self {
        let birth_date = birth_date(dice, age_years, day);
        Self {
            former_id: format!("OLD-{:07}", dice.whole(1_000_000, 9_999_999)),
            name: any_name(dice),
            resident_number: resident_number(dice, sex, birth_date),
            phone: format!("010-0{:03}-{:04}", dice.whole(0, 999), dice.whole(0, 9999)),
            address: address(dice),
            height_m: height(dice, sex, age_years),
            weight_kg: 0.0,
            patient_id,
            sex,
            birth_date,
        }
        .weighed(dice)
    }

    fn weighed(mut self, dice: &mut Dice) -> Self {
        let body_mass_index = (23.8 + 3.0 * dice.normal()).clamp(16.0, 36.0);
        self.weight_kg = body_mass_index * self.height_m * self.height_m;
        self
    }

    /// Age in completed years on `day`.
    pub fn age_on(&self, day: Date) -> u16 {
        let years = day.year() - self.birth_date.year();
        let before = (day.month(), day.day()) < (self.birth_date.month(), self.birth_date.day());
        (years - i16::from(before)).max(0) as u16
    }
}

/// A birth date that makes the age on `day` exactly `age_years`, not closer than 60 days to a birthday so that
/// the age is the same in every exam around the stay wherever that is possible.
fn birth_date(dice: &mut Dice, age_years: u16, day: Date) -> Date {
    let back = dice.whole(60, 300);
    day.saturating_sub(i32::from(age_years).years()).saturating_sub(back.days())
}

fn resident_number(dice: &mut Dice, sex: Sex, birth: Date) -> String {
    let century = if birth.year() >= 2000 { 3 } else { 1 };
    let gender = century + i64::from(sex != Sex::Male);
    let front = birth.strftime("%y%m%d").to_string();
    let middle = format!("{gender}{:05}", dice.whole(0, 99_999));
    let wrong = (check_digit(&format!("{front}{middle}")) + dice.whole(1, 9) as u32) % 10;
    format!("{front}-{middle}{wrong}")
}

/// The check digit that the first twelve digits of a resident number would have.
fn check_digit(twelve: &str) -> u32 {
    let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let sum: u32 = twelve.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (11 - sum % 11) % 10
}

fn address(dice: &mut Dice) -> String {
    format!(
        "{} {} {}번길 {}, {}-{}",
        dice.pick(&REGIONS),
        dice.pick(&STREETS),
        dice.whole(2, 98),
        dice.whole(1, 60),
        dice.whole(101, 120),
        dice.whole(101, 1904)
    )
}

fn height(dice: &mut Dice, sex: Sex, age_years: u16) -> f64 {
    let adult = if sex == Sex::Male { 1.72 } else { 1.59 } - 0.0008 * (f64::from(age_years) - 45.0).max(0.0);
    let grown = if age_years < 17 { adult - 0.045 * f64::from(17 - age_years) } else { adult };
    (grown + 0.055 * dice.normal()).clamp(1.25, 1.95)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn resident_numbers_never_check() {
        for number in 0..500 {
            let mut dice = Dice::new(7, "person", number);
            let day = date(2020, 3, 1);
            let age = 11 + (number % 87) as u16;
            let person = Person::new(&mut dice, "x".into(), Sex::Female, age, day);
            let digits = person.resident_number.replace('-', "");
            assert_eq!(digits.len(), 13);
            let written: u32 = digits[12..].parse().unwrap();
            assert_ne!(check_digit(&digits[..12]), written);
            assert_eq!(person.age_on(day), age);
        }
    }
}
