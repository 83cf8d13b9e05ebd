//! C-STORE arrives here.

use sumgil_dicom::net::{BoxFuture, Received, StoreHandler, StoreStatus};

use crate::{EdgeError, Remedy};

use super::Intake;

/// Answers C-STORE requests: success only when the instance is durable.
pub struct StorePort {
    intake: Intake,
}

impl StorePort {
    /// A port before `intake`.
    pub fn new(intake: Intake) -> Self {
        Self { intake }
    }
}

impl StoreHandler for StorePort {
    fn store(&self, received: Received) -> BoxFuture<'_, StoreStatus> {
        Box::pin(async move {
            match self.intake.take(&received.bytes).await {
                Ok(_) => StoreStatus::Success,
                Err(error) => status(&error),
            }
        })
    }
}

fn status(error: &EdgeError) -> StoreStatus {
    tracing::warn!(%error, "an instance was not taken");
    match error.remedy() {
        Remedy::Reject => StoreStatus::CannotUnderstand,
        Remedy::Retry | Remedy::Operator => StoreStatus::OutOfResources,
    }
}
