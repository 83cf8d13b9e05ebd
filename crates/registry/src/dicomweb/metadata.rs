//! Metadata of a study, series or instance: every attribute, bulk data by URI (PS3.18 section 10.4.1.1.2).

use axum::{extract::State, response::Response};
use sumgil_dicom::{
    Limits, read_without_pixels,
    web::{BulkData, to_json},
};

use super::{
    body::{Pieces, streamed},
    open::{Opener, locate},
    path::Place,
    qido::json_type,
    request::{Asked, Refusal},
    wado::with_type,
};
use crate::{
    Error,
    store::instances::Located,
    web::{App, Problem},
};

/// `GET .../metadata`.
pub(super) async fn metadata(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = Place::of(&asked.parameters)?;
    let media_type = json_type(&asked)?;
    let found = locate(&app.registry, &place, asked.site.as_ref()).await?;
    let mut opener = Opener::new(app.registry.clone());
    let Some((first, rest)) = found.split_first() else { return Err(Problem::not_found().into()) };
    let first = described(&mut opener, &place, &asked.base, first).await?;
    let (rest, base) = (rest.to_vec(), asked.base);
    let body = streamed(|pieces: Pieces| async move {
        let sent = |sent: std::io::Result<()>| sent.map_err(|_| Error::Stopped);
        sent(pieces.send("[").await)?;
        sent(pieces.send(first).await)?;
        for located in &rest {
            sent(pieces.send(",").await)?;
            sent(pieces.send(described(&mut opener, &place, &base, located).await?).await)?;
        }
        sent(pieces.send("]").await)
    });
    Ok(with_type(body, media_type))
}

/// The DICOM JSON model of one instance.
async fn described(
    opener: &mut Opener,
    place: &Place,
    base: &str,
    located: &Located,
) -> Result<String, Error> {
    let plain = opener.plain(located).await?;
    let url = place.instance_url(base, &located.series, &located.instance);
    let described = tokio::task::spawn_blocking(move || {
        let part10 = read_without_pixels(&plain, &Limits::default()).ok()?;
        let uri = |path: &str| format!("{url}/bulkdata/{path}");
        let mut json = to_json(&part10.data_set, BulkData::Uri(&uri));
        super::bulkdata::name_pixels(&mut json, &plain, &uri);
        Some(serde_json::Value::Object(json).to_string())
    });
    described.await.map_err(|_| Error::Stopped)?.ok_or(Error::Unreadable)
}
