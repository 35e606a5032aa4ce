//! What the chain knows of people who act for others. The last release's runtime knows of none: clients and vaults are
//! upgraded before the chain, and go on serving everyone else.

use super::{
	At,
	paging::{PEOPLE, every_unordered},
};
use crate::Result;
use codec::Decode;
use medblock_primitives::*;
use pallet_delegation_runtime_api::{RepresentativeInfo, Representing};
use pallet_medical_records_runtime_api::{MAX_PAGE, Page};

impl At {
	/// The key with which a patient acts for others.
	pub async fn acting_key(&self, patient: PatientId) -> Result<Option<EncryptionKey>> {
		self.ask_of_delegation("DelegationApi_acting_key", patient).await
	}

	/// The people who act for a patient, or are named to: at most [`MAX_REPRESENTATIVES`]. Doors answer it to the
	/// patient alone.
	pub async fn representatives(&self, patient: PatientId) -> Result<Vec<RepresentativeInfo>> {
		self.ask_of_delegation("DelegationApi_representatives", patient).await
	}

	/// The patients that a person represents: at most [`MAX_REPRESENTED`]. Doors answer it to the person alone.
	pub async fn represented(&self, representative: PatientId) -> Result<Vec<RepresentativeInfo>> {
		self.ask_of_delegation("DelegationApi_represented", representative).await
	}

	/// The representatives who wait for a hospital to confirm them, in no particular order.
	pub async fn awaiting_representatives(
		&self,
		hospital: HospitalId,
	) -> Result<Vec<RepresentativeInfo>> {
		let page = |after: Option<Representing>| {
			let arguments = (hospital, after, MAX_PAGE);
			self.page_of_delegation("DelegationApi_awaiting_representatives", arguments)
		};
		every_unordered(self.paging("representatives", PEOPLE, None), page).await
	}

	/// The chart's secret that a representative was given.
	pub async fn representative_key(
		&self,
		patient: PatientId,
		representative: PatientId,
	) -> Result<Option<SealedKey>> {
		let pair = (patient, representative);
		self.ask_of_delegation("DelegationApi_representative_key", pair).await
	}

	/// Whether a representative may see a chart or one of its records, or the reason why not.
	pub async fn representative_access(
		&self,
		patient: PatientId,
		representative: PatientId,
		record: Option<RecordIndex>,
	) -> Result<std::result::Result<Allowed, Denied>> {
		let function = "DelegationApi_representative_access";
		match self.ask(function, (patient, representative, record)).await {
			Err(why) if why.is_lack_of(function) => Ok(Err(Denied::NotGranted)),
			answer => answer,
		}
	}

	/// Asks what the last release's runtime has no answer to: no one acts for anyone there.
	pub(super) async fn ask_of_delegation<T: Decode + Default>(
		&self,
		function: &'static str,
		arguments: impl codec::Encode,
	) -> Result<T> {
		match self.ask(function, arguments).await {
			Err(why) if why.is_lack_of(function) => Ok(T::default()),
			answer => answer,
		}
	}

	/// The same for a page of a list, which is empty there.
	pub(super) async fn page_of_delegation<T: Decode, C: Decode>(
		&self,
		function: &'static str,
		arguments: impl codec::Encode,
	) -> Result<Page<T, C>> {
		match self.ask(function, arguments).await {
			Err(why) if why.is_lack_of(function) => Ok(Page { items: Vec::new(), next: None }),
			answer => answer,
		}
	}
}
