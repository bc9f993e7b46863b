//! One connection: frames in, frames out.
use super::desk::{Outbox, Post, Sending};
use crate::bridge::server::{Input, Peer};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{SinkExt, StreamExt};
use std::{
    sync::{Arc, atomic::AtomicUsize, atomic::Ordering, mpsc},
    time::Duration,
};
use tokio::{sync::mpsc::unbounded_channel, time};

/// Frames a second that one connection may send; more wait in its own socket.
const FRAMES_PER_SEC: u32 = 50;
/// Time to answer a close.
const FAREWELL: Duration = Duration::from_secs(2);
const UNSUPPORTED: u16 = 1003;

pub async fn converse(socket: WebSocket, peer: Peer, desk: mpsc::Sender<Post>) {
    let (frames, mut inbox) = unbounded_channel();
    let waiting: Arc<(AtomicUsize, AtomicUsize)> = Arc::default();
    let outbox = Outbox { frames, waiting: waiting.clone() };
    let farewell = outbox.frames.clone();
    if desk.send(Post::Join(peer, outbox)).is_err() {
        return;
    }
    let (mut sink, mut stream) = socket.split();
    let writer = async {
        while let Some(sending) = inbox.recv().await {
            match sending {
                Sending::Text(text) => {
                    let length = text.len();
                    let sent = sink.send(Message::Text(text.into())).await;
                    waiting.0.fetch_sub(1, Ordering::Relaxed);
                    waiting.1.fetch_sub(length, Ordering::Relaxed);
                    if sent.is_err() {
                        return;
                    }
                }
                Sending::Close(code) => {
                    let frame = CloseFrame { code, reason: "".into() };
                    let _ = time::timeout(FAREWELL, sink.send(Message::Close(Some(frame)))).await;
                    // The other side's answer ends the reader; it may never come.
                    time::sleep(FAREWELL).await;
                    return;
                }
            }
        }
    };
    let reader = async {
        let mut pace = time::interval(Duration::from_secs(1) / FRAMES_PER_SEC);
        pace.set_missed_tick_behavior(time::MissedTickBehavior::Burst);
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Text(text) => {
                    pace.tick().await;
                    if desk.send(Post::Input(Input::Frame(peer, text.as_str().to_owned()))).is_err() {
                        return;
                    }
                }
                Message::Binary(_) => {
                    let _ = farewell.send(Sending::Close(UNSUPPORTED));
                }
                Message::Close(_) => return,
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    };
    tokio::select! { () = writer => {}, () = reader => {} }
    let _ = desk.send(Post::Input(Input::Closed(peer)));
}
