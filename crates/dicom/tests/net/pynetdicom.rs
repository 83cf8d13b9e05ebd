//! pynetdicom as sender, with several syntaxes and contexts on one association.

use sumgil_dicom::{dictionary::uids, net::ScpConfig};

use crate::support::{Scp, file, run, words, write_all};

const SENDER: &str = r#"
import sys
from pydicom import dcmread
from pynetdicom import AE
files = [dcmread(path) for path in sys.argv[2:]]
ae = AE(ae_title="PYNETDICOM")
ae.add_requested_context("1.2.840.10008.1.1")
for ds in files:
    ae.add_requested_context(ds.SOPClassUID, ds.file_meta.TransferSyntaxUID)
association = ae.associate("127.0.0.1", int(sys.argv[1]))
assert association.is_established, "rejected"
assert association.send_c_echo().Status == 0
for ds in files:
    status = association.send_c_store(ds)
    assert status.Status == 0, status
association.release()
assert association.is_released
"#;

/// A Python that has pynetdicom: `SUMGIL_PYTHON`, else the `python3` of the path.
async fn python() -> Option<String> {
    let python = std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let probe =
        tokio::process::Command::new(&python).args(["-c", "import pynetdicom, pydicom"]).output().await;
    if probe.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    println!("skipped: no python with pynetdicom (set SUMGIL_PYTHON)");
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pynetdicom_sends_mixed_syntaxes_on_one_association() {
    let Some(python) = python().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let syntaxes = [
        uids::JPEG2000_LOSSLESS,
        uids::EXPLICIT_VR_LITTLE_ENDIAN,
        uids::IMPLICIT_VR_LITTLE_ENDIAN,
        uids::RLE_LOSSLESS,
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    ];
    let sent: Vec<_> = (1..).zip(syntaxes).map(|(number, syntax)| file(number, syntax, 40_000)).collect();
    let paths = write_all(folder.path(), &sent);
    let script = folder.path().join("send.py");
    std::fs::write(&script, SENDER).unwrap();
    let scp = Scp::start(ScpConfig::default()).await;
    let port = scp.port();
    let mut arguments = vec![script.to_str().unwrap(), port.as_str()];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let output = run(&python, &arguments).await;
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(scp.inbox.syntaxes(), syntaxes);
    scp.stop().await;
}
