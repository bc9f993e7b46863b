//! From a request to a WebSocket: the doors, a place, limits, and then whoever talks on it.
use super::{
    admission::{Doors, Rejection},
    desk::Post,
    echo, socket,
};
use crate::bridge::{strict::MAX_FRAME_BYTES, wire::PROTOCOL};
use axum::{
    Router,
    extract::{ConnectInfo, FromRequestParts, Request, State, WebSocketUpgrade, ws::WebSocket},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};
use tokio::sync::Semaphore;

const MOST_SOCKETS: usize = 128;

/// How much of one connection is held in memory.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Longest message and longest frame that is read, bytes.
    pub message_bytes: usize,
    /// What a socket that does not take what is sent to it may leave waiting, bytes.
    pub buffered_bytes: usize,
}

impl Sizes {
    /// Of a gateway.
    pub const GATEWAY: Self = Self { message_bytes: MAX_FRAME_BYTES, buffered_bytes: 1024 * 1024 };
}

/// Who answers on a WebSocket.
pub enum Conversation {
    /// The gateway.
    Desk(mpsc::Sender<Post>),
    /// An echo, for the conformance tests; `gridscout serve` cannot ask for it.
    Echo,
}

pub struct Sockets {
    doors: Doors,
    sizes: Sizes,
    conversation: Conversation,
    peers: AtomicU64,
    places: Arc<Semaphore>,
}

impl Sockets {
    pub fn new(doors: Doors, sizes: Sizes, conversation: Conversation) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(MOST_SOCKETS));
        Arc::new(Self { doors, sizes, conversation, peers: AtomicU64::new(0), places })
    }

    pub fn doors(&self) -> &Doors {
        &self.doors
    }
}

/// The WebSocket's address.
pub fn router(sockets: Arc<Sockets>) -> Router {
    Router::new().route("/ws", get(upgrade)).with_state(sockets)
}

/// Nothing is served under a name that is not in the list.
pub fn known_hosts(router: Router, sockets: Arc<Sockets>) -> Router {
    router.layer(middleware::from_fn_with_state(sockets, known_host))
}

async fn known_host(
    State(sockets): State<Arc<Sockets>>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match sockets.doors.host(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(rejection) => {
            tracing::warn!(%remote, status = rejection.0.as_u16(), "host refused");
            rejection.into_response()
        }
    }
}

async fn upgrade(
    State(sockets): State<Arc<Sockets>>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    if let Err(rejection) = sockets.doors.handshake(&parts) {
        tracing::warn!(%remote, status = rejection.0.as_u16(), "handshake refused");
        return rejection.into_response();
    }
    let busy: Rejection = (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n");
    let Ok(place) = sockets.places.clone().try_acquire_owned() else { return busy.into_response() };
    let upgrade = match <WebSocketUpgrade as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let peer = sockets.peers.fetch_add(1, Ordering::Relaxed);
    tracing::info!(peer, %remote, "connected");
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(sockets.sizes.message_bytes)
        .max_frame_size(sockets.sizes.message_bytes)
        .max_write_buffer_size(sockets.sizes.buffered_bytes)
        .on_upgrade(move |socket: WebSocket| async move {
            match &sockets.conversation {
                Conversation::Desk(desk) => socket::converse(socket, peer, desk.clone()).await,
                Conversation::Echo => echo::converse(socket).await,
            }
            tracing::info!(peer, "gone");
            drop(place);
        })
}
