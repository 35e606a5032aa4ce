//! The answers of the runtime API.

use crate::*;
use alloc::vec::Vec;
use pallet_medical_records_runtime_api::{
	AccountChangeInfo, Change, DepositInfo, DoctorInfo, GrantInfo, PatientInfo, ProposalInfo,
	RecordInfo, ShareInfo,
};

/// The number of grants after which a page of charts is long enough. A chart whose doctors' hospitals have had a
/// lapse looks at all of its grants, up to [`MAX_GRANTS`], to find out whether it is due, and each question does so
/// until a call settles the chart; others look at none. So a page reads a bounded number of grants and doctors,
/// however many charts a lapse concerns.
const MAX_LOOKED_AT: u32 = MAX_PAGE;

impl<T: Config> Pallet<T> {
	/// See `MedicalRecordsApi::doctors`.
	pub fn doctors(
		after: Option<DoctorId>,
		limit: u32,
	) -> Page<DoctorInfo<T::AccountId>, DoctorId> {
		let end = NextDoctor::<T>::get().0;
		Page::numbered(after.map(|id| id.0), end, limit, DoctorId, |id| {
			Self::doctor(id).filter(|doctor| doctor.standing != Standing::Rejected)
		})
	}

	/// See `MedicalRecordsApi::doctor`.
	pub fn doctor(id: DoctorId) -> Option<DoctorInfo<T::AccountId>> {
		let found = Doctors::<T>::get(id)?;
		let practises = Self::practises(&found, Self::now());
		let (profile, details) = match Directory::<T>::get(id) {
			Some(entry) => (Some(entry.profile), entry.details),
			None => (None, Details::default()),
		};
		let Registration { account, generation, hospital, standing, registered_at, moving_to } =
			found.registration;
		Some(DoctorInfo {
			id,
			account,
			generation,
			hospital,
			standing,
			practises,
			registered_at,
			moving_to,
			licence_expires: found.licence_expires,
			profile,
			details,
			key_version: found.key_version,
			vouched_version: found.vouched_version,
		})
	}

	/// See `MedicalRecordsApi::patient`.
	pub fn patient(id: PatientId) -> Option<PatientInfo<T::AccountId>> {
		Self::find_patient(id).0
	}

	/// As [`Self::patient`], with the number of grants looked at.
	fn find_patient(id: PatientId) -> (Option<PatientInfo<T::AccountId>>, u32) {
		let Some(found) = Patients::<T>::get(id) else { return (None, 0) };
		let (sealing_epoch, looked_at) = Self::look(id, &found.chart, Self::now());
		let VaultChoice { mirror, moves } = VaultChoices::<T>::get(id);
		let vaults = Self::vaults_of(id);
		let Registration { account, generation, hospital, standing, registered_at, moving_to } =
			found.registration;
		let info = PatientInfo {
			id,
			account,
			generation,
			hospital,
			standing,
			registered_at,
			moving_to,
			vault: vaults(hospital).home,
			mirror,
			moves: moves.iter().map(|(from, to)| VaultMove { from: *from, to: *to }).collect(),
			profile_vaults: found.profile.as_ref().map(|one| vaults(one.document.vault)),
			profile: found.profile,
			records: found.chart.records,
			live: found.chart.live,
			grants: found.chart.grants,
			shares: found.chart.shares,
			epoch: found.chart.epoch,
			sealing_epoch,
		};
		(Some(info), looked_at)
	}

	/// See `MedicalRecordsApi::records`.
	pub fn records(
		patient: PatientId,
		after: Option<RecordIndex>,
		limit: u32,
	) -> Page<RecordInfo, RecordIndex> {
		let end = Patients::<T>::get(patient).map_or(0, |found| found.chart.records);
		// They are read once, and not for each record.
		let vaults = Self::vaults_of(patient);
		Page::numbered(
			after,
			end,
			limit,
			|index| index,
			|index| Self::record_with(patient, index, &vaults),
		)
	}

	/// See `MedicalRecordsApi::record`.
	pub fn record(patient: PatientId, index: RecordIndex) -> Option<RecordInfo> {
		Self::record_with(patient, index, Self::vaults_of(patient))
	}

	fn record_with(
		patient: PatientId,
		index: RecordIndex,
		vaults: impl Fn(HospitalId) -> Vaults,
	) -> Option<RecordInfo> {
		let record = Records::<T>::get(patient, index)?;
		let vaults = record.document.as_ref().map(|document| vaults(document.vault));
		Some(RecordInfo { index, record, vaults })
	}

	/// See `MedicalRecordsApi::patients_of_vault`.
	pub fn patients_of_vault(
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: u32,
	) -> Page<PatientId, PatientId> {
		let after = after.map(|id| id.0);
		ChosenBy::<T>::page(hospital, after, limit, MAX_LOOKED_AT, PatientId, |id| (Some(id), 0))
	}

	/// See `MedicalRecordsApi::successors`.
	pub fn successors() -> Vec<Succession> {
		let all = Successors::<T>::get().into_inner().into_iter();
		all.map(|(left, successor)| Succession { left, successor }).collect()
	}

	/// See `MedicalRecordsApi::grants_of_patient`.
	pub fn grants_of_patient(
		patient: PatientId,
		after: Option<DoctorId>,
		limit: u32,
	) -> Page<GrantInfo, DoctorId> {
		let Some(Patient { chart, .. }) = Patients::<T>::get(patient) else {
			return Page { items: Vec::new(), next: None };
		};
		// The chart is looked at once, and not for each of its doctors.
		let (readers_on, _) = Self::readers_on(patient, &chart);
		// At most `MAX_GRANTS`.
		let mut doctors: Vec<_> = Grants::<T>::iter_key_prefix(patient)
			.filter(|doctor| after.is_none_or(|after| *doctor > after))
			.collect();
		doctors.sort();
		Page::of(doctors, limit, |doctor| {
			let grant = Grants::<T>::get(patient, doctor)?;
			let reads_on = || readers_on.as_ref().map(|all| all.include(doctor));
			let access = Self::access_to(patient, &chart, doctor, None, reads_on);
			Some(grant_info(patient, doctor, grant, access))
		})
	}

	/// See `MedicalRecordsApi::grants_to_doctor`.
	pub fn grants_to_doctor(
		doctor: DoctorId,
		after: Option<PatientId>,
		limit: u32,
	) -> Page<GrantInfo, PatientId> {
		let patients = match after {
			Some(patient) => {
				let from = GrantedTo::<T>::hashed_key_for(doctor, patient);
				GrantedTo::<T>::iter_key_prefix_from(doctor, from)
			},
			None => GrantedTo::<T>::iter_key_prefix(doctor),
		};
		Page::within(MAX_LOOKED_AT, patients, limit, |patient| Self::find_grant(patient, doctor))
	}

	/// See `MedicalRecordsApi::grant`.
	pub fn grant(patient: PatientId, doctor: DoctorId) -> Option<GrantInfo> {
		Self::find_grant(patient, doctor).0
	}

	/// As [`Self::grant`], with the number of grants looked at to find out whether the chart is due.
	fn find_grant(patient: PatientId, doctor: DoctorId) -> (Option<GrantInfo>, u32) {
		let Some(grant) = Grants::<T>::get(patient, doctor) else { return (None, 0) };
		let mut looked_at = 0;
		let access = match Patients::<T>::get(patient) {
			None => Err(Denied::PatientNotFound),
			Some(Patient { chart, .. }) => {
				let reads_on = || {
					let (readers_on, grants) = Self::readers_on(patient, &chart);
					looked_at = grants;
					readers_on.map(|all| all.include(doctor))
				};
				Self::access_to(patient, &chart, doctor, None, reads_on)
			},
		};
		(Some(grant_info(patient, doctor, grant, access)), looked_at)
	}

	/// See `MedicalRecordsApi::deposits`.
	pub fn deposits(patient: PatientId) -> Vec<DepositInfo> {
		let now = Self::now();
		let info = |(institution, deposit): (InstitutionId, Deposit)| DepositInfo {
			patient,
			institution,
			expires_at: deposit.expires_at,
			allowed_at: deposit.allowed_at,
			appends_left: deposit.appends_left,
			live: Self::is_live_deposit(institution, &deposit, now),
		};
		Deposits::<T>::get(patient).into_iter().map(info).collect()
	}

	/// See `MedicalRecordsApi::deposit`.
	pub fn deposit(patient: PatientId, institution: InstitutionId) -> Option<DepositInfo> {
		Self::deposits(patient).into_iter().find(|deposit| deposit.institution == institution)
	}

	/// See `MedicalRecordsApi::past_epochs`.
	pub fn past_epochs(
		patient: PatientId,
		after: Option<Epoch>,
		limit: u32,
	) -> Page<(Epoch, PastEpoch), Epoch> {
		let end = Patients::<T>::get(patient).map_or(0, |found| found.chart.epoch);
		Page::numbered(
			after,
			end,
			limit,
			|epoch| epoch,
			|epoch| PastEpochs::<T>::get(patient, epoch).map(|past| (epoch, past)),
		)
	}

	/// See `MedicalRecordsApi::share`.
	pub fn share(patient: PatientId, doctor: DoctorId) -> ShareInfo {
		let records = SharedRecordsOf::<T>::get(patient, doctor)
			.into_iter()
			.map(|(record, key)| SharedRecord { record, key })
			.collect();
		ShareInfo { key: ShareKeys::<T>::get(patient, doctor), records }
	}

	/// See `MedicalRecordsApi::awaiting_patients`.
	pub fn awaiting_patients(
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: u32,
	) -> Page<PatientInfo<T::AccountId>, PatientId> {
		let after = after.map(|id| id.0);
		let find = Self::find_patient;
		AwaitingPatients::<T>::page(hospital, after, limit, MAX_LOOKED_AT, PatientId, find)
	}

	/// See `MedicalRecordsApi::patients_of_hospital`.
	pub fn patients_of_hospital(
		hospital: HospitalId,
		after: Option<PatientId>,
		limit: u32,
	) -> Page<PatientInfo<T::AccountId>, PatientId> {
		let after = after.map(|id| id.0);
		PatientsOf::<T>::page(hospital, after, limit, MAX_LOOKED_AT, PatientId, Self::find_patient)
	}

	/// See `MedicalRecordsApi::awaiting_doctors`.
	pub fn awaiting_doctors(
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: u32,
	) -> Page<DoctorInfo<T::AccountId>, DoctorId> {
		let after = after.map(|id| id.0);
		let find = |id| (Self::doctor(id), 0);
		AwaitingDoctors::<T>::page(hospital, after, limit, MAX_LOOKED_AT, DoctorId, find)
	}

	/// See `MedicalRecordsApi::proposed_profile`.
	pub fn proposed_profile(doctor: DoctorId) -> Option<DoctorProfile> {
		let found = Doctors::<T>::get(doctor)?;
		ProposedProfiles::<T>::get(found.registration.hospital, doctor)
	}

	/// See `MedicalRecordsApi::proposed_profiles`.
	pub fn proposed_profiles(
		hospital: HospitalId,
		after: Option<DoctorId>,
		limit: u32,
	) -> Page<ProposalInfo, DoctorId> {
		let doctors = match after {
			Some(doctor) => {
				let from = ProposedProfiles::<T>::hashed_key_for(hospital, doctor);
				ProposedProfiles::<T>::iter_key_prefix_from(hospital, from)
			},
			None => ProposedProfiles::<T>::iter_key_prefix(hospital),
		};
		Page::of(doctors, limit, |doctor| {
			let profile = ProposedProfiles::<T>::get(hospital, doctor)?;
			Some(ProposalInfo { doctor, profile })
		})
	}

	/// See `MedicalRecordsApi::account_change`.
	pub fn account_change(person: Person) -> Option<AccountChangeInfo<T::AccountId>> {
		let hospital = match person {
			Person::Patient(patient) => Patients::<T>::get(patient)?.registration.hospital,
			Person::Doctor(doctor) => Doctors::<T>::get(doctor)?.registration.hospital,
		};
		Self::account_change_at(hospital, person)
	}

	/// See `MedicalRecordsApi::account_changes`.
	pub fn account_changes(
		hospital: HospitalId,
		after: Option<Person>,
		limit: u32,
	) -> Page<AccountChangeInfo<T::AccountId>, Person> {
		let people = match after {
			Some(person) => {
				let from = AccountChanges::<T>::hashed_key_for(hospital, person);
				AccountChanges::<T>::iter_key_prefix_from(hospital, from)
			},
			None => AccountChanges::<T>::iter_key_prefix(hospital),
		};
		Page::of(people, limit, |person| Self::account_change_at(hospital, person))
	}

	fn account_change_at(
		hospital: HospitalId,
		person: Person,
	) -> Option<AccountChangeInfo<T::AccountId>> {
		let AccountChange { new, due, .. } = AccountChanges::<T>::get(hospital, person)?;
		Some(AccountChangeInfo { person, new, due })
	}

	/// See `MedicalRecordsApi::news`. Not for use in transactions: it reads the events of the block.
	pub fn news(after: Option<u32>, limit: u32) -> Page<Change<T::AccountId>, u32>
	where
		T::RuntimeEvent: TryInto<Event<T>>,
	{
		let limit = limit.min(MAX_PAGE) as usize;
		let start = after.map_or(0, |after| after.saturating_add(1));
		let mut changes = (0u32..)
			.zip(frame_system::Pallet::<T>::read_events_no_consensus())
			.skip(start as usize)
			.filter_map(|(place, record)| Some((place, change(record.event.try_into().ok()?)?)));
		let mut items = Vec::new();
		let mut last = None;
		for (place, change) in changes.by_ref().take(limit) {
			last = Some(place);
			items.push(change);
		}
		let next = last.filter(|_| changes.next().is_some());
		Page { items, next }
	}
}

fn grant_info(
	patient: PatientId,
	doctor: DoctorId,
	grant: Grant,
	access: Result<Allowed, Denied>,
) -> GrantInfo {
	GrantInfo {
		patient,
		doctor,
		scope: grant.scope(),
		may_append: grant.may_append,
		expires_at: grant.expires_at,
		granted_at: grant.granted_at,
		appends_left: grant.appends_left,
		epoch: grant.seal.map(|seal| seal.epoch),
		key_version: grant.seal.map(|seal| seal.key_version),
		access,
	}
}

/// The change that an event means for doctors, if any.
fn change<T: Config>(event: Event<T>) -> Option<Change<T::AccountId>> {
	let standing = |doctor, standing| Change::DoctorStandingChanged { doctor, standing };
	Some(match event {
		Event::AccessGranted { patient, doctor, may_append, expires_at } => {
			let (scope, records) = (Scope::Chart, None);
			Change::Granted { patient, doctor, scope, records, may_append, expires_at }
		},
		Event::RecordsShared { patient, doctor, records, may_append, expires_at }
		| Event::RecordsUnshared { patient, doctor, records, may_append, expires_at } => {
			let (scope, records) = (Scope::Records, Some(records));
			Change::Granted { patient, doctor, scope, records, may_append, expires_at }
		},
		Event::AccessRevoked { patient, doctor } => Change::Revoked { patient, doctor },
		Event::AccessRelinquished { patient, doctor } => Change::Relinquished { patient, doctor },
		Event::RecordsAdded { patient, author, first, count } => {
			Change::RecordsAdded { patient, author, first, count }
		},
		Event::RecordWithdrawn { patient, record } => Change::RecordWithdrawn { patient, record },
		Event::ChartKeyRotated { patient, epoch } => Change::ChartKeyRotated { patient, epoch },
		Event::PatientProfileUpdated { patient, by_hospital } => {
			Change::PatientProfileUpdated { patient, by_hospital }
		},
		Event::PatientProfileRemoved { patient } => {
			Change::PatientProfileUpdated { patient, by_hospital: false }
		},
		Event::DoctorVerified { doctor } | Event::DoctorReinstated { doctor } => {
			standing(doctor, Standing::Verified)
		},
		Event::DoctorRejected { doctor } => standing(doctor, Standing::Rejected),
		Event::DoctorSuspended { doctor } => standing(doctor, Standing::Suspended),
		Event::DoctorProfileUpdated { doctor, by_hospital } => {
			Change::DoctorProfileUpdated { doctor, by_hospital }
		},
		Event::DoctorProfileProposed { doctor } => Change::DoctorProfileProposed { doctor },
		Event::DoctorProfileDiscarded { doctor, by_hospital } => {
			Change::DoctorProfileDiscarded { doctor, by_hospital }
		},
		Event::DoctorDetailsSet { doctor, licence_expires } => {
			Change::DoctorDetailsSet { doctor, licence_expires }
		},
		Event::EncryptionKeySet { doctor, version } => Change::EncryptionKeySet { doctor, version },
		Event::EncryptionKeyConfirmed { doctor, version } => {
			Change::EncryptionKeyConfirmed { doctor, version }
		},
		Event::AccountChangeRequested { person: Person::Doctor(doctor), new, due, .. } => {
			Change::DoctorAccountChangeRequested { doctor, new, due }
		},
		Event::AccountChangeStopped { person: Person::Doctor(doctor), why } => {
			Change::DoctorAccountChangeStopped { doctor, why }
		},
		Event::AccountChanged { person: Person::Doctor(doctor), old, new } => {
			Change::DoctorAccountChanged { doctor, old, new }
		},
		Event::DoctorMoved { doctor, from, to } => Change::DoctorMoved { doctor, from, to },
		Event::RegistrationLapsed { person: Person::Doctor(doctor) } => {
			Change::DoctorRegistrationLapsed { doctor }
		},
		Event::MoveDeclined { person: Person::Doctor(doctor), hospital } => {
			Change::DoctorMoveDeclined { doctor, hospital }
		},
		Event::MoveLapsed { person: Person::Doctor(doctor), hospital } => {
			Change::DoctorMoveLapsed { doctor, hospital }
		},
		// No doctor is concerned, or the doctor did it: a patient registered, or a patient or a document moved, a
		// doctor asked to move, had no access anyway, or an institution may add records, which are told when they come.
		Event::PatientRegistered { .. }
		| Event::PatientVerified { .. }
		| Event::PatientRejected { .. }
		| Event::PatientSuspended { .. }
		| Event::PatientReinstated { .. }
		| Event::PatientMoved { .. }
		| Event::DoctorRegistered { .. }
		| Event::AccountChangeRequested { person: Person::Patient(_), .. }
		| Event::AccountChangeStopped { person: Person::Patient(_), .. }
		| Event::AccountChanged { person: Person::Patient(_), .. }
		| Event::MoveRequested { .. }
		| Event::RelocationBegun { .. }
		| Event::RelocationDone { .. }
		| Event::RelocationCalledOff { .. }
		| Event::RegistrationLapsed { person: Person::Patient(_) }
		| Event::HadNoAccess { .. }
		| Event::RotationDropped { .. }
		| Event::AppendBudgetRenewed { .. }
		| Event::ExpiredGrantCleared { .. }
		| Event::MirrorSet { .. }
		| Event::DocumentsMoved { .. }
		| Event::SuccessorSet { .. }
		| Event::DepositAllowed { .. }
		| Event::DepositEnded { .. }
		| Event::HadNoDeposit { .. }
		| Event::DepositCleared { .. }
		| Event::VerificationRefused { .. }
		| Event::MoveDeclined { person: Person::Patient(_), .. }
		| Event::MoveLapsed { person: Person::Patient(_), .. }
		| Event::__Ignore(..) => return None,
	})
}
