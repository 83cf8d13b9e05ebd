//! Devices: makers and models with words that are also names, serial numbers that look like dates.

use super::chance::Chance;

/// What made a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) maker: &'static str,
    pub(super) model: &'static str,
    pub(super) software: String,
    pub(super) serial: String,
    pub(super) station: String,
}

const RADIOGRAPHY: [(&str, &str); 7] = [
    ("FUJIFILM Corporation", "FDR D-EVO II"),
    ("KONICA MINOLTA", "AeroDR P-61"),
    ("Carestream Health", "DRX-Evolution Plus"),
    ("Agfa-Gevaert", "DX-D 600"),
    ("Vieworks", "VIVIX-S 1717V"),
    ("Canon Inc.", "CXDI-710C Wireless"),
    ("SHIMADZU CORPORATION", "RADspeed Pro / King Edition"),
];

const CT: [(&str, &str); 7] = [
    ("Canon Medical Systems", "Aquilion ONE / PRISM"),
    ("TOSHIBA", "Aquilion Lightning"),
    ("FUJIFILM Healthcare", "SCENARIA View"),
    ("Neusoft Medical Systems", "NeuViz Epoch"),
    ("UIH", "uCT 960+"),
    ("NeuroLogica", "BodyTom Elite"),
    ("Philips", "Incisive CT"),
];

const OTHER: [(&str, &str); 5] = [
    ("ALPINION MEDICAL", "E-CUBE 15 Platinum"),
    ("Mindray", "Resona I9 Young Mom"),
    ("Hologic, Inc.", "SuperSonic MACH 30"),
    ("Esaote", "MyLab X8 Grant"),
    ("TaeYoung Soft", "TechHeim Gateway"),
];

/// A device for `modality`.
pub(super) fn device(modality: &str, chance: &mut Chance) -> Device {
    let (maker, model) = match modality {
        "CT" => *chance.pick(&CT),
        "DX" | "CR" => *chance.pick(&RADIOGRAPHY),
        _ => *chance.pick(&OTHER),
    };
    Device {
        maker,
        model,
        software: software(chance),
        serial: serial(chance),
        station: station(modality, chance),
    }
}

/// Versions with dots and years, as makers number them.
fn software(chance: &mut Chance) -> String {
    match chance.size(0, 3) {
        0 => format!("V{}.{:02}.{:04}", chance.whole(2, 9), chance.whole(0, 99), chance.whole(2008, 2021)),
        1 => format!("{}.{}.{}", chance.whole(1, 12), chance.whole(0, 9), chance.whole(1000, 9999)),
        2 => format!("Release {}{:02}", chance.whole(2009, 2022), chance.whole(1, 12)),
        _ => format!("R{}_SP{}", chance.whole(10, 99), chance.whole(1, 9)),
    }
}

fn serial(chance: &mut Chance) -> String {
    match chance.size(0, 2) {
        0 => format!("{}{:02}{:02}", chance.whole(1992, 2016), chance.whole(1, 12), chance.whole(1, 28)),
        1 => format!("CB{}", chance.digits(7)),
        _ => format!("{}-{}", chance.digits(3), chance.digits(5)),
    }
}

fn station(modality: &str, chance: &mut Chance) -> String {
    match chance.size(0, 2) {
        0 => format!("{modality}_BAY{}", chance.whole(1, 9)),
        1 => format!("ROOM-{}{}", modality, chance.whole(10, 29)),
        _ => format!("CNS{}", chance.digits(4)),
    }
}
