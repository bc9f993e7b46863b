//! The few addresses that are served.
use super::{
    accept::accept,
    admission::{Doors, Rejection},
    clock::Clock,
    desk::{Desk, Post},
    driver::{self, Driver, Guard},
    journal::Journal,
    secret,
    store::Store,
    tls::Tls,
    upgrade::{self, Conversation, Sizes, Sockets},
};
use crate::{
    bridge::{
        journal::{Numbered, seen},
        server::{Input, MINUTE_MS, Server, Settings, TRIES_A_MINUTE},
        window::Window,
        wire::Role,
    },
    gateway::secret as new_secret,
};
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};
use tokio::{net::TcpListener, time};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

const MOST_CODE_BYTES: usize = 64;
/// Time for a code to arrive after its headers.
const CODE_TIME: Duration = Duration::from_secs(5);

/// Who gives a wrong code waits this long for the answer.
const WRONG_DELAY: Duration = Duration::from_millis(500);

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
    /// The certificate; none serves plain http, which is for loopback only.
    pub tls: Option<Tls>,
    /// Secret of a native client.
    pub bearer: String,
    /// Told each code as it becomes valid.
    pub show_code: fn(&str),
}

struct Shared {
    sockets: Arc<Sockets>,
    desk: mpsc::Sender<Post>,
    code: Mutex<Code>,
    about: serde_json::Value,
    clock: Clock,
    show_code: fn(&str),
}

struct Code {
    valid: String,
    wrong: Window,
}

/// Serve until the task is dropped.
///
/// # Errors
/// The listener fails, or is open to others without TLS, or the system has no randomness.
pub async fn serve(listener: TcpListener, setup: Setup) -> io::Result<()> {
    let address = listener.local_addr()?;
    if setup.tls.is_none() && !address.ip().is_loopback() {
        let text = format!("{address} without TLS; allowed: a loopback address, or a certificate");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let (journal, entries) = setup.journal;
    let (post_to, inbox) = mpsc::channel();
    let mut driver = setup.driver;
    let (guard, returns) = (driver.guard(), !driver.keeps_place());
    driver.remember(&seen(&entries));
    let jobs = driver::start(driver, setup.store.clone(), post_to.clone());
    let clock = Clock::start();
    let settings = Settings { began_unix_ms: clock.began_unix_ms(), returns, ..setup.settings };
    let server = Server::recover(settings, entries);
    let desk = Desk::new(server, (journal, setup.store), clock, jobs, guard.clone());
    std::thread::spawn(move || {
        // Without this thread nobody hears an emergency stop or misses a heartbeat.
        let _last_will = LastWill(guard);
        desk.run(&inbox);
    });
    let _ = post_to.send(Post::Input(Input::Admit(setup.bearer.clone(), Role::Driver)));
    let valid = secret::code()?;
    (setup.show_code)(&valid);
    let doors = Doors::of(address, setup.tls.is_some(), setup.origins, setup.bearer);
    let shared = Arc::new(Shared {
        sockets: Sockets::new(doors, Sizes::GATEWAY, Conversation::Desk(post_to.clone())),
        desk: post_to,
        code: Mutex::new(Code { valid, wrong: Window::new(TRIES_A_MINUTE, MINUTE_MS) }),
        about: setup.about,
        clock,
        show_code: setup.show_code,
    });
    accept(listener, router(shared, setup.page), setup.tls.map(|tls| tls.acceptor())).await
}

/// Beam off, stage still, and no gateway that only looks alive.
struct LastWill(Arc<dyn Guard>);

impl Drop for LastWill {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.blank();
            self.0.stop_stage();
            std::process::abort();
        }
    }
}

fn router(shared: Arc<Shared>, page: Option<PathBuf>) -> Router {
    let router = Router::new()
        .route("/gateway.json", get(about))
        .route("/session", post(open_session))
        .with_state(shared.clone())
        .merge(upgrade::router(shared.sockets.clone()));
    let router = match page {
        Some(folder) => router.fallback_service(ServeDir::new(folder)),
        None => router,
    };
    let fixed = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    upgrade::known_hosts(router, shared.sockets.clone())
        .layer(fixed(header::CACHE_CONTROL, "no-cache"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
}

async fn about(State(shared): State<Arc<Shared>>) -> axum::Json<serde_json::Value> {
    axum::Json(shared.about.clone())
}

/// A one-time code for a session secret. Only from our own page; what is asked is a body, so it is in no address and no log.
async fn open_session(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(rejection) = shared.sockets.doors().origin(&parts) {
        tracing::warn!(%remote, status = rejection.0.as_u16(), "code refused: origin");
        return rejection.into_response();
    }
    let wrong: Rejection = (StatusCode::UNAUTHORIZED, "wrong code\n");
    let Ok(given) = time::timeout(CODE_TIME, axum::body::to_bytes(body, MOST_CODE_BYTES)).await else {
        tracing::warn!(%remote, "code refused: it never came");
        return (StatusCode::REQUEST_TIMEOUT, "too slow\n").into_response();
    };
    let Ok(given) = given else { return wrong.into_response() };
    let now_ms = shared.clock.now_ms();
    let Ok((secret, next)) = new_secret().and_then(|secret| Ok((secret, secret::code()?))) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let full = {
        let mut code = shared.code.lock().unwrap_or_else(PoisonError::into_inner);
        let full = code.wrong.is_full(now_ms);
        if !full && given.trim_ascii() == code.valid.as_bytes() {
            code.valid.clone_from(&next);
            None
        } else {
            if !full {
                code.wrong.count(now_ms);
            }
            Some(full)
        }
    };
    if let Some(full) = full {
        tracing::warn!(%remote, "code refused: {}", if full { "too many wrong ones" } else { "wrong" });
        time::sleep(WRONG_DELAY).await;
        let too_many: Rejection = (StatusCode::TOO_MANY_REQUESTS, "wait a minute\n");
        return if full { too_many } else { wrong }.into_response();
    }
    (shared.show_code)(&next);
    tracing::info!(%remote, "a code opened a session");
    let _ = shared.desk.send(Post::Input(Input::Admit(secret.clone(), Role::Supervisor)));
    (StatusCode::OK, secret).into_response()
}
