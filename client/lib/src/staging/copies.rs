//! Copies of ciphertext that the chain names and a vault has, kept here until there is a second one: at another vault, or in
//! a back-up.
//!
//! A vault may lose what it has, and be restored from a back-up that is older. What was sent since is nowhere else
//! then, unless the patient has a mirror.

use super::Settled;
use crate::{
	Error, Result,
	chain::At,
	client::Client,
	outbox::Kept,
	records::{self, AT_ONCE, Named},
	vault::{self, Item, Progress, Upload},
};
use futures::{StreamExt, stream};
use medblock_platform::clock;
use medblock_primitives::*;
use std::collections::BTreeSet;

/// How long a copy is kept at most, in milliseconds of the chain's time. A vault whose administrators say nothing of
/// back-ups has made one by then, and a device has room for other things.
const LONGEST: Moment = 30 * 24 * 60 * 60 * 1_000;
/// How long a copy is kept that the final block does not name, in milliseconds: the call was perhaps not final yet.
const UNNAMED: Moment = 60 * 60 * 1_000;

/// The outcome of repairing a chart.
#[derive(Debug, Default)]
pub struct Repaired {
	/// The number of files that a vault had lost, and has now.
	pub sent: usize,
	/// The number of files that could not be sent.
	pub waiting: usize,
	/// The reason for that.
	pub problem: Option<Error>,
	/// What the chart names, no vault has, and this device can't send.
	pub lost: Vec<Item>,
	/// The number of documents of which that is not known, since a vault could not be asked.
	pub unknown: usize,
}

/// What is known of a copy's document.
enum Looked {
	/// The chart does not name it any more, or there are other copies enough.
	Needless,
	/// Only its vault has it.
	Needed,
	/// Its vault lacked it, and has it now.
	Sent,
}

impl Client {
	/// Keeps ciphertext that its vault has, as a copy.
	pub(super) async fn keep_copy(
		&self,
		name: &str,
		patient: PatientId,
		item: Item,
		digest: &[u8; 32],
	) {
		let kept = match self.outbox.lasts() {
			true => {
				let since = match self.now().await {
					Ok(since) => since,
					Err(_) => clock::now(),
				};
				let copy = self.outbox.kept(patient, item, digest, since);
				self.outbox.rename(name, &copy).await
			},
			// It would only fill the memory.
			false => self.outbox.forget(name).await,
		};
		if let Err(why) = kept {
			// It is settled again later, by its name.
			tracing::debug!("a copy can't be kept: {why}");
		}
	}

	/// The chain's time.
	async fn now(&self) -> Result<Moment> {
		Ok(self.chain().finalized().await?.now().await?)
	}

	/// The patients of whose charts this device has something that a vault may need.
	pub async fn patients_with_copies(&self) -> Result<Vec<PatientId>> {
		self.outbox.patients().await
	}

	/// Looks at the newest copies of a chart's files. Sends again what its vault has lost, and deletes the copies that are
	/// needed no more. Returns how many files were sent.
	pub(super) async fn look_after_copies(
		&self,
		patient: PatientId,
		most: usize,
		progress: &Progress,
	) -> Result<usize> {
		let copies = self.outbox.copies(patient).await?;
		if copies.is_empty() {
			return Ok(0);
		}
		let at = self.chain().finalized().await?;
		let now = at.now().await?;
		let (mut sent, mut away) = (0, BTreeSet::new());
		for (place, copy) in copies.iter().enumerate() {
			if now.saturating_sub(copy.since) > LONGEST {
				self.outbox.forget(&copy.name).await?;
				continue;
			}
			if place >= most {
				continue;
			}
			match self.look_after(&at, patient, copy, now, &mut away, progress).await? {
				Looked::Needless => self.outbox.forget(&copy.name).await?,
				Looked::Needed => {},
				Looked::Sent => {
					sent += 1;
					self.keep_copy(&copy.name, patient, copy.item, &copy.digest).await;
				},
			}
		}
		Ok(sent)
	}

	/// Looks at one copy. Vaults that can't be asked are noted, and not asked again.
	async fn look_after(
		&self,
		at: &At,
		patient: PatientId,
		copy: &Kept,
		now: Moment,
		away: &mut BTreeSet<HospitalId>,
		progress: &Progress,
	) -> Result<Looked> {
		let named = records::document(at, patient, copy.item).await?;
		let Some(named) = named.filter(|one| one.document.digest == copy.digest) else {
			return Ok(match now.saturating_sub(copy.since) > UNNAMED {
				true => Looked::Needless,
				false => Looked::Needed,
			});
		};
		let home = named.vaults.home;
		let (mut having, mut home_has) = (0, None);
		for hospital in named.vaults.all() {
			let has = self.asks(hospital, patient, copy.item, away).await;
			having += usize::from(has == Some(true));
			if hospital == home {
				home_has = has;
			}
		}
		if home_has == Some(false) {
			let Some(file) = self.outbox.file(&copy.name).await? else {
				return Ok(Looked::Needed);
			};
			let Document { digest, size, .. } = named.document;
			let upload = Upload { patient, file: &file, digest, size, prepared: false };
			self.vault(home).await?.upload(&upload, progress).await?;
			return Ok(Looked::Sent);
		}
		// A vault that has taken the files over may have made its back-up before it had this one.
		let is_at_home = home_has == Some(true) && named.document.vault == home;
		let is_needless = having > 1
			|| is_at_home && self.backed_up(home).await.is_some_and(|at| at > copy.since);
		Ok(if is_needless { Looked::Needless } else { Looked::Needed })
	}

	/// Whether a vault has a document; nothing if it can't be asked, or does not say it to this account.
	async fn asks(
		&self,
		hospital: HospitalId,
		patient: PatientId,
		item: Item,
		away: &mut BTreeSet<HospitalId>,
	) -> Option<bool> {
		if away.contains(&hospital) {
			return None;
		}
		let asking = async { self.vault(hospital).await?.holds(patient, item).await };
		match asking.await {
			Ok(has) => Some(has),
			Err(why) => {
				tracing::debug!("hospital {hospital} does not say what it has: {why}");
				if matches!(why, Error::Vault(vault::Error::Unreachable { .. })) {
					away.insert(hospital);
				}
				None
			},
		}
	}

	/// The time before which everything that a vault has is in its back-up, too, if it says so.
	async fn backed_up(&self, hospital: HospitalId) -> Option<Moment> {
		let asking = async { self.vault(hospital).await?.limits().await };
		Some(asking.await.ok()??.backed_up?.into())
	}

	/// Sends again whatever this device has of a chart and a vault has lost. Of the patient's `own` chart, it also finds out
	/// what no vault has.
	pub async fn repair_records(
		&self,
		patient: PatientId,
		own: bool,
		progress: &Progress,
	) -> Result<Repaired> {
		let Settled { sent, waiting, problem } = self.settle_sent(patient, progress).await?;
		let mut repaired = Repaired { sent, waiting, problem, ..Repaired::default() };
		match self.look_after_copies(patient, usize::MAX, progress).await {
			Ok(sent) => repaired.sent += sent,
			Err(why) => {
				repaired.waiting += self.outbox.copies(patient).await?.len();
				repaired.problem.get_or_insert(why);
			},
		}
		if own {
			let at = self.chain().finalized().await?;
			let named = records::documents(&at, patient).await?;
			let mut asking = stream::iter(named)
				.map(|one| async move { (one.item, self.is_anywhere(patient, one).await) })
				.buffered(AT_ONCE);
			while let Some((item, found)) = asking.next().await {
				match found {
					Some(true) => {},
					Some(false) => repaired.lost.push(item),
					None => repaired.unknown += 1,
				}
			}
		}
		Ok(repaired)
	}

	/// Whether one of its vaults has a document; nothing if none has it that could be asked.
	async fn is_anywhere(&self, patient: PatientId, named: Named) -> Option<bool> {
		let (mut all_said, mut away) = (true, BTreeSet::new());
		for hospital in named.vaults.all() {
			match self.asks(hospital, patient, named.item, &mut away).await {
				Some(true) => return Some(true),
				Some(false) => {},
				None => all_said = false,
			}
		}
		all_said.then_some(false)
	}
}
