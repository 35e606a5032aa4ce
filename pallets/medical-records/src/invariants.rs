//! Checks of the properties that the crate's documentation names.

use crate::*;
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks all of them.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_people()?;
		Self::check_account_changes()?;
		Self::check_proposals()?;
		Self::check_grants()?;
		Self::check_keys()?;
		Self::check_deposits()?;
		Self::check_charts()?;
		Self::check_numbers()?;
		Self::check_indices()?;
		Self::check_vaults()
	}

	/// `one-home`
	fn check_vaults() -> Result<(), TryRuntimeError> {
		let mut chosen = BTreeSet::new();
		for (patient, choice) in VaultChoices::<T>::iter() {
			let found = Patients::<T>::get(patient).ok_or("one-home: no such patient")?;
			ensure!(found.registration.was_verified(), "one-home: the patient never was verified");
			ensure!(choice != VaultChoice::default(), "one-home: an empty choice is stored");
			let mut ends = choice.moves.values();
			ensure!(!ends.any(|to| choice.has_moved(*to)), "one-home: moved on by the patient");
			chosen.extend(choice.chosen().into_iter().map(|one| (one, Place::from(patient.0))));
		}
		ensure!(
			ChosenBy::<T>::iter_keys().collect::<BTreeSet<_>>() == chosen,
			"one-home: other patients have chosen a vault"
		);
		let successors = Successors::<T>::get();
		let mut ends = successors.values();
		ensure!(
			!ends.any(|successor| successors.contains_key(successor)),
			"one-home: a successor has a successor"
		);
		Ok(())
	}

	/// `hospital-index`
	fn check_indices() -> Result<(), TryRuntimeError> {
		let mut awaited = BTreeSet::new();
		let mut listed = BTreeSet::new();
		for (id, Patient { registration, .. }) in Patients::<T>::iter() {
			awaited.extend(registration.awaited().map(|hospital| (hospital, Place::from(id.0))));
			listed.insert((registration.hospital, Place::from(id.0)));
		}
		ensure!(
			AwaitingPatients::<T>::iter_keys().collect::<BTreeSet<_>>() == awaited,
			"hospital-index: other patients wait"
		);
		ensure!(
			PatientsOf::<T>::iter_keys().collect::<BTreeSet<_>>() == listed,
			"hospital-index: other patients belong to a hospital"
		);
		let mut awaited = BTreeSet::new();
		for (id, Doctor { registration, .. }) in Doctors::<T>::iter() {
			awaited.extend(registration.awaited().map(|hospital| (hospital, Place::from(id.0))));
		}
		ensure!(
			AwaitingDoctors::<T>::iter_keys().collect::<BTreeSet<_>>() == awaited,
			"hospital-index: other doctors wait"
		);
		let patients = Patients::<T>::iter()
			.filter(|(_, patient)| patient.registration.moving_to.is_some())
			.map(|(id, _)| Person::Patient(id));
		let doctors = Doctors::<T>::iter()
			.filter(|(_, doctor)| doctor.registration.moving_to.is_some())
			.map(|(id, _)| Person::Doctor(id));
		let asked: Vec<_> = patients.chain(doctors).collect();
		ensure!(
			asked.iter().all(MoveRequests::<T>::contains_key)
				&& MoveRequests::<T>::iter_keys().count() == asked.len(),
			"hospital-index: other people have asked to move"
		);
		Ok(())
	}

	/// `one-person`
	fn check_people() -> Result<(), TryRuntimeError> {
		for (account, id) in PatientOf::<T>::iter() {
			let found =
				Patients::<T>::get(id).ok_or("one-person: an account controls no patient")?;
			ensure!(
				found.registration.account == account,
				"one-person: two accounts control a patient"
			);
		}
		for (account, id) in DoctorOf::<T>::iter() {
			let found = Doctors::<T>::get(id).ok_or("one-person: an account acts for no doctor")?;
			ensure!(
				found.registration.account == account,
				"one-person: two accounts act for a doctor"
			);
		}
		ensure!(
			PatientOf::<T>::iter().count() == Patients::<T>::iter().count()
				&& DoctorOf::<T>::iter().count() == Doctors::<T>::iter().count(),
			"one-person: no account controls a person"
		);
		ensure!(
			Patients::<T>::iter_keys().all(|id| id < NextPatient::<T>::get())
				&& Doctors::<T>::iter_keys().all(|id| id < NextDoctor::<T>::get()),
			"one-person: an id from the future"
		);
		let forgotten = Patients::<T>::iter().any(|(id, patient)| {
			patient.registration.standing == Standing::Pending && id < OldestPatient::<T>::get()
		});
		ensure!(!forgotten, "one-person: a registration that will never lapse");
		Ok(())
	}

	/// `people`
	fn check_numbers() -> Result<(), TryRuntimeError> {
		let mut counted: BTreeMap<_, PeopleCount> = BTreeMap::new();
		let patients =
			Patients::<T>::iter_values().map(|one| (Capacity::Patient, one.registration));
		let doctors = Doctors::<T>::iter_values().map(|one| (Capacity::Doctor, one.registration));
		for (capacity, person) in patients.chain(doctors).filter(|(_, one)| one.was_verified()) {
			*counted.entry(person.hospital).or_default().of(capacity) += 1;
		}
		let mut stored: BTreeMap<_, _> = People::<T>::iter().collect();
		stored.retain(|_, people| *people != PeopleCount::default());
		ensure!(counted == stored, "people: a hospital's numbers differ");
		Ok(())
	}

	/// `pending-changes`
	fn check_account_changes() -> Result<(), TryRuntimeError> {
		let waiting = ChangeQueue::<T>::iter().count();
		ensure!(
			AccountChanges::<T>::iter().count() == waiting,
			"pending-changes: the queue and the changes differ"
		);
		let mut due_before = 0;
		let mut places: BTreeMap<u64, Moment> = BTreeMap::new();
		for (hospital, person, change) in AccountChanges::<T>::iter() {
			let registration = match person {
				Person::Patient(id) => Patients::<T>::get(id).map(|found| found.registration),
				Person::Doctor(id) => Doctors::<T>::get(id).map(|found| found.registration),
			};
			let registration = registration.ok_or("pending-changes: of nobody")?;
			ensure!(
				registration.hospital == hospital,
				"pending-changes: the person's hospital can't stop it"
			);
			ensure!(
				registration.standing == Standing::Verified,
				"pending-changes: the person is not verified"
			);
			ensure!(
				ChangeQueue::<T>::get(change.place) == Some(person),
				"pending-changes: another place in the queue"
			);
			places.insert(change.place, change.due);
		}
		for (place, due) in places {
			let is_between = (FirstChange::<T>::get()..NextChange::<T>::get()).contains(&place);
			ensure!(is_between, "pending-changes: outside the queue");
			ensure!(due >= due_before, "pending-changes: out of order");
			due_before = due;
		}
		Ok(())
	}

	/// `vouched-directory`: the rest of it is a property of the calls.
	fn check_proposals() -> Result<(), TryRuntimeError> {
		for (hospital, doctor, _) in ProposedProfiles::<T>::iter() {
			let found =
				Doctors::<T>::get(doctor).ok_or("vouched-directory: a proposal of nobody")?;
			ensure!(
				found.registration.hospital == hospital,
				"vouched-directory: the doctor's hospital can't confirm it"
			);
			ensure!(
				found.registration.was_verified(),
				"vouched-directory: a proposal of an unverified doctor"
			);
		}
		Ok(())
	}

	/// `reverse-index`, `verified-only`, `sealed-current`
	fn check_grants() -> Result<(), TryRuntimeError> {
		for (doctor, patient, ()) in GrantedTo::<T>::iter() {
			ensure!(Grants::<T>::contains_key(patient, doctor), "reverse-index: no such grant");
		}
		for (patient, doctor, grant) in Grants::<T>::iter() {
			ensure!(GrantedTo::<T>::contains_key(doctor, patient), "reverse-index: not listed");
			let chart = Patients::<T>::get(patient).ok_or("verified-only: no such patient")?;
			ensure!(chart.registration.was_verified(), "verified-only: the patient never was");
			let found = Doctors::<T>::get(doctor).ok_or("verified-only: no such doctor")?;
			ensure!(found.registration.was_verified(), "verified-only: the doctor never was");
			ensure!(grant.appends_left <= T::AppendBudget::get(), "counts: an append budget");
			let is_dormant = !grant.holds(chart.chart.epoch);
			let now = Self::now();
			let is_due = Self::sealing_epoch(patient, &chart.chart, now) != chart.chart.epoch;
			if let (Some(seal), Ok(_)) = (grant.seal, Self::access(patient, doctor, None)) {
				ensure!(
					GrantKeys::<T>::contains_key(patient, doctor) || is_due || is_dormant,
					"sealed-current: a doctor was given no key"
				);
				ensure!(seal.epoch <= chart.chart.epoch, "sealed-current: a key from the future");
			}
		}
		Ok(())
	}

	/// `bound-keys`
	fn check_keys() -> Result<(), TryRuntimeError> {
		for (patient, doctor, _) in GrantKeys::<T>::iter() {
			let scope = Grants::<T>::get(patient, doctor).map(|grant| grant.scope());
			ensure!(scope == Some(Scope::Chart), "bound-keys: an epoch's key without a grant");
		}
		for (patient, doctor, key) in ShareKeys::<T>::iter() {
			let scope = Grants::<T>::get(patient, doctor).map(|grant| grant.scope());
			ensure!(scope == Some(Scope::Records), "bound-keys: a share key without a grant");
			let made = Patients::<T>::get(patient).map_or(0, |found| found.chart.shares);
			ensure!(key.generation <= made, "bound-keys: a share key from the future");
		}
		for (patient, doctor, shared) in SharedRecordsOf::<T>::iter() {
			ensure!(!shared.is_empty(), "bound-keys: an empty share is stored");
			ensure!(ShareKeys::<T>::contains_key(patient, doctor), "bound-keys: no share key");
			let is_there = |index: &RecordIndex| {
				Records::<T>::get(patient, index).is_some_and(|record| record.document.is_some())
			};
			ensure!(shared.keys().all(is_there), "bound-keys: a key of a record that is gone");
		}
		let verified_or_pending = Patients::<T>::iter()
			.filter(|(_, patient)| patient.registration.standing != Standing::Rejected)
			.map(|(id, _)| id)
			.collect::<BTreeSet<_>>();
		let with_keys = CurrentKeys::<T>::iter_keys().collect::<BTreeSet<_>>();
		ensure!(verified_or_pending == with_keys, "bound-keys: charts and their keys differ");
		for (id, doctor) in Doctors::<T>::iter() {
			let version = EncryptionKeys::<T>::get(id).map(|key| key.version);
			let expected =
				(doctor.registration.standing != Standing::Rejected).then_some(doctor.key_version);
			ensure!(version == expected, "bound-keys: a doctor has another key");
			ensure!(doctor.vouched_version <= doctor.key_version, "bound-keys: vouched too early");
			let is_listed = Directory::<T>::contains_key(id);
			ensure!(is_listed == expected.is_some(), "bound-keys: the directory differs");
		}
		ensure!(
			EncryptionKeys::<T>::iter_keys().all(Doctors::<T>::contains_key)
				&& Directory::<T>::iter_keys().all(Doctors::<T>::contains_key),
			"bound-keys: a key of no doctor"
		);
		Ok(())
	}

	/// `deposits`
	fn check_deposits() -> Result<(), TryRuntimeError> {
		for (patient, deposits) in Deposits::<T>::iter() {
			let found = Patients::<T>::get(patient).ok_or("deposits: of no patient")?;
			ensure!(found.registration.was_verified(), "deposits: the patient never was verified");
			ensure!(!deposits.is_empty(), "deposits: none, and stored");
			let budget = T::AppendBudget::get();
			ensure!(
				deposits.values().all(|deposit| deposit.appends_left <= budget),
				"deposits: an append budget"
			);
			let now = Self::now();
			ensure!(
				deposits.values().all(|deposit| deposit.allowed_at <= now),
				"deposits: allowed in the future"
			);
		}
		Ok(())
	}

	/// `counts`, `no-stale-append`
	fn check_charts() -> Result<(), TryRuntimeError> {
		let mut records: BTreeMap<PatientId, BTreeMap<RecordIndex, Epoch>> = BTreeMap::new();
		let mut live: BTreeMap<PatientId, (u32, u32)> = BTreeMap::new();
		for (patient, index, record) in Records::<T>::iter() {
			if record.document.is_some() {
				let (all, of_others) = live.entry(patient).or_default();
				*all = all.saturating_add(1);
				if record.author != Author::Patient {
					*of_others = of_others.saturating_add(1);
				}
			}
			records.entry(patient).or_default().insert(index, record.sealed_to);
		}
		let mut epochs: BTreeMap<PatientId, BTreeMap<Epoch, RecordIndex>> = BTreeMap::new();
		for (patient, epoch, past) in PastEpochs::<T>::iter() {
			epochs.entry(patient).or_default().insert(epoch, past.records_until);
		}
		let now = Self::now();
		for (id, Patient { chart, .. }) in Patients::<T>::iter() {
			let records = records.remove(&id).unwrap_or_default();
			let ends = epochs.remove(&id).unwrap_or_default();
			let grants = Grants::<T>::iter_prefix(id).count();
			ensure!(usize::try_from(chart.grants) == Ok(grants), "counts: grants");
			ensure!(chart.grants <= MAX_GRANTS, "counts: too many grants");
			ensure!(records.keys().copied().eq(0..chart.records), "counts: records");
			let (live, of_others) = live.remove(&id).unwrap_or_default();
			// Those that were withdrawn under version 1 of the storage are counted, too, until all have been looked at.
			let is_counted = Recounting::<T>::get().is_none_or(|recount| !recount.is_ahead(id));
			let most = if is_counted { live } else { chart.records };
			ensure!((live..=most).contains(&chart.live), "counts: live records");
			let room = T::MaxRecords::get();
			ensure!(chart.live <= room, "counts: too many records");
			let for_others = room.saturating_sub(T::PatientsReserve::get());
			ensure!(of_others <= for_others, "counts: others took the patient's room");
			ensure!(ends.keys().copied().eq(0..chart.epoch), "counts: past epochs");
			ensure!(chart.epoch % 2 == 0, "counts: the distributed epoch is odd");
			let is_noted = match T::Delegates::hold(id, chart.epoch, now) {
				Hold::No | Hold::Until(None) => true,
				Hold::Until(Some(end)) => has_come(chart.next_expiry, end),
				Hold::Lost => has_come(chart.next_expiry, now),
			};
			ensure!(
				chart.is_due() || is_noted,
				"no-stale-append: the end of a representative's hold would pass unnoticed"
			);

			let standby = chart.epoch.saturating_add(1);
			for (index, sealed_to) in records {
				let begins = match sealed_to.checked_sub(1) {
					None => 0,
					Some(before) if before == chart.epoch => {
						chart.lost_from.ok_or("no-stale-append: sealed to an idle standby")?
					},
					Some(before) => *ends.get(&before).ok_or("no-stale-append: no such epoch")?,
				};
				let ends = match ends.get(&sealed_to) {
					Some(ends) => *ends,
					None if sealed_to == chart.epoch => chart.lost_from.unwrap_or(chart.records),
					None if sealed_to == standby => chart.records,
					None => return Err("no-stale-append: an epoch from the future".into()),
				};
				ensure!(
					(begins..ends).contains(&index),
					"no-stale-append: sealed to an epoch that was over"
				);
			}
		}
		ensure!(records.is_empty() && epochs.is_empty(), "counts: records of no patient");
		Ok(())
	}
}
