//! The way to a gateway: its address, its certificate, our secret.
use crate::config::read;
use gridscout::{bridge::wire::PROTOCOL, error::ConfigError};
use std::{io, net::IpAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::rustls::{
    self, ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{self, ClientRequestBuilder, http::Uri},
};

#[derive(clap::Args)]
pub struct Address {
    /// The gateway.
    #[arg(long, default_value = "ws://127.0.0.1:8421/ws")]
    url: String,
    /// The only certificate to trust, or its signer's, PEM: `tls-cert.pem` in the folder of the experiment. Without it, the
    /// public ones.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// File with the secret of native clients: `bearer` in the folder of the experiment.
    #[arg(long, value_name = "FILE", default_value = "experiment/bearer")]
    secret_file: PathBuf,
}

/// Time for a connection and its handshake; the gateway gives a stranger five.
const PATIENCE: Duration = Duration::from_secs(6);

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An address that can be dialled again and again.
pub struct Gateway {
    uri: Uri,
    connector: Option<Connector>,
    pub secret: String,
}

pub enum NotConnected {
    /// It may be there in a moment.
    Yet(tungstenite::Error),
    /// Whoever is there is not the one meant, and trying again does not change that.
    Stranger(ConfigError),
}

impl Address {
    pub fn gateway(&self) -> Result<Gateway, ConfigError> {
        let secret = read(&self.secret_file)?.trim().to_owned();
        let wrong =
            |why: &str| ConfigError::new("--url", &self.url, format!("ws://host:port/ws or wss://host:port/ws{why}"));
        let uri: Uri = self.url.parse().map_err(|e| wrong(&format!(" ({e})")))?;
        let clear = uri.scheme_str() == Some("ws");
        if clear && !uri.host().is_some_and(is_loopback) {
            return Err(wrong("; ws on this machine only: our secret would be sent in clear"));
        }
        let connector = match &self.ca {
            None => None,
            Some(_) if uri.scheme_str() != Some("wss") => return Err(wrong("; with --ca, wss only")),
            Some(path) => Some(trusting(path)?),
        };
        Ok(Gateway { uri, connector, secret })
    }
}

impl Gateway {
    pub async fn connect(&self) -> Result<Socket, NotConnected> {
        let request = ClientRequestBuilder::new(self.uri.clone())
            .with_sub_protocol(PROTOCOL)
            .with_header("Authorization", format!("Bearer {}", self.secret));
        let dialled = connect_async_tls_with_config(request, None, false, self.connector.clone());
        match tokio::time::timeout(PATIENCE, dialled).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(error)) => Err(self.why(error)),
            // Whoever took the connection says nothing.
            Err(_) => Err(NotConnected::Yet(tungstenite::Error::Io(io::ErrorKind::TimedOut.into()))),
        }
    }

    fn why(&self, error: tungstenite::Error) -> NotConnected {
        let rustls = match &error {
            tungstenite::Error::Io(e) => e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()),
            _ => None,
        };
        match rustls {
            Some(e @ rustls::Error::InvalidCertificate(_)) => NotConnected::Stranger(ConfigError::new(
                "--ca",
                format!("no proof of who is at {}", self.uri),
                format!("the certificate of that gateway, or of who signed it ({e})"),
            )),
            _ => NotConnected::Yet(error),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

fn trusting(path: &PathBuf) -> Result<Connector, ConfigError> {
    let wrong = |e: String| ConfigError::new("--ca", path.display(), format!("certificates, PEM ({e})"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| wrong(e.to_string()))? {
        roots.add(certificate.map_err(|e| wrong(e.to_string()))?).map_err(|e| wrong(e.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("there is none in it".into()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Connector::Rustls(Arc::new(config)))
}
