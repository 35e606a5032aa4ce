//! Adding records. A patient adds to their own chart, a representative to that of a patient, a doctor to a granted
//! one, and an institution where the patient allows it.

use crate::{
	Error, Result, access,
	chain::{self, Call},
	chart::Target,
	client::{Client, Done, Mode},
	outbox::begun::Work,
	overtaken, records, representatives, rotation,
	staging::{Attempt, NewFile},
	vault::Progress,
};
use medblock_primitives::*;

/// The author of records. All but institutions may have keys of the chart, with which the client checks the one that it
/// encrypts to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
	Patient,
	/// A person who acts for the patient, and who may see the chart or not.
	Representative {
		sees: bool,
	},
	Doctor,
	Institution,
}

impl By {
	/// Whether the author may read what the chart names, and its keys.
	fn reads(self) -> bool {
		match self {
			Self::Patient | Self::Doctor => true,
			Self::Representative { sees } => sees,
			Self::Institution => false,
		}
	}
}

impl Client {
	/// Puts files into one's own chart, up to 128 at once.
	pub async fn add_records(&self, files: &[NewFile], progress: &Progress) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		self.put(patient, files, By::Patient, progress, Call::add_records).await
	}

	/// Puts files into a represented patient's chart, up to 128 at once. The records name who acted.
	///
	/// # Errors
	///
	/// [`representatives::Error::NotRepresentative`], and [`representatives::Error::OutOfScope`].
	pub async fn add_records_for(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let acts = self.ensure_acts_for(&at, patient, Scopes::ADD).await?;
		let by = By::Representative { sees: acts.scopes.include(Scopes::SEE) };
		self.put(patient, files, by, progress, |epoch, records, recipients| {
			Call::add_records_for(patient, epoch, records, recipients)
		})
		.await
	}

	/// Puts notes and records into a patient's chart.
	pub async fn append_records(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		self.put(patient, files, By::Doctor, progress, |epoch, records, recipients| {
			Call::append_records(patient, epoch, records, recipients)
		})
		.await
	}

	/// Refuses what the chain would refuse, before gigabytes are encrypted and sent.
	async fn ensure_may_append(&self, patient: PatientId, count: usize) -> Result<()> {
		let at = self.chain().finalized().await?;
		let doctor = self.own_practice(&at).await?;
		let allowed = at
			.access(patient, doctor, None)
			.await?
			.map_err(|why| Error::Access(access::Error::Denied(why)))?;
		if !allowed.may_append {
			return Err(Error::Access(access::Error::MayNotAppend));
		}
		let grant = at.grant(patient, doctor).await?;
		access::ensure_budget(grant.map_or(0, |grant| grant.appends_left), count)
	}

	/// Puts files into a patient's chart for an institution.
	pub(crate) async fn deposit_files(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		self.put(patient, files, By::Institution, progress, |epoch, records, recipients| {
			Call::deposit_records(patient, epoch, records, recipients)
		})
		.await
	}

	/// Encrypts, uploads and names files. Repeats all of it when the chart's key, or the doctors who
	/// may see a due chart, have changed meanwhile: a transaction never names ciphertext that a doctor
	/// without access could open.
	async fn put(
		&self,
		patient: PatientId,
		files: &[NewFile],
		by: By,
		progress: &Progress,
		call: impl Fn(Epoch, NewRecords, Option<RecipientsDigest>) -> Call,
	) -> Result<Done> {
		// This check comes before anything is encrypted or uploaded.
		if files.len() > MAX_BATCH as usize {
			return Err(records::Error::TooManyFiles.into());
		}
		let mut work = self.begin_to_put(patient, "put", files).await?;
		let before = match &mut work {
			Some(work) => self.go_on(patient, by.reads(), work).await?,
			None => None,
		};
		let done = match before {
			Some(done) => done,
			None => self.put_anew(patient, files, by, work.as_mut(), progress, call).await?,
		};
		if let Some(work) = work {
			self.end(work, &done).await;
		}
		Ok(done)
	}

	/// Refuses what the allowance does not suffice for, before gigabytes are encrypted. If a node does not tell, the chain has
	/// the last word.
	async fn ensure_afforded(
		&self,
		files: &[NewFile],
		target: &Target,
		call: impl Fn(Epoch, NewRecords, Option<RecipientsDigest>) -> Call,
	) -> Result<()> {
		if self.mode == Mode::Prepare {
			return Ok(());
		}
		// As long as those that will be named.
		let named = files.iter().map(|file| {
			let size = file.file.length().unwrap_or_default();
			let document =
				Document { digest: [0; 32], head: [0; 16], size, vault: target.info.vault };
			NewRecord { document, in_reply_to: file.in_reply_to }
		});
		let records = NewRecords::try_from(named.collect::<Vec<_>>())
			.map_err(|_| records::Error::TooManyFiles)?;
		let call = call(target.epoch, records, target.recipients);
		match self.chain().ensure_afforded(self.keys.account(), &call).await {
			Err(
				why @ (chain::Error::AllowanceSpent { .. } | chain::Error::FinalityStopped(..)),
			) => Err(why.into()),
			Err(why) => {
				tracing::debug!("what this takes of the allowance is not known: {why}");
				Ok(())
			},
			Ok(()) => Ok(()),
		}
	}

	async fn put_anew(
		&self,
		patient: PatientId,
		files: &[NewFile],
		by: By,
		mut work: Option<&mut Work>,
		progress: &Progress,
		call: impl Fn(Epoch, NewRecords, Option<RecipientsDigest>) -> Call,
	) -> Result<Done> {
		for _ in 0..overtaken::ATTEMPTS {
			match by {
				By::Doctor => self.ensure_may_append(patient, files.len()).await?,
				By::Representative { .. } => {
					let at = self.chain().finalized().await?;
					self.ensure_acts_for(&at, patient, Scopes::ADD).await?;
				},
				By::Patient | By::Institution => {},
			}
			let target = match by.reads() {
				true => self.sealing_target(patient).await?,
				false => self.depositing_target(patient).await?,
			};
			match by {
				By::Representative { .. } => representatives::ensure_verified(&target.info)?,
				_ if target.info.account == self.keys.account() => {
					access::ensure_verified(&target.info)?;
				},
				_ => {},
			}
			// Before gigabytes are encrypted that the vault does not take.
			self.ensure_taken(target.info.vault, files).await?;
			let target = self.with_recipients(target).await?;
			self.ensure_afforded(files, &target, &call).await?;
			let staged = self.stage_all(files, &target, work.as_deref_mut(), progress).await?;
			let named = staged.iter().zip(files).map(|(one, file)| NewRecord {
				document: one.document.clone(),
				in_reply_to: file.in_reply_to,
			});
			let records = NewRecords::try_from(named.collect::<Vec<_>>())
				.map_err(|_| records::Error::TooManyFiles)?;
			let call = call(target.epoch, records, target.recipients);
			if let Attempt::Done(done) =
				self.conclude_with(&call, staged, work.as_deref_mut()).await?
			{
				return Ok(done);
			}
		}
		Err(rotation::Error::KeepsChanging.into())
	}
}
