//! The weights of `pallet_medical_records`, measured by `scripts/benchmark`; don't edit.
//!
//! 2026-11-23, 5 steps, 5 repeats, on: AMD EPYC.

#![allow(missing_docs, unused_parens)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};

/// What each call costs.
pub trait WeightInfo {
	fn register_patient() -> Weight;
	fn register_doctor() -> Weight;
	fn change_account() -> Weight;
	fn verify_patient() -> Weight;
	fn verify_patients(p: u32) -> Weight;
	fn reject_patient() -> Weight;
	fn suspend_patient() -> Weight;
	fn reinstate_patient() -> Weight;
	fn verify_doctor() -> Weight;
	fn reject_doctor() -> Weight;
	fn suspend_doctor() -> Weight;
	fn reinstate_doctor() -> Weight;
	fn update_patient_profile() -> Weight;
	fn update_doctor_profile() -> Weight;
	fn set_doctor_details() -> Weight;
	fn set_encryption_key() -> Weight;
	fn confirm_encryption_key() -> Weight;
	fn request_move() -> Weight;
	fn accept_patient() -> Weight;
	fn accept_doctor() -> Weight;
	fn move_people() -> Weight;
	fn add_records(r: u32) -> Weight;
	fn append_records(r: u32) -> Weight;
	fn append_to_shared(r: u32) -> Weight;
	fn withdraw_records(r: u32, g: u32) -> Weight;
	fn grant_access() -> Weight;
	fn share_records(r: u32) -> Weight;
	fn share_more_records(r: u32) -> Weight;
	fn revoke_access(d: u32) -> Weight;
	fn rotate_chart_key(d: u32, g: u32) -> Weight;
	fn relinquish_access(p: u32) -> Weight;
	fn remove_patient_profile() -> Weight;
	fn unshare_records(r: u32) -> Weight;
	fn renew_append_budget() -> Weight;
	fn set_mirror() -> Weight;
	fn move_vault() -> Weight;
	fn set_successor() -> Weight;
	fn allow_deposit() -> Weight;
	fn end_deposit(i: u32) -> Weight;
	fn deposit_records(r: u32) -> Weight;
	fn clear_deposits() -> Weight;
	fn make_room() -> Weight;
	fn clear_grants(g: u32) -> Weight;
	fn count_records(r: u32) -> Weight;
	fn confirm_doctor_profile() -> Weight;
	fn discard_doctor_profile() -> Weight;
	fn stop_account_change() -> Weight;
	fn decline_move() -> Weight;
	fn end_request() -> Weight;
	fn settle(g: u32) -> Weight;
	fn recipients(g: u32) -> Weight;
	fn on_idle_base() -> Weight;
	fn change_accounts() -> Weight;
	fn sweep_patient() -> Weight;
	fn sweep_doctor() -> Weight;
	fn relocate_doctors(p: u32) -> Weight;
	fn relocate_patients(p: u32) -> Weight;
	fn relocate_waiting(p: u32) -> Weight;
	fn pass_people(p: u32) -> Weight;
	fn reshape_patient() -> Weight;
	fn reshape_grant() -> Weight;
}

/// As measured, with the runtime's cost of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! measured {
	($($generics:ident)? => $target:ty, $db:ty) => {
		impl$(<$generics: frame_system::Config>)? WeightInfo for $target {
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:1)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:2)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:1)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::CurrentKeys` (r:0 w:2)
			/// Proof: `MedicalRecords::CurrentKeys` (`max_values`: None, `max_size`: Some(2635), added: 5110, mode: `MaxEncodedLen`)
			fn register_patient() -> Weight {
				// Composed from the measured value and four writes to the indices, and
				// the reads of the active hospitals, the sponsorship and the hospital's departures; to be measured.
				// At least 47_330 ns.
				Weight::from_parts(64_000_000, 3634)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(10_u64))
			}
			/// Storage: `MedicalRecords::DoctorOf` (r:1 w:1)
			/// Proof: `MedicalRecords::DoctorOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:2)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextDoctor` (r:1 w:1)
			/// Proof: `MedicalRecords::NextDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:0 w:2)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Directory` (r:0 w:2)
			/// Proof: `MedicalRecords::Directory` (`max_values`: None, `max_size`: Some(470), added: 2945, mode: `MaxEncodedLen`)
			fn register_doctor() -> Weight {
				// Composed from the measured value and two writes to an index, and the
				// reads of the active hospitals, the sponsorship and the hospital's departures; to be measured.
				// At least 48_392 ns.
				Weight::from_parts(59_000_000, 3564)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(10_u64))
			}
			/// Storage: `MedicalRecords::DoctorOf` (r:2 w:2)
			/// Proof: `MedicalRecords::DoctorOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `System::BlockHash` (r:1 w:0)
			/// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:2 w:2)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::Sponsorships` (r:1 w:0)
			/// Proof: `FairUse::Sponsorships` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
			fn change_account() -> Weight {
				// Composed from what it did before, and the reads of the hospital, the queue and the delay; to be measured.
				Weight::from_parts(117_034_000, 6090)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn verify_patient() -> Weight {
				// Composed from the measured call, one write to an index, the hospital's number of people, the clock,
				// and its pace of verifications; to be measured. At least 35_964 ns.
				Weight::from_parts(52_000_000, 3634)
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// `p` is in `[1, 128]`.
			// Composed from `verify_patient`: each patient reads and writes the person's entry and account, and writes two
			// indices; to be measured.
			fn verify_patients(p: u32) -> Weight {
				Weight::from_parts(20_000_000, 3634)
					.saturating_add(Weight::from_parts(40_000_000, 0).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(p.into())))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(4_u64.saturating_mul(p.into())))
					.saturating_add(Weight::from_parts(0, 2644).saturating_mul(p.into()))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::CurrentKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::CurrentKeys` (`max_values`: None, `max_size`: Some(2635), added: 5110, mode: `MaxEncodedLen`)
			fn reject_patient() -> Weight {
				// Composed from the measured value, two writes to an index, and the end of a request to move; to be
				// measured. At least 27_100 ns.
				Weight::from_parts(36_000_000, 3634)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn suspend_patient() -> Weight {
				// Composed from the measured call, one write to an index, the hospital's number of people, the clock, its
				// pace of suspensions, the removal of a pending change of account and of a request to move, and for each
				// of 16 charts that the patient represents two reads and three writes; to be measured.
				Weight::from_parts(187_000_000, 3634)
					.saturating_add(<$db>::get().reads(41_u64))
					.saturating_add(<$db>::get().writes(55_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn reinstate_patient() -> Weight {
				// Composed from the measured value, a write to an index, and the end of a request to move; to be
				// measured. At least 32_969 ns.
				Weight::from_parts(40_000_000, 3634)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:1 w:0)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn verify_doctor() -> Weight {
				// Composed from the measured call, one write to an index, the hospital's number of people, its pace of
				// verifications, and the reading and hashing of a directory entry; to be measured.
				Weight::from_parts(86_000_000, 4700)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Directory` (r:0 w:1)
			/// Proof: `MedicalRecords::Directory` (`max_values`: None, `max_size`: Some(470), added: 2945, mode: `MaxEncodedLen`)
			fn reject_doctor() -> Weight {
				// Composed from the measured value, two writes to an index, and the end of a request to move; to be
				// measured. At least 29_383 ns.
				Weight::from_parts(37_000_000, 3564)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:1)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn suspend_doctor() -> Weight {
				// Composed from the measured call, an index and the last lapses, the hospital's number of people, the
				// clock, its pace of suspensions, and the removal of a pending change of account and of a request to
				// move; to be measured.
				Weight::from_parts(67_000_000, 3564)
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().writes(9_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn reinstate_doctor() -> Weight {
				// Composed from the measured value, a write to an index, and the end of a request to move; to be
				// measured. At least 33_530 ns.
				Weight::from_parts(43_000_000, 3564)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			fn update_patient_profile() -> Weight {
				// Composed from the measured value, the reading of the patient's vaults, the hospital's number of
				// people, and its pace of corrections; to be measured. At least 32_549 ns.
				Weight::from_parts(48_000_000, 3634)
					.saturating_add(<$db>::get().reads(8_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `MedicalRecords::Doctors` (r:1 w:0)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Directory` (r:1 w:1)
			/// Proof: `MedicalRecords::Directory` (`max_values`: None, `max_size`: Some(470), added: 2945, mode: `MaxEncodedLen`)
			fn update_doctor_profile() -> Weight {
				// Composed from the measured value, the hospital's number of people, and its pace of corrections; to be
				// measured. At least 35_423 ns.
				Weight::from_parts(47_000_000, 3935)
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:1)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Directory` (r:1 w:1)
			/// Proof: `MedicalRecords::Directory` (`max_values`: None, `max_size`: Some(470), added: 2945, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::People` (r:1 w:0)
			/// Storage: `Consortium::Paces` (r:2 w:2)
			fn set_doctor_details() -> Weight {
				// Composed from the measured value, the last lapses, and the paces of suspensions and corrections; to be
				// measured. At least 36_785 ns.
				Weight::from_parts(61_000_000, 3935)
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			/// Storage: `MedicalRecords::DoctorOf` (r:1 w:0)
			/// Proof: `MedicalRecords::DoctorOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			fn set_encryption_key() -> Weight {
				// At least 23_235 ns.
				Weight::from_parts(25_788_000, 3564)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:1 w:0)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			fn confirm_encryption_key() -> Weight {
				// At least 32_378 ns.
				Weight::from_parts(36_895_000, 4700)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			fn request_move() -> Weight {
				// Composed from the measured value, two writes to an index, the clock, and the end of the request; to be
				// measured. At least 26_709 ns.
				Weight::from_parts(38_000_000, 3634)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			fn accept_patient() -> Weight {
				// Composed from the measured call, four writes to the indices, two hospitals' numbers of people, the
				// handing on of a pending change of account to a new place in the queue, the patient's representatives,
				// for each of four who wait two writes to a list, the clock, and the end of the request; to be measured.
				Weight::from_parts(113_000_000, 6_266)
					.saturating_add(<$db>::get().reads(11_u64))
					.saturating_add(<$db>::get().writes(22_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::LapsedAt` (r:1 w:0)
			/// Proof: `MedicalRecords::LapsedAt` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			fn accept_doctor() -> Weight {
				// Composed from the measured call, two writes to an index, the lapses, two hospitals' numbers of people,
				// `set_doctor_details`, the handing on of a proposal and of a change of account to a new place in the
				// queue, the clock, and the end of the request; to be measured.
				Weight::from_parts(107_000_000, 6090)
					.saturating_add(<$db>::get().reads(16_u64))
					.saturating_add(<$db>::get().writes(16_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:2 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextDoctor` (r:1 w:0)
			/// Proof: `MedicalRecords::NextDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Relocations` (r:1 w:1)
			/// Proof: `MedicalRecords::Relocations` (`max_values`: Some(1), `max_size`: Some(193), added: 688, mode: `MaxEncodedLen`)
			fn move_people() -> Weight {
				// Composed from the measured value, and one more hospital; to be measured.
				// At least 22_293 ns.
				Weight::from_parts(26_000_000, 6042)
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Records` (r:128 w:128)
			/// Proof: `MedicalRecords::Records` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
			/// `r` is in `[1, 128]`.
			fn add_records(r: u32) -> Weight {
				// Composed from the measured value and the reading of the patient's vaults; to be measured.
				// At least 46_539 ns.
				Weight::from_parts(58_879_883, 3634)
					.saturating_add(Weight::from_parts(8_479_900, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
					.saturating_add(Weight::from_parts(0, 2578).saturating_mul(r.into()))
			}
			// Composed from `add_records`, the doctor, one write to the grant, and the reading of the patient's
			// vaults; to be measured.
			fn append_records(r: u32) -> Weight {
				Weight::from_parts(74_000_000, 34973)
					.saturating_add(Weight::from_parts(9_000_000, 2578).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(8_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
			}
			// Composed from `append_records`, and the reading of 64 shared records; to be measured.
			fn append_to_shared(r: u32) -> Weight {
				Weight::from_parts(87_000_000, 34973)
					.saturating_add(Weight::from_parts(9_000_000, 2578).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
			}
			// Composed from the measured withdrawal of one record that is shared with 64 doctors: a 64th of it for
			// each grant, for each record an added one's weight and its removal from 64 shares and an emergency plan, and
			// the count of an old chart; to be measured.
			fn withdraw_records(r: u32, g: u32) -> Weight {
				Weight::from_parts(75_000_000, 9_723)
					.saturating_add(Weight::from_parts(28_000_000, 2_578).saturating_mul(r.into()))
					.saturating_add(Weight::from_parts(20_000_000, 5_573).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(g.into())))
					.saturating_add(<$db>::get().writes(3_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(g.into())))
			}
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:0)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Grants` (r:1 w:1)
			/// Proof: `MedicalRecords::Grants` (`max_values`: None, `max_size`: Some(59), added: 2534, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::GrantKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::GrantKeys` (`max_values`: None, `max_size`: Some(1195), added: 3670, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::ShareKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::ShareKeys` (`max_values`: None, `max_size`: Some(1203), added: 3678, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::SharedRecordsOf` (r:0 w:1)
			/// Proof: `MedicalRecords::SharedRecordsOf` (`max_values`: None, `max_size`: Some(3098), added: 5573, mode: `MaxEncodedLen`)
			fn grant_access() -> Weight {
				// Composed from the measured value and one write to the doctor's index; to be measured.
				// At least 54_431 ns.
				Weight::from_parts(58_577_000, 3634)
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:0)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::SharedRecordsOf` (r:1 w:1)
			/// Proof: `MedicalRecords::SharedRecordsOf` (`max_values`: None, `max_size`: Some(3098), added: 5573, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Records` (r:64 w:0)
			/// Proof: `MedicalRecords::Records` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Grants` (r:1 w:1)
			/// Proof: `MedicalRecords::Grants` (`max_values`: None, `max_size`: Some(59), added: 2534, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::GrantKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::GrantKeys` (`max_values`: None, `max_size`: Some(1195), added: 3670, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::ShareKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::ShareKeys` (`max_values`: None, `max_size`: Some(1203), added: 3678, mode: `MaxEncodedLen`)
			/// `r` is in `[1, 64]`.
			fn share_records(r: u32) -> Weight {
				// Composed from the measured value and one write to the doctor's index; to be measured.
				// At least 66_549 ns.
				Weight::from_parts(73_019_567, 6563)
					.saturating_add(Weight::from_parts(4_042_223, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(8_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(6_u64))
					.saturating_add(Weight::from_parts(0, 2578).saturating_mul(r.into()))
			}
			/// `r` is in `[1, 64]`.
			// Composed from `share_records` without the writes of a key and of the doctor's index, the reading of the
			// present key, and the reading and writing of 64 shared records; to be measured.
			fn share_more_records(r: u32) -> Weight {
				Weight::from_parts(99_000_000, 6563)
					.saturating_add(Weight::from_parts(4_042_223, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(4_u64))
					.saturating_add(Weight::from_parts(0, 2578).saturating_mul(r.into()))
			}
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:0)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Grants` (r:64 w:64)
			/// Proof: `MedicalRecords::Grants` (`max_values`: None, `max_size`: Some(59), added: 2534, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::GrantedTo` (r:0 w:64)
			/// Proof: `MedicalRecords::GrantedTo` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::GrantKeys` (r:0 w:64)
			/// Proof: `MedicalRecords::GrantKeys` (`max_values`: None, `max_size`: Some(1195), added: 3670, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::ShareKeys` (r:0 w:64)
			/// Proof: `MedicalRecords::ShareKeys` (`max_values`: None, `max_size`: Some(1203), added: 3678, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::SharedRecordsOf` (r:0 w:64)
			/// Proof: `MedicalRecords::SharedRecordsOf` (`max_values`: None, `max_size`: Some(3098), added: 5573, mode: `MaxEncodedLen`)
			/// `d` is in `[1, 64]`.
			fn revoke_access(d: u32) -> Weight {
				// At least 57_335 ns.
				Weight::from_parts(61_800_939, 3634)
					.saturating_add(Weight::from_parts(15_057_682, 0).saturating_mul(d.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(d.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(5_u64.saturating_mul(d.into())))
					.saturating_add(Weight::from_parts(0, 2534).saturating_mul(d.into()))
			}
			// Composed from the measured rotation for so many of 64 doctors; to be measured.
			fn rotate_chart_key(d: u32, g: u32) -> Weight {
				Weight::from_parts(125_000_000, 5108)
					.saturating_add(Weight::from_parts(16_000_000, 2574).saturating_mul(d.into()))
					.saturating_add(Weight::from_parts(10_000_000, 2574).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(d.into())))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(g.into())))
					.saturating_add(<$db>::get().writes(4_u64))
					.saturating_add(<$db>::get().writes(2_u64.saturating_mul(d.into())))
			}
			// Composed from the measured relinquishment of one chart; to be measured.
			fn relinquish_access(p: u32) -> Weight {
				Weight::from_parts(43_515_000, 3_634)
					.saturating_add(Weight::from_parts(24_000_000, 2_644).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(p.into())))
					.saturating_add(<$db>::get().writes(6_u64.saturating_mul(p.into())))
			}
			// Composed from `suspend_patient`, which reads and writes the same patient; to be measured.
			fn remove_patient_profile() -> Weight {
				Weight::from_parts(40_000_000, 3_634)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from the measured revocation of one doctor, and the removal of records from one share;
			// to be measured.
			fn unshare_records(r: u32) -> Weight {
				Weight::from_parts(90_000_000, 6_563)
					.saturating_add(Weight::from_parts(300_000, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			// Composed from `request_move`, and a grant that is read and written; to be measured.
			fn renew_append_budget() -> Weight {
				Weight::from_parts(35_000_000, 3_634)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from `request_move`, two more hospitals, the successors and the patient's vaults; to be measured.
			fn set_mirror() -> Weight {
				Weight::from_parts(50_000_000, 4_700)
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// Composed from `request_move`, the patient's vaults, 256 successors, and a look at 17 hospitals that have
			// left and 64 that have come back; to be measured.
			fn move_vault() -> Weight {
				Weight::from_parts(110_000_000, 46_000)
					.saturating_add(<$db>::get().reads(87_u64))
					.saturating_add(<$db>::get().writes(11_u64))
			}
			// Composed from `move_people`, and 256 successors that are read and written; to be measured.
			fn set_successor() -> Weight {
				Weight::from_parts(76_000_000, 6_042)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from `renew_append_budget`, and for each of 32 deposits, which are cleared away, one
			// read of an institution and an event; to be measured.
			fn allow_deposit() -> Weight {
				Weight::from_parts(195_000_000, 84_466)
					.saturating_add(<$db>::get().reads(37_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// `i` is in `[1, 32]`.
			// Composed from `unshare_records`, which removes as much from one item, and an event for each; to
			// be measured.
			fn end_deposit(i: u32) -> Weight {
				Weight::from_parts(60_000_000, 6_563)
					.saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(i.into()))
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// `r` is in `[1, 128]`.
			// Composed from the measured `add_records`, which reads a record for each, the operator, the institution, a
			// patient's deposits, which are read and written, and the patient's vaults; to be measured.
			fn deposit_records(r: u32) -> Weight {
				Weight::from_parts(82_000_000, 12_000)
					.saturating_add(Weight::from_parts(8_479_900, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
			}
			// Composed from `end_deposit` of as many; to be measured.
			fn clear_deposits() -> Weight {
				Weight::from_parts(160_000_000, 6_563)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from one look at 64 grants, and the measured revocation of one; to be measured.
			fn make_room() -> Weight {
				Weight::from_parts(420_000_000, 165_700)
					.saturating_add(<$db>::get().reads(66_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// Storage: `MedicalRecords::NextCleared` (r:1 w:1)
			/// Proof: `MedicalRecords::NextCleared` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Deposits` (r:1 w:0)
			/// Proof: `MedicalRecords::Deposits` (`max_values`: None, `max_size`: Some(814), added: 3289, mode: `MaxEncodedLen`)
			/// `g` is in `[0, 64]`.
			// Composed from the measured revocation of as many doctors, and the items above with 32 deposits, none of
			// which has run out; to be measured.
			fn clear_grants(g: u32) -> Weight {
				Weight::from_parts(30_000_000, 7_434)
					.saturating_add(Weight::from_parts(17_000_000, 2_534).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(g.into())))
					.saturating_add(<$db>::get().writes(2_u64))
					.saturating_add(<$db>::get().writes(5_u64.saturating_mul(g.into())))
			}
			/// Storage: `MedicalRecords::Recounting` (r:1 w:1)
			/// Proof: `MedicalRecords::Recounting` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// `r` is in `[0, 128]`.
			// Composed from `pass_people` of one, a patient that is written as in `verify_patient`, and the reading of
			// as many records as in `withdraw_records`; to be measured.
			fn count_records(r: u32) -> Weight {
				Weight::from_parts(20_000_000, 3_634)
					.saturating_add(Weight::from_parts(8_000_000, 2_578).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			// Composed from `update_doctor_profile` with hashing; to be measured.
			fn confirm_doctor_profile() -> Weight {
				Weight::from_parts(55_000_000, 3935)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			// Composed from `update_doctor_profile`; to be measured.
			fn discard_doctor_profile() -> Weight {
				Weight::from_parts(39_729_000, 3935)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from `update_doctor_profile`; to be measured.
			fn stop_account_change() -> Weight {
				Weight::from_parts(45_000_000, 3935)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			// Composed from `request_move`, and the registrar instead of the person; to be measured.
			fn decline_move() -> Weight {
				Weight::from_parts(38_000_000, 3634)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// Composed from `decline_move`, and the place that is written down; to be measured.
			fn end_request() -> Weight {
				Weight::from_parts(38_000_000, 3634)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			// Composed from the measured look at doctors of one hospital, and for each doctor one more read, of the
			// departure of a hospital, and one of the representatives; to be measured.
			fn settle(g: u32) -> Weight {
				Weight::from_parts(20_000_000, 3524)
					.saturating_add(Weight::from_parts(14_500_000, 5069).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(3_u64.saturating_mul(g.into())))
			}
			// Composed from `settle`, and as much computation for a second look at the same, and the reads of four
			// representatives' entries and keys; to be measured.
			fn recipients(g: u32) -> Weight {
				Self::settle(g)
					.saturating_add(Weight::from_parts(20_000_000, 0))
					.saturating_add(Weight::from_parts(12_000_000, 0).saturating_mul(g.into()))
					.saturating_add(<$db>::get().reads(8_u64))
			}
			/// Storage: `MedicalRecords::OldestPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::OldestPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::OldestDoctor` (r:1 w:0)
			/// Proof: `MedicalRecords::OldestDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextDoctor` (r:1 w:0)
			/// Proof: `MedicalRecords::NextDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Relocations` (r:1 w:0)
			/// Proof: `MedicalRecords::Relocations` (`max_values`: Some(1), `max_size`: Some(193), added: 688, mode: `MaxEncodedLen`)
			fn on_idle_base() -> Weight {
				// Composed from the measured value, the next patient to clear, the version of the storage, the first and
				// the next change of account, the count of old charts, the clock, and two looks for a request to move; to
				// be measured. At least 4_447 ns.
				Weight::from_parts(18_000_000, 1678)
					.saturating_add(<$db>::get().reads(13_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed from `change_account` as it was when it took effect at once; to be measured.
			fn change_accounts() -> Weight {
				Weight::from_parts(117_034_000, 6090)
					.saturating_add(<$db>::get().reads(11_u64))
					.saturating_add(<$db>::get().writes(10_u64))
			}
			/// Storage: `MedicalRecords::OldestPatient` (r:1 w:1)
			/// Proof: `MedicalRecords::OldestPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Patients` (r:1 w:1)
			/// Proof: `MedicalRecords::Patients` (`max_values`: None, `max_size`: Some(169), added: 2644, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::PatientOf` (r:0 w:1)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::CurrentKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::CurrentKeys` (`max_values`: None, `max_size`: Some(2635), added: 5110, mode: `MaxEncodedLen`)
			fn sweep_patient() -> Weight {
				// Composed from the measured value, three writes to the indices, and the end of a request to move; to be
				// measured. At least 18_597 ns.
				Weight::from_parts(28_000_000, 3634)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(8_u64))
			}
			/// Storage: `MedicalRecords::OldestDoctor` (r:1 w:1)
			/// Proof: `MedicalRecords::OldestDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextDoctor` (r:1 w:0)
			/// Proof: `MedicalRecords::NextDoctor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Doctors` (r:1 w:1)
			/// Proof: `MedicalRecords::Doctors` (`max_values`: None, `max_size`: Some(99), added: 2574, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::EncryptionKeys` (r:0 w:1)
			/// Proof: `MedicalRecords::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::DoctorOf` (r:0 w:1)
			/// Proof: `MedicalRecords::DoctorOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::Directory` (r:0 w:1)
			/// Proof: `MedicalRecords::Directory` (`max_values`: None, `max_size`: Some(470), added: 2945, mode: `MaxEncodedLen`)
			fn sweep_doctor() -> Weight {
				// Composed from the measured value, two writes to an index, and the end of a request to move; to be
				// measured. At least 19_679 ns.
				Weight::from_parts(26_000_000, 3564)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(8_u64))
			}
			/// `p` is in `[0, 100]`.
			fn relocate_doctors(p: u32) -> Weight {
				// Composed from the measured relocation of one doctor, as the base and once more for each
				// person, two hospitals' numbers of people, the end of the queue, the delay, the clock, and for each
				// person the handing on of a proposal and of a change of account to a new place in the queue, the deletion
				// of the details, the lapses, three writes to an index, and the end of a request to move; to be measured.
				Weight::from_parts(38_028_000, 6042)
					.saturating_add(Weight::from_parts(85_000_000, 11012).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().reads(6_u64.saturating_mul(p.into())))
					.saturating_add(<$db>::get().writes(4_u64))
					.saturating_add(<$db>::get().writes(14_u64.saturating_mul(p.into())))
			}
			/// `p` is in `[0, 100]`.
			fn relocate_patients(p: u32) -> Weight {
				// Composed from the measured relocation of one doctor, as the base and once more for each
				// person, two hospitals' numbers of people, and for each person one look for a change of account, one
				// at the representatives, and two writes to an index; to be measured.
				Weight::from_parts(38_028_000, 6042)
					.saturating_add(Weight::from_parts(47_000_000, 7824).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(7_u64))
					.saturating_add(<$db>::get().reads(3_u64.saturating_mul(p.into())))
					.saturating_add(<$db>::get().writes(3_u64))
					.saturating_add(<$db>::get().writes(3_u64.saturating_mul(p.into())))
			}
			/// `p` is in `[0, 50]`.
			fn relocate_waiting(p: u32) -> Weight {
				// Composed from `relocate_patients`, the end of the queue of changes, the delay, the clock, and for each
				// person the handing on of a change of account to a new place in the queue, a write to an index, the end
				// of a request to move, and the representatives, with two writes to a list for each of four who wait; to
				// be measured.
				Weight::from_parts(38_028_000, 6042)
					.saturating_add(Weight::from_parts(112_000_000, 7824).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(10_u64))
					.saturating_add(<$db>::get().reads(3_u64.saturating_mul(p.into())))
					.saturating_add(<$db>::get().writes(4_u64))
					.saturating_add(<$db>::get().writes(18_u64.saturating_mul(p.into())))
			}
			/// `p` is in `[0, 100]`.
			fn pass_people(p: u32) -> Weight {
				// Composed from `on_idle_base` and one read for each person; to be measured.
				Weight::from_parts(4_938_000, 1678)
					.saturating_add(Weight::from_parts(4_938_000, 2644).saturating_mul(p.into()))
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(p.into())))
			}
			// Composed from one read for the next key, one read and one write of a patient as in
			// `verify_patient`, two writes to the indices, the hospital's number of people, the clock, the account, and
			// the end of a request to move; to be measured.
			fn reshape_patient() -> Weight {
				Weight::from_parts(34_000_000, 3634)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			// Composed as `reshape_patient`, without indices; to be measured.
			fn reshape_grant() -> Weight {
				Weight::from_parts(15_000_000, 3634)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
		}
	};
}

measured!(T => SubstrateWeight<T>, T::DbWeight);
// For tests.
measured!(=> (), ParityDbWeight);
