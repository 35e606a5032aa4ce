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
	fn expel_hospital(r: u32) -> Weight;
	fn rename_hospital() -> Weight;
	fn change_controller() -> Weight;
	fn set_gateway() -> Weight;
	fn set_registration_mode() -> Weight;
	fn set_encryption_key() -> Weight;
	fn add_registrar() -> Weight;
	fn remove_registrar() -> Weight;
	fn reclaim_seat() -> Weight;
	fn reinstate_seat() -> Weight;
	fn enact() -> Weight;
	fn carry_out() -> Weight;
	fn call_off() -> Weight;
	fn suspend() -> Weight;
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
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
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
				// At least 601_854 ns.
				Weight::from_parts(672_981_000, 160128)
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
			/// Storage: `System::Account` (r:1 w:0)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
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
				// At least 602_906 ns.
				Weight::from_parts(686_461_000, 162654)
					.saturating_add(<$db>::get().reads(104_u64))
					.saturating_add(<$db>::get().writes(40_u64))
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
			/// Storage: `Consortium::ActiveHospitals` (r:1 w:1)
			/// Proof: `Consortium::ActiveHospitals` (`max_values`: Some(1), `max_size`: Some(258), added: 753, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Registrars` (r:1 w:1)
			/// Proof: `Consortium::Registrars` (`max_values`: None, `max_size`: Some(8206), added: 10681, mode: `MaxEncodedLen`)
			/// Storage: `Council::Proposals` (r:1 w:0)
			/// Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
			/// Storage: `Council::Voting` (r:32 w:32)
			/// Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
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
			/// `r` is in `[0, 256]`.
			fn expel_hospital(r: u32) -> Weight {
				// At least 1_291_671 ns.
				Weight::from_parts(2_086_372_123, 239784)
					.saturating_add(Weight::from_parts(373_508, 0).saturating_mul(r.into()))
					.saturating_add(<$db>::get().reads(168_u64))
					.saturating_add(<$db>::get().writes(37_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(r.into())))
					.saturating_add(Weight::from_parts(0, 32).saturating_mul(r.into()))
			}
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Profiles` (r:1 w:1)
			/// Proof: `Consortium::Profiles` (`max_values`: None, `max_size`: Some(208), added: 2683, mode: `MaxEncodedLen`)
			fn rename_hospital() -> Weight {
				// At least 35_994 ns.
				Weight::from_parts(57_675_000, 3673)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:2)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:64 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
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
				// At least 622_986 ns.
				Weight::from_parts(741_753_000, 162654)
					.saturating_add(<$db>::get().reads(100_u64))
					.saturating_add(<$db>::get().writes(38_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Profiles` (r:1 w:1)
			/// Proof: `Consortium::Profiles` (`max_values`: None, `max_size`: Some(208), added: 2683, mode: `MaxEncodedLen`)
			fn set_gateway() -> Weight {
				// At least 39_048 ns.
				Weight::from_parts(66_930_000, 3673)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:1)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			fn set_registration_mode() -> Weight {
				// At least 36_675 ns.
				Weight::from_parts(52_638_000, 3517)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::EncryptionKeys` (r:1 w:1)
			/// Proof: `Consortium::EncryptionKeys` (`max_values`: None, `max_size`: Some(1235), added: 3710, mode: `MaxEncodedLen`)
			fn set_encryption_key() -> Weight {
				// At least 38_608 ns.
				Weight::from_parts(62_082_000, 4700)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:1)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Registrars` (r:1 w:1)
			/// Proof: `Consortium::Registrars` (`max_values`: None, `max_size`: Some(8206), added: 10681, mode: `MaxEncodedLen`)
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
			fn add_registrar() -> Weight {
				// At least 91_066 ns.
				Weight::from_parts(123_704_000, 11671)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:1)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Registrars` (r:1 w:1)
			/// Proof: `Consortium::Registrars` (`max_values`: None, `max_size`: Some(8206), added: 10681, mode: `MaxEncodedLen`)
			fn remove_registrar() -> Weight {
				// At least 78_286 ns.
				Weight::from_parts(95_442_000, 11671)
					.saturating_add(<$db>::get().reads(3_u64))
					.saturating_add(<$db>::get().writes(2_u64))
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
				// At least 51_877 ns.
				Weight::from_parts(76_274_000, 4053)
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
				// At least 40_791 ns.
				Weight::from_parts(67_070_000, 3516)
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
				// At least 20_040 ns.
				Weight::from_parts(22_924_000, 3995)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::PendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::PendingEnactments` (`max_values`: None, `max_size`: Some(530), added: 3005, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ConsortiumSettings` (r:1 w:0)
			/// Proof: `Consortium::ConsortiumSettings` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::CounterForPendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::CounterForPendingEnactments` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `System::AuthorizedUpgrade` (r:0 w:1)
			/// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
			fn carry_out() -> Weight {
				// At least 50_115 ns.
				Weight::from_parts(78_978_000, 3995)
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
			/// Storage: `Consortium::PendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::PendingEnactments` (`max_values`: None, `max_size`: Some(530), added: 3005, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::CounterForPendingEnactments` (r:1 w:1)
			/// Proof: `Consortium::CounterForPendingEnactments` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			fn call_off() -> Weight {
				// At least 15_453 ns.
				Weight::from_parts(17_747_000, 3995)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(2_u64))
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
				// At least 815_663 ns.
				Weight::from_parts(910_514_000, 171066)
					.saturating_add(<$db>::get().reads(130_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
		}
	};
}

measured!(T => SubstrateWeight<T>, T::DbWeight);
// For tests.
measured!(=> (), ParityDbWeight);
