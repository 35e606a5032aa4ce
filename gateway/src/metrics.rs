//! Metrics for Prometheus. No label names a person, a record or an account.

use crate::{
	errors::{Held, Refusal},
	fetching::Why,
	state,
};
use prometheus::{
	IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry, TextEncoder,
	register_int_counter_vec_with_registry as counters,
	register_int_counter_with_registry as counter, register_int_gauge_vec_with_registry as gauges,
	register_int_gauge_with_registry as gauge,
};
use std::io;

/// The gateway's metrics.
pub struct Metrics {
	registry: Registry,
	/// Requests by route template and status class.
	pub requests: IntCounterVec,
	/// Bytes of request bodies.
	pub bytes_in: IntCounter,
	/// Bytes of response bodies.
	pub bytes_out: IntCounter,
	/// Refusals by their code.
	pub refusals: IntCounterVec,
	/// Requests that were told to try again, by the limit.
	pub limited: IntCounterVec,
	/// Failures of the database, the disk, the store and the node, by which of them failed.
	pub failures: IntCounterVec,
	/// Uploads in flight.
	pub uploads: IntGauge,
	/// Downloads in flight.
	pub downloads: IntGauge,
	/// Connections of clients that are served.
	pub connections: IntGauge,
	/// Whether something makes the vault refuse some requests, by [`Strain`](medblock_vault_protocol::Strain).
	pub troubles: IntGaugeVec,
	/// Bytes of uploads that no final block names yet.
	pub unnamed: IntGauge,
	/// Disclosures in the log that are not on the chain yet.
	pub unanchored: IntGauge,
	/// When the log was put on the chain last, in seconds since 1970; 0 if never.
	pub anchored: IntGauge,
	/// Connections through the door to the node.
	pub door: IntGauge,
	/// Requests through the door, by outcome.
	pub door_requests: IntCounterVec,
	/// Bearer tokens that are valid.
	pub sessions: IntGauge,
	/// Uploads that garbage collection dealt with, by outcome.
	pub swept: IntCounterVec,
	/// Whether the last garbage collection took nothing although something was due, by the reason.
	pub held: IntGaugeVec,
	/// Files in quarantine after the last garbage collection.
	pub quarantined: IntGauge,
	/// Files that this vault is to keep and lacks, and that another one may have.
	pub lacking_files: IntGauge,
	/// The bytes of these.
	pub lacking_bytes: IntGauge,
	/// Since when there is such a file, in seconds since 1970; 0 if there is none.
	pub lacking_since: IntGauge,
	/// Files that this vault is to keep and lacks, and that no other one has.
	pub nowhere_files: IntGauge,
	/// Files that were fetched from other vaults.
	pub fetched_files: IntCounter,
	/// The bytes of these.
	pub fetched_bytes: IntCounter,
	/// Attempts to fetch a file from another vault that failed, by the reason.
	pub fetch_failures: IntCounterVec,
	/// When all charts were last looked at, in seconds since 1970; 0 if never.
	pub looked: IntGauge,
	/// Age of the node's final block in seconds, when it was last asked.
	pub finalized_age: IntGauge,
	/// Whether a node answers and is not behind, so that requests can be served.
	pub serving: IntGauge,
	/// Whether the bucket could be used when it was last looked at.
	pub store_answers: IntGauge,
	/// Whether the database could be asked when it last was.
	pub state_answers: IntGauge,
	/// Whether the log of disclosures could be used when a node was last asked, or none is kept.
	pub log_answers: IntGauge,
	/// Whether the chain named another account of the vault when a node was last asked, so that it gave no receipts.
	pub receipts_owed: IntGauge,
	/// Free bytes on the disk of the vault's own files.
	pub disk_free: IntGauge,
	/// Free bytes there that uploads leave.
	pub disk_reserve: IntGauge,
	/// When the TLS certificate expires, in seconds since 1970; 0 if a proxy does TLS.
	pub certificate_expires: IntGauge,
	/// Checks of hospitals' portals, by outcome.
	pub portal_checks: IntCounterVec,
	/// Whether a hospital's portal was another than the listed one when it was last seen.
	pub portal_mismatch: IntGaugeVec,
	/// Whether a hospital's portal could not be fetched when it was last tried.
	pub portal_unreachable: IntGaugeVec,
	/// When all portals were last checked, in seconds since 1970; 0 if never.
	pub portals_checked: IntGauge,
}

/// The values of the label of `failures`.
const STANDS_ON: [&str; 4] = ["disk", "node", "state", "store"];

/// A limit of what clients do at a time.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
	/// Downloads of an account, or of all.
	Downloads,
	/// Requests of an address.
	Requests,
	/// Sign-ins of an account or an address, or of all.
	SignIns,
	/// Uploads of an account, or of all.
	Uploads,
}

impl Limit {
	const ALL: [Self; 4] = [Self::Downloads, Self::Requests, Self::SignIns, Self::Uploads];

	fn as_str(self) -> &'static str {
		match self {
			Self::Downloads => "downloads",
			Self::Requests => "requests",
			Self::SignIns => "sign-ins",
			Self::Uploads => "uploads",
		}
	}
}

impl Metrics {
	/// All zero.
	pub fn new() -> Result<Self, prometheus::Error> {
		let r = Registry::new();
		let metrics = Self {
			requests: counters!(
				"medblock_gateway_requests_total",
				"Requests by route and status class",
				&["route", "class"],
				r
			)?,
			bytes_in: counter!("medblock_gateway_received_bytes_total", "Bytes of bodies", r)?,
			bytes_out: counter!("medblock_gateway_sent_bytes_total", "Bytes of bodies", r)?,
			refusals: counters!(
				"medblock_gateway_refusals_total",
				"Refusals by reason",
				&["reason"],
				r
			)?,
			failures: counters!(
				"medblock_gateway_failures_total",
				"Failures of the database, the disk, the store and the node",
				&["of"],
				r
			)?,
			limited: counters!(
				"medblock_gateway_limited_total",
				"Requests that were told to try again, by the limit",
				&["of"],
				r
			)?,
			connections: gauge!(
				"medblock_gateway_connections",
				"Connections of clients that are served",
				r
			)?,
			troubles: gauges!(
				"medblock_gateway_trouble",
				"Whether this makes the vault refuse some requests: 1 or 0",
				&["what"],
				r
			)?,
			unnamed: gauge!(
				"medblock_gateway_unnamed_bytes",
				"Bytes of uploads that no final block names yet",
				r
			)?,
			unanchored: gauge!(
				"medblock_gateway_unanchored_disclosures",
				"Disclosures in the log that are not on the chain yet",
				r
			)?,
			anchored: gauge!(
				"medblock_gateway_anchored_timestamp_seconds",
				"When the log was put on the chain last; 0 if never",
				r
			)?,
			uploads: gauge!("medblock_gateway_uploads", "Uploads being received", r)?,
			downloads: gauge!("medblock_gateway_downloads", "Downloads being sent", r)?,
			door: gauge!(
				"medblock_gateway_rpc_connections",
				"Connections through the door to the node",
				r
			)?,
			door_requests: counters!(
				"medblock_gateway_rpc_requests_total",
				"Requests through the door to the node, by outcome",
				&["outcome"],
				r
			)?,
			sessions: gauge!("medblock_gateway_sessions", "Valid bearer tokens", r)?,
			swept: counters!(
				"medblock_gateway_swept_total",
				"Uploads that garbage collection dealt with, by outcome",
				&["outcome"],
				r
			)?,
			held: gauges!(
				"medblock_gateway_collection_held",
				"Whether the last garbage collection took nothing of what was due, by reason: 1 or 0",
				&["reason"],
				r
			)?,
			quarantined: gauge!(
				"medblock_gateway_quarantined_files",
				"Files that nothing names, before they are deleted",
				r
			)?,
			lacking_files: gauge!(
				"medblock_gateway_lacking_files",
				"Files that this vault is to keep and lacks, and that another one may have",
				r
			)?,
			lacking_bytes: gauge!(
				"medblock_gateway_lacking_bytes",
				"Bytes that this vault is to keep and lacks, and that another one may have",
				r
			)?,
			lacking_since: gauge!(
				"medblock_gateway_lacking_since_timestamp_seconds",
				"Since when there is such a file; 0 if there is none",
				r
			)?,
			nowhere_files: gauge!(
				"medblock_gateway_nowhere_files",
				"Files that this vault is to keep and lacks, and that no other one has",
				r
			)?,
			fetched_files: counter!(
				"medblock_gateway_fetched_files_total",
				"Files that were fetched from other vaults",
				r
			)?,
			fetched_bytes: counter!(
				"medblock_gateway_fetched_bytes_total",
				"Bytes of files that were fetched from other vaults",
				r
			)?,
			fetch_failures: counters!(
				"medblock_gateway_fetch_failures_total",
				"Attempts to fetch a file from another vault that failed, by reason",
				&["why"],
				r
			)?,
			looked: gauge!(
				"medblock_gateway_looked_timestamp_seconds",
				"When the vault was last compared with all charts; 0 if never",
				r
			)?,
			finalized_age: gauge!(
				"medblock_gateway_finalized_age_seconds",
				"Age of the node's final block when last asked",
				r
			)?,
			serving: gauge!(
				"medblock_gateway_serving",
				"Whether a node answers and is not behind: 1 or 0",
				r
			)?,
			store_answers: gauge!(
				"medblock_gateway_store_answers",
				"Whether the store could be used when last looked at: 1 or 0",
				r
			)?,
			state_answers: gauge!(
				"medblock_gateway_state_answers",
				"Whether the database could be asked when it last was: 1 or 0",
				r
			)?,
			log_answers: gauge!(
				"medblock_gateway_log_answers",
				"Whether the log of disclosures could be used when last asked: 1 or 0",
				r
			)?,
			receipts_owed: gauge!(
				"medblock_gateway_receipts_owed",
				"Whether readers expect receipts that the vault can't give: 1 or 0",
				r
			)?,
			disk_free: gauge!(
				"medblock_gateway_disk_free_bytes",
				"Free bytes on the disk of the vault's own files",
				r
			)?,
			disk_reserve: gauge!(
				"medblock_gateway_disk_reserve_bytes",
				"Free bytes on that disk that uploads leave",
				r
			)?,
			certificate_expires: gauge!(
				"medblock_gateway_certificate_expires_timestamp_seconds",
				"When the TLS certificate expires; 0 without one",
				r
			)?,
			portal_checks: counters!(
				"medblock_gateway_portal_checks_total",
				"Checks of hospitals' portals, by outcome",
				&["outcome"],
				r
			)?,
			portal_mismatch: gauges!(
				"medblock_gateway_portal_mismatch",
				"Whether a hospital's portal was another than the listed one when last seen: 1 or 0",
				&["hospital"],
				r
			)?,
			portal_unreachable: gauges!(
				"medblock_gateway_portal_unreachable",
				"Whether a hospital's portal could not be fetched when last tried: 1 or 0",
				&["hospital"],
				r
			)?,
			portals_checked: gauge!(
				"medblock_gateway_portals_checked_timestamp_seconds",
				"When all portals were last checked; 0 if never",
				r
			)?,
			registry: r,
		};
		// They begin at 0, or a rate would miss the first failure of each.
		for what in STANDS_ON {
			metrics.failures.with_label_values(&[what]);
		}
		for why in Why::COUNTED {
			metrics.fetch_failures.with_label_values(&[why.as_str()]);
		}
		for why in Held::ALL {
			metrics.held.with_label_values(&[why.as_str()]);
		}
		// A folder is not looked at.
		metrics.store_answers.set(1);
		// Before a node has answered, nothing is known of it.
		metrics.log_answers.set(1);
		for limit in Limit::ALL {
			metrics.limited.with_label_values(&[limit.as_str()]);
		}
		Ok(metrics)
	}

	/// Counts a failure of the disk, or of the database.
	pub fn failed(&self, why: &io::Error) {
		let of = if state::has_failed(why) { "state" } else { "disk" };
		self.failures.with_label_values(&[of]).inc();
	}

	/// Counts an outcome if it is that of a client beyond this limit.
	pub fn limited<T>(&self, limit: Limit, outcome: Result<T, Refusal>) -> Result<T, Refusal> {
		if matches!(outcome, Err(Refusal::TooMany { .. })) {
			self.limited.with_label_values(&[limit.as_str()]).inc();
		}
		outcome
	}

	/// The metrics in Prometheus' text format (version 0.0.4).
	pub fn text(&self) -> Result<String, prometheus::Error> {
		TextEncoder::new().encode_to_string(&self.registry.gather())
	}
}
