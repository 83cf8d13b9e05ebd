//! One DIMSE message after the other on an association: command, data set, answer (PS3.7 sections 9.1.1, 9.1.5).

use std::net::SocketAddr;

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use sumgil_model::{TransferSyntax, Uid};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use super::{Received, StoreStatus, association::Shared, collect::Collector, negotiation::Agreed};
use crate::{
    Limits, Refusal,
    encoding::is_deflated,
    net::{
        NetError,
        command::{Command, MAX_COMMAND, field},
        storage::is_storage_class,
        wire::{Fragment, SLACK, Wire},
    },
};

/// Refused: SOP class not supported (PS3.7 annex C).
const SOP_CLASS_NOT_SUPPORTED: u16 = 0x0122;
/// Refused: unrecognised operation (PS3.7 annex C).
const UNRECOGNISED_OPERATION: u16 = 0x0211;
/// Longest Error Comment (0000,0902), VR LO.
const LONGEST_COMMENT: usize = 64;

/// What a fragment led to.
pub(crate) enum Outcome {
    More,
    DataSetFollows,
    Complete,
}

/// The message in progress on one association.
pub(crate) struct Message<'a> {
    peer: SocketAddr,
    shared: &'a Shared,
    agreed: &'a Agreed,
    state: State,
    began: Option<Instant>,
    last_data_set_bytes: usize,
}

enum State {
    Command { context: Option<u8>, bytes: Vec<u8> },
    DataSet { context: u8, request: Command, intake: Intake },
}

enum Intake {
    Keep(Box<Collector>),
    Refuse(Refused),
}

/// A status with a word for the peer's log.
#[derive(Clone, Copy)]
struct Refused {
    status: u16,
    comment: &'static str,
}

const NO_FRAGMENT_YET: State = State::Command { context: None, bytes: Vec::new() };

impl<'a> Message<'a> {
    pub(crate) fn new(peer: SocketAddr, shared: &'a Shared, agreed: &'a Agreed) -> Self {
        Self { peer, shared, agreed, state: NO_FRAGMENT_YET, began: None, last_data_set_bytes: 0 }
    }

    /// No fragment of a message has come yet.
    pub(crate) fn is_idle(&self) -> bool {
        self.began.is_none()
    }

    /// Longest P-DATA PDU that is read, in bytes.
    pub(crate) fn max_pdu(&self) -> u32 {
        self.shared.config.max_pdu.saturating_add(SLACK)
    }

    /// When the next wait must end.
    pub(crate) fn deadline(&self) -> Instant {
        let config = &self.shared.config;
        let soon = Instant::now() + config.idle_timeout;
        self.began.map_or(soon, |began| soon.min(began + config.message_timeout))
    }

    /// Takes one fragment from the wire.
    pub(crate) async fn take<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        wire: &mut Wire<S>,
        fragment: Fragment,
    ) -> Result<Outcome, NetError> {
        self.began.get_or_insert_with(Instant::now);
        match &mut self.state {
            State::Command { context, bytes } if fragment.is_command => {
                if context.is_some_and(|context| context != fragment.context) {
                    return Err(NetError::Unexpected("presentation context"));
                }
                if bytes.len() + fragment.length as usize > MAX_COMMAND {
                    return Err(NetError::Malformed("command set"));
                }
                *context = Some(fragment.context);
                wire.append(fragment.length, bytes).await?;
                if fragment.is_last { self.command_complete(fragment.context) } else { Ok(Outcome::More) }
            }
            State::DataSet { context, intake, .. }
                if !fragment.is_command && *context == fragment.context =>
            {
                intake.take(wire, fragment.length).await?;
                Ok(if fragment.is_last { Outcome::Complete } else { Outcome::More })
            }
            _ => Err(NetError::Unexpected("fragment")),
        }
    }

    fn command_complete(&mut self, context: u8) -> Result<Outcome, NetError> {
        let State::Command { bytes, .. } = &self.state else { return Err(NetError::Unexpected("command")) };
        let request = Command::parse(bytes)?;
        let syntax =
            self.agreed.contexts.get(&context).ok_or(NetError::Unexpected("presentation context"))?;
        if request.field() & field::ANSWER != 0 {
            return Err(NetError::Unexpected("answer"));
        }
        let has_data_set = request.has_data_set();
        let intake = self.intake(&request, syntax);
        self.state = State::DataSet { context, request, intake };
        Ok(if has_data_set { Outcome::DataSetFollows } else { Outcome::Complete })
    }

    fn intake(&self, request: &Command, syntax: &Uid<TransferSyntax>) -> Intake {
        let refuse = |status, comment| Intake::Refuse(Refused { status, comment });
        match request.field() {
            field::C_ECHO => refuse(0, ""),
            field::C_STORE if request.has_data_set() => match self.collector(request, syntax) {
                Ok(collector) => Intake::Keep(Box::new(collector)),
                Err(refused) => Intake::Refuse(refused),
            },
            field::C_STORE => refuse(StoreStatus::CannotUnderstand.code(), "no data set"),
            _ => refuse(UNRECOGNISED_OPERATION, ""),
        }
    }

    fn collector(&self, request: &Command, syntax: &Uid<TransferSyntax>) -> Result<Collector, Refused> {
        let cannot = |comment| Refused { status: StoreStatus::CannotUnderstand.code(), comment };
        let class = request.text(tags::AFFECTED_SOP_CLASS_UID).ok_or(cannot("no SOP class UID"))?;
        let sop_class = Uid::parse(&class).map_err(|_| cannot("malformed SOP class UID"))?;
        let config = &self.shared.config;
        let is_verification = class == uids::VERIFICATION;
        if is_verification || !is_storage_class(&class).unwrap_or(config.accept_unknown_sop_classes) {
            return Err(Refused { status: SOP_CLASS_NOT_SUPPORTED, comment: "not a storage SOP class" });
        }
        let instance = request.text(tags::AFFECTED_SOP_INSTANCE_UID).ok_or(cannot("no SOP instance UID"))?;
        if instance.len() > 64 || !instance.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(cannot("malformed SOP instance UID"));
        }
        let limit = config.max_object_bytes;
        let mut collector = Collector::new(sop_class, instance, syntax.clone(), limit, &self.shared.budget);
        collector.expect(self.last_data_set_bytes);
        Ok(collector)
    }

    /// Carries out the complete message; `None` when it needs no answer.
    pub(crate) async fn answer(&mut self) -> Result<Option<Command>, NetError> {
        self.began = None;
        let State::DataSet { request, intake, .. } = std::mem::replace(&mut self.state, NO_FRAGMENT_YET)
        else {
            return Err(NetError::Unexpected("end of message"));
        };
        if request.field() == field::C_CANCEL {
            return Ok(None);
        }
        let refused = match intake {
            Intake::Refuse(refused) => refused,
            Intake::Keep(collector) => self.store(*collector).await,
        };
        let mut answer = Command::answer(&request, refused.status);
        if let Some(instance) = request.text(tags::AFFECTED_SOP_INSTANCE_UID) {
            answer = answer.uid(tags::AFFECTED_SOP_INSTANCE_UID, &instance);
        }
        if !refused.comment.is_empty() {
            let comment = refused.comment.get(..LONGEST_COMMENT).unwrap_or(refused.comment);
            answer = answer.string(tags::ERROR_COMMENT, VR::LO, comment);
        }
        Ok(Some(answer))
    }

    /// Screens what was collected, and hands it over.
    async fn store(&mut self, collector: Collector) -> Refused {
        self.last_data_set_bytes = collector.data_set().len();
        let limits = self.shared.config.limits.clone();
        let Some((collector, screened)) = screen(collector, limits).await else {
            return Refused { status: StoreStatus::CannotUnderstand.code(), comment: "screening failed" };
        };
        if let Err(refusal) = screened {
            tracing::info!(peer = %self.peer, code = refusal.code(), "data set refused");
            return Refused { status: StoreStatus::CannotUnderstand.code(), comment: refusal.code() };
        }
        let (sop_class, sop_instance) = (collector.sop_class.clone(), collector.sop_instance.clone());
        let transfer_syntax = collector.transfer_syntax.clone();
        let (bytes, _share) = collector.finish();
        let (calling_ae, called_ae) = (self.agreed.calling_ae.clone(), self.agreed.called_ae.clone());
        let received = Received {
            sop_class,
            sop_instance,
            transfer_syntax,
            calling_ae,
            called_ae,
            peer: self.peer,
            bytes,
        };
        Refused { status: self.shared.handler.store(received).await.code(), comment: "" }
    }
}

/// Screens a data set. Inflating takes time that the other associations of this thread must not wait for.
async fn screen(collector: Collector, limits: Limits) -> Option<(Collector, Result<(), Refusal>)> {
    let screen = move |collector: Collector| {
        let screened = crate::screen_data_set(collector.data_set(), &collector.transfer_syntax, &limits);
        (collector, screened)
    };
    if is_deflated(collector.transfer_syntax.as_str()) {
        tokio::task::spawn_blocking(move || screen(collector)).await.ok()
    } else {
        Some(screen(collector))
    }
}

impl Intake {
    async fn take<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        wire: &mut Wire<S>,
        length: u32,
    ) -> Result<(), NetError> {
        if let Self::Keep(collector) = self {
            if collector.admits(length) {
                return wire.append(length, collector.sink()).await;
            }
            // The rest is read and dropped, so that the association stays usable.
            let status = StoreStatus::OutOfResources.code();
            *self = Self::Refuse(Refused { status, comment: "data set too large" });
        }
        wire.skip(length).await
    }
}
