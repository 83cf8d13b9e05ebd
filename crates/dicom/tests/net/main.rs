//! The DICOM network proved through its public door: foreign clients and servers, hostile peers, our own two sides.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod dcmtk;
mod hostile;
mod own;
mod pynetdicom;
mod query;
mod raw;
mod support;
