//! Which files there are: of which record, of which kind, in which character set and encoding.

use std::str::FromStr;

use super::{
    chance::Chance,
    picture::{Codec, Scene},
    script::Script,
};

/// Which half of the sentences, phrases and fonts is used: what is improved by looking at one half is judged by the
/// other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Everything.
    #[default]
    All,
    /// The half to look at.
    Open,
    /// The half to be judged by.
    Held,
}

impl Style {
    /// Those of `all` that belong to it.
    pub(super) fn of<T>(self, all: impl IntoIterator<Item = T>) -> Vec<T> {
        let belongs = |at: usize| match self {
            Self::All => true,
            Self::Open => at.is_multiple_of(2),
            Self::Held => at % 2 == 1,
        };
        all.into_iter().enumerate().filter(|(at, _)| belongs(*at)).map(|(_, one)| one).collect()
    }
}

impl FromStr for Style {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "open" => Ok(Self::Open),
            "held" => Ok(Self::Held),
            _ => Err("all, open or held".to_owned()),
        }
    }
}

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Everything follows from it: the same seed gives the same files.
    pub seed: u64,
    /// Persons; some have records at two hospitals.
    pub patients: usize,
    /// Which sentences, phrases and fonts.
    pub style: Style,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 7, patients: 12, style: Style::All }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A picture; with text burned in or without.
    Picture {
        scene: Scene,
        codec: Codec,
        burned: bool,
    },
    Report,
    State,
    Document,
}

impl Kind {
    /// Modality (0008,0060).
    pub(super) fn modality(self, computed: bool) -> &'static str {
        match self {
            Self::Picture { scene: Scene::Radiograph { .. }, .. } => {
                if computed {
                    "CR"
                } else {
                    "DX"
                }
            }
            Self::Picture { scene: Scene::Slice | Scene::Localiser, .. } => "CT",
            Self::Picture { scene: Scene::Screen, .. } => "OT",
            Self::Picture { scene: Scene::Ultrasound, .. } => "US",
            Self::Report => "SR",
            Self::State => "PR",
            Self::Document => "DOC",
        }
    }
}

/// The files of record number `record`: two radiographs, three slices and two of the rarer kinds.
pub(super) fn kinds(seed: u64, record: usize) -> Vec<Kind> {
    let mut chance = Chance::new(seed, "kinds", record as u64);
    let radiograph = |codec: Codec, burned: bool, chance: &mut Chance| Kind::Picture {
        scene: Scene::Radiograph { inverse: chance.is(0.35) },
        codec,
        burned,
    };
    const CODECS: [Codec; 8] = [
        Codec::Explicit,
        Codec::JpegLossless,
        Codec::Rle,
        Codec::Jpeg,
        Codec::Jpeg2000,
        Codec::Implicit,
        Codec::BigEndian,
        Codec::Deflated,
    ];
    let mut kinds = vec![
        radiograph(CODECS[record % CODECS.len()], true, &mut chance),
        radiograph(CODECS[(record + 3) % CODECS.len()], record % 3 != 1, &mut chance),
    ];
    for nth in 0..3 {
        let codec = [Codec::Explicit, Codec::Deflated, Codec::Implicit, Codec::Rle, Codec::JpegLossless]
            [(record + nth) % 5];
        kinds.push(Kind::Picture { scene: Scene::Slice, codec, burned: false });
    }
    kinds.extend([rare(record), rare(record + 4)]);
    kinds
}

fn rare(number: usize) -> Kind {
    let picture = |scene, codec| Kind::Picture { scene, codec, burned: true };
    match number % 9 {
        0 | 4 => Kind::Report,
        1 => picture(Scene::Localiser, Codec::Explicit),
        2 => picture(Scene::Screen, if number.is_multiple_of(2) { Codec::Jpeg } else { Codec::Explicit }),
        3 => picture(Scene::Ultrasound, if number.is_multiple_of(2) { Codec::Rle } else { Codec::Jpeg }),
        5 => Kind::State,
        6 => picture(Scene::Localiser, Codec::JpegLossless),
        7 => picture(Scene::Screen, Codec::Rle),
        _ => Kind::Document,
    }
}

/// The character set of a file: where Hangul is written, one of five, else Western.
pub(super) fn script(korean: bool, number: usize) -> Script {
    const KOREAN: [Script; 9] = [
        Script::Iso2022Korean,
        Script::Utf8,
        Script::Iso2022Korean,
        Script::UndeclaredKorean,
        Script::Utf8,
        Script::Iso2022Korean,
        Script::UndeclaredUtf8,
        Script::Utf8,
        Script::UndeclaredKorean,
    ];
    match korean {
        true if number % 37 == 20 => Script::MislabelledKorean,
        true => KOREAN[number % KOREAN.len()],
        false if number.is_multiple_of(2) => Script::Latin1,
        false => Script::Utf8,
    }
}
