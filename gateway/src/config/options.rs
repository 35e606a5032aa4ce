//! The options, which the command line and the file have in common.

use crate::proxies::Network;
use bytesize::ByteSize;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

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

	/// Time between two looks whether the bucket can be used; one that can't is looked at again after 5 at most [default: 60]
	#[arg(long, value_name = "SECONDS")]
	pub store_interval: Option<u64>,

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

impl Options {
	/// These options, and those of `file` where these say nothing.
	pub(super) fn over(self, file: Self) -> Self {
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
			store_interval: self.store_interval.or(file.store_interval),
			sweep_limit: self.sweep_limit.or(file.sweep_limit),
			anchor_interval: self.anchor_interval.or(file.anchor_interval),
			keep_disclosures: self.keep_disclosures.or(file.keep_disclosures),
			log_format: self.log_format.or(file.log_format),
		}
	}
}

/// Reads a URL from text.
fn parsed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
	let text = String::deserialize(from)?;
	text.parse().map(Some).map_err(D::Error::custom)
}
