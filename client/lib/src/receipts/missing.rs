//! What vaults gave to this account without a receipt, although the chain names the account that signs them.

use super::{Found, Lie};
use crate::{Result, chain::At, client::Client, notices::Notice, vault::Unreceipted};
use medblock_primitives::{HospitalId, Moment};
use std::collections::BTreeSet;

/// How long a vault may not know yet that the chain names its account, in milliseconds: it decides by a final block of the
/// last minute.
const UNAWARE: Moment = 75 * 1_000;

/// By how many blocks each look goes back.
const BACK: u32 = 32;

/// The most looks. Nodes and doors answer about the last 256 blocks.
const LOOKS: usize = 8;

impl Client {
	/// Asks the chain about what came without a receipt. Says so where one was owed, and keeps that.
	pub(super) async fn keep_unreceipted(&self) {
		let (mut owed, mut unknown) = (Vec::new(), Vec::new());
		for one in self.vaults.take_unreceipted() {
			match self.is_owed(&one).await {
				Ok(true) => owed.push(one),
				Ok(false) => (),
				Err(why) => {
					tracing::debug!("whether a receipt is owed can't be found out now: {why}");
					unknown.push(one);
				},
			}
		}
		let hospitals: BTreeSet<HospitalId> = owed.iter().map(|one| one.hospital).collect();
		for hospital in hospitals {
			tracing::warn!("the vault of hospital {hospital} gave something without a receipt");
			self.vaults.notices.tell(&Notice::NoReceipt { hospital });
		}
		if let Err(why) = self.receipts.miss(owed.clone()).await {
			tracing::warn!("what came without a receipt is not kept now: {why}");
			unknown.extend(owed);
		}
		self.vaults.return_unreceipted(unknown);
	}

	async fn is_owed(&self, one: &Unreceipted) -> Result<bool> {
		let hospital = one.hospital;
		if self.vaults.promises_none(hospital) {
			return Ok(false);
		}
		if self.log_of(hospital).await?.vault_account.is_none() {
			self.vaults.note_unpromised(hospital);
			return Ok(false);
		}
		let at = self.chain().finalized().await?;
		if at.patient_of(self.keys.account()).await? == Some(one.patient) {
			return Ok(false);
		}
		// A clock of this device that is ahead accuses no vault.
		let time = one.time.min(at.now().await?);
		self.was_named(hospital, time.saturating_sub(UNAWARE), at).await
	}

	/// Whether the chain named an account for a hospital's vault at a time before a final block.
	async fn was_named(&self, hospital: HospitalId, then: Moment, mut at: At) -> Result<bool> {
		for _ in 0..LOOKS {
			if at.now().await? <= then {
				return Ok(at.disclosure_log(hospital).await?.vault_account.is_some());
			}
			let Some(number) = at.number().checked_sub(BACK) else { break };
			let Some(before) = self.chain().at_number(number).await? else { break };
			at = before;
		}
		// The chain is younger, or this device's clock is wrong.
		Ok(false)
	}
}

/// What is kept, as contradictions of a hospital's vault.
pub(super) fn of(hospital: HospitalId, all: &[Unreceipted]) -> Vec<Found> {
	let own = all.iter().filter(|one| one.hospital == hospital);
	let found = |one: &Unreceipted| Found { receipt: None, why: Lie::NoReceipt { at: one.time } };
	own.map(found).collect()
}
