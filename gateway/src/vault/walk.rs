//! The charts that a garbage collection looks at: some at a time, so that it takes as long however much the vault has.

use super::{Vault, ledger::Walk, sweep::Swept};
use crate::errors::{Held, Refusal};
use medblock_primitives::PatientId;
use rand::{Rng, rngs::OsRng};
use std::{
	collections::BTreeSet,
	sync::{Mutex, PoisonError},
};

/// The charts of one garbage collection.
const CHARTS: usize = 2_048;
/// Files that one garbage collection may take of a vault however small it is: people withdraw a handful at a time.
const FEW: u64 = 5;

/// Charts whose turn it is.
pub(super) struct Turn {
	/// Their patients.
	pub(super) charts: BTreeSet<PatientId>,
	/// The walk as far as these charts.
	pub(super) walk: Walk,
	/// The first patient of this turn.
	first: u32,
	/// Whether the walk comes to its end with these.
	is_last: bool,
}

impl Turn {
	/// Whether this patient's chart is among those that it looks at, if there is one.
	fn covers(&self, patient: u32) -> bool {
		self.first <= patient && (self.is_last || patient < self.walk.next)
	}
}

/// The reason why something that is due stays, and the turn's first patient.
#[derive(Default)]
pub(super) struct Holding(Mutex<Option<(Held, u32)>>);

impl Holding {
	/// Notes what came of a turn. Returns the reason, also if it is that of an earlier turn of the same walk.
	fn note(&self, turn: &Turn, held: Option<Held>) -> Option<Held> {
		let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
		match (held, *last) {
			(Some(why), _) => *last = Some((why, turn.first)),
			(None, Some((_, at))) if turn.covers(at) => *last = None,
			(None, _) => (),
		}
		last.map(|(why, _)| why)
	}
}

impl Vault {
	/// The charts whose turn it is, after those of the collection before. A walk begins with charts of which the store has
	/// files and the ledger none.
	pub(super) async fn turn(&self) -> Result<Turn, Refusal> {
		let mut walk = self.ledger.walk().await.map_err(|why| self.failed(&why))?;
		let first = walk.next;
		let mut charts = match first {
			0 => self.strays().await?,
			_ => BTreeSet::new(),
		};
		let known = self.ledger.patients_from(first, CHARTS).await;
		let known = known.map_err(|why| self.failed(&why))?;
		let next =
			known.last().filter(|_| known.len() >= CHARTS).map(|last| last.0.saturating_add(1));
		walk.next = next.unwrap_or_default();
		if let (Some(from), Some(to)) = (known.first(), known.last()) {
			let files = self.ledger.files_of(*from, *to).await.map_err(|why| self.failed(&why))?;
			walk.files = walk.files.saturating_add(files);
		}
		charts.extend(known);
		Ok(Turn { charts, walk, first, is_last: next.is_none() })
	}

	/// Patients with files in the store of which the ledger knows nothing: not too many at once.
	async fn strays(&self) -> Result<BTreeSet<PatientId>, Refusal> {
		let stored = self.store.patients().await.map_err(|why| self.broken(&why))?;
		let mut unknown = self.ledger.unknown(&stored).await.map_err(|why| self.failed(&why))?;
		if unknown.len() > CHARTS {
			// Folders from which all files were deleted stay unknown, and must not stand before others for ever.
			let from = OsRng.gen_range(0..unknown.len());
			unknown.rotate_left(from);
		}
		Ok(unknown.into_iter().take(CHARTS).collect())
	}

	/// The number of files that the turn may take: of all files, a share for the whole walk.
	pub(super) fn allowance(&self, walk: &Walk) -> u64 {
		let percent = u64::from(self.limits.sweep_percent);
		let all = walk.all.max(walk.files);
		(all.saturating_mul(percent) / 100).max(FEW).saturating_sub(walk.taken)
	}

	/// Ends a turn that took so many files. Says how many of the vault's are in quarantine, and why what is due stays.
	pub(super) async fn end_turn(
		&self,
		turn: &Turn,
		taken: u64,
		swept: &mut Swept,
	) -> Result<(), Refusal> {
		let walk = match turn.is_last {
			true => Walk { all: turn.walk.files, ..Walk::default() },
			false => Walk { taken: turn.walk.taken.saturating_add(taken), ..turn.walk },
		};
		self.ledger.note_walk(&walk).await.map_err(|why| self.failed(&why))?;
		swept.waiting = self.ledger.waiting().await.map_err(|why| self.failed(&why))?;
		swept.held = self.holding.note(turn, swept.held);
		Ok(())
	}
}
