//! The fonts of this machine, in two sets by family: to train with, and to be asked about.

use std::{collections::BTreeMap, rc::Rc};

use sumgil_testkit::typeset::{FONT_DIRECTORY, Ink, Typeface};

use crate::{chance::Chance, words::Script};

/// Fonts by script.
pub struct Faces(BTreeMap<Script, Vec<Rc<Typeface>>>);

/// Which families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    Train,
    HeldOut,
}

impl Faces {
    /// All fonts of a set that are found here.
    pub fn of(set: Set) -> Self {
        let all: Vec<Rc<Typeface>> =
            Typeface::with("").into_iter().filter(|face| set_of(face.name()) == set).map(Rc::new).collect();
        let of = |script: Script| all.iter().filter(|face| usable(face, script)).cloned().collect();
        Self(Script::ALL.into_iter().map(|script| (script, of(script))).collect())
    }

    /// How many there are of a script.
    pub fn count(&self, script: Script) -> usize {
        self.0.get(&script).map_or(0, Vec::len)
    }

    /// One of them, by chance.
    pub fn pick(&self, chance: &mut Chance, script: Script) -> Option<&Typeface> {
        let faces = self.0.get(&script).filter(|faces| !faces.is_empty())?;
        Some(&**chance.pick::<Rc<Typeface>>(faces))
    }

    /// A line in a font by chance.
    pub fn draw(&self, chance: &mut Chance, script: Script, text: &str, height: f32) -> Option<Ink> {
        self.pick(chance, script)?.draw(text, height)
    }
}

fn usable(face: &Typeface, script: Script) -> bool {
    face.has(script.probe())
}

/// One family in six is held out. A family is what its name begins with.
fn set_of(name: &str) -> Set {
    let start: String = name.chars().filter(|c| c.is_alphanumeric()).take(9).collect();
    let hash = start.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    if (hash >> 20).is_multiple_of(6) { Set::HeldOut } else { Set::Train }
}

/// Where fonts are looked for.
pub fn directory() -> &'static str {
    FONT_DIRECTORY
}
