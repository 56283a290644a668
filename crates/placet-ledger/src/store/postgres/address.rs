//! What an address says, and how a connection to it is made.

use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};

use super::fault::Fault;
use crate::store::{LedgerUrl, StoreError};

/// What an address says, with what it does not say filled in.
pub(super) fn read(url: &LedgerUrl, text: &str) -> Result<Config, StoreError> {
    // The reason is left out, since it can quote a piece of a password.
    let mut config: Config = text.parse().map_err(|_| {
        StoreError::Refused(format!(
            "`{url}`: its address cannot be read; expected `postgres://USER:PASSWORD@HOST/DATABASE?PARAMETER=VALUE`, \
             other signs than letters and digits in a password written like `%40`, and parameters that tokio-postgres knows, \
             with `sslmode` one of `disable`, `prefer` and `require`"
        ))
    })?;
    let needs_tls = config.get_ssl_mode() == SslMode::Require;
    if needs_tls && !cfg!(feature = "postgres-tls") {
        return Err(StoreError::Refused(format!(
            "`{url}`: `sslmode=require` needs a build with the feature `postgres-tls`"
        )));
    }
    if config.get_application_name().is_none() {
        config.application_name("placet");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(10));
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(Duration::from_secs(10));
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(Duration::from_secs(3));
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(3);
    }
    Ok(config)
}

/// Connects, and keeps the connection going on this runtime.
pub(super) async fn connect(
    config: &Config,
) -> Result<(Client, tokio::task::JoinHandle<()>), Fault> {
    #[cfg(feature = "postgres-tls")]
    if config.get_ssl_mode() == SslMode::Require {
        let (client, connection) = config.connect(tls()?).await?;
        return Ok((client, tokio::spawn(async { _ = connection.await })));
    }
    let (client, connection) = config.connect(NoTls).await?;
    // Whoever waits for an answer is told when the connection ends.
    Ok((client, tokio::spawn(async { _ = connection.await })))
}

/// TLS by the certificates that the system trusts, or those that `SSL_CERT_FILE` names.
#[cfg(feature = "postgres-tls")]
fn tls() -> Result<tokio_postgres_rustls::MakeRustlsConnect, Fault> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err(Fault::away(
            "the system trusts no certificate, so that TLS cannot work; on Debian, the package ca-certificates brings some",
        ));
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::away(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(config))
}
