//! Queries about those who may act for a person, by which doors decide who may ask about the person. Runtimes of the last
//! release know of none.

use super::At;
use crate::{AccountId, Result};
use medblock_primitives::*;
use pallet_delegation_runtime_api::RecoveryInfo;

impl At {
	/// A guardian's share, as sealed to them; nothing if they are no guardian of this person.
	pub async fn guardian_share(
		&self,
		person: Person,
		guardian: Delegate,
	) -> Result<Option<SealedKey>> {
		self.ask_of_delegation("DelegationApi_guardian_share", (person, guardian)).await
	}

	/// The new accounts that ask to take a person over, of which there is at most one for each guardian.
	pub async fn recoveries(&self, person: Person) -> Result<Vec<RecoveryInfo<AccountId>>> {
		self.ask_of_delegation("DelegationApi_recoveries", person).await
	}
}
