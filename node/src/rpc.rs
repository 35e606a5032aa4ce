//! What the node serves over JSON-RPC besides the SDK's own methods.

use jsonrpsee::RpcModule;
use medblock_runtime::{AccountId, Balance, BlockNumber, Hash, Nonce, OpaqueBlock as Block};
use pallet_consortium_rpc::{Consortium, ConsortiumApiServer, ConsortiumRuntimeApi};
use pallet_medical_records_rpc::{
	Discover, DiscoveryServer, Inbox, MedicalRecords, MedicalRecordsApiServer,
	MedicalRecordsRuntimeApi,
};
use pallet_transaction_payment_rpc::{
	TransactionPayment, TransactionPaymentApiServer, TransactionPaymentRuntimeApi,
};
use sc_client_api::BlockchainEvents;
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{AccountNonceApi, System, SystemApiServer};

/// What GRANDPA's methods answer from.
pub struct Finality<B> {
	pub voter_state: SharedVoterState,
	pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
	pub justifications: GrandpaJustificationStream<Block>,
	pub executor: SubscriptionTaskExecutor,
	pub proofs: Arc<FinalityProofProvider<B, Block>>,
}

/// All of our methods.
pub fn module<C, P, B>(
	client: Arc<C>,
	pool: Arc<P>,
	finality: Finality<B>,
	inbox: Arc<Inbox<C, Block>>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ HeaderMetadata<Block, Error = BlockChainError>
		+ BlockchainEvents<Block>
		+ Send
		+ Sync
		+ 'static,
	C::Api: AccountNonceApi<Block, AccountId, Nonce>
		+ TransactionPaymentRuntimeApi<Block, Balance>
		+ ConsortiumRuntimeApi<Block, AccountId>
		+ MedicalRecordsRuntimeApi<Block, AccountId>
		+ BlockBuilder<Block>,
	P: TransactionPool<Block = Block> + 'static,
	B: sc_client_api::Backend<Block> + 'static,
{
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Consortium::<_, Block>::new(client.clone()).into_rpc())?;
	module.merge(MedicalRecords::new(client, inbox).into_rpc())?;
	module.merge(Discover.into_rpc())?;
	let Finality { voter_state, authority_set, justifications, executor, proofs } = finality;
	module.merge(
		Grandpa::new(executor, authority_set, voter_state, justifications, proofs).into_rpc(),
	)?;
	Ok(module)
}
