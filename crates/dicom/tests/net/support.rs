//! A receiving side that keeps what it gets, sample files, and foreign programs where they are installed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::PixelFragmentSequence},
    dictionary::{tags, uids},
    net::{
        BoxFuture, Received, ScpConfig, StoreHandler, StoreStatus,
        scu::{FileToSend, Peer},
        serve,
    },
};
use sumgil_model::Uid;
use tokio::{net::TcpListener, process::Command, sync::oneshot, task::JoinHandle};

/// Explicit VR Big Endian: retired, still in archives.
pub(crate) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Keeps everything that is received.
#[derive(Default)]
pub(crate) struct Inbox {
    pub(crate) items: Mutex<Vec<Received>>,
    pub(crate) pause: Option<Duration>,
    pub(crate) begun: AtomicUsize,
}

impl StoreHandler for Inbox {
    fn store(&self, received: Received) -> BoxFuture<'_, StoreStatus> {
        Box::pin(async move {
            self.begun.fetch_add(1, Ordering::SeqCst);
            if let Some(pause) = self.pause {
                tokio::time::sleep(pause).await;
            }
            let is_path = received.sop_instance.contains("..");
            self.items.lock().unwrap().push(received);
            if is_path { StoreStatus::NotAuthorised } else { StoreStatus::Success }
        })
    }
}

impl Inbox {
    pub(crate) fn len(&self) -> usize {
        self.items.lock().unwrap().len()
    }

    /// Waits until `count` stores have begun.
    pub(crate) async fn begun(&self, count: usize) {
        for _ in 0..2000 {
            if self.begun.load(Ordering::SeqCst) >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{count} stores have not begun");
    }

    /// Transfer syntaxes in the order of arrival.
    pub(crate) fn syntaxes(&self) -> Vec<String> {
        self.items.lock().unwrap().iter().map(|item| item.transfer_syntax.as_str().to_owned()).collect()
    }

    pub(crate) fn files(&self) -> Vec<Bytes> {
        self.items.lock().unwrap().iter().map(|item| item.bytes.clone()).collect()
    }
}

/// A receiving side on a port of its own.
pub(crate) struct Scp {
    pub(crate) address: SocketAddr,
    pub(crate) inbox: Arc<Inbox>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Scp {
    pub(crate) async fn start(config: ScpConfig) -> Self {
        Self::with_inbox(config, Inbox::default()).await
    }

    pub(crate) async fn with_inbox(config: ScpConfig, inbox: Inbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, inbox) = (listener.local_addr().unwrap(), Arc::new(inbox));
        let (stop, stopped) = oneshot::channel::<()>();
        let handler = inbox.clone();
        let task = tokio::spawn(serve(listener, config, handler, async {
            let _ = stopped.await;
        }));
        Self { address, inbox, stop, task }
    }

    pub(crate) fn peer(&self) -> Peer {
        Peer::new(self.address.to_string(), "SUMGIL", "TESTER")
    }

    pub(crate) fn port(&self) -> String {
        self.address.port().to_string()
    }

    /// Asks for shutdown and waits for it.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

/// Settings with time-outs short enough for a test.
pub(crate) fn hasty() -> ScpConfig {
    ScpConfig {
        handshake_timeout: Duration::from_millis(700),
        idle_timeout: Duration::from_millis(700),
        shutdown_grace: Duration::from_secs(3),
        ..ScpConfig::default()
    }
}

/// A small CT image; `pixels` bytes of pixel data.
pub(crate) fn image(number: u32, pixels: usize) -> DataSet {
    let mut data_set = DataSet::new_empty();
    let mut put = |tag: Tag, vr: VR, value: &str| {
        data_set.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    };
    put(tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE);
    put(tags::SOP_INSTANCE_UID, VR::UI, &format!("1.2.826.0.1.3680043.10.1234.{number}"));
    put(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.826.0.1.3680043.10.1234.9001");
    put(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.826.0.1.3680043.10.1234.9002");
    put(tags::MODALITY, VR::CS, "CT");
    put(tags::STUDY_DATE, VR::DA, "20200301");
    put(tags::STUDY_TIME, VR::TM, "101010");
    put(tags::STUDY_ID, VR::SH, "1");
    put(tags::SERIES_NUMBER, VR::IS, "1");
    put(tags::INSTANCE_NUMBER, VR::IS, &number.to_string());
    put(tags::ACCESSION_NUMBER, VR::SH, "A100");
    put(tags::PATIENT_ID, VR::LO, "P100");
    put(tags::PATIENT_NAME, VR::PN, "Phantom^One");
    data_set.put(DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(1u16)));
    data_set.put(DataElement::new(tags::BITS_ALLOCATED, VR::US, PrimitiveValue::from(16u16)));
    let pixels: Vec<u8> = (0..pixels).map(|n| (n as u32).wrapping_mul(number + 7) as u8).collect();
    data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(pixels)));
    data_set
}

/// The same in any transfer syntax; encapsulated ones get their pixels as one fragment, whatever is in it.
pub(crate) fn file(number: u32, transfer_syntax: &str, pixels: usize) -> Bytes {
    let mut data_set = image(number, pixels);
    let native = [
        uids::IMPLICIT_VR_LITTLE_ENDIAN,
        uids::EXPLICIT_VR_LITTLE_ENDIAN,
        BIG_ENDIAN,
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    ];
    if !native.contains(&transfer_syntax) {
        let fragment: Vec<u8> = (0..pixels).map(|n| n as u8).collect();
        let sequence = PixelFragmentSequence::new(vec![0u32], vec![fragment]);
        data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OB, sequence));
    }
    sumgil_dicom::write(&data_set, &Uid::parse(transfer_syntax).unwrap()).unwrap().into()
}

/// `count` explicit little endian images.
pub(crate) fn files(count: u32, pixels: usize) -> Vec<FileToSend> {
    (1..=count)
        .map(|number| FileToSend::Bytes(file(number, uids::EXPLICIT_VR_LITTLE_ENDIAN, pixels)))
        .collect()
}

/// The data set of a Part 10 file, without preamble and file meta information.
pub(crate) fn data_set_bytes(file: &[u8]) -> &[u8] {
    let group_length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    &file[144 + group_length..]
}

/// Writes `files` into `folder` as `1.dcm`, `2.dcm`, ...
pub(crate) fn write_all(folder: &Path, files: &[Bytes]) -> Vec<PathBuf> {
    let paths = (1..=files.len()).map(|number| folder.join(format!("{number}.dcm")));
    let paths: Vec<PathBuf> = paths.collect();
    paths.iter().zip(files).for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
    paths
}

/// Whether `program` can be run here; says so in one line when it cannot.
pub(crate) async fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().await.is_ok();
    if !found {
        println!("skipped: {program} is absent (Debian package dcmtk)");
    }
    found
}

/// Runs a foreign program to its end.
pub(crate) async fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).kill_on_drop(true).output();
    tokio::time::timeout(Duration::from_secs(60), output).await.expect("the program hangs").unwrap()
}

/// Both outputs of a program, for the message of an assertion.
pub(crate) fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
