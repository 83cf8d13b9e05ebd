//! Taking back: the statement to the centre is kept in the same transaction in which the objects leave the spool.

use std::collections::BTreeSet;

use sumgil_model::{ObjectDigest, Uid};
use sumgil_transfer::statement::{MAX_OBJECTS, MAX_TARGETS, Recall, RecallReason, RecallTarget};

use crate::{
    Edge, EdgeError,
    pipeline::known_patient,
    spool::{KnownObject, Meant, NewRecall, Purpose},
};

/// Who asks for it, and why.
#[derive(Clone, Debug)]
pub struct Order {
    /// Why, for programs.
    pub reason: RecallReason,
    /// Why, for people; must not name a patient. At most 200 characters.
    pub note: String,
    /// Who asks.
    pub who: String,
    /// What the person named, for the access log.
    pub named: String,
}

/// Takes back what is meant. Returns the recalls' numbers: one, unless it is more than one statement can name.
///
/// # Errors
/// [`EdgeError::Refused`] when the note names a patient; database errors, after which nothing has happened.
pub async fn take_back(
    edge: &Edge,
    meant: &Meant,
    targets: &[RecallTarget],
    purpose: &Purpose,
    order: &Order,
) -> Result<Vec<i64>, EdgeError> {
    check_note(edge, &order.note, &meant.objects).await?;
    let targets = with_objects(targets, &meant.objects);
    let pieces = meant.objects.len().div_ceil(MAX_OBJECTS).max(targets.len().div_ceil(MAX_TARGETS)).max(1);
    let mut ids = Vec::new();
    for piece in 0..pieces {
        let objects = part(&meant.objects, piece, MAX_OBJECTS);
        let recall = Recall {
            reason: order.reason,
            note: order.note.clone(),
            targets: part(&targets, piece, MAX_TARGETS).to_vec(),
            objects: digests(objects)?,
        };
        let first = piece == 0;
        let new = NewRecall {
            purpose: purpose.clone(),
            who: order.who.clone(),
            named: order.named.clone(),
            recall,
            sequences: objects.iter().map(|object| object.sequence).collect(),
            unsealed: if first { unsealed(meant, purpose) } else { Vec::new() },
            bars: if *purpose == Purpose::TakeBack { meant.keys.clone() } else { Vec::new() },
        };
        let (id, segments) = edge.db.take_back(new).await?;
        edge.free(&segments).await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Takes back what the centre may hold under an original or a new UID, though nothing of it is known here: after a
/// machine was set up anew from a backup of the keys.
///
/// # Errors
/// As [`take_back`].
pub async fn take_back_unknown(edge: &Edge, uid: &str, order: &Order) -> Result<Vec<i64>, EdgeError> {
    let key = &edge.secrets.pseudonym;
    let mut targets = vec![RecallTarget::Study(key.uid(uid)), RecallTarget::Instance(key.uid(uid))];
    targets.extend(Uid::parse(uid).map(RecallTarget::Study));
    targets.extend(Uid::parse(uid).map(RecallTarget::Instance));
    let keys = ["study", "sop instance"].map(|purpose| edge.db.look_up(purpose, &[uid])).to_vec();
    let meant = Meant { keys, ..Meant::default() };
    take_back(edge, &meant, &targets, &Purpose::TakeBack, order).await
}

/// What is moved keeps its originals: they go to the right patient when they are de-identified.
fn unsealed(meant: &Meant, purpose: &Purpose) -> Vec<i64> {
    if *purpose == Purpose::TakeBack { meant.unsealed.clone() } else { Vec::new() }
}

/// The targets, and those of objects that none of them covers.
fn with_objects(targets: &[RecallTarget], objects: &[KnownObject]) -> Vec<RecallTarget> {
    let mut all = targets.to_vec();
    let mut seen: BTreeSet<String> = targets.iter().map(|target| target.parts().1.to_owned()).collect();
    for object in objects {
        let covered =
            seen.contains(&object.uid) || (!object.study.is_empty() && seen.contains(&object.study));
        if covered {
            continue;
        }
        let target = match object.kind.as_str() {
            "clinical" => Some(RecallTarget::Record(object.uid.clone())),
            _ if !object.study.is_empty() => Uid::parse(&object.study).map(RecallTarget::Study).ok(),
            _ => Uid::parse(&object.uid).map(RecallTarget::Instance).ok(),
        };
        seen.extend(target.iter().map(|target| target.parts().1.to_owned()));
        all.extend(target);
    }
    all
}

fn part<T>(all: &[T], number: usize, size: usize) -> &[T] {
    let from = (number * size).min(all.len());
    &all[from..(from + size).min(all.len())]
}

fn digests(objects: &[KnownObject]) -> Result<Vec<ObjectDigest>, EdgeError> {
    let parsed = objects.iter().map(|object| ObjectDigest::parse(&object.digest));
    parsed.collect::<Result<_, _>>().map_err(|_| EdgeError::Damaged("an object's row"))
}

/// Refuses a note that could name somebody: it travels to the centre.
async fn check_note(edge: &Edge, note: &str, objects: &[KnownObject]) -> Result<(), EdgeError> {
    if note.chars().count() > 200 || note.chars().any(char::is_control) {
        return Err(EdgeError::Refused("the note must have at most 200 characters in one line"));
    }
    let long_number = note.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 5);
    if long_number || note.contains(['@', '^']) {
        return Err(EdgeError::Refused("the note goes to the centre and looks as if it named a patient"));
    }
    let subjects: BTreeSet<&str> = objects.iter().map(|object| object.subject.as_str()).collect();
    for subject in subjects {
        let Some(row) = edge.db.patient_of_subject(subject).await? else { continue };
        let patient = known_patient(edge, &row.patient_key).await?;
        if patient.is_some_and(|patient| patient.is_named_in(note)) {
            return Err(EdgeError::Refused("the note goes to the centre and names the patient"));
        }
    }
    Ok(())
}
