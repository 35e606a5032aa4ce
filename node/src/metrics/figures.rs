//! The figures themselves. `docs/operations/metrics.md` explains how to react to them.

use substrate_prometheus_endpoint::{
	Counter, CounterVec, F64, Gauge, GaugeVec, Opts, PrometheusError, Registry, U64,
};

/// The label for the hospital.
const HOSPITAL: &str = "hospital";
/// The label for patients or doctors.
const KIND: &str = "kind";

/// The node's figures of the chain.
#[derive(Clone)]
pub struct Figures {
	/// Validators that take turns.
	pub validators: Gauge<U64>,
	/// Whether each hospital has a seat.
	pub seated: GaugeVec<U64>,
	/// The number of blocks since the session began.
	pub session_blocks: Gauge<U64>,
	/// The number of blocks in a session.
	pub session_length: Gauge<U64>,
	/// Final blocks by the hospital that authored them.
	pub authored: CounterVec<U64>,
	/// Final blocks that were skipped.
	pub unread: Counter<U64>,
	/// Blocks that are not final yet.
	pub lag_blocks: Gauge<U64>,
	/// The age of the last final block.
	pub lag_seconds: Gauge<F64>,
	/// The delay of each hospital's last block.
	pub delay: GaugeVec<F64>,
	/// Registrations that wait for a hospital's decision.
	pub pending: GaugeVec<U64>,
	/// Registrations that have waited too long.
	pub overdue: GaugeVec<U64>,
	/// Ids that were ever given out.
	pub people: GaugeVec<U64>,
	/// Accounts that began without a sponsor.
	pub open_lane: Counter<U64>,
	/// Transactions that this node refused at submission.
	pub refused: CounterVec<U64>,
	/// Grants given or changed.
	pub granted: Counter<U64>,
	/// Grants taken back.
	pub revoked: Counter<U64>,
	/// Grants given up by doctors.
	pub relinquished: Counter<U64>,
	/// Records added.
	pub records_added: Counter<U64>,
	/// Records withdrawn.
	pub records_withdrawn: Counter<U64>,
	/// New chart keys.
	pub rotated: Counter<U64>,
	/// The free space on the database's disk.
	pub disk_free: Gauge<U64>,
	/// The free space at which the node stops.
	pub disk_minimum: Gauge<U64>,
}

impl Figures {
	/// All figures at zero, and not registered yet.
	pub fn new() -> Result<Self, PrometheusError> {
		Ok(Self {
			validators: Gauge::new("medblock_validators_seated", "Hospitals with a seat")?,
			seated: gauges(
				"medblock_hospital_seated",
				"Whether it has a seat: 1 or 0",
				&[HOSPITAL],
			)?,
			session_blocks: Gauge::new("medblock_session_blocks", "Blocks into the session")?,
			session_length: Gauge::new("medblock_session_length_blocks", "Blocks in a session")?,
			authored: counters(
				"medblock_blocks_authored_total",
				"Final blocks by who authored them",
				&[HOSPITAL],
			)?,
			unread: Counter::new(
				"medblock_blocks_unread_total",
				"Final blocks that were passed over, and so are in none of the other counts",
			)?,
			lag_blocks: Gauge::new(
				"medblock_finality_lag_blocks",
				"Blocks that are not final yet",
			)?,
			lag_seconds: Gauge::new(
				"medblock_finality_lag_seconds",
				"Age of the last final block by this machine's clock",
			)?,
			delay: gauges(
				"medblock_block_delay_seconds",
				"From the time in a hospital's last block to its arrival, by this machine's clock",
				&[HOSPITAL],
			)?,
			pending: gauges(
				"medblock_registrations_pending",
				"Registrations that wait for a hospital's decision",
				&[HOSPITAL, KIND],
			)?,
			overdue: gauges(
				"medblock_registrations_overdue",
				"Registrations that have waited for three days or longer",
				&[HOSPITAL, KIND],
			)?,
			people: gauges("medblock_people", "Ids that were ever given out", &[KIND])?,
			open_lane: Counter::new(
				"medblock_open_lane_used_total",
				"Accounts that began without a sponsor, in final blocks",
			)?,
			refused: counters(
				"medblock_transactions_refused_total",
				"Transactions that this node refused its users at submission",
				&["reason"],
			)?,
			granted: Counter::new("medblock_access_granted_total", "Grants given or changed")?,
			revoked: Counter::new("medblock_access_revoked_total", "Grants taken back")?,
			relinquished: Counter::new(
				"medblock_access_relinquished_total",
				"Grants given up by doctors",
			)?,
			records_added: Counter::new("medblock_records_added_total", "Records added")?,
			records_withdrawn: Counter::new(
				"medblock_records_withdrawn_total",
				"Records withdrawn",
			)?,
			rotated: Counter::new("medblock_charts_rotated_total", "New chart keys")?,
			disk_free: Gauge::new("medblock_disk_free_bytes", "Room where the database lies")?,
			disk_minimum: Gauge::new(
				"medblock_disk_minimum_bytes",
				"Room at which the node stops; 0 if it does not",
			)?,
		})
	}

	/// Registers the figures, beside the SDK's.
	pub fn register(&self, registry: &Registry) -> Result<(), PrometheusError> {
		let Self { validators, session_blocks, session_length, lag_blocks, .. } = self.clone();
		for gauge in [validators, session_blocks, session_length, lag_blocks] {
			registry.register(Box::new(gauge))?;
		}
		let Self { disk_free, disk_minimum, lag_seconds, delay, .. } = self.clone();
		registry.register(Box::new(disk_free))?;
		registry.register(Box::new(disk_minimum))?;
		registry.register(Box::new(lag_seconds))?;
		registry.register(Box::new(delay))?;
		let Self { seated, pending, overdue, people, authored, refused, .. } = self.clone();
		for gauges in [seated, pending, overdue, people] {
			registry.register(Box::new(gauges))?;
		}
		for counters in [authored, refused] {
			registry.register(Box::new(counters))?;
		}
		let Self { unread, open_lane, granted, revoked, relinquished, .. } = self.clone();
		let Self { records_added, records_withdrawn, rotated, .. } = self.clone();
		let of_blocks = [unread, open_lane, granted, revoked, relinquished];
		for counter in of_blocks.into_iter().chain([records_added, records_withdrawn, rotated]) {
			registry.register(Box::new(counter))?;
		}
		Ok(())
	}
}

fn gauges<P: substrate_prometheus_endpoint::prometheus::core::Atomic>(
	name: &str,
	help: &str,
	labels: &[&str],
) -> Result<GaugeVec<P>, PrometheusError> {
	GaugeVec::new(Opts::new(name, help), labels)
}

fn counters(name: &str, help: &str, labels: &[&str]) -> Result<CounterVec<U64>, PrometheusError> {
	CounterVec::new(Opts::new(name, help), labels)
}
