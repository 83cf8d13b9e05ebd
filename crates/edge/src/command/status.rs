//! `status`: counts, and waiting until everything has been sent.

use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;

use crate::{
    Edge, Home, Standing,
    spool::{Alarm, Counts},
};

use super::cli::{complain, say};

/// Arguments of `status`.
#[derive(Args)]
pub(super) struct StatusArgs {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// First wait until nothing is held and nothing is spooled.
    #[arg(long)]
    wait_drained: bool,
    /// Give up waiting after so many seconds, with exit code 2.
    #[arg(long, value_name = "SECONDS", requires = "wait_drained")]
    timeout: Option<u64>,
}

pub(super) async fn run(dir: &Path, args: StatusArgs) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    let started = Instant::now();
    let mut counts = edge.db.counts().await?;
    let mut gave_up = false;
    while args.wait_drained && !counts.drained() && !gave_up {
        tokio::time::sleep(Duration::from_millis(250)).await;
        counts = edge.db.counts().await?;
        gave_up = !counts.drained() && args.timeout.is_some_and(|s| started.elapsed().as_secs() >= s);
    }
    let (alarms, standing) = (edge.db.alarms().await?, Standing::of(&edge).await?);
    if args.json {
        let mut value = serde_json::to_value(&counts)?;
        value["site"] = edge.enrolment.site.as_str().into();
        value["drained"] = counts.drained().into();
        if let (Some(all), serde_json::Value::Object(more)) =
            (value.as_object_mut(), serde_json::to_value(&standing)?)
        {
            all.extend(more);
        }
        value["alarm_list"] = serde_json::to_value(&alarms)?;
        say(&serde_json::to_string_pretty(&value)?);
    } else {
        print(&counts, &alarms);
        print_standing(&standing);
    }
    if gave_up {
        complain("sumgil-edge: not drained in time");
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::SUCCESS)
}

fn print(counts: &Counts, alarms: &[Alarm]) {
    let line = |name: &str, n: u64| say(&format!("{n:>10}  {name}"));
    line("instances held until their study is quiet", counts.held);
    line("objects sealed, to be sent", counts.spooled);
    line("instances sent", counts.sent_instances);
    line("clinical records sent", counts.sent_clinical);
    for (title, map) in [
        ("in quarantine", &counts.quarantined_by_reason),
        ("never to be sent", &counts.refused_by_reason),
        ("kept by the policy", &counts.waiting_by_reason),
        ("refused by the registry", &counts.refused_by_centre),
    ] {
        for (reason, n) in map {
            line(&format!("{title}: {reason}"), *n);
        }
    }
    line("discarded by a person", counts.discarded);
    line("taken back by a person", counts.recalled);
    line("received again", counts.received_again);
    if counts.conflicting > 0 {
        line("received with a known UID and other content", counts.conflicting);
    }
    line("exam notes waiting for their study", counts.waiting_notes);
    for alarm in alarms {
        say(&format!("     ALARM  {} {}", alarm.code, alarm.detail));
    }
}

fn print_standing(standing: &Standing) {
    if let Some(test) = &standing.self_test {
        say(&format!(
            "{:>10}  of {} planted identifiers hidden in the last self-test",
            test.hidden, test.planted
        ));
        say(&format!("{:>10}  of {} technical values kept in it", test.stayed, test.should_stay));
    }
    say(&format!("{:>10}  statements to be sent to the centre", standing.statements_waiting));
    say(&format!("{:>10}  recalls whose erasure is not confirmed", standing.recalls_unconfirmed));
    match &standing.approval {
        None => say("   WARNING  no approval is entered: see 'approval set'"),
        Some(approval) => say(&format!(
            "            approval {} until {}: {}",
            approval.approval.irb_number, approval.approval.valid_until, approval.state
        )),
    }
    if let Some(why) = &standing.sending_stopped {
        say(&format!("   STOPPED  nothing is sent: {why}"));
    }
}
