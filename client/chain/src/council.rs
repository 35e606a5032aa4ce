//! The council's motions, and its pending decisions.

use crate::{
	AccountId, At, Decoded, Error, Result,
	call::{EncodedCall, Weight},
};
use codec::{Decode, DecodeAll};
use medblock_primitives::{HospitalId, Moment, PortalRelease};
use subxt::{
	SubstrateConfig,
	client::{ClientAtBlock, OnlineClientAtBlockImpl},
	config::{Hasher, substrate::BlakeTwo256},
	ext::scale_value::Value,
	storage::dynamic,
	utils::H256,
};

/// A call on which the council votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
	/// The motion's number, which is 0 for the chain's first motion.
	pub number: u32,
	/// The hash of the call. Members vote on this hash.
	pub hash: H256,
	/// The encoded call.
	pub call: Vec<u8>,
	/// The decoded call, or nothing if the runtime can't read it any more.
	pub decoded: Option<Decoded>,
	/// The number of votes that it needs.
	pub threshold: u32,
	/// The members who voted for it.
	pub ayes: Vec<AccountId>,
	/// The members who voted against it.
	pub nays: Vec<AccountId>,
	/// The block in which the vote ends.
	pub end: u32,
}

/// A decision of the council that has to wait before it can be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
	/// The decision's number.
	pub number: u32,
	/// The decoded call, or nothing if the runtime can't read it any more.
	pub decoded: Option<Decoded>,
	/// The first block in which it may be carried out.
	pub due: u32,
	/// The time from which on it may no longer be carried out.
	pub void_at: Moment,
}

#[derive(Decode)]
struct Votes {
	number: u32,
	threshold: u32,
	ayes: Vec<AccountId>,
	nays: Vec<AccountId>,
	end: u32,
}

#[derive(Decode)]
struct Pending {
	call: Vec<u8>,
	due: u32,
	void_at: Moment,
}

/// More motions, and more pending decisions, than the runtime lets there be.
const MOST: usize = 1_024;

type Client = ClientAtBlock<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

impl At {
	/// The accounts of the council's members: the controllers of all active hospitals.
	pub async fn council(&self) -> Result<Vec<AccountId>> {
		let client = self.described().await?;
		Ok(self.stored(&client, "Council", "Members", Vec::new()).await?.unwrap_or_default())
	}

	/// Every open motion, the oldest first.
	pub async fn motions(&self) -> Result<Vec<Motion>> {
		let client = self.described().await?;
		let hashes: Vec<H256> =
			self.stored(&client, "Council", "Proposals", Vec::new()).await?.unwrap_or_default();
		if hashes.len() > MOST {
			return Err(self.endless("motions"));
		}
		let mut motions = Vec::new();
		for hash in hashes {
			let Some(votes) = self.under::<Votes>(&client, "Voting", hash).await? else { continue };
			let Some(call) = self.bytes(&client, "Council", "ProposalOf", key(hash)).await? else {
				continue;
			};
			// Members vote on the hash. This check exposes a node that shows another call under it.
			if blake2_256(&call) != hash {
				return Err(self.rpc.incomprehensible("a motion's call"));
			}
			let Votes { number, threshold, ayes, nays, end } = votes;
			let decoded = Decoded::of(&call, client.metadata_ref());
			motions.push(Motion { number, hash, call, decoded, threshold, ayes, nays, end });
		}
		motions.sort_by_key(|motion| motion.number);
		Ok(motions)
	}

	/// The pending decisions, in order of their numbers.
	pub async fn waiting(&self) -> Result<Vec<Waiting>> {
		let client = self.described().await?;
		let address = dynamic::<Vec<Value>, Value>("Consortium", "PendingEnactments");
		let storage = client.storage();
		let entry = storage.entry(address).map_err(|why| Error::refused(self.rpc.url(), why))?;
		let mut entries = self.rpc.within(entry.iter(Vec::<Value>::new())).await?;
		let mut waiting = Vec::new();
		let mut next = async || self.rpc.within(async { entries.next().await.transpose() }).await;
		while let Some(found) = next().await? {
			if waiting.len() >= MOST {
				return Err(self.endless("pending decisions"));
			}
			// The map's key ends with the number itself.
			let number = found.key_bytes().last_chunk::<4>().copied().map(u32::from_le_bytes);
			let number = number.ok_or_else(|| self.rpc.incomprehensible("waiting decisions"))?;
			let Pending { call, due, void_at } = Pending::decode_all(&mut found.value().bytes())
				.map_err(|_| self.rpc.incomprehensible("waiting decisions"))?;
			let decoded = Decoded::of(&call, client.metadata_ref());
			waiting.push(Waiting { number, decoded, due, void_at });
		}
		waiting.sort_by_key(|one| one.number);
		Ok(waiting)
	}

	/// The hash of the runtime that may be put in force now.
	pub async fn authorized_upgrade(&self) -> Result<Option<H256>> {
		let client = self.described().await?;
		let found: Option<(H256, bool)> =
			self.stored(&client, "System", "AuthorizedUpgrade", Vec::new()).await?;
		Ok(found.map(|(hash, _)| hash))
	}

	/// The time from which on that runtime may no longer be put in force. Earlier runtimes set none.
	pub async fn upgrade_void_at(&self) -> Result<Option<Moment>> {
		let client = self.described().await?;
		let address = dynamic::<Vec<Value>, Value>("Consortium", "UpgradeVoidAt");
		if client.storage().entry(address).is_err() {
			return Ok(None);
		}
		self.stored(&client, "Consortium", "UpgradeVoidAt", Vec::new()).await
	}

	/// Decodes a call, by this block's runtime.
	pub async fn decoded(&self, call: &[u8]) -> Result<Option<Decoded>> {
		Ok(Decoded::of(call, self.described().await?.metadata_ref()))
	}

	/// The hospital on behalf of which a node may connect: the one whose seat account owns the
	/// node.
	pub async fn node_owner(&self, node: &[u8]) -> Result<Option<HospitalId>> {
		let client = self.described().await?;
		let key = vec![Value::unnamed_composite([Value::from_bytes(node)])];
		let owner: Option<AccountId> =
			self.stored(&client, "NodeAuthorization", "Owners", key).await?;
		let Some(owner) = owner else { return Ok(None) };
		let hospitals = self.hospitals().await?;
		Ok(hospitals.into_iter().find(|one| one.seat_account == owner).map(|one| one.id))
	}

	/// The hospital that authored this block.
	pub async fn author(&self) -> Result<Option<HospitalId>> {
		self.ask("ConsortiumApi_author", ()).await
	}

	/// The nodes that may connect, by the bytes of their peer ids.
	pub async fn authorized_nodes(&self) -> Result<Vec<Vec<u8>>> {
		self.ask("ConsortiumApi_authorized_nodes", ()).await
	}

	/// The releases of the portal that hospitals may serve, the oldest first. None until the council
	/// has listed the first one.
	pub async fn portal_releases(&self) -> Result<Vec<PortalRelease>> {
		self.ask("ConsortiumApi_portal_releases", ()).await
	}

	/// The id for the next admitted hospital.
	pub async fn next_hospital(&self) -> Result<HospitalId> {
		let client = self.described().await?;
		let next = self.stored(&client, "Consortium", "NextHospital", Vec::new()).await?;
		Ok(next.unwrap_or_default())
	}

	/// The weight of a call.
	pub async fn weight_of(&self, call: &[u8]) -> Result<Weight> {
		let length = u32::try_from(call.len()).unwrap_or(u32::MAX);
		let arguments = (EncodedCall(call.to_vec()), length);
		// Weight, class, fee.
		let (weight, _, _): (Weight, u8, u128) =
			self.ask("TransactionPaymentCallApi_query_call_info", arguments).await?;
		Ok(weight)
	}

	fn endless(&self, of: &'static str) -> Error {
		Error::Endless { url: self.rpc.url().to_owned(), of }
	}

	/// This block, with its runtime's metadata.
	pub(crate) async fn described(&self) -> Result<Client> {
		self.rpc.within(self.client.at_block(self.hash())).await
	}

	async fn bytes(
		&self,
		client: &Client,
		pallet: &str,
		item: &str,
		key: Vec<Value>,
	) -> Result<Option<Vec<u8>>> {
		let refused = |why: &dyn std::fmt::Display| Error::refused(self.rpc.url(), why);
		let address = dynamic::<Vec<Value>, Value>(pallet, item);
		let entry = client.storage().entry(address).map_err(|why| refused(&why))?;
		let key = entry.fetch_key(key).map_err(|why| refused(&why))?;
		self.rpc.storage(&key, self.hash()).await
	}

	pub(crate) async fn stored<T: Decode>(
		&self,
		client: &Client,
		pallet: &str,
		item: &'static str,
		key: Vec<Value>,
	) -> Result<Option<T>> {
		let Some(bytes) = self.bytes(client, pallet, item, key).await? else { return Ok(None) };
		let value = T::decode_all(&mut &bytes[..]).map_err(|_| self.rpc.incomprehensible(item))?;
		Ok(Some(value))
	}

	async fn under<T: Decode>(
		&self,
		client: &Client,
		item: &'static str,
		hash: H256,
	) -> Result<Option<T>> {
		self.stored(client, "Council", item, key(hash)).await
	}
}

fn key(hash: H256) -> Vec<Value> {
	vec![Value::from_bytes(hash.0)]
}

/// The hash by which the chain identifies calls and runtimes.
pub fn blake2_256(bytes: &[u8]) -> H256 {
	BlakeTwo256.hash(bytes)
}
