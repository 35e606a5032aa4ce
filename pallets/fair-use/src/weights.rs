//! The weights of `pallet_fair_use`, measured by `scripts/benchmark`; don't edit.
//!
//! 2026-11-23, 5 steps, 5 repeats, on: AMD EPYC.

#![allow(missing_docs, unused_parens)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{constants::ParityDbWeight, Weight}};

/// What each call costs.
pub trait WeightInfo {
	fn sponsor() -> Weight;
	fn end_sponsorship() -> Weight;
	fn sponsor_accounts(a: u32) -> Weight;
	fn known() -> Weight;
	fn hospital() -> Weight;
	fn newcomer() -> Weight;
	fn reshape_sponsorship() -> Weight;
}

/// As measured, with the runtime's cost of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

macro_rules! measured {
	($($generics:ident)? => $target:ty, $db:ty) => {
		impl$(<$generics: frame_system::Config>)? WeightInfo for $target {
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::Sponsorships` (r:1 w:1)
			/// Proof: `FairUse::Sponsorships` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::SponsoredBy` (r:1 w:1)
			/// Proof: `FairUse::SponsoredBy` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
			fn sponsor() -> Weight {
				// Composed from the measured value and the hospital's departures; to be measured.
				// At least 27_161 ns.
				Weight::from_parts(31_000_000, 3529)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::Sponsorships` (r:1 w:1)
			/// Proof: `FairUse::Sponsorships` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::SponsoredBy` (r:1 w:1)
			/// Proof: `FairUse::SponsoredBy` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
			fn end_sponsorship() -> Weight {
				// Composed from the measured value and the hospital's departures; to be measured.
				// At least 29_113 ns.
				Weight::from_parts(33_000_000, 3529)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// `a` is in `[1, 128]`.
			// Composed from `sponsor`: each account reads and writes a sponsorship; to be measured.
			fn sponsor_accounts(a: u32) -> Weight {
				Weight::from_parts(18_000_000, 3529)
					.saturating_add(Weight::from_parts(16_000_000, 0).saturating_mul(a.into()))
					.saturating_add(<$db>::get().reads(4_u64))
					.saturating_add(<$db>::get().reads(1_u64.saturating_mul(a.into())))
					.saturating_add(<$db>::get().writes(1_u64))
					.saturating_add(<$db>::get().writes(1_u64.saturating_mul(a.into())))
					.saturating_add(Weight::from_parts(0, 2539).saturating_mul(a.into()))
			}
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			fn known() -> Weight {
				// Composed from the measured value and the clock; to be measured.
				// At least 10_445 ns.
				Weight::from_parts(11_387_000, 3540)
					.saturating_add(<$db>::get().reads(2_u64))
					.saturating_add(<$db>::get().writes(1_u64))
			}
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::RegistrarOf` (r:1 w:0)
			/// Proof: `Consortium::RegistrarOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::ControllerOf` (r:1 w:0)
			/// Proof: `Consortium::ControllerOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::HospitalUses` (r:1 w:1)
			/// Proof: `FairUse::HospitalUses` (`max_values`: None, `max_size`: Some(36), added: 2511, mode: `MaxEncodedLen`)
			fn hospital() -> Weight {
				// Composed from `known`, and from `sponsor` for four more items, and two for an operator: the
				// institution and its hospital; and the consortium's settings, which say how long a slot is; to be measured.
				Weight::from_parts(43_000_000, 3540)
					.saturating_add(<$db>::get().reads(8_u64))
					.saturating_add(<$db>::get().writes(2_u64))
			}
			/// Storage: `System::Account` (r:1 w:1)
			/// Proof: `System::Account` (`max_values`: None, `max_size`: Some(75), added: 2550, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::PatientOf` (r:1 w:0)
			/// Proof: `MedicalRecords::PatientOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
			/// Storage: `Consortium::Hospitals` (r:1 w:0)
			/// Proof: `Consortium::Hospitals` (`max_values`: None, `max_size`: Some(51), added: 2526, mode: `MaxEncodedLen`)
			/// Storage: `MedicalRecords::NextPatient` (r:1 w:0)
			/// Proof: `MedicalRecords::NextPatient` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::Sponsorships` (r:1 w:1)
			/// Proof: `FairUse::Sponsorships` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
			/// Storage: `FairUse::SponsoredBy` (r:1 w:1)
			/// Proof: `FairUse::SponsoredBy` (`max_values`: None, `max_size`: Some(16), added: 2491, mode: `MaxEncodedLen`)
			fn newcomer() -> Weight {
				// Composed from what was measured (45,577,000; 6 reads, 3 writes), the hospital's use,
				// the entry of a person who was rejected before, the active hospitals, the clock, the version of
				// the storage, the consortium's settings and the hospital's departures; to be measured.
				Weight::from_parts(62_000_000, 3540)
					.saturating_add(<$db>::get().reads(13_u64))
					.saturating_add(<$db>::get().writes(4_u64))
			}
			// Composed from `end_sponsorship`, and one read for the next key and one more write; to be measured.
			fn reshape_sponsorship() -> Weight {
				Weight::from_parts(39_000_000, 3529)
					.saturating_add(<$db>::get().reads(5_u64))
					.saturating_add(<$db>::get().writes(3_u64))
			}
		}
	};
}

measured!(T => SubstrateWeight<T>, T::DbWeight);
// For tests.
measured!(=> (), ParityDbWeight);
