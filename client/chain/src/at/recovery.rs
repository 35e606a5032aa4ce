//! Queries about guardians, and about new accounts that ask to take people over. Runtimes of the last release know of
//! none.

use super::{
	At,
	paging::{PEOPLE, every_unordered},
};
use crate::{AccountId, Result};
use medblock_primitives::*;
use pallet_delegation_runtime_api::{GuardiansInfo, RecoveryInfo as RecoveryInfoOf, WardInfo};
use pallet_medical_records_runtime_api::MAX_PAGE;

/// A new account that asks to take a person over, as recorded on the chain.
pub type RecoveryInfo = RecoveryInfoOf<AccountId>;

impl At {
	/// The guardians of a person. Doors answer it to the person, the guardians, and the new account.
	pub async fn guardians(&self, person: Person) -> Result<Option<GuardiansInfo>> {
		self.ask_of_delegation("DelegationApi_guardians", person).await
	}

	/// A guardian's share of what opens a person's data, as sealed to the guardian.
	pub async fn guardian_share(
		&self,
		person: Person,
		guardian: Delegate,
	) -> Result<Option<SealedShare>> {
		self.ask_of_delegation("DelegationApi_guardian_share", (person, guardian)).await
	}

	/// The people whose guardian a person or a desk is, in no particular order.
	pub async fn wards(&self, guardian: Delegate) -> Result<Vec<WardInfo>> {
		let page = |after: Option<Person>| {
			self.page_of_delegation("DelegationApi_wards", (guardian, after, MAX_PAGE))
		};
		every_unordered(self.paging("wards", PEOPLE, None), page).await
	}

	/// The new accounts that ask to take a person over.
	pub async fn recoveries(&self, person: Person) -> Result<Vec<RecoveryInfo>> {
		self.ask_of_delegation("DelegationApi_recoveries", person).await
	}

	/// The share that a guardian has handed over to a new device.
	pub async fn recovery_share(
		&self,
		person: Person,
		new: AccountId,
		guardian: Delegate,
	) -> Result<Option<SealedShare>> {
		self.ask_of_delegation("DelegationApi_recovery_share", (person, new, guardian)).await
	}
}
