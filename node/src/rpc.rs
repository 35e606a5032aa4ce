//! The node's JSON-RPC methods, besides the SDK's own.

mod apart;

use crate::{
	parts::{Backend, Client, Link},
	pool::Pool,
};
use apart::apart;
use jsonrpsee::RpcModule;
use medblock_runtime::{BlockNumber, Hash, OpaqueBlock as Block};
use pallet_consortium_rpc::{Consortium, ConsortiumApiServer};
use pallet_delegation_rpc::{Delegation, DelegationApiServer};
use pallet_medical_records_rpc::{
	Discover, DiscoveryServer, Inbox, MedicalRecords, MedicalRecordsApiServer,
};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::error::Error as ServiceError;
use std::{
	error::Error,
	sync::{Arc, OnceLock},
};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// The sources of GRANDPA's methods.
#[derive(Clone)]
pub struct Finality {
	voter_state: SharedVoterState,
	authority_set: SharedAuthoritySet<Hash, BlockNumber>,
	justifications: GrandpaJustificationStream<Block>,
	proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

impl Finality {
	/// The sources that are the database, and GRANDPA's link to it.
	pub fn new(backend: Arc<Backend>, link: &Link, voter_state: SharedVoterState) -> Self {
		let authority_set = link.shared_authority_set().clone();
		let justifications = link.justification_stream();
		let proofs = FinalityProofProvider::new_for_service(backend, Some(authority_set.clone()));
		Self { voter_state, authority_set, justifications, proofs }
	}
}

/// A builder of the methods. The SDK calls it twice: for the server, and for use within the process.
type Builder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, ServiceError>>;

/// The builder of all of our methods.
pub fn builder(client: Arc<Client>, pool: Arc<Pool>, finality: Finality) -> Builder {
	// Both uses share one inbox.
	let inbox = OnceLock::new();
	Box::new(move |executor| {
		let inbox = inbox.get_or_init(|| Inbox::start(client.clone(), executor.clone()));
		let (client, pool, inbox) = (client.clone(), pool.clone(), inbox.clone());
		module(client, pool, finality.clone(), executor, inbox).map_err(Into::into)
	})
}

fn module(
	client: Arc<Client>,
	pool: Arc<Pool>,
	finality: Finality,
	executor: SubscriptionTaskExecutor,
	inbox: Arc<Inbox<Client, Block>>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
	let mut module = RpcModule::new(());
	module.merge(apart(System::new(client.clone(), pool).into_rpc(), &executor)?)?;
	module.merge(apart(TransactionPayment::new(client.clone()).into_rpc(), &executor)?)?;
	module.merge(Consortium::<_, Block>::new(client.clone()).into_rpc())?;
	module.merge(Delegation::<_, Block>::new(client.clone()).into_rpc())?;
	module.merge(MedicalRecords::new(client, inbox).into_rpc())?;
	module.merge(Discover.into_rpc())?;
	let Finality { voter_state, authority_set, justifications, proofs } = finality;
	module.merge(
		Grandpa::new(executor, authority_set, voter_state, justifications, proofs).into_rpc(),
	)?;
	Ok(module)
}
