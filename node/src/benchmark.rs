//! The measurements of weights, which `scripts/benchmark` runs.

use crate::{cli::Cli, parts, pool::Limits};
use codec::Encode;
use frame_benchmarking_cli::{BenchmarkCmd, ExtrinsicBuilder, SUBSTRATE_REFERENCE_HARDWARE};
use medblock_runtime::{
	AccountId, Hash, OpaqueBlock as Block, Runtime, RuntimeCall, SignedPayload, TxExtension,
	UncheckedExtrinsic, VERSION,
};
use sc_cli::{Error, Result, SubstrateCli};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{MultiAddress, OpaqueExtrinsic, generic::Era, traits::HashingFor};

/// Runs a `benchmark` subcommand. `pallet` needs a runtime built with its benchmarks, as a file
/// (`--runtime`): the node's own runtime has none.
pub fn run(cli: &Cli, command: &BenchmarkCmd) -> Result<()> {
	let runner = cli.create_runner(command)?;
	runner.sync_run(|config| match command {
		BenchmarkCmd::Pallet(pallet) => {
			pallet.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec))
		},
		BenchmarkCmd::Block(block) => {
			let parts = parts::assemble(&config, Limits::default(), None)?;
			block.run(parts.client)
		},
		BenchmarkCmd::Storage(storage) => {
			let parts = parts::assemble(&config, Limits::default(), None)?;
			let database = parts.backend.expose_db();
			let states = parts.backend.expose_storage();
			let cache = parts.backend.expose_shared_trie_cache();
			storage.run(config, parts.client, database, states, cache)
		},
		BenchmarkCmd::Overhead(overhead) => overhead
			.run_with_extrinsic_builder_and_spec::<Block, ()>(
				Box::new(|_, genesis, _| Box::new(Smallest { genesis })),
				Some(config.chain_spec),
			),
		BenchmarkCmd::Machine(machine) => {
			machine.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone())
		},
		_ => Err(Error::Input(
			"`benchmark` offers `pallet`, `block`, `storage`, `overhead` and `machine`".into(),
		)),
	})
}

/// The smallest transaction on this chain, which has no `remark`: a hospital's account gives up access,
/// and one read shows that it is not a doctor.
struct Smallest {
	genesis: Hash,
}

impl ExtrinsicBuilder for Smallest {
	// The command accepts no other name.
	fn pallet(&self) -> &str {
		"system"
	}

	fn extrinsic(&self) -> &str {
		"remark"
	}

	fn build(&self, nonce: u32) -> std::result::Result<OpaqueExtrinsic, &'static str> {
		let call: RuntimeCall =
			pallet_medical_records::Call::relinquish_access { patients: Default::default() }.into();
		let extension: TxExtension = (
			frame_system::CheckNonZeroSender::<Runtime>::new(),
			frame_system::CheckSpecVersion::<Runtime>::new(),
			frame_system::CheckTxVersion::<Runtime>::new(),
			frame_system::CheckGenesis::<Runtime>::new(),
			frame_system::CheckEra::<Runtime>::from(Era::Immortal),
			pallet_fair_use::FairUse::<Runtime>(nonce),
			frame_system::CheckWeight::<Runtime>::new(),
			frame_metadata_hash_extension::CheckMetadataHash::<Runtime>::new(false),
		);
		let implicit = (
			(),
			VERSION.spec_version,
			VERSION.transaction_version,
			self.genesis,
			self.genesis,
			(),
			(),
			None,
		);
		let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
		let signature = payload.using_encoded(|bytes| Alice.sign(bytes));
		let who = MultiAddress::Id(AccountId::from(Alice));
		let transaction = UncheckedExtrinsic::new_signed(call, who, signature.into(), extension);
		Ok(OpaqueExtrinsic::from_blob(transaction.encode()))
	}
}
