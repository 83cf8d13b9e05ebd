//! Signs, posts, and takes the answer.

use jiff::Timestamp;
use sumgil_transfer::{
    http::STATEMENTS,
    statement::{AnswerBody, Outcome, StatementAnswer, StatementBody},
};

use crate::{Edge, EdgeError, linkage::state_tokens, spool::StatementRow, upload::Registry};

/// Keeps statements about what is due to be told: objects that have come again under another subject, and tokens that
/// the centre does not have.
///
/// # Errors
/// [`EdgeError::Database`], [`EdgeError::Damaged`].
pub async fn gather(edge: &Edge) -> Result<(), EdgeError> {
    edge.db.state_moves().await?;
    state_tokens(edge).await
}

/// Sends every waiting statement, oldest first. Returns how many were answered.
///
/// # Errors
/// The registry cannot be reached or does not understand: the rest waits. Database errors.
pub async fn deliver(edge: &Edge, registry: &Registry) -> Result<usize, EdgeError> {
    let mut answered = 0;
    while let Some(row) = edge.db.waiting_statement().await? {
        send(edge, registry, &row).await?;
        answered += 1;
    }
    Ok(answered)
}

async fn send(edge: &Edge, registry: &Registry, row: &StatementRow) -> Result<(), EdgeError> {
    let body = body_of(edge, row)?;
    let Ok(signed) = body.clone().sign(&edge.secrets.signing) else {
        return give_up(edge, row, "not-in-order").await;
    };
    let answer: StatementAnswer = match registry.post(STATEMENTS, &signed).await {
        Ok(answer) => answer,
        Err(EdgeError::Registry { status: 422, .. }) => return give_up(edge, row, "bad-statement").await,
        Err(error) => return Err(error),
    };
    let Ok(told) = answer.verify(&edge.enrolment.receipt_key, &body) else {
        edge.db.raise("bad-answer", None, "").await?;
        return Err(EdgeError::Protocol("the answer to a statement does not verify"));
    };
    if let Outcome::Refused { code } = &told.result {
        return give_up(edge, row, code.as_str()).await;
    }
    let text =
        serde_json::to_string(&answer).map_err(|_| EdgeError::Protocol("the answer to a statement"))?;
    edge.db.close_statement(row.number, Some(&text), None).await
}

/// A statement without effect must not stop those after it; a person is told.
async fn give_up(edge: &Edge, row: &StatementRow, code: &str) -> Result<(), EdgeError> {
    tracing::error!(kind = row.content.kind(), code, "the centre does not take a statement");
    edge.db.raise("statement-refused", None, &format!("{} {code}", row.content.kind())).await?;
    edge.db.close_statement(row.number, None, Some(code)).await
}

fn body_of(edge: &Edge, row: &StatementRow) -> Result<StatementBody, EdgeError> {
    Ok(StatementBody {
        site: edge.enrolment.site.clone(),
        number: row.number as u64,
        made_at: Timestamp::from_microsecond(row.number)
            .map_err(|_| EdgeError::Damaged("a statement's number"))?,
        content: row.content.clone(),
    })
}

/// The answer that is kept with a statement, its signature checked once more; none while it waits.
///
/// # Errors
/// [`EdgeError::Damaged`] when it does not verify.
pub fn answer_of(edge: &Edge, row: &StatementRow) -> Result<Option<AnswerBody>, EdgeError> {
    let damaged = || EdgeError::Damaged("a kept answer does not verify");
    let Some(text) = &row.answer else { return Ok(None) };
    let answer: StatementAnswer = serde_json::from_str(text).map_err(|_| damaged())?;
    let body = answer.verify(&edge.enrolment.receipt_key, &body_of(edge, row)?).map_err(|_| damaged())?;
    Ok(Some(body.clone()))
}
