//! The pallets whose calls can be measured.

// The macros that this defines are used in this crate alone.
#![allow(clippy::crate_in_macro_def)]

frame_benchmarking::define_benchmarks!(
	[frame_system, frame_system_benchmarking::Pallet::<crate::Runtime>]
	[frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<crate::Runtime>]
	[pallet_collective, crate::Council]
	[pallet_consortium, crate::Consortium]
	[pallet_delegation, crate::Delegation]
	[pallet_fair_use, crate::FairUse]
	[pallet_medical_records, crate::MedicalRecords]
	[pallet_timestamp, crate::Timestamp]
);
