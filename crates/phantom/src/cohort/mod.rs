//! The plan of a synthetic cohort: who lies where with what, and which exams and results there are. Pure: the
//! same seed and size give the same cohort, and nothing is written.

mod assign;
mod course;
mod device;
mod disease;
mod exam;
mod imaging;
mod labs;
mod names;
mod person;
mod plan;
mod site;
mod traits;

pub use course::{COMORBIDITIES, Course, SYMPTOMS};
pub use device::{CT, CXR, Device, DeviceModel, Family};
pub use disease::Disease;
pub use exam::{Content, DoseReport, Encoding, Exam, FilePlan, Role};
pub use labs::{LAB_VARIABLES, Lab};
pub use names::Name;
pub use person::Person;
pub use plan::{Cohort, Subject, plan};
pub use site::{Charset, CsvText, LabUnit, Site};
