//! The accept loop: what a stranger's connection costs before anything is known of it.
use axum::{Extension, Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpSocket},
    sync::Semaphore,
    time,
};
use tokio_rustls::TlsAcceptor;

/// Time for a TLS handshake to end.
const TLS_TIME: Duration = Duration::from_secs(5);
/// Time for the headers of a request to arrive.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// Time for all that is asked over one connection before it is a WebSocket: an answer that nobody takes keeps a place, too.
const HTTP_TIME: Duration = Duration::from_secs(30);
/// Connections at a time that are no WebSockets yet.
const MOST_CONNECTIONS: usize = 2048;
const BACKLOG: u32 = 4096;

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

/// Our own loop: `axum::serve` would wait for ever for the headers of a request.
pub async fn accept(listener: TcpListener, router: Router, tls: Option<TlsAcceptor>) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let (stream, remote) = match listener.accept().await {
            Ok(accepted) => accepted,
            // A connection that was given up, or no file descriptor left: others are still served.
            Err(error) => {
                tracing::warn!(%error, "accept");
                time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else { continue };
        let _ = stream.set_nodelay(true);
        let router = router.clone().layer(Extension(ConnectInfo(remote)));
        let tls = tls.clone();
        tokio::spawn(async move {
            match tls {
                None => http(stream, router).await,
                Some(tls) => match time::timeout(TLS_TIME, tls.accept(stream)).await {
                    Ok(Ok(stream)) => http(stream, router).await,
                    Ok(Err(error)) => tracing::info!(%remote, %error, "no TLS handshake"),
                    Err(_) => tracing::info!(%remote, "a TLS handshake that does not end"),
                },
            }
            drop(place);
        });
    }
}

async fn http<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(stream: S, router: Router) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(16 * 1024);
    let served = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // An upgrade ends this: WebSockets have their own times.
    let _ = time::timeout(HTTP_TIME, served.with_upgrades()).await;
}
