//! A region is hidden, and nothing else changes.

use proptest::prelude::*;
use sumgil_dicom::{
    access,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR},
    dictionary::tags,
    pixels::Region,
};

use crate::support::{EXPLICIT, Image, number, pixels, put_back, stored};

fn image() -> impl Strategy<Value = Image> {
    let bits = prop::sample::select(vec![
        (1_u16, 1_u16, 1_u16),
        (1, 8, 8),
        (1, 8, 7),
        (1, 16, 10),
        (1, 16, 12),
        (1, 16, 16),
        (1, 32, 32),
        (3, 8, 8),
        (3, 16, 16),
    ]);
    let colours = prop::sample::select(vec!["RGB", "YBR_FULL"]);
    let greys = prop::sample::select(vec!["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"]);
    (1..4_u32, 1..20_u16, 1..20_u16, bits, any::<(bool, bool)>(), colours, greys).prop_map(
        |(frames, rows, columns, (samples, allocated, stored), (signed, planar), colour, grey)| {
            let is_colour = samples == 3;
            let signed = signed && !is_colour && stored > 1 && grey != "PALETTE COLOR";
            let photometric = if is_colour { colour } else { grey };
            let planar = planar && is_colour;
            Image { frames, rows, columns, samples, allocated, stored, signed, planar, photometric }
        },
    )
}

fn region() -> impl Strategy<Value = Region> {
    (prop::option::of(0..4_u32), 0..25_u32, 0..25_u32, 0..25_u32, 0..25_u32)
        .prop_map(|(frame, x, y, width, height)| Region { frame, x, y, width, height })
}

/// Sample by sample: frame, row, column and the word.
fn words(image: &Image, bytes: &[u8]) -> Vec<([usize; 3], Vec<u8>)> {
    let (rows, columns) = (usize::from(image.rows), usize::from(image.columns));
    let (frame_pixels, samples) = (rows * columns, usize::from(image.samples));
    (0..image.samples_of_all())
        .map(|index| {
            let (frame, within) = (index / (frame_pixels * samples), index % (frame_pixels * samples));
            let pixel = if image.planar { within % frame_pixels } else { within / samples };
            let word = match usize::from(image.allocated) {
                1 => vec![bytes[index / 8] >> (index % 8) & 1],
                bits => bytes[index * bits / 8..(index + 1) * bits / 8].to_vec(),
            };
            ([frame, pixel / columns, pixel % columns], word)
        })
        .collect()
}

fn is_inside(region: &Region, [frame, row, column]: [usize; 3]) -> bool {
    let within =
        |at: usize, start: u32, length: u32| at >= start as usize && at < start as usize + length as usize;
    region.frame.is_none_or(|one| one as usize == frame)
        && within(row, region.y, region.height)
        && within(column, region.x, region.width)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_region_is_black(image in image(), region in region(), seed in any::<u64>()) {
        let bits = image.samples_of_all() * usize::from(image.allocated);
        let mut state = seed | 1;
        let mut bytes: Vec<u8> = (0..bits.div_ceil(8)).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        }).collect();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        let part = image.native(bytes.clone());
        let mut decoded = pixels(&part).unwrap();
        decoded.black_out(&region);
        let before = words(&image, &bytes);
        prop_assert_eq!(decoded.is_changed(), before.iter().any(|(place, _)| is_inside(&region, *place)));
        let grey: Vec<_> = (0..decoded.frames()).map(|frame| decoded.grey(frame)).collect();
        let after = put_back(&part, decoded);
        prop_assert_eq!(after.len(), bytes.len());
        let mut shades = std::collections::BTreeSet::new();
        for ((place, old), (_, new)) in before.iter().zip(words(&image, &after)) {
            if is_inside(&region, *place) {
                let [frame, row, column] = *place;
                shades.insert((frame, grey[frame].pixels[row * grey[frame].width + column]));
            } else {
                prop_assert_eq!(old, &new);
            }
        }
        // one shade a frame, and the darkest there is unless numbers are upside down
        prop_assert!(shades.iter().map(|(frame, _)| frame).collect::<std::collections::BTreeSet<_>>().len() == shades.len());
        if image.photometric == "MONOCHROME2" {
            prop_assert!(shades.iter().all(|(_, shade)| *shade == 0));
        }
    }
}

fn black(image: &Image, bytes: Vec<u8>, extra: Vec<(Tag, VR, PrimitiveValue)>) -> Vec<u8> {
    let mut part = image.native(bytes);
    for (tag, vr, value) in extra {
        part.data_set.put(DataElement::new(tag, vr, value));
    }
    let mut decoded = pixels(&part).unwrap();
    decoded.black_out(&Region { frame: None, x: 0, y: 0, width: 1, height: 1 });
    put_back(&part, decoded)
}

fn bytes(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn black_is_what_displays_as_black() {
    let grey = Image::grey(1, 4, 12);
    assert_eq!(black(&grey, bytes(&[9, 5, 4000, 7]), vec![]), bytes(&[0, 5, 4000, 7]));
    let inverted = Image { photometric: "MONOCHROME1", ..grey };
    assert_eq!(black(&inverted, bytes(&[9, 5, 4000, 7]), vec![]), bytes(&[4000, 5, 4000, 7]));
    let signed = Image { signed: true, ..Image::grey(1, 4, 16) };
    let minus = |number: i16| number as u16;
    let hounsfield = [40, minus(-1000), 300, minus(-20)];
    let hidden = [minus(-1000), minus(-1000), 300, minus(-20)];
    assert_eq!(black(&signed, bytes(&hounsfield), vec![]), bytes(&hidden));
    let ybr = Image { photometric: "YBR_FULL", ..Image::colour(1, 2) };
    assert_eq!(black(&ybr, vec![9, 9, 9, 8, 8, 8], vec![]), [0, 128, 128, 8, 8, 8]);
}

#[test]
fn the_darkest_entry_of_a_palette_is_black() {
    let image = Image { photometric: "PALETTE COLOR", ..Image::grey(1, 4, 8) };
    let table = |values: [u16; 3]| PrimitiveValue::from(bytes(&values));
    let descriptor = || PrimitiveValue::U16(vec![3, 1, 16].into());
    let extra = vec![
        (tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, VR::US, descriptor()),
        (tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, VR::US, descriptor()),
        (tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, VR::US, descriptor()),
        (tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA, VR::OW, table([0xFFFF, 0x8000, 0x1000])),
        (tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA, VR::OW, table([0xFFFF, 0x8000, 0x1000])),
        (tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA, VR::OW, table([0xFFFF, 0x8000, 0xFFFF])),
    ];
    assert_eq!(black(&image, vec![1, 2, 3, 1], extra), [3, 2, 3, 1]);
}

#[test]
fn overlays_in_the_words_are_gone_in_the_region_and_stay_outside() {
    let overlay = vec![
        (Tag(0x6000, 0x0100), VR::US, PrimitiveValue::from(16_u16)),
        (Tag(0x6000, 0x0102), VR::US, PrimitiveValue::from(12_u16)),
    ];
    let grey = Image::grey(1, 4, 12);
    let words = [0x1123, 0x1005, 0xF003, 0x0FFF];
    assert_eq!(black(&grey, bytes(&words), overlay.clone()), bytes(&[0, 0x1005, 0xF003, 0x0FFF]));
    let signed = Image { signed: true, ..grey };
    assert_eq!(black(&signed, bytes(&words), overlay), bytes(&[0x0FFF, 0x1005, 0xF003, 0x0FFF]));
}

#[test]
fn single_bits_of_frames_that_share_a_byte() {
    let image = Image { frames: 3, ..Image::grey(3, 3, 1) };
    let part = image.native(vec![0xFF, 0xFF, 0xFF, 0x07]);
    let mut decoded = pixels(&part).unwrap();
    decoded.black_out(&Region { frame: Some(1), x: 0, y: 0, width: 9, height: 1 });
    // bits 9, 10 and 11
    assert_eq!(put_back(&part, decoded), [0xFF, 0xF1, 0xFF, 0x07]);
}

#[test]
fn chrominance_of_a_pair_is_told_apart() {
    let image = Image { photometric: "YBR_FULL_422", ..Image::colour(1, 4) };
    let part = image.native(vec![10, 20, 100, 200, 30, 40, 110, 210]);
    let mut decoded = pixels(&part).unwrap();
    decoded.black_out(&Region { frame: None, x: 1, y: 0, width: 1, height: 1 });
    let mut data_set = part.data_set;
    let ts = decoded.put_into(&mut data_set).unwrap();
    assert_eq!(ts.as_str(), EXPLICIT);
    let expected = [10, 100, 200, 0, 128, 128, 30, 110, 210, 40, 110, 210];
    assert_eq!(access::bytes(&data_set, tags::PIXEL_DATA).unwrap(), expected);
    assert_eq!(access::text(&data_set, tags::PHOTOMETRIC_INTERPRETATION).as_deref(), Some("YBR_FULL"));
    assert_eq!(number(&data_set, tags::SAMPLES_PER_PIXEL), 3);
}

#[test]
fn a_region_elsewhere_changes_nothing() {
    let image = Image::grey(4, 4, 8);
    let part = image.native(image.picture());
    let mut decoded = pixels(&part).unwrap();
    let far = Region { frame: Some(7), x: 0, y: 0, width: 4, height: 4 };
    let outside = Region { frame: None, x: u32::MAX, y: 0, width: u32::MAX, height: u32::MAX };
    let empty = Region { frame: None, x: 0, y: 0, width: 0, height: 4 };
    [far, outside, empty].iter().for_each(|region| decoded.black_out(region));
    assert!(!decoded.is_changed());
    assert_eq!(put_back(&part, decoded), stored(&part).unwrap());
    assert_eq!(stored(&part).unwrap(), image.picture());
}
