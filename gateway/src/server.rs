//! Starting, listening, and ending in good order.

mod connections;
mod serving;
mod shares;

use crate::{
	authority::{Authority, Nodes},
	config::{Config, StoreConfig},
	copies::Copies,
	disclosures::Disclosures,
	door::Door,
	downloads::Downloads,
	http::{App, GLANCE, metrics_router, router},
	metrics::Metrics,
	portal::{self, Pages},
	recent::Recent,
	sessions::Sessions,
	vault::{self, Vault, slots::Slots, store::Store},
};
use axum_server::{
	Handle, Server,
	tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use connections::Limited;
use hyper_util::rt::TokioTimer;
use rustls::{ServerConfig, pki_types::pem::PemObject};
use shares::Shares;
use std::{
	error::Error,
	fs::{self, File},
	net::{SocketAddr, TcpListener},
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use tokio::{
	signal::unix::{Signal, SignalKind, signal},
	sync::watch,
	task::JoinSet,
	time::MissedTickBehavior,
};
use tokio_util::task::TaskTracker;

/// The time that requests in flight get when the gateway ends.
const GRACE: Duration = Duration::from_secs(20);
/// The time that work without a connection gets after that.
const LAST_WRITES: Duration = Duration::from_secs(10);
/// The time until garbage collection is tried again when the node did not answer.
const SWEEP_AGAIN: Duration = Duration::from_secs(60);
/// The most bytes that are read from a connection at a time, and so the most that a request's line and
/// headers may have.
const READ_BUFFER: usize = 128 * 1024;
/// The most headers of a request.
const MAX_HEADERS: usize = 64;

type Failure = Box<dyn Error + Send + Sync>;

/// Serves until a signal ends it.
pub fn run(config: Config) -> Result<(), Failure> {
	let _ = rustls::crypto::ring::default_provider().install_default();
	vault::prepare(&config.data)
		.map_err(|why| format!("{} can't be used: {why}", config.data.display()))?;
	let _lock = lock(&config.data)?;
	let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
	let ended = runtime.block_on(serve(config));
	// Reads from closed sockets need not be waited for.
	runtime.shutdown_timeout(Duration::from_secs(1));
	ended
}

/// Locks the folder: two gateways on the same files would not know of each other's uploads.
fn lock(data: &Path) -> Result<File, Failure> {
	let file = File::create(data.join("lock"))?;
	match file.try_lock() {
		Ok(()) => Ok(file),
		Err(fs::TryLockError::WouldBlock) => {
			Err(format!("another gateway uses {}", data.display()).into())
		},
		Err(fs::TryLockError::Error(why)) => Err(why.into()),
	}
}

async fn serve(config: Config) -> Result<(), Failure> {
	// From the start: an unhandled signal would end the process.
	let hangup = signal(SignalKind::hangup())?;
	let app = Arc::new(open(&config)?);
	let mut background = JoinSet::new();
	background.spawn(sweep(app.clone(), config.sweep_interval));
	background.spawn(portal::follow(app.clone(), config.portal_check_interval));
	if let Some(interval) = config.portal_check_interval {
		background.spawn(portal::watch(app.clone(), interval)?);
	}
	let listener = listen(config.listen, "--listen")?;
	let metrics_listener =
		config.metrics_listen.map(|address| listen(address, "--metrics-listen")).transpose()?;
	let address = listener.local_addr()?;
	let metrics = metrics_listener.as_ref().map(TcpListener::local_addr).transpose()?;
	let metrics_handle = Handle::new();
	let (end, ending) = watch::channel(false);
	tokio::spawn(end_on_signal(end, metrics_handle.clone())?);
	let metrics = metrics.map(tracing::field::display);
	tracing::info!(%address, metrics, tls = config.tls.is_some(), "listening");
	tokio::try_join!(
		serve_vault(listener, ending, hangup, &app, &config),
		serve_metrics(metrics_listener, metrics_handle, &app, &config),
	)?;
	background.abort_all();
	// Uploads whose connections are gone write the bytes that they have.
	app.tasks.close();
	if tokio::time::timeout(LAST_WRITES, app.tasks.wait()).await.is_err() {
		tracing::warn!("some uploads were still being stored; clients can resume them");
	}
	tracing::info!("ended");
	Ok(())
}

/// Listens on the address that an option names.
fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
	let listener = TcpListener::bind(address)
		.map_err(|why| format!("{option}: {address} can't be listened on: {why}"))?;
	listener.set_nonblocking(true)?;
	Ok(listener)
}

/// Serves the vault's protocol, over TLS if there is a certificate.
async fn serve_vault(
	listener: TcpListener,
	ending: watch::Receiver<bool>,
	hangup: Signal,
	app: &Arc<App>,
	config: &Config,
) -> Result<(), Failure> {
	let shares = Shares::new(config.connections_per_address, config.proxies.clone());
	let limited = Limited::new(config.max_connections, config.limits.idle).shared(shares);
	let (service, timeout) = (router(app.clone()), config.header_timeout);
	match &config.tls {
		None => {
			tokio::spawn(nothing_to_reload(hangup));
			serving::serve(listener, limited, service, timeout, ending).await?;
		},
		Some((certificate, key)) => {
			let metrics = app.metrics.clone();
			let tls = RustlsConfig::from_config(Arc::new(tls(certificate, key, &metrics)?));
			let paths = (certificate.clone(), key.clone());
			tokio::spawn(reload_on_signal(hangup, tls.clone(), paths, metrics));
			let acceptor = RustlsAcceptor::new(tls).acceptor(limited);
			serving::serve(listener, acceptor, service, timeout, ending).await?;
		},
	}
	Ok(())
}

/// Serves the metrics, if an address is set for them. They have connections of their own, so that they can
/// be read when the vault has none left.
async fn serve_metrics(
	listener: Option<TcpListener>,
	handle: Handle<SocketAddr>,
	app: &Arc<App>,
	config: &Config,
) -> Result<(), Failure> {
	let Some(listener) = listener else { return Ok(()) };
	let limited = Limited::new(config.max_connections, config.limits.idle);
	let server = axum_server::from_tcp(listener)?.handle(handle).acceptor(limited);
	let service = metrics_router(app.clone()).into_make_service();
	speaking_http(server, config).serve(service).await?;
	Ok(())
}

fn open(config: &Config) -> Result<App, Failure> {
	let metrics = Arc::new(Metrics::new()?);
	let nodes = Nodes::new(&config.nodes, &config.data, config.hospital, metrics.clone())
		.map_err(|why| format!("{} can't be used: {why}", config.data.display()))?;
	let store = match &config.store {
		StoreConfig::Folder => Store::folder(&config.data.join("blobs"))?,
		StoreConfig::Bucket { url, endpoint } => Store::bucket(url, endpoint.as_ref())?,
	};
	let portal = config.portal.as_ref().map(|folder| Pages::open(folder, config.portal_unlisted));
	let portal = portal.transpose().map_err(|why| format!("--portal can't be served: {why}"))?;
	Ok(App {
		door: config.door.map(Door::new),
		proxies: config.proxies.clone(),
		portal,
		is_secure: config.is_secure,
		authority: Authority::new(nodes, config.hospital, config.address.clone()),
		glance: Recent::new(GLANCE),
		sessions: Sessions::default(),
		copies: Copies::new(store.clone(), metrics.clone()),
		vault: Vault::open(&config.data, store, config.limits.clone(), metrics.clone())?,
		disclosures: Disclosures::open(config.data.join("disclosures"))?,
		downloads: Downloads::new(config.downloads_per_account),
		metrics,
		data: config.data.clone(),
		uploads: Arc::new(Slots::new(config.max_uploads, config.max_uploads_per_account)),
		tasks: TaskTracker::new(),
	})
}

/// Sets the server to HTTP/1.1 with limits on the headers' size and time.
fn speaking_http<A>(server: Server<SocketAddr, A>, config: &Config) -> Server<SocketAddr, A> {
	let mut server = server.http1_only();
	server
		.http_builder()
		.http1()
		.timer(TokioTimer::new())
		.header_read_timeout(config.header_timeout)
		.max_buf_size(READ_BUFFER)
		.max_headers(MAX_HEADERS);
	server
}

/// Sets up TLS 1.2 and 1.3 with HTTP/1.1 alone: the limits are made for one stream a connection.
fn tls(certificate: &Path, key: &Path, metrics: &Metrics) -> Result<ServerConfig, Failure> {
	use rustls::pki_types::{CertificateDer, PrivateKeyDer};
	let named = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
	let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
		.map_err(|why| named(certificate, &why))?
		.collect();
	let chain = chain.map_err(|why| named(certificate, &why))?;
	if chain.is_empty() {
		return Err(named(certificate, &"there is no certificate in it").into());
	}
	let private = PrivateKeyDer::from_pem_file(key).map_err(|why| named(key, &why))?;
	let expires = chain.first().and_then(|leaf| expiry(leaf));
	let mut config = ServerConfig::builder()
		.with_no_client_auth()
		.with_single_cert(chain, private)
		.map_err(|why| named(certificate, &why))?;
	config.alpn_protocols = vec![b"http/1.1".to_vec()];
	// Only now that this certificate is going to be used.
	metrics.certificate_expires.set(expires.unwrap_or_default());
	Ok(config)
}

/// When a certificate expires, in seconds since 1970.
fn expiry(certificate: &[u8]) -> Option<i64> {
	let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
	Some(parsed.validity().not_after.timestamp())
}

fn end_on_signal(
	end: watch::Sender<bool>,
	metrics: Handle<SocketAddr>,
) -> std::io::Result<impl std::future::Future<Output = ()>> {
	let mut terminate = signal(SignalKind::terminate())?;
	let mut interrupt = signal(SignalKind::interrupt())?;
	Ok(async move {
		tokio::select! {
			_ = terminate.recv() => (),
			_ = interrupt.recv() => (),
		}
		end.send_replace(true);
		metrics.graceful_shutdown(Some(GRACE));
		tracing::info!("ending: requests in flight are answered first");
	})
}

/// Reads the certificate again at each signal.
async fn reload_on_signal(
	mut hangup: Signal,
	config: RustlsConfig,
	(certificate, key): (PathBuf, PathBuf),
	metrics: Arc<Metrics>,
) {
	while hangup.recv().await.is_some() {
		match tls(&certificate, &key, &metrics) {
			Ok(new) => {
				config.reload_from_config(Arc::new(new));
				tracing::info!("the certificate was read again");
			},
			Err(why) => tracing::error!(%why, "the old certificate stays in use"),
		}
	}
}

/// Ignores the signal: a proxy in front has the certificate.
async fn nothing_to_reload(mut hangup: Signal) {
	while hangup.recv().await.is_some() {
		tracing::info!("there is no certificate to read again");
	}
}

/// Collects garbage now and at each interval.
async fn sweep(app: Arc<App>, interval: Duration) {
	let mut ticks = tokio::time::interval(interval);
	ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
	loop {
		ticks.tick().await;
		if let Err(why) = app.vault.sweep(&app.authority).await {
			let code = why.code().as_str();
			tracing::warn!(code, "garbage collection stopped; the next one continues");
			ticks.reset_after(interval.min(SWEEP_AGAIN));
		}
	}
}
