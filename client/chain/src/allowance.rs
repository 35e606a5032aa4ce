//! The time until an account with a spent allowance may send again.

use crate::{
	AccountId, At, Chain, Error, Reason, Result, call::Funds, shape::Checked, submit::Sent,
};
use codec::{Compact, Decode, DecodeAll, Encode, Input};
use medblock_primitives::HospitalId;
use subxt::{
	dynamic::Value,
	ext::{
		scale_decode::DecodeAsType,
		scale_value::{At as _, ValueDef},
	},
};

/// The code with which a node rejects an invalid transaction.
const INVALID: i32 = 1010;

/// The node's words for a transaction beyond the account's allowance, and for a registration that
/// does not fit into the next blocks. These words come from the SDK.
const EXHAUSTED: &str = "would exhaust the block limits";

/// Picoseconds of computation per unit, as in pallet-fair-use.
const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// The runtime's function that asks view functions, by their ids and encoded arguments.
const VIEW: &str = "RuntimeViewFunction_execute_view_function";

/// A view function's refusal. Its reason is not read.
struct NotGiven;

impl Decode for NotGiven {
	fn decode<I: Input>(_: &mut I) -> std::result::Result<Self, codec::Error> {
		Ok(Self)
	}
}

/// What is left of an allowance, in units.
#[derive(Clone, Copy)]
struct Remaining {
	left: u64,
	/// The units used beyond the allowance, which come back before any is left.
	debt: u64,
	capacity: u64,
	/// The seconds in which an empty allowance becomes full.
	refill: u64,
	units_per_byte: u64,
	/// Whether it is a hospital's, which all who act for it share.
	is_shared: bool,
	/// Whether a call that certainly undoes something may take what is not left, until the debt is a full allowance.
	may_owe: bool,
}

impl Remaining {
	/// The seconds until a transaction can be sent that takes this much, with those before it.
	fn wait_for(&self, cost: u64) -> u64 {
		let missing = match self.may_owe && self.debt >= self.capacity {
			true => u128::from(self.debt.saturating_sub(self.capacity)).saturating_add(1),
			false => {
				let needed = u128::from(cost).saturating_add(self.debt.into());
				needed.saturating_sub(self.left.into())
			},
		};
		let seconds = missing.saturating_mul(self.refill.into());
		let seconds = seconds.div_ceil(u128::from(self.capacity).max(1));
		u64::try_from(seconds).unwrap_or(u64::MAX)
	}

	/// Fails if a transaction can't be sent now that takes this much.
	fn ensure(&self, cost: u64) -> Result<()> {
		match self.wait_for(cost) {
			0 => Ok(()),
			seconds => {
				let Self { left, capacity, is_shared, .. } = *self;
				Err(Error::AllowanceSpent { left, capacity, seconds, is_shared })
			},
		}
	}
}

/// What a transaction takes, together with those of its account that wait before it: the chain takes these for as large.
fn with_waiting(cost: u64, nonce: u64, next: u64) -> u64 {
	cost.saturating_mul(nonce.saturating_sub(next).saturating_add(1))
}

impl Chain {
	/// The refusal. If it is about allowances, this chain's own explanation replaces the node's.
	pub(crate) async fn explained(&self, refused: Error, sent: &Sent) -> Error {
		let exhausted = matches!(
			&refused,
			Error::NodeRefused { code: INVALID, why: Reason::Said(words), .. }
				if words.contains(EXHAUSTED)
		);
		if !exhausted {
			return refused;
		}
		// If this client finds no reason of its own, it keeps the node's.
		self.why_exhausted(sent).await.unwrap_or(refused)
	}

	async fn why_exhausted(&self, sent: &Sent) -> Result<Error> {
		let best = self.best().await?;
		let next = best.nonce(sent.account).await?;
		if next == 0 {
			return Ok(Error::TooManyNewcomers);
		}
		let remaining = best.remaining(sent.account, sent.funds).await?;
		let cost = best.cost(&sent.transaction, remaining.units_per_byte).await?;
		let seconds = remaining.wait_for(with_waiting(cost, sent.nonce, next));
		let Remaining { left, capacity, is_shared, .. } = remaining;
		Ok(Error::AllowanceSpent { left, capacity, seconds, is_shared })
	}
}

impl At {
	/// Whether a hospital sponsors an account that has not registered with it yet.
	pub async fn is_sponsored(&self, account: AccountId, hospital: HospitalId) -> Result<bool> {
		let client = self.described().await?;
		let hospital = || Value::u128(hospital.0.into());
		let key = vec![Value::from_bytes(account.0), hospital()];
		let then: Option<u32> = self.stored(&client, "FairUse", "Sponsorships", key).await?;
		let Some(then) = then else { return Ok(false) };
		// A hospital that was expelled, and has come back, sponsors none of the accounts from before.
		let key = vec![hospital()];
		let now: Option<u32> = self.stored(&client, "FairUse", "Departures", key).await?;
		Ok(then == now.unwrap_or_default())
	}

	/// Fails if what pays for a transaction does not suffice at this block.
	pub(crate) async fn ensure_afforded(
		&self,
		account: AccountId,
		funds: Funds,
		transaction: &[u8],
	) -> Result<()> {
		let remaining = self.remaining(account, funds).await?;
		let cost = self.cost(transaction, remaining.units_per_byte).await?;
		remaining.ensure(cost)
	}

	/// What is left of what pays for a call.
	async fn remaining(&self, account: AccountId, funds: Funds) -> Result<Remaining> {
		let strange = || self.rpc.incomprehensible("allowance");
		let client = self.described().await?;
		let metadata = client.metadata_ref();
		let function = metadata
			.pallet_by_name("FairUse")
			.and_then(|pallet| pallet.view_function_by_name("remaining"))
			.ok_or_else(strange)?;
		// Not by subxt's own view functions: up to 0.50, they leave out the length before the arguments, and hold the answer
		// for the value itself.
		let arguments = (function.query_id(), account.0.to_vec()).encode();
		let answer = self.rpc.call(VIEW, &arguments, self.hash()).await?;
		let given: std::result::Result<Vec<u8>, NotGiven> =
			Decode::decode(&mut &answer[..]).map_err(|_| strange())?;
		let given = given.map_err(|_| strange())?;
		let value =
			Checked::decode_as_type(&mut &given[..], function.output_ty(), metadata.types());
		let Checked(value) = value.map_err(|_| strange())?;
		let field = |path: &[&str]| {
			let found = path.iter().try_fold(&value, |found, name| found.at(*name));
			found.and_then(|one| one.as_u128()).and_then(|number| u64::try_from(number).ok())
		};
		let known = |path: &[&str]| field(path).ok_or_else(strange);
		// Runtimes of the last release tell neither debts nor the own allowance.
		let or_before =
			|now: &[&str], before: &[&str]| field(now).map_or_else(|| known(before), Ok);
		let units_per_byte = known(&["units_per_byte"])?;
		let is_staff = matches!(
			value.at("hospital").map(|found| &found.value),
			Some(ValueDef::Variant(variant)) if variant.name == "Some"
		);
		Ok(match funds {
			Funds::Allowance => Remaining {
				left: known(&["left"])?,
				debt: field(&["debt"]).unwrap_or_default(),
				capacity: known(&["capacity"])?,
				refill: known(&["refill"])?,
				units_per_byte,
				is_shared: is_staff,
				may_owe: false,
			},
			Funds::Reserve | Funds::Debt => Remaining {
				left: known(&["left_for_revocation"])?,
				debt: field(&["debt_for_revocation"]).unwrap_or_default(),
				capacity: or_before(&["own", "capacity"], &["capacity"])?,
				refill: or_before(&["own", "refill"], &["refill"])?,
				units_per_byte,
				is_shared: false,
				may_owe: funds == Funds::Debt,
			},
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

	fn patients(left: u64, debt: u64) -> Remaining {
		Remaining {
			left,
			debt,
			capacity: 3_600_000,
			refill: 259_200,
			units_per_byte: 8,
			is_shared: false,
			may_owe: false,
		}
	}

	#[test]
	fn wait_goes_by_the_time_in_which_an_allowance_refills() {
		let left = |left| patients(left, 0);
		assert_eq!(left(4_000).wait_for(4_000), 0);
		assert_eq!(left(3_999).wait_for(4_000), 1);
		assert_eq!(left(0).wait_for(4_000), 288);
		assert_eq!(left(0).wait_for(3_600_000), 259_200);
		// A hospital's, in which products leave 64 bits.
		let hospital = Remaining {
			capacity: 6_000_000_000,
			refill: 5_184_000,
			is_shared: true,
			..patients(0, 0)
		};
		assert_eq!(hospital.wait_for(6_000_000_000), 5_184_000);
		assert_eq!(hospital.wait_for(u64::MAX), 15_937_986_879_685_053);
		assert_eq!(Remaining { capacity: 0, ..hospital }.wait_for(1), 5_184_000);
	}

	/// The client told a minute, and the chain went on to refuse for days.
	#[test]
	fn wait_includes_the_time_in_which_a_debt_is_repaid() {
		assert_eq!(patients(0, 3_600_000).wait_for(4_000), 259_200 + 288);
		assert_eq!(patients(0, 1).wait_for(0), 1);
		assert_eq!(patients(0, u64::MAX).wait_for(u64::MAX), 2_656_331_146_614_175_433);
	}

	/// Gigabytes were encrypted and sent for a transaction that was refused then.
	#[test]
	fn spent_allowance_is_known_before_anything_is_sent() {
		assert!(patients(4_000, 0).ensure(4_000).is_ok());
		for short in [patients(3_999, 0), patients(4_000, 1), patients(0, 3_600_000)] {
			let refused = short.ensure(4_000);
			assert!(
				matches!(refused, Err(Error::AllowanceSpent { seconds: 1.., .. })),
				"{refused:?}"
			);
		}
	}

	/// Further debt is refused once it is a full allowance, to staff alone, and not until all of it is repaid.
	#[test]
	fn what_undoes_waits_until_the_debt_is_below_a_full_allowance() {
		let undoing = |debt| Remaining { may_owe: true, ..patients(0, debt) }.wait_for(4_000);
		assert_eq!(undoing(3_600_000), 1);
		assert_eq!(undoing(3_600_000 + 4_000), 289);
		// Refused below that, it does not certainly undo something, and draws on the reserve as others do.
		assert_eq!(undoing(3_599_999), 259_200 + 288);
		assert_eq!(undoing(0), 288);
	}

	#[test]
	fn transactions_that_wait_before_it_count() {
		assert_eq!(with_waiting(300, 7, 7), 300);
		assert_eq!(with_waiting(300, 9, 7), 900);
		assert_eq!(with_waiting(300, 6, 7), 300, "a block has come meanwhile");
		assert_eq!(with_waiting(u64::MAX, 9, 7), u64::MAX);
	}
}
