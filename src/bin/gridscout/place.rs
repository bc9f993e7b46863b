//! Where a gateway listens, under which names, and with which certificate.
use gridscout::{
    error::ConfigError,
    gateway::{self, tls::Tls},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub struct Place {
    /// Address to listen on. Others than this machine reach it only with TLS.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port; 0 takes any free one.
    #[arg(long, default_value_t = 8421)]
    pub port: u16,
    /// Another address under which the page is opened, for a tunnel or a name; may be repeated.
    #[arg(long, value_name = "SCHEME://HOST:PORT")]
    pub origin: Vec<String>,
    /// Serve https, with a certificate of its own: `tls-cert.pem` in the folder of the experiment, made when there is none.
    #[arg(long, conflicts_with = "tls_cert")]
    tls: bool,
    /// Serve https with this certificate chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl Place {
    pub fn address(&self) -> Result<SocketAddr, ConfigError> {
        if self.bind.is_loopback() || self.tls || self.tls_cert.is_some() {
            return Ok(SocketAddr::new(self.bind, self.port));
        }
        let allowed = "127.0.0.1 or ::1 without TLS: a network would read the secrets, and browsers keep from the page what \
                       it needs; with --tls or --tls-cert any address of this machine";
        Err(ConfigError::new("--bind", self.bind, allowed))
    }

    /// None for plain http.
    pub fn tls(&self, folder: &Path) -> Result<Option<Tls>, ConfigError> {
        if let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) {
            let wrong =
                |e| ConfigError::new("--tls-cert", certificate.display(), format!("a chain and its key, PEM ({e})"));
            return Tls::given(certificate, key).map(Some).map_err(wrong);
        }
        if !self.tls {
            return Ok(None);
        }
        let names = gateway::names(self.bind, &self.origin);
        let wrong = |e| ConfigError::new("--tls", folder.display(), format!("a folder that keeps a certificate ({e})"));
        Tls::own(folder, &names).map(Some).map_err(wrong)
    }
}
