//! Peers that mean harm or are broken: the port stays open for the others, and nothing half-sent is kept.

use std::time::{Duration, Instant};

use sumgil_dicom::{
    dictionary::uids,
    net::{
        ScpConfig,
        scu::{Sent, echo, store},
    },
};

use crate::{
    raw::{Raw, association_request, p_data, pdu, status, store_command},
    support::{Scp, data_set_bytes, file, files, hasty},
};

/// Numbers that look random and are the same each time.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_bytes_end_the_connection_and_nothing_else() {
    let scp = Scp::start(hasty()).await;
    let address = scp.address;
    let mut peers = tokio::task::JoinSet::new();
    for seed in 1..=60 {
        peers.spawn(async move {
            let mut raw = Raw::connect(address).await;
            raw.send(&noise(seed, 10 + seed as usize * 20)).await;
            assert!(raw.is_ended().await, "seed {seed}");
        });
        peers.spawn(async move {
            let mut raw = Raw::associate(address).await;
            let kind = [0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x09][seed as usize % 7];
            raw.send(&pdu(kind, &noise(seed, seed as usize * 3))).await;
            while raw.pdu().await.is_some() {}
        });
        peers.spawn(async move {
            let mut raw = Raw::connect(address).await;
            raw.send(&damaged_request(seed)).await;
            while raw.pdu().await.is_some() {}
        });
        if seed % 10 == 0 {
            while let Some(outcome) = peers.join_next().await {
                outcome.unwrap();
            }
        }
    }
    echo(&scp.peer()).await.unwrap();
    assert_eq!(scp.inbox.len(), 0);
    scp.stop().await;
}

/// An association request with four bytes changed.
fn damaged_request(seed: u64) -> Vec<u8> {
    let mut request = association_request();
    let length = request.len();
    for (at, byte) in noise(seed, 4).iter().zip(noise(seed + 99, 4)) {
        request[6 + (usize::from(*at) * 7) % (length - 6)] = byte;
    }
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_uid_that_is_a_path_arrives_as_text_and_the_handlers_answer_goes_back() {
    let scp = Scp::start(ScpConfig::default()).await;
    let whole = file(1, uids::EXPLICIT_VR_LITTLE_ENDIAN, 100);
    let mut raw = Raw::associate(scp.address).await;
    raw.send(&p_data(3, 3, &store_command("../../etc/passwd"))).await;
    raw.send(&p_data(3, 2, data_set_bytes(&whole))).await;
    assert_eq!(status(&raw.pdu().await.unwrap().1), 0x0124);
    assert_eq!(scp.inbox.items.lock().unwrap()[0].sop_instance, "../../etc/passwd");
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declared_length_of_4_gb_ends_the_connection_at_once() {
    let scp = Scp::start(ScpConfig::default()).await;
    let began = Instant::now();
    let mut raw = Raw::connect(scp.address).await;
    raw.send(&[0x01, 0, 0xFF, 0xFF, 0xFF, 0xFF]).await;
    assert!(raw.is_ended().await);
    for kind in [0x04, 0x05, 0x07, 0x42] {
        let mut raw = Raw::associate(scp.address).await;
        raw.send(&[kind, 0, 0xFF, 0xFF, 0xFF, 0xFF]).await;
        assert!(raw.is_ended().await, "type {kind}");
    }
    // A fragment that claims more than its PDU has.
    let mut raw = Raw::associate(scp.address).await;
    raw.send(&[0x04, 0, 0, 0, 0, 20, 0xFF, 0xFF, 0xFF, 0xFF, 3, 1, 0, 0, 0, 0]).await;
    assert!(raw.is_ended().await);
    assert!(began.elapsed() < Duration::from_secs(8), "no time-out was needed");
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_silent_connections_do_not_keep_senders_out() {
    let scp =
        Scp::start(ScpConfig { handshake_timeout: Duration::from_secs(60), ..ScpConfig::default() }).await;
    let mut silent = Vec::new();
    for _ in 0..500 {
        silent.push(Raw::connect(scp.address).await);
    }
    let began = Instant::now();
    let report = store(&scp.peer(), files(20, 100_000), |_, _| {}).await;
    assert_eq!(report.stored(), 20, "{:?}", report.error);
    assert!(began.elapsed() < Duration::from_secs(20), "well before the time-outs");
    let mut ended = 0;
    for raw in &mut silent[..300] {
        ended += u32::from(raw.is_ended().await);
    }
    assert_eq!(ended, 300, "the oldest yielded");
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_associations_yield_too() {
    let config = ScpConfig {
        max_associations: 8,
        yield_after: Duration::from_millis(100),
        shutdown_grace: Duration::from_millis(200),
        ..ScpConfig::default()
    };
    let scp = Scp::start(config).await;
    let mut silent = Vec::new();
    for number in 0..40 {
        let mut raw = Raw::connect(scp.address).await;
        raw.send(&association_request()).await;
        let _ = raw.pdu().await;
        if number % 2 == 0 {
            // Half a PDU, then silence.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.0, &[0x04, 0, 0, 0, 1, 0, 0, 0]).await;
        }
        silent.push(raw);
    }
    tokio::time::sleep(Duration::from_millis(150)).await;
    let report = store(&scp.peer(), files(5, 1000), |_, _| {}).await;
    assert_eq!(report.stored(), 5, "{:?}", report.error);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_pdu_then_silence_is_cut_off() {
    let scp = Scp::start(hasty()).await;
    let whole = association_request();
    let mut halves = vec![(Raw::connect(scp.address).await, whole[..100].to_vec())];
    let command = p_data(3, 3, &store_command("1.2.3"));
    halves.push((Raw::associate(scp.address).await, command[..20].to_vec()));
    halves
        .push((Raw::associate(scp.address).await, [command, p_data(3, 0, &[0; 64])[..30].to_vec()].concat()));
    let began = Instant::now();
    for (raw, half) in &mut halves {
        raw.send(half).await;
    }
    for (raw, _) in &mut halves {
        assert!(raw.is_ended().await);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    echo(&scp.peer()).await.unwrap();
    assert_eq!(scp.inbox.len(), 0);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dripping_bytes_do_not_extend_the_time() {
    let scp = Scp::start(ScpConfig { message_timeout: Duration::from_millis(900), ..hasty() }).await;
    let mut raw = Raw::associate(scp.address).await;
    raw.send(&p_data(3, 3, &store_command("1.2.3"))).await;
    let began = Instant::now();
    // Whole PDUs, each in time, that never come to an end.
    while tokio::io::AsyncWriteExt::write_all(&mut raw.0, &p_data(3, 0, &[0; 2])).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < Duration::from_secs(5), "the message goes on for ever");
    }
    assert_eq!(scp.inbox.len(), 0);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abort_or_a_cut_in_mid_transfer_leaves_nothing() {
    let scp = Scp::start(ScpConfig::default()).await;
    let whole = file(1, uids::EXPLICIT_VR_LITTLE_ENDIAN, 50_000);
    let half = &data_set_bytes(&whole)[..20_000];
    for farewell in [pdu(0x07, &[0; 4]), pdu(0x05, &[0; 4]), Vec::new()] {
        let mut raw = Raw::associate(scp.address).await;
        raw.send(&p_data(3, 3, &store_command("1.2.3"))).await;
        raw.send(&p_data(3, 0, half)).await;
        raw.send(&farewell).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(scp.inbox.len(), 0);
    // The whole one over the same route is taken: the test would notice if nothing ever were.
    let mut raw = Raw::associate(scp.address).await;
    raw.send(&p_data(3, 3, &store_command("1.2.3"))).await;
    raw.send(&p_data(3, 2, data_set_bytes(&whole))).await;
    assert_eq!(status(&raw.pdu().await.unwrap().1), 0);
    assert_eq!(scp.inbox.len(), 1);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_the_protocol_is_aborted_and_what_is_only_wrong_is_answered() {
    let scp = Scp::start(ScpConfig::default()).await;
    let store = store_command("1.2.3");
    let broken = [
        p_data(5, 3, &store),  // a context that was never agreed on
        p_data(3, 2, b"data"), // data before a command
        [p_data(3, 3, &store), p_data(3, 3, &store)].concat(), // a command where data should be
        [p_data(3, 3, &store), p_data(1, 2, b"data")].concat(), // data on another context
        p_data(3, 3, &[8, 0, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF]), // a command set that is none
        p_data(3, 1, &[0; 20_000]), // an endless command
        pdu(0x02, &[0; 80]),   // an answer to a request never made
    ];
    for bytes in broken {
        let mut raw = Raw::associate(scp.address).await;
        raw.send(&bytes).await;
        assert!(raw.is_ended().await);
    }
    let mut raw = Raw::associate(scp.address).await;
    for instance in ["", "1.2.3\u{1}", &"1".repeat(66)] {
        raw.send(&p_data(3, 3, &store_command(instance))).await;
        raw.send(&p_data(3, 2, &[0; 100])).await;
        assert_eq!(status(&raw.pdu().await.unwrap().1), 0xC000);
    }
    let find = [&store[..], &[0, 0, 0, 1, 2, 0, 0, 0, 0x20, 0]].concat();
    raw.send(&p_data(3, 3, &find)).await;
    raw.send(&p_data(3, 2, &[0; 100])).await;
    assert_eq!(status(&raw.pdu().await.unwrap().1), 0x0211);
    raw.send(&pdu(0x05, &[0; 4])).await;
    assert_eq!(raw.pdu().await.unwrap().0, 0x06, "released in order after all that");
    assert_eq!(scp.inbox.len(), 0);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_nesting_is_refused_and_the_process_lives() {
    let scp = Scp::start(ScpConfig::default()).await;
    for depth in [17usize, 1000, 50_000] {
        let level =
            [&b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF"[..], b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF"].concat();
        let nested = level.repeat(depth);
        let mut raw = Raw::associate(scp.address).await;
        raw.send(&p_data(3, 3, &store_command("1.2.3"))).await;
        for piece in nested.chunks(100_000) {
            raw.send(&p_data(3, 0, piece)).await;
        }
        raw.send(&p_data(3, 2, &[])).await;
        assert_eq!(status(&raw.pdu().await.unwrap().1), 0xC000, "depth {depth}");
    }
    let report = store(&scp.peer(), files(1, 10), |_, _| {}).await;
    assert_eq!(report.outcomes, [Sent::Stored]);
    scp.stop().await;
}
