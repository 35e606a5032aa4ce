//! Settings: options on the command line override those in a file. Secrets come from the environment.

mod cli;
mod options;

pub use cli::{Cli, Command, VaultCommand, Verify};
pub use options::{LogFormat, Options};

use crate::{
	proxies::Network,
	state::Place,
	vault::{Limits, ledger::Quotas},
};
use bytesize::ByteSize;
use medblock_primitives::HospitalId;
use medblock_vault_protocol::{Address, is_private, uploads};
use std::{
	net::{Ipv4Addr, SocketAddr},
	path::{Path, PathBuf},
	time::Duration,
};
use url::Url;

/// The file with what the vault has to remember, in its folder.
pub const STATE: &str = "state.sqlite";
/// The part of all connections that one address may have: one of so many.
const SHARE_OF_ADDRESS: usize = 4;
/// The fewest years for which disclosures are kept.
const LEAST_YEARS: u16 = 3;
/// A year, and a leap year, too.
const YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// An error in the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
	/// The file can't be read.
	#[error("{}: {why}", .path.display())]
	Unreadable {
		/// The file.
		path: PathBuf,
		/// The system's reason.
		why: std::io::Error,
	},
	/// The file has another form than settings.
	#[error("{}: {why}", .path.display())]
	Malformed {
		/// The file.
		path: PathBuf,
		/// The parser's reason.
		why: Box<toml::de::Error>,
	},
	/// A setting is missing or wrong.
	#[error("{0}")]
	Wrong(&'static str),
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
	/// The WebSocket addresses of nodes.
	pub nodes: Vec<String>,
	/// The WebSocket addresses of other hospitals' nodes, of which one has to agree before anything is deleted.
	pub witnesses: Vec<String>,
	/// The hospital whose vault this is.
	pub hospital: HospitalId,
	/// The address to listen on.
	pub listen: SocketAddr,
	/// The address to serve metrics on, if there is one.
	pub metrics_listen: Option<SocketAddr>,
	/// The vault's own address, unless the chain is to name it.
	pub address: Option<Address>,
	/// The folder of the vault's own files.
	pub data: PathBuf,
	/// Where the vault keeps what it has to remember beside files.
	pub state: Place,
	/// The store for files.
	pub store: StoreConfig,
	/// Whether to take a bucket with files that nothing shows to be this vault's.
	pub adopt_bucket: bool,
	/// The files with the certificate and its key, in PEM.
	pub tls: Option<(PathBuf, PathBuf)>,
	/// The limit of connections through the door to the node, if it is open.
	pub door: Option<usize>,
	/// The proxies whose word on a client's address counts.
	pub proxies: Vec<Network>,
	/// The folder with the portal, if there is one.
	pub portal: Option<PathBuf>,
	/// Whether the portal is served although the chain does not list it.
	pub portal_unlisted: bool,
	/// The time between two checks of all hospitals' portals; none for no checks.
	pub portal_check_interval: Option<Duration>,
	/// Whether clients reach the gateway over TLS, its own or a proxy's.
	pub is_secure: bool,
	/// The limits of uploads.
	pub limits: Limits,
	/// The limit of connections at once, for each address to listen on.
	pub max_connections: usize,
	/// The limit of connections, and of requests, at once from one client's address.
	pub connections_per_address: usize,
	/// The limit of uploads at once.
	pub max_uploads: usize,
	/// The limit of an account's uploads at once.
	pub max_uploads_per_account: usize,
	/// The limit of an account's downloads in a row.
	pub downloads_per_account: usize,
	/// The limit of downloads at once.
	pub max_downloads: usize,
	/// The limit of an account's downloads at once.
	pub max_downloads_per_account: usize,
	/// The time limit for a request's headers.
	pub header_timeout: Duration,
	/// The time between two looks for files that another vault has; none for no looks.
	pub fetch_interval: Option<Duration>,
	/// The time between two garbage collections.
	pub sweep_interval: Duration,
	/// The time between two looks whether the bucket can be used.
	pub store_interval: Duration,
	/// The time between two anchors of the log on the chain.
	pub anchor_interval: Duration,
	/// How long what was given out stays written down; none for ever.
	pub keep_disclosures: Option<Duration>,
	/// The format of the log.
	pub log_format: LogFormat,
}

/// The store for files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreConfig {
	/// A folder below the data folder.
	Folder,
	/// A bucket.
	Bucket {
		/// The bucket, as `s3://bucket/prefix`.
		url: Url,
		/// The URL of the service; none for AWS.
		endpoint: Option<Url>,
	},
}

impl Config {
	/// Checks settings.
	pub fn new(options: Options) -> Result<Self, ConfigError> {
		use ConfigError::Wrong;
		if options.node.is_empty() {
			return Err(Wrong("--node has to say which node to ask, such as ws://127.0.0.1:9944"));
		}
		let hospital =
			options.hospital.ok_or(Wrong("--hospital has to say whose vault this is"))?;
		let data = options.data.ok_or(Wrong("--data has to say in which folder to keep files"))?;
		let tls = match (options.tls_certificate, options.tls_key) {
			(Some(certificate), Some(key)) => Some((certificate, key)),
			(None, None) => None,
			_ => return Err(Wrong("--tls-certificate and --tls-key go together")),
		};
		let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8440));
		let listen = options.listen.unwrap_or(default);
		if tls.is_none() && !options.behind_proxy && !listen.ip().is_loopback() {
			return Err(Wrong(
				"tokens would cross the network in clear: give --tls-certificate and --tls-key, or \
				 --behind-proxy if a proxy does TLS",
			));
		}
		if options.witness.iter().any(|url| options.node.contains(url)) {
			return Err(Wrong(
				"--witness has to be another hospital's node, and not one of --node",
			));
		}
		if options.sweep_limit.is_some_and(|percent| !(1..=100).contains(&percent)) {
			return Err(Wrong("--sweep-limit has to be from 1 to 100 percent"));
		}
		if options.keep_disclosures.is_some_and(|years| years < LEAST_YEARS) {
			return Err(Wrong(
				"--keep-disclosures has to be 3 years or more: that long, patients can ask who has read their charts",
			));
		}
		let address = options.url.map(Address::try_from).transpose();
		let address =
			address.map_err(|_| Wrong("--url has to be https, or http on this machine"))?;
		let bytes = |size: Option<ByteSize>, default| size.map_or(default, |size| size.as_u64());
		let seconds = |value: Option<u64>, default| Duration::from_secs(value.unwrap_or(default));
		let positive = |value: Option<usize>, default: usize| match value {
			Some(0) => Err(Wrong(
				"--max-connections, --connections-per-address, --max-rpc-connections, --max-uploads, \
				 --max-uploads-per-account, --max-downloads, --max-downloads-per-account and \
				 --downloads-per-account have to be more than 0",
			)),
			value => Ok(value.unwrap_or(default)),
		};
		const GIB: u64 = 1024 * 1024 * 1024;
		let max_connections = positive(options.max_connections, 512)?;
		let per_address = (max_connections / SHARE_OF_ADDRESS).max(1);
		let checked = options.portal_check_interval;
		let checked = checked.unwrap_or(if options.portal.is_some() { 3_600 } else { 0 });
		let store = store(options.store.as_deref(), options.s3_endpoint)?;
		let state = state(options.state.as_deref(), &data, &store)?;
		Ok(Self {
			nodes: options.node,
			witnesses: options.witness,
			hospital: HospitalId(hospital),
			listen,
			metrics_listen: options.metrics_listen,
			address,
			state,
			data,
			store,
			adopt_bucket: options.adopt_bucket,
			door: (options.rpc_door || options.portal.is_some())
				.then(|| positive(options.max_rpc_connections, 256))
				.transpose()?,
			proxies: match options.proxy.is_empty() {
				true => Network::LOOPBACK.to_vec(),
				false => options.proxy,
			},
			portal: options.portal,
			portal_unlisted: options.portal_unlisted,
			portal_check_interval: (checked > 0).then(|| Duration::from_secs(checked)),
			is_secure: tls.is_some() || options.behind_proxy,
			tls,
			limits: Limits {
				max_file: bytes(options.max_file, 8 * GIB),
				quotas: Quotas {
					per_account: bytes(options.quota_per_account, 32 * GIB),
					per_patient: bytes(options.quota_per_patient, 256 * GIB),
					pending: bytes(options.quota_pending, 16 * 1024 * 1024),
					unnamed: bytes(options.quota_unnamed, 256 * GIB),
				},
				reserve: bytes(options.disk_reserve, GIB),
				idle: seconds(options.idle_timeout, 30),
				sweep_percent: options.sweep_limit.unwrap_or(2),
			},
			max_connections,
			connections_per_address: positive(options.connections_per_address, per_address)?,
			max_uploads: positive(options.max_uploads, 64)?,
			max_uploads_per_account: positive(options.max_uploads_per_account, uploads::AT_ONCE)?,
			downloads_per_account: positive(options.downloads_per_account, 20_000)?,
			max_downloads: positive(options.max_downloads, 256)?,
			max_downloads_per_account: positive(
				options.max_downloads_per_account,
				2 * uploads::AT_ONCE,
			)?,
			fetch_interval: Some(seconds(options.fetch_interval, 60)).filter(|one| !one.is_zero()),
			header_timeout: seconds(options.header_timeout, 10),
			sweep_interval: seconds(options.sweep_interval, 600).max(Duration::from_secs(1)),
			store_interval: seconds(options.store_interval, 60).max(Duration::from_secs(1)),
			anchor_interval: seconds(options.anchor_interval, 3_600).max(Duration::from_secs(1)),
			keep_disclosures: options
				.keep_disclosures
				.map(|years| YEAR.saturating_mul(years.into())),
			log_format: options.log_format.unwrap_or_default(),
		})
	}
}

fn state(state: Option<&str>, data: &Path, store: &StoreConfig) -> Result<Place, ConfigError> {
	use ConfigError::Wrong;
	let wrong = Wrong("--state has to be `file` or postgres://user@host/database");
	let url: Url = match state {
		None | Some("file") => return Ok(Place::File(data.join(STATE))),
		Some(text) => match text.parse() {
			Ok(url) => url,
			Err(_) => return Err(wrong),
		},
	};
	if !matches!(url.scheme(), "postgres" | "postgresql") {
		return Err(wrong);
	}
	// All users of a machine see its processes' options.
	if url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password") {
		return Err(Wrong("--state may not have a password: PGPASSWORD or ~/.pgpass has it"));
	}
	if *store == StoreConfig::Folder {
		return Err(Wrong(
			"--state postgres://… is for several gateways, and these share a bucket: --store has to name it",
		));
	}
	Ok(Place::Server(url))
}

fn store(store: Option<&str>, endpoint: Option<Url>) -> Result<StoreConfig, ConfigError> {
	let wrong = ConfigError::Wrong("--store has to be `file` or s3://bucket/prefix");
	let url: Url = match store {
		None | Some("file") => return Ok(StoreConfig::Folder),
		Some(text) => match text.parse() {
			Ok(url) => url,
			Err(_) => return Err(wrong),
		},
	};
	let plain = url.query().is_none() && url.username().is_empty() && url.port().is_none();
	if url.scheme() != "s3" || url.host_str().is_none_or(str::is_empty) || !plain {
		return Err(wrong);
	}
	if endpoint.as_ref().is_some_and(|url| !is_private(url)) {
		return Err(ConfigError::Wrong("--s3-endpoint has to be https, or http on this machine"));
	}
	Ok(StoreConfig::Bucket { url, endpoint })
}

#[cfg(test)]
mod tests;
