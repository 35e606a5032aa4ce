//! The time until an account with a spent allowance may send again.

use crate::{AccountId, At, Chain, Error, Reason, Result};
use codec::{Compact, Decode, DecodeAll, Encode};
use medblock_primitives::HospitalId;
use subxt::{dynamic::Value, ext::scale_value::At as _};

/// The code with which a node rejects an invalid transaction.
const INVALID: i32 = 1010;

/// The node's words for a transaction beyond the account's allowance, and for a registration that
/// does not fit into the next blocks. These words come from the SDK.
const EXHAUSTED: &str = "would exhaust the block limits";

/// Picoseconds of computation per unit, as in pallet-fair-use.
const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// The remaining allowance of an account, in units.
struct Remaining {
	left: u64,
	recovery: u64,
	capacity: u64,
}

impl Chain {
	/// The refusal. If it is about allowances, this chain's own explanation replaces the node's.
	pub(crate) async fn explained(
		&self,
		refused: Error,
		account: AccountId,
		transaction: &[u8],
	) -> Error {
		let exhausted = matches!(
			&refused,
			Error::NodeRefused { code: INVALID, why: Reason::Said(words), .. }
				if words.contains(EXHAUSTED)
		);
		if !exhausted {
			return refused;
		}
		// If this client finds no reason of its own, it keeps the node's.
		self.why_exhausted(account, transaction).await.unwrap_or(refused)
	}

	async fn why_exhausted(&self, account: AccountId, transaction: &[u8]) -> Result<Error> {
		let best = self.best().await?;
		if best.nonce(account).await? == 0 {
			return Ok(Error::TooManyNewcomers);
		}
		let Remaining { left, recovery, capacity } = best.remaining(account).await?;
		let cost = best.cost(transaction).await?;
		let missing = cost.saturating_sub(left);
		let blocks = missing.div_ceil(recovery.max(1));
		let seconds = blocks.saturating_mul(best.slot_milliseconds().await?).div_ceil(1_000);
		Ok(Error::AllowanceSpent { left, capacity, seconds })
	}
}

impl At {
	/// Whether a hospital sponsors an account that has not registered with it yet.
	pub async fn is_sponsored(&self, account: AccountId, hospital: HospitalId) -> Result<bool> {
		let client = self.described().await?;
		let key = vec![Value::from_bytes(account.0), Value::u128(hospital.0.into())];
		let found: Option<()> = self.stored(&client, "FairUse", "Sponsorships", key).await?;
		Ok(found.is_some())
	}

	async fn remaining(&self, account: AccountId) -> Result<Remaining> {
		let strange = || self.rpc.incomprehensible("allowance");
		let function = subxt::view_functions::dynamic::<_, Value>(
			"FairUse",
			"remaining",
			(Value::from_bytes(account.0),),
		);
		let client = self.described().await?;
		let value = self.rpc.within(client.view_functions().call(function)).await?;
		let field = |name: &str| {
			let found = value.at(name).and_then(|one| one.as_u128());
			found.and_then(|number| u64::try_from(number).ok()).ok_or_else(strange)
		};
		Ok(Remaining {
			left: field("left")?,
			recovery: field("recovery")?,
			capacity: field("capacity")?,
		})
	}

	/// The units that a signed transaction takes.
	async fn cost(&self, transaction: &[u8]) -> Result<u64> {
		#[derive(Decode)]
		struct DispatchInfo {
			computation: Compact<u64>,
			_proof: Compact<u64>,
			_class: u8,
			_fee: u128,
		}
		let length = u32::try_from(transaction.len()).unwrap_or(u32::MAX);
		let mut arguments = transaction.to_vec();
		length.encode_to(&mut arguments);
		let answer =
			self.rpc.call("TransactionPaymentApi_query_info", &arguments, self.hash()).await?;
		let info = DispatchInfo::decode_all(&mut &answer[..])
			.map_err(|_| self.rpc.incomprehensible("weight"))?;
		let computation = info.computation.0 / PICOSECONDS_PER_UNIT;
		Ok(computation.saturating_add(length.into()))
	}

	async fn slot_milliseconds(&self) -> Result<u64> {
		self.ask("AuraApi_slot_duration", ()).await
	}
}
