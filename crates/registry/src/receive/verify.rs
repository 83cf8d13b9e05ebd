//! The second look: an arriving object is opened, screened, read and checked before it is kept.
//!
//! The edge has done all this already; the centre does not take its word for it.

use sumgil_custody::{ObjectContext, ObjectKey, ObjectKind, open, sha256};
use sumgil_dicom::{
    Limits, Part10, access,
    checker::{self, Finding},
    confidentiality::Options,
    dictionary::tags,
};
use sumgil_model::{ClinicalRecord, Instance, Uid};
use sumgil_transfer::RefusalCode;

use super::IndexRows;

/// What an object turned out to hold.
#[derive(Debug)]
pub enum Content {
    /// A de-identified instance.
    Instance(Box<IndexRows>),
    /// A clinical record.
    Clinical(Box<ClinicalRecord>),
}

/// Why an object is not taken. No text here repeats what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// For programs.
    pub code: RefusalCode,
    /// For people: tags and rules, no values.
    pub detail: String,
}

impl Refused {
    pub(super) fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Most findings that a refusal names.
const MOST_FINDINGS: usize = 8;

/// Opens `sealed` and checks that it holds what `context` says and nothing that should not have left the
/// hospital. Answers the content and the SHA-256 of the plain bytes. Heavy: run it off the async threads.
///
/// # Errors
/// [`Refused`], with a reason that the site can act on.
pub fn verify(
    sealed: &[u8],
    context: &ObjectContext,
    key: &ObjectKey,
    limits: &Limits,
) -> Result<(Content, [u8; 32]), Refused> {
    let plain = open(sealed, context, key)
        .map_err(|error| Refused::new(RefusalCode::Malformed, error.to_string()))?;
    let content = match context.kind {
        ObjectKind::Instance => Content::Instance(Box::new(instance(&plain, context, limits)?)),
        ObjectKind::Clinical => Content::Clinical(Box::new(clinical(&plain, context)?)),
    };
    Ok((content, sha256(&plain)))
}

fn instance(plain: &[u8], context: &ObjectContext, limits: &Limits) -> Result<IndexRows, Refused> {
    let (part10, findings) = checker::check_file(plain, &Options::default_profile(), limits)
        .map_err(|refusal| Refused::new(RefusalCode::Malformed, format!("{}: {refusal}", refusal.code())))?;
    if !findings.is_empty() {
        return Err(Refused::new(RefusalCode::Deidentification, told(&findings)));
    }
    belongs(&part10, context)?;
    IndexRows::of(&part10.data_set, &part10.transfer_syntax)
        .map_err(|uid| Refused::new(RefusalCode::Malformed, format!("{uid} is absent or malformed")))
}

/// What the checker, which the edge ran too, found: rules and tags.
fn told(findings: &[Finding]) -> String {
    let named: Vec<String> = findings.iter().take(MOST_FINDINGS).map(Finding::to_string).collect();
    let more = findings.len().saturating_sub(MOST_FINDINGS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", named.join("; "))
}

/// Subject and UID are those that the object is bound to.
fn belongs(part10: &Part10, context: &ObjectContext) -> Result<(), Refused> {
    let mismatch = |what: &str| {
        Err(Refused::new(RefusalCode::IdentityMismatch, format!("{what} is not the manifest's")))
    };
    let data_set = &part10.data_set;
    let uid: Option<Uid<Instance>> = access::uid(data_set, tags::SOP_INSTANCE_UID);
    if uid.is_none_or(|uid| uid.as_str() != context.uid) {
        return mismatch("the SOP instance UID");
    }
    if access::text(data_set, tags::PATIENT_ID).as_deref() != Some(context.subject.as_str()) {
        return mismatch("the subject");
    }
    Ok(())
}

fn clinical(plain: &[u8], context: &ObjectContext) -> Result<ClinicalRecord, Refused> {
    let record: ClinicalRecord = serde_json::from_slice(plain)
        .map_err(|_| Refused::new(RefusalCode::Malformed, "the content is no clinical record"))?;
    if record.subject != context.subject || record.site != context.site {
        return Err(Refused::new(RefusalCode::IdentityMismatch, "subject or site is not the manifest's"));
    }
    Ok(record)
}
