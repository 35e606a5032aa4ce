//! What the vault has, for those who compare it with the chain.

use super::Vault;
use crate::{blob::Digest, errors::Refusal};
use futures::TryStreamExt;
use medblock_primitives::PatientId;
use std::collections::HashMap;

impl Vault {
	/// Fails if this gateway may not change the store now: a bucket that it does not hold.
	pub fn ensure_held(&self) -> Result<(), Refusal> {
		self.store.ensure_held().map_err(|why| why.refusal())
	}

	/// The patients of whose charts the vault has files.
	pub async fn patients(&self) -> Result<Vec<PatientId>, Refusal> {
		self.store.patients().await.map_err(|why| self.broken(&why))
	}

	/// The files of a chart that the vault has, with their lengths.
	pub async fn stored(&self, patient: PatientId) -> Result<HashMap<Digest, u64>, Refusal> {
		let mut all = HashMap::new();
		let mut files = self.store.blobs(patient);
		while let Some((blob, size)) = files.try_next().await.map_err(|why| self.broken(&why))? {
			all.insert(blob.digest, size);
		}
		Ok(all)
	}
}
