//! Makes the files and the key.

use std::{fs, path::Path};

use anyhow::Context;
use sumgil_dicom::dictionary::tags;
use sumgil_model::Uid;

use super::{
    document, envelope,
    header::{Place, class, header},
    key::{Item, write_key},
    nested,
    people::{Record, records},
    picture::{Codec, Faces, Scene, Texts, image, overlay},
    places::{Hospital, hospitals},
    plan::{Kind, Plan, kinds, script},
    private, report,
    sheet::Sheet,
    speaker::{Speaker, Words},
    spelling, state,
    table::Turns,
};

/// Name of the key in the corpus.
pub const KEY: &str = "key.csv";

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// Files, relative, in the order of the key.
    pub files: Vec<String>,
    /// The key.
    pub key: Vec<Item>,
}

/// What all files share.
struct Workshop {
    plan: Plan,
    hospitals: Vec<Hospital>,
    faces: Faces,
    words: Words,
    turns: Turns,
}

/// Writes the corpus of `plan` into `out`, which is made if need be, with [`KEY`].
///
/// # Errors
/// When the disk fails, or this machine has no fonts.
pub fn write(plan: &Plan, out: &Path) -> anyhow::Result<Corpus> {
    let hospitals = hospitals(plan.seed);
    let records = records(plan.seed, plan.patients, &hospitals);
    let mut shop = Workshop {
        plan: *plan,
        hospitals,
        faces: Faces::open(plan.style)?,
        words: Words::of(plan.style),
        turns: Turns::new(plan.seed),
    };
    let mut corpus = Corpus { files: Vec::new(), key: Vec::new() };
    for (number, record) in records.iter().enumerate() {
        for kind in kinds(plan.seed, number) {
            shop.add(record, kind, out, &mut corpus)?;
        }
    }
    write_key(&out.join(KEY), &corpus.key)?;
    Ok(corpus)
}

impl Workshop {
    fn add(&mut self, record: &Record, kind: Kind, out: &Path, corpus: &mut Corpus) -> anyhow::Result<()> {
        let number = corpus.files.len() + 1;
        let hospitals = std::mem::take(&mut self.hospitals);
        let made = self.make(&place(self.plan.seed, number, record, kind, &hospitals), kind);
        let folder = hospitals[record.hospital].folder.clone();
        self.hospitals = hospitals;
        let (bytes, items) = made?;
        let name =
            format!("{folder}/{}{number:03}.dcm", kind.modality(number.is_multiple_of(2)).to_lowercase());
        fs::create_dir_all(out.join(folder))?;
        fs::write(out.join(&name), bytes).with_context(|| format!("cannot write {name}"))?;
        for item in items {
            let item_number = corpus.key.len() as u32 + 1;
            let allow_drop = if kind == Kind::Document { "1".to_owned() } else { String::new() };
            corpus.key.push(Item {
                item: item_number,
                file: name.clone(),
                patient: record.code.clone(),
                person: record.person.code.clone(),
                allow_drop,
                ..item
            });
        }
        corpus.files.push(name);
        Ok(())
    }

    /// The bytes of a file and its lines of the key.
    fn make(&mut self, place: &Place<'_>, kind: Kind) -> anyhow::Result<(Vec<u8>, Vec<Item>)> {
        let mut speaker = Speaker {
            words: &self.words,
            record: place.record,
            visit: place.visit,
            hospitals: place.hospitals,
            script: place.script,
            chance: place.chance("speaker"),
        };
        let native = Codec::Explicit.native_syntax();
        let (mut sheet, syntax) = match kind {
            Kind::Report => (report::report(place, &mut speaker), native),
            Kind::State => (state::state(place, &mut speaker), native),
            Kind::Document => (document::document(place)?, native),
            Kind::Picture { scene, codec, burned } => self.picture(place, scene, codec, burned)?,
        };
        fill(place, kind, &mut speaker, &mut self.turns, &mut sheet);
        let (set, mut items) = sheet.finish();
        let syntax = Uid::parse(syntax).context("transfer syntax")?;
        let mut bytes = sumgil_dicom::write(&set, &syntax).context("cannot encode")?;
        // Behind a deflated stream there is nothing.
        if syntax.as_str() == native {
            items.extend(envelope::plant(place, &mut bytes));
        }
        Ok((bytes, items))
    }

    fn picture(
        &self,
        place: &Place<'_>,
        scene: Scene,
        codec: Codec,
        burned: bool,
    ) -> anyhow::Result<(Sheet, &'static str)> {
        let mut chance = place.chance("picture");
        let mut sheet = header(place, class_of(scene, place.modality));
        let texts = if burned { texts(place) } else { Texts::new() };
        let (syntax, size) = image(&mut sheet, scene, codec, &texts, &self.faces, &mut chance)?;
        if place.modality == "CR" && chance.is(0.7) {
            let name = place.record.person.name.local(place.script);
            overlay(&mut sheet, size, &name, &self.faces, &mut chance);
        }
        Ok((sheet, syntax))
    }
}

/// Descriptions, the table, nested items and private blocks; less in what is no image.
fn fill(place: &Place<'_>, kind: Kind, speaker: &mut Speaker<'_>, turns: &mut Turns, sheet: &mut Sheet) {
    if kind == Kind::Document {
        return;
    }
    let study = if speaker.chance.is(0.5) { speaker.sentence(64) } else { speaker.phrase(64) };
    let series = if speaker.chance.is(0.4) { speaker.sentence(64) } else { speaker.phrase(64) };
    sheet.clean(tags::STUDY_DESCRIPTION, &study).clean(tags::SERIES_DESCRIPTION, &series);
    let is_rich = matches!(place.modality, "CT" | "DX" | "CR");
    if is_rich {
        sheet.clean(tags::PROTOCOL_NAME, &speaker.phrase(64));
        nested::plant(place, speaker, sheet);
        private::plant(place, speaker, sheet);
    }
    turns.plant(if is_rich { 30 } else { 9 }, place, speaker, sheet);
}

fn place<'a>(
    seed: u64,
    number: usize,
    record: &'a Record,
    kind: Kind,
    hospitals: &'a [Hospital],
) -> Place<'a> {
    let korean = hospitals[record.hospital].is_korean();
    Place {
        seed,
        number,
        record,
        visit: &record.visits[number % record.visits.len()],
        hospitals,
        script: script(korean, number),
        modality: kind.modality(number.is_multiple_of(2)),
        series: 1 + number % 7,
        with_age: number % 6 != 2,
    }
}

fn class_of(scene: Scene, modality: &str) -> &'static str {
    match scene {
        Scene::Radiograph { .. } if modality == "CR" => class::CR,
        Scene::Radiograph { .. } => class::DX,
        Scene::Slice | Scene::Localiser => class::CT,
        Scene::Screen => class::SC,
        Scene::Ultrasound => class::US,
    }
}

/// What a console burns in: who, which number, where, when, born when.
fn texts(place: &Place<'_>) -> Texts {
    let mut chance = place.chance("texts");
    let (record, script) = (place.record, place.script);
    let korean = place.home().is_korean();
    let name = if chance.is(0.5) {
        record.person.name.local(script)
    } else {
        record.person.name.latin_spelled(&mut chance)
    };
    let id = format!("{}{}", chance.pick(&["", "ID: ", "PID ", "No."]), record.patient_id);
    let hospital = place.home().name(script, &mut chance);
    let (day, _) = spelling::date(place.visit.day, false, &mut chance);
    let (birth, _) = spelling::date(record.person.birth, false, &mut chance);
    let clock = format!("{day} {}:{}", &place.visit.time[..2], &place.visit.time[2..4]);
    let mut texts: Texts = vec![
        ("name", name),
        ("id", id),
        ("institution", hospital),
        ("date", clock),
        ("date", format!("{birth} {}/{}", record.person.sex, chance.whole(20, 80))),
    ];
    if korean && chance.is(0.2) {
        texts.push(("address", record.address.clone()));
    }
    chance.shuffled(texts)
}
