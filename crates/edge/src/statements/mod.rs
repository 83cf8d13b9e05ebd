//! Statements to the centre beside the objects: sent in their order by the running edge, or at once by a command when
//! no edge runs; each kept until the centre's signed answer is here.

mod hurry;
mod post;
mod teller;

pub use hurry::hurry;
pub use post::{answer_of, deliver, gather};
pub use teller::Teller;
