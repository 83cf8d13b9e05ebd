//! Values that metadata only names: `.../bulkdata/7FE00010`, `.../bulkdata/00081140/0/00091010`.

use axum::{extract::State, response::Response};
use serde_json::json;
use sumgil_dicom::{
    DataSet,
    dicom_core::Tag,
    dictionary::tags,
    screen,
    web::{Framing, JsonDataSet, Multipart, Offer},
};

use super::{
    frames,
    path::Place,
    request::{Asked, Refusal},
    syntax::{self, OCTETS},
    wado::whole,
};
use crate::web::{App, Problem};

/// `GET .../bulkdata/{path}`.
pub(super) async fn retrieve(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = Place::of(&asked.parameters)?;
    let path = asked.parameters.get("path").ok_or_else(Problem::not_found)?;
    let part10 = frames::instance(&app, &place, &asked).await?;
    if tag(path) == Some(tags::PIXEL_DATA) {
        return frames::answer(&asked, &part10, None);
    }
    let bytes = value(&part10.data_set, path).ok_or_else(Problem::not_found)?;
    let offer = |framing| Offer { framing, media_type: OCTETS, transfer_syntax: None };
    if asked.best(&[offer(Framing::Multipart), offer(Framing::Single)])? == 1 {
        return Ok(whole(bytes, OCTETS));
    }
    let multipart = Multipart::new(OCTETS, rand::random());
    let mut body = multipart.part_header(OCTETS, None, Some(bytes.len() as u64));
    body.extend(bytes);
    body.extend_from_slice(Multipart::PART_END);
    body.extend(multipart.end());
    Ok(whole(body, &multipart.content_type()))
}

/// Tags of sequences and item numbers, then the tag of the value.
fn value(data_set: &DataSet, path: &str) -> Option<Vec<u8>> {
    let mut steps = path.split('/');
    let mut within = data_set;
    loop {
        let element = within.get(tag(steps.next()?)?)?;
        match steps.next() {
            None => return Some(element.value().primitive()?.to_bytes().into_owned()),
            Some(item) => within = element.items()?.get(item.parse::<usize>().ok()?)?,
        }
    }
}

/// Eight hexadecimal digits.
fn tag(text: &str) -> Option<Tag> {
    let is_tag = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = is_tag.then(|| u32::from_str_radix(text, 16).ok())??;
    Some(Tag((number >> 16) as u16, number as u16))
}

/// Adds the reference to the pixel data, which the reader of headers leaves out.
pub(super) fn name_pixels(json: &mut JsonDataSet, file: &[u8], uri: &dyn Fn(&str) -> String) {
    const PIXELS: &str = "7FE00010";
    let has_pixels =
        screen(file, &sumgil_dicom::Limits::default()).is_ok_and(|screened| screened.has_pixel_data());
    if has_pixels && !json.contains_key(PIXELS) {
        let kept_in = syntax::of(file);
        let (_, sent_in) = syntax::of_frames(&kept_in);
        let vr = if sent_in == syntax::EXPLICIT { "OW" } else { "OB" };
        json.insert(PIXELS.to_owned(), json!({"vr": vr, "BulkDataURI": uri(PIXELS)}));
    }
}
