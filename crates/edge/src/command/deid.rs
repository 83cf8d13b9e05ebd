//! `sumgil-edge deid`: a folder in, a de-identified folder and a report out, without any set-up.

mod files;
mod first;
mod profile;
mod report;
mod second;

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::ThreadPoolBuilder;
use sumgil_deid::{Profile, PseudonymKey};

use self::report::{Report, Verdict};

/// De-identify the DICOM files of a folder by the default profile.
///
/// Every file is accounted for in the report: cleared (written to OUT under the same relative path),
/// quarantined (a person has to look; nothing is written) or refused (it can never leave). All files are read
/// twice: what is learned from any file of a patient is searched for in all of them. Running it again goes on
/// where it stopped and does again only what changed.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct DeidCommand {
    #[command(subcommand)]
    topic: Option<Topic>,
    #[command(flatten)]
    folder: Option<DeidArgs>,
}

#[derive(Subcommand, Debug)]
enum Topic {
    /// The profiles: what each attribute of the standard's table comes to.
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
}

/// A folder and what is to be done with it.
#[derive(Args, Debug)]
pub struct DeidArgs {
    /// The folder to read, with all below it.
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The folder to write; made if it is absent. It must not lie inside IN.
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// File with the pseudonym key: 64 hexadecimal digits. The same key gives the same pseudonyms.
    #[arg(long, value_name = "FILE")]
    pub key_file: PathBuf,
    /// Where the report goes: one JSON line for each input. It names your files, so it stays with you.
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    /// Who issued the patient IDs of files that do not say it.
    #[arg(long, value_name = "CODE", default_value = "site")]
    pub site: String,
    /// The profile: default, strict, or a TOML file of your own.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub profile: String,
    /// Files worked on at the same time; 0 for as many as there are processors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}

/// What all steps share.
struct Task<'a> {
    args: &'a DeidArgs,
    key: PseudonymKey,
    profile: Profile,
}

/// Runs the command.
///
/// # Errors
/// What the operator has to mend: a folder, the key, the report, the disk. A bad input file is no error.
pub fn run(command: &DeidCommand) -> Result<()> {
    match (&command.topic, &command.folder) {
        (Some(Topic::Profile(command)), _) => profile::run(command),
        (None, Some(args)) => deidentify_folder(args),
        (None, None) => bail!("say which folder: sumgil-edge deid IN OUT --key-file FILE --report FILE"),
    }
}

fn deidentify_folder(args: &DeidArgs) -> Result<()> {
    let key = fs::read_to_string(&args.key_file)
        .with_context(|| format!("cannot read the key file {}", args.key_file.display()))?;
    let key = PseudonymKey::from_hex(&key).context("the key file")?;
    let task = Task { args, key, profile: profile::find(&args.profile)? };
    prepare_folders(args)?;
    let pool = ThreadPoolBuilder::new().num_threads(args.jobs).build().context("cannot start threads")?;
    pool.install(|| work(&task))
}

fn prepare_folders(args: &DeidArgs) -> Result<()> {
    ensure!(args.input.is_dir(), "{} is not a folder", args.input.display());
    fs::create_dir_all(&args.output).with_context(|| format!("cannot make {}", args.output.display()))?;
    let (input, output) = (args.input.canonicalize()?, args.output.canonicalize()?);
    ensure!(!output.starts_with(&input), "OUT must not lie inside IN: it would be read as input");
    ensure!(!input.starts_with(&output), "IN must not lie inside OUT: it could be overwritten");
    files::remove_partial(&args.output)
}

fn work(task: &Task<'_>) -> Result<()> {
    let inputs = files::list(&task.args.input)?;
    let bar = progress(inputs.len(), "reading headers");
    let learned = first::pass(task, inputs, &bar);
    bar.finish_and_clear();
    let report = Report::open(&task.args.report)?;
    let bar = progress(learned.files(), "de-identifying");
    let verdicts = second::pass(task, &learned, &report, &bar);
    bar.finish_and_clear();
    let verdicts: BTreeMap<_, _> = verdicts?;
    report.close(&verdicts)?;
    files::sync_folders(&task.args.output)?;
    tell(&verdicts);
    Ok(())
}

fn progress(files: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:16} {wide_bar} {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(files as u64).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn tell(verdicts: &BTreeMap<String, Verdict>) {
    let count = |result: &str| verdicts.values().filter(|verdict| verdict.result == result).count();
    super::cli::say(&format!(
        "{} files: {} cleared, {} quarantined, {} refused",
        verdicts.len(),
        count(report::CLEARED),
        count(report::QUARANTINED),
        count(report::REFUSED)
    ));
}
