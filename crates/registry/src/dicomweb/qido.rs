//! QIDO-RS: searches for studies, series and instances (PS3.18 section 10.6).

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::Value;
use sumgil_dicom::{
    dicom_core::Tag,
    dictionary::tags,
    web::{
        Framing, JsonDataSet, Offer,
        qido::{self as asked_for, Filter, InstanceQuery, Matching, PageLimits, SeriesQuery, StudyQuery},
    },
};
use sumgil_model::SiteId;

use super::{
    matches,
    path::Place,
    request::{Asked, Refusal},
};
use crate::{
    store::qido::{self, Attribute, Query, Test},
    web::{App, Problem},
};

/// `GET /studies`.
pub(super) async fn studies(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let StudyQuery(query) = StudyQuery::parse(&asked.query, PageLimits::default()).map_err(no_query)?;
    let sought = store_query(&query, asked.site.clone())?;
    let found = qido::studies(&app.registry.db, &sought).await?;
    answer(&asked, &query, found.iter().map(|study| matches::study(study, &asked.base)).collect())
}

/// `GET /series` and `GET /studies/{study}/series`.
pub(super) async fn series(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = place(&asked)?;
    let study = place.as_ref().map(|place| place.study.clone());
    let SeriesQuery { study, query } =
        SeriesQuery::parse(study, &asked.query, PageLimits::default()).map_err(no_query)?;
    let mut sought = store_query(&query, asked.site.clone())?;
    if let Some(study) = study {
        sought = sought.with(Attribute::StudyInstanceUid, Test::Equal(study.as_str().to_owned()));
    }
    let found = qido::series(&app.registry.db, &sought).await?;
    answer(&asked, &query, found.iter().map(|series| matches::series(series, &asked.base)).collect())
}

/// `GET /instances`, `GET /studies/{study}/instances`, `GET /studies/{study}/series/{series}/instances`.
pub(super) async fn instances(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let place = place(&asked)?;
    let (study, series) = place.map_or((None, None), |place| (Some(place.study), place.series));
    let InstanceQuery { study, series, query } =
        InstanceQuery::parse(study, series, &asked.query, PageLimits::default()).map_err(no_query)?;
    let mut sought = store_query(&query, asked.site.clone())?;
    if let Some(study) = study {
        sought = sought.with(Attribute::StudyInstanceUid, Test::Equal(study.as_str().to_owned()));
    }
    if let Some(series) = series {
        sought = sought.with(Attribute::SeriesInstanceUid, Test::Equal(series.as_str().to_owned()));
    }
    let found = qido::instances(&app.registry.db, &sought).await?;
    answer(&asked, &query, found.iter().map(|instance| matches::instance(instance, &asked.base)).collect())
}

fn place(asked: &Asked) -> Result<Option<Place>, Problem> {
    if asked.parameters.is_empty() { Ok(None) } else { Place::of(&asked.parameters).map(Some) }
}

fn no_query(error: impl std::fmt::Display) -> Problem {
    Problem::bad_request(error.to_string())
}

/// The search of the store. A condition on what the index does not keep is an error, never a wider search.
fn store_query(query: &asked_for::Query, site: Option<SiteId>) -> Result<Query, Problem> {
    let sought = Query { site, limit: query.limit, offset: query.offset, ..Query::default() };
    query.filters.iter().try_fold(sought, |sought, Filter { attribute, matching }| {
        let known = attribute.top_level().and_then(attribute_of);
        let known = known.ok_or_else(|| {
            let detail = format!("this registry does not search by {attribute}");
            Problem::new(http::StatusCode::BAD_REQUEST, "not-searchable", detail)
        })?;
        Ok(match test(matching) {
            Some(test) => sought.with(known, test),
            None => sought,
        })
    })
}

fn test(matching: &Matching) -> Option<Test> {
    Some(match matching.clone() {
        Matching::Universal => return None,
        Matching::Equal(value) => Test::Equal(value),
        Matching::Wildcard(pattern) => Test::Wildcard(pattern),
        Matching::OneOf(values) => Test::OneOf(values),
        Matching::Range { from, to } => Test::Range { from, to },
    })
}

/// What the index calls an attribute. The name of a subject is its pseudonym, as its ID is.
fn attribute_of(tag: Tag) -> Option<Attribute> {
    Some(match tag {
        tags::STUDY_INSTANCE_UID => Attribute::StudyInstanceUid,
        tags::PATIENT_ID | tags::PATIENT_NAME => Attribute::PatientId,
        tags::PATIENT_SEX => Attribute::PatientSex,
        tags::STUDY_DATE => Attribute::StudyDate,
        tags::STUDY_TIME => Attribute::StudyTime,
        tags::ACCESSION_NUMBER => Attribute::AccessionNumber,
        tags::STUDY_ID => Attribute::StudyId,
        tags::CLINICAL_TRIAL_SITE_ID => Attribute::SiteId,
        tags::SERIES_INSTANCE_UID => Attribute::SeriesInstanceUid,
        tags::MODALITY | tags::MODALITIES_IN_STUDY => Attribute::Modality,
        tags::SERIES_NUMBER => Attribute::SeriesNumber,
        tags::SERIES_DATE => Attribute::SeriesDate,
        tags::SERIES_TIME => Attribute::SeriesTime,
        tags::BODY_PART_EXAMINED => Attribute::BodyPartExamined,
        tags::LATERALITY => Attribute::Laterality,
        tags::MANUFACTURER => Attribute::Manufacturer,
        tags::MANUFACTURER_MODEL_NAME => Attribute::ManufacturerModelName,
        tags::STATION_NAME => Attribute::StationName,
        tags::SOP_INSTANCE_UID => Attribute::SopInstanceUid,
        tags::SOP_CLASS_UID | tags::SOP_CLASSES_IN_STUDY => Attribute::SopClassUid,
        tags::INSTANCE_NUMBER => Attribute::InstanceNumber,
        tags::VIEW_POSITION => Attribute::ViewPosition,
        tags::ACQUISITION_DATE => Attribute::AcquisitionDate,
        tags::CONTENT_DATE => Attribute::ContentDate,
        _ => return None,
    })
}

/// The matches as DICOM JSON, with warnings of what was asked for and not done.
fn answer(asked: &Asked, query: &asked_for::Query, found: Vec<JsonDataSet>) -> Result<Response, Refusal> {
    let media_type = json_type(asked)?;
    let body = Value::Array(found.into_iter().map(Value::Object).collect()).to_string();
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    for warning in &query.warnings {
        if let Ok(value) = HeaderValue::from_str(&format!("299 sumgil \"{warning}\"")) {
            response.headers_mut().append(header::WARNING, value);
        }
    }
    Ok(response.into_response())
}

/// The media type for JSON answers that the client takes.
pub(super) fn json_type(asked: &Asked) -> Result<&'static str, Problem> {
    const TYPES: [&str; 2] = ["application/dicom+json", "application/json"];
    let offer = |media_type| Offer { framing: Framing::Single, media_type, transfer_syntax: None };
    let best = asked.best(&TYPES.map(offer))?;
    Ok(TYPES.get(best).copied().unwrap_or(TYPES[0]))
}
