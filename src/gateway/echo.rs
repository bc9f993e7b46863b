//! What conformance tests of WebSockets talk to: every message comes back. Doors, handshake and framing are the gateway's own.
use super::{
    accept::accept,
    admission::Doors,
    secret::secret,
    socket,
    upgrade::{self, Conversation, Sizes, Sockets},
};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use std::io;
use tokio::net::TcpListener;

/// The tests send messages of up to 16 MiB; a gateway reads 64 KiB.
const SIZES: Sizes = Sizes { message_bytes: 32 * 1024 * 1024, buffered_bytes: 64 * 1024 * 1024 };

/// Echo until the task is dropped. No instrument is behind it, and its secret is told to nobody: a client passes the doors as a page
/// of this address does.
///
/// # Errors
/// The listener fails.
pub async fn echo(listener: TcpListener) -> io::Result<()> {
    let address = listener.local_addr()?;
    let doors = Doors::of(address, false, Vec::new(), secret()?);
    let sockets = Sockets::new(doors, SIZES, Conversation::Echo);
    accept(listener, upgrade::known_hosts(upgrade::router(sockets.clone()), sockets), None).await
}

pub async fn converse(mut socket: WebSocket) {
    let code = loop {
        match socket.next().await {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => break socket::fault(error),
            None => return,
        }
    };
    if let Some(code) = code {
        socket::farewell(&mut socket, code).await;
    }
}
