//! Prints where text is found in DICOM files: one JSON line a file, certain and doubtful regions.
//!
//! `cargo run --release -p sumgil-deid --example found_text -- FILE...`

#![allow(clippy::print_stdout)]

use sumgil_deid::pixels::find_text;
use sumgil_dicom::{Limits, read};

fn main() {
    for path in std::env::args().skip(1) {
        let file = std::fs::read(&path).ok().and_then(|bytes| read(&bytes, &Limits::default()).ok());
        let found = file.map(|file| find_text(&file.data_set, &file.transfer_syntax));
        match found {
            Some(Ok(found)) => {
                let line =
                    serde_json::json!({"file": path, "regions": found.regions, "doubtful": found.doubtful});
                println!("{line}");
            }
            Some(Err(reason)) => println!("{}", serde_json::json!({"file": path, "reason": reason.detail})),
            None => println!("{}", serde_json::json!({"file": path, "reason": "not readable"})),
        }
    }
}
