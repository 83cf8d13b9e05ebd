//! A PACS is asked for the exams of a list, and what it sends goes the whole road.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::{House, foreign};
use xtask::programs::run_to_end;

/// dcmtk's archive; ends with the test.
struct Pacs(Child);

impl Drop for Pacs {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn start_pacs(program: &mut Command, dir: &Path, edge: &str) -> (Pacs, String) {
    let port = TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address").port();
    let (host, edge_port) = edge.rsplit_once(':').expect("host:port");
    let store = dir.join("archive");
    std::fs::create_dir_all(&store).expect("folder");
    let text = format!(
        "NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n\
         HostTable BEGIN\nedge = (SUMGIL, {host}, {edge_port})\nHostTable END\n\
         VendorTable BEGIN\nVendorTable END\n\
         AETable BEGIN\nPACS {} RW (200, 1024mb) ANY\nAETable END\n",
        store.display()
    );
    let config = dir.join("dcmqrscp.cfg");
    std::fs::write(&config, text).expect("write");
    let child =
        program.arg("-c").arg(config).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("dcmqrscp");
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    (Pacs(child), format!("127.0.0.1:{port}"))
}

/// The accession numbers of a hospital's exams, as its table has them.
fn accession_numbers(table: &Path) -> Vec<String> {
    let bytes = std::fs::read(table).expect("exams");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().expect("header").split(',').collect();
    let column = header.iter().position(|name| *name == "accession_number").expect("column");
    lines.filter_map(|line| line.split(',').nth(column).map(str::to_owned)).collect()
}

fn send_to_pacs(address: &str, images: &[PathBuf]) {
    let stored = xtask::demo::store_all_as(address, "PACS", images).expect("the archive takes images");
    assert!(stored > 0, "the archive took nothing");
}

#[test]
fn exams_of_a_list_are_pulled_from_an_archive() {
    let Some(mut program) = foreign("dcmqrscp") else { return };
    let house = House::open();
    let hospitals = xtask::demo::invent(&house.dir.path().join("hospitals"), 6, 7).expect("phantoms");
    let hospital = hospitals.iter().max_by_key(|h| h.images.len()).expect("a hospital");
    let (_pacs, address) =
        start_pacs(&mut program, house.dir.path(), house.edge.dicom_address().expect("address"));
    send_to_pacs(&address, &hospital.images);

    let wanted = accession_numbers(&hospital.tables[2]);
    assert!(!wanted.is_empty());
    let list = house.dir.path().join("list.txt");
    std::fs::write(&list, wanted.join("\n")).expect("write");
    let (host, port) = address.rsplit_once(':').expect("host:port");
    let port: i64 = port.parse().expect("port");
    let pacs = toml::toml! { ae_title = "PACS" };
    let mut pacs: toml::Table = pacs;
    pacs.insert("host".to_owned(), host.into());
    pacs.insert("port".to_owned(), port.into());
    house.edge.configure("pacs", pacs).expect("configure");
    let output = run_to_end(house.edge.command().args(["pull", "--by", "accession", "--list"]).arg(&list))
        .expect("pull");
    println!("{}", String::from_utf8_lossy(&output.stdout));
    std::thread::sleep(Duration::from_secs(2));
    house.drain();
    assert!(house.objects_at_centre() > 0, "what was pulled arrived at the centre");
}
