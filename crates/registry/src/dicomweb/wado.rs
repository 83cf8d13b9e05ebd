//! WADO-RS: the instances of a study or series, or one instance, as they are kept (PS3.18 section 10.4).

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use sumgil_dicom::web::{Framing, Multipart, Offer};

use super::{
    body::streamed,
    open::{Opener, locate},
    path::Place,
    request::{Asked, Refusal},
    syntax,
};
use crate::{
    Error,
    store::instances::Located,
    web::{App, Problem},
};

const DICOM: &str = "application/dicom";

/// `GET` of a study, series or instance.
pub(super) async fn retrieve(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = Place::of(&asked.parameters)?;
    let found = locate(&app.registry, &place, asked.site.as_ref()).await?;
    let mut opener = Opener::new(app.registry.clone());
    let Some(first) = found.first() else { return Err(Problem::not_found().into()) };
    // The first is opened before the answer begins, so that what cannot be read is told by a status.
    let first = opener.plain(first).await?;
    let syntax = syntax::of(&first);
    let offer = |framing| Offer { framing, media_type: DICOM, transfer_syntax: Some(&syntax) };
    let (parts, alone) = (offer(Framing::Multipart), offer(Framing::Single));
    let offers = if found.len() == 1 { vec![parts, alone] } else { vec![parts] };
    if asked.best(&offers)? == 1 {
        return Ok(whole(first, &format!("{DICOM}; transfer-syntax={syntax}")));
    }
    let multipart = Multipart::new(DICOM, rand::random());
    let content_type = multipart.content_type();
    let base = asked.base;
    let body = streamed(|pieces| async move {
        let mut plain = Some(first);
        for located in &found {
            let bytes = match plain.take() {
                Some(first) => first,
                None => opener.plain(located).await?,
            };
            let part = format!("{DICOM}; transfer-syntax={}", syntax::of(&bytes));
            let at = location(&place, &base, located);
            let part = multipart.part_header(&part, Some(&at), Some(bytes.len() as u64));
            for piece in [part, bytes, Multipart::PART_END.to_vec()] {
                pieces.send(piece).await.map_err(|_| Error::Stopped)?;
            }
        }
        pieces.send(multipart.end()).await.map_err(|_| Error::Stopped)
    });
    Ok(with_type(body, &content_type))
}

fn location(place: &Place, base: &str, located: &Located) -> String {
    place.instance_url(base, &located.series, &located.instance)
}

/// A body that is at hand.
pub(super) fn whole(bytes: Vec<u8>, content_type: &str) -> Response {
    with_type(Body::from(bytes), content_type)
}

pub(super) fn with_type(body: Body, content_type: &str) -> Response {
    let mut response = body.into_response();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}
