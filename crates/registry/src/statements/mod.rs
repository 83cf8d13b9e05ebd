//! What sites state: verified, carried out in one transaction with its audit event, and answered under the
//! registry's signature. The same statement again gets the same answer.

mod effect;
mod erase;
mod take;

pub use take::take;
