//! Real clients: dcmtk, pynetdicom and dicomweb-client against the real programs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::{House, files_below, foreign, invented_files, json_of, python};
use xtask::programs::run_to_end;

fn target(command: &mut Command, house: &House) {
    let address = house.edge.dicom_address().expect("address");
    let (host, port) = address.rsplit_once(':').expect("host:port");
    command.args([host, port]);
}

fn is_compressed(file: &PathBuf) -> bool {
    let start = std::fs::read(file).expect("read");
    start[..start.len().min(512)].windows(20).any(|w| w == b"1.2.840.10008.1.2.5\0")
}

#[test]
fn dcmtk_echoes_and_sends_one_and_four_at_once() {
    let (Some(mut echo), Some(_)) = (foreign("echoscu"), foreign("storescu")) else { return };
    let house = House::open();
    target(&mut echo, &house);
    run_to_end(&mut echo).expect("echoscu");
    let folder = house.dir.path().join("files");
    let files = files_below(&invented_files(&folder, 6));
    let (compressed, plain): (Vec<_>, Vec<_>) = files.into_iter().partition(is_compressed);
    assert!(plain.len() > 20, "{}", plain.len());
    // storescu proposes uncompressed syntaxes for all files of a class at once and cannot convert RLE.
    compressed.iter().for_each(|file| std::fs::remove_file(file).expect("remove"));
    let senders: Vec<_> = (0..5)
        .map(|_| {
            let mut send = foreign("storescu").expect("storescu");
            target(&mut send, &house);
            send.args(["-R", "+sd", "+r"]).arg(&folder);
            std::thread::spawn(move || run_to_end(&mut send).map(drop))
        })
        .collect();
    for sender in senders {
        sender.join().expect("thread").expect("storescu");
    }
    house.drain();
    let status = house.edge.status().expect("status");
    assert!(house.objects_at_centre() > 0, "nothing arrived: {status}");
}

#[test]
fn pynetdicom_sends_mixed_syntaxes_and_dicomweb_client_reads_them_back() {
    let (Some(mut send), Some(mut retrieve)) = (python("clients.py"), python("clients.py")) else { return };
    let house = House::open();
    let files = files_below(&invented_files(&house.dir.path().join("files"), 6));
    send.arg("send");
    target(&mut send, &house);
    let sent = json_of(send.args(&files));
    assert_eq!(sent["sent"], files.len());
    assert_eq!(sent["success"], files.len(), "every file is answered with success");
    assert!(sent["contexts"].as_u64() > Some(2), "several syntaxes or classes in one association: {sent}");
    house.drain();
    let answer = json_of(retrieve.arg("retrieve").args(house.door()));
    assert!(answer["instances"].as_u64() > Some(0), "{answer}");
}
