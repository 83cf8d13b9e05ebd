//! C-STORE of files: as few associations as 128 presentation contexts allow, one request at a time.

use std::sync::Arc;

use bytes::Bytes;
use dicom_dictionary_std::tags;
use tokio::sync::mpsc;

use super::{
    FileToSend, Peer,
    client::{Client, MAX_CONTEXTS, Proposal},
    file::Head,
};
use crate::net::{
    NetError,
    command::{Command, field},
};

/// Files that are read ahead of the network.
const READ_AHEAD: usize = 2;

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Answered with success.
    Stored,
    /// Stored with a warning status (Bxxx, PS3.4 table B.2-1).
    Warned(u16),
    /// Answered with a failure status.
    Refused(u16),
    /// The peer does not take this SOP class in this transfer syntax.
    NotAccepted,
    /// Could not be read, or is no Part 10 file.
    Unreadable,
    /// No answer: the association failed before this file, or while it was under way.
    NoAnswer,
}

impl Sent {
    /// Whether the peer has taken it.
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Stored | Self::Warned(_))
    }
}

/// What became of all files, in their order.
#[derive(Debug)]
pub struct StoreReport {
    /// One entry a file.
    pub outcomes: Vec<Sent>,
    /// Why the sending stopped early, if it did.
    pub error: Option<NetError>,
}

impl StoreReport {
    /// How many files the peer has taken.
    pub fn stored(&self) -> usize {
        self.outcomes.iter().filter(|sent| sent.is_stored()).count()
    }
}

/// Sends `files` to `peer` as they are (no transcoding). `progress` hears the position and fate of each file as
/// soon as it is known. An error of the association ends the sending; files without an answer say so.
pub async fn store(
    peer: &Peer,
    files: Vec<FileToSend>,
    mut progress: impl FnMut(usize, Sent),
) -> StoreReport {
    let mut outcomes = vec![Sent::NoAnswer; files.len()];
    let mut note = |index: usize, sent: Sent| {
        if let Some(outcome) = outcomes.get_mut(index) {
            *outcome = sent;
        }
        progress(index, sent);
    };
    let result = store_all(peer, Arc::new(files), &mut note).await;
    StoreReport { outcomes, error: result.err() }
}

async fn store_all(
    peer: &Peer,
    files: Arc<Vec<FileToSend>>,
    note: &mut impl FnMut(usize, Sent),
) -> Result<(), NetError> {
    let to_scan = files.clone();
    let heads =
        tokio::task::spawn_blocking(move || to_scan.iter().map(|file| file.head().ok()).collect::<Vec<_>>());
    let heads = heads.await.map_err(std::io::Error::other)?;
    for load in loads(&heads) {
        let readable: Vec<usize> =
            load.indexes.iter().copied().filter(|&index| heads[index].is_some()).collect();
        load.indexes
            .iter()
            .filter(|&&index| heads[index].is_none())
            .for_each(|&index| note(index, Sent::Unreadable));
        if !readable.is_empty() {
            store_load(peer, &load.proposals, read_ahead(files.clone(), readable), note).await?;
        }
    }
    Ok(())
}

/// Files for one association, with what must be proposed for them.
#[derive(Default)]
struct Load {
    proposals: Vec<Proposal>,
    indexes: Vec<usize>,
}

/// Cuts the files, in their order, into loads of at most 128 pairs of SOP class and transfer syntax.
fn loads(heads: &[Option<Head>]) -> Vec<Load> {
    let mut loads = vec![Load::default()];
    for (index, head) in heads.iter().enumerate() {
        if let Some(head) = head {
            let proposal = Proposal {
                sop_class: head.sop_class.as_str().to_owned(),
                transfer_syntaxes: vec![head.transfer_syntax.as_str().to_owned()],
            };
            let is_new = !loads.last().is_some_and(|load| load.proposals.contains(&proposal));
            if is_new && loads.last().is_none_or(|load| load.proposals.len() >= MAX_CONTEXTS) {
                loads.push(Load::default());
            }
            if let Some(load) = loads.last_mut().filter(|_| is_new) {
                load.proposals.push(proposal);
            }
        }
        if let Some(load) = loads.last_mut() {
            load.indexes.push(index);
        }
    }
    loads
}

/// Reads files from disk while others are on the network.
fn read_ahead(files: Arc<Vec<FileToSend>>, indexes: Vec<usize>) -> mpsc::Receiver<(usize, Option<Bytes>)> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        for index in indexes {
            let bytes = files.get(index).and_then(|file| file.read().ok());
            if sender.blocking_send((index, bytes)).is_err() {
                break;
            }
        }
    });
    receiver
}

async fn store_load(
    peer: &Peer,
    proposals: &[Proposal],
    mut files: mpsc::Receiver<(usize, Option<Bytes>)>,
    note: &mut impl FnMut(usize, Sent),
) -> Result<(), NetError> {
    let mut client = Client::connect(peer, proposals).await?;
    while let Some((index, bytes)) = files.recv().await {
        let sent = match bytes.as_ref().map(|bytes| (Head::of(bytes), bytes)) {
            Some((Ok(head), bytes)) => store_one(&mut client, &head, bytes).await?,
            _ => Sent::Unreadable,
        };
        note(index, sent);
    }
    client.release().await
}

async fn store_one(client: &mut Client, head: &Head, file: &[u8]) -> Result<Sent, NetError> {
    let sop_class = head.sop_class.as_str();
    let Some(context) = client.context(sop_class, Some(head.transfer_syntax.as_str())) else {
        return Ok(Sent::NotAccepted);
    };
    let command = Command::new(field::C_STORE, true)
        .number(tags::PRIORITY, 0)
        .uid(tags::AFFECTED_SOP_CLASS_UID, sop_class)
        .uid(tags::AFFECTED_SOP_INSTANCE_UID, &head.sop_instance);
    let data_set = file.get(head.data_set_at..).unwrap_or_default();
    let message_id = client.request(context.id, command, Some(data_set)).await?;
    let (answer, _) = client.answer().await?;
    if answer.integer(tags::MESSAGE_ID_BEING_RESPONDED_TO) != Some(message_id) {
        return Err(NetError::Unexpected("answer to another message"));
    }
    Ok(match answer.integer(tags::STATUS) {
        Some(0x0000) => Sent::Stored,
        Some(status) if status & 0xF000 == 0xB000 || matches!(status, 0x0001 | 0x0107 | 0x0116) => {
            Sent::Warned(status)
        }
        Some(status) => Sent::Refused(status),
        None => return Err(NetError::Malformed("answer without a status")),
    })
}

#[cfg(test)]
mod tests {
    use sumgil_model::Uid;

    use super::*;

    fn head(class: usize, syntax: usize) -> Option<Head> {
        Some(Head {
            sop_class: Uid::parse(&format!("1.2.{class}")).unwrap(),
            sop_instance: "1".to_owned(),
            transfer_syntax: Uid::parse(&format!("1.3.{syntax}")).unwrap(),
            data_set_at: 0,
        })
    }

    #[test]
    fn a_load_has_at_most_128_contexts_and_every_file_once() {
        let mut heads: Vec<_> = (0..300).map(|n| head(n % 150, n % 2)).collect();
        heads.insert(5, None);
        let loads = loads(&heads);
        assert!(loads.len() >= 2 && loads.iter().all(|load| load.proposals.len() <= MAX_CONTEXTS));
        let order: Vec<_> = loads.iter().flat_map(|load| load.indexes.clone()).collect();
        assert_eq!(order, (0..301).collect::<Vec<_>>());
        let pair = |index: usize| heads[index].as_ref().map(|head| head.sop_class.as_str().to_owned());
        for load in &loads {
            for class in load.indexes.iter().filter_map(|&index| pair(index)) {
                assert!(load.proposals.iter().any(|proposal| proposal.sop_class == class));
            }
        }
    }
}
