//! `subject`: from patient to subject and back, logged before it is answered; merge and move stand in `moves`.

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use clap::{Args, Subcommand};
use sumgil_deid::PatientIdentity;
use sumgil_model::SubjectId;

use crate::{Edge, Home};

use super::{
    cli::{complain, say},
    moves,
    who::who,
};

/// Commands of `subject`.
#[derive(Subcommand)]
pub(super) enum SubjectCommand {
    /// Tell the subject of a patient, or the patient of a subject.
    Find(FindArgs),
    /// Two patient IDs are one person: what was sent of the first is recalled, and comes again under the second.
    Merge(moves::MergeArgs),
    /// A study was filed under a wrong patient: it is recalled, and comes again under the right one.
    Move(moves::MoveArgs),
    /// Who asked what, and when.
    Log,
}

/// Arguments of `subject find`.
#[derive(Args)]
#[group(required = true, multiple = false, id = "whom", args = ["patient_id", "subject"])]
pub(super) struct FindArgs {
    /// The hospital's number of the patient.
    #[arg(long, value_name = "ID")]
    patient_id: Option<String>,
    /// Who issued the number, where it is not this site.
    #[arg(long, value_name = "ISSUER", requires = "patient_id")]
    issuer: Option<String>,
    /// The subject, as the centre knows it.
    #[arg(long, value_name = "SUBJECT")]
    subject: Option<SubjectId>,
}

pub(super) async fn run(dir: &Path, command: SubjectCommand) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    match command {
        SubjectCommand::Find(args) => find(&edge, args).await,
        SubjectCommand::Merge(args) => moves::run_merge(&edge, args).await,
        SubjectCommand::Move(args) => moves::run_move(&edge, args).await,
        SubjectCommand::Log => log(&edge).await,
    }
}

async fn find(edge: &Edge, args: FindArgs) -> Result<ExitCode> {
    match (args.patient_id, args.subject) {
        (Some(id), _) => find_by_patient(edge, id.trim(), args.issuer.as_deref()).await,
        (None, Some(subject)) => find_by_subject(edge, &subject).await,
        (None, None) => anyhow::bail!("say --patient-id or --subject"),
    }
}

/// One line for each issuer under which the number is known here; else the subject that it would have.
async fn find_by_patient(edge: &Edge, id: &str, issuer: Option<&str>) -> Result<ExitCode> {
    edge.db.record_access(&who(), "subject find by patient", id).await?;
    let known = edge.db.patients_with_id(id).await?;
    let wanted: Vec<_> = known.iter().filter(|p| issuer.is_none_or(|i| i == p.identity.0)).collect();
    for patient in &wanted {
        say(&format!("{}  issued by {}", patient.subject, patient.identity.0));
        if let Some(alias) = edge.db.real_patient(&patient.patient_key, None).await? {
            let into = PatientIdentity::new(&alias.identity.0, &alias.identity.1);
            say(&format!("  merged into {}: {}", into.patient_id(), edge.secrets.pseudonym.subject(&into)));
        }
    }
    if wanted.is_empty() {
        let issuer = issuer.unwrap_or(edge.enrolment.site.as_str());
        let subject = edge.secrets.pseudonym.subject(&PatientIdentity::new(issuer, id));
        say(&format!("{subject}  issued by {issuer}; nothing of this patient has been here"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn find_by_subject(edge: &Edge, subject: &SubjectId) -> Result<ExitCode> {
    edge.db.record_access(&who(), "subject find by subject", subject.as_str()).await?;
    match edge.db.patient_of_subject(subject.as_str()).await? {
        Some(row) => {
            say(&format!("patient ID {}  issued by {}", row.identity.1, row.identity.0));
            Ok(ExitCode::SUCCESS)
        }
        None => {
            complain("no such subject has been here");
            Ok(ExitCode::from(1))
        }
    }
}

async fn log(edge: &Edge) -> Result<ExitCode> {
    for access in edge.db.accesses().await? {
        let at = jiff::Timestamp::from_microsecond(access.at)?;
        say(&format!("{at}  {}  {}  {}", access.who, access.what, access.detail));
    }
    Ok(ExitCode::SUCCESS)
}
