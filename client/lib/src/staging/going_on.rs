//! Going on with a command that was interrupted, instead of doing it twice.

use super::{NewFile, source_of};
use crate::{
	Result,
	chain::{At, Event, Receipt, Until},
	client::{Client, Done},
	notices::Notice,
	outbox::begun::{Key, Work},
	records,
	vault::unwatched,
};
use medblock_platform::clock::Duration;
use medblock_primitives::*;
use sha2::{Digest as _, Sha256};

impl Client {
	/// Begins to put files into a chart, or goes on with it; nothing if the client can't tell such a command from another
	/// one.
	///
	/// # Errors
	///
	/// [`records::Error::BeingAdded`] if another run of a program does just that.
	pub(crate) async fn begin_to_put(
		&self,
		patient: PatientId,
		what: &str,
		files: &[NewFile],
	) -> Result<Option<Work>> {
		let mut parts = vec![patient.0.to_le_bytes().to_vec()];
		for (number, file) in files.iter().enumerate() {
			// Not the doctors of a due chart: they may be others when the command is run again.
			let Some(source) = source_of(number, file, None) else { return Ok(None) };
			parts.push(source.to_vec());
			parts.push(file.in_reply_to.map_or(Vec::new(), |record| record.to_le_bytes().to_vec()));
		}
		let work = self.begin(what, &parts).await?;
		work.map(Some).ok_or_else(|| records::Error::BeingAdded.into())
	}

	/// Begins a command of this account's, or goes on with it; nothing if another run of a program does just that.
	pub(crate) async fn begin(&self, what: &str, parts: &[Vec<u8>]) -> Result<Option<Work>> {
		self.reported().await;
		let account = self.keys.account();
		let mut hash = Sha256::new();
		for part in
			[&account.0[..], what.as_bytes()].into_iter().chain(parts.iter().map(|one| &one[..]))
		{
			hash.update((part.len() as u64).to_le_bytes());
			hash.update(part);
		}
		let key: Key = hash.finalize().into();
		self.outbox.begin(key).await
	}

	/// What an interrupted run of the command has added. If no block contains its transaction yet, that is handed over again.
	/// If none ever will, what it has encrypted is there for the next one. `reads` says whether the account may read what
	/// the chart names.
	pub(crate) async fn go_on(
		&self,
		patient: PatientId,
		reads: bool,
		work: &mut Work,
	) -> Result<Option<Done>> {
		if work.begun.named.is_empty() {
			return Ok(None);
		}
		let at = self.chain().finalized().await?;
		if reads && let Some(done) = self.added_before(&at, patient, work).await? {
			self.vaults.notices.tell(&Notice::GoesOn);
			self.settle_quietly(patient).await;
			return Ok(Some(done));
		}
		if let Some(signed) = work.begun.signed()
			&& (!reads || u64::from(at.number()) <= signed.last)
		{
			self.vaults.notices.tell(&Notice::GoesOn);
			let resuming = self.chain().resume(self.keys.account(), signed);
			match self.until_final(resuming).await {
				Ok(receipt) => {
					self.settle_quietly(patient).await;
					return Ok(Some(Done::Sent(receipt)));
				},
				Err(why) if why.is_final() => tracing::debug!("it is sent anew: {why}"),
				Err(why) => return Err(why.into()),
			}
		}
		for waiting in self.outbox.waiting(patient).await? {
			let named = work.begun.named.iter().find(|one| one.is(&waiting.digest));
			if let Some(named) = named {
				self.outbox.rename(&waiting.name, &named.unnamed).await?;
			}
		}
		self.starts_anew(Some(work)).await;
		Ok(None)
	}

	/// The records that have what the command's transaction names, as an event would tell it: a node may have forgotten the
	/// events of that block.
	async fn added_before(&self, at: &At, patient: PatientId, work: &Work) -> Result<Option<Done>> {
		let records = at.all_records(patient, None).await?;
		let has_one =
			|document: &Document| work.begun.named.iter().any(|one| one.is(&document.digest));
		let own = records.iter().filter(|info| info.record.document.as_ref().is_some_and(has_one));
		let own: Vec<RecordIndex> = own.map(|info| info.index).collect();
		let Some(first) = own.iter().min() else { return Ok(None) };
		let count = u32::try_from(own.len()).unwrap_or(u32::MAX);
		let numbers = [("patient", patient.0), ("first", *first), ("count", count)];
		let call = work.begun.signed().map_or_else(String::new, |signed| signed.call);
		Ok(Some(recalled(at, call, "RecordsAdded", &numbers)))
	}

	/// Settles what was sent. The outcome is known already, and vaults may be asked later.
	async fn settle_quietly(&self, patient: PatientId) {
		if let Err(why) = self.settle_sent(patient, &unwatched()).await {
			tracing::debug!("kept in the outbox: {why}");
		}
	}

	/// Ends a command. It is forgotten at once, or when the program has told its outcome: see [`Client::will_report`].
	pub(crate) async fn end(&self, work: Work, done: &Done) {
		let is_sent = matches!(done, Done::Sent(_));
		match &mut *self.unreported.lock().await {
			Some(unreported) if is_sent => unreported.push(work.key),
			_ => self.forget_begun(&work.key).await,
		}
	}

	/// From now on the program says when it has told a command's outcome, by [`Client::reported`]. If it is killed before,
	/// the same command tells that outcome, and does nothing again.
	pub async fn will_report(&self) {
		self.unreported.lock().await.get_or_insert_default();
	}

	/// The outcome of each command so far is told: the same command, from now on, is another one.
	pub async fn reported(&self) {
		let told = match &mut *self.unreported.lock().await {
			Some(unreported) => std::mem::take(unreported),
			None => return,
		};
		for key in &told {
			self.forget_begun(key).await;
		}
	}

	async fn forget_begun(&self, key: &Key) {
		if let Err(why) = self.outbox.over(key).await {
			// It is forgotten after a day.
			tracing::debug!("an entry was not forgotten: {why}");
		}
	}
}

/// The outcome of a call, known by its effect at a block.
pub(crate) fn recalled(at: &At, call: String, event: &str, numbers: &[(&str, u32)]) -> Done {
	Done::Sent(Receipt {
		call,
		block: at.hash(),
		number: at.number(),
		events: vec![Event::recalled("MedicalRecords", event, numbers)],
		took: Duration::ZERO,
		until: Until::Final,
		is_confirmed: false,
	})
}
