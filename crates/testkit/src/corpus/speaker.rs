//! Who writes into free text: fills sentences with what identifies the patient and with phrases to keep.

use super::{
    carriers,
    chance::Chance,
    people::{Name, Record, Visit},
    phrases,
    places::Hospital,
    plan::Style,
    script::Script,
    spelling,
};

/// A text with what it gives away and what has to stay of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) text: String,
    /// Kind and value of each identifier.
    pub(super) plants: Vec<(&'static str, String)>,
    pub(super) keeps: Vec<String>,
}

impl Saying {
    fn plain(kind: &'static str, (text, value): (String, String)) -> Self {
        Self { text, plants: vec![(kind, value)], keeps: Vec::new() }
    }

    fn append(&mut self, joint: &str, other: Self) {
        self.text = format!("{}{joint}{}", self.text, other.text);
        self.plants.extend(other.plants);
        self.keeps.extend(other.keeps);
    }
}

/// The sentences and phrases of a style.
pub(super) struct Words {
    english: Vec<&'static str>,
    korean: Vec<&'static str>,
    english_phrases: Vec<&'static str>,
    korean_phrases: Vec<&'static str>,
}

impl Words {
    /// Those of `style`.
    pub(super) fn of(style: Style) -> Self {
        Self {
            english: style.of(carriers::ENGLISH),
            korean: style.of(carriers::KOREAN),
            english_phrases: style.of(phrases::ENGLISH),
            korean_phrases: style.of(phrases::KOREAN),
        }
    }
}

/// Speaks of one record in one file.
pub(super) struct Speaker<'a> {
    pub(super) words: &'a Words,
    pub(super) record: &'a Record,
    pub(super) visit: &'a Visit,
    pub(super) hospitals: &'a [Hospital],
    pub(super) script: Script,
    pub(super) chance: Chance,
}

impl Speaker<'_> {
    /// The hospital of the record.
    pub(super) fn home(&self) -> &Hospital {
        &self.hospitals[self.record.hospital]
    }

    /// A member of its staff.
    pub(super) fn doctor(&mut self) -> &Name {
        let at = self.chance.size(0, self.home().staff.len() - 1);
        &self.hospitals[self.record.hospital].staff[at]
    }

    /// A sentence of at most `longest` characters, or a bare identifier when none fits.
    pub(super) fn sentence(&mut self, longest: usize) -> Saying {
        for _ in 0..24 {
            let saying = self.fill();
            if saying.text.chars().count() <= longest && self.script.encode(&saying.text).is_some() {
                return saying;
            }
        }
        self.bare(longest)
    }

    /// One to three sentences, for comments.
    pub(super) fn comment(&mut self) -> Saying {
        let mut comment = self.sentence(120);
        for _ in 0..self.chance.size(0, 2) {
            let next = self.sentence(120);
            comment.append(if self.chance.is(0.5) { ". " } else { "\r\n" }, next);
        }
        comment
    }

    /// A phrase to keep, alone.
    pub(super) fn phrase(&mut self, longest: usize) -> Saying {
        let korean = self.script.is_korean() && self.chance.is(0.4);
        let text = self.kept_phrase(korean, longest);
        Saying { text: text.to_owned(), plants: Vec::new(), keeps: vec![text.to_owned()] }
    }

    /// An identifier alone, of at most `longest` characters.
    pub(super) fn bare(&mut self, longest: usize) -> Saying {
        for _ in 0..8 {
            let token = *self.chance.pick(&["local", "id", "phone", "acc", "doctor", "latin", "resident"]);
            let saying = self.token(token);
            if saying.text.chars().count() <= longest && self.script.encode(&saying.text).is_some() {
                return saying;
            }
        }
        self.token("id")
    }

    fn fill(&mut self) -> Saying {
        let korean = self.script.is_korean() && self.chance.is(0.6);
        let words = self.words;
        let carriers = if korean { &words.korean } else { &words.english };
        let carrier = *self.chance.pick(carriers);
        let mut saying = Saying::default();
        let mut rest = carrier;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((token, tail)) = after.split_once('}') else { break };
            saying.text.push_str(before);
            let filled = self.token(token);
            saying.append("", filled);
            rest = tail;
        }
        saying.text.push_str(rest);
        saying
    }

    /// What stands in the place of a token.
    fn token(&mut self, token: &str) -> Saying {
        let korean = self.script.is_korean();
        let (record, script) = (self.record, self.script);
        let (person, name) = (&record.person, &record.person.name);
        let same = |text: String| (text.clone(), text);
        let chance = &mut self.chance;
        match token {
            "local" => Saying::plain("name", same(name.local_spelled(script, chance))),
            "latin" => Saying::plain("name", same(name.latin_spelled(chance))),
            "id" => Saying::plain("id", same(record.patient_id.clone())),
            "acc" => Saying::plain("accession", same(self.visit.accession.clone())),
            "birth" => Saying::plain("date", spelling::date(person.birth, korean, chance)),
            "day" => Saying::plain("date", spelling::date(chance.pick(&record.visits).day, korean, chance)),
            "phone" => Saying::plain("phone", spelling::phone(&person.phone, chance)),
            "resident" => Saying::plain("rrn", spelling::resident_number(&person.resident_number, chance)),
            "home" => Saying::plain("address", same(record.address.clone())),
            "site" => self.some_hospital(),
            "doctor" => self.some_doctor(),
            "보존" => self.kept(true),
            _ => self.kept(false),
        }
    }

    /// Mostly the patient's own hospital, sometimes another one.
    fn some_hospital(&mut self) -> Saying {
        let own = self.record.hospital;
        let at = if self.chance.is(0.7) { own } else { self.chance.size(0, self.hospitals.len() - 1) };
        let name = self.hospitals[at].name(self.script, &mut self.chance);
        let name = self.script.encode(&name).map_or(self.hospitals[own].latin.to_owned(), |_| name);
        Saying::plain("institution", (name.clone(), name))
    }

    fn some_doctor(&mut self) -> Saying {
        let script = self.script;
        let doctor = self.doctor().clone();
        let text = if script.is_korean() && self.chance.is(0.7) {
            doctor.local(script)
        } else {
            format!("{} {}", doctor.latin.1, doctor.latin.0)
        };
        Saying::plain("name", (text.clone(), text))
    }

    fn kept(&mut self, korean: bool) -> Saying {
        let text = self.kept_phrase(korean && self.script.is_korean(), usize::MAX).to_owned();
        Saying { text: text.clone(), plants: Vec::new(), keeps: vec![text] }
    }

    /// A phrase that holds no part of a name of this file.
    fn kept_phrase(&mut self, korean: bool, longest: usize) -> &'static str {
        let words = self.words;
        let all = if korean { &words.korean_phrases } else { &words.english_phrases };
        let parts = self.name_parts();
        loop {
            let phrase = *self.chance.pick(all);
            let lower = phrase.to_lowercase();
            let names_nobody = parts.iter().all(|part| !lower.contains(part.as_str()));
            if names_nobody && phrase.chars().count() <= longest {
                return phrase;
            }
        }
    }

    fn name_parts(&self) -> Vec<String> {
        let staff = self.home().staff.iter().flat_map(Name::parts);
        self.record.person.name.parts().into_iter().chain(staff).collect()
    }
}
