//! Hostile input: refused with a reason, without panic, without recursion, without big allocations.
#![allow(clippy::unwrap_used)]

mod build;
mod damage;
mod depth;
mod envelope;
mod lengths;
