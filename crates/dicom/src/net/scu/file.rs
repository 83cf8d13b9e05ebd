//! What is sent: a Part 10 file whose data set goes out as it is.

use std::{io, path::PathBuf};

use bytes::Bytes;
use dicom_object::FileMetaTable;
use sumgil_model::{SopClass, TransferSyntax, Uid};

use crate::net::NetError;

/// Where the file meta information must end, in bytes from the start of the file.
const LONGEST_HEAD: usize = 64 * 1024;
const PREAMBLE: usize = 128;

/// A Part 10 file to send with C-STORE.
#[derive(Clone)]
pub enum FileToSend {
    /// Read from disk when its turn comes.
    Path(PathBuf),
    /// Already in memory.
    Bytes(Bytes),
}

/// What the file meta information says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sop_class: Uid<SopClass>,
    pub(crate) sop_instance: String,
    pub(crate) transfer_syntax: Uid<TransferSyntax>,
    pub(crate) data_set_at: usize,
}

impl FileToSend {
    /// The whole file. Blocks.
    pub(crate) fn read(&self) -> io::Result<Bytes> {
        match self {
            Self::Path(path) => std::fs::read(path).map(Bytes::from),
            Self::Bytes(bytes) => Ok(bytes.clone()),
        }
    }

    /// The head alone. Blocks.
    pub(crate) fn head(&self) -> Result<Head, NetError> {
        match self {
            Self::Path(path) => {
                let mut start = Vec::with_capacity(4096);
                let file = std::fs::File::open(path)?;
                io::Read::read_to_end(&mut io::Read::take(file, LONGEST_HEAD as u64), &mut start)?;
                Head::of(&start)
            }
            Self::Bytes(bytes) => Head::of(bytes),
        }
    }
}

impl Head {
    /// Reads the file meta information at the start of `file` (PS3.10 section 7.1).
    pub(crate) fn of(file: &[u8]) -> Result<Self, NetError> {
        let start = &file[..file.len().min(LONGEST_HEAD)];
        let from_magic = start.get(PREAMBLE..).ok_or(NetError::NotPart10)?;
        // "DICM", then (0002,0000) UL of 4 bytes: the length of the rest of the group.
        let length =
            from_magic.get(12..16).and_then(|bytes| bytes.first_chunk()).ok_or(NetError::NotPart10)?;
        let length = u32::from_le_bytes(*length) as usize;
        let group = from_magic.get(..16 + length).ok_or(NetError::NotPart10)?;
        let meta = FileMetaTable::from_reader(group).map_err(|_| NetError::NotPart10)?;
        Ok(Self {
            sop_class: Uid::parse(meta.media_storage_sop_class_uid()).map_err(|_| NetError::NotPart10)?,
            sop_instance: meta.media_storage_sop_instance_uid().to_owned(),
            transfer_syntax: Uid::parse(meta.transfer_syntax()).map_err(|_| NetError::NotPart10)?,
            data_set_at: PREAMBLE + 16 + length,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped() -> Vec<u8> {
        let class = Uid::parse("1.2.840.10008.5.1.4.1.1.2").unwrap();
        crate::wrap_as_part10(b"data set", &Uid::parse("1.2.840.10008.1.2.1").unwrap(), &class, "1.2.3")
    }

    #[test]
    fn the_head_tells_where_the_data_set_begins() {
        let file = wrapped();
        let head = Head::of(&file).unwrap();
        assert_eq!(&file[head.data_set_at..], b"data set");
        assert_eq!(
            (head.sop_instance.as_str(), head.transfer_syntax.as_str()),
            ("1.2.3", "1.2.840.10008.1.2.1")
        );
    }

    proptest! {
        #[test]
        fn damaged_heads_are_refused_without_harm(at in 128usize..300, byte: u8, cut in 0usize..400) {
            let mut file = wrapped();
            if let Some(place) = file.get_mut(at) {
                *place = byte;
            }
            let _ = Head::of(&file);
            let _ = Head::of(&file[..cut.min(file.len())]);
        }
    }
}
