//! A hospital's settings, which its controller changes: its gateway, its vault's account, and its registration mode.

use crate::{
	Error, Result,
	accounts::controlled,
	chain::{AccountId, Call},
	client::{Client, Done},
};
use medblock_primitives::*;
use medblock_vault_protocol::receipts::VaultAccount;
use subxt::utils::MultiSignature;
use subxt_signer::sr25519::{PublicKey, Signature, verify};

impl Client {
	/// Sets the registration mode of the hospital that this account controls.
	pub async fn set_registration(&self, mode: RegistrationMode) -> Result<Done> {
		self.conclude(&Call::set_registration_mode(mode)).await
	}

	/// Lets the hospital that this account controls make so many more decisions of one kind about people of
	/// one kind: verifications within a week, and others within a day.
	pub async fn allow_decisions(
		&self,
		what: Paced,
		capacity: Capacity,
		number: u32,
	) -> Result<Done> {
		let hospital = controlled(&self.chain().finalized().await?, self.keys.account()).await?;
		self.conclude(&Call::allow_decisions(hospital, what, capacity, number)).await
	}

	/// Sets the gateway's address of the hospital that this account controls.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] if it can't be a gateway's address.
	pub async fn set_gateway(&self, url: &str) -> Result<Done> {
		ensure_gateway(url)?;
		self.conclude(&Call::set_gateway(url.as_bytes().to_vec())).await
	}

	/// Names the account of the vault of the hospital that this account controls: the one that its gateway has made, which
	/// gives receipts from then on. Gives that account, too.
	///
	/// # Errors
	///
	/// [`Error::BadValue`] if the gateway's account has not agreed.
	pub async fn name_vault_account(&self) -> Result<(Done, AccountId)> {
		let hospital = controlled(&self.chain().finalized().await?, self.keys.account()).await?;
		let VaultAccount { account, proof } = self.vault(hospital).await?.account().await?;
		let refused = || Error::BadValue {
			what: "the gateway's account",
			problem: "has not signed that it becomes the one of this hospital's vault",
		};
		let account = may_be_address(&account).then(|| account.parse::<AccountId>().ok()).flatten();
		let account = account.ok_or_else(refused)?;
		let message = vault_account_message(&self.genesis(), hospital, &account.0);
		if !verify(&Signature(proof.0), message, &PublicKey(account.0)) {
			return Err(refused());
		}
		let call = Call::set_vault_account(account, MultiSignature::Sr25519(proof.0));
		Ok((self.conclude(&call).await?, account))
	}

	/// Gives up the log of the vault of the hospital that this account controls, and begins another.
	pub async fn begin_disclosure_log(&self) -> Result<Done> {
		self.conclude(&Call::begin_disclosure_log()).await
	}
}

/// Fails if this can't be the address of a hospital's gateway.
pub(crate) fn ensure_gateway(gateway: &str) -> Result<()> {
	if is_gateway(gateway.as_bytes()) {
		return Ok(());
	}
	Err(Error::BadValue {
		what: "the gateway's address",
		problem: "has to begin with https:// (with http:// only on this machine), and has no spaces",
	})
}
