//! What is sent: a Part 10 file whose data set goes out as it is.

use std::{
    io::{self, Read},
    path::PathBuf,
};

use bytes::Bytes;
use sumgil_model::{SopClass, TransferSyntax, Uid};

use crate::{net::NetError, part10::locate};

/// Where the file meta information must end, in bytes from the start of the file.
const LONGEST_HEAD: usize = 64 * 1024;
/// Enough for nearly all of them.
const USUAL_HEAD: usize = 4096;
/// Element numbers in group 0002.
const MEDIA_STORAGE_SOP_CLASS: u16 = 0x0002;
const MEDIA_STORAGE_SOP_INSTANCE: u16 = 0x0003;

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
                let mut start = Vec::with_capacity(USUAL_HEAD);
                let mut file = std::fs::File::open(path)?;
                (&mut file).take(USUAL_HEAD as u64).read_to_end(&mut start)?;
                Head::of(&start).or_else(|_| {
                    file.take((LONGEST_HEAD - USUAL_HEAD) as u64).read_to_end(&mut start)?;
                    Head::of(&start)
                })
            }
            Self::Bytes(bytes) => Head::of(bytes),
        }
    }
}

impl Head {
    /// Reads the file meta information at the start of `file` (PS3.10 section 7.1).
    pub(crate) fn of(file: &[u8]) -> Result<Self, NetError> {
        let start = &file[..file.len().min(LONGEST_HEAD)];
        let located = locate(start).map_err(|_| NetError::NotPart10)?;
        let text = |number: u16| {
            let element = located.meta.iter().find(|element| element.number == number)?;
            let value = std::str::from_utf8(start.get(element.value.clone())?).ok()?;
            Some(value.trim_matches(['\0', ' ']).to_owned()).filter(|value| !value.is_empty())
        };
        let sop_class = text(MEDIA_STORAGE_SOP_CLASS).and_then(|uid| Uid::parse(&uid).ok());
        Ok(Self {
            sop_class: sop_class.ok_or(NetError::NotPart10)?,
            sop_instance: text(MEDIA_STORAGE_SOP_INSTANCE).ok_or(NetError::NotPart10)?,
            transfer_syntax: located.transfer_syntax.clone().ok_or(NetError::NotPart10)?,
            data_set_at: located.data_set_at,
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
