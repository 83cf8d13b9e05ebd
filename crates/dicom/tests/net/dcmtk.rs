//! The clients of dcmtk against our receiving side.

use sumgil_dicom::{
    dictionary::uids,
    net::{
        ScpConfig,
        scu::{FileToSend, Peer, Sent, echo, store},
    },
};

use crate::support::{BIG_ENDIAN, Scp, data_set_bytes, file, installed, run, words, write_all};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echoscu_is_answered() {
    if !installed("echoscu").await {
        return;
    }
    let scp = Scp::start(ScpConfig::default()).await;
    let output = run("echoscu", &["-v", "--repeat", "5", "127.0.0.1", &scp.port()]).await;
    assert!(output.status.success(), "{}", words(&output));
    // 128 contexts with many transfer syntaxes each.
    let output = run("echoscu", &["-ppc", "128", "-pts", "38", "127.0.0.1", &scp.port()]).await;
    assert!(output.status.success(), "{}", words(&output));
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storescu_sends_folders_with_required_contexts_only_and_the_bytes_are_its_own() {
    if !installed("storescu").await {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let deeper = folder.path().join("a/b");
    std::fs::create_dir_all(&deeper).unwrap();
    let (implicit, explicit) = (uids::IMPLICIT_VR_LITTLE_ENDIAN, uids::EXPLICIT_VR_LITTLE_ENDIAN);
    write_all(folder.path(), &[file(1, explicit, 60_000), file(2, explicit, 10)]);
    let sent = [file(3, explicit, 300_000)];
    write_all(&deeper, &sent);
    let folder = folder.path().to_str().unwrap();

    let scp = Scp::start(ScpConfig::default()).await;
    let output = run("storescu", &["-R", "+sd", "+r", "127.0.0.1", &scp.port(), folder]).await;
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(scp.inbox.syntaxes(), [explicit; 3]);
    let arrived = scp.inbox.files();
    let largest = arrived.iter().max_by_key(|file| file.len()).unwrap();
    let pixels = &sent[0][sent[0].len() - 300_000..];
    assert!(data_set_bytes(largest).ends_with(pixels));

    // Implicit only; deflated; everything in one context, of which the first is taken.
    for (arguments, expected) in [
        (&["-xi"][..], implicit),
        (&["-xd"], uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
        (&["-xe", "+C"], explicit),
        (&["-xb", "+C"], BIG_ENDIAN),
    ] {
        let scp = Scp::start(ScpConfig::default()).await;
        let port = scp.port();
        let arguments = [arguments, &["+sd", "+r", "127.0.0.1", &port, folder]].concat();
        let output = run("storescu", &arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        assert_eq!(scp.inbox.syntaxes(), [expected; 3], "{arguments:?}");
        scp.stop().await;
    }
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storescu_sends_encapsulated_files_untouched() {
    if !installed("storescu").await {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (option, syntax) in [
        ("-xs", uids::JPEG_LOSSLESS_SV1),
        ("-xv", uids::JPEG2000_LOSSLESS),
        ("-xt", uids::JPEGLS_LOSSLESS),
        ("-xr", uids::RLE_LOSSLESS),
        ("-xy", uids::JPEG_BASELINE8_BIT),
    ] {
        let sent = file(1, syntax, 20_000);
        let path = write_all(folder.path(), std::slice::from_ref(&sent)).remove(0);
        let scp = Scp::start(ScpConfig::default()).await;
        let output = run("storescu", &[option, "127.0.0.1", &scp.port(), path.to_str().unwrap()]).await;
        assert!(output.status.success(), "{option}: {}", words(&output));
        assert_eq!(scp.inbox.syntaxes(), [syntax]);
        let fragment: Vec<u8> = (0..20_000).map(|n| n as u8).collect();
        let arrived = scp.inbox.files().remove(0);
        assert!(arrived.windows(fragment.len()).any(|window| window == fragment), "{option}");
        scp.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_storescu_at_once() {
    if !installed("storescu").await {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sent: Vec<_> =
        (1..=12).map(|number| file(number, uids::EXPLICIT_VR_LITTLE_ENDIAN, 200_000)).collect();
    write_all(folder.path(), &sent);
    let scp = Scp::start(ScpConfig::default()).await;
    let (port, path) = (scp.port(), folder.path().to_str().unwrap());
    let arguments = ["+sd", "+r", "127.0.0.1", &port, path];
    let outputs = tokio::join!(
        run("storescu", &arguments),
        run("storescu", &arguments),
        run("storescu", &arguments),
        run("storescu", &arguments)
    );
    for output in [outputs.0, outputs.1, outputs.2, outputs.3] {
        assert!(output.status.success(), "{}", words(&output));
    }
    assert_eq!(scp.inbox.len(), 48);
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn storescp_takes_what_we_send() {
    if !installed("storescp").await {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = tokio::process::Command::new("storescp");
    // Bit preserving, every transfer syntax, into the folder.
    server.args(["+B", "+xa", "-od", folder.path().to_str().unwrap(), &port.to_string()]).kill_on_drop(true);
    let _server = server.spawn().unwrap();
    let peer = Peer::new(format!("127.0.0.1:{port}"), "STORESCP", "SUMGIL");
    for _ in 0..100 {
        if echo(&peer).await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let syntaxes =
        [uids::EXPLICIT_VR_LITTLE_ENDIAN, uids::JPEG2000_LOSSLESS, "1.2.826.0.1.3680043.10.1234.77"];
    let sent: Vec<_> = (1..).zip(syntaxes).map(|(number, syntax)| file(number, syntax, 300_000)).collect();
    let report = store(&peer, sent.iter().cloned().map(FileToSend::Bytes).collect(), |_, _| {}).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert_eq!(report.outcomes, [Sent::Stored, Sent::Stored, Sent::NotAccepted]);
    let stored: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(stored.len(), 2);
    for path in stored {
        let bytes = std::fs::read(path).unwrap();
        assert!(sent.iter().any(|file| data_set_bytes(file) == data_set_bytes(&bytes)), "byte for byte");
    }
}
