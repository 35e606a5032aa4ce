//! Accounts of new devices, which are to take over from lost ones.

use super::Authority;
use crate::errors::Refusal;
use medblock_chain::AccountId;
use medblock_primitives::Person;

impl Authority {
	/// Whether a guardian has asked for the account to take this person over, and the request still stands.
	pub async fn recovers(&self, account: &AccountId, person: Person) -> Result<bool, Refusal> {
		let view = self.view().await?;
		for at in [&view.best, &view.finalized] {
			let all = at.recoveries(person).await.map_err(|why| self.nodes.failed(&why))?;
			if all.iter().any(|one| one.new == *account) {
				return Ok(true);
			}
		}
		Ok(false)
	}
}
