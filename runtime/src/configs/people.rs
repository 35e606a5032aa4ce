//! Parameters of patients, doctors and records.

use super::governance::TwoThirdsOfCouncil;
use crate::{AccountId, Consortium, Delegation, FairUse, Runtime, Signature, Timestamp};
use frame_support::{parameter_types, traits::ConstU32};
use medblock_primitives::{Capacity, HospitalId, InstitutionId, Moment, Paced, RegistrationMode};
use pallet_consortium::EnsureRegistrar;
use pallet_medical_records::HospitalRegistry;
use sp_runtime::traits::Verify;

parameter_types! {
	/// 64 GiB, more than any one examination: a whole-slide image has a few GiB.
	pub const MaxDocumentSize: u64 = 64 * 1024 * 1024 * 1024;
	/// Two weeks, in which the hospital sees the person who registers with it, or wants to move there.
	pub const RegistrationPeriod: Moment = 14 * 86_400_000;
	/// A month, in which a grant is prolonged rather than given anew.
	pub const ExpiredGrantsKept: Moment = 30 * 86_400_000;
}

impl pallet_medical_records::Config for Runtime {
	type RegistrarOrigin = EnsureRegistrar<Runtime>;
	type CouncilOrigin = TwoThirdsOfCouncil;
	type Hospitals = Registry;
	type Time = Timestamp;
	type Delegates = Delegation;
	type Roles = FairUse;
	type Signature = Signature;
	type Signer = <Signature as Verify>::Signer;
	// Three records a day, for sixty years.
	type MaxRecords = ConstU32<65_536>;
	type PatientsReserve = ConstU32<8_192>;
	// Four notes a day, in a stay of eight months.
	type AppendBudget = ConstU32<1_000>;
	type ExpiredGrantsKept = ExpiredGrantsKept;
	type MaxDocumentSize = MaxDocumentSize;
	type RegistrationPeriod = RegistrationPeriod;
	type MaxRelocations = ConstU32<8>;
	type WeightInfo = pallet_medical_records::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = benchmarks::Helper;
}

/// The knowledge of the consortium that patients' and doctors' pallet needs.
pub struct Registry;

impl HospitalRegistry<AccountId> for Registry {
	fn is_active(hospital: HospitalId) -> bool {
		Consortium::is_active(hospital)
	}

	fn is_known(hospital: HospitalId) -> bool {
		pallet_consortium::Hospitals::<Runtime>::contains_key(hospital)
	}

	fn registration(hospital: HospitalId) -> RegistrationMode {
		pallet_consortium::Hospitals::<Runtime>::get(hospital)
			.map_or(RegistrationMode::Closed, |found| found.registration)
	}

	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool {
		FairUse::is_sponsored(who, hospital)
	}

	fn count_decision(hospital: HospitalId, what: Paced, capacity: Capacity, people: u32) -> bool {
		Consortium::count_decision(hospital, what, capacity, people)
	}

	fn is_open(institution: InstitutionId) -> bool {
		Consortium::institution_hospital(institution).is_some()
	}

	fn operated_by(who: &AccountId) -> Option<InstitutionId> {
		Consortium::operator_of(who)
	}
}

#[cfg(feature = "runtime-benchmarks")]
pub(super) mod benchmarks {
	use super::*;
	use crate::{MedicalRecords, RuntimeCall, RuntimeOrigin, limits::MAX_HOSPITALS};
	use alloc::{collections::BTreeMap, vec, vec::Vec};
	use frame_support::assert_ok;
	use frame_system::RawOrigin;
	use medblock_primitives::{
		ChartKeys, Delegate, Divided, DoctorId, DoctorProfile, Document, EmergencySet,
		EncryptionKey, EpochKey, InstitutionKind, KeyForDoctor, MIN_THRESHOLD, NewRecord,
		NewRecords, PatientId, Person, PublicKey, SEALED_KEY_LENGTH, SEALED_SHARE_LENGTH,
		SUITE_X_WING, Scopes, SealedEpoch, SealedKey, SealedShare, ShareFor, WrappedFileKey,
		WrappedSecret, X_WING_PUBLIC_KEY_LENGTH,
	};
	use pallet_collective::Instance1;
	use pallet_medical_records::benchmarking::{
		begin_account_change, chart_to_look_at, fill_batch, fill_grants, look_for_recipients,
		move_documents, notes_in_all_vaults, share_under_earlier_key,
	};
	use sp_core::crypto::KeyTypeId;
	use sp_io::crypto::{sr25519_generate, sr25519_sign};

	/// The parts of the runtime that the measurements need.
	pub struct Helper;

	/// The first hospital of the presets.
	const FIRST: HospitalId = HospitalId(0);
	const KEY_TYPE: KeyTypeId = KeyTypeId(*b"meas");

	/// An account for this purpose, and with this number.
	fn account(purpose: u8, number: u32) -> AccountId {
		let mut bytes = [purpose; 32];
		bytes[..4].copy_from_slice(&number.to_le_bytes());
		AccountId::new(bytes)
	}

	/// The hospital with this number. Admits as many as it takes.
	fn hospital(number: u32) -> HospitalId {
		// Each hospital has its turn in a session.
		pallet_consortium::ConsortiumSettings::<Runtime>::mutate(|settings| {
			settings.session_length = settings.session_length.max(MAX_HOSPITALS);
		});
		loop {
			let next = pallet_consortium::NextHospital::<Runtime>::get().0;
			if next > number {
				return HospitalId(number);
			}
			assert_ok!(Consortium::admit_hospital(
				council(),
				account(199, next),
				b"Another".to_vec().try_into().expect("short"),
				b"https://another.example".to_vec().try_into().expect("short"),
			));
		}
	}

	fn accept_sponsored_only(hospital: HospitalId) {
		pallet_consortium::Hospitals::<Runtime>::mutate(hospital, |found| {
			found.as_mut().expect("admitted").registration = RegistrationMode::SponsoredOnly;
		});
	}

	fn registrar(hospital: HospitalId) -> RuntimeOrigin {
		let account = account(200, hospital.0);
		join_desk(hospital, &account);
		RawOrigin::Signed(account).into()
	}

	/// Makes the account a registrar of the hospital, unless it is one.
	fn join_desk(hospital: HospitalId, account: &AccountId) {
		if pallet_consortium::RegistrarOf::<Runtime>::contains_key(account) {
			return;
		}
		let controller =
			pallet_consortium::Hospitals::<Runtime>::get(hospital).expect("admitted").controller;
		let origin = RawOrigin::Signed(controller).into();
		assert_ok!(Consortium::appoint_registrar(origin, account.clone()));
		let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
		let origin = RawOrigin::Signed(account.clone()).into();
		assert_ok!(Consortium::accept_appointment(origin, hospital, SUITE_X_WING, key));
	}

	/// The hospital with this number, with a profile key of version 1.
	fn with_profile_key(number: u32) -> HospitalId {
		let hospital = hospital(number);
		let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
		let key = EncryptionKey { suite: SUITE_X_WING, key, version: 1 };
		pallet_consortium::EncryptionKeys::<Runtime>::insert(hospital, key);
		hospital
	}

	/// The verified patient with this account, of the first hospital.
	fn patient_of(who: &AccountId) -> PatientId {
		let known = pallet_medical_records::PatientOf::<Runtime>::get(who);
		known.unwrap_or_else(|| {
			let origin = RawOrigin::Signed(who.clone()).into();
			assert_ok!(MedicalRecords::register_patient(origin, FIRST, first_keys(), None));
			let patient = pallet_medical_records::PatientOf::<Runtime>::get(who);
			let patient = patient.expect("registered");
			assert_ok!(MedicalRecords::verify_patient(registrar(FIRST), patient));
			patient
		})
	}

	/// The verified doctor with this account, of the first hospital, whose key is confirmed.
	fn doctor_of(who: &AccountId) -> DoctorId {
		let known = pallet_medical_records::DoctorOf::<Runtime>::get(who);
		known.unwrap_or_else(|| {
			let text = || b"Ada".to_vec().try_into().expect("short");
			let profile = DoctorProfile {
				name: text(),
				specialty: text(),
				qualification: text(),
				practising_since: 2_000,
			};
			let digest = MedicalRecords::profile_digest(&profile);
			let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
			let key_digest = sp_io::hashing::sha2_256(&key);
			let origin = RawOrigin::Signed(who.clone()).into();
			assert_ok!(MedicalRecords::register_doctor(origin, FIRST, profile, SUITE_X_WING, key));
			let doctor = pallet_medical_records::DoctorOf::<Runtime>::get(who);
			let doctor = doctor.expect("registered");
			let origin = registrar(FIRST);
			assert_ok!(MedicalRecords::verify_doctor(origin, doctor, key_digest, digest, None));
			doctor
		})
	}

	fn account_of(patient: PatientId) -> AccountId {
		let found = pallet_medical_records::Patients::<Runtime>::get(patient);
		found.expect("registered").registration.account
	}

	fn council() -> RuntimeOrigin {
		pallet_collective::RawOrigin::<AccountId, Instance1>::Members(1, 1).into()
	}

	impl pallet_medical_records::benchmarking::Helper<Runtime> for Helper {
		fn hospitals() -> (HospitalId, HospitalId) {
			(FIRST, hospital(1))
		}

		fn hospital(number: u32) -> HospitalId {
			hospital(number)
		}

		fn sponsor(hospital: HospitalId, who: &AccountId) {
			accept_sponsored_only(hospital);
			assert_ok!(FairUse::sponsor(registrar(hospital), who.clone()));
		}

		// Expulsion by the council would leave no validator.
		fn expel(hospital: HospitalId) {
			pallet_consortium::Hospitals::<Runtime>::mutate(hospital, |found| {
				found.as_mut().expect("admitted").standing = pallet_consortium::Standing::Expelled;
			});
			pallet_consortium::ActiveHospitals::<Runtime>::mutate(|active| {
				active.retain(|one| *one != hospital);
			});
		}

		fn registrar(hospital: HospitalId) -> RuntimeOrigin {
			registrar(hospital)
		}

		fn council() -> RuntimeOrigin {
			council()
		}

		fn operator() -> (InstitutionId, RuntimeOrigin) {
			let account = AccountId::new([198; 32]);
			let controller =
				pallet_consortium::Hospitals::<Runtime>::get(FIRST).expect("admitted").controller;
			let controller = || RuntimeOrigin::from(RawOrigin::Signed(controller.clone()));
			let institution = pallet_consortium::NextInstitution::<Runtime>::get();
			assert_ok!(Consortium::add_institution(
				controller(),
				InstitutionKind::Laboratory,
				b"Laboratory".to_vec().try_into().expect("short"),
			));
			assert_ok!(Consortium::appoint_operator(controller(), institution, account.clone()));
			let operator = || RuntimeOrigin::from(RawOrigin::Signed(account.clone()));
			assert_ok!(Consortium::join_institution(operator(), institution));
			(institution, operator())
		}

		fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
			new_account(message)
		}

		fn names(who: &AccountId, representatives: &[PatientId]) {
			for representative in representatives {
				let origin = RawOrigin::Signed(who.clone()).into();
				let (scopes, until) = (Scopes(15), None);
				assert_ok!(Delegation::name_representative(origin, *representative, scopes, until));
			}
		}

		fn represents(
			(representative, acting): (PatientId, &AccountId),
			patients: &[(PatientId, AccountId)],
		) {
			let signed = |who: &AccountId| RuntimeOrigin::from(RawOrigin::Signed(who.clone()));
			let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
			let digest = sp_io::hashing::sha2_256(&key);
			assert_ok!(Delegation::set_acting_key(signed(acting), SUITE_X_WING, key));
			for (patient, who) in patients {
				let (scopes, until) = (Scopes(15), None);
				let named = signed(who);
				assert_ok!(Delegation::name_representative(named, representative, scopes, until));
				assert_ok!(Delegation::confirm_representative(
					registrar(FIRST),
					*patient,
					representative,
					scopes,
					until,
					digest
				));
				let key = SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
				let sealed = SealedEpoch { epoch: 0, key };
				assert_ok!(Delegation::seal_to_representative(
					signed(who),
					representative,
					1,
					sealed
				));
			}
		}

		fn plans(who: &AccountId, records: u32) {
			let share = |number| ShareFor {
				delegate: Delegate::Desk(with_profile_key(number)),
				key_version: 1,
				share: SealedShare::new([1; SEALED_SHARE_LENGTH as usize]),
			};
			let shares: Vec<_> = (0..MIN_THRESHOLD).map(share).collect();
			let divided = Divided {
				commitments: vec![[1; 32]; shares.len()].try_into().expect("few enough"),
				secret: WrappedSecret([1; 60]),
				shares: shares.try_into().expect("few enough"),
			};
			let records: BTreeMap<_, _> =
				(0..records).map(|record| (record, WrappedFileKey([1; 44]))).collect();
			let set = EmergencySet::Records {
				key: SealedKey::new([1; SEALED_KEY_LENGTH as usize]),
				records: records.try_into().expect("few enough"),
			};
			let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
			let origin = RawOrigin::Signed(who.clone()).into();
			assert_ok!(Delegation::set_emergency_plan(origin, divided, SUITE_X_WING, key, set, 1));
		}

		fn set_time(now: Moment) {
			pallet_timestamp::Now::<Runtime>::put(now);
		}
	}

	impl pallet_delegation::benchmarking::Helper<Runtime> for Helper {
		fn hospital(number: u32) -> HospitalId {
			with_profile_key(number)
		}

		fn registrar(hospital: HospitalId) -> RuntimeOrigin {
			registrar(hospital)
		}

		fn patient(number: u32) -> (PatientId, AccountId) {
			let who = account(196, number);
			(patient_of(&who), who)
		}

		fn doctor(number: u32) -> (DoctorId, AccountId) {
			let who = account(195, number);
			(doctor_of(&who), who)
		}

		fn becomes(who: &AccountId, capacity: Capacity) {
			match capacity {
				Capacity::Patient => {
					patient_of(who);
				},
				Capacity::Doctor => {
					doctor_of(who);
				},
			}
		}

		fn joins_desk(who: &AccountId) {
			join_desk(FIRST, who);
		}

		fn chart_to_look_at(grants: u32) -> (PatientId, AccountId) {
			chart_to_look_at::<Runtime>(grants)
		}

		fn look_for_recipients(patient: PatientId) -> u32 {
			look_for_recipients::<Runtime>(patient).0
		}

		fn changes_account(person: Person, who: &AccountId) {
			begin_account_change::<Runtime>(person, who);
		}

		fn shares_under_earlier_key(patient: PatientId, doctor: DoctorId) {
			share_under_earlier_key::<Runtime>(patient, doctor);
		}

		fn fill_chart(patient: PatientId) {
			let who = account_of(patient);
			fill_grants::<Runtime>(patient, &who);
		}

		fn notes(patient: PatientId, count: u32) -> NewRecords {
			fill_batch::<Runtime>(&account_of(patient));
			move_documents::<Runtime>(patient);
			notes_in_all_vaults::<Runtime>(count)
		}

		fn records(patient: PatientId, count: u32) {
			let document = Document { digest: [0; 32], head: [0; 16], size: 1, vault: FIRST };
			let record = NewRecord { document, in_reply_to: None };
			let records = vec![record; count as usize].try_into().expect("few enough");
			let origin = RawOrigin::Signed(account_of(patient)).into();
			assert_ok!(MedicalRecords::add_records(origin, 0, records, None));
		}

		fn grants(patient: PatientId, doctor: DoctorId) {
			let key = SealedKey::new([1; SEALED_KEY_LENGTH as usize]);
			let key = KeyForDoctor { doctor, key_version: 1, key };
			let origin = RawOrigin::Signed(account_of(patient)).into();
			assert_ok!(MedicalRecords::grant_access(origin, 0, key, true, None));
		}

		fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
			new_account(message)
		}

		fn set_time(now: Moment) {
			pallet_timestamp::Now::<Runtime>::put(now);
		}
	}

	/// The keys with which a chart begins.
	fn first_keys() -> ChartKeys {
		let epoch = |previous| EpochKey {
			key: PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]),
			salt: [0; 16],
			previous,
		};
		ChartKeys {
			suite: SUITE_X_WING,
			distributed: epoch(None),
			standby: epoch(Some(WrappedSecret([0; 60]))),
			standby_tag: [0; 32],
		}
	}

	/// A new account, which has signed a message about it.
	fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
		let public = sr25519_generate(KEY_TYPE, None);
		let account = AccountId::from(public.0);
		let signature = sr25519_sign(KEY_TYPE, &public, &message(&account)).expect("its key");
		(account, signature.into())
	}

	impl pallet_fair_use::benchmarking::Helper<Runtime> for Helper {
		fn registrar() -> RuntimeOrigin {
			registrar(FIRST)
		}

		fn operator() -> RuntimeOrigin {
			<Self as pallet_medical_records::benchmarking::Helper<Runtime>>::operator().1
		}

		fn registration(who: &AccountId) -> RuntimeCall {
			let keys = first_keys();
			let (hospital, size) = (FIRST, 1);
			let profile = Some(Document { digest: [0; 32], head: [0; 16], size, vault: hospital });
			let origin = RawOrigin::Signed(who.clone()).into();
			let (first_keys, first_profile) = (keys.clone(), profile.clone());
			assert_ok!(MedicalRecords::register_patient(
				origin,
				hospital,
				first_keys,
				first_profile
			));
			let before = pallet_medical_records::PatientOf::<Runtime>::get(who);
			let before = before.expect("registered");
			assert_ok!(MedicalRecords::reject_patient(registrar(hospital), before));
			accept_sponsored_only(hospital);
			pallet_medical_records::Call::register_patient { hospital, keys, profile }.into()
		}
	}
}
