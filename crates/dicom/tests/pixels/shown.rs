//! What a detector and a person see.

use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::DataSetSequence},
    dictionary::tags,
    pixels::Rgb8,
};

use crate::support::{Image, pixels};

fn words(values: &[i32]) -> Vec<u8> {
    values.iter().flat_map(|value| (*value as u16).to_le_bytes()).collect()
}

fn decimal(tag: Tag, value: &str) -> DataElement<DataSet> {
    let values = value.split('\\').map(str::to_owned).collect();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values))
}

fn first_channel(image: &Rgb8) -> Vec<u8> {
    image.pixels.iter().step_by(3).copied().collect()
}

#[test]
fn grey_spans_the_whole_range_whatever_the_window() {
    let image = Image { signed: true, ..Image::grey(1, 4, 16) };
    let mut part = image.native(words(&[-1000, 0, 1000, 3000]));
    part.data_set.put(decimal(tags::WINDOW_CENTER, "40"));
    part.data_set.put(decimal(tags::WINDOW_WIDTH, "400"));
    assert_eq!(pixels(&part).unwrap().grey(0).pixels, [0, 64, 128, 255]);
    let inverted = Image { photometric: "MONOCHROME1", ..image };
    assert_eq!(
        pixels(&inverted.native(words(&[-1000, 0, 1000, 3000]))).unwrap().grey(0).pixels,
        [0, 64, 128, 255]
    );
}

#[test]
fn padding_does_not_stretch_grey() {
    let mut part = Image { signed: true, ..Image::grey(1, 4, 16) }.native(words(&[-2000, 0, 50, 100]));
    part.data_set.put(DataElement::new(tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(-2000_i16)));
    assert_eq!(pixels(&part).unwrap().grey(0).pixels, [0, 0, 128, 255]);
}

#[test]
fn a_window_shows_its_range_and_monochrome1_is_inverted() {
    let picture = words(&[0, 924, 1024, 1124, 4000]);
    for (photometric, expected) in
        [("MONOCHROME2", [0, 0, 128, 255, 255]), ("MONOCHROME1", [255, 255, 127, 0, 0])]
    {
        let mut part = Image { photometric, ..Image::grey(1, 5, 12) }.native(picture.clone());
        for (tag, value) in [
            (tags::RESCALE_INTERCEPT, "-1024"),
            (tags::RESCALE_SLOPE, "1"),
            (tags::WINDOW_CENTER, "0.5\\40"),
            (tags::WINDOW_WIDTH, "201\\400"),
        ] {
            part.data_set.put(decimal(tag, value));
        }
        let shown = pixels(&part).unwrap().rendered(0, &part.data_set);
        assert_eq!(first_channel(&shown), expected, "{photometric}");
        assert_eq!((shown.width, shown.height, shown.pixels.len()), (5, 1, 15));
    }
}

#[test]
fn windows_of_frames_are_found() {
    let mut part = Image { frames: 2, ..Image::grey(1, 2, 12) }.native(words(&[0, 100, 0, 100]));
    let item = |center: &str| {
        let window = DataSet::from_element_iter([
            decimal(tags::WINDOW_CENTER, center),
            decimal(tags::WINDOW_WIDTH, "101"),
        ]);
        let sequence = DataSetSequence::from(vec![window]);
        DataSet::from_element_iter([DataElement::new(tags::FRAME_VOILUT_SEQUENCE, VR::SQ, sequence)])
    };
    let groups = DataSetSequence::from(vec![item("50.5"), item("150.5")]);
    part.data_set.put(DataElement::new(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, VR::SQ, groups));
    let decoded = pixels(&part).unwrap();
    assert_eq!(first_channel(&decoded.rendered(0, &part.data_set)), [0, 255]);
    assert_eq!(first_channel(&decoded.rendered(1, &part.data_set)), [0, 0]);
}

#[test]
fn colour_is_shown_as_colour_and_its_grey_is_luminance() {
    let rgb = vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    let grey = [76, 150, 29, 255];
    let decoded = pixels(&Image::colour(1, 4).native(rgb.clone())).unwrap();
    assert_eq!(decoded.rendered(0, &DataSet::new_empty()).pixels, rgb);
    assert_eq!(decoded.grey(0).pixels, grey);
    let planes = vec![255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255];
    let planar = pixels(&Image { planar: true, ..Image::colour(1, 4) }.native(planes)).unwrap();
    assert_eq!(planar.rendered(0, &DataSet::new_empty()).pixels, rgb);
    let ybr = vec![76, 85, 255, 149, 43, 21, 29, 255, 107, 255, 128, 128];
    let ybr = pixels(&Image { photometric: "YBR_FULL", ..Image::colour(1, 4) }.native(ybr)).unwrap();
    let shown = ybr.rendered(0, &DataSet::new_empty()).pixels;
    assert!(shown.iter().zip(&rgb).all(|(shown, expected)| shown.abs_diff(*expected) <= 2), "{shown:?}");
}

#[test]
fn behind_the_last_frame_is_black() {
    let decoded = pixels(&Image::grey(2, 2, 8).native(vec![1, 2, 3, 4])).unwrap();
    assert_eq!(decoded.grey(1).pixels, [0; 4]);
    assert_eq!(decoded.rendered(usize::MAX, &DataSet::new_empty()).pixels, [0; 12]);
}
