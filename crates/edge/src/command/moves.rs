//! `subject merge` and `subject move`: something goes to the patient that it is of.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use sumgil_deid::PatientIdentity;
use sumgil_transfer::statement::RecallReason;

use crate::{
    Edge,
    recall::{Moved, Named, Order, find, merge, move_study},
    spool::Meant,
};

use super::{cli::say, recall::told, who::who};

/// Arguments of `subject merge`.
#[derive(Args)]
pub(super) struct MergeArgs {
    /// The patient ID that is given up.
    from: String,
    /// The patient ID that stays.
    into: String,
    /// Who issued the first one, where it is not this site.
    #[arg(long, value_name = "ISSUER")]
    from_issuer: Option<String>,
    /// Who issued the second one, where it is not this site.
    #[arg(long, value_name = "ISSUER")]
    into_issuer: Option<String>,
    /// A few words for people at the centre. They must not name a patient.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Arguments of `subject move`.
#[derive(Args)]
pub(super) struct MoveArgs {
    /// The study: original UID, accession number, or UID as the centre knows it.
    study: String,
    /// The ID of the patient that it is of.
    #[arg(long, value_name = "PATIENT_ID")]
    to: String,
    /// Who issued the ID, where it is not this site.
    #[arg(long, value_name = "ISSUER")]
    issuer: Option<String>,
    /// A few words for people at the centre. They must not name a patient.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run_merge(edge: &Edge, args: MergeArgs) -> Result<ExitCode> {
    let from = identity(edge, args.from_issuer.as_deref(), &args.from).await?;
    let into = identity(edge, args.into_issuer.as_deref(), &args.into).await?;
    let named = format!("{} into {}", args.from.trim(), args.into.trim());
    let order = order(RecallReason::PatientsMerged, args.reason, named);
    edge.db.record_access(&order.who, "subject merge", &order.named).await?;
    let moved = merge(edge, &from, &into, &order).await?;
    say("what arrives of the first patient from now on is the second one's");
    tell(edge, &moved).await
}

pub(super) async fn run_move(edge: &Edge, args: MoveArgs) -> Result<ExitCode> {
    let into = identity(edge, args.issuer.as_deref(), &args.to).await?;
    let study = args.study.trim();
    let (meant, targets) = match find(edge, study).await? {
        Named::Study(meant, targets) => (meant, targets),
        Named::Single(..) => bail!("this is one instance: name its study"),
        Named::Several(studies) => {
            bail!("{studies} studies have this accession number: name the study's UID")
        }
        // It may arrive later: what counts is that it then goes to the right patient.
        Named::Nothing => {
            (Meant { keys: vec![edge.db.look_up("study", &[study])], ..Meant::default() }, Vec::new())
        }
    };
    let order = order(RecallReason::WrongPatient, args.reason, format!("{study} to {}", args.to.trim()));
    edge.db.record_access(&order.who, "subject move", &order.named).await?;
    let moved = move_study(edge, meant, &targets, &into, &order).await?;
    say("what arrives of the study from now on is this patient's");
    tell(edge, &moved).await
}

fn order(reason: RecallReason, note: String, named: String) -> Order {
    Order { reason, note, who: who(), named }
}

/// The one patient with this number.
async fn identity(edge: &Edge, issuer: Option<&str>, id: &str) -> Result<PatientIdentity> {
    let id = id.trim();
    if let Some(issuer) = issuer {
        return Ok(PatientIdentity::new(issuer, id));
    }
    let known = edge.db.patients_with_id(id).await?;
    match known.as_slice() {
        [] => Ok(PatientIdentity::new(edge.enrolment.site.as_str(), id)),
        [one] => Ok(PatientIdentity::new(&one.identity.0, &one.identity.1)),
        several => bail!("{} issuers have given this number: say which", several.len()),
    }
}

async fn tell(edge: &Edge, moved: &Moved) -> Result<ExitCode> {
    told(edge, &moved.recalls).await?;
    if moved.instances > 0 {
        say(&format!(
            "{} instances had been sealed, and the edge keeps no original of them: have the PACS send them again\n\
             ('sumgil-edge pull' does it). As they come, the centre erases the old ones and certifies it.",
            moved.instances
        ));
    }
    if moved.records > 0 {
        say(&format!("{} clinical records: import their tables again", moved.records));
    }
    if !moved.recalls.is_empty() {
        say("'recall confirm' erases what does not come again");
    }
    Ok(ExitCode::SUCCESS)
}
