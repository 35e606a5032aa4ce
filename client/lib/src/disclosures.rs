//! The disclosures of a chart, for its patient.

use crate::{
	Error, Result,
	chain::{At, PatientInfo},
	client::Client,
	records,
	vault::Disclosure,
};
use medblock_primitives::*;

impl Client {
	/// Everything that vaults gave out of the patient's own chart, oldest first at each vault.
	pub async fn disclosures(&self) -> Result<Vec<(HospitalId, Disclosure)>> {
		let mut all = Vec::new();
		for (hospital, answer) in self.disclosures_by_vault().await? {
			all.extend(answer?.into_iter().map(|one| (hospital, one)));
		}
		Ok(all)
	}

	/// The same, with the answer of each vault that has something of the chart, or the reason why it gave
	/// none.
	///
	/// # Errors
	///
	/// Those of the chain, and of the account's own keys, without which every vault would refuse.
	pub async fn disclosures_by_vault(&self) -> Result<Vec<(HospitalId, Result<Vec<Disclosure>>)>> {
		let at = self.chain().finalized().await?;
		let own = self.own_chart(&at).await?;
		let mut all = Vec::new();
		for hospital in vaults_of(&at, &own).await? {
			let answer = match self.vault(hospital).await {
				Ok(vault) => vault.disclosures(own.id).await,
				Err(why) => Err(why),
			};
			match answer {
				Ok(found) => all.push((hospital, Ok(found))),
				// This is about one vault: another may answer.
				Err(why @ Error::Vault(_)) => all.push((hospital, Err(why))),
				Err(why) => return Err(why),
			}
		}
		Ok(all)
	}
}

/// The hospitals whose vaults have, or have had, something of a chart.
pub(crate) async fn vaults_of(at: &At, own: &PatientInfo) -> Result<Vec<HospitalId>> {
	let mut vaults: Vec<HospitalId> = records::documents(at, own.id)
		.await?
		.into_iter()
		.flat_map(|one| one.vaults.all().collect::<Vec<_>>())
		.chain([own.hospital, own.vault])
		.collect();
	vaults.sort_unstable();
	vaults.dedup();
	Ok(vaults)
}
