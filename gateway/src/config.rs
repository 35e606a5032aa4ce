//! Settings: options on the command line override those in a file. Secrets come from the environment.

use crate::{
	proxies::Network,
	state::Place,
	vault::{Limits, ledger::Quotas},
};
use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand, ValueEnum};
use medblock_primitives::HospitalId;
use medblock_vault_protocol::{Address, is_private, uploads};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{
	net::{Ipv4Addr, SocketAddr},
	path::{Path, PathBuf},
	time::Duration,
};
use url::Url;

/// A hospital's vault of encrypted records: serves a record only to accounts that the chain allows to read it.
#[derive(Debug, Parser)]
#[command(name = "medblock-gateway", version, after_help = ENVIRONMENT)]
pub struct Cli {
	/// A TOML file with any of the options below, by their long names
	#[arg(long, value_name = "FILE")]
	pub config: Option<PathBuf>,

	/// Options that the file can set, too
	#[command(flatten)]
	pub options: Options,

	/// What to do instead of serving
	#[command(subcommand)]
	pub command: Option<Command>,
}

/// What the program does instead of serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
	/// Look after the vault's files. The gateway may run meanwhile
	#[command(subcommand)]
	Vault(VaultCommand),
}

/// What an administrator does with the vault's files.
#[derive(Clone, Debug, Subcommand)]
pub enum VaultCommand {
	/// Hash files again, and list those whose bytes have changed or can't be read. Exits with 3 if there are any
	Verify(Verify),

	/// Say that a back-up is complete: clients then delete their copies of what was in the vault when it began
	BackedUp {
		/// When the back-up began, such as 2026-11-23T02:00:00Z
		#[arg(long, value_name = "TIME")]
		began: String,
	},
}

/// Which files to hash again, and what to do with damaged ones.
#[derive(Args, Clone, Copy, Debug)]
pub struct Verify {
	/// Percentage of the files to hash, chosen at random
	#[arg(
		long,
		value_name = "PERCENT",
		default_value_t = 100,
		value_parser = clap::value_parser!(u8).range(1..=100)
	)]
	pub sample: u8,

	/// Move damaged files to blobs/damaged, so that the vault can get them again: from a mirror once the gateway was
	/// started again, or from people. Not with a bucket
	#[arg(long)]
	pub set_aside: bool,

	/// Print the result as one JSON document
	#[arg(long)]
	pub json: bool,
}

/// The file with what the vault has to remember, in its folder.
pub const STATE: &str = "state.sqlite";
/// The part of all connections that one address may have: one of so many.
const SHARE_OF_ADDRESS: usize = 4;
/// The fewest years for which disclosures are kept.
const LEAST_YEARS: u16 = 3;
/// A year, and a leap year, too.
const YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

const ENVIRONMENT: &str = "Environment:\n  \
	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION\n          \
	For --store s3://…\n  \
	PGPASSWORD, or PGPASSFILE with a file as ~/.pgpass\n          \
	For --state postgres://…\n  \
	RUST_LOG\n          \
	Log filter, such as `medblock_gateway=debug` [default: info]\n\n\
	SIGTERM and SIGINT end the gateway once requests in flight are answered, after half a minute at most. \
	SIGHUP makes it read its TLS certificate again.";

/// Reads a URL from text.
fn parsed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
	let text = String::deserialize(from)?;
	text.parse().map(Some).map_err(D::Error::custom)
}

/// All settings, each of them optional.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Options {
	/// A node's WebSocket address, such as ws://127.0.0.1:9944. Give several, and the gateway asks the next
	/// one when a node does not answer
	#[arg(long, value_name = "URL")]
	pub node: Vec<String>,

	/// WebSocket address of another hospital's node, such as wss://vault.east.example:9443. Nothing is deleted
	/// unless it and the gateway's own node agree. Give several, and the gateway asks the next one when one does not
	/// answer [default: none, so that nothing is deleted]
	#[arg(long, value_name = "URL")]
	pub witness: Vec<String>,

	/// The number of the hospital whose vault this is
	#[arg(long, value_name = "ID")]
	pub hospital: Option<u32>,

	/// Address to listen on [default: 127.0.0.1:8440]
	#[arg(long, value_name = "ADDRESS")]
	pub listen: Option<SocketAddr>,

	/// Address to serve metrics for Prometheus on, such as 127.0.0.1:9616: over plain HTTP, to every client
	/// that reaches it [default: none]
	#[arg(long, value_name = "ADDRESS")]
	pub metrics_listen: Option<SocketAddr>,

	/// The vault's own URL, which people sign in to [default: the one on the chain]
	#[arg(long, value_name = "URL")]
	#[serde(deserialize_with = "parsed")]
	pub url: Option<Url>,

	/// Folder for unfinished uploads, disclosures and, unless a bucket has them, files
	#[arg(long, value_name = "FOLDER")]
	pub data: Option<PathBuf>,

	/// Where the vault keeps what it has to remember beside files: `file` (below --data) or, for several gateways with one
	/// bucket, postgres://user@host/database [default: file]
	#[arg(long, value_name = "WHERE")]
	pub state: Option<String>,

	/// Store for files: `file` (below --data) or s3://bucket/prefix [default: file]
	#[arg(long, value_name = "WHERE")]
	pub store: Option<String>,

	/// URL of the S3-compatible service: https, or http on this machine [default: AWS]
	#[arg(long, value_name = "URL")]
	#[serde(deserialize_with = "parsed")]
	pub s3_endpoint: Option<Url>,

	/// Take a bucket with files although nothing shows that they are this vault's: once, for a vault whose --data is
	/// lost. A bucket that belongs to another hospital or chain is refused all the same
	#[arg(long)]
	pub adopt_bucket: bool,

	/// File with the TLS certificate chain, in PEM
	#[arg(long, value_name = "FILE", requires = "tls_key")]
	pub tls_certificate: Option<PathBuf>,

	/// File with the certificate's private key, in PEM
	#[arg(long, value_name = "FILE", requires = "tls_certificate")]
	pub tls_key: Option<PathBuf>,

	/// Allow --listen on any address without a certificate, because a proxy in front does TLS
	#[arg(long)]
	pub behind_proxy: bool,

	/// Size limit of a file [default: 8GiB]
	#[arg(long, value_name = "BYTES")]
	pub max_file: Option<ByteSize>,

	/// Quota of an account's uploads that no final block names yet [default: 32GiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_per_account: Option<ByteSize>,

	/// Quota of all files of a patient [default: 256GiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_per_patient: Option<ByteSize>,

	/// Quota of all files of a patient who is not verified yet [default: 16MiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_pending: Option<ByteSize>,

	/// Quota of all accounts' uploads together that no final block names yet [default: 256GiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_unnamed: Option<ByteSize>,

	/// Free bytes that uploads leave on the disk of --data, so that reading can go on when they are refused; 0 for
	/// none [default: 1GiB]
	#[arg(long, value_name = "BYTES")]
	pub disk_reserve: Option<ByteSize>,

	/// Folder with the portal: the web pages for patients, doctors and the desk, with their manifest.json
	/// [default: none]
	#[arg(long, value_name = "FOLDER")]
	pub portal: Option<PathBuf>,

	/// Serve the portal although the hospitals do not list it on the chain: for trying out one of your own. The
	/// other hospitals' gateways report it
	#[arg(long)]
	pub portal_unlisted: bool,

	/// Time between two checks of all hospitals' portals against the chain's list; 0 for no checks
	/// [default: 3600 with --portal, otherwise 0]
	#[arg(long, value_name = "SECONDS")]
	pub portal_check_interval: Option<u64>,

	/// Open the door to the node at /v1/rpc, which answers each account about itself. --portal opens it, too
	#[arg(long)]
	pub rpc_door: bool,

	/// Limit of connections to the node at once [default: 256]
	#[arg(long, value_name = "NUMBER")]
	pub max_rpc_connections: Option<usize>,

	/// Address or network of a proxy in front, such as 10.0.0.0/8: what it says of a client's address
	/// (X-Forwarded-For) counts. Give several if there are [default: 127.0.0.0/8 ::1]
	#[arg(long, visible_alias = "trusted-proxy", value_name = "NETWORK")]
	#[serde(alias = "trusted-proxy")]
	pub proxy: Vec<Network>,

	/// Limit of connections at once, for each address to listen on; further ones wait [default: 512]
	#[arg(long, value_name = "NUMBER")]
	pub max_connections: Option<usize>,

	/// Limit of connections at once from one client's address, of IPv6 its first 64 bits; further ones wait. As many
	/// requests of an address may be under way, through a proxy, too; further ones are told to try again. The
	/// addresses of --proxy have no limit of their own [default: a quarter of --max-connections]
	#[arg(long, value_name = "NUMBER")]
	pub connections_per_address: Option<usize>,

	/// Limit of uploads at once; further ones are told to try again [default: 64]
	#[arg(long, value_name = "NUMBER")]
	pub max_uploads: Option<usize>,

	/// Limit of an account's uploads at once [default: 8, as many as a client sends at a time]
	#[arg(long, value_name = "NUMBER")]
	pub max_uploads_per_account: Option<usize>,

	/// Limit of an account's downloads in a row, each of a file or a part of one; two a second come back
	/// [default: 20000]
	#[arg(long, value_name = "NUMBER")]
	pub downloads_per_account: Option<usize>,

	/// Limit of downloads at once; further ones are told to try again [default: 256]
	#[arg(long, value_name = "NUMBER")]
	pub max_downloads: Option<usize>,

	/// Limit of an account's downloads at once [default: 16, twice as many as a client asks for at a time]
	#[arg(long, value_name = "NUMBER")]
	pub max_downloads_per_account: Option<usize>,

	/// Time limit for a request's headers [default: 10]
	#[arg(long, value_name = "SECONDS")]
	pub header_timeout: Option<u64>,

	/// Time limit for a body that stands still, either way, and for an upload slower than 1 KiB a second. A
	/// download has to move by 128 KiB in this time [default: 30]
	#[arg(long, value_name = "SECONDS")]
	pub idle_timeout: Option<u64>,

	/// Time between two garbage collections of uploads that nothing names [default: 600]
	#[arg(long, value_name = "SECONDS")]
	pub sweep_interval: Option<u64>,

	/// Time between two looks for files that this vault is to keep and another hospital's has, which it fetches then; 0 for
	/// none [default: 60]
	#[arg(long, value_name = "SECONDS")]
	pub fetch_interval: Option<u64>,

	/// Percentage of all files that garbage collection may take in one walk through all charts, of which it looks at 2048
	/// each time; if more are due, it takes none and says so [default: 2]
	#[arg(long, value_name = "PERCENT")]
	pub sweep_limit: Option<u8>,

	/// Longest time until what was given out is on the chain, if the hospital's controller has named the vault's account;
	/// at least 600 [default: 3600]
	#[arg(long, value_name = "SECONDS")]
	pub anchor_interval: Option<u64>,

	/// Years after which the vault deletes what it wrote down of a download; at least 3 [default: never]
	#[arg(long, value_name = "YEARS")]
	pub keep_disclosures: Option<u16>,

	/// Format of the log [default: text]
	#[arg(long, value_name = "FORMAT")]
	pub log_format: Option<LogFormat>,
}

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
	/// Lines for people.
	#[default]
	Text,
	/// A JSON object a line.
	Json,
}

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

impl Cli {
	/// Reads the file, if there is one, and checks all settings.
	pub fn load(self) -> Result<Config, ConfigError> {
		let Some(path) = self.config else { return Config::new(self.options) };
		let text = match std::fs::read_to_string(&path) {
			Ok(text) => text,
			Err(why) => return Err(ConfigError::Unreadable { path, why }),
		};
		match toml::from_str(&text) {
			Ok(file) => Config::new(self.options.over(file)),
			Err(why) => Err(ConfigError::Malformed { path, why: Box::new(why) }),
		}
	}
}

impl Options {
	/// These options, and those of `file` where these say nothing.
	fn over(self, file: Self) -> Self {
		let tls = self.tls_certificate.is_some();
		Self {
			node: if self.node.is_empty() { file.node } else { self.node },
			witness: if self.witness.is_empty() { file.witness } else { self.witness },
			hospital: self.hospital.or(file.hospital),
			listen: self.listen.or(file.listen),
			metrics_listen: self.metrics_listen.or(file.metrics_listen),
			url: self.url.or(file.url),
			data: self.data.or(file.data),
			state: self.state.or(file.state),
			store: self.store.or(file.store),
			s3_endpoint: self.s3_endpoint.or(file.s3_endpoint),
			adopt_bucket: self.adopt_bucket || file.adopt_bucket,
			// A certificate and its key come from the same place.
			tls_certificate: if tls { self.tls_certificate } else { file.tls_certificate },
			tls_key: if tls { self.tls_key } else { file.tls_key },
			behind_proxy: self.behind_proxy || file.behind_proxy,
			max_file: self.max_file.or(file.max_file),
			quota_per_account: self.quota_per_account.or(file.quota_per_account),
			quota_per_patient: self.quota_per_patient.or(file.quota_per_patient),
			quota_pending: self.quota_pending.or(file.quota_pending),
			quota_unnamed: self.quota_unnamed.or(file.quota_unnamed),
			disk_reserve: self.disk_reserve.or(file.disk_reserve),
			portal: self.portal.or(file.portal),
			portal_unlisted: self.portal_unlisted || file.portal_unlisted,
			portal_check_interval: self.portal_check_interval.or(file.portal_check_interval),
			rpc_door: self.rpc_door || file.rpc_door,
			max_rpc_connections: self.max_rpc_connections.or(file.max_rpc_connections),
			proxy: if self.proxy.is_empty() { file.proxy } else { self.proxy },
			max_connections: self.max_connections.or(file.max_connections),
			connections_per_address: self.connections_per_address.or(file.connections_per_address),
			max_uploads: self.max_uploads.or(file.max_uploads),
			max_uploads_per_account: self.max_uploads_per_account.or(file.max_uploads_per_account),
			downloads_per_account: self.downloads_per_account.or(file.downloads_per_account),
			max_downloads: self.max_downloads.or(file.max_downloads),
			max_downloads_per_account: self
				.max_downloads_per_account
				.or(file.max_downloads_per_account),
			header_timeout: self.header_timeout.or(file.header_timeout),
			idle_timeout: self.idle_timeout.or(file.idle_timeout),
			sweep_interval: self.sweep_interval.or(file.sweep_interval),
			fetch_interval: self.fetch_interval.or(file.fetch_interval),
			sweep_limit: self.sweep_limit.or(file.sweep_limit),
			anchor_interval: self.anchor_interval.or(file.anchor_interval),
			keep_disclosures: self.keep_disclosures.or(file.keep_disclosures),
			log_format: self.log_format.or(file.log_format),
		}
	}
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
