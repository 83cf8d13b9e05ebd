//! Whether the edge may send, and what it has told the centre beside its objects: for the status page.

use jiff::{Zoned, civil::Date};
use serde::Serialize;
use sumgil_transfer::statement::Approval;

use crate::{Edge, EdgeError, spool::SelfTestRow};

/// The review board's decision, and whether it holds today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalStanding {
    /// What it says.
    #[serde(flatten)]
    pub approval: Approval,
    /// `valid`, `expired` or `not-yet-valid`.
    pub state: &'static str,
}

/// The last self-test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SelfTestStanding {
    /// When, microseconds UTC.
    pub ran_at: i64,
    /// Whether nothing planted came out.
    pub passed: bool,
    /// Whether a person lets sending go on all the same.
    pub overruled: bool,
    /// Identifiers that were planted.
    pub planted: u64,
    /// Of these, hidden: recall.
    pub hidden: u64,
    /// Values that must stay.
    pub should_stay: u64,
    /// Of these, still there: what is missing was removed wrongly.
    pub stayed: u64,
}

/// Everything of this kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Why nothing is sent; none when sending goes on.
    pub sending_stopped: Option<String>,
    /// The decision that counts.
    pub approval: Option<ApprovalStanding>,
    /// The last run.
    pub self_test: Option<SelfTestStanding>,
    /// Statements that the centre has not answered yet.
    pub statements_waiting: u64,
    /// Recalls whose erasure nobody has confirmed.
    pub recalls_unconfirmed: u64,
}

impl Standing {
    /// As it is now.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn of(edge: &Edge) -> Result<Self, EdgeError> {
        let (approval, self_test) = (edge.db.approval().await?, edge.db.self_test().await?);
        let approval = approval.map(|row| row.approval);
        let open = |recall: &crate::spool::RecallRow| recall.erase.is_none() && recall.moved < recall.sent;
        Ok(Self {
            sending_stopped: reason(approval.as_ref(), self_test.as_ref(), today()),
            approval: approval
                .map(|approval| ApprovalStanding { state: state(&approval, today()), approval }),
            self_test: self_test.map(standing),
            statements_waiting: edge.db.statements_waiting().await?,
            recalls_unconfirmed: edge.db.recalls().await?.iter().filter(|recall| open(recall)).count() as u64,
        })
    }
}

/// Why nothing may be sent now, in words; none when it may.
///
/// # Errors
/// [`EdgeError::Database`].
pub async fn stop_reason(edge: &Edge) -> Result<Option<String>, EdgeError> {
    let approval = edge.db.approval().await?.map(|row| row.approval);
    Ok(reason(approval.as_ref(), edge.db.self_test().await?.as_ref(), today()))
}

fn reason(approval: Option<&Approval>, test: Option<&SelfTestRow>, today: Date) -> Option<String> {
    if let Some(approval) = approval.filter(|approval| !approval.covers(today)) {
        return Some(if today < approval.valid_from {
            format!("the approval {} is valid from {} on", approval.irb_number, approval.valid_from)
        } else {
            format!("the approval {} ended on {}", approval.irb_number, approval.valid_until)
        });
    }
    test.filter(|test| !test.passed && test.overruled_by.is_none()).map(|test| {
        let came_out = test.figures.planted - test.figures.hidden.min(test.figures.planted);
        format!("the self-test failed: {came_out} of {} planted identifiers came out", test.figures.planted)
    })
}

fn state(approval: &Approval, today: Date) -> &'static str {
    match approval.covers(today) {
        true => "valid",
        false if today < approval.valid_from => "not-yet-valid",
        false => "expired",
    }
}

fn standing(row: SelfTestRow) -> SelfTestStanding {
    let figures = row.figures;
    SelfTestStanding {
        ran_at: figures.ran_at.as_microsecond(),
        passed: row.passed,
        overruled: row.overruled_by.is_some(),
        planted: figures.planted,
        hidden: figures.hidden,
        should_stay: figures.should_stay,
        stayed: figures.stayed,
    }
}

/// The day at the hospital.
fn today() -> Date {
    Zoned::now().date()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use sumgil_transfer::statement::{LegalBasis, SelfTestFigures};

    use super::*;

    fn approval() -> Approval {
        Approval {
            irb_number: "2020-03-011".into(),
            valid_from: date(2020, 3, 1),
            valid_until: date(2021, 2, 28),
            basis: LegalBasis::Consent,
        }
    }

    fn failed(overruled_by: Option<String>) -> SelfTestRow {
        let figures = SelfTestFigures {
            ran_at: Timestamp::UNIX_EPOCH,
            profile: "p".into(),
            software: "s".into(),
            files: 1,
            cleared: 1,
            kept: 0,
            planted: 9,
            hidden: 8,
            should_stay: 1,
            stayed: 1,
        };
        SelfTestRow { figures, passed: false, overruled_by }
    }

    #[test]
    fn an_approval_that_does_not_cover_today_stops_and_none_does_not() {
        let on = |day| reason(Some(&approval()), None, day);
        assert_eq!((on(date(2020, 3, 1)), on(date(2021, 2, 28))), (None, None));
        assert!(on(date(2020, 2, 29)).unwrap().contains("valid from 2020-03-01"));
        assert!(on(date(2021, 3, 1)).unwrap().contains("ended on 2021-02-28"));
        assert_eq!(reason(None, None, date(2021, 3, 1)), None);
    }

    #[test]
    fn a_failed_self_test_stops_until_it_is_overruled() {
        let day = date(2020, 6, 1);
        assert!(reason(None, Some(&failed(None)), day).unwrap().contains("1 of 9"));
        assert_eq!(reason(None, Some(&failed(Some("kim".into()))), day), None);
    }
}
