//! The pallets' parameters.

mod consensus;
mod council_weight;
mod delegation;
pub mod fair_use;
mod governance;
mod grandpa_weight;
mod migrations;
mod people;

pub use governance::CouncilMotions;

use crate::{
	AccountId, Block, Hash, Migrations, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeOrigin, RuntimeTask, UncheckedExtrinsic, VERSION,
	weights::{BlockExecutionWeight, DatabaseWeight, ExtrinsicBaseWeight},
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::ConstU32,
	weights::{Weight, constants::WEIGHT_REF_TIME_PER_MILLIS},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{Perbill, traits::AccountIdLookup};
use sp_version::RuntimeVersion;

/// The part of a block that ordinary transactions may fill. The rest is for the council's calls and the
/// chain's own.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);

/// The maximum work in a block: half of a usual slot, so nodes can make, send and check a block within one slot. On a chain
/// with shorter slots, the consortium's pallet takes the difference from each block.
const MAXIMUM_BLOCK_WEIGHT: Weight =
	Weight::from_parts(500u64.saturating_mul(WEIGHT_REF_TIME_PER_MILLIS), u64::MAX);

parameter_types! {
	/// The maximum number of blocks for which a transaction is valid: an hour, at one second each.
	pub const BlockHashCount: u32 = 4096;
	pub const Version: RuntimeVersion = VERSION;
	pub RuntimeBlockWeights: BlockWeights =
		block_weights(MAXIMUM_BLOCK_WEIGHT, NORMAL_RATIO);
	/// Five MiB, in which a runtime upgrade fits.
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(5 * 1024 * 1024)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_RATIO.mul_floor(*length)
		})
		.build();
	/// The prefix of generic Substrate addresses, which every wallet can show.
	pub const SS58Prefix: u16 = 42;
}

/// The weights of blocks. Ordinary transactions may fill up to `normal` of a block. The rest is
/// reserved for the chain's own transactions, which may also use the weight that ordinary ones leave.
fn block_weights(maximum: Weight, normal: Perbill) -> BlockWeights {
	BlockWeights::builder()
		.base_block(BlockExecutionWeight::get())
		.for_class(DispatchClass::all(), |class| {
			class.base_extrinsic = ExtrinsicBaseWeight::get();
		})
		.for_class(DispatchClass::Normal, |class| class.max_total = Some(normal * maximum))
		.for_class(DispatchClass::Operational, |class| {
			class.max_total = Some(maximum);
			class.reserved = Some(maximum.saturating_sub(normal * maximum));
		})
		.avg_block_initialization(Perbill::from_percent(10))
		.build_or_panic()
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type BaseCallFilter = crate::calls::Transactable;
	type Block = Block;
	type BlockWeights = RuntimeBlockWeights;
	type BlockLength = RuntimeBlockLength;
	type AccountId = AccountId;
	type Nonce = Nonce;
	type Hash = Hash;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type BlockHashCount = BlockHashCount;
	type DbWeight = DatabaseWeight;
	// Each transaction pays for the checks, so the SDK's figures for another database and machine would cost throughput.
	type ExtensionsWeightInfo = crate::extension_weights::ExtensionWeights<Runtime>;
	type Version = Version;
	// One small item holds nonce, allowance and roles.
	type AccountData = pallet_fair_use::AccountData;
	type SS58Prefix = SS58Prefix;
	type MaxConsumers = ConstU32<16>;
	type SingleBlockMigrations = crate::migrations::AtOnce;
	type MultiBlockMigrator = Migrations;
}

// GRANDPA's equivocation reports are unsigned transactions that the node makes.
impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	type RuntimeCall = RuntimeCall;
	type Extrinsic = UncheckedExtrinsic;
}

impl<LocalCall> frame_system::offchain::CreateBare<LocalCall> for Runtime
where
	RuntimeCall: From<LocalCall>,
{
	fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_bare(call)
	}
}
