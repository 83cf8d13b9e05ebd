//! Sends files by C-STORE from memory, over and over: `send ADDRESS ROUNDS ASSOCIATIONS FILE...`

#![allow(clippy::print_stdout)]

use std::time::Instant;

use sumgil_dicom::net::scu::{FileToSend, Peer, store};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |otherwise: &str| arguments.next().unwrap_or_else(|| otherwise.to_owned());
    let peer = Peer::new(next("127.0.0.1:11112"), "ANY-SCP", "SUMGIL");
    let rounds = next("1").parse::<usize>().unwrap_or(1);
    let associations = next("1").parse::<usize>().unwrap_or(1);
    let read = |path| std::fs::read(path).map(|bytes| FileToSend::Bytes(bytes.into()));
    let files = arguments.map(read).collect::<Result<Vec<_>, _>>()?;
    let began = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..associations {
        let peer = peer.clone();
        let load = files.iter().cycle().take(files.len() * rounds).cloned().collect();
        senders.spawn(async move { store(&peer, load, |_, _| {}).await });
    }
    let mut stored = 0;
    while let Some(Ok(report)) = senders.join_next().await {
        stored += report.stored();
        if let Some(error) = report.error {
            println!("stopped: {error}");
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{stored} stored in {seconds:.2} s: {:.0} a second", stored as f64 / seconds);
    Ok(())
}
