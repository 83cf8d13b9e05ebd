//! `recall`: something that was sent must not be used any more.

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use sumgil_model::{Any, Uid};
use sumgil_transfer::statement::{Outcome, RecallReason};

use crate::{
    Edge, Home,
    recall::{Named, Order, find, take_back, take_back_unknown},
    spool::{Purpose, RecallRow, StatementRow, StatementState},
    statements::{answer_of, hurry},
};

use super::{
    cli::{complain, say},
    who::who,
};

/// How long a command waits for a running edge to send its statement.
const PATIENCE: Duration = Duration::from_secs(15);

/// Arguments of `recall`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct RecallArgs {
    #[command(subcommand)]
    command: Option<RecallCommand>,
    /// The study or instance: original UID, accession number, or UID as the centre knows it.
    #[arg(value_name = "STUDY|INSTANCE", required = true)]
    what: Option<String>,
    /// Why: consent-withdrawn, wrong-patient, patients-merged, identifier-found, out-of-scope, quality, other.
    #[arg(long, value_name = "REASON", required = true)]
    reason: Option<RecallReason>,
    /// A few words for people at the centre. They must not name a patient.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Have it erased at once, not only kept apart.
    #[arg(long)]
    confirm: bool,
    /// Recall what the centre may hold under this UID, though nothing of it is known here.
    #[arg(long)]
    anyway: bool,
}

/// Commands of `recall`.
#[derive(Subcommand)]
enum RecallCommand {
    /// List recalls, and how far each is.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what the centre has answered: after an erasure, its signed certificate.
    Show {
        /// The number that 'list' shows.
        id: i64,
        /// The signed answers as they came, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Have the objects of a recall erased for good.
    Confirm {
        /// The number that 'list' shows.
        id: i64,
    },
}

pub(super) async fn run(dir: &Path, args: RecallArgs) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    match args.command {
        Some(RecallCommand::List { json }) => list(&edge, json).await,
        Some(RecallCommand::Show { id, json }) => show(&edge, id, json).await,
        Some(RecallCommand::Confirm { id }) => confirm(&edge, &[id]).await,
        None => recall(&edge, args).await,
    }
}

async fn recall(edge: &Edge, args: RecallArgs) -> Result<ExitCode> {
    let (what, reason) = (args.what.unwrap_or_default(), args.reason.context("say --reason")?);
    let what = what.trim();
    let order = Order { reason, note: args.note, who: who(), named: what.to_owned() };
    let ids = match find(edge, what).await? {
        Named::Study(meant, targets) | Named::Single(meant, targets) => {
            say(&format!(
                "{:>8}  sealed objects taken back, {} not yet sealed thrown away",
                meant.objects.len(),
                meant.unsealed.len()
            ));
            take_back(edge, &meant, &targets, &Purpose::TakeBack, &order).await?
        }
        Named::Several(studies) => {
            bail!("{studies} studies have this accession number: name the study's UID")
        }
        Named::Nothing if args.anyway && Uid::<Any>::parse(what).is_ok() => {
            take_back_unknown(edge, what, &order).await?
        }
        Named::Nothing => {
            bail!(
                "nothing of this has been here. After a new set-up from a backup: name its UID, with --anyway"
            )
        }
    };
    told(edge, &ids).await?;
    if args.confirm { confirm(edge, &ids).await } else { Ok(ExitCode::SUCCESS) }
}

/// Sends the recalls' statements and says what came of them. Also for `subject merge` and `subject move`.
pub(super) async fn told(edge: &Edge, ids: &[i64]) -> Result<()> {
    for id in ids {
        let row = edge.db.recall(*id).await?.context("the recall has gone")?;
        let statement = hurry(edge, row.quarantine, PATIENCE).await?;
        say(&format!("recall {id}: {}", answered(edge, &statement)?));
    }
    Ok(())
}

async fn confirm(edge: &Edge, ids: &[i64]) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        let Some(number) = edge.db.confirm_recall(*id, &who()).await? else {
            complain(&format!("there is no recall {id}"));
            code = ExitCode::from(1);
            continue;
        };
        let statement = hurry(edge, number, PATIENCE).await?;
        say(&format!("recall {id}: {}", answered(edge, &statement)?));
    }
    Ok(code)
}

/// One line about a statement's fate.
fn answered(edge: &Edge, statement: &StatementRow) -> Result<String> {
    if let Some(code) = &statement.code {
        return Ok(format!("the centre did not take it: {code}"));
    }
    let Some(answer) = answer_of(edge, statement)? else {
        return Ok("waits for the centre; the running edge sends it".to_owned());
    };
    let released = |outcome: &Outcome| {
        outcome.objects().iter().filter(|object| !object.recalled_after_release.is_empty()).count()
    };
    Ok(match &answer.result {
        result @ Outcome::Quarantined { objects, absent } => format!(
            "{} objects out of use at the centre, {absent} were not there, {} had been released",
            objects.len(),
            released(result)
        ),
        result @ Outcome::Erased { objects, absent, .. } => format!(
            "{} objects erased at the centre, {absent} never came, {} had been released; certified at {}",
            objects.len(),
            released(result),
            answer.at
        ),
        Outcome::Noted => "noted by the centre".to_owned(),
        Outcome::Refused { code } => format!("the centre did not take it: {}", code.as_str()),
    })
}

async fn list(edge: &Edge, json: bool) -> Result<ExitCode> {
    let mut rows = Vec::new();
    for row in edge.db.recalls().await? {
        let state = state(edge, &row).await?;
        rows.push((row, state));
    }
    if json {
        let value = rows.iter().map(|(row, state)| {
            serde_json::json!({
                "id": row.id, "at": row.at, "who": row.who, "reason": row.reason, "state": state,
                "objects": row.objects, "sent": row.sent, "moved": row.moved,
            })
        });
        say(&serde_json::to_string_pretty(&value.collect::<Vec<_>>())?);
        return Ok(ExitCode::SUCCESS);
    }
    for (row, state) in &rows {
        let at = jiff::Timestamp::from_microsecond(row.at)?.strftime("%Y-%m-%d %H:%M");
        let again = match &row.purpose {
            Purpose::TakeBack => String::new(),
            Purpose::Move { .. } => format!(", {} came again under the right subject", row.moved),
        };
        say(&format!(
            "{:>6}  {at}  {:<18} {:<22} {} objects, {} had been sent{again}",
            row.id, row.reason, state, row.objects, row.sent
        ));
    }
    say(&format!("{} recalls", rows.len()));
    Ok(ExitCode::SUCCESS)
}

/// How far a recall is, as one word or two.
async fn state(edge: &Edge, row: &RecallRow) -> Result<&'static str> {
    let of = async |number: i64| Ok::<_, anyhow::Error>(edge.db.statement(number).await?.map(|s| s.state));
    if let Some(erase) = row.erase {
        return Ok(match of(erase).await? {
            Some(StatementState::Answered) => "erased, certified",
            Some(StatementState::Refused) => "erasure refused",
            _ => "erasure under way",
        });
    }
    Ok(match of(row.quarantine).await? {
        Some(StatementState::Answered) => "out of use, to confirm",
        Some(StatementState::Refused) => "refused",
        _ => "waits for the centre",
    })
}

async fn show(edge: &Edge, id: i64, json: bool) -> Result<ExitCode> {
    let row = edge.db.recall(id).await?.with_context(|| format!("there is no recall {id}"))?;
    edge.db.record_access(&who(), "recall show", &id.to_string()).await?;
    for number in [Some(row.quarantine), row.erase].into_iter().flatten() {
        let statement = edge.db.statement(number).await?.context("a statement has gone")?;
        if json {
            say(statement.answer.as_deref().unwrap_or("null"));
            continue;
        }
        say(&format!("statement {number}: {}", answered(edge, &statement)?));
        for object in answer_of(edge, &statement)?.iter().flat_map(|answer| answer.result.objects()) {
            say(&format!(
                "  {}  {}  releases {:?}",
                object.digest, object.uid, object.recalled_after_release
            ));
        }
    }
    if !json {
        say("the registry's signature under each answer has been verified");
    }
    Ok(ExitCode::SUCCESS)
}
