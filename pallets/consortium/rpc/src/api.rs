//! The methods. Their documentation is what `openrpc.json` says of them.

use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use medblock_primitives::HospitalId;
use medblock_views::{Answer, BlockHash, Hospital, Page, PortalRelease};

/// The methods. `at` is a block hash, and the last finalized block if left out; `after` is `next` of
/// the page before, and the beginning if left out; `limit` is 1 to 256, and 64 if left out.
#[rpc(client, server)]
pub trait ConsortiumApi {
	/// Lists the hospitals in order of their ids, expelled ones included.
	#[method(name = "consortium_hospitals", blocking)]
	fn hospitals(
		&self,
		after: Option<HospitalId>,
		limit: Option<u32>,
		at: Option<BlockHash>,
	) -> RpcResult<Page<Hospital, HospitalId>>;

	/// Gives a hospital's entry.
	#[method(name = "consortium_hospital")]
	fn hospital(&self, hospital: HospitalId, at: Option<BlockHash>) -> RpcResult<Answer<Hospital>>;

	/// Gives the id of the hospital that authored the block, or `null` for the genesis.
	#[method(name = "consortium_author")]
	fn author(&self, at: Option<BlockHash>) -> RpcResult<Answer<Option<HospitalId>>>;

	/// Lists the peer ids, in base58, of the nodes that may take part in the network.
	#[method(name = "consortium_authorizedNodes", blocking)]
	fn authorized_nodes(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<String>>>;

	/// Lists the releases of the portal that hospitals may serve, the oldest first.
	///
	/// There are at most 16. The list is empty until the council has listed the first one.
	#[method(name = "consortium_portalReleases")]
	fn portal_releases(&self, at: Option<BlockHash>) -> RpcResult<Answer<Vec<PortalRelease>>>;
}
