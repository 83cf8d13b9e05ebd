//! The equipment of the invented hospitals, as headers write it.

use sumgil_model::ExamKind;

/// Which conventions a header follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Siemens CT with CSA headers.
    SiemensCt,
    /// GE CT with GEMS blocks.
    GeCt,
    /// Canon CT, formerly Toshiba.
    CanonCt,
    /// Philips CT with ELSCINT1 blocks.
    PhilipsCt,
    /// Digital radiography.
    Dx,
    /// Computed radiography.
    Cr,
}

/// A kind of device.
#[derive(Debug, PartialEq, Eq)]
pub struct DeviceModel {
    /// What it makes.
    pub kind: ExamKind,
    /// Its header conventions.
    pub family: Family,
    /// Manufacturer (0008,0070).
    pub manufacturer: &'static str,
    /// Manufacturer's Model Name (0008,1090).
    pub model: &'static str,
    /// Software Versions (0018,1020).
    pub software: &'static str,
    /// Root of the UIDs that it makes.
    pub uid_root: &'static str,
}

macro_rules! model {
    ($kind:ident, $family:ident, $maker:literal, $model:literal, $software:literal, $root:literal) => {
        DeviceModel {
            kind: ExamKind::$kind,
            family: Family::$family,
            manufacturer: $maker,
            model: $model,
            software: $software,
            uid_root: $root,
        }
    };
}

/// CT scanners by maker: Siemens, GE, Canon, Philips.
pub static CT: [&[DeviceModel]; 4] = [
    &[
        model!(Ct, SiemensCt, "SIEMENS", "SOMATOM Definition Edge", "syngo CT VA48A", "1.3.12.2.1107.5.1.4"),
        model!(Ct, SiemensCt, "SIEMENS", "SOMATOM Definition AS+", "syngo CT 2012B", "1.3.12.2.1107.5.1.4"),
        model!(Ct, SiemensCt, "SIEMENS", "SOMATOM Force", "syngo CT VB10A", "1.3.12.2.1107.5.1.4"),
        model!(
            Ct,
            SiemensCt,
            "Siemens Healthineers",
            "SOMATOM Drive",
            "syngo CT VB20A",
            "1.3.12.2.1107.5.1.4"
        ),
        model!(Ct, SiemensCt, "SIEMENS", "Sensation 64", "syngo CT 2009E", "1.3.12.2.1107.5.1.4"),
    ],
    &[
        model!(Ct, GeCt, "GE MEDICAL SYSTEMS", "Revolution CT", "revo_ct_18b.47", "1.2.840.113619.2.416"),
        model!(Ct, GeCt, "GE MEDICAL SYSTEMS", "LightSpeed VCT", "gmp_vct.42", "1.2.840.113619.2.55.3"),
    ],
    &[
        model!(Ct, CanonCt, "TOSHIBA", "Aquilion ONE", "V6.00ER003", "1.2.392.200036.9116.2.6.1"),
        model!(
            Ct,
            CanonCt,
            "Canon Medical Systems",
            "Aquilion Prime SP",
            "V8.9",
            "1.2.392.200036.9116.2.5.1"
        ),
    ],
    &[
        model!(Ct, PhilipsCt, "Philips", "Ingenuity CT", "4.1.6", "1.3.46.670589.33.1"),
        model!(Ct, PhilipsCt, "Philips Medical Systems", "iCT 256", "4.1.10", "1.3.46.670589.33.1"),
    ],
];

/// Radiography devices in the order of their share of exposures.
pub static CXR: [DeviceModel; 8] = [
    model!(Cxr, Dx, "DK Medical Systems", "Innovision", "Innovision 2.3.1", "1.2.410.200048.2020"),
    model!(Cxr, Dx, "SAMSUNG ELECTRONICS", "GM85", "V1.06.02", "1.2.410.200001.1.1185"),
    model!(Cxr, Dx, "SIEMENS", "Ysio Max", "VE10T", "1.3.12.2.1107.5.3.63"),
    model!(Cxr, Cr, "FUJIFILM Corporation", "CR-IR 357", "A06-02", "1.2.392.200036.9125.2"),
    model!(Cxr, Dx, "Philips Medical Systems", "DigitalDiagnost", "4.1.2", "1.3.46.670589.30.1"),
    model!(Cxr, Dx, "Carestream Health", "DRX-Evolution", "5.7.405", "1.2.840.113564.1"),
    model!(Cxr, Dx, "GE Healthcare", "Optima XR220", "4.2.1", "1.2.840.113619.2.203"),
    model!(Cxr, Dx, "Canon Inc.", "CXDI Control Software NE", "2.13.0", "1.2.392.200046.100.2"),
];

/// Shares of radiograph exams of [`CXR`]; invented, but for the order of the first two.
pub(crate) const CXR_SHARES: [u32; 8] = [46, 30, 8, 5, 4, 3, 2, 2];

/// Sites with a second scanner of GE, Canon and Philips.
pub(crate) const SECOND_CT: [&[usize]; 3] = [&[1, 7, 10], &[3, 9], &[5, 12]];

/// A particular machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What kind it is.
    pub model: &'static DeviceModel,
    /// Device Serial Number (0018,1000).
    pub serial: String,
    /// Station Name (0008,1010).
    pub station: String,
}

impl Device {
    /// The machine of this kind at `site`.
    pub(crate) fn at(model: &'static DeviceModel, site: usize) -> Self {
        let hash =
            model.model.bytes().fold(site as u32 + 1, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)));
        let prefix = if model.kind == ExamKind::Ct { "CT" } else { "DR" };
        Self {
            model,
            serial: format!("{}", 60_000 + hash % 30_000),
            station: format!("{prefix}{:02}{:02}", site + 1, hash % 89 + 10),
        }
    }
}
