//! The answers of the runtime API. Lists leave out what has ended by itself, also before a block had time for it.

use crate::*;
use alloc::vec::Vec;
use pallet_delegation_runtime_api::{
	EmergencyInfo, EmergencyOf, EmergencyPlanInfo, EmergencyRequestInfo, GuardiansInfo, KeeperInfo,
	RecoveryInfo, RepresentativeInfo, Representing, WardInfo,
};

impl<T: Config> Pallet<T> {
	/// See `DelegationApi::acting_key`.
	pub fn acting_key(patient: PatientId) -> Option<EncryptionKey> {
		Self::acting_key_of(patient)
	}

	/// See `DelegationApi::guardians`.
	pub fn guardians(person: Person) -> Option<GuardiansInfo> {
		let GuardianSet { commitments, secret, guardians, delay, set_at } =
			GuardianSets::<T>::get(person)?;
		Some(GuardiansInfo {
			person,
			commitments: commitments.into_inner(),
			secret,
			guardians: Self::keeper_infos(&guardians),
			delay,
			set_at,
		})
	}

	/// See `DelegationApi::wards`.
	pub fn wards(guardian: Delegate, after: Option<Person>, limit: u32) -> Page<WardInfo, Person> {
		let wards = match after {
			Some(person) => {
				let from = GuardedBy::<T>::hashed_key_for(guardian, person);
				GuardedBy::<T>::iter_key_prefix_from(guardian, from)
			},
			None => GuardedBy::<T>::iter_key_prefix(guardian),
		};
		Page::of(wards, limit, |person| {
			let threshold = count_of(&GuardianSets::<T>::get(person)?.commitments);
			let recoveries = Recoveries::<T>::iter_key_prefix(person).count();
			let recoveries = u32::try_from(recoveries).unwrap_or(u32::MAX);
			Some(WardInfo { person, threshold, recoveries })
		})
	}

	/// See `DelegationApi::recoveries`.
	pub fn recoveries(person: Person) -> Vec<RecoveryInfo<T::AccountId>> {
		Recoveries::<T>::iter_prefix(person)
			.map(|(new, recovery)| {
				let Recovery { suite, key, requested_at, due, ends_at, approvals } = recovery;
				let handed_over =
					RecoveryShares::<T>::iter_key_prefix((person, new.clone())).collect();
				RecoveryInfo {
					person,
					new,
					suite,
					key,
					requested_at,
					due,
					ends_at,
					approvals: approvals.into_inner(),
					handed_over,
				}
			})
			.collect()
	}

	/// See `DelegationApi::representatives`.
	pub fn representatives(patient: PatientId) -> Vec<RepresentativeInfo> {
		let all = Representatives::<T>::get(patient).into_iter();
		all.filter(|(_, found)| !Self::is_over(found))
			.map(|(representative, found)| {
				Self::representative_info(patient, representative, &found)
			})
			.collect()
	}

	/// See `DelegationApi::represented`.
	pub fn represented(representative: PatientId) -> Vec<RepresentativeInfo> {
		Represented::<T>::get(representative)
			.into_iter()
			.filter_map(|patient| Self::representing(patient, representative))
			.collect()
	}

	/// See `DelegationApi::awaiting_representatives`.
	pub fn awaiting_representatives(
		hospital: HospitalId,
		after: Option<Representing>,
		limit: u32,
	) -> Page<RepresentativeInfo, Representing> {
		let awaiting = match after {
			Some(Representing { patient, representative }) => {
				let from =
					AwaitingConfirmation::<T>::hashed_key_for(hospital, (patient, representative));
				AwaitingConfirmation::<T>::iter_key_prefix_from(hospital, from)
			},
			None => AwaitingConfirmation::<T>::iter_key_prefix(hospital),
		};
		let keys =
			awaiting.map(|(patient, representative)| Representing { patient, representative });
		Page::of(keys, limit, |key| Self::representing(key.patient, key.representative))
	}

	/// See `DelegationApi::representative_access`.
	pub fn representative_access(
		patient: PatientId,
		representative: PatientId,
		record: Option<RecordIndex>,
	) -> Result<Allowed, Denied> {
		T::Charts::person(Person::Patient(patient)).ok_or(Denied::PatientNotFound)?;
		let found =
			Self::live_representation(patient, representative).map_err(|_| Denied::NotGranted)?;
		let may_see = found.scopes.include(Scopes::SEE)
			&& Self::verified(Person::Patient(representative)).is_ok();
		if !may_see {
			return Err(Denied::NotGranted);
		}
		if record.is_some_and(|record| !T::Charts::has_record(patient, record)) {
			return Err(Denied::RecordNotFound);
		}
		let readers_on = <Self as Delegates>::recipients(patient, Self::now());
		let reads_on = readers_on.iter().any(|(one, _)| *one == representative);
		let has_current = found.epoch.is_some() && found.epoch == T::Charts::epoch(patient);
		let key = match T::Charts::is_due(patient) {
			true if reads_on => KeyStatus::OwnKey,
			false if has_current => KeyStatus::Current,
			_ => KeyStatus::AwaitingPatient,
		};
		Ok(Allowed {
			scope: Scope::Chart,
			may_append: found.scopes.include(Scopes::ADD),
			until: found.until,
			key,
		})
	}

	/// See `DelegationApi::emergency_plan`.
	pub fn emergency_plan(patient: PatientId) -> Option<EmergencyPlanInfo> {
		let plan = EmergencyPlans::<T>::get(patient)?;
		let (records, epoch) = match EmergencySets::<T>::get(patient)? {
			EmergencySet::Chart(sealed) => (None, Some(sealed.epoch)),
			EmergencySet::Records { records, .. } => {
				(Some(records.keys().copied().collect()), None)
			},
		};
		Some(EmergencyPlanInfo {
			patient,
			commitments: plan.commitments.into_inner(),
			secret: plan.secret,
			suite: plan.suite,
			key: plan.key,
			holders: Self::keeper_infos(&plan.holders),
			records,
			epoch,
			duration: plan.duration,
			set_at: plan.set_at,
			used: plan.used,
		})
	}

	/// See `DelegationApi::emergency_requests`.
	pub fn emergency_requests(patient: PatientId) -> Vec<EmergencyRequestInfo> {
		EmergencyRequests::<T>::iter_key_prefix(patient)
			.filter_map(|doctor| Self::emergency_request(EmergencyOf { patient, doctor }))
			.collect()
	}

	/// See `DelegationApi::emergencies_asked`.
	pub fn emergencies_asked(
		hospital: HospitalId,
		after: Option<EmergencyOf>,
		limit: u32,
	) -> Page<EmergencyRequestInfo, EmergencyOf> {
		let asked = match after {
			Some(EmergencyOf { patient, doctor }) => {
				let from = EmergenciesAsked::<T>::hashed_key_for(hospital, (patient, doctor));
				EmergenciesAsked::<T>::iter_key_prefix_from(hospital, from)
			},
			None => EmergenciesAsked::<T>::iter_key_prefix(hospital),
		};
		let keys = asked.map(|(patient, doctor)| EmergencyOf { patient, doctor });
		let now = Self::now();
		Page::of(keys, limit, |of| Self::emergency_request(of).filter(|one| now < one.ends_at))
	}

	/// See `DelegationApi::emergencies`.
	pub fn emergencies(patient: PatientId) -> Vec<EmergencyInfo> {
		let now = Self::now();
		let all = Emergencies::<T>::get(patient).into_iter();
		all.map(|one| EmergencyInfo {
			patient,
			open: one.is_open(now),
			doctor: one.doctor,
			reason: one.reason,
			details: one.details,
			confirmed: one.confirmed.into_inner(),
			opened_at: one.opened_at,
			until: one.until,
			review: one.review,
		})
		.collect()
	}

	fn emergency_request(
		EmergencyOf { patient, doctor }: EmergencyOf,
	) -> Option<EmergencyRequestInfo> {
		let threshold = count_of(&EmergencyPlans::<T>::get(patient)?.commitments);
		let found = EmergencyRequests::<T>::get(patient, doctor)?;
		Some(EmergencyRequestInfo {
			patient,
			doctor,
			reason: found.reason,
			details: found.details,
			key_version: found.key_version,
			asked_at: found.asked_at,
			ends_at: found.ends_at,
			confirmed: found.confirmed.into_inner(),
			threshold,
		})
	}

	fn representing(patient: PatientId, representative: PatientId) -> Option<RepresentativeInfo> {
		let found = Self::representation(patient, representative).ok()?;
		(!Self::is_over(&found)).then(|| Self::representative_info(patient, representative, &found))
	}

	fn representative_info(
		patient: PatientId,
		representative: PatientId,
		found: &Representation,
	) -> RepresentativeInfo {
		let live = found.confirmed
			&& !Self::is_over(found)
			&& Self::verified(Person::Patient(representative)).is_ok();
		RepresentativeInfo {
			patient,
			representative,
			scopes: found.scopes,
			until: found.until,
			named_at: found.named_at,
			confirmed: found.confirmed,
			key_version: found.key_version,
			epoch: found.epoch,
			live,
		}
	}

	fn keeper_infos(keepers: &Keepers) -> Vec<KeeperInfo> {
		let info = |keeper: &Keeper| {
			let Keeper { delegate, key_version, .. } = *keeper;
			KeeperInfo { delegate, key_version, able: Self::is_able(keeper) }
		};
		keepers.iter().map(info).collect()
	}
}
