//! One connection: frames in, frames out.
use super::desk::{Outbox, Post, Sending};
use crate::bridge::server::{Input, Peer};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt, StreamExt};
use std::{
    future,
    sync::{Arc, atomic::AtomicUsize, atomic::Ordering, mpsc},
    time::Duration,
};
use tokio::{
    sync::{mpsc::unbounded_channel, oneshot},
    time,
};
use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

/// Frames a second that one connection may send; more wait in its own socket.
const FRAMES_PER_SEC: u32 = 50;
/// Time for a close to get through to the other side, and for its answer.
const FAREWELL: Duration = Duration::from_secs(5);
/// Close codes of RFC 6455, section 7.4.1.
const NORMAL: u16 = 1000;
const BROKEN_FRAME: u16 = 1002;
const UNSUPPORTED: u16 = 1003;
const NOT_UTF8: u16 = 1007;
const TOO_LONG: u16 = 1009;

pub async fn converse(socket: WebSocket, peer: Peer, desk: mpsc::Sender<Post>) {
    let (frames, mut inbox) = unbounded_channel();
    let (cut, mut cut_off) = oneshot::channel();
    let waiting: Arc<(AtomicUsize, AtomicUsize)> = Arc::default();
    if desk.send(Post::Join(peer, Outbox { frames, cut, waiting: waiting.clone() })).is_err() {
        return;
    }
    let (mut sink, mut stream) = socket.split();
    // Each ends with the code to close with, if there is still someone to tell.
    let writer = async {
        while let Some(sending) = inbox.recv().await {
            let (length, message) = match sending {
                Sending::Text(text) => (text.len(), Message::Text(text.into())),
                Sending::Binary(bytes) => (bytes.len(), Message::Binary(bytes.into())),
                Sending::Close(code) => return Some(code),
            };
            let sent = sink.send(message).await;
            waiting.0.fetch_sub(1, Ordering::Relaxed);
            waiting.1.fetch_sub(length, Ordering::Relaxed);
            if sent.is_err() {
                return None;
            }
        }
        // The desk has forgotten this connection: a cut says why.
        future::pending().await
    };
    let reader = async {
        let mut pace = time::interval(Duration::from_secs(1) / FRAMES_PER_SEC);
        pace.set_missed_tick_behavior(time::MissedTickBehavior::Burst);
        while let Some(message) = stream.next().await {
            let message = match message {
                Ok(message) => message,
                Err(error) => return fault(error),
            };
            match message {
                Message::Text(text) => {
                    pace.tick().await;
                    if desk.send(Post::Input(Input::Frame(peer, text.as_str().to_owned()))).is_err() {
                        return None;
                    }
                }
                Message::Binary(_) => return Some(UNSUPPORTED),
                // Answered, with its own code, by the farewell.
                Message::Close(_) => return Some(NORMAL),
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
        None
    };
    let code = tokio::select! {
        code = writer => code,
        code = reader => code,
        // A desk that drops its end has put the close behind what still waits.
        Ok(code) = &mut cut_off => Some(code),
    };
    let _ = desk.send(Post::Input(Input::Closed(peer)));
    if let (Some(code), Ok(mut socket)) = (code, sink.reunite(stream)) {
        farewell(&mut socket, code).await;
    }
}

/// The code to close with after something that is no message; none when nobody is left to be told.
pub fn fault(error: axum::Error) -> Option<u16> {
    match error.into_inner().downcast_ref::<tungstenite::Error>()? {
        tungstenite::Error::Utf8(_) => Some(NOT_UTF8),
        tungstenite::Error::Capacity(_) => Some(TOO_LONG),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(BROKEN_FRAME),
        _ => None,
    }
}

/// Close, and give the other side time to answer.
pub async fn farewell(socket: &mut WebSocket, code: u16) {
    let farewell = async {
        let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
        while let Some(Ok(_)) = socket.next().await {}
    };
    let _ = time::timeout(FAREWELL, farewell).await;
}
