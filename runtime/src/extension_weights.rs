//! The weights of the SDK's checks of transactions, measured by `scripts/benchmark`; don't edit.
//!
//! From the SDK's own measurements until then, with this database's cost of access; to be measured.

#![allow(missing_docs, unused_parens)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// As measured, with the runtime's cost of database access.
pub struct ExtensionWeights<T>(PhantomData<T>);

impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for ExtensionWeights<T> {
	fn check_genesis() -> Weight {
		Weight::from_parts(3_577_000, 3509)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn check_mortality_mortal_transaction() -> Weight {
		Weight::from_parts(6_703_000, 3509)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn check_mortality_immortal_transaction() -> Weight {
		Weight::from_parts(6_605_000, 3509)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn check_non_zero_sender() -> Weight {
		Weight::from_parts(570_000, 0)
	}
	fn check_nonce() -> Weight {
		Weight::from_parts(7_261_000, 3593)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn check_spec_version() -> Weight {
		Weight::from_parts(430_000, 0)
	}
	fn check_tx_version() -> Weight {
		Weight::from_parts(455_000, 0)
	}
	fn check_weight() -> Weight {
		Weight::from_parts(3_006_000, 0)
	}
	fn weight_reclaim() -> Weight {
		Weight::from_parts(4_747_000, 1489)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
