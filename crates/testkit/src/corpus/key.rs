//! The answer key: what has to happen to which value of which file.

use std::{fs::File, path::Path};

use serde::{Deserialize, Serialize};

/// What has to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The value is gone from its element.
    TextRemoved,
    /// The phrase still stands in its element.
    TextRetained,
    /// The element is as it was.
    TagRetained,
    /// The date moved by the patient's whole days.
    DateShifted,
    /// Another UID stands there.
    UidChanged,
    /// The private element or the value in it is gone.
    PrivateRemoved,
    /// The safe private element is as it was.
    PrivateRetained,
    /// The value is nowhere in the file: preamble, file meta information, padding, documents.
    BytesRemoved,
    /// The text burned into the pixels cannot be read any more.
    PixelsHidden,
    /// The side marker is as it was.
    PixelsRetained,
    /// The text drawn in an overlay is gone.
    OverlayHidden,
    /// Patient's Age says what the birth date said.
    AgeDerived,
}

/// A line of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Number of the line, from 1.
    pub item: u32,
    /// The file, relative to the corpus, with `/`.
    pub file: String,
    /// The patient record: a person at a hospital.
    pub patient: String,
    /// The person.
    pub person: String,
    /// `gggg eeee` in eight digits, `[n]/` for items, `ggggxxee@CREATOR` for private elements, or `@preamble`,
    /// `@filemeta`, `@padding`, `@pdf`.
    pub location: String,
    /// `name`, `id`, `date`, `rrn`, `phone`, `address`, `institution`, `accession`, `uid`, `age`, `keep` or `marker`.
    pub kind: String,
    /// The value as it stands in the file; dates without spelling as `YYYYMMDD`.
    pub value: String,
    /// What has to happen.
    pub action: Action,
    /// Frame (-1 for all), x, y, width, height.
    pub rect: String,
    /// Stored value of the text, the mean of the channels in colour.
    pub fg: String,
    /// How far from `fg` a stored value may lie to be text.
    pub tol: String,
    /// `1` when the file may be left out altogether.
    pub allow_drop: String,
    /// Anything else.
    pub note: String,
}

impl Item {
    /// A line without a file yet.
    pub(super) fn new(location: impl Into<String>, kind: &str, value: &str, action: Action) -> Self {
        Self {
            item: 0,
            file: String::new(),
            patient: String::new(),
            person: String::new(),
            location: location.into(),
            kind: kind.to_owned(),
            value: value.to_owned(),
            action,
            rect: String::new(),
            fg: String::new(),
            tol: String::new(),
            allow_drop: String::new(),
            note: String::new(),
        }
    }

    /// Frame, x, y, width and height of a rectangle.
    pub fn rectangle(&self) -> Option<(i64, [usize; 4])> {
        let numbers: Vec<i64> = self.rect.split(',').filter_map(|n| n.trim().parse().ok()).collect();
        let [frame, rest @ ..] = numbers.as_slice() else { return None };
        let sizes: Vec<usize> = rest.iter().filter_map(|n| usize::try_from(*n).ok()).collect();
        Some((*frame, sizes.try_into().ok()?))
    }
}

/// Writes the key.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write_key(path: &Path, items: &[Item]) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(File::create(path)?);
    for item in items {
        writer.serialize(item)?;
    }
    Ok(writer.flush()?)
}

/// Reads a key.
///
/// # Errors
/// When the file cannot be read or is no key.
pub fn read_key(path: &Path) -> anyhow::Result<Vec<Item>> {
    Ok(csv::Reader::from_path(path)?.deserialize().collect::<Result<_, _>>()?)
}
