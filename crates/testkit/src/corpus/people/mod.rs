//! Invented persons, and their records at the hospitals.

mod name;
mod person;
mod pool;
mod record;

pub(super) use name::Name;
pub(super) use person::Person;
pub(super) use record::{Record, Visit, records};
