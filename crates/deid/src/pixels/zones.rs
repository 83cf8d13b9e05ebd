//! Banner zones: where a device writes its text. What may be text there is hidden without a doubt.

use sumgil_dicom::{DataSet, access, dictionary::tags, pixels::Region};

/// Devices that write a banner: beginning of Manufacturer (capitals), Modality, and the banner's part of the image: top,
/// bottom, left, right, in percent.
const BANNERS: &[(&str, &str, [u32; 4])] = &[
    ("GE", "US", [12, 8, 0, 0]),
    ("PHILIPS", "US", [12, 8, 0, 0]),
    ("SIEMENS", "US", [12, 8, 0, 0]),
    ("SAMSUNG", "US", [12, 8, 0, 0]),
    ("MEDISON", "US", [12, 8, 0, 0]),
    ("TOSHIBA", "US", [12, 10, 0, 0]),
    ("CANON", "US", [12, 10, 0, 0]),
    ("HITACHI", "US", [12, 10, 0, 0]),
    ("ALOKA", "US", [12, 10, 0, 0]),
    ("MINDRAY", "US", [12, 8, 0, 0]),
    ("ALPINION", "US", [12, 8, 0, 0]),
    ("", "US", [10, 6, 0, 0]),
];

/// The zones of one image, in pixels.
pub(super) struct Zones {
    zones: Vec<Region>,
    /// The header says that text is burned in: the whole image is a zone.
    whole: bool,
}

impl Zones {
    pub(super) fn of(data_set: &DataSet) -> Self {
        let size = |tag| access::integer(data_set, tag).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let (rows, columns) = (size(tags::ROWS), size(tags::COLUMNS));
        let text = |tag| access::text(data_set, tag).unwrap_or_default().to_uppercase();
        let (maker, modality) = (text(tags::MANUFACTURER), text(tags::MODALITY));
        let banner = BANNERS.iter().find(|(name, of, _)| *of == modality && maker.starts_with(name));
        let mut zones = banner.map_or_else(Vec::new, |(.., parts)| edges(*parts, rows, columns));
        zones.extend(outside_of_ultrasound(data_set, rows, columns));
        Self { zones, whole: text(tags::BURNED_IN_ANNOTATION) == "YES" }
    }

    /// Whether the middle of `region` lies in a zone.
    pub(super) fn hold(&self, region: &Region) -> bool {
        let (x, y) = (region.x + region.width / 2, region.y + region.height / 2);
        let inside = |zone: &Region| {
            (zone.x..zone.x.saturating_add(zone.width)).contains(&x)
                && (zone.y..zone.y.saturating_add(zone.height)).contains(&y)
        };
        self.whole || self.zones.iter().any(inside)
    }
}

fn edges([top, bottom, left, right]: [u32; 4], rows: u32, columns: u32) -> Vec<Region> {
    let zone = |x, y, width, height| Region { frame: None, x, y, width, height };
    let part = |length: u32, percent: u32| (u64::from(length) * u64::from(percent) / 100) as u32;
    let low = part(rows, bottom);
    let far = part(columns, right);
    vec![
        zone(0, 0, columns, part(rows, top)),
        zone(0, rows - low, columns, low),
        zone(0, 0, part(columns, left), rows),
        zone(columns - far, 0, far, rows),
    ]
}

/// What Sequence of Ultrasound Regions (0018,6011) leaves at top and bottom: there is no image there.
fn outside_of_ultrasound(data_set: &DataSet, rows: u32, columns: u32) -> Vec<Region> {
    let items = data_set.get(tags::SEQUENCE_OF_ULTRASOUND_REGIONS).and_then(|sequence| sequence.items());
    let at = |item: &DataSet, tag| access::integer(item, tag).and_then(|n| u32::try_from(n).ok());
    let spans: Vec<(u32, u32)> = items
        .into_iter()
        .flatten()
        .filter_map(|item| {
            Some((at(item, tags::REGION_LOCATION_MIN_Y0)?, at(item, tags::REGION_LOCATION_MAX_Y1)?))
        })
        .collect();
    let (Some(top), Some(bottom)) = (spans.iter().map(|s| s.0).min(), spans.iter().map(|s| s.1).max()) else {
        return Vec::new();
    };
    let zone = |y, height| Region { frame: None, x: 0, y, width: columns, height };
    vec![zone(0, top.min(rows)), zone(bottom.min(rows), rows.saturating_sub(bottom))]
}
