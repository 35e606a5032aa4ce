//! The disclosures of a chart, for its patient.

use crate::{Result, client::Client, records, vault::Disclosure};
use medblock_primitives::*;

impl Client {
	/// Everything that vaults gave out of the patient's own chart, oldest first at each vault.
	pub async fn disclosures(&self) -> Result<Vec<(HospitalId, Disclosure)>> {
		let at = self.chain().finalized().await?;
		let own = self.own_chart(&at).await?;
		let mut vaults: Vec<HospitalId> = records::documents(&at, own.id)
			.await?
			.into_iter()
			.map(|document| document.vault)
			.chain([own.hospital])
			.collect();
		vaults.sort_unstable();
		vaults.dedup();
		let mut all = Vec::new();
		for hospital in vaults {
			let found = self.vault(hospital).await?.disclosures(own.id).await?;
			all.extend(found.into_iter().map(|one| (hospital, one)));
		}
		Ok(all)
	}
}
