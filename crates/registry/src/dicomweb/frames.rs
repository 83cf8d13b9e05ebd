//! Single frames of an instance, as they are kept (PS3.18 section 10.4.1.1.6).

use axum::{extract::State, response::Response};
use http::StatusCode;
use sumgil_dicom::{
    Limits, Part10,
    frames::frames,
    read,
    web::{Framing, Multipart, Offer},
};

use super::{
    open::{Opener, locate},
    path::Place,
    request::{Asked, Refusal},
    syntax::{OCTETS, of_frames},
    wado::whole,
};
use crate::{
    Error,
    web::{App, Problem},
};

/// Most frames that one request can name.
const MOST_FRAMES: usize = 10_000;

/// `GET .../frames/1,2,3`.
pub(super) async fn retrieve(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = Place::of(&asked.parameters)?;
    let numbers = numbers(asked.parameters.get("frames").map_or("", String::as_str))?;
    let part10 = instance(&app, &place, &asked).await?;
    answer(&asked, &part10, Some(&numbers))
}

/// The whole instance at `place`.
pub(super) async fn instance(app: &App, place: &Place, asked: &Asked) -> Result<Part10, Refusal> {
    let found = locate(&app.registry, place, asked.site.as_ref()).await?;
    let [located] = found.as_slice() else { return Err(Problem::not_found().into()) };
    let plain = Opener::new(app.registry.clone()).plain(located).await?;
    let read = tokio::task::spawn_blocking(move || read(&plain, &Limits::default()));
    Ok(read.await.map_err(|_| Error::Stopped)?.map_err(|_| Error::Unreadable)?)
}

/// The frames with these numbers, from 1; all without numbers.
pub(super) fn answer(asked: &Asked, part10: &Part10, numbers: Option<&[usize]>) -> Result<Response, Refusal> {
    let frames = frames(&part10.data_set, &part10.transfer_syntax)
        .map_err(|error| Problem::new(StatusCode::NOT_FOUND, "no-frames", error.to_string()))?;
    let all: Vec<usize> = (1..=frames.len()).collect();
    let wanted: Option<Vec<_>> =
        numbers.unwrap_or(&all).iter().map(|number| frames.get(number.checked_sub(1)?)).collect();
    let wanted = wanted.ok_or_else(|| {
        let detail = format!("the instance has {} frames", frames.len());
        Problem::new(StatusCode::NOT_FOUND, "no-such-frame", detail)
    })?;
    let (own, syntax) = of_frames(part10.transfer_syntax.as_str());
    let offer = |framing, media_type| Offer { framing, media_type, transfer_syntax: Some(syntax) };
    let mut offers = vec![offer(Framing::Multipart, OCTETS), offer(Framing::Multipart, own)];
    if let [_] = wanted.as_slice() {
        offers.extend([offer(Framing::Single, OCTETS), offer(Framing::Single, own)]);
    }
    let chosen = asked.best(&offers)?;
    let media_type = offers.get(chosen).map_or(OCTETS, |offer| offer.media_type);
    let part_type = format!("{media_type}; transfer-syntax={syntax}");
    if let ([frame], true) = (wanted.as_slice(), chosen > 1) {
        return Ok(whole(frame.to_vec(), &part_type));
    }
    let multipart = Multipart::new(media_type, rand::random());
    let size: usize = wanted.iter().map(|frame| frame.size_bytes() + 256).sum();
    let mut body = Vec::with_capacity(size);
    for frame in wanted {
        body.extend(multipart.part_header(&part_type, None, Some(frame.size_bytes() as u64)));
        frame.parts().for_each(|part| body.extend_from_slice(part));
        body.extend_from_slice(Multipart::PART_END);
    }
    body.extend(multipart.end());
    Ok(whole(body, &multipart.content_type()))
}

/// `1,3,2` as numbers.
fn numbers(text: &str) -> Result<Vec<usize>, Problem> {
    let numbers: Option<Vec<usize>> =
        text.split(',').take(MOST_FRAMES + 1).map(|number| number.trim().parse().ok()).collect();
    numbers
        .filter(|numbers| numbers.len() <= MOST_FRAMES && !numbers.contains(&0))
        .ok_or_else(|| Problem::bad_request("frames are numbers from 1, separated by commas"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_lists_are_numbers_from_one() {
        assert_eq!(numbers("1,3,2").unwrap(), [1, 3, 2]);
        for bad in ["", "0", "1,,2", "-1", "one", "1;2"] {
            assert!(numbers(bad).is_err(), "{bad}");
        }
    }
}
