//! TLS: a certificate that is given, or one of the gateway's own, kept in the experiment's folder.
use super::secret::write_private;
use sha2::{Digest, Sha256};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        client::verify_server_name,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem, pem::PemObject},
        server::ParsedCertificate,
    },
};

const CERTIFICATE: &str = "tls-cert.pem";
const KEY: &str = "tls-key.pem";

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {source}", path.display())]
    Pem {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: pem::Error,
    },
    /// The certificate cannot be used, or the key is another's.
    #[error("certificate: {0}")]
    Certificate(#[from] rustls::Error),
    /// None could be made for these names.
    #[error("certificate for {names}: {source}")]
    Made {
        /// Which names.
        names: String,
        /// Why.
        source: rcgen::Error,
    },
}

/// A certificate with its key, ready to be shown.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    fingerprint: String,
}

impl Tls {
    /// A certificate chain and its key, as PEM.
    ///
    /// # Errors
    /// A file cannot be read, is no PEM, or the two do not belong together.
    pub fn given(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        Self::new(chain(certificate)?, read_key(key)?)
    }

    /// The folder's own certificate. A new one is made when there is none, or when it does not name all of `names`.
    ///
    /// # Errors
    /// The folder cannot be written, the files in it are damaged, or a name cannot stand in a certificate.
    pub fn own(folder: &Path, names: &[String]) -> Result<Self, TlsError> {
        let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
        let kept = certificate.exists() && key.exists();
        if !kept || !covers(&chain(&certificate)?, names) {
            make(&certificate, &key, names)?;
        }
        Self::given(&certificate, &key)
    }

    fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let shown: Vec<String> =
            chain.first().into_iter().flat_map(Sha256::digest).map(|byte| format!("{byte:02X}")).collect();
        // Named, not taken from the process: a second provider in the program would be a panic.
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint: shown.join(":") })
    }

    /// SHA-256 of the certificate, as browsers show it: what the operator compares.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

fn covers(chain: &[CertificateDer<'_>], names: &[String]) -> bool {
    let Some(Ok(parsed)) = chain.first().map(ParsedCertificate::try_from) else { return false };
    names
        .iter()
        .all(|name| ServerName::try_from(name.as_str()).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok()))
}

fn make(certificate: &Path, key: &Path, names: &[String]) -> Result<(), TlsError> {
    let made = rcgen::generate_simple_self_signed(names)
        .map_err(|source| TlsError::Made { names: names.join(", "), source })?;
    // The key first: a certificate without its key is made again.
    for (path, text) in [(key, made.signing_key.serialize_pem()), (certificate, made.cert.pem())] {
        write_private(path, &text).map_err(|source| TlsError::File { path: path.into(), source })?;
    }
    Ok(())
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |source| TlsError::Pem { path: path.into(), source };
    CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(wrong)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|source| TlsError::Pem { path: path.into(), source })
}
