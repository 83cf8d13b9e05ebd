//! Private blocks: who reserved them (PS3.5 7.8), and which of their elements the standard holds to be safe.

use std::{cell::RefCell, collections::BTreeMap};

use sumgil_dicom::{
    DataSet, confidentiality,
    dicom_core::{PrimitiveValue, Tag, VR, header::Header},
};

use crate::text::{self, Element};

/// The private creators of one level. Only those are written again that have something left.
pub(crate) struct Creators {
    /// Group and block to creator.
    blocks: BTreeMap<(u16, u16), String>,
    /// Creator elements of blocks that keep something.
    used: RefCell<Vec<Tag>>,
}

impl Creators {
    pub(crate) fn of(data_set: &DataSet) -> Self {
        let reserved = data_set.iter().filter(|element| {
            let Tag(group, number) = element.tag();
            group % 2 == 1 && (0x10..=0xff).contains(&number)
        });
        let blocks = reserved
            .filter_map(|element| {
                let Tag(group, block) = element.tag();
                Some(((group, block), text::of(element)?.into_owned()))
            })
            .collect();
        Self { blocks, used: RefCell::default() }
    }

    /// Whether the element lies in a block whose creator makes it safe. The creator is compared in full: a
    /// look-alike, or the same number under another creator, is not safe.
    pub(crate) fn is_safe(&self, tag: Tag) -> bool {
        let Tag(group, number) = tag;
        let block = number >> 8;
        let safe = number >= 0x1000
            && self
                .blocks
                .get(&(group, block))
                .is_some_and(|creator| confidentiality::is_safe_private(creator, group, number as u8));
        if safe {
            self.used.borrow_mut().push(Tag(group, block));
        }
        safe
    }

    /// Writes the creators of the blocks of which `data_set` still holds an element.
    pub(crate) fn write(&self, data_set: &mut DataSet) {
        for tag in self.used.borrow().iter() {
            let block = (tag.1 << 8)..=(tag.1 << 8 | 0xff);
            let left = data_set.tags().any(|other| other.0 == tag.0 && block.contains(&other.1));
            if let Some(creator) = self.blocks.get(&(tag.0, tag.1)).filter(|_| left) {
                data_set.put(Element::new(*tag, VR::LO, PrimitiveValue::from(creator.as_str())));
            }
        }
    }
}
