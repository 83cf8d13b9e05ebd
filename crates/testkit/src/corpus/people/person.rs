//! What identifies a person wherever the person goes.

use jiff::{ToSpan, civil::Date};

use super::Name;
use crate::corpus::chance::Chance;

/// An invented person.
#[derive(Clone, Debug)]
pub(in crate::corpus) struct Person {
    /// `S00`, `S01` ...
    pub(in crate::corpus) code: String,
    pub(in crate::corpus) name: Name,
    pub(in crate::corpus) sex: char,
    pub(in crate::corpus) birth: Date,
    /// Thirteen digits with a dash; the check digit is wrong, so that it is nobody's.
    pub(in crate::corpus) resident_number: String,
    pub(in crate::corpus) phone: String,
    pub(in crate::corpus) size_m: String,
    pub(in crate::corpus) weight_kg: String,
}

impl Person {
    /// The person `number` named `name`.
    pub(super) fn new(number: usize, name: Name, chance: &mut Chance) -> Self {
        let sex = if chance.is(0.5) { 'F' } else { 'M' };
        let birth = Date::constant(1938, 1, 1).checked_add(chance.whole(0, 21_900).days());
        let birth = birth.unwrap_or(Date::constant(1961, 3, 12));
        Self {
            code: format!("S{number:02}"),
            name,
            sex,
            birth,
            resident_number: resident_number(birth, sex, chance),
            phone: format!("010-{}-{}", chance.digits(4), chance.digits(4)),
            size_m: format!("1.{}", chance.whole(48, 93)),
            weight_kg: chance.whole(41, 97).to_string(),
        }
    }

    /// Whole years on `day`.
    pub(in crate::corpus) fn age_years(&self, day: Date) -> i16 {
        let had_birthday = (day.month(), day.day()) >= (self.birth.month(), self.birth.day());
        day.year() - self.birth.year() - i16::from(!had_birthday)
    }
}

fn resident_number(birth: Date, sex: char, chance: &mut Chance) -> String {
    let century = if birth.year() < 2000 { 1 } else { 3 } + u8::from(sex == 'F');
    let front = format!("{:02}{:02}{:02}", birth.year() % 100, birth.month(), birth.day());
    let body = format!("{front}{century}{}", chance.digits(5));
    let wrong = (check_digit(&body) + 1 + chance.whole(0, 8) as u32) % 10;
    format!("{front}-{}{wrong}", &body[6..])
}

/// The check digit of the first twelve digits.
fn check_digit(body: &str) -> u32 {
    const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    (11 - sum % 11) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_numbers_are_nobodys() {
        for number in 0..500 {
            let mut chance = Chance::new(1, "person", number);
            let name = Name::korean(&mut chance);
            let person = Person::new(number as usize, name, &mut chance);
            let digits = person.resident_number.replace('-', "");
            assert_eq!(digits.len(), 13);
            assert_ne!(check_digit(&digits[..12]), digits.as_bytes()[12].into_digit());
        }
    }

    trait IntoDigit {
        fn into_digit(self) -> u32;
    }

    impl IntoDigit for u8 {
        fn into_digit(self) -> u32 {
            u32::from(self - b'0')
        }
    }
}
