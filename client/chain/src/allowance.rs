//! The time until an account with a spent allowance may send again.

use crate::{AccountId, At, Chain, Error, Reason, Result};
use codec::{Compact, Decode, DecodeAll, Encode};
use medblock_primitives::HospitalId;
use subxt::{
	dynamic::Value,
	ext::scale_value::{At as _, ValueDef},
};

/// The code with which a node rejects an invalid transaction.
const INVALID: i32 = 1010;

/// The node's words for a transaction beyond the account's allowance, and for a registration that
/// does not fit into the next blocks. These words come from the SDK.
const EXHAUSTED: &str = "would exhaust the block limits";

/// Picoseconds of computation per unit, as in pallet-fair-use.
const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// The remaining allowance of an account, or of the hospital that pays for it, in units.
struct Remaining {
	left: u64,
	capacity: u64,
	/// The seconds in which an empty allowance becomes full.
	refill: u64,
	units_per_byte: u64,
	/// Whether all who act for a hospital share it.
	is_shared: bool,
}

impl Remaining {
	/// The seconds until a transaction of this cost can be sent.
	fn wait_for(&self, cost: u64) -> u64 {
		let missing = u128::from(cost.saturating_sub(self.left));
		let seconds = missing.saturating_mul(self.refill.into());
		let seconds = seconds.div_ceil(u128::from(self.capacity).max(1));
		u64::try_from(seconds).unwrap_or(u64::MAX)
	}
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
		let remaining = best.remaining(account).await?;
		let cost = best.cost(transaction, remaining.units_per_byte).await?;
		let seconds = remaining.wait_for(cost);
		let Remaining { left, capacity, is_shared, .. } = remaining;
		Ok(Error::AllowanceSpent { left, capacity, seconds, is_shared })
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
			capacity: field("capacity")?,
			refill: field("refill")?,
			units_per_byte: field("units_per_byte")?,
			is_shared: matches!(
				value.at("hospital").map(|found| &found.value),
				Some(ValueDef::Variant(variant)) if variant.name == "Some"
			),
		})
	}

	/// The units that a signed transaction takes.
	async fn cost(&self, transaction: &[u8], units_per_byte: u64) -> Result<u64> {
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
		let bytes = u64::from(length).saturating_mul(units_per_byte);
		Ok(computation.saturating_add(bytes))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn wait_goes_by_the_time_in_which_an_allowance_refills() {
		let left = |left| Remaining {
			left,
			capacity: 3_600_000,
			refill: 259_200,
			units_per_byte: 8,
			is_shared: false,
		};
		assert_eq!(left(4_000).wait_for(4_000), 0);
		assert_eq!(left(3_999).wait_for(4_000), 1);
		assert_eq!(left(0).wait_for(4_000), 288);
		assert_eq!(left(0).wait_for(3_600_000), 259_200);
		// A hospital's, in which products leave 64 bits.
		let hospital = Remaining {
			left: 0,
			capacity: 6_000_000_000,
			refill: 5_184_000,
			units_per_byte: 8,
			is_shared: true,
		};
		assert_eq!(hospital.wait_for(6_000_000_000), 5_184_000);
		assert_eq!(hospital.wait_for(u64::MAX), 15_937_986_879_685_053);
		assert_eq!(Remaining { capacity: 0, ..hospital }.wait_for(1), 5_184_000);
	}
}
