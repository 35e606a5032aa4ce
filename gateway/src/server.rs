//! Starting, listening, and ending in good order.

mod bucket;
mod connections;
mod serving;
mod shares;

use crate::{
	authority::{Authority, Nodes, Witness},
	config::{Config, StoreConfig},
	copies::Copies,
	disclosures::Disclosures,
	door::Door,
	downloads::{DownloadSlots, Downloads},
	errors::Refusal,
	fetching, files,
	http::{App, GLANCE, InFlight, metrics_router, router},
	import,
	metrics::Metrics,
	portal::{self, Pages},
	receipts::{self, Receipts},
	recent::Recent,
	retention,
	sessions::Sessions,
	state::{Leader, State},
	texts::Texts,
	vault::{
		self, Vault,
		lease::{Lease, Refused},
		slots::Slots,
		store::Store,
	},
};
use axum_server::{
	Handle, Server,
	tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use bucket::{Bucket, Shared};
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
	net::TcpSocket,
	signal::unix::{Signal, SignalKind, signal},
	sync::watch,
	task::JoinSet,
	time::{MissedTickBehavior, timeout},
};
use tokio_util::task::TaskTracker;

/// The time that requests in flight get when the gateway ends.
const GRACE: Duration = Duration::from_secs(20);
/// The time that work without a connection gets after that.
const LAST_WRITES: Duration = Duration::from_secs(10);
/// The time after which the gateway listens although it does not hold its bucket yet.
const FIRST_HOLD: Duration = Duration::from_secs(10);
/// The time until garbage collection is tried again when the node did not answer.
const SWEEP_AGAIN: Duration = Duration::from_secs(60);
/// The time until it is looked at again whether the chain is known that the database belongs to.
const BIND_AGAIN: Duration = Duration::from_secs(5);
/// The longest time until a bucket that can't be used is looked at again.
const STORE_SOON: Duration = Duration::from_secs(5);
/// The most bytes that are read from a connection at a time, and so the most that a request's line and
/// headers may have.
const READ_BUFFER: usize = 128 * 1024;
/// The most headers of a request.
const MAX_HEADERS: usize = 64;
/// The bytes that the system may hold for a client that takes them slowly. A socket takes more once a third of them has
/// gone out: without a bound these are megabytes, for which a reader of 20 kB a second needs longer than a connection
/// may stand still.
const SEND_BUFFER: u32 = 256 * 1024;
/// The connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

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
	let store = store(&config)?;
	let (app, state) = open(&config, store.clone()).await?;
	let app = Arc::new(app);
	let bucket = match store.is_local() {
		true => None,
		false => {
			let holder = match state.is_shared() {
				true => state.identity().await?.holder,
				false => files::name_of(&config.data)?,
			};
			Some(Bucket::new(&store, &config, holder, app.vault.ledger()))
		},
	};
	let mut background = JoinSet::new();
	background.spawn(campaign(app.clone(), state.clone()));
	// First: what is wrong with a bucket is said, however long taking it lasts.
	if !app.vault.is_local() {
		background.spawn(look_at_store(app.clone(), config.store_interval));
	}
	let mut holding = Holding::Not;
	if let Some(bucket) = bucket {
		holding = Holding::begin(bucket, &app, state.is_shared()).await?;
	}
	background.spawn(sweep(app.clone(), config.sweep_interval));
	if config.state.is_shared() {
		background.spawn(follow_sign_ins(app.clone()));
	}
	background.spawn(receipts::keep_anchored(app.clone(), config.anchor_interval));
	if let Some(kept) = config.keep_disclosures {
		background.spawn(retention::keep(app.clone(), kept));
	}
	if let Some(interval) = config.fetch_interval {
		background.spawn(fetching::keep(app.clone(), config.data.clone(), interval)?);
	}
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
	let serving = async {
		tokio::try_join!(
			serve_vault(listener, ending, hangup, &app, &config),
			serve_metrics(metrics_listener, metrics_handle, &app, &config),
		)
	};
	tokio::select! {
		served = serving => {
			served?;
		},
		why = holding.keep(&app) => return Err(why.into()),
		why = belongs(&state, &app) => return Err(why),
	}
	background.abort_all();
	// Uploads whose connections are gone write the bytes that they have.
	app.tasks.close();
	if tokio::time::timeout(LAST_WRITES, app.tasks.wait()).await.is_err() {
		tracing::warn!("some uploads were still being stored; clients can resume them");
	}
	tracing::info!("ended");
	Ok(())
}

/// What this gateway does to hold its bucket.
enum Holding {
	/// It has none.
	Not,
	/// It holds it alone.
	Alone(Bucket, Option<Lease>),
	/// It holds it with the vault's other gateways.
	Shared(Bucket, Shared),
}

impl Holding {
	/// Takes the bucket, and does not wait for ever for that.
	async fn begin(bucket: Bucket, app: &App, is_shared: bool) -> Result<Self, Refused> {
		let authority = &app.authority;
		if is_shared {
			let mut shared = Shared::default();
			let first = shared.first(&bucket, authority, &app.leader);
			timeout(FIRST_HOLD, first).await.unwrap_or(Ok(()))?;
			return Ok(Self::Shared(bucket, shared));
		}
		let lease = timeout(FIRST_HOLD, bucket.take(authority)).await.unwrap_or(Ok(None))?;
		Ok(Self::Alone(bucket, lease))
	}

	/// Holds the bucket, and returns why that is no longer possible. Another vault's gateway may change it then.
	async fn keep(self, app: &App) -> Refused {
		match self {
			Self::Not => std::future::pending().await,
			Self::Alone(bucket, lease) => bucket.keep(lease, &app.authority).await,
			Self::Shared(bucket, shared) => shared.keep(&bucket, &app.authority, &app.leader).await,
		}
	}
}

/// Binds the database to the chain once that is known, and returns why that is not possible.
async fn belongs(state: &State, app: &App) -> Failure {
	loop {
		let bound = match app.authority.genesis() {
			Some(genesis) => state.bind(genesis).await.map(Some),
			None => Ok(None),
		};
		match bound {
			Ok(None) => (),
			Ok(Some(true)) => return std::future::pending().await,
			Ok(Some(false)) => return "the database belongs to another chain".into(),
			Err(why) => tracing::warn!(%why, "the database can't be bound to the chain now"),
		}
		tokio::time::sleep(BIND_AGAIN).await;
	}
}

/// Listens on the address that an option names.
fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
	let listening = || {
		let socket = match address {
			SocketAddr::V4(_) => TcpSocket::new_v4()?,
			SocketAddr::V6(_) => TcpSocket::new_v6()?,
		};
		socket.set_reuseaddr(true)?;
		// Accepted connections have it, too.
		socket.set_send_buffer_size(SEND_BUFFER)?;
		socket.bind(address)?;
		socket.listen(BACKLOG)?.into_std()
	};
	let listener =
		listening().map_err(|why| format!("{option}: {address} can't be listened on: {why}"))?;
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
	let limited = Limited::new(config.max_connections, config.limits.idle)
		.shared(shares)
		.counted(app.metrics.connections.clone());
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

fn store(config: &Config) -> Result<Store, Failure> {
	Ok(match &config.store {
		StoreConfig::Folder => Store::folder(&config.data.join("blobs"))?,
		StoreConfig::Bucket { url, endpoint } => Store::bucket(url, endpoint.as_ref())?.leased(),
	})
}

async fn open(config: &Config, store: Store) -> Result<(App, State), Failure> {
	let metrics = Arc::new(Metrics::new()?);
	let nodes = Nodes::new(&config.nodes, &config.data, config.hospital, metrics.clone())
		.map_err(|why| format!("{} can't be used: {why}", config.data.display()))?;
	import::ensure_here(&config.data, &config.state)
		.map_err(|why| format!("the vault's state can't be used: {why}"))?;
	let state = State::open(&config.state, config.hospital)
		.await
		.map_err(|why| format!("the vault's state can't be used: {why}"))?;
	if let Some(genesis) = state.identity().await?.genesis {
		nodes.bind(genesis).map_err(|_| "the database belongs to another chain")?;
	}
	import::take_over(&config.data, &state)
		.await
		.map_err(|why| format!("the folders of an earlier version can't be taken over: {why}"))?;
	let witness = Witness::new(config.witnesses.clone());
	let portal = config.portal.as_ref().map(|folder| Pages::open(folder, config.portal_unlisted));
	let portal = portal.transpose().map_err(|why| format!("--portal can't be served: {why}"))?;
	let app = App {
		door: config.door.map(Door::new),
		proxies: config.proxies.clone(),
		portal,
		is_secure: config.is_secure,
		authority: Authority::new(nodes, witness, config.hospital, config.address.clone()),
		glance: Recent::new(GLANCE),
		log: Recent::new(GLANCE),
		unnamed: Recent::new(GLANCE),
		sessions: match state.is_shared() {
			true => Sessions::shared(state.clone()).await?,
			false => Sessions::default(),
		},
		copies: match state.is_shared() {
			true => Copies::new(store.clone(), metrics.clone()).shared(state.clone()),
			false => Copies::new(store.clone(), metrics.clone()),
		},
		texts: Texts::new(store.clone(), metrics.clone()),
		vault: Vault::open(
			&config.data,
			state.clone(),
			store,
			config.limits.clone(),
			metrics.clone(),
		)?,
		leader: Leader::new(&state),
		disclosures: Disclosures::new(state.clone()),
		receipts: match state.is_shared() {
			true => Receipts::shared(&config.data, config.hospital, state.clone()).await?,
			false => Receipts::open(&config.data, config.hospital)?,
		},
		downloads: Downloads::new(config.downloads_per_account),
		download_slots: Arc::new(DownloadSlots::new(
			config.max_downloads,
			config.max_downloads_per_account,
		)),
		metrics,
		uploads: Arc::new(Slots::new(config.max_uploads, config.max_uploads_per_account)),
		in_flight: Arc::new(InFlight::new(config.connections_per_address)),
		tasks: TaskTracker::new(),
	};
	Ok((app, state))
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

/// Sets up TLS 1.2 and 1.3 with HTTP/2 and HTTP/1.1.
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
	config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
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

/// Looks at each interval whether the bucket can be used.
async fn look_at_store(app: Arc<App>, interval: Duration) {
	loop {
		let pause = match app.vault.look_at_store().await {
			true => interval,
			false => interval.min(STORE_SOON),
		};
		tokio::time::sleep(pause).await;
	}
}

/// Leads the vault's gateways whenever no other one does.
async fn campaign(app: Arc<App>, state: State) {
	app.leader.campaign(&state).await;
}

/// Hears what other gateways of this vault do.
async fn follow_sign_ins(app: Arc<App>) {
	app.sessions.follow().await;
}

/// Collects garbage, and counts what counts nowhere.
async fn collect(app: &App) -> Result<(), Refusal> {
	app.vault.sweep(&app.authority).await?;
	app.copies.recount().await.map(drop)
}

/// Collects garbage now and at each interval.
async fn sweep(app: Arc<App>, interval: Duration) {
	let mut ticks = tokio::time::interval(interval);
	ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
	loop {
		ticks.tick().await;
		let swept = match app.leader.leads() {
			true => collect(&app).await,
			false => {
				// It may lead soon.
				ticks.reset_after(interval.min(SWEEP_AGAIN));
				app.vault.tidy(&app.authority).await
			},
		};
		if let Err(why) = swept {
			let code = why.code().as_str();
			tracing::warn!(code, "garbage collection stopped; the next one continues");
			ticks.reset_after(interval.min(SWEEP_AGAIN));
		}
	}
}
