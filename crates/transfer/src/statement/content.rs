//! What a site can state, beside what it sends.

use serde::{Deserialize, Serialize};
use sumgil_model::{Instance, LinkageToken, ObjectDigest, Study, SubjectId, Uid};

use super::{
    fields::Fields,
    figures::{Approval, SelfTestFigures},
};

/// Most targets of one recall.
pub const MAX_TARGETS: usize = 4_096;
/// Most objects that one recall names by digest.
pub const MAX_OBJECTS: usize = 16_384;
/// Most pairs in one statement of a move or of linkage.
pub const MAX_PAIRS: usize = 1_024;
/// Longest note of a recall, in characters.
const LONGEST_NOTE: usize = 200;
/// Longest record id, in bytes.
const LONGEST_ID: usize = 128;

/// What is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Content {
    /// Objects must not be used any more, from now on. They are kept apart until they are erased.
    Recall(Recall),
    /// The objects of an earlier recall are to be erased.
    Erase(Erase),
    /// Objects of an earlier recall have come again under another subject: the old ones are to be erased.
    Move(Move),
    /// Tokens by which a subject may be recognised at other sites.
    Linkage(Linkage),
    /// What the site's self-test found.
    SelfTest(SelfTestFigures),
    /// On what the site's contribution rests.
    Approval(Approval),
}

/// Why something is recalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallReason {
    /// The patient no longer agrees.
    ConsentWithdrawn,
    /// Filed under a wrong patient.
    WrongPatient,
    /// Two patient records turned out to be one person's.
    PatientsMerged,
    /// Something in it names the patient.
    IdentifierFound,
    /// It should not have been collected.
    OutOfScope,
    /// The images are of no use.
    Quality,
    /// Anything else; the note says what.
    Other,
}

/// What is recalled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallTarget {
    /// A study with all its instances, by its new UID.
    Study(Uid<Study>),
    /// One instance, by its new SOP instance UID.
    Instance(Uid<Instance>),
    /// One clinical record, by its id.
    Record(String),
}

/// Objects must not be used any more. The statement's number names the recall from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// Why, for programs.
    pub reason: RecallReason,
    /// Why, for people; without patient data. At most 200 characters, may be empty.
    pub note: String,
    /// What, at most [`MAX_TARGETS`].
    pub targets: Vec<RecallTarget>,
    /// The objects that the site has made of it, sent or not, as far as it knows; at most [`MAX_OBJECTS`]. None of
    /// them is taken any more.
    pub objects: Vec<ObjectDigest>,
}

/// The objects of a recall are to be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The number of the statement that recalled them.
    pub recall: u64,
}

/// One object that has come again under another subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovedObject {
    /// The recalled object.
    pub old: ObjectDigest,
    /// The object that takes its place.
    pub new: ObjectDigest,
}

/// Recalled objects have come again under another subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The number of the statement that recalled the old ones.
    pub recall: u64,
    /// Whose they seemed to be.
    pub from: SubjectId,
    /// Whose they are.
    pub into: SubjectId,
    /// At most [`MAX_PAIRS`].
    pub objects: Vec<MovedObject>,
}

/// A subject and its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedSubject {
    /// The subject at this site.
    pub subject: SubjectId,
    /// The token of its national number.
    pub token: LinkageToken,
}

/// Tokens of subjects, made under one linkage secret. A later token of a subject replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    /// Names the secret without telling it: tokens under different secrets are never compared.
    pub secret_id: LinkageToken,
    /// At most [`MAX_PAIRS`].
    pub subjects: Vec<LinkedSubject>,
}

impl RecallReason {
    /// All of them, in the order of the documents.
    pub const ALL: [Self; 7] = [
        Self::ConsentWithdrawn,
        Self::WrongPatient,
        Self::PatientsMerged,
        Self::IdentifierFound,
        Self::OutOfScope,
        Self::Quality,
        Self::Other,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConsentWithdrawn => "consent-withdrawn",
            Self::WrongPatient => "wrong-patient",
            Self::PatientsMerged => "patients-merged",
            Self::IdentifierFound => "identifier-found",
            Self::OutOfScope => "out-of-scope",
            Self::Quality => "quality",
            Self::Other => "other",
        }
    }
}

impl std::str::FromStr for RecallReason {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word).ok_or_else(|| {
            format!("no such reason; the reasons are {}", Self::ALL.map(Self::as_str).join(", "))
        })
    }
}

impl RecallTarget {
    /// The word for the kind, and the UID or id.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Study(uid) => ("study", uid.as_str()),
            Self::Instance(uid) => ("instance", uid.as_str()),
            Self::Record(id) => ("record", id),
        }
    }
}

impl Content {
    /// The word for the kind, as it stands in the message and in what is signed.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Recall(_) => "recall",
            Self::Erase(_) => "erase",
            Self::Move(_) => "move",
            Self::Linkage(_) => "linkage",
            Self::SelfTest(_) => "self-test",
            Self::Approval(_) => "approval",
        }
    }

    /// What is wrong with lengths, numbers and texts; nothing in a good statement.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match self {
            Self::Recall(recall) => recall.fault(),
            Self::Move(moved) => size_fault(moved.objects.len(), MAX_PAIRS),
            Self::Linkage(linkage) => size_fault(linkage.subjects.len(), MAX_PAIRS),
            Self::SelfTest(figures) => figures.fault(),
            Self::Approval(approval) => approval.fault(),
            Self::Erase(_) => None,
        }
    }

    pub(super) fn encode(&self, to: &mut Fields) {
        to.text(self.kind());
        match self {
            Self::Recall(recall) => recall.encode(to),
            Self::Erase(erase) => {
                to.number(erase.recall);
            }
            Self::Move(moved) => {
                to.number(moved.recall).text(moved.from.as_str()).text(moved.into.as_str());
                to.list(&moved.objects, |to, pair| {
                    to.text(pair.old.as_str()).text(pair.new.as_str());
                });
            }
            Self::Linkage(linkage) => {
                to.text(linkage.secret_id.as_str());
                to.list(&linkage.subjects, |to, one| {
                    to.text(one.subject.as_str()).text(one.token.as_str());
                });
            }
            Self::SelfTest(figures) => figures.encode(to),
            Self::Approval(approval) => approval.encode(to),
        }
    }
}

impl Recall {
    fn fault(&self) -> Option<&'static str> {
        let good_id = |target: &RecallTarget| match target {
            RecallTarget::Record(id) => {
                (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
            }
            RecallTarget::Study(_) | RecallTarget::Instance(_) => true,
        };
        if self.note.chars().count() > LONGEST_NOTE || self.note.chars().any(char::is_control) {
            return Some("the note is too long or not printable");
        }
        if !self.targets.iter().all(good_id) {
            return Some("a record id is empty, too long or not printable");
        }
        if self.targets.is_empty() && self.objects.is_empty() {
            return Some("nothing is recalled");
        }
        let fits = self.targets.len() <= MAX_TARGETS && self.objects.len() <= MAX_OBJECTS;
        (!fits).then_some("too many targets or objects")
    }

    fn encode(&self, to: &mut Fields) {
        to.text(self.reason.as_str()).text(&self.note);
        to.list(&self.targets, |to, target| {
            let (word, id) = target.parts();
            to.text(word).text(id);
        });
        to.list(&self.objects, |to, digest| {
            to.text(digest.as_str());
        });
    }
}

fn size_fault(found: usize, most: usize) -> Option<&'static str> {
    (!(1..=most).contains(&found)).then_some("no pairs, or too many")
}
