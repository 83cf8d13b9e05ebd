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

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use sumgil_deid::pixels::detect::{Detector, Network};

use crate::{
    background::Backgrounds,
    chance::Chance,
    faces::{Faces, Set},
    sample::Studio,
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
    Train {
        /// Seed of everything.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Batches of 16 samples.
        #[arg(long, default_value_t = 5000)]
        steps: u64,
        /// Stop after so many of them.
        #[arg(long, default_value_t = u64::MAX)]
        until: u64,
        /// Where the weights go, every 250 steps.
        #[arg(long, default_value = "../../crates/deid/src/pixels/detect/weights.bin")]
        out: PathBuf,
    },
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

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Train { seed, steps, until, out } => train(seed, steps, until, &out),
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

fn studio() -> Result<Studio> {
    let studio = Studio { faces: Faces::of(Set::Train), backgrounds: Backgrounds::new(1000) };
    for script in Script::ALL {
        println!("{}: {} fonts", script.name(), studio.faces.count(script));
    }
    let found = studio.faces.count(Script::Latin) > 0 && studio.faces.count(Script::Hangul) > 0;
    ensure!(found, "no Latin and Hangul fonts under {}: install some", faces::directory());
    Ok(studio)
}

fn train(seed: u64, steps: u64, until: u64, out: &std::path::Path) -> Result<()> {
    let studio = studio()?;
    let save = |numbers: &[f32]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        std::fs::write(out, bytes).with_context(|| format!("{}", out.display()))
    };
    let numbers = train::train(&studio, seed, steps, until, |line, numbers| {
        println!("{line}");
        if let Err(error) = save(numbers) {
            println!("not saved: {error:#}");
        }
    });
    save(&numbers)
}

fn detector(weights: Option<PathBuf>) -> Result<Detector> {
    let path = weights.unwrap_or_else(|| "../../crates/deid/src/pixels/detect/weights.bin".into());
    let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
    Ok(Detector::with(Network::from_bytes(&bytes)?))
}

fn show(out: &std::path::Path, count: u64) -> Result<()> {
    let studio = studio()?;
    std::fs::create_dir_all(out)?;
    for number in 0..count {
        let sample = studio.sample(&mut Chance::new(9, number), 232, 160);
        let path = out.join(format!("{number:03}.png"));
        evaluate::save(&sample.picture, &[], &path)?;
    }
    Ok(())
}
