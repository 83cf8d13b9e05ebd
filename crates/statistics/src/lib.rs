//! Tables with denominators. Pure: rows in, figures out.
//!
//! What is counted is data ([`Definitions`], shipped in `definitions/*.json`); how it is counted is one general
//! evaluator ([`evaluate`]). A percentage never leaves this crate without its numerator, denominator, unit, the
//! word *exactly* or *at least* where it counts exams, and the number missing.

mod cohort;
mod definition;
mod evaluate;
mod filter;
mod interval;
pub mod render;
mod round;
mod statistic;

pub use cohort::{Cohort, CohortRow, ExamRow};
pub use definition::{Definition, DefinitionError, Definitions, Filter, Measure, Numeric, RankBy};
pub use evaluate::evaluate;
pub use interval::{Interval, wilson};
pub use statistic::{Figure, Proportion, Quantifier, Ranked, Statistic, Unit};
