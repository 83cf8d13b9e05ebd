//! `quarantine`: what waits for a person.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use sumgil_dicom::{Limits, access, dictionary::tags, read_without_pixels};

use crate::{
    Edge, Home,
    engine::Engine,
    import::{Patience, follow},
    spool::{Decider, Kept, KeptFilter, Released},
};

use super::{cli::say, who::who};

/// Commands of `quarantine`.
#[derive(Subcommand)]
pub(super) enum QuarantineCommand {
    /// List what waits, with reasons; and what was sent before an identifier in it became known.
    List(ListArgs),
    /// Show what one instance is. Names the patient, so it is logged.
    Show {
        /// The number that 'list' shows.
        id: i64,
    },
    /// Overrule the reasons of instances: they are de-identified once more and sent if nothing else holds them.
    Release(ChoiceArgs),
    /// Throw instances away for good.
    Discard(ChoiceArgs),
    /// Offer objects that the registry has refused once more: after it was put right there.
    OfferAgain {
        /// Only those refused with this code.
        #[arg(long)]
        reason: Option<String>,
    },
}

/// What to list.
#[derive(Args)]
pub(super) struct ListArgs {
    /// Only those with this reason.
    #[arg(long)]
    reason: Option<String>,
    /// Also what the policy keeps.
    #[arg(long)]
    waiting: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Only how many there are for each reason.
    #[arg(long)]
    summary: bool,
}

/// Which instances a decision is about.
#[derive(Args)]
pub(super) struct ChoiceArgs {
    /// Numbers that 'list' shows.
    ids: Vec<i64>,
    /// Those with this reason; together with --all.
    #[arg(long, conflicts_with = "ids")]
    reason: Option<String>,
    /// All of them (with --reason: all with that reason), instead of numbers.
    #[arg(long, conflicts_with = "ids", requires = "yes")]
    all: bool,
    /// Yes, I have looked at them.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(dir: &Path, command: QuarantineCommand) -> Result<()> {
    let edge = Edge::open(Home::new(dir)).await?;
    match command {
        QuarantineCommand::List(args) => list(&edge, args).await,
        QuarantineCommand::Show { id } => show(&edge, id).await,
        QuarantineCommand::Release(args) => release(&edge, args).await,
        QuarantineCommand::Discard(args) => discard(&edge, args).await,
        QuarantineCommand::OfferAgain { reason } => {
            let n = edge.db.offer_again(reason.as_deref(), &who()).await?;
            say(&format!("{n} objects will be offered again"));
            Ok(())
        }
    }
}

async fn list(edge: &Edge, args: ListArgs) -> Result<()> {
    let filter = KeptFilter { reason: args.reason, waiting_too: args.waiting, ..KeptFilter::default() };
    let (kept, alarms) = (edge.db.kept(&filter).await?, edge.db.alarms().await?);
    let refused = edge.db.refused_objects().await?;
    if args.json {
        let value = serde_json::json!({ "kept": kept, "alarms": alarms, "refused_by_registry": refused });
        say(&serde_json::to_string_pretty(&value)?);
        return Ok(());
    }
    if args.summary {
        let mut by_reason: BTreeMap<String, usize> = BTreeMap::new();
        for one in &kept {
            *by_reason.entry(one.reasons.join(", ")).or_default() += 1;
        }
        by_reason.iter().for_each(|(reason, n)| say(&format!("{n:>8}  {reason}")));
    } else {
        for one in &kept {
            let at = jiff::Timestamp::from_microsecond(one.received_at)?.strftime("%Y-%m-%d %H:%M");
            say(&format!(
                "{:>8}  {at}  {:<4} {:<12} {}",
                one.id,
                one.modality,
                one.state,
                one.reasons.join(", ")
            ));
        }
    }
    say(&format!("{} instances", kept.len()));
    for (sequence, code) in refused {
        say(&format!("REFUSED BY THE REGISTRY object {sequence}: {code}"));
    }
    for alarm in alarms {
        let about = alarm.sequence.map_or_else(String::new, |s| format!(" object {s}"));
        say(&format!("ALARM {}{about}: {}", alarm.code, alarm.detail));
    }
    Ok(())
}

async fn show(edge: &Edge, id: i64) -> Result<()> {
    let kept = one(edge, id).await?;
    edge.db.record_access(&who(), "quarantine show", &id.to_string()).await?;
    say(&format!("{}: {} because of {}", kept.id, kept.state, kept.reasons.join(", ")));
    let plain = edge.open_copy(&kept.location, &kept.name)?;
    let file = match read_without_pixels(&plain, &Limits::default()) {
        Ok(file) => file,
        Err(refusal) => {
            say(&format!("its header cannot be read: {refusal}"));
            return Ok(());
        }
    };
    for (name, tag) in [
        ("Patient ID", tags::PATIENT_ID),
        ("Patient's name", tags::PATIENT_NAME),
        ("Modality", tags::MODALITY),
        ("SOP class", tags::SOP_CLASS_UID),
        ("Study date", tags::STUDY_DATE),
        ("Accession number", tags::ACCESSION_NUMBER),
        ("Study", tags::STUDY_DESCRIPTION),
        ("Series", tags::SERIES_DESCRIPTION),
        ("Body part", tags::BODY_PART_EXAMINED),
        ("View", tags::VIEW_POSITION),
        ("Image type", tags::IMAGE_TYPE),
        ("Burned-in annotation", tags::BURNED_IN_ANNOTATION),
        ("Manufacturer", tags::MANUFACTURER),
    ] {
        if let Some(value) = access::text(&file.data_set, tag) {
            say(&format!("  {name:<22}{value}"));
        }
    }
    Ok(())
}

async fn one(edge: &Edge, id: i64) -> Result<Kept> {
    let filter = KeptFilter { ids: vec![id], waiting_too: true, ..KeptFilter::default() };
    match edge.db.kept(&filter).await?.pop() {
        Some(kept) => Ok(kept),
        None => bail!("nothing with number {id} is kept here"),
    }
}

/// The instances that are meant; never everything by accident.
async fn chosen(edge: &Edge, args: &ChoiceArgs) -> Result<Vec<Kept>> {
    if args.ids.is_empty() && !args.all {
        bail!("say which: numbers from 'quarantine list', or --all --yes, or --reason R --all --yes");
    }
    let filter =
        KeptFilter { ids: args.ids.clone(), reason: args.reason.clone(), waiting_too: !args.ids.is_empty() };
    let kept = edge.db.kept(&filter).await?;
    if let Some(absent) = args.ids.iter().find(|id| kept.iter().all(|k| k.id != **id)) {
        bail!("nothing with number {absent} is kept here; nothing was done");
    }
    Ok(kept)
}

async fn release(edge: &Edge, args: ChoiceArgs) -> Result<()> {
    let kept = chosen(edge, &args).await?;
    let ids: Vec<i64> = kept.iter().filter(|k| k.state == "quarantined").map(|k| k.id).collect();
    let results = release_all(edge, &ids).await?;
    let count = |wanted: Released| results.iter().filter(|result| **result == wanted).count();
    say(&format!("{} released", count(Released::Released)));
    for (result, what) in [
        (Released::Proposed, "wait for a second person's word"),
        (Released::SamePerson, "need the word of another person than the first"),
    ] {
        if count(result) > 0 {
            say(&format!("{} {what}", count(result)));
        }
    }
    if kept.len() > ids.len() {
        say(&format!(
            "{} cannot be released: refused for good, or kept by the policy",
            kept.len() - ids.len()
        ));
    }
    let mut engine = Engine::start(edge)?;
    if engine.is_none() {
        return Ok(());
    }
    let patience = Patience { until_sent: false, at_most: None };
    let fates = follow(edge, &ids, &mut engine, patience).await;
    if let Some(engine) = engine {
        engine.stop().await?;
    }
    let mut results: BTreeMap<String, usize> = BTreeMap::new();
    for fate in fates?.values() {
        *results.entry(format!("{fate:?}").to_lowercase()).or_default() += 1;
    }
    results.iter().for_each(|(fate, n)| say(&format!("{n:>8}  {fate}")));
    Ok(())
}

/// Releases, or by the rule of two persons: proposes, and seconds what others have proposed.
async fn release_all(edge: &Edge, ids: &[i64]) -> Result<Vec<Released>> {
    let who = who();
    let by = Decider { who: &who, note: "", two_persons: edge.config.review.two_persons };
    if !by.two_persons {
        return Ok(edge.db.release_with(ids, None, &by).await?.into_iter().map(|r| r.1).collect());
    }
    let mut results = Vec::new();
    let proposals = edge.db.proposals(&[]).await?;
    for id in ids {
        results.push(match proposals.iter().find(|proposal| proposal.instance == *id) {
            Some(first) => edge.db.second(*id, first.at, &by).await?,
            None => edge.db.release_with(&[*id], None, &by).await?.first().map_or(Released::Gone, |r| r.1),
        });
    }
    Ok(results)
}

async fn discard(edge: &Edge, args: ChoiceArgs) -> Result<()> {
    let kept = chosen(edge, &args).await?;
    let (discarded, segments) = edge.db.discard(&kept, &who()).await?;
    edge.free(&segments).await?;
    say(&format!("{discarded} discarded"));
    Ok(())
}
