//! Parameters of patients, doctors and records.

use super::governance::TwoThirdsOfCouncil;
use crate::{AccountId, Consortium, FairUse, Runtime, Signature, Timestamp};
use frame_support::{parameter_types, traits::ConstU32};
use medblock_primitives::{Capacity, HospitalId, Moment, RegistrationMode};
use pallet_consortium::EnsureRegistrar;
use pallet_medical_records::HospitalRegistry;
use sp_runtime::traits::Verify;

parameter_types! {
	/// 64 GiB, more than any one examination: a whole-slide image has a few GiB.
	pub const MaxDocumentSize: u64 = 64 * 1024 * 1024 * 1024;
	/// Two weeks, in which the hospital sees the person.
	pub const RegistrationPeriod: Moment = 14 * 86_400_000;
	/// A month, in which a grant is prolonged rather than given anew.
	pub const ExpiredGrantsKept: Moment = 30 * 86_400_000;
}

impl pallet_medical_records::Config for Runtime {
	type RegistrarOrigin = EnsureRegistrar<Runtime>;
	type CouncilOrigin = TwoThirdsOfCouncil;
	type Hospitals = Registry;
	type Time = Timestamp;
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

	fn registration(hospital: HospitalId) -> RegistrationMode {
		pallet_consortium::Hospitals::<Runtime>::get(hospital)
			.map_or(RegistrationMode::Closed, |found| found.registration)
	}

	fn has_sponsored(hospital: HospitalId, who: &AccountId) -> bool {
		pallet_fair_use::Sponsorships::<Runtime>::contains_key(who, hospital)
	}

	fn count_suspension(hospital: HospitalId, capacity: Capacity, people: u32) -> bool {
		Consortium::count_suspension(hospital, capacity, people)
	}
}

#[cfg(feature = "runtime-benchmarks")]
pub(super) mod benchmarks {
	use super::*;
	use crate::{RuntimeCall, RuntimeOrigin};
	use alloc::{vec, vec::Vec};
	use frame_support::assert_ok;
	use frame_system::RawOrigin;
	use medblock_primitives::{
		ChartKeys, Document, EpochKey, PublicKey, SUITE_X_WING, WrappedSecret,
		X_WING_PUBLIC_KEY_LENGTH,
	};
	use pallet_collective::Instance1;
	use sp_core::crypto::KeyTypeId;
	use sp_io::crypto::{sr25519_generate, sr25519_sign};

	/// The parts of the runtime that the measurements need.
	pub struct Helper;

	/// The first hospital of the presets.
	const FIRST: HospitalId = HospitalId(0);
	const SECOND: HospitalId = HospitalId(1);
	const KEY_TYPE: KeyTypeId = KeyTypeId(*b"meas");

	fn registrar(hospital: HospitalId) -> RuntimeOrigin {
		let account = AccountId::new([200 + hospital.0 as u8; 32]);
		if pallet_consortium::RegistrarOf::<Runtime>::get(&account).is_none() {
			let controller = pallet_consortium::Hospitals::<Runtime>::get(hospital)
				.expect("admitted")
				.controller;
			let origin = RawOrigin::Signed(controller).into();
			assert_ok!(Consortium::appoint_registrar(origin, account.clone()));
			let key = PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]);
			let origin = RawOrigin::Signed(account.clone()).into();
			assert_ok!(Consortium::accept_appointment(origin, hospital, SUITE_X_WING, key));
		}
		RawOrigin::Signed(account).into()
	}

	fn council() -> RuntimeOrigin {
		pallet_collective::RawOrigin::<AccountId, Instance1>::Members(1, 1).into()
	}

	impl pallet_medical_records::benchmarking::Helper<Runtime> for Helper {
		fn hospitals() -> (HospitalId, HospitalId) {
			if pallet_consortium::Hospitals::<Runtime>::get(SECOND).is_none() {
				assert_ok!(Consortium::admit_hospital(
					council(),
					AccountId::new([199; 32]),
					b"Second".to_vec().try_into().expect("short"),
					b"https://second.example".to_vec().try_into().expect("short"),
				));
			}
			(FIRST, SECOND)
		}

		// Expulsion by the council would leave no validator.
		fn expel(hospital: HospitalId) {
			pallet_consortium::Hospitals::<Runtime>::mutate(hospital, |found| {
				found.as_mut().expect("admitted").standing = pallet_consortium::Standing::Expelled;
			});
		}

		fn registrar(hospital: HospitalId) -> RuntimeOrigin {
			registrar(hospital)
		}

		fn council() -> RuntimeOrigin {
			council()
		}

		fn new_account(message: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
			let public = sr25519_generate(KEY_TYPE, None);
			let account = AccountId::from(public.0);
			let signature = sr25519_sign(KEY_TYPE, &public, &message(&account)).expect("its key");
			(account, signature.into())
		}

		fn set_time(now: Moment) {
			pallet_timestamp::Now::<Runtime>::put(now);
		}
	}

	impl pallet_fair_use::benchmarking::Helper<Runtime> for Helper {
		fn registrar() -> RuntimeOrigin {
			registrar(FIRST)
		}

		fn registration() -> RuntimeCall {
			let epoch = |previous| EpochKey {
				key: PublicKey::truncate_from(vec![1; X_WING_PUBLIC_KEY_LENGTH as usize]),
				salt: [0; 16],
				previous,
			};
			let keys = ChartKeys {
				suite: SUITE_X_WING,
				distributed: epoch(None),
				standby: epoch(Some(WrappedSecret([0; 60]))),
				standby_tag: [0; 32],
			};
			let profile = Document { digest: [0; 32], head: [0; 16], size: 1, vault: FIRST };
			let profile = Some(profile);
			pallet_medical_records::Call::register_patient { hospital: FIRST, keys, profile }.into()
		}
	}
}
