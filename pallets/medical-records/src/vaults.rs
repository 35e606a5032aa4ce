//! Vaults that change: mirrors, moves of a chart's documents, and the successors of hospitals that have
//! left.
//!
//! A document names the hospital to whose vault it was uploaded, and never another one: that is what its
//! author has signed. A chart's documents may be as many as its records, so they are not rewritten.
//! Instead, two small maps tell where they are kept now: the patient's moves first, and then, if that
//! hospital has left, the council's successor. Each map is kept such that one step leads to its end.

use crate::*;
use alloc::{collections::BTreeSet, vec::Vec};
use core::iter::once;
use frame_support::{ensure, pallet_prelude::*};

/// The successors of hospitals that have left. No successor has a successor.
pub type SuccessorMap = BoundedBTreeMap<HospitalId, HospitalId, ConstU32<MAX_SUCCESSORS>>;

/// The patient's choice of vaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[derive(Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct VaultChoice {
	/// The hospital whose vault keeps a second copy of the chart's documents.
	pub mirror: Option<HospitalId>,
	/// The hospitals that keep documents of the chart, by the hospital that these name. The documents of
	/// none of them were moved on.
	pub moves: BoundedBTreeMap<HospitalId, HospitalId, ConstU32<MAX_VAULT_MOVES>>,
}

impl VaultChoice {
	/// Whether the patient has moved the documents that name this hospital.
	pub(crate) fn has_moved(&self, named: HospitalId) -> bool {
		self.moves.contains_key(&named)
	}

	/// The hospital to which the patient has moved the documents that name this one.
	fn moved(&self, named: HospitalId) -> HospitalId {
		self.moves.get(&named).copied().unwrap_or(named)
	}

	/// Moves the documents that these hospitals keep by the patient's choice so far, whichever hospital they
	/// name.
	fn move_on<T>(
		&mut self,
		keepers: &BTreeSet<HospitalId>,
		to: HospitalId,
	) -> Result<(), Error<T>> {
		match self.moves.get(&to).copied() {
			// Back again, and so are those that name it.
			Some(keeper) if keepers.contains(&keeper) => {
				self.moves.remove(&to);
			},
			// What names it would come along unasked.
			Some(_) => return Err(Error::<T>::VaultMoved),
			None => (),
		}
		for (_, keeper) in self.moves.iter_mut() {
			if keepers.contains(keeper) {
				*keeper = to;
			}
		}
		for keeper in keepers {
			let inserted = self.moves.try_insert(*keeper, to);
			inserted.map_err(|_| Error::<T>::MaxVaultMovesExceeded)?;
		}
		Ok(())
	}

	/// The hospitals that the patient has chosen, to mirror or to keep documents.
	pub(crate) fn chosen(&self) -> BTreeSet<HospitalId> {
		self.moves.values().copied().chain(self.mirror).collect()
	}
}

impl<T: Config> Pallet<T> {
	/// The vaults of a chart's documents, by the hospital that these name. This alone decides where a
	/// document is.
	///
	/// An active hospital that a document names is always among them. If the patient has not moved the
	/// documents that name it, it is their home.
	pub fn vaults_of(patient: PatientId) -> impl Fn(HospitalId) -> Vaults {
		let choice = VaultChoices::<T>::get(patient);
		let successors = Successors::<T>::get();
		move |named| Self::vaults(&choice, &successors, named)
	}

	fn vaults(choice: &VaultChoice, successors: &SuccessorMap, named: HospitalId) -> Vaults {
		let is_active = |vault: HospitalId| T::Hospitals::is_active(vault);
		let keeper = |vault: HospitalId| match successors.get(&vault) {
			// A hospital that has come back needs no successor.
			Some(successor) if !is_active(vault) => *successor,
			_ => vault,
		};
		let moved = choice.moved(named);
		let home = keeper(moved);
		let mirror = choice.mirror.map(keeper).filter(|one| *one != home && is_active(*one));
		// Until the new vault has fetched a file, one of those before has the only copy. What came from
		// another hospital may have got as far as this one, or any in between.
		let before = choice.moves.iter().filter(|(_, to)| **to == moved).map(|(from, _)| *from);
		let mut former = Vec::new();
		for place in once(named).chain(before).chain(once(moved)) {
			for vault in once(place).chain(successors.get(&place).copied()) {
				let is_known = vault == home || mirror == Some(vault) || former.contains(&vault);
				if !is_known && is_active(vault) {
					former.push(vault);
				}
			}
		}
		Vaults { home, mirror, former }
	}

	pub(crate) fn do_set_mirror(who: T::AccountId, mirror: Option<HospitalId>) -> DispatchResult {
		let (patient, found) = Self::verified_patient_of(&who)?;
		if let Some(mirror) = mirror {
			ensure!(T::Hospitals::is_active(mirror), Error::<T>::HospitalNotActive);
			let Vaults { home, .. } = Self::vaults_of(patient)(found.registration.hospital);
			ensure!(mirror != home, Error::<T>::SameVault);
		}
		Self::choose(patient, |choice| {
			choice.mirror = mirror;
			Ok(())
		})?;
		Self::deposit_event(Event::MirrorSet { patient, mirror });
		Ok(())
	}

	pub(crate) fn do_move_vault(
		who: T::AccountId,
		from: HospitalId,
		to: HospitalId,
	) -> DispatchResult {
		let (patient, _) = Self::verified_patient_of(&who)?;
		ensure!(from != to, Error::<T>::SameVault);
		ensure!(T::Hospitals::is_active(to), Error::<T>::HospitalNotActive);
		Self::choose(patient, |choice| {
			ensure!(!choice.has_moved(from), Error::<T>::VaultMoved);
			let mut keepers = Self::succeeded_by(from, choice)?;
			keepers.insert(from);
			choice.move_on(&keepers, to)
		})?;
		Self::deposit_event(Event::DocumentsMoved { patient, from, to });
		Ok(())
	}

	/// The hospitals that have left, and whose documents this one keeps, apart from those that the patient has moved.
	/// Fails if a patient can't move them all.
	fn succeeded_by(
		hospital: HospitalId,
		choice: &VaultChoice,
	) -> Result<BTreeSet<HospitalId>, Error<T>> {
		let successors = Successors::<T>::get();
		let most = usize::try_from(MAX_VAULT_MOVES).unwrap_or(usize::MAX);
		// One that has come back keeps its own. No more can have than there are hospitals, so the looks are bounded.
		let kept: BTreeSet<HospitalId> = successors
			.iter()
			.filter(|(_, successor)| **successor == hospital)
			.map(|(left, _)| *left)
			.filter(|left| !choice.has_moved(*left) && !T::Hospitals::is_active(*left))
			.take(most.saturating_add(1))
			.collect();
		ensure!(kept.len() <= most, Error::<T>::MaxVaultMovesExceeded);
		Ok(kept)
	}

	/// Changes a patient's choice, and the hospitals' lists of the patients who chose them.
	fn choose(
		patient: PatientId,
		change: impl FnOnce(&mut VaultChoice) -> Result<(), Error<T>>,
	) -> DispatchResult {
		let mut choice = VaultChoices::<T>::get(patient);
		let before = choice.chosen();
		change(&mut choice)?;
		let after = choice.chosen();
		for hospital in before.union(&after) {
			let (was, is) = (before.contains(hospital), after.contains(hospital));
			ChosenBy::<T>::list(*hospital, patient.0.into(), was, is);
		}
		match choice == VaultChoice::default() {
			true => VaultChoices::<T>::remove(patient),
			false => VaultChoices::<T>::insert(patient, choice),
		}
		Ok(())
	}

	pub(crate) fn do_set_successor(
		left: HospitalId,
		successor: Option<HospitalId>,
	) -> DispatchResult {
		Successors::<T>::try_mutate(|all| -> Result<(), Error<T>> {
			let Some(successor) = successor else {
				return all.remove(&left).map(|_| ()).ok_or(Error::<T>::NoSuccessor);
			};
			ensure!(T::Hospitals::is_known(left), Error::<T>::HospitalNotFound);
			ensure!(!T::Hospitals::is_active(left), Error::<T>::HospitalActive);
			ensure!(T::Hospitals::is_active(successor), Error::<T>::HospitalNotActive);
			// It had left itself, and has come back.
			all.remove(&successor);
			for (_, keeper) in all.iter_mut().filter(|(_, keeper)| **keeper == left) {
				*keeper = successor;
			}
			let inserted = all.try_insert(left, successor);
			inserted.map(|_| ()).map_err(|_| Error::<T>::MaxSuccessorsExceeded)
		})?;
		Self::deposit_event(Event::SuccessorSet { left, successor });
		Ok(())
	}

	/// Whether the document may be added to a chart with this choice: by a vault of the consortium that
	/// keeps what names it.
	pub(crate) fn ensure_kept(choice: &VaultChoice, document: &Document) -> DispatchResult {
		Self::ensure_document(document)?;
		ensure!(!choice.has_moved(document.vault), Error::<T>::VaultMoved);
		Ok(())
	}
}
