//! What descriptions say of the exam and nothing of the patient: it has to stay.

mod english;
mod korean;

pub(super) use english::ENGLISH;
pub(super) use korean::KOREAN;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_and_none_twice() {
        let distinct: BTreeSet<String> =
            ENGLISH.iter().chain(&KOREAN).map(|phrase| phrase.to_lowercase()).collect();
        assert_eq!(distinct.len(), ENGLISH.len() + KOREAN.len());
        assert!(ENGLISH.iter().all(|phrase| phrase.is_ascii() && phrase.len() <= 44));
        assert!(KOREAN.iter().all(|phrase| !phrase.is_ascii() && phrase.chars().count() <= 24));
    }
}
