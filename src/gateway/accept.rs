//! The accept loop and the few addresses that are served.
use super::{
    admission::{Doors, Rejection},
    clock::Clock,
    desk::{Desk, Post},
    driver::{self, Driver},
    journal::Journal,
    secret, socket,
    store::Store,
};
use crate::{
    bridge::{
        journal::Numbered,
        server::{Input, MINUTE_MS, Server, Settings, TRIES_A_MINUTE},
        strict::MAX_FRAME_BYTES,
        window::Window,
        wire::{PROTOCOL, Role},
    },
    gateway::secret as new_secret,
};
use axum::{
    Router,
    extract::{Request, State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::Semaphore,
};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// Time for the headers of a request to arrive.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// Connections at a time that are no WebSockets yet.
const MOST_CONNECTIONS: usize = 2048;
const BACKLOG: u32 = 4096;
const MOST_SOCKETS: usize = 128;
/// A socket that does not take what is sent to it holds no more than this, bytes.
const MOST_BUFFERED: usize = 1024 * 1024;
const MOST_CODE_BYTES: usize = 64;

/// What a gateway is made of.
pub struct Setup {
    /// Rules and times.
    pub settings: Settings,
    /// The journal and what it says.
    pub journal: (Journal, Vec<Numbered>),
    /// The instrument.
    pub driver: Box<dyn Driver>,
    /// Where raw arrays are kept.
    pub store: Store,
    /// What the page is told of this gateway before it is let in; nothing secret.
    pub about: serde_json::Value,
    /// Folder of the page; none serves no page.
    pub page: Option<PathBuf>,
    /// Other addresses under which the page may be opened, `scheme://host:port`.
    pub origins: Vec<String>,
    /// Secret of a native client.
    pub bearer: String,
    /// Told each code as it becomes valid.
    pub show_code: fn(&str),
}

struct Shared {
    doors: Doors,
    desk: mpsc::Sender<Post>,
    peers: AtomicU64,
    sockets: Arc<Semaphore>,
    code: Mutex<Code>,
    about: serde_json::Value,
    clock: Clock,
    show_code: fn(&str),
}

struct Code {
    valid: String,
    wrong: Window,
}

/// Listen with a queue long enough that strangers do not keep others waiting in it.
///
/// # Errors
/// The address cannot be had. Call it inside a runtime.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serve until the task is dropped.
///
/// # Errors
/// The listener fails, or the system has no randomness.
pub async fn serve(listener: TcpListener, setup: Setup) -> io::Result<()> {
    let address = listener.local_addr()?;
    let (journal, entries) = setup.journal;
    let (post_to, inbox) = mpsc::channel();
    let guard = setup.driver.guard();
    let jobs = driver::start(setup.driver, setup.store.clone(), post_to.clone());
    let clock = Clock::start();
    let server = Server::recover(Settings { began_unix_ms: clock.began_unix_ms(), ..setup.settings }, entries);
    let desk = Desk::new(server, (journal, setup.store), clock, jobs, guard);
    std::thread::spawn(move || desk.run(&inbox));
    let _ = post_to.send(Post::Input(Input::Admit(setup.bearer.clone(), Role::Driver)));
    let mut hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
    let mut origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}")).collect();
    for origin in setup.origins {
        hosts.extend(origin.split_once("://").map(|(_, host)| host.to_owned()));
        origins.push(origin);
    }
    let valid = secret::code()?;
    (setup.show_code)(&valid);
    let shared = Arc::new(Shared {
        doors: Doors { hosts, origins, bearer: setup.bearer },
        desk: post_to,
        peers: AtomicU64::new(0),
        sockets: Arc::new(Semaphore::new(MOST_SOCKETS)),
        code: Mutex::new(Code { valid, wrong: Window::new(TRIES_A_MINUTE, MINUTE_MS) }),
        about: setup.about,
        clock,
        show_code: setup.show_code,
    });
    accept(listener, router(shared, setup.page)).await
}

fn router(shared: Arc<Shared>, page: Option<PathBuf>) -> Router {
    let router = Router::new()
        .route("/gateway.json", get(about))
        .route("/ws", get(upgrade))
        .route("/session", post(open_session));
    let router = match page {
        Some(folder) => router.fallback_service(ServeDir::new(folder)),
        None => router,
    };
    let fixed = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    router
        .layer(middleware::from_fn_with_state(shared.clone(), known_host))
        .layer(fixed(header::CACHE_CONTROL, "no-cache"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .with_state(shared)
}

/// Our own loop: `axum::serve` would wait for ever for the headers of a request.
async fn accept(listener: TcpListener, router: Router) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            // A connection that was given up, or no file descriptor left: others are still served.
            Err(error) => {
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(16 * 1024);
            let _ = http.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
            drop(place);
        });
    }
}

async fn known_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match shared.doors.host(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(rejection) => rejection.into_response(),
    }
}

async fn upgrade(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if let Err(rejection) = shared.doors.handshake(&parts) {
        tracing::warn!(status = rejection.0.as_u16(), "handshake refused");
        return rejection.into_response();
    }
    let busy: Rejection = (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n");
    let Ok(place) = shared.sockets.clone().try_acquire_owned() else { return busy.into_response() };
    let upgrade =
        match <WebSocketUpgrade as axum::extract::FromRequestParts<()>>::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade,
            Err(rejection) => return rejection.into_response(),
        };
    let peer = shared.peers.fetch_add(1, Ordering::Relaxed);
    let desk = shared.desk.clone();
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .max_write_buffer_size(MOST_BUFFERED)
        .on_upgrade(move |socket: WebSocket| async move {
            socket::converse(socket, peer, desk).await;
            drop(place);
        })
}

async fn about(State(shared): State<Arc<Shared>>) -> axum::Json<serde_json::Value> {
    axum::Json(shared.about.clone())
}

/// A one-time code for a session secret. Only from our own page; what is asked is a body, so it is in no address and no log.
async fn open_session(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(rejection) = shared.doors.origin(&parts) {
        return rejection.into_response();
    }
    let wrong: Rejection = (StatusCode::UNAUTHORIZED, "wrong code\n");
    let Ok(given) = axum::body::to_bytes(body, MOST_CODE_BYTES).await else { return wrong.into_response() };
    let now_ms = shared.clock.now_ms();
    let Ok((secret, next)) = new_secret().and_then(|secret| Ok((secret, secret::code()?))) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    {
        let mut code = shared.code.lock().unwrap_or_else(PoisonError::into_inner);
        if code.wrong.is_full(now_ms) {
            return (StatusCode::TOO_MANY_REQUESTS, "wait a minute\n").into_response();
        }
        if given.trim_ascii() != code.valid.as_bytes() {
            code.wrong.count(now_ms);
            return wrong.into_response();
        }
        code.valid.clone_from(&next);
    }
    (shared.show_code)(&next);
    let _ = shared.desk.send(Post::Input(Input::Admit(secret.clone(), Role::Supervisor)));
    (StatusCode::OK, secret).into_response()
}
