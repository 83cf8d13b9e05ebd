//! What the demo prints at its end.

use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use crate::programs::Registry;
use crate::published::{Comparison, compare};

/// Prints the tables as the registry prints them, then one line for each published figure.
/// Returns how many figures differ; `None` where the cohort has another size and nothing is compared.
///
/// # Errors
/// When the registry cannot count.
pub(super) fn print(registry: &Registry, comparable: bool) -> anyhow::Result<Option<usize>> {
    let mut tables: Command = registry.command();
    let status =
        tables.args(["statistics", "--format", "table"]).status().context("cannot run statistics")?;
    anyhow::ensure!(status.success(), "statistics ended with {status}");
    let counted = registry.statistics()?;
    println!("\nComparison with the published figures of KICC-19:");
    Ok(if comparable { Some(print_compared(&counted)) } else { print_not_compared(&counted) })
}

fn print_compared(counted: &[Value]) -> usize {
    let comparisons = compare(counted);
    for Comparison { id, name, counted, difference } in &comparisons {
        match difference {
            None => println!("  agrees   {id:<5} {name:<32} {counted}"),
            Some(difference) => println!("  DIFFERS  {id:<5} {name:<32} {difference}"),
        }
    }
    let differing = comparisons.iter().filter(|c| c.difference.is_some()).count();
    println!("{} of {} figures agree", comparisons.len() - differing, comparisons.len());
    differing
}

fn print_not_compared(counted: &[Value]) -> Option<usize> {
    for Comparison { id, name, counted, .. } in compare(counted) {
        println!("  not compared  {id:<5} {name:<32} {counted}");
    }
    None
}
