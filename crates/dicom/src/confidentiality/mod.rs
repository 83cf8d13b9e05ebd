//! The confidentiality table of PS3.15 annex E as data, and what it says of an attribute under chosen options.

mod action;
mod class_uids;
mod options;
mod safe_private;
mod sr_concepts;
mod table;

pub use action::{Action, Compound, action, resolve};
pub use class_uids::{CLASS_UIDS, STANDARD_ROOT};
pub use options::{Code, Options};
pub use safe_private::{has_safe_private, is_safe_private};
pub use sr_concepts::concept_action;
pub use table::{EDITION, Row, row, rows};
