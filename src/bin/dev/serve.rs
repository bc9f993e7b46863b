//! A server of the page, for this machine only.

use crate::problem::Problem;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::serve::ListenerExt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Takes the port (0: any free one), so that a taken one is known before anything is built.
pub fn listen(port: u16) -> Result<TcpListener, Problem> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Problem::PortTaken(port),
        _ => Problem::Start { command: format!("server on port {port}"), source },
    })
}

pub struct Server {
    pub address: SocketAddr,
    thread: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves the files of one folder, and nothing else, from a thread of its own until the program ends.
    pub fn start(folder: PathBuf, listener: TcpListener) -> Result<Server, Problem> {
        let failed = |source| Problem::Start { command: "server".into(), source };
        let address = listener.local_addr().map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                // A head and its file are two writes: without this the second waits for the browser to acknowledge the first.
                let prompt = |stream: &mut tokio::net::TcpStream| drop(stream.set_nodelay(true));
                let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(prompt);
                axum::serve(listener, router(folder)).await
            })
        });
        Ok(Server { address, thread })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Until the program is interrupted.
    pub fn wait(self) -> Result<(), Problem> {
        let result = self.thread.join().unwrap_or_else(|_| Err(io::Error::other("the server's thread panicked")));
        result.map_err(|source| Problem::Start { command: "server".into(), source })
    }
}

fn router(folder: PathBuf) -> Router {
    // no-cache: after a rebuild the browser must ask again, or it runs yesterday's engine.
    let fresh = SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let exact = SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Router::new().fallback_service(ServeDir::new(folder)).layer(fresh).layer(exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).expect("connects");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sends");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("reads");
        reply.to_lowercase()
    }

    #[test]
    fn files_of_the_folder_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("gridscout-serve-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("www/pkg")).expect("folder");
        for (path, text) in [("www/index.html", "<p>"), ("www/a.js", "1"), ("www/pkg/a.wasm", "w"), ("secret", "s")] {
            std::fs::write(folder.join(path), text).expect("file");
        }
        let server = Server::start(folder.join("www"), listen(0).expect("a port")).expect("starts");
        assert!(server.address.ip().is_loopback());
        for (path, kind) in [("/", "text/html"), ("/a.js", "text/javascript"), ("/pkg/a.wasm", "application/wasm")] {
            let reply = get(server.address, path);
            assert!(reply.starts_with("http/1.1 200") && reply.contains("cache-control: no-cache"), "{reply}");
            assert!(reply.contains(&format!("content-type: {kind}")), "{reply}");
        }
        for path in ["/pkg/", "/absent.js", "/../secret", "/%2e%2e/secret", "/..%2fsecret"] {
            assert!(get(server.address, path).starts_with("http/1.1 4"), "{path}");
        }
        std::fs::remove_dir_all(&folder).expect("clean");
    }

    #[test]
    fn a_taken_port_is_named() {
        let first = listen(0).expect("a port");
        let port = first.local_addr().expect("address").port();
        let problem = listen(port).expect_err("taken");
        assert!(problem.to_string().contains(&port.to_string()));
        assert!(problem.remedy().expect("remedy").contains("--port"));
    }
}
