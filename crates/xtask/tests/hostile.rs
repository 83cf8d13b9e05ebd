//! Hostile input through the open doors: refused with a reason, the process alive, memory bounded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use support::{House, files_below, foreign, hostile, invented_files, peak_memory_mib};
use xtask::programs::run_to_end;

/// What one edge may use while it is attacked, in MiB.
const MEMORY_LIMIT_MIB: u64 = 512;

#[test]
fn hostile_files_are_refused_one_by_one_and_the_edge_lives() {
    let mut house = House::open();
    let folder = house.dir.path().join("hostile");
    let count = hostile::write_all(&folder);
    let report = house.import(&[&folder]);
    assert_eq!(report.files(), count as u64, "{report:?}");
    assert_eq!(report.count("refused") + report.count("quarantined"), count as u64, "{report:?}");
    assert!(house.edge.process().expect("process").is_alive());
    assert_eq!(house.objects_at_centre(), 0);
}

#[test]
fn hostile_files_over_c_store_do_not_stop_the_edge() {
    if foreign("storescu").is_none() {
        return;
    }
    let mut house = House::open();
    let folder = house.dir.path().join("hostile");
    hostile::write_all(&folder);
    let address = house.edge.dicom_address().expect("address").to_owned();
    let (host, port) = address.rsplit_once(':').expect("host:port");
    for file in files_below(&folder) {
        let mut send = foreign("storescu").expect("storescu");
        // A sender that itself stumbles over the file is no matter: the edge must live.
        send.args(["--timeout", "5", host, port]).arg(&file).output().expect("storescu");
    }
    let process = house.edge.process().expect("process");
    assert!(process.is_alive());
    let peak = peak_memory_mib(process.pid());
    println!("peak memory of the edge: {peak} MiB");
    assert!(peak < MEMORY_LIMIT_MIB, "{peak} MiB");
}

#[test]
fn noise_and_five_hundred_silent_connections_do_not_block_the_port() {
    let mut house = House::open();
    let address = house.edge.dicom_address().expect("address").to_owned();
    for seed in 0..40u8 {
        let mut stream = TcpStream::connect(&address).expect("connect");
        let noise: Vec<u8> =
            (0..2000u32).map(|i| (i.wrapping_mul(40_503 + u32::from(seed)) >> 7) as u8).collect();
        stream.write_all(&noise).ok();
    }
    let mut lying = TcpStream::connect(&address).expect("connect");
    lying.write_all(&[1, 0, 0xFF, 0xFF, 0xFF, 0xFF]).expect("write");
    let silent: Vec<TcpStream> = (0..500).filter_map(|_| TcpStream::connect(&address).ok()).collect();
    assert!(silent.len() > 400, "{} connections", silent.len());
    let folder = house.dir.path().join("files");
    invented_files(&folder, 2);
    if let Some(mut send) = foreign("storescu") {
        let (host, port) = address.rsplit_once(':').expect("host:port");
        run_to_end(send.args(["-R", "+sd", "+r", host, port]).arg(&folder))
            .expect("a real sender is still served");
    }
    let process = house.edge.process().expect("process");
    assert!(process.is_alive());
    let peak = peak_memory_mib(process.pid());
    println!("peak memory of the edge: {peak} MiB");
    assert!(peak < MEMORY_LIMIT_MIB, "{peak} MiB");
    drop(silent);
    let mut answer = [0; 16];
    lying.set_read_timeout(Some(Duration::from_secs(60))).expect("timeout");
    assert!(lying.read(&mut answer).is_ok(), "the lying connection is answered or closed");
}

#[test]
fn an_executable_in_the_preamble_does_not_get_through() {
    let house = House::open();
    let folder = house.dir.path().join("files");
    invented_files(&folder, 3);
    for file in files_below(&folder) {
        let mut bytes = std::fs::read(&file).expect("read");
        if bytes[128..132] == *b"DICM" {
            bytes[..8].copy_from_slice(b"MZ\x90\0EVIL");
            std::fs::write(&file, bytes).expect("write");
        }
    }
    house.import(&[&folder]);
    assert!(house.objects_at_centre() > 0);
    let Some(mut script) = support::python("preambles.py") else { return };
    let answer = support::json_of(script.args(house.door()));
    assert!(answer["objects"].as_u64() > Some(0), "{answer}");
    assert_eq!(answer["preambles_not_zero"], 0, "{answer}");
}
