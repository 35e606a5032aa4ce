//! Parameters of acting for others.

use super::people::Registry;
use crate::{Consortium, MedicalRecords, Runtime, Signature, Timestamp};
use frame_support::parameter_types;
use medblock_primitives::{HospitalId, Moment};
use pallet_consortium::EnsureRegistrar;
use pallet_delegation::Desks;
use sp_runtime::traits::Verify;

/// A day, in milliseconds.
const DAY: Moment = 86_400_000;

parameter_types! {
	/// Three months: longer than most journeys without a phone.
	pub const MaxDelay: Moment = 90 * DAY;
	/// Two weeks, in which guardians reach each other, as for the registration of a person.
	pub const ApprovalPeriod: Moment = 14 * DAY;
	/// Two weeks, in which the hospital sees both people.
	pub const ConfirmationPeriod: Moment = 14 * DAY;
	/// A day: an emergency that waits longer is none.
	pub const EmergencyRequestPeriod: Moment = DAY;
	/// A week, in which a patient comes to, or a hospital asks again.
	pub const MaxEmergencyDuration: Moment = 7 * DAY;
}

impl pallet_delegation::Config for Runtime {
	type RegistrarOrigin = EnsureRegistrar<Runtime>;
	type Charts = MedicalRecords;
	type Desks = Registry;
	type Time = Timestamp;
	type Signature = Signature;
	type Signer = <Signature as Verify>::Signer;
	type MaxDelay = MaxDelay;
	type ApprovalPeriod = ApprovalPeriod;
	type ConfirmationPeriod = ConfirmationPeriod;
	type EmergencyRequestPeriod = EmergencyRequestPeriod;
	type MaxEmergencyDuration = MaxEmergencyDuration;
	type WeightInfo = pallet_delegation::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = super::people::benchmarks::Helper;
}

impl Desks for Registry {
	fn is_active(hospital: HospitalId) -> bool {
		Consortium::is_active(hospital)
	}

	fn key_version(hospital: HospitalId) -> Option<u32> {
		pallet_consortium::EncryptionKeys::<Runtime>::get(hospital).map(|key| key.version)
	}
}
