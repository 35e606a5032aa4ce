//! Block production: a validator makes a block in each of its slots.

use super::timely::Timely;
use crate::{
	parts::{Client, Import, SelectChain, inherents},
	pool::Pool,
};
use medblock_runtime::{BlockNumber, OpaqueBlock as Block};
use sc_basic_authorship::ProposerFactory;
use sc_consensus_aura::{SlotProportion, StartAuraParams};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network_sync::SyncingService;
use sc_service::{TaskManager, error::Error as ServiceError};
use sc_telemetry::TelemetryHandle;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_keystore::KeystorePtr;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

/// The parts that make blocks.
pub struct Authoring {
	pub client: Arc<Client>,
	pub pool: Arc<Pool>,
	pub select_chain: SelectChain,
	pub block_import: Import,
	pub keystore: KeystorePtr,
	pub sync: Arc<SyncingService<Block>>,
	/// Whether to make blocks without a connection to any other node.
	pub force: bool,
	pub registry: Option<Registry>,
	pub telemetry: Option<TelemetryHandle>,
}

impl Authoring {
	/// Starts to make blocks.
	pub fn spawn(self, tasks: &TaskManager) -> Result<(), ServiceError> {
		let proposer_factory = ProposerFactory::new(
			tasks.spawn_handle(),
			self.client.clone(),
			self.pool,
			self.registry.as_ref(),
			self.telemetry.clone(),
		);
		let slot_duration = sc_consensus_aura::slot_duration(&*self.client)?;
		// The other half is for sending the block, and for the others to check it.
		let proposer_factory =
			Timely { inner: proposer_factory, most: slot_duration.as_duration() / 2 };
		let aura = sc_consensus_aura::start_aura::<AuraPair, Block, _, _, _, _, _, _, _, _, _>(
			StartAuraParams {
				slot_duration,
				client: self.client,
				select_chain: self.select_chain,
				block_import: self.block_import,
				proposer_factory,
				create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
				force_authoring: self.force,
				// When finality lags, blocks slow down, so fewer are left to finalize or undo.
				backoff_authoring_blocks: Some(
					BackoffAuthoringOnFinalizedHeadLagging::<BlockNumber>::default(),
				),
				keystore: self.keystore,
				sync_oracle: self.sync.clone(),
				justification_sync_link: self.sync,
				block_proposal_slot_portion: SlotProportion::new(2f32 / 3f32),
				max_block_proposal_slot_portion: None,
				telemetry: self.telemetry,
				compatibility_mode: Default::default(),
			},
		)?;
		tasks.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
		Ok(())
	}
}
