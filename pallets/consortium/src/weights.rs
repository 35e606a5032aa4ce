//! The weights of `pallet_consortium`, measured by `scripts/benchmark`; don't edit.
//!
//! 2026-11-23, 5 steps, 5 repeats, on: AMD EPYC.

#![allow(missing_docs, unused_parens)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};

/// What each call costs.
pub trait WeightInfo {
	fn admit_hospital() -> Weight;
	fn readmit_hospital() -> Weight;
	fn expel_hospital(r: u32, o: u32) -> Weight;
	fn leave() -> Weight;
	fn rename_hospital() -> Weight;
	fn change_controller() -> Weight;
	fn set_gateway() -> Weight;
	fn set_registration_mode() -> Weight;
	fn remove_registrar() -> Weight;
	fn reclaim_seat() -> Weight;
	fn reinstate_seat() -> Weight;
	fn enact() -> Weight;
	fn carry_out() -> Weight;
	fn call_off() -> Weight;
	fn end_upgrade() -> Weight;
	fn list_portal_release() -> Weight;
	fn withdraw_portal_release() -> Weight;
	fn suspend() -> Weight;
	fn appoint_registrar() -> Weight;
	fn withdraw_appointment() -> Weight;
	fn accept_appointment() -> Weight;
	fn resign() -> Weight;
	fn set_registrar_key() -> Weight;
	fn publish_profile_key(r: u32) -> Weight;
	fn share_profile_key(r: u32) -> Weight;
	fn allow_decisions() -> Weight;
	fn add_institution() -> Weight;
	fn close_institution(o: u32) -> Weight;
	fn appoint_operator() -> Weight;
	fn remove_operator() -> Weight;
	fn join_institution() -> Weight;
	fn leave_institution() -> Weight;
	fn set_vault_account() -> Weight;
	fn anchor_disclosures() -> Weight;
	fn begin_disclosure_log() -> Weight;
	fn end_session() -> Weight;
}

/// As measured, with the runtime's cost of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! measured {
	($($generics:ident)? => $target:ty, $db:ty) => {
		impl$(<$generics: frame_system::Config>)? WeightInfo for $target {
			/// Storage: `Consortium::NextHospital` (r:1 w:1)
			/// Proof: `Consortium::NextHospital` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ControllerOf` (r:1 w:1)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ActiveHospitals` (r:1 w:1)
			/// Proof: `Consortium::ActiveHospitals` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Session::CurrentIndex` (r:1 w:0)
			/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::Hospitals` (r:63 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Council::Proposals` (r:1 w:0)
			/// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Voting` (r:32 w:32)
			/// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::Profiles` (r:0 w:1)
			/// Proof: `Consortium::Profiles` (`max_values`: None, `max_size`: Some(208), added: 2683, mode: `MaxEncodedLen`)
			/// Storage: `Council::Members` (r:0 w:1)
			/// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Prime` (r:0 w:1)
			/// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			fn admit_hospital() -> Weight {
				// At least 613_462 ns.
				// Composed from the measured call and once more its computation, for the motions' thresholds;
				// to be measured.
				Weight::from_parts(1_286_192_000, 160128)
					.saturating_add(<$db>::get().reads(101_u64))
					.saturating_add(<$db>::get().writes(40_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:64 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Seats` (r:1 w:0)
			/// Proof: `Consortium::Seats` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Session::Validators` (r:1 w:0)
			/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Session::NextKeys` (r:1 w:1)
			/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::ControllerOf` (r:1 w:1)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ActiveHospitals` (r:1 w:1)
			/// Proof: `Consortium::ActiveHospitals` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Session::CurrentIndex` (r:1 w:0)
			/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Proposals` (r:1 w:0)
			/// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Voting` (r:32 w:32)
			/// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Members` (r:0 w:1)
			/// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Prime` (r:0 w:1)
			/// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Session::KeyOwner` (r:0 w:2)
			/// Proof: `Session::KeyOwner` (`max_values`: None, `max_size`: None, mode: `Measured`)
			fn readmit_hospital() -> Weight {
				// At least 595_906 ns.
				// Composed from the measured call and once more its computation, for the motions' thresholds;
				// to be measured.
				Weight::from_parts(1_263_518_000, 162654)
					.saturating_add(<$db>::get().reads(104_u64))
					.saturating_add(<$db>::get().writes(41_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:64 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ConsortiumSettings` (r:1 w:0)
			/// Proof: `Consortium::ConsortiumSettings` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
			/// Storage: `Session::NextKeys` (r:64 w:0)
			/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::Seats` (r:1 w:0)
			/// Proof: `Consortium::Seats` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Session::Validators` (r:1 w:0)
			/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `System::Account` (r:257 w:257)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ActiveHospitals` (r:1 w:1)
			/// Proof: `Consortium::ActiveHospitals` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Registrars` (r:1 w:1)
			/// Proof: `Consortium::Registrars` (`max_values`: None, `max_size`: Some(8206), added: 10681, mode: `MaxEncodedLen`)
			/// Storage: `Council::Proposals` (r:1 w:0)
			/// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Voting` (r:32 w:32)
			/// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `MedicalRecords::Lapses` (r:1 w:1)
			/// Proof: `MedicalRecords::Lapses` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `NodeAuthorization::WellKnownNodes` (r:1 w:0)
			/// Proof: `NodeAuthorization::WellKnownNodes` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `NodeAuthorization::Owners` (r:1 w:0)
			/// Proof: `NodeAuthorization::Owners` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::ControllerOf` (r:0 w:1)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:0 w:256)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Council::Members` (r:0 w:1)
			/// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Prime` (r:0 w:1)
			/// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `MedicalRecords::LapsedAt` (r:0 w:1)
			/// Proof: `MedicalRecords::LapsedAt` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
			/// `r` is in `[0, 256]`.
			fn expel_hospital(r: u32, o: u32) -> Weight {
				// Composed from the call as it was, the appointments, for each registrar the own and the
				// sealed key, the profile key, the motions' thresholds as in `change_controller`, 16
				// institutions as in `close_institution`, for each of their operators two items, the vault's
				// account, and six paces; to be measured.
				Weight::from_parts(3_797_648_914, 271_000)
					.saturating_add(Weight::from_parts(70_608_984, 0).saturating_mul(r.into()))
					.saturating_add(Weight::from_parts(35_304_492, 0).saturating_mul(o.into()))
					.saturating_add(<$db>::get().reads(215_u64))
					.saturating_add(<$db>::get().reads(2_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(o.into())))
					.saturating_add(<$db>::get().writes(102_u64))
					.saturating_add(<$db>::get().writes(4_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(2_u64.saturating_mul(o.into())))
					.saturating_add(Weight::from_parts(0, 6300).saturating_mul(r.into()))
			}
			// One read for each of 256 nodes' owners, three writes for each node, and 50 us for the list of nodes, which is
			// read and written anew for each of them. One more item is that list, three are for the doctors, and two for
			// the sponsorships. To be measured.
			fn leave() -> Weight {
				Weight::from_parts(12_800_000_000, 30_000)
					.saturating_add(<$db>::get().reads(260_u64))
					.saturating_add(<$db>::get().writes(774_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Profiles` (r:1 w:1)
			/// Proof: `Consortium::Profiles` (`max_values`: None, `max_size`: Some(208), added: 2683, mode: `MaxEncodedLen`)
			fn rename_hospital() -> Weight {
				// At least 33_250 ns.
				Weight::from_parts(47_060_000, 3673)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:2)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:64 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:2 w:2)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ActiveHospitals` (r:1 w:0)
			/// Proof: `Consortium::ActiveHospitals` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Council::Proposals` (r:1 w:0)
			/// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Voting` (r:32 w:32)
			/// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Members` (r:0 w:1)
			/// Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Prime` (r:0 w:1)
			/// Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			fn change_controller() -> Weight {
				// At least 611_730 ns.
				// Composed from the measured call and once more its computation, for the motions' thresholds;
				// the hospital's appointments and those of 16 institutions, which are removed, and six paces;
				// to be measured.
				Weight::from_parts(1_371_436_000, 181_000)
					.saturating_add(<$db>::get().reads(108_u64))
					.saturating_add(<$db>::get().writes(62_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Profiles` (r:1 w:1)
			/// Proof: `Consortium::Profiles` (`max_values`: None, `max_size`: Some(208), added: 2683, mode: `MaxEncodedLen`)
			fn set_gateway() -> Weight {
				// At least 36_624 ns.
				Weight::from_parts(48_762_000, 3673)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			fn set_registration_mode() -> Weight {
				// At least 34_861 ns.
				Weight::from_parts(47_490_000, 3517)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:1)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Registrars` (r:1 w:1)
			/// Proof: `Consortium::Registrars` (`max_values`: None, `max_size`: Some(8206), added: 10681, mode: `MaxEncodedLen`)
			fn remove_registrar() -> Weight {
				// Not measured: the call as it was, and a registrar's own and sealed keys.
				Weight::from_parts(101_211_000, 11671)
					.saturating_add(Weight::from_parts(60_000_000, 10000))
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::LastAuthored` (r:1 w:1)
			/// Proof: `Consortium::LastAuthored` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
			/// Storage: `Session::CurrentIndex` (r:1 w:0)
			/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			fn reclaim_seat() -> Weight {
				// At least 50_094 ns.
				Weight::from_parts(67_981_000, 4053)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:1 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Seats` (r:1 w:0)
			/// Proof: `Consortium::Seats` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Session::Validators` (r:1 w:0)
			/// Proof: `Session::Validators` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Session::CurrentIndex` (r:1 w:0)
			/// Proof: `Session::CurrentIndex` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			fn reinstate_seat() -> Weight {
				// At least 38_097 ns.
				Weight::from_parts(53_950_000, 3516)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ConsortiumSettings` (r:1 w:0)
			/// Proof: `Consortium::ConsortiumSettings` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::CounterForPendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::CounterForPendingEnactments` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::NextEnactment` (r:1 w:1)
			/// Proof: `Consortium::NextEnactment` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::PendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::PendingEnactments` (`max_values`: None, `max_size`: Some(530), added: 3005, mode: `MaxEncodedLen`)
			fn enact() -> Weight {
				// Composed from the measured call, the clock, and `call_off` for each of 16 void decisions; to be
				// measured.
				Weight::from_parts(312_535_000, 52075)
					.saturating_add(<$db>::get().reads(37_u64))
					.saturating_add(<$db>::get().writes(35_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::PendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::PendingEnactments` (`max_values`: None, `max_size`: Some(530), added: 3005, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ConsortiumSettings` (r:1 w:0)
			/// Proof: `Consortium::ConsortiumSettings` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::CounterForPendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::CounterForPendingEnactments` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `System::AuthorizedUpgrade` (r:1 w:1)
			/// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::UpgradeVoidAt` (r:0 w:1)
			/// Proof: `Consortium::UpgradeVoidAt` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			fn carry_out() -> Weight {
				// Composed from the measured call, the clock, the end of an upgrade, and a look at each of 16 decisions, of
				// which 15 end; to be measured.
				Weight::from_parts(65_000_000, 3995)
					.saturating_add(<$db>::get().reads(22_u64))
					.saturating_add(<$db>::get().writes(19_u64))
			}
			/// Storage: `Consortium::PendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::PendingEnactments` (`max_values`: None, `max_size`: Some(530), added: 3005, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::CounterForPendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::CounterForPendingEnactments` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			fn call_off() -> Weight {
				// At least 16_314 ns.
				Weight::from_parts(18_157_000, 3995)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::UpgradeVoidAt` (r:1 w:1)
			/// Proof: `Consortium::UpgradeVoidAt` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			/// Storage: `System::AuthorizedUpgrade` (r:1 w:1)
			/// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
			fn end_upgrade() -> Weight {
				// Composed from `call_off`, which removes an entry, too; to be measured.
				Weight::from_parts(18_157_000, 2013)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::PortalReleases` (r:1 w:1)
			/// Proof: `Consortium::PortalReleases` (`max_values`: Some(1), `max_size`: Some(1169), added: 1664, mode: `MaxEncodedLen`)
			/// Storage: `Timestamp::Now` (r:1 w:0)
			/// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
			fn list_portal_release() -> Weight {
				// More than `enact`, which writes three items.
				Weight::from_parts(30_000_000, 3995)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::PortalReleases` (r:1 w:1)
			/// Proof: `Consortium::PortalReleases` (`max_values`: Some(1), `max_size`: Some(1169), added: 1664, mode: `MaxEncodedLen`)
			fn withdraw_portal_release() -> Weight {
				// More than `enact`, which writes three items.
				Weight::from_parts(30_000_000, 3995)
					.saturating_add(<$db>::get().reads(1_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::Hospitals` (r:64 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ConsortiumSettings` (r:1 w:0)
			/// Proof: `Consortium::ConsortiumSettings` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
			/// Storage: `Session::NextKeys` (r:64 w:0)
			/// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
			/// Storage: `Consortium::Seats` (r:1 w:0)
			/// Proof: `Consortium::Seats` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			fn suspend() -> Weight {
				// At least 775_403 ns.
				Weight::from_parts(808_673_000, 171066)
					.saturating_add(<$db>::get().reads(130_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// The rest is not measured, but composed of what similar calls take, on the safe side.
			fn appoint_registrar() -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			fn withdraw_appointment() -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			fn accept_appointment() -> Weight {
				Weight::from_parts(260_000_000, 20000)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			fn resign() -> Weight {
				Weight::from_parts(161_211_000, 21671)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(6_u64))
			}
			fn set_registrar_key() -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			/// `r` is in `[1, 256]`.
			fn publish_profile_key(r: u32) -> Weight {
				Weight::from_parts(210_000_000, 30000)
					.saturating_add(Weight::from_parts(60_000_000, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(6_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(3_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
					.saturating_add(Weight::from_parts(0, 3750).saturating_mul(r.into()))
			}
			/// `r` is in `[1, 256]`.
			fn share_profile_key(r: u32) -> Weight {
				Weight::from_parts(105_266_000, 20000)
					.saturating_add(Weight::from_parts(90_000_000, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().reads(3_u64.saturating_mul(r.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
					.saturating_add(Weight::from_parts(0, 10000).saturating_mul(r.into()))
			}
			fn allow_decisions() -> Weight {
				// Composed from `set_registration_mode`, and the clock and a pace in addition; to be
				// measured.
				Weight::from_parts(52_490_000, 3521)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Those of institutions are composed from the calls about registrars, which read and write
			// longer lists of the same kind, and the items that they have in addition; to be measured.
			fn add_institution() -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			/// `o` is in `[0, 32]`.
			fn close_institution(o: u32) -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(Weight::from_parts(35_304_492, 0).saturating_mul(o.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(o.into())))
					.saturating_add(<$db>::get().writes(4_u64))
					.saturating_add(<$db>::get().writes(2_u64.saturating_mul(o.into())))
					.saturating_add(Weight::from_parts(0, 2550).saturating_mul(o.into()))
			}
			fn appoint_operator() -> Weight {
				Weight::from_parts(105_266_000, 11671)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			fn remove_operator() -> Weight {
				Weight::from_parts(140_570_000, 11671)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			fn join_institution() -> Weight {
				Weight::from_parts(260_000_000, 20000)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			fn leave_institution() -> Weight {
				Weight::from_parts(140_570_000, 11671)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			// Those of vaults are composed, on the safe side, from `join_institution`, which checks a key, for
			// the signature, and from `set_registration_mode` for each item that the other two write; to be
			// measured.
			/// Reads `ControllerOf` of the caller and the new account, the genesis hash, `RegistrarOf`,
			/// `OperatorOf`, `VaultOf`, `VaultAccounts`, and both accounts.
			fn set_vault_account() -> Weight {
				Weight::from_parts(260_000_000, 20000)
					.saturating_add(<$db>::get().reads(9_u64))
					.saturating_add(<$db>::get().writes(5_u64))
			}
			/// Reads `VaultOf`, `DisclosureLogs` and the clock.
			fn anchor_disclosures() -> Weight {
				Weight::from_parts(94_980_000, 7034)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			fn begin_disclosure_log() -> Weight {
				Weight::from_parts(47_490_000, 3549)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			// Composed, on the safe side, of what `suspend` takes to look at all hospitals and their keys, which the
			// end of a session does eight times, of 5 ms for the trie of all validators, and of 100 us for each
			// motion. To be measured.
			/// Reads `Hospitals`, `LastAuthored` and `NextKeys` of all hospitals, and four items of each motion.
			/// Writes all of these but the keys, and what the session pallets, Aura and GRANDPA keep.
			fn end_session() -> Weight {
				Weight::from_parts(15_000_000_000, 400_000)
					.saturating_add(<$db>::get().reads(350_u64))
					.saturating_add(<$db>::get().writes(320_u64))
			}
		}
	};
}

measured!(T => SubstrateWeight<T>, T::DbWeight);
// For tests.
measured!(=> (), ParityDbWeight);
