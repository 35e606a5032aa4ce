//! What vaults gave to this account without a receipt, although the chain names the account that signs them.

use super::{Found, Lie, Taken};
use crate::{
	Result,
	chain::At,
	client::Client,
	notices::Notice,
	vault::{Unreceipted, Vaults},
};
use medblock_primitives::{HospitalId, Moment, PatientId};
use std::collections::{BTreeSet, HashMap};

/// How long a vault may not know yet that the chain names its account, in milliseconds: it decides by a final block of the
/// last minute.
const UNAWARE: Moment = 75 * 1_000;

/// What counts as given together: a long listing may come piece by piece, and the earliest of them answers for the others.
type Alike = (HospitalId, PatientId, Moment);

/// The length of the times in which things count as given together, in milliseconds.
const ALIKE: Moment = 60 * 1_000;

/// By how many blocks each look goes back.
const BACK: u32 = 32;

/// The most looks. Nodes and doors answer about the last 256 blocks.
const LOOKS: usize = 8;

impl Client {
	/// Asks the chain about what came without a receipt. Says so where one was owed, and keeps that.
	pub(super) async fn keep_unreceipted(&self) {
		let vaults = &*self.vaults;
		let mut all = Taken {
			vaults,
			left: vaults.take_unreceipted(),
			give_back: Vaults::return_unreceipted,
		};
		all.left.sort_by_key(|one| one.time);
		let mut known: HashMap<Alike, Option<bool>> = HashMap::new();
		for one in &all.left {
			let before = known.get(&alike(one)).copied();
			let found = match before {
				Some(found) => found,
				None => self.is_owed_if_known(one).await,
			};
			known.insert(alike(one), found);
		}
		let found = |one: &Unreceipted| known.get(&alike(one)).copied().flatten();
		all.left.retain(|one| found(one) != Some(false));
		let owed: Vec<Unreceipted> =
			all.left.iter().filter(|one| found(one) == Some(true)).cloned().collect();
		let hospitals: BTreeSet<HospitalId> = owed.iter().map(|one| one.hospital).collect();
		for hospital in hospitals {
			tracing::warn!("the vault of hospital {hospital} gave something without a receipt");
			vaults.notices.tell(&Notice::NoReceipt { hospital });
		}
		match self.receipts.miss(owed).await {
			Ok(()) => all.left.retain(|one| found(one).is_none()),
			Err(why) => tracing::warn!("what came without a receipt is not kept now: {why}"),
		}
	}

	async fn is_owed_if_known(&self, one: &Unreceipted) -> Option<bool> {
		match self.is_owed(one).await {
			Ok(is_owed) => Some(is_owed),
			Err(why) => {
				tracing::debug!("whether a receipt is owed can't be found out now: {why}");
				None
			},
		}
	}

	async fn is_owed(&self, one: &Unreceipted) -> Result<bool> {
		let (hospital, patient) = (one.hospital, one.patient);
		if self.vaults.promises_none(hospital) || self.vaults.is_own(patient) {
			return Ok(false);
		}
		let at = self.chain().finalized().await?;
		if self.is_own_in(patient, &at).await? {
			self.vaults.note_own(patient);
			return Ok(false);
		}
		if self.log_of(hospital).await?.vault_account.is_none() {
			self.vaults.note_unpromised(hospital);
			return Ok(false);
		}
		// A clock of this device that is ahead accuses no vault.
		let time = one.time.min(at.now().await?);
		self.was_owed(one, time.saturating_sub(UNAWARE), at).await
	}

	/// Whether the chain named an account for the vault at a time before a final block, and the reader was not the patient.
	async fn was_owed(&self, one: &Unreceipted, then: Moment, mut at: At) -> Result<bool> {
		for _ in 0..LOOKS {
			if at.now().await? <= then {
				// The patient may have another account by now.
				let is_own = self.is_own_in(one.patient, &at).await?;
				let found = at.disclosure_log(one.hospital).await?;
				return Ok(!is_own && found.vault_account.is_some());
			}
			let Some(number) = at.number().checked_sub(BACK) else { break };
			let Some(before) = self.chain().at_number(number).await? else { break };
			at = before;
		}
		// The chain is younger, or this device's clock is wrong.
		Ok(false)
	}

	/// Whether a chart is the account's own in the state of a block.
	async fn is_own_in(&self, patient: PatientId, at: &At) -> Result<bool> {
		Ok(at.patient_of(self.keys.account()).await? == Some(patient))
	}
}

fn alike(one: &Unreceipted) -> Alike {
	(one.hospital, one.patient, one.time / ALIKE)
}

/// What is kept, as contradictions of a hospital's vault.
pub(super) fn of(hospital: HospitalId, all: &[Unreceipted]) -> Vec<Found> {
	let own = all.iter().filter(|one| one.hospital == hospital);
	let found = |one: &Unreceipted| Found { receipt: None, why: Lie::NoReceipt { at: one.time } };
	own.map(found).collect()
}
