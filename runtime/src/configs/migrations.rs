//! Parameters of migrations in steps.

use super::{NORMAL_RATIO, RuntimeBlockWeights};
#[cfg(not(feature = "runtime-benchmarks"))]
use crate::migrations::InSteps;
use crate::{Runtime, RuntimeEvent, migrations::KeepPalletClosed};
use frame_support::{parameter_types, traits::ConstU32, weights::Weight};

parameter_types! {
	/// The part of a block that ordinary transactions may fill otherwise. They wait meanwhile.
	pub MaxServiceWeight: Weight = NORMAL_RATIO * RuntimeBlockWeights::get().max_block;
}

impl pallet_migrations::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	#[cfg(not(feature = "runtime-benchmarks"))]
	type Migrations = InSteps;
	#[cfg(feature = "runtime-benchmarks")]
	type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
	// As large as the pallet's own measurements need. Cursors here are keys of entries.
	type CursorMaxLen = ConstU32<1_026>;
	type IdentifierMaxLen = ConstU32<258>;
	type MigrationStatusHandler = ();
	type FailedMigrationHandler = KeepPalletClosed;
	type MaxServiceWeight = MaxServiceWeight;
	type WeightInfo = pallet_migrations::weights::SubstrateWeight<Runtime>;
}
