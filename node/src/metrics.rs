//! The node's metrics for a hospital's monitoring, beside the SDK's own.
//!
//! A task follows finality. It asks the runtime for the author and the changes of each final block, and
//! counts them. So a fork that loses is never counted, and no block is counted twice. A node that was
//! far behind, or has no state yet, counts the blocks that it skipped instead. Once a second the task
//! also looks at the clock and the disk, so figures stay current when the chain stands still.
//!
//! Labels are hospitals' ids and fixed words. No figure names a person, an account or a record.

mod awaiting;
mod figures;
mod refusals;

pub use refusals::CountingPool;

use crate::{
	parts::{Backend, Client},
	preflight,
};
use awaiting::{Awaiting, FirstUndecided};
use codec::Decode;
use figures::Figures;
use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use medblock_primitives::{MAX_PAGE, Page};
use medblock_runtime::{AccountId, BlockNumber, Hash, Moment, OpaqueBlock as Block};
use pallet_consortium::Settings;
use pallet_consortium_runtime_api::{ConsortiumApi, HospitalInfo, SeatStatus};
use pallet_fair_use::LaneUse;
use pallet_medical_records_runtime_api::{Change, MedicalRecordsApi};
use sc_client_api::{
	BlockImportNotification, BlockchainEvents, HeaderBackend, StorageKey, StorageProvider,
};
use sc_service::TaskManager;
use sp_api::ProvideRuntimeApi;
use sp_consensus::BlockOrigin;
use std::{
	path::PathBuf,
	sync::Arc,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use substrate_prometheus_endpoint::{PrometheusError, Registry};

const LOG_TARGET: &str = "metrics";

/// The time after which figures are updated when no block comes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The maximum number of blocks that are counted at once. A node that is further behind skips the rest:
/// it is catching up, and may not even have the states of those blocks.
const MOST_AT_ONCE: BlockNumber = 256;

/// The reason why a block cannot be read.
type Unknown = Box<dyn std::error::Error>;

/// Starts to follow the chain, if there is a registry to serve figures from. Returns the figures, which
/// other parts of the node update too.
pub fn start(
	registry: Option<&Registry>,
	tasks: &TaskManager,
	client: Arc<Client>,
	base_path: PathBuf,
	minimum_free_mib: u64,
) -> Result<Figures, PrometheusError> {
	let figures = Figures::new()?;
	if let Some(registry) = registry {
		figures.register(registry)?;
		figures.disk_minimum.set(minimum_free_mib.saturating_mul(1024 * 1024));
		let follower = Follower::new(client, figures.clone(), base_path);
		tasks.spawn_handle().spawn_blocking("metrics", None, follower.run());
	}
	Ok(figures)
}

/// The task that follows the chain and updates the figures.
struct Follower {
	client: Arc<Client>,
	figures: Figures,
	base_path: PathBuf,
	started: Instant,
	/// The next block to be counted.
	next: BlockNumber,
	/// The chain's clock at the last final block that the task looked at, once a block has a clock.
	final_time: Option<Moment>,
	awaiting: Awaiting,
}

impl Follower {
	/// Counts from the next final block on. `base_path` is the folder whose disk space counts.
	fn new(client: Arc<Client>, figures: Figures, base_path: PathBuf) -> Self {
		let next = client.info().finalized_number.saturating_add(1);
		let (started, awaiting) = (Instant::now(), Awaiting::default());
		Self { client, figures, base_path, started, next, final_time: None, awaiting }
	}

	/// Runs for as long as the node does.
	async fn run(mut self) {
		let mut finality = self.client.finality_notification_stream().fuse();
		let mut imports = self.client.import_notification_stream().fuse();
		// The last final block already has a clock, and hospitals.
		self.look(self.client.info().finalized_hash);
		loop {
			self.bring_up_to_date();
			futures::select! {
				// A notification keeps its block's state from pruning, so it is dropped at once.
				moved = finality.next() => if moved.map(drop).is_none() { return },
				import = imports.next() => match import {
					Some(block) => self.arrived(&block),
					None => return,
				},
				() = Delay::new(LOOK_AGAIN).fuse() => {},
			}
		}
	}

	fn bring_up_to_date(&mut self) {
		let chain = self.client.info();
		if chain.finalized_number >= self.next {
			let first = chain.finalized_number.saturating_sub(MOST_AT_ONCE - 1).max(self.next);
			self.figures.unread.inc_by((first - self.next).into());
			for number in first..=chain.finalized_number {
				if let Err(why) = self.count(number) {
					log::debug!(target: LOG_TARGET, "cannot count block {number}: {why}");
					self.figures.unread.inc();
				}
			}
			self.next = chain.finalized_number.saturating_add(1);
			self.look(chain.finalized_hash);
		}
		let lag = chain.best_number.saturating_sub(chain.finalized_number);
		self.figures.lag_blocks.set(lag.into());
		let lag = match self.final_time {
			Some(then) => seconds_since(then).max(0.0),
			None => self.started.elapsed().as_secs_f64(),
		};
		self.figures.lag_seconds.set(lag);
		if let Ok(free) = preflight::free_mib(&self.base_path) {
			self.figures.disk_free.set(free.saturating_mul(1024 * 1024));
		}
	}

	/// Counts a final block's changes: all of them, or none if some cannot be read.
	fn count(&self, number: BlockNumber) -> Result<(), Unknown> {
		let at = self.client.hash(number)?.ok_or("it is not there")?;
		let author = self.client.runtime_api().author(at)?;
		let lane: LaneUse = self.stored(at, "FairUse", "OpenLane")?.unwrap_or_default();
		let newcomers = if lane.block == number { lane.newcomers } else { 0 };
		let news = |after| self.client.runtime_api().news(at, after, MAX_PAGE);
		let changes = Page::all(news)?;
		if let Some(hospital) = author {
			self.figures.authored.with_label_values(&[&hospital.to_string()]).inc();
		}
		self.figures.open_lane.inc_by(newcomers.into());
		for change in changes {
			self.count_change(&change);
		}
		Ok(())
	}

	fn count_change(&self, change: &Change<AccountId>) {
		let figures = &self.figures;
		match change {
			Change::Granted { .. } => figures.granted.inc(),
			Change::Revoked { .. } => figures.revoked.inc(),
			Change::Relinquished { .. } => figures.relinquished.inc(),
			Change::RecordsAdded { count, .. } => figures.records_added.inc_by((*count).into()),
			Change::RecordWithdrawn { .. } => figures.records_withdrawn.inc(),
			Change::ChartKeyRotated { .. } => figures.rotated.inc(),
			// Changes of the directory and of people's standing: other figures show waiting people.
			_ => (),
		}
	}

	/// Reads the figures that the last final block alone determines.
	fn look(&mut self, at: Hash) {
		if let Err(why) = self.try_look(at) {
			// There is no state to ask while the node downloads it. The figures keep their values.
			log::debug!(target: LOG_TARGET, "cannot look at {at}: {why}");
		}
	}

	fn try_look(&mut self, at: Hash) -> Result<(), Unknown> {
		let number = self.client.number(at)?.ok_or("it is not there")?;
		let now: Option<Moment> = self.stored(at, "Timestamp", "Now")?;
		self.final_time = now.or(self.final_time);
		let settings: Settings =
			self.stored(at, "Consortium", "ConsortiumSettings")?.unwrap_or_default();
		let length = settings.session_length.max(1);
		self.figures.session_length.set(length.into());
		self.figures.session_blocks.set((number % length).into());
		for (kind, name) in [("patient", "NextPatient"), ("doctor", "NextDoctor")] {
			let given: u32 = self.stored(at, "MedicalRecords", name)?.unwrap_or_default();
			self.figures.people.with_label_values(&[kind]).set(given.into());
		}
		let page = |after| self.client.runtime_api().hospitals(at, after, MAX_PAGE);
		let hospitals = Page::all(page)?;
		self.show_seats(&hospitals);
		let hospitals = hospitals.iter().map(|hospital| hospital.id).collect();
		let oldest = |name| self.stored::<u32>(at, "MedicalRecords", name);
		let first = FirstUndecided {
			patient: oldest("OldestPatient")?.unwrap_or_default(),
			doctor: oldest("OldestDoctor")?.unwrap_or_default(),
		};
		let now = self.final_time.unwrap_or_default();
		self.awaiting.step(&self.client, &self.figures, at, hospitals, first, now)
	}

	fn show_seats(&self, hospitals: &[HospitalInfo<AccountId>]) {
		let mut seated = 0;
		for HospitalInfo { id, seat, .. } in hospitals {
			let is_seated = *seat == SeatStatus::Seated;
			seated += u64::from(is_seated);
			let hospital = id.to_string();
			self.figures.seated.with_label_values(&[&hospital]).set(is_seated.into());
			// The counter starts at 0, so that monitoring sees one that never grows.
			self.figures.authored.with_label_values(&[&hospital]);
		}
		self.figures.validators.set(seated);
	}

	/// Measures how late a new block from another node is, by this machine's clock. Blocks that are
	/// downloaded in bulk are old, and tell nothing about clocks.
	fn arrived(&self, block: &BlockImportNotification<Block>) {
		if block.origin != BlockOrigin::NetworkBroadcast {
			return;
		}
		let author = self.client.runtime_api().author(block.hash);
		let made = self.stored::<Moment>(block.hash, "Timestamp", "Now");
		if let (Ok(Some(hospital)), Ok(Some(made))) = (author, made) {
			let late = seconds_since(made);
			self.figures.delay.with_label_values(&[&hospital.to_string()]).set(late);
		}
	}

	/// The value of a storage item of a pallet that is not a map.
	fn stored<T: Decode>(&self, at: Hash, pallet: &str, item: &str) -> Result<Option<T>, Unknown> {
		let prefix = [pallet, item].map(|name| sp_io::hashing::twox_128(name.as_bytes()));
		let found = StorageProvider::<Block, Backend>::storage(
			&*self.client,
			at,
			&StorageKey(prefix.concat()),
		)?;
		Ok(found.map(|value| T::decode(&mut &value.0[..])).transpose()?)
	}
}

/// The seconds from a time of the chain's clock until now; negative for a time in the future.
fn seconds_since(then: Moment) -> f64 {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
	now.as_secs_f64() - Duration::from_millis(then).as_secs_f64()
}
