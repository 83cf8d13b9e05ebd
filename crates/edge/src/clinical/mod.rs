//! Clinical tables: read whole or refused whole, turned into records by `deid`, sealed and spooled like images.

mod fields;
mod note;
mod records;
mod table;

pub use fields::Problem;
pub use note::{Note, send_ripe_notes};
pub use records::{Imported, import_tables};
pub use table::{Kind, PatientRows, Tables};
