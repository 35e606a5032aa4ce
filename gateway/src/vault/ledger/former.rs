//! What an earlier version of the gateway kept in files.

use super::{
	Entry, Ledger, Quotas, Upload,
	entry::{ENTRY, write},
	of, of_upload, quota,
	quota::Subject,
};
use crate::{
	blob::{BlobId, Digest},
	state::Lock,
	vault::staging::UploadId,
};
use medblock_primitives::{Moment, PatientId};
use std::io;

/// A blob's entry that an earlier version of the gateway kept in a file.
pub struct Former {
	/// The blob.
	pub digest: Digest,
	/// [`Entry::size`].
	pub size: u64,
	/// The accounts that have sent all of it.
	pub uploaders: Vec<[u8; 32]>,
	/// [`Entry::keep_until`].
	pub keep_until: Moment,
	/// [`Entry::settled`].
	pub settled: bool,
	/// [`Entry::quarantined`].
	pub quarantined: Option<Moment>,
}

impl Ledger {
	/// Takes over a patient's entries, but for those that are there.
	pub async fn take_over(&self, patient: PatientId, files: &[Former]) -> io::Result<()> {
		let mut change = self.state.change().await?;
		change.lock(Lock::Chart(patient)).await?;
		for Former { digest, size, uploaders, keep_until, settled, quarantined } in files {
			let blob = BlobId { patient, digest: *digest };
			if !change.all(ENTRY, of(&blob)).await?.is_empty() {
				continue;
			}
			let (keep_until, settled, quarantined) = (*keep_until, *settled, *quarantined);
			let entry = Entry { keep_until, settled, quarantined, ..Entry::new(*size) };
			write(&mut change, &blob, &entry).await?;
			for account in uploaders {
				let statement = "INSERT INTO uploaders (patient, digest, account) \
					VALUES ($1, $2, $3) ON CONFLICT (patient, digest, account) DO NOTHING \
					RETURNING account";
				let id = UploadId { blob, account: *account };
				let is_new = change.run(statement, of_upload(&id)).await?.is_some();
				if is_new && !settled {
					quota::add_account(&mut change, *account, *size).await?;
				}
			}
			quota::add(&mut change, Subject::Patient(patient), *size, 0).await?;
		}
		change.commit().await
	}

	/// Takes over an upload, whatever quotas say, unless it is there.
	pub async fn take_over_upload(&self, id: &UploadId, upload: &Upload) -> io::Result<()> {
		if self.upload(id).await?.is_some() {
			return Ok(());
		}
		let all = u64::MAX;
		let quotas = Quotas { per_account: all, per_patient: all, pending: all, unnamed: all };
		// The number of an account's uploads has a limit in any case: what is beyond it is abandoned.
		self.begin(id, upload, false, &quotas).await.map(drop)
	}
}
