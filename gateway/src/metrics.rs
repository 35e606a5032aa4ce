//! Metrics for Prometheus. No label names a person, a record or an account.

use prometheus::{
	IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry, TextEncoder,
	register_int_counter_vec_with_registry as counters,
	register_int_counter_with_registry as counter, register_int_gauge_vec_with_registry as gauges,
	register_int_gauge_with_registry as gauge,
};

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
	/// Failures of the disk, the store and the node, by which of them failed.
	pub failures: IntCounterVec,
	/// Uploads in flight.
	pub uploads: IntGauge,
	/// Connections through the door to the node.
	pub door: IntGauge,
	/// Requests through the door, by outcome.
	pub door_requests: IntCounterVec,
	/// Bearer tokens that are valid.
	pub sessions: IntGauge,
	/// Uploads that garbage collection dealt with, by outcome.
	pub swept: IntCounterVec,
	/// Age of the node's final block in seconds, when it was last asked.
	pub finalized_age: IntGauge,
	/// Whether a node answers and is not behind, so that requests can be served.
	pub serving: IntGauge,
	/// Free bytes on the disk of the vault's own files.
	pub disk_free: IntGauge,
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
const STANDS_ON: [&str; 3] = ["disk", "node", "store"];

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
				"Failures of the disk, the store and the node",
				&["of"],
				r
			)?,
			uploads: gauge!("medblock_gateway_uploads", "Uploads being received", r)?,
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
			disk_free: gauge!(
				"medblock_gateway_disk_free_bytes",
				"Free bytes on the disk of the vault's own files",
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
		Ok(metrics)
	}

	/// The metrics in Prometheus' text format (version 0.0.4).
	pub fn text(&self) -> Result<String, prometheus::Error> {
		TextEncoder::new().encode_to_string(&self.registry.gather())
	}
}
