//! What a call will take of an allowance, before anything is done for it.

use super::{Signable, Until};
use crate::{AccountId, Call, Chain, Error, LIFETIME, Result};
use subxt::utils::MultiSignature;

impl Chain {
	/// Fails if the account's allowance does not suffice for a call now, or the call could not be sent because finality has
	/// stopped. Sends nothing, and has nothing signed.
	///
	/// # Errors
	///
	/// [`Error::AllowanceSpent`], [`Error::FinalityStopped`], and others if the node does not tell.
	pub async fn ensure_afforded(&self, account: AccountId, call: &Call) -> Result<()> {
		let made = self.make(Until::Final, account, LIFETIME, call).await?;
		let Signable { mut inner, turn, funds, .. } = made;
		// No transaction needs this nonce.
		drop(turn);
		// Nodes look at the length alone: a signature of this account would be sent by anyone who sees it.
		let nobodys = MultiSignature::Sr25519([0; 64]);
		let transaction = inner
			.sign_with_account_and_signature(&account, &nobodys)
			.map_err(|why| Error::refused(&self.url, why))?;
		self.best().await?.ensure_afforded(account, funds, transaction.encoded()).await
	}
}
