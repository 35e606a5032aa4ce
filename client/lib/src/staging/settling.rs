//! Ciphertext whose transaction was sent, kept until the chain names it and the vault has it; then it becomes a copy
//! ([`super::copies`]).

use super::Staged;
use crate::{
	Error, Result,
	chain::{self, Call, LIFETIME},
	client::{Client, Done},
	keys,
	outbox::{
		Waiting,
		begun::{self, Work},
	},
	overtaken,
	records::{self, AT_ONCE, Named},
	vault::{Item, Progress, Upload},
};
use futures::{StreamExt, stream};
use medblock_primitives::*;

/// The number of blocks after the last final one within which the next signed transaction can be
/// included: its lifetime, and the blocks until it is signed.
const INCLUDED_WITHIN: u32 = LIFETIME as u32 + 600;

/// The number of copies that are looked at whenever the outbox is settled.
const LOOKED_AT: usize = 8;

/// The outcome of a call that names uploads.
pub(crate) enum Attempt {
	Done(Done),
	/// The chart's epoch, its doctors or its vault changed meanwhile, so that everything has to be encrypted
	/// and uploaded anew.
	Stale,
}

/// The outcome of settling the outbox.
#[derive(Debug, Default)]
pub struct Settled {
	/// The number of files that the vault had lost or never received whole, and has now.
	pub sent: usize,
	/// The number of files that are still pending.
	pub waiting: usize,
	/// The reason why a vault did not take one, if that is why it is pending.
	pub problem: Option<Error>,
}

impl Client {
	/// Concludes a call that names staged files. Ciphertext stays here until the call is final and the vault has all of it. If
	/// the call failed, it stays here and in the vault, for the same command; only what nothing may name any more is discarded.
	/// If either outcome is unknown, it stays in the outbox, for [`Client::settle_outbox`].
	pub(crate) async fn conclude_with(
		&self,
		call: &Call,
		mut staged: Vec<Staged>,
		mut work: Option<&mut Work>,
	) -> Result<Attempt> {
		// An entry comes first, so that there is none without it under the next name.
		if let Some(work) = &mut work {
			let named = |one: &Staged| begun::Named::new(&one.document.digest, &one.unnamed);
			work.begun.names(staged.iter().map(named).collect());
			self.outbox.note(&work.key, &work.begun).await?;
		}
		// The file gets its name before anything is sent, so that it survives even if this program
		// or machine ends now.
		let until = self.chain().finalized().await?.number().saturating_add(INCLUDED_WITHIN);
		for one in &mut staged {
			let name = self.outbox.sent(one.patient, &one.document.digest, until);
			self.outbox.rename(&one.name, &name).await?;
			one.name = name;
		}
		let concluded = match &mut work {
			Some(work) => self.conclude_noting(call, work).await,
			None => self.conclude(call).await,
		};
		match concluded {
			Ok(done) => {
				self.complete(&done, &staged).await;
				Ok(Attempt::Done(done))
			},
			// Without an entry, no command would find it again.
			Err(why)
				if overtaken::came_late(&why) || (work.is_none() && is_without_effect(&why)) =>
			{
				self.discard(staged).await;
				self.starts_anew(work).await;
				// The patient may have moved the documents to another vault meanwhile.
				match overtaken::came_late(&why) {
					true => Ok(Attempt::Stale),
					false => Err(why),
				}
			},
			// The same command resumes with it once the allowance suffices, finality goes on, the wallet's owner
			// agrees, or whatever the chain refused it for is over.
			Err(why) if is_without_effect(&why) => {
				for one in staged {
					let _ = self.outbox.rename(&one.name, &one.unnamed).await;
				}
				self.starts_anew(work).await;
				Err(why)
			},
			Err(why) => Err(why),
		}
	}

	/// Ensures that the vault has all that a call has named, and makes copies of it. The call has taken effect, whatever the
	/// vault says now.
	async fn complete(&self, done: &Done, staged: &[Staged]) {
		for (place, one) in staged.iter().enumerate() {
			let (vault, progress) = (one.document.vault, crate::vault::unwatched());
			match self.ensure_stored(vault, &one.upload(), &progress).await {
				Ok(_) => match item(done, place) {
					Some(item) => {
						let digest = &one.document.digest;
						self.keep_copy(&one.name, one.patient, item, digest).await;
					},
					None => self.forget(one).await,
				},
				Err(why) => tracing::debug!("kept in the outbox: {why}"),
			}
		}
	}

	/// Discards what nothing may name any more, here and in the vault.
	async fn discard(&self, staged: Vec<Staged>) {
		stream::iter(staged)
			.for_each_concurrent(AT_ONCE, |one| async move {
				// The vault collects undiscarded uploads after a day.
				if let Ok(vault) = self.vault(one.document.vault).await {
					let _ = vault.discard(one.patient, one.document.digest).await;
				}
				self.forget(&one).await;
			})
			.await;
	}

	/// Notes that nothing names what a command has made so far.
	pub(super) async fn starts_anew(&self, work: Option<&mut Work>) {
		let Some(work) = work else { return };
		work.begun.starts_anew();
		if let Err(why) = self.outbox.note(&work.key, &work.begun).await {
			tracing::debug!("an entry was not changed: {why}");
		}
	}

	/// Deletes the copy here.
	async fn forget(&self, staged: &Staged) {
		// A file that can't be deleted now is deleted later, by its name.
		let _ = self.outbox.forget(&staged.name).await;
	}

	/// Uploads a file unless the vault has all of it. Returns whether an upload was necessary.
	async fn ensure_stored(
		&self,
		vault: HospitalId,
		upload: &Upload<'_>,
		progress: &Progress,
	) -> Result<bool> {
		let vault = self.vault(vault).await?;
		if vault.has(upload).await? {
			return Ok(false);
		}
		vault.upload(upload, progress).await?;
		Ok(true)
	}

	/// The number of a chart's files in the outbox.
	pub async fn waiting(&self, patient: PatientId) -> Result<usize> {
		Ok(self.outbox.waiting(patient).await?.len())
	}

	/// Settles ciphertext whose transaction was not known to be final, or for which the vault could
	/// not be asked. The client uploads again whatever the chain names and the vault lacks. It
	/// deletes whatever was never named and can't be any more. A vault that can't be reached delays
	/// its own files alone.
	///
	/// It also looks at the newest of the copies that it keeps of what vaults have: those are the ones that a vault has
	/// lost which was restored from its back-up. [`Client::repair`] looks at all of them.
	pub async fn settle_outbox(&self, patient: PatientId, progress: &Progress) -> Result<Settled> {
		let mut settled = self.settle_sent(patient, progress).await?;
		match self.look_after_copies(patient, LOOKED_AT, progress).await {
			Ok(sent) => settled.sent += sent,
			// Nothing waits for them.
			Err(why) => tracing::debug!("copies were not looked after: {why}"),
		}
		Ok(settled)
	}

	pub(super) async fn settle_sent(
		&self,
		patient: PatientId,
		progress: &Progress,
	) -> Result<Settled> {
		let mut settled = Settled::default();
		let waiting = self.outbox.waiting(patient).await?;
		if waiting.is_empty() {
			return Ok(settled);
		}
		let at = self.chain().finalized().await?;
		// Registrars send profiles alone, and doors tell them nothing of a chart's records.
		let profile = records::document(&at, patient, Item::Profile).await?;
		let is_profile = |one: &Waiting| {
			profile.as_ref().is_some_and(|named| named.document.digest == one.digest)
		};
		let named = match waiting.iter().all(is_profile) {
			true => profile.into_iter().collect(),
			false => records::documents(&at, patient).await?,
		};
		for Waiting { name, digest, until } in waiting {
			match named.iter().find(|one| one.document.digest == digest) {
				Some(Named { item, document, vaults }) => {
					// Another run of this program may have settled it meanwhile.
					let Some(file) = self.outbox.file(&name).await? else { continue };
					let size = document.size;
					let upload = Upload { patient, file: &file, digest, size, prepared: false };
					match self.ensure_stored(vaults.home, &upload, progress).await {
						Ok(sent) => {
							settled.sent += usize::from(sent);
							self.keep_copy(&name, patient, *item, &digest).await;
						},
						Err(why) => {
							settled.waiting += 1;
							settled.problem = Some(why);
						},
					}
				},
				// The command that sent it, if it is run again, sends it again.
				None if at.number() > until => {
					let moved = match self.outbox.unnamed(&digest).await? {
						Some(unnamed) => self.outbox.rename(&name, &unnamed).await,
						None => self.outbox.forget(&name).await,
					};
					// In a home that can't be written to, the chart can be read all the same.
					if let Err(why) = moved {
						tracing::debug!("what nothing names was not moved: {why}");
					}
				},
				None => settled.waiting += 1,
			}
		}
		Ok(settled)
	}
}

/// Whether the call has no effect, now and for ever, and nothing of it is in flight.
fn is_without_effect(why: &Error) -> bool {
	let was_not_sent = matches!(
		why,
		Error::Chain(chain::Error::FinalityStopped(..) | chain::Error::NotSigned(_))
			| Error::Keys(keys::Error::NotSigned(_))
	);
	was_not_sent || why.is_final()
}

/// What a call has made of its file at this place; nothing if someone else is to sign it.
fn item(done: &Done, place: usize) -> Option<Item> {
	let receipt = done.receipt()?;
	// Other calls name a profile.
	let Some(added) = receipt.event("RecordsAdded") else { return Some(Item::Profile) };
	let first: RecordIndex = added.number("first")?;
	Some(Item::Record(first.checked_add(RecordIndex::try_from(place).ok()?)?))
}
