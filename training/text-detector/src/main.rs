//! Makes the weights of the text detector, and measures it.

mod background;
mod canvas;
mod chance;
mod clutter;
mod evaluate;
mod faces;
mod layers;
mod sample;
mod target;
mod train;
mod words;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use sumgil_deid::pixels::detect::{Detector, Network};

use crate::{
    background::Backgrounds,
    chance::Chance,
    faces::{Faces, Set},
    sample::Studio,
    train::Course,
    words::Script,
};

/// Makes the weights of the text detector from rendered text and invented images.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Trains and writes the weights.
    Train(Training),
    /// Measures on fonts that were held out.
    Evaluate {
        /// Other weights than those of the program.
        #[arg(long)]
        weights: Option<PathBuf>,
        /// Images with text.
        #[arg(long, default_value_t = 300)]
        images: u64,
        /// Seed of the images.
        #[arg(long, default_value_t = 77)]
        seed: u64,
        /// A folder for pictures of what was missed.
        #[arg(long)]
        missed: Option<PathBuf>,
    },
    /// Finds text in the images of a folder (JPEG, PNG): one line of CSV a box, then the counts.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Other weights than those of the program.
        #[arg(long)]
        weights: Option<PathBuf>,
        /// A folder for a picture of each box.
        #[arg(long)]
        crops: Option<PathBuf>,
    },
    /// Writes samples as PNG with their boxes, to look at.
    Show {
        /// Where to.
        out: PathBuf,
        /// How many.
        #[arg(long, default_value_t = 24)]
        count: u64,
    },
}

#[derive(clap::Args)]
struct Training {
    /// Seed of everything.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Batches of 16 samples.
    #[arg(long, default_value_t = 5000)]
    steps: u64,
    /// Stop after so many of them.
    #[arg(long, default_value_t = u64::MAX)]
    until: u64,
    /// Highest rate of learning.
    #[arg(long, default_value_t = 3e-3)]
    rate: f32,
    /// Weights to go on from.
    #[arg(long)]
    from: Option<PathBuf>,
    /// Share of lines that have only two or three letters.
    #[arg(long)]
    short: Option<f32>,
    /// Where the weights go, every 250 steps.
    #[arg(long, default_value = "../../crates/deid/src/pixels/detect/weights.bin")]
    out: PathBuf,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Train(training) => train(&training),
        Command::Evaluate { weights, images, seed, missed } => {
            let faces = Faces::of(Set::HeldOut);
            evaluate::rendered(&detector(weights)?, &faces, seed, images, missed.as_deref())
        }
        Command::Folder { folder, weights, crops } => {
            evaluate::folder(&detector(weights)?, &folder, crops.as_deref())
        }
        Command::Show { out, count } => show(&out, count),
    }
}

fn studio(short: Option<f32>) -> Result<Studio> {
    let studio = Studio { faces: Faces::of(Set::Train), backgrounds: Backgrounds::new(1000), short };
    for script in Script::ALL {
        println!("{}: {} fonts", script.name(), studio.faces.count(script));
    }
    let found = studio.faces.count(Script::Latin) > 0 && studio.faces.count(Script::Hangul) > 0;
    ensure!(found, "no Latin and Hangul fonts under {}: install some", faces::directory());
    Ok(studio)
}

fn train(training: &Training) -> Result<()> {
    let studio = studio(training.short)?;
    let from = training.from.as_deref().map(numbers).transpose()?;
    let Training { seed, steps, until, rate, ref out, .. } = *training;
    let save = |numbers: &[f32]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        std::fs::write(out, bytes).with_context(|| format!("{}", out.display()))
    };
    let numbers = train::train(Course { seed, steps, until, rate }, from, &studio, |line, numbers| {
        println!("{line}");
        if let Err(error) = save(numbers) {
            println!("not saved: {error:#}");
        }
    });
    save(&numbers)
}

/// The numbers of a file of weights.
fn numbers(path: &Path) -> Result<Vec<f32>> {
    let bytes = std::fs::read(path).with_context(|| format!("{}", path.display()))?;
    Network::from_bytes(&bytes)?;
    Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

fn detector(weights: Option<PathBuf>) -> Result<Detector> {
    let path = weights.unwrap_or_else(|| "../../crates/deid/src/pixels/detect/weights.bin".into());
    let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
    Ok(Detector::with(Network::from_bytes(&bytes)?))
}

fn show(out: &Path, count: u64) -> Result<()> {
    let studio = studio(Some(0.3))?;
    std::fs::create_dir_all(out)?;
    for number in 0..count {
        let sample = studio.sample(&mut Chance::new(9, number), 232, 160);
        let path = out.join(format!("{number:03}.png"));
        evaluate::save(&sample.picture, &[], &path)?;
    }
    Ok(())
}
