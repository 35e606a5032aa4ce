//! Weights; replaced by `scripts/benchmark`.

#![allow(missing_docs)]

use frame_support::weights::{constants::RocksDbWeight, Weight};

pub trait WeightInfo {
	fn expel_hospital(r: u32) -> Weight;
	fn admit_hospital() -> Weight;
	fn readmit_hospital() -> Weight;
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

impl WeightInfo for () {
	fn expel_hospital(r: u32) -> Weight {
		Weight::from_parts(200_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(200, 10 + r as u64))
	}
	fn admit_hospital() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn readmit_hospital() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn rename_hospital() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn change_controller() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn set_gateway() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn set_registration_mode() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn set_encryption_key() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn add_registrar() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn remove_registrar() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn reclaim_seat() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn reinstate_seat() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn enact() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn carry_out() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn call_off() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
	fn suspend() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(200, 10))
	}
}
