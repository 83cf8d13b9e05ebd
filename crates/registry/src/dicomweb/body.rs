//! A body that is made while it is sent: a task fills a channel, the connection empties it.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::Frame;
use tokio::sync::mpsc;

/// Pieces that wait for the connection; a slow client holds the task back.
const AHEAD: usize = 4;

/// Where the task puts the pieces.
pub(super) struct Pieces(mpsc::Sender<Result<Bytes, io::Error>>);

impl Pieces {
    /// Sends a piece; an error when the client has gone.
    pub(super) async fn send(&self, piece: impl Into<Bytes>) -> io::Result<()> {
        let piece = piece.into();
        if piece.is_empty() {
            return Ok(());
        }
        self.0.send(Ok(piece)).await.map_err(|_| io::Error::other("the client has gone"))
    }
}

struct Channel(mpsc::Receiver<Result<Bytes, io::Error>>);

impl HttpBody for Channel {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// A body filled by `fill`. When `fill` fails the connection is broken off, so that nobody takes half for whole.
pub(super) fn streamed<F, E>(fill: impl FnOnce(Pieces) -> F) -> Body
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: std::fmt::Display + Send,
{
    let (sender, receiver) = mpsc::channel(AHEAD);
    let filled = fill(Pieces(sender.clone()));
    tokio::spawn(async move {
        if let Err(error) = filled.await {
            tracing::warn!(%error, "an answer was broken off");
            let _ = sender.send(Err(io::Error::other("broken off"))).await;
        }
    });
    Body::new(Channel(receiver))
}
