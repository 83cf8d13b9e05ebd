//! The protocol's HTTP form: paths, headers, and which status means what. Both ends use these functions, so
//! that they cannot disagree.

use serde::{Deserialize, Serialize};
use sumgil_custody::SignedReceipt;
use sumgil_model::ObjectDigest;

use crate::{
    error::TransferError,
    offer::{PartReply, RefusalCode},
};

/// `POST`: an [`crate::Offer`], answered by an [`crate::OfferReply`].
pub const OFFERS: &str = "/v1/offers";
/// `PATCH`: a part. `HEAD`: the durable offset.
pub const UPLOADS: &str = "/v1/uploads/{digest}";
/// `POST`: an [`crate::EnrolRequest`], answered by an [`crate::EnrolReply`].
pub const ENROL: &str = "/v1/enrol";
/// `POST`: a [`crate::statement::Statement`], answered by a [`crate::statement::StatementAnswer`].
pub const STATEMENTS: &str = "/v1/statements";
/// Header of a part, and of every answer to one: an offset in bytes, decimal.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Header of a part: SHA-256 of the part's bytes, 64 hex digits.
pub const PART_SHA256: &str = "part-sha256";
/// The media type of problem documents (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The path of one upload.
pub fn upload_path(digest: &ObjectDigest) -> String {
    UPLOADS.replace("{digest}", digest.as_str())
}

/// An answer in HTTP's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The value of the [`UPLOAD_OFFSET`] header, if it has one.
    pub upload_offset: Option<u64>,
    /// The body's media type, when it has a body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// A problem document with the codes that this protocol adds.
#[derive(Serialize, Deserialize)]
struct Problem {
    title: String,
    status: u16,
    code: String,
    #[serde(default)]
    detail: String,
}

const OFFER_FIRST: &str = "offer-first";

/// The HTTP answer that carries `reply`.
pub fn encode(reply: &PartReply) -> Answer {
    match reply {
        PartReply::Continue { offset } => {
            Answer { status: 204, upload_offset: Some(*offset), content_type: "", body: Vec::new() }
        }
        PartReply::Done { receipt } => Answer {
            status: 200,
            upload_offset: None,
            content_type: "application/json",
            body: serde_json::to_vec(receipt).unwrap_or_default(),
        },
        PartReply::WrongOffset { offset } => Answer {
            upload_offset: Some(*offset),
            ..problem(409, "wrong-offset", "send from the offset in the header")
        },
        PartReply::OfferFirst => problem(404, OFFER_FIRST, "offer the object first"),
        PartReply::Refuse { code, detail } => problem(422, code.as_str(), detail),
        PartReply::Later => problem(503, "later", "try again later"),
    }
}

fn problem(status: u16, code: &str, detail: &str) -> Answer {
    let problem =
        Problem { title: code.replace('-', " "), status, code: code.to_owned(), detail: detail.to_owned() };
    Answer {
        status,
        upload_offset: None,
        content_type: PROBLEM_JSON,
        body: serde_json::to_vec(&problem).unwrap_or_default(),
    }
}

/// Reads an answer to a part. Statuses 408, 425, 429 and all from 500 on mean [`PartReply::Later`], whoever
/// sent them.
///
/// # Errors
/// [`TransferError::Answer`] when the answer does not follow the protocol; try again later.
pub fn decode(status: u16, upload_offset: Option<u64>, body: &[u8]) -> Result<PartReply, TransferError> {
    let offset = || upload_offset.ok_or(TransferError::Answer("no upload-offset header"));
    match status {
        204 => Ok(PartReply::Continue { offset: offset()? }),
        200 => serde_json::from_slice::<SignedReceipt>(body)
            .map(|receipt| PartReply::Done { receipt })
            .map_err(|_| TransferError::Answer("no receipt")),
        409 => Ok(PartReply::WrongOffset { offset: offset()? }),
        408 | 425 | 429 | 500.. => Ok(PartReply::Later),
        _ => decode_problem(status, body),
    }
}

fn decode_problem(status: u16, body: &[u8]) -> Result<PartReply, TransferError> {
    let problem: Problem =
        serde_json::from_slice(body).map_err(|_| TransferError::Answer("no problem document"))?;
    if status == 404 && problem.code == OFFER_FIRST {
        return Ok(PartReply::OfferFirst);
    }
    RefusalCode::ALL
        .into_iter()
        .find(|code| status == 422 && code.as_str() == problem.code)
        .map(|code| PartReply::Refuse { code, detail: problem.detail })
        .ok_or(TransferError::Answer("unknown problem"))
}
