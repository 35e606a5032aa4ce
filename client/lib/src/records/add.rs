//! Adding records. A patient adds to their own chart, a doctor to a granted one, and an institution where the
//! patient allows it.

use crate::{
	Error, Result, access,
	chain::Call,
	client::{Client, Done},
	records, rotation,
	staging::{Attempt, NewFile},
	vault::Progress,
};
use medblock_primitives::*;

/// Whether the author may have keys of the chart, with which the client checks the one that it encrypts to.
#[derive(Clone, Copy)]
enum Reader {
	MayBe,
	IsNone,
}

impl Client {
	/// Puts files into one's own chart, up to 128 at once.
	pub async fn add_records(&self, files: &[NewFile], progress: &Progress) -> Result<Done> {
		let at = self.chain().finalized().await?;
		let patient = self.own_chart(&at).await?.id;
		self.put(patient, files, Reader::MayBe, progress, Call::add_records).await
	}

	/// Puts notes and records into a patient's chart.
	pub async fn append_records(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		// This refusal comes before gigabytes are encrypted and sent.
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
		access::ensure_budget(grant.map_or(0, |grant| grant.appends_left), files.len())?;
		self.put(patient, files, Reader::MayBe, progress, |epoch, records, recipients| {
			Call::append_records(patient, epoch, records, recipients)
		})
		.await
	}

	/// Puts files into a patient's chart for an institution.
	pub(crate) async fn deposit_files(
		&self,
		patient: PatientId,
		files: &[NewFile],
		progress: &Progress,
	) -> Result<Done> {
		self.put(patient, files, Reader::IsNone, progress, |epoch, records, recipients| {
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
		reader: Reader,
		progress: &Progress,
		call: impl Fn(Epoch, NewRecords, Option<RecipientsDigest>) -> Call,
	) -> Result<Done> {
		// This check comes before anything is encrypted or uploaded.
		if files.len() > MAX_BATCH as usize {
			return Err(records::Error::TooManyFiles.into());
		}
		for _ in 0..rotation::ATTEMPTS {
			let target = match reader {
				Reader::MayBe => self.sealing_target(patient).await?,
				Reader::IsNone => self.depositing_target(patient).await?,
			};
			if target.info.account == self.keys.account() {
				access::ensure_verified(&target.info)?;
			}
			// Before gigabytes are encrypted that the vault does not take.
			self.ensure_taken(target.info.vault, files).await?;
			let target = self.with_recipients(target).await?;
			let staged = self.stage_all(files, &target, progress).await?;
			let named = staged.iter().zip(files).map(|(one, file)| NewRecord {
				document: one.document.clone(),
				in_reply_to: file.in_reply_to,
			});
			let records = NewRecords::try_from(named.collect::<Vec<_>>())
				.map_err(|_| records::Error::TooManyFiles)?;
			let call = call(target.epoch, records, target.recipients);
			if let Attempt::Done(done) = self.conclude_with(&call, staged).await? {
				return Ok(done);
			}
		}
		Err(rotation::Error::KeepsChanging.into())
	}
}
