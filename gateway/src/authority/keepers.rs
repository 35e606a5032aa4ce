//! What one vault gives to another: the documents that the chain gives the other one to keep.

use super::{Authority, Block};
use crate::errors::Refusal;
use medblock_chain::{AccountId, At, Error, PatientInfo};
use medblock_primitives::{
	Denied, Document, HospitalId, PatientId, RecordIndex, Succession, Vaults,
};
use medblock_vault_protocol::Item;
use pallet_medical_records_runtime_api::{MAX_PAGE, Page, RecordInfo};

/// A document, and the vaults that keep it.
#[derive(Clone, Debug)]
pub struct Kept {
	/// The document.
	pub document: Document,
	/// Its vaults.
	pub vaults: Vaults,
}

impl Kept {
	/// Whether a hospital's vault is to have it: as its home, or as a second copy by the patient's wish. A vault that
	/// kept it before has it already, or has lost it to no reader's harm.
	pub fn belongs_to(&self, hospital: HospitalId) -> bool {
		self.vaults.home == hospital || self.vaults.mirror == Some(hospital)
	}

	/// The other hospitals whose vaults may have it, in the order in which to ask. The one that the document names may
	/// have left the consortium, and still give away what it has.
	pub fn others(&self, own: HospitalId) -> Vec<HospitalId> {
		let mut all: Vec<HospitalId> = self.vaults.all().filter(|one| *one != own).collect();
		let named = self.document.vault;
		if named != own && !all.contains(&named) {
			all.push(named);
		}
		all
	}
}

/// What a block says about an account and a document.
struct Facts {
	/// The hospital whose vault's account it is.
	vault_of: Option<HospitalId>,
	kept: Result<Kept, Refusal>,
}

impl Facts {
	async fn read(
		at: &At,
		account: &AccountId,
		patient: PatientId,
		item: Item,
	) -> Result<Self, Error> {
		let (vault_of, kept) =
			tokio::try_join!(at.vault_of(*account), read_kept(at, patient, item))?;
		Ok(Self { vault_of, kept })
	}

	/// The document, if the account may fetch it.
	fn decide(self) -> Result<Document, Refusal> {
		let hospital = self.vault_of.ok_or(Refusal::VaultsOnly)?;
		let kept = self.kept?;
		match kept.belongs_to(hospital) {
			true => Ok(kept.document),
			false => Err(Refusal::OtherVault { hospital: kept.vaults.home, gateway: None }),
		}
	}
}

async fn read_kept(
	at: &At,
	patient: PatientId,
	item: Item,
) -> Result<Result<Kept, Refusal>, Error> {
	Ok(match item {
		Item::Record(index) => match at.record_info(patient, index).await? {
			None => Err(Refusal::Denied(Denied::RecordNotFound)),
			Some(found) => match found.record.document.zip(found.vaults) {
				Some((document, vaults)) => Ok(Kept { document, vaults }),
				None => Err(Refusal::Denied(Denied::RecordWithdrawn)),
			},
		},
		Item::Profile => match at.patient(patient).await? {
			None => Err(Refusal::Denied(Denied::PatientNotFound)),
			Some(found) => match found.profile.zip(found.profile_vaults) {
				Some((profile, vaults)) => Ok(Kept { document: profile.document, vaults }),
				None => Err(Refusal::NoProfile),
			},
		},
	})
}

impl Authority {
	/// The document that the vault with this account may fetch here, by the final block and the best one. Whether this
	/// vault is still to keep it does not matter: another is to have what this one has.
	pub async fn kept_by(
		&self,
		account: &AccountId,
		patient: PatientId,
		item: Item,
	) -> Result<(Document, Block), Refusal> {
		let view = self.view().await?;
		let mut document = None;
		// The final block comes last, and its answer stays.
		for at in [&view.best, &view.finalized] {
			let facts = Facts::read(at, account, patient, item).await;
			document = Some(facts.map_err(|why| self.nodes.failed(&why))?.decide()?);
		}
		let document = document.ok_or(Refusal::NodeUnreachable)?;
		Ok((document, view.block()))
	}

	/// Whether the chain names this account as that of the own hospital's vault, by the final block.
	pub async fn is_own_vaults(&self, account: &AccountId) -> Result<bool, Refusal> {
		let view = self.view().await?;
		let found = view.finalized.vault_of(*account).await;
		Ok(found.map_err(|why| self.nodes.failed(&why))? == Some(self.hospital))
	}

	/// The hospitals that have left and whose documents another one keeps, by the final block.
	pub async fn successions(&self) -> Result<Vec<Succession>, Refusal> {
		let at = self.view().await?.finalized;
		at.successors().await.map_err(|why| self.nodes.failed(&why))
	}

	/// A page of a hospital's patients, by the final block. It may be empty without being the last.
	pub async fn people_of(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
	) -> Result<Page<PatientInfo, PatientId>, Refusal> {
		let at = self.view().await?.finalized;
		let found = at.patients_of_hospital(hospital, after, MAX_PAGE).await;
		found.map_err(|why| self.nodes.failed(&why))
	}

	/// A page of the patients who have chosen a hospital's vault, by the final block. It may be empty without being the
	/// last.
	pub async fn choosers_of(
		&self,
		hospital: HospitalId,
		after: Option<PatientId>,
	) -> Result<Page<PatientId, PatientId>, Refusal> {
		let at = self.view().await?.finalized;
		let found = at.patients_of_vault(hospital, after, MAX_PAGE).await;
		found.map_err(|why| self.nodes.failed(&why))
	}

	/// A patient, by the final block.
	pub async fn patient(&self, patient: PatientId) -> Result<Option<PatientInfo>, Refusal> {
		let at = self.view().await?.finalized;
		at.patient(patient).await.map_err(|why| self.nodes.failed(&why))
	}

	/// A page of a chart's records, by the final block.
	pub async fn records(
		&self,
		patient: PatientId,
		after: Option<RecordIndex>,
	) -> Result<Page<RecordInfo, RecordIndex>, Refusal> {
		let at = self.view().await?.finalized;
		at.records(patient, after, MAX_PAGE).await.map_err(|why| self.nodes.failed(&why))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NORTH: HospitalId = HospitalId(0);
	const EAST: HospitalId = HospitalId(1);
	const SOUTH: HospitalId = HospitalId(2);
	const WEST: HospitalId = HospitalId(3);

	/// At North, with a mirror at East, and moved away from South.
	fn kept() -> Kept {
		Kept {
			document: Document { digest: [1; 32], head: [0; 16], size: 1_000, vault: SOUTH },
			vaults: Vaults { home: NORTH, mirror: Some(EAST), former: vec![SOUTH] },
		}
	}

	fn decided(vault_of: Option<HospitalId>, kept: Result<Kept, Refusal>) -> Result<(), Refusal> {
		Facts { vault_of, kept }.decide().map(drop)
	}

	#[test]
	fn vaults_that_are_to_have_a_document_may_fetch_it_and_no_other_account() {
		for may in [NORTH, EAST] {
			assert_eq!(decided(Some(may), Ok(kept())), Ok(()));
		}
		for other in [SOUTH, WEST] {
			let elsewhere = Refusal::OtherVault { hospital: NORTH, gateway: None };
			assert_eq!(decided(Some(other), Ok(kept())), Err(elsewhere));
		}
		assert_eq!(decided(None, Ok(kept())), Err(Refusal::VaultsOnly));
		// Who is no vault learns nothing about the chart.
		let withdrawn = || Err(Refusal::Denied(Denied::RecordWithdrawn));
		assert_eq!(decided(None, withdrawn()), Err(Refusal::VaultsOnly));
		assert_eq!(decided(Some(NORTH), withdrawn()), withdrawn().map(|_: Kept| ()));
	}

	#[test]
	fn whoever_may_have_it_is_asked_and_the_one_that_has_left_last() {
		assert_eq!(kept().others(NORTH), [EAST, SOUTH]);
		assert_eq!(kept().others(EAST), [NORTH, SOUTH]);
		let mut succeeded = kept();
		succeeded.vaults = Vaults { home: WEST, mirror: Some(EAST), former: vec![] };
		assert_eq!(succeeded.others(WEST), [EAST, SOUTH]);
		let alone = Vaults { home: SOUTH, mirror: None, former: vec![] };
		assert!(Kept { vaults: alone, ..kept() }.others(SOUTH).is_empty());
	}
}
