//! The number of people who wait for each hospital, read at one page a block, hospital by hospital.
//!
//! The chain keeps no such count, and reading all pages with every block would cost more, the more
//! people wait. So the figures are some blocks old: as many as there are pages.

use super::{Unknown, figures::Figures};
use crate::parts::Client;
use medblock_primitives::{DoctorId, HospitalId, PatientId, Standing};
use medblock_runtime::{Hash, Moment, OpaqueBlock as Block};
use pallet_medical_records_rpc::earlier;
use pallet_medical_records_runtime_api::{MAX_PAGE, MedicalRecordsApi};
use sp_api::ProvideRuntimeApi;
use std::collections::VecDeque;

/// The time after which a registration is overdue: three days, of the 14 after which it lapses.
const TOO_LONG: Moment = 3 * 86_400_000;

/// The first ids that may still be undecided, as the chain notes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstUndecided {
	/// The first patient.
	pub patient: u32,
	/// The first doctor.
	pub doctor: u32,
}

/// A count that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Question {
	hospital: HospitalId,
	kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
	Patients,
	Doctors,
}

/// The number of people found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
	pending: u64,
	overdue: u64,
}

impl Tally {
	/// Counts the people whose registration is undecided. A hospital already knows people who only want
	/// to move.
	fn add(&mut self, people: impl IntoIterator<Item = (Standing, Moment)>, now: Moment) {
		for (standing, registered_at) in people {
			if standing == Standing::Pending {
				self.pending += 1;
				self.overdue += u64::from(registered_at.saturating_add(TOO_LONG) <= now);
			}
		}
	}
}

/// A round of questions, one page at a time.
#[derive(Default)]
pub(super) struct Awaiting {
	questions: VecDeque<Question>,
	/// The last id read for the first question, if any.
	after: Option<u32>,
	tally: Tally,
}

impl Awaiting {
	/// Reads one more page in the state of a block.
	pub(super) fn step(
		&mut self,
		client: &Client,
		figures: &Figures,
		at: Hash,
		hospitals: Vec<HospitalId>,
		first: FirstUndecided,
		now: Moment,
	) -> Result<(), Unknown> {
		if self.questions.is_empty() {
			let both =
				|hospital| [Kind::Patients, Kind::Doctors].map(|kind| Question { hospital, kind });
			self.questions = hospitals.into_iter().flat_map(both).collect();
		}
		let Some(Question { hospital, kind }) = self.questions.front().copied() else {
			return Ok(());
		};
		let api = client.runtime_api();
		let next = match kind {
			Kind::Patients => {
				let after = self.after.or_else(|| first.patient.checked_sub(1)).map(PatientId);
				let page =
					earlier::awaiting_patients::<Block, _>(&*api, at, hospital, after, MAX_PAGE)?;
				let people = page.items.iter().map(|one| (one.standing, one.registered_at));
				self.tally.add(people, now);
				page.next.map(|id| id.0)
			},
			Kind::Doctors => {
				let after = self.after.or_else(|| first.doctor.checked_sub(1)).map(DoctorId);
				let page = api.awaiting_doctors(at, hospital, after, MAX_PAGE)?;
				let people = page.items.iter().map(|one| (one.standing, one.registered_at));
				self.tally.add(people, now);
				page.next.map(|id| id.0)
			},
		};
		self.after = next;
		if next.is_none() {
			let Tally { pending, overdue } = std::mem::take(&mut self.tally);
			let kind = match kind {
				Kind::Patients => "patient",
				Kind::Doctors => "doctor",
			};
			let hospital = hospital.to_string();
			let labels = [hospital.as_str(), kind];
			figures.pending.with_label_values(&labels).set(pending);
			figures.overdue.with_label_values(&labels).set(overdue);
			self.questions.pop_front();
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: Moment = 10 * TOO_LONG;

	fn tally(people: &[(Standing, Moment)]) -> Tally {
		let mut tally = Tally::default();
		tally.add(people.iter().copied(), NOW);
		tally
	}

	#[test]
	fn those_who_wait_three_days_are_overdue() {
		let since = |waited| (Standing::Pending, NOW - waited);
		let people = [since(0), since(TOO_LONG - 1), since(TOO_LONG), since(2 * TOO_LONG)];
		assert_eq!(tally(&people), Tally { pending: 4, overdue: 2 });
	}

	#[test]
	fn people_who_only_move_do_not_wait_to_be_registered() {
		let since_long = |standing| (standing, 0);
		let decided = [Standing::Verified, Standing::Suspended, Standing::Rejected];
		assert_eq!(tally(&decided.map(since_long)), Tally::default());
	}
}
