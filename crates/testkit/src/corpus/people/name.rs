//! A name in the three groups of PN, and the ways in which people write it.

use super::pool::{EUROPEAN, FAMILIES, FOREIGN, GIVEN};
use crate::corpus::{chance::Chance, script::Script};

/// A person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::corpus) struct Name {
    pub(in crate::corpus) latin: (String, String),
    pub(in crate::corpus) hangul: Option<(String, String)>,
    pub(in crate::corpus) hanja: Option<(String, String)>,
}

impl Name {
    /// A Korean name.
    pub(super) fn korean(chance: &mut Chance) -> Self {
        let (family, given) = (chance.pick(&FAMILIES), chance.pick(&GIVEN));
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let native = given.1.is_empty();
        Self {
            latin: both(family.2, given.2),
            hangul: Some(both(family.0, given.0)),
            hanja: (!native && chance.is(0.5)).then(|| both(family.1, given.1)),
        }
    }

    /// The foreign name `nth`, with Hangul.
    pub(super) fn foreign(nth: usize) -> Self {
        let (family, given, family_kr, given_kr) = FOREIGN[nth % FOREIGN.len()];
        Self {
            latin: (family.to_owned(), given.to_owned()),
            hangul: Some((family_kr.to_owned(), given_kr.to_owned())),
            hanja: None,
        }
    }

    /// The European name `nth`, Latin only.
    pub(super) fn european(nth: usize) -> Self {
        let (family, given) = EUROPEAN[nth % EUROPEAN.len()];
        Self { latin: (family.to_owned(), given.to_owned()), hangul: None, hanja: None }
    }

    /// The value of a PN element in `script`.
    pub(in crate::corpus) fn pn(&self, script: Script) -> String {
        let join = |name: &(String, String)| format!("{}^{}", name.0, name.1);
        let latin = join(&self.latin);
        match (&self.hangul, &self.hanja) {
            (Some(hangul), Some(hanja)) if script.is_korean() => {
                format!("{latin}={}={}", join(hanja), join(hangul))
            }
            (Some(hangul), None) if script.is_korean() => format!("{latin}=={}", join(hangul)),
            _ => latin,
        }
    }

    /// `GivenFamily` joined in Hangul, or in Latin where there is none.
    pub(in crate::corpus) fn local(&self, script: Script) -> String {
        match &self.hangul {
            Some((family, given)) if script.is_korean() => format!("{family}{given}"),
            _ => format!("{} {}", self.latin.1, self.latin.0),
        }
    }

    /// One of the ways to write it in Latin letters.
    pub(in crate::corpus) fn latin_spelled(&self, chance: &mut Chance) -> String {
        let (family, given) = &self.latin;
        let spelled = match chance.size(0, 5) {
            0 | 1 => format!("{given} {family}"),
            2 => format!("{family} {given}"),
            3 => format!("{family}, {given}"),
            4 => format!("{family}^{given}"),
            _ => format!("{family}{given}"),
        };
        // The case of letters outside ASCII is left alone: searches that fold only ASCII must find them.
        if spelled.is_ascii() && chance.is(0.3) { spelled.to_uppercase() } else { spelled }
    }

    /// One of the ways to write it in Hangul; in Latin letters where there is none.
    pub(in crate::corpus) fn local_spelled(&self, script: Script, chance: &mut Chance) -> String {
        let Some((family, given)) = self.hangul.as_ref().filter(|_| script.is_korean()) else {
            return self.latin_spelled(chance);
        };
        match chance.size(0, 9) {
            0 => format!("{family} {given}"),
            1 => format!("{family}^{given}"),
            _ => format!("{family}{given}"),
        }
    }

    /// Parts by which a text would name the person: words of three letters, two syllables.
    pub(in crate::corpus) fn parts(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            [&self.latin.0, &self.latin.1].iter().map(|p| p.to_lowercase()).collect();
        parts.retain(|part| part.chars().count() >= 3);
        for (family, given) in [&self.hangul, &self.hanja].into_iter().flatten() {
            parts.extend([family, given].into_iter().filter(|p| p.chars().count() >= 2).cloned());
        }
        parts
    }
}
