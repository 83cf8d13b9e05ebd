//! `approval`: the review board's decision on which everything rests.

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use sumgil_transfer::statement::{Approval, LegalBasis};

use crate::{Edge, Home, Standing, statements::hurry};

use super::{cli::say, who::who};

/// Commands of `approval`.
#[derive(Subcommand)]
pub(super) enum ApprovalCommand {
    /// Enter the decision of the review board. Before its first day and after its last one nothing is sent.
    Set(SetArgs),
    /// Show the decision that counts, and whether it holds today.
    Show,
}

/// The decision.
#[derive(Args)]
pub(super) struct SetArgs {
    /// Its number at the review board.
    #[arg(long, value_name = "NUMBER")]
    irb_number: String,
    /// First day on which data may be sent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    valid_from: Date,
    /// Last day on which data may be sent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    valid_until: Date,
    /// On what the use of patients' data rests: consent or waiver.
    #[arg(long, value_name = "BASIS")]
    legal_basis: LegalBasis,
}

pub(super) async fn run(dir: &Path, command: ApprovalCommand) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    match command {
        ApprovalCommand::Set(args) => set(&edge, args).await,
        ApprovalCommand::Show => show(&edge).await,
    }
}

async fn set(edge: &Edge, args: SetArgs) -> Result<ExitCode> {
    let approval = Approval {
        irb_number: args.irb_number,
        valid_from: args.valid_from,
        valid_until: args.valid_until,
        basis: args.legal_basis,
    };
    if let Some(fault) = approval.fault() {
        bail!("{fault}");
    }
    let number = edge.db.save_approval(&approval, &who()).await?;
    hurry(edge, number, Duration::from_secs(10)).await?;
    show(edge).await
}

async fn show(edge: &Edge) -> Result<ExitCode> {
    let standing = Standing::of(edge).await?;
    let Some(approval) = &standing.approval else {
        say("no approval is entered: everything is sent. Enter it with 'approval set'");
        return Ok(ExitCode::SUCCESS);
    };
    let stated = &approval.approval;
    say(&format!(
        "{}  {} to {}  {}  {}",
        stated.irb_number,
        stated.valid_from,
        stated.valid_until,
        stated.basis.as_str(),
        approval.state
    ));
    if let Some(why) = &standing.sending_stopped {
        say(&format!("NOTHING IS SENT: {why}"));
    }
    Ok(ExitCode::SUCCESS)
}
