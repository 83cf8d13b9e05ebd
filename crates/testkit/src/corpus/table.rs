//! Plants in the attributes of the confidentiality table, round and round, so that every one gets its turn.

use std::iter::Cycle;
use std::vec::IntoIter;

use jiff::ToSpan;
use sumgil_dicom::{
    confidentiality::{self, Action, Options},
    dicom_core::{Tag, VR},
};

use super::{
    chance::Chance,
    header::{Place, is_of_the_header},
    key,
    sheet::{Sheet, dictionary_vr, hex},
    speaker::{Saying, Speaker},
    spelling::compact,
};

/// The attributes of the table that can be planted, in an order of the seed.
pub(super) struct Turns(Cycle<IntoIter<(Tag, VR, Action)>>);

impl Turns {
    /// All of them.
    pub(super) fn new(seed: u64) -> Self {
        let options = Options::default_profile();
        let plantable = confidentiality::rows().iter().filter_map(|row| {
            let number = u32::from_str_radix(row.tag, 16).ok()?;
            let tag = Tag((number >> 16) as u16, number as u16);
            let action = confidentiality::action(tag, &options)?;
            is_plantable(tag).then_some((tag, dictionary_vr(tag), action))
        });
        Self(Chance::new(seed, "turns", 0).shuffled(plantable.collect()).into_iter().cycle())
    }

    /// Plants in the next `count` attributes that the file does not have.
    pub(super) fn plant(
        &mut self,
        count: usize,
        place: &Place<'_>,
        speaker: &mut Speaker<'_>,
        sheet: &mut Sheet,
    ) {
        let mut planted = 0;
        for (tag, vr, action) in self.0.by_ref().take(8 * count + 64) {
            if planted == count {
                return;
            }
            if !sheet.has(tag) && plant(tag, vr, action, place, speaker, sheet) {
                planted += 1;
            }
        }
    }
}

/// Not commands, file meta information, directories, signatures, curves and overlays, nor what describes the file.
fn is_plantable(tag: Tag) -> bool {
    let structural = matches!(tag.0, 0x0000 | 0x0002 | 0x0004 | 0x5000..=0x60FF | 0xFFFA..);
    !structural
        && !is_of_the_header(tag)
        && !matches!((tag.0, tag.1), (0x0008, 0x0005 | 0x0014 | 0x0016 | 0x0018))
}

/// Whether something could be planted.
fn plant(
    tag: Tag,
    vr: VR,
    action: Action,
    place: &Place<'_>,
    speaker: &mut Speaker<'_>,
    sheet: &mut Sheet,
) -> bool {
    match (action, vr) {
        (Action::ShiftDate, VR::DA) => sheet.shift(tag, &some_day(speaker)),
        (Action::ShiftDate, VR::DT) => sheet.shift(tag, &format!("{}114530", some_day(speaker))),
        (Action::ShiftDate, VR::TM) => sheet.text(tag, "114530"),
        (Action::Uid, VR::UI) => sheet.uid(tag, &place.other_uid(usize::from(tag.0 ^ tag.1))),
        (Action::Keep, VR::LO | VR::SH | VR::UT | VR::ST | VR::LT) => sheet.keep(tag, &thing(tag, speaker)),
        (Action::Clean, _) => match spoken(vr, speaker) {
            Some(saying) => sheet.clean(tag, &saying),
            None => return false,
        },
        (Action::Keep | Action::ShiftDate | Action::Uid, _) => return false,
        (_, VR::DA) => sheet.remove(tag, "date", &compact(speaker.record.person.birth)),
        (_, VR::PN) => person(tag, speaker, sheet),
        (_, VR::AE) => sheet.remove(tag, "institution", &format!("{}_PACS2", place.home().code)),
        (_, VR::UR) => {
            let id = &place.record.patient_id;
            sheet.note(tag, "id", id, key::Action::TextRemoved);
            sheet.text(tag, &format!("https://viewer.example/open?pid={id}"))
        }
        _ => match spoken(vr, speaker) {
            Some(saying) => sheet.lose(tag, &saying),
            None => return false,
        },
    };
    true
}

/// Free text as long as the VR allows; sometimes only a phrase, with nothing to hide.
fn spoken(vr: VR, speaker: &mut Speaker<'_>) -> Option<Saying> {
    Some(match vr {
        VR::SH => speaker.bare(16),
        VR::LO if speaker.chance.is(0.15) => speaker.phrase(60),
        VR::LO => speaker.sentence(64),
        VR::ST | VR::LT | VR::UT | VR::UC => speaker.comment(),
        _ => return None,
    })
}

fn person<'s>(tag: Tag, speaker: &mut Speaker<'_>, sheet: &'s mut Sheet) -> &'s mut Sheet {
    let script = speaker.script;
    let patient = speaker.chance.is(0.4);
    let name = if patient { speaker.record.person.name.pn(script) } else { speaker.doctor().pn(script) };
    sheet.remove(tag, "name", &name)
}

/// A day of the record, or some weeks before one.
fn some_day(speaker: &mut Speaker<'_>) -> String {
    let day = speaker.chance.pick(&speaker.record.visits).day;
    let earlier = speaker.chance.whole(0, 4) * 23;
    compact(day.checked_sub(earlier.days()).unwrap_or(day))
}

/// What a kept attribute of a device or a patient's characteristics says.
fn thing(tag: Tag, speaker: &mut Speaker<'_>) -> String {
    match hex(tag).as_str() {
        "00102160" => "Koryo-saram".to_owned(),
        _ => format!("{}-{}", speaker.chance.pick(&["PNL", "TUBE", "LNX", "GRP"]), speaker.chance.digits(5)),
    }
}
