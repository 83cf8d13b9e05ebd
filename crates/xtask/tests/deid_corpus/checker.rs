//! A checker from outside, where the machine has one: `SUMGIL_DEID_KIT` names the folder with its `check.py`.

use std::{path::PathBuf, process::Command};

use serde_json::Value;
use sumgil_testkit::corpus::KEY;

use super::{judge::Complaints, run::Run};

/// Runs `check.py` over corpus, output and second output: nothing survives, 99.7 % of all checks are passed.
pub(crate) fn outside(run: &Run, complaints: &mut Complaints) {
    let Some(kit) = std::env::var_os("SUMGIL_DEID_KIT").map(PathBuf::from) else {
        println!("skipped: SUMGIL_DEID_KIT names no folder with check.py");
        return;
    };
    let python = std::env::var_os("SUMGIL_DEID_KIT_PYTHON").unwrap_or_else(|| "python3".into());
    let result = run.path("result.json");
    let output = Command::new(python)
        .arg(kit.join("check.py"))
        .args([run.path("in"), run.path("out")])
        .arg("--key")
        .arg(run.path("in").join(KEY))
        .arg("--rerun")
        .arg(run.path("out2"))
        .arg("--json")
        .arg(&result)
        .args(["--failures", "12"])
        .output()
        .expect("check.py");
    let said = String::from_utf8_lossy(&output.stdout);
    let scores: Value = serde_json::from_slice(&std::fs::read(&result).expect("result")).expect("JSON");
    let overall = scores["overall"].as_f64().expect("overall");
    println!("outside checker: {overall:.2} overall, {} survive", scores["leaks"]);
    complaints.when(scores["leaks"] != 0 || overall < 99.7, || said.into_owned());
}
