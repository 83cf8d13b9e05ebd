//! `cargo xtask`: see `--help`.
#![allow(clippy::print_stdout, reason = "a tool for people at a terminal")]

use clap::{Parser, Subcommand};
use xtask::{demo, tasks};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sumgil's one tool: demo, test, check, bench")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make seventeen invented hospitals, send everything, count, and compare with the published figures.
    Demo(demo::Options),
    /// Run every test; sets up the tools that the tests need.
    Test(tasks::test::Options),
    /// Formatting, lints, licences and forbidden dependencies.
    Check,
    /// Measure receiving beside Orthanc, or `deid` beside its peers: same files, interleaved.
    Bench(tasks::bench::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Demo(options) => demo::run(&options),
        Task::Test(options) => tasks::test::run(&options),
        Task::Check => tasks::check::run(),
        Task::Bench(options) => tasks::bench::run(&options),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn arguments_fit_together() {
        Arguments::command().debug_assert();
    }
}
