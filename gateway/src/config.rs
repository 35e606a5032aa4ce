//! Settings: options on the command line, which override those in a file. Secrets come from the
//! environment.

use crate::{
	authority::{domain_of, is_loopback},
	vault::{Limits, ledger::Quotas},
};
use bytesize::ByteSize;
use clap::{Args, Parser, ValueEnum};
use medblock_primitives::HospitalId;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{
	net::{Ipv4Addr, SocketAddr},
	path::PathBuf,
	time::Duration,
};
use url::Url;

/// A hospital's vault of encrypted records: serves a record only to whom the chain says may have it.
#[derive(Debug, Parser)]
#[command(name = "medblock-gateway", version, after_help = ENVIRONMENT)]
pub struct Cli {
	/// A TOML file with any of the options below, by their long names
	#[arg(long, value_name = "FILE")]
	pub config: Option<PathBuf>,

	/// What can also be set in the file
	#[command(flatten)]
	pub options: Options,
}

const ENVIRONMENT: &str = "Environment:\n  \
	AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION\n          \
	For --store s3://…\n  \
	RUST_LOG\n          \
	What is logged, such as `medblock_gateway=debug`; `info` unless set\n\n\
	SIGTERM and SIGINT end the gateway once running requests are answered, after half a minute at most. \
	SIGHUP has it read its TLS certificate again.";

/// An address that is there, as text.
fn parsed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
	let text = String::deserialize(from)?;
	text.parse().map(Some).map_err(D::Error::custom)
}

/// Every setting, each of which may be missing.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Options {
	/// A node's WebSocket address, such as ws://127.0.0.1:9944. Give more than one to have others
	/// asked when the first does not answer
	#[arg(long, value_name = "URL")]
	pub node: Vec<String>,

	/// The hospital whose vault this is
	#[arg(long, value_name = "ID")]
	pub hospital: Option<u32>,

	/// Where to listen [default: 127.0.0.1:8440]
	#[arg(long, value_name = "ADDRESS")]
	pub listen: Option<SocketAddr>,

	/// Where to serve figures for Prometheus, such as 127.0.0.1:9616, over plain HTTP and to whoever
	/// reaches that address [default: nowhere]
	#[arg(long, value_name = "ADDRESS")]
	pub metrics_listen: Option<SocketAddr>,

	/// This vault's own URL, which people sign in to [default: what the chain says]
	#[arg(long, value_name = "URL")]
	#[serde(deserialize_with = "parsed")]
	pub url: Option<Url>,

	/// The folder for unfinished uploads, disclosures and, unless they are in a bucket, files
	#[arg(long, value_name = "FOLDER")]
	pub data: Option<PathBuf>,

	/// Where files are kept: `file` (below --data) or s3://bucket/prefix [default: file]
	#[arg(long, value_name = "WHERE")]
	pub store: Option<String>,

	/// The address of the S3-compatible service; https, or http on this machine [default: AWS]
	#[arg(long, value_name = "URL")]
	#[serde(deserialize_with = "parsed")]
	pub s3_endpoint: Option<Url>,

	/// The certificate chain to show, in PEM
	#[arg(long, value_name = "FILE", requires = "tls_key")]
	pub tls_certificate: Option<PathBuf>,

	/// The certificate's private key, in PEM
	#[arg(long, value_name = "FILE", requires = "tls_certificate")]
	pub tls_key: Option<PathBuf>,

	/// A proxy in front of the gateway does TLS: allow --listen on any address without a certificate
	#[arg(long)]
	pub behind_proxy: bool,

	/// The largest file [default: 8GiB]
	#[arg(long, value_name = "BYTES")]
	pub max_file: Option<ByteSize>,

	/// Room for one account's uploads that no final block names yet [default: 32GiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_per_account: Option<ByteSize>,

	/// Room for all files of one patient [default: 256GiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_per_patient: Option<ByteSize>,

	/// Room for all files of a patient who is not verified yet [default: 16MiB]
	#[arg(long, value_name = "BYTES")]
	pub quota_pending: Option<ByteSize>,

	/// The most connections at once, to each address; others wait [default: 512]
	#[arg(long, value_name = "NUMBER")]
	pub max_connections: Option<usize>,

	/// The most uploads at once; others are told to try again [default: 64]
	#[arg(long, value_name = "NUMBER")]
	pub max_uploads: Option<usize>,

	/// The most uploads of one account at once [default: 8, as many as a client sends at a time]
	#[arg(long, value_name = "NUMBER")]
	pub max_uploads_per_account: Option<usize>,

	/// Downloads, each of a file or a part of one, that an account may ask for at once; it gets two
	/// a second back [default: 20000]
	#[arg(long, value_name = "NUMBER")]
	pub downloads_per_account: Option<usize>,

	/// Seconds in which a request's headers have to arrive [default: 10]
	#[arg(long, value_name = "SECONDS")]
	pub header_timeout: Option<u64>,

	/// Seconds for which a body may stand still, either way, and for which an upload may come with
	/// less than 1 KiB a second [default: 30]
	#[arg(long, value_name = "SECONDS")]
	pub idle_timeout: Option<u64>,

	/// Seconds between two collections of uploads that nothing names [default: 600]
	#[arg(long, value_name = "SECONDS")]
	pub sweep_interval: Option<u64>,

	/// How logs are written [default: text]
	#[arg(long, value_name = "FORMAT")]
	pub log_format: Option<LogFormat>,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
	/// Lines for people.
	#[default]
	Text,
	/// A JSON object a line.
	Json,
}

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
	/// The file can't be read.
	#[error("{}: {why}", .path.display())]
	Unreadable {
		/// Which.
		path: PathBuf,
		/// Why.
		why: std::io::Error,
	},
	/// The file is not what it has to be.
	#[error("{}: {why}", .path.display())]
	Malformed {
		/// Which.
		path: PathBuf,
		/// Why.
		why: Box<toml::de::Error>,
	},
	/// Something is missing or wrong.
	#[error("{0}")]
	Wrong(&'static str),
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
	/// WebSocket addresses of nodes.
	pub nodes: Vec<String>,
	/// Whose vault this is.
	pub hospital: HospitalId,
	/// Where to listen.
	pub listen: SocketAddr,
	/// Where to serve figures, if anywhere.
	pub metrics_listen: Option<SocketAddr>,
	/// This vault's URL, unless the chain says it.
	pub url: Option<Url>,
	/// The folder.
	pub data: PathBuf,
	/// Where files are kept.
	pub store: StoreConfig,
	/// The certificate and its key, in PEM.
	pub tls: Option<(PathBuf, PathBuf)>,
	/// What the vault takes.
	pub limits: Limits,
	/// The most connections at once, to each address.
	pub max_connections: usize,
	/// The most uploads at once.
	pub max_uploads: usize,
	/// The most uploads of one account at once.
	pub max_uploads_per_account: usize,
	/// The most downloads that an account may ask for at once.
	pub downloads_per_account: usize,
	/// In what time headers have to arrive.
	pub header_timeout: Duration,
	/// The time between two collections.
	pub sweep_interval: Duration,
	/// How logs are written.
	pub log_format: LogFormat,
}

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreConfig {
	/// Below the data folder.
	Folder,
	/// In a bucket.
	Bucket {
		/// `s3://bucket/prefix`
		url: Url,
		/// The service's address, unless it is AWS.
		endpoint: Option<Url>,
	},
}

impl Cli {
	/// Reads the file, if one is given, and checks everything.
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
	/// These, and what they don't say from `file`.
	fn over(self, file: Self) -> Self {
		let tls = self.tls_certificate.is_some();
		Self {
			node: if self.node.is_empty() { file.node } else { self.node },
			hospital: self.hospital.or(file.hospital),
			listen: self.listen.or(file.listen),
			metrics_listen: self.metrics_listen.or(file.metrics_listen),
			url: self.url.or(file.url),
			data: self.data.or(file.data),
			store: self.store.or(file.store),
			s3_endpoint: self.s3_endpoint.or(file.s3_endpoint),
			// A certificate and its key come from the same place.
			tls_certificate: if tls { self.tls_certificate } else { file.tls_certificate },
			tls_key: if tls { self.tls_key } else { file.tls_key },
			behind_proxy: self.behind_proxy || file.behind_proxy,
			max_file: self.max_file.or(file.max_file),
			quota_per_account: self.quota_per_account.or(file.quota_per_account),
			quota_per_patient: self.quota_per_patient.or(file.quota_per_patient),
			quota_pending: self.quota_pending.or(file.quota_pending),
			max_connections: self.max_connections.or(file.max_connections),
			max_uploads: self.max_uploads.or(file.max_uploads),
			max_uploads_per_account: self.max_uploads_per_account.or(file.max_uploads_per_account),
			downloads_per_account: self.downloads_per_account.or(file.downloads_per_account),
			header_timeout: self.header_timeout.or(file.header_timeout),
			idle_timeout: self.idle_timeout.or(file.idle_timeout),
			sweep_interval: self.sweep_interval.or(file.sweep_interval),
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
		if options.url.as_ref().is_some_and(|url| domain_of(url).is_none()) {
			return Err(Wrong("--url has to be https, or http on this machine"));
		}
		let bytes = |size: Option<ByteSize>, default| size.map_or(default, |size| size.as_u64());
		let seconds = |value: Option<u64>, default| Duration::from_secs(value.unwrap_or(default));
		let positive = |value: Option<usize>, default: usize| match value {
			Some(0) => Err(Wrong(
				"--max-connections, --max-uploads, --max-uploads-per-account and \
				 --downloads-per-account have to be more than 0",
			)),
			value => Ok(value.unwrap_or(default)),
		};
		const GIB: u64 = 1024 * 1024 * 1024;
		Ok(Self {
			nodes: options.node,
			hospital: HospitalId(hospital),
			listen,
			metrics_listen: options.metrics_listen,
			url: options.url,
			data,
			store: store(options.store.as_deref(), options.s3_endpoint)?,
			tls,
			limits: Limits {
				max_file: bytes(options.max_file, 8 * GIB),
				quotas: Quotas {
					per_account: bytes(options.quota_per_account, 32 * GIB),
					per_patient: bytes(options.quota_per_patient, 256 * GIB),
					pending: bytes(options.quota_pending, 16 * 1024 * 1024),
				},
				idle: seconds(options.idle_timeout, 30),
			},
			max_connections: positive(options.max_connections, 512)?,
			max_uploads: positive(options.max_uploads, 64)?,
			max_uploads_per_account: positive(options.max_uploads_per_account, 8)?,
			downloads_per_account: positive(options.downloads_per_account, 20_000)?,
			header_timeout: seconds(options.header_timeout, 10),
			sweep_interval: seconds(options.sweep_interval, 600).max(Duration::from_secs(1)),
			log_format: options.log_format.unwrap_or_default(),
		})
	}
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
	if endpoint.as_ref().is_some_and(|url| url.scheme() != "https" && !is_loopback(url)) {
		return Err(ConfigError::Wrong("--s3-endpoint has to be https, or http on this machine"));
	}
	Ok(StoreConfig::Bucket { url, endpoint })
}

#[cfg(test)]
mod tests;
