//! Our sending side against our receiving side.

use std::time::{Duration, Instant};

use sumgil_dicom::{
    dictionary::uids,
    net::{
        NetError, NetRemedy, ScpConfig,
        scu::{FileToSend, Sent, echo, store},
    },
};

use crate::support::{BIG_ENDIAN, Inbox, Scp, data_set_bytes, file, files};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_transfer_syntax_arrives_byte_for_byte_and_private_ones_too() {
    let scp = Scp::start(ScpConfig::default()).await;
    let syntaxes = [
        uids::IMPLICIT_VR_LITTLE_ENDIAN,
        uids::EXPLICIT_VR_LITTLE_ENDIAN,
        BIG_ENDIAN,
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        uids::JPEG_BASELINE8_BIT,
        uids::JPEG2000_LOSSLESS,
        uids::RLE_LOSSLESS,
        "1.2.840.10008.1.2.4.203",
        "1.2.826.0.1.3680043.10.1234.77",
    ];
    let sent: Vec<_> = (1..).zip(syntaxes).map(|(number, uid)| file(number, uid, 70_000)).collect();
    let report = store(&scp.peer(), sent.iter().cloned().map(FileToSend::Bytes).collect(), |_, _| {}).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert_eq!(report.outcomes, vec![Sent::Stored; syntaxes.len()]);
    assert_eq!(scp.inbox.syntaxes(), syntaxes);
    for (before, after) in sent.iter().zip(scp.inbox.files()) {
        assert_eq!(data_set_bytes(before), data_set_bytes(&after));
        assert!(after[..128].iter().all(|&byte| byte == 0), "the preamble is ours");
    }
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_from_disk_report_each_its_own_fate() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.dcm");
    std::fs::write(&good, file(1, uids::EXPLICIT_VR_LITTLE_ENDIAN, 1000)).unwrap();
    let text = folder.path().join("readme.txt");
    std::fs::write(&text, "no image").unwrap();
    let missing = folder.path().join("missing.dcm");
    let scp = Scp::start(ScpConfig::default()).await;
    let mut heard = Vec::new();
    let list = [&text, &good, &missing].map(|path| FileToSend::Path(path.clone())).to_vec();
    let report = store(&scp.peer(), list, |index, sent| heard.push((index, sent))).await;
    assert_eq!(report.outcomes, [Sent::Unreadable, Sent::Stored, Sent::Unreadable]);
    heard.sort_by_key(|(index, _)| *index);
    assert_eq!(heard, [(0, Sent::Unreadable), (1, Sent::Stored), (2, Sent::Unreadable)]);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_or_too_large_data_set_is_refused_and_the_association_goes_on() {
    let scp = Scp::start(ScpConfig { max_object_bytes: 50_000, ..ScpConfig::default() }).await;
    let explicit = uids::EXPLICIT_VR_LITTLE_ENDIAN;
    let mut torn = file(2, explicit, 4000).to_vec();
    torn.truncate(torn.len() - 999);
    let list = [file(1, explicit, 4000), torn.into(), file(3, explicit, 300_000), file(4, explicit, 4000)];
    let report = store(&scp.peer(), list.map(FileToSend::Bytes).to_vec(), |_, _| {}).await;
    assert!(report.error.is_none(), "one association carried all: {:?}", report.error);
    assert_eq!(report.outcomes, [Sent::Stored, Sent::Refused(0xC000), Sent::Refused(0xA700), Sent::Stored]);
    assert_eq!(scp.inbox.len(), 2, "the handler saw only whole ones");
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_sop_classes_are_a_matter_of_policy() {
    let private = "1.2.826.0.1.3680043.10.1234.5";
    let class = sumgil_model::Uid::parse(private).unwrap();
    let syntax = sumgil_model::Uid::parse(uids::EXPLICIT_VR_LITTLE_ENDIAN).unwrap();
    let whole = file(1, uids::EXPLICIT_VR_LITTLE_ENDIAN, 100);
    let odd = sumgil_dicom::wrap_as_part10(data_set_bytes(&whole), &syntax, &class, "1.2.3");
    for (accept, expected) in [(true, Sent::Stored), (false, Sent::NotAccepted)] {
        let scp = Scp::start(ScpConfig { accept_unknown_sop_classes: accept, ..ScpConfig::default() }).await;
        let report = store(&scp.peer(), vec![FileToSend::Bytes(odd.clone().into())], |_, _| {}).await;
        assert_eq!(report.outcomes, [expected]);
        scp.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_association_too_many_is_told_to_come_back() {
    let scp = Scp::with_inbox(
        ScpConfig { max_associations: 2, ..ScpConfig::default() },
        Inbox { pause: Some(Duration::from_millis(1500)), ..Inbox::default() },
    )
    .await;
    let peer = scp.peer();
    let senders: Vec<_> = (0..2)
        .map(|_| {
            let peer = peer.clone();
            tokio::spawn(async move { store(&peer, files(1, 100), |_, _| {}).await.stored() })
        })
        .collect();
    scp.inbox.begun(2).await;
    let error = echo(&peer).await.unwrap_err();
    assert!(matches!(error, NetError::Rejected { permanent: false, .. }), "{error}");
    assert_eq!(error.remedy(), NetRemedy::Retry);
    for sender in senders {
        assert_eq!(sender.await.unwrap(), 1);
    }
    echo(&peer).await.unwrap();
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_lets_the_message_in_progress_finish() {
    let inbox = Inbox { pause: Some(Duration::from_millis(500)), ..Inbox::default() };
    let scp =
        Scp::with_inbox(ScpConfig { shutdown_grace: Duration::from_secs(5), ..ScpConfig::default() }, inbox)
            .await;
    let (peer, inbox) = (scp.peer(), scp.inbox.clone());
    let sender = tokio::spawn(async move { store(&peer, files(3, 1000), |_, _| {}).await });
    inbox.begun(1).await;
    let began = Instant::now();
    scp.stop().await;
    assert!(began.elapsed() < Duration::from_secs(4));
    let report = sender.await.unwrap();
    assert_eq!(report.outcomes, [Sent::Stored, Sent::NoAnswer, Sent::NoAnswer]);
    assert!(report.error.is_some());
    assert_eq!(inbox.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn titles_are_enforced_when_asked_for() {
    let scp = Scp::start(ScpConfig { require_called_ae: true, ..ScpConfig::default() }).await;
    echo(&scp.peer()).await.unwrap();
    let mut stranger = scp.peer();
    stranger.called_ae = "OTHER".to_owned();
    let error = echo(&stranger).await.unwrap_err();
    assert!(matches!(error, NetError::Rejected { permanent: true, .. }), "{error}");
    assert_eq!(error.remedy(), NetRemedy::Operator);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_files_of_many_makers_and_syntaxes_arrive_byte_for_byte() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned();
    let folder =
        std::path::PathBuf::from(std::env::var("SUMGIL_SHARED").unwrap_or(beside)).join("data/dicom");
    if !folder.is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    let mut paths = Vec::new();
    for category in
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        paths.extend(std::fs::read_dir(category).unwrap().map(|entry| entry.unwrap().path()));
    }
    let scp = Scp::start(ScpConfig::default()).await;
    let list = paths.iter().cloned().map(FileToSend::Path).collect();
    let report = store(&scp.peer(), list, |_, _| {}).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let stored = paths.iter().zip(&report.outcomes).filter(|(_, sent)| sent.is_stored());
    for ((path, _), arrived) in stored.zip(scp.inbox.files()) {
        let sent = std::fs::read(path).unwrap();
        assert!(sent.ends_with(data_set_bytes(&arrived)), "{}", path.display());
    }
    assert_eq!(scp.inbox.len(), report.stored());
    assert!(report.stored() >= 60, "{} of {}", report.stored(), paths.len());
    let known = |sent: &Sent| sent.is_stored() || matches!(sent, Sent::Unreadable | Sent::Refused(0xC000));
    assert!(report.outcomes.iter().all(known), "{:?}", report.outcomes);
    for (path, sent) in paths.iter().zip(&report.outcomes).filter(|(_, sent)| !sent.is_stored()) {
        println!("{sent:?} {}", path.file_name().unwrap().display());
    }
    scp.stop().await;
}
