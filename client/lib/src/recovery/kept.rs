//! The encryption keys of a doctor's lost device that guardians have given back. Patients have sealed to them, and may not have sealed to
//! the new one yet.
//!
//! They are one value, `recovered/ACCOUNT/CHAIN`, sealed under a key of the account's root secret, and bound to the chain and
//! the account.

use crate::{Keys, Result, chain::AccountId};
use codec::{Decode, Encode};
use medblock_crypto::{CacheKey, Identity};
use medblock_platform::Files;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The folder of all of them.
const FOLDER: &str = "recovered";

/// The first of what a value is bound to.
const LABEL: &[u8] = b"medblock/v1/recovered";

/// The most keys that are kept: the newest.
const MOST: usize = 16;

/// The longest value, in bytes: more than that many keys, with the seal.
const LONGEST: usize = 1_024;

/// Deletes the recovered keys of an account, of all chains. They are to go when the account is removed.
pub(crate) async fn forget(files: &dyn Files, account: AccountId) -> Result<()> {
	Ok(files.clear(&format!("{FOLDER}/{account}")).await?)
}

/// The recovered keys of one account of one chain.
pub(crate) struct Recovered {
	files: Arc<dyn Files>,
	name: String,
	bound: Vec<u8>,
	/// None if the account has no secret here. Nothing is kept then.
	key: Option<CacheKey>,
}

/// Versions of a doctor's key, each with its seed.
type Seeds = Vec<(u32, [u8; 32])>;

impl Recovered {
	/// Those of the account with these keys. Nothing is read yet.
	pub(crate) fn new(files: Arc<dyn Files>, keys: &Keys, genesis: [u8; 32]) -> Self {
		let account = keys.account();
		let key = keys.root().ok().map(|root| root.recovered_key(&genesis, &account.0));
		let chain: String = hex::encode(genesis).chars().take(16).collect();
		let bound = [LABEL, &genesis[..], &account.0[..]].concat();
		Self { files, name: format!("{FOLDER}/{account}/{chain}"), bound, key }
	}

	/// The keys, each with its version; none if there are none, or none that open.
	pub(crate) async fn read(&self) -> Result<Vec<(u32, Identity)>> {
		let seeds = Zeroizing::new(self.seeds().await?);
		Ok(seeds.iter().map(|(version, seed)| (*version, Identity::from_seed(*seed))).collect())
	}

	/// Keeps another key.
	pub(super) async fn keep(&self, version: u32, seed: &[u8; 32]) -> Result<()> {
		let Some(key) = &self.key else { return Ok(()) };
		let mut seeds = Zeroizing::new(self.seeds().await?);
		seeds.retain(|one| one != &(version, *seed));
		seeds.insert(0, (version, *seed));
		seeds.truncate(MOST);
		let plain = Zeroizing::new(seeds.encode());
		Ok(self.files.replace(&self.name, &key.seal(&self.bound, &plain)).await?)
	}

	async fn seeds(&self) -> Result<Seeds> {
		let Some(key) = &self.key else { return Ok(Seeds::new()) };
		let Some(sealed) = self.files.read(&self.name, LONGEST).await? else {
			return Ok(Seeds::new());
		};
		let Some(plain) = key.open(&self.bound, &sealed) else { return Ok(Seeds::new()) };
		Ok(Seeds::decode(&mut &plain[..]).unwrap_or_default())
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_crypto::Mnemonic;
	use medblock_platform::Memory;

	fn keys() -> Keys {
		Keys::from_seed(Mnemonic::generate().seed("")).unwrap()
	}

	#[tokio::test]
	async fn keys_are_kept_for_their_account_and_chain_only() {
		let (files, own, other) = (Arc::new(Memory::new()), keys(), keys());
		let kept = Recovered::new(files.clone(), &own, [1; 32]);
		assert!(kept.read().await.unwrap().is_empty());
		kept.keep(1, &[7; 32]).await.unwrap();
		kept.keep(1, &[7; 32]).await.unwrap();
		kept.keep(3, &[8; 32]).await.unwrap();
		let read = kept.read().await.unwrap();
		assert_eq!(read.iter().map(|one| one.0).collect::<Vec<_>>(), [3, 1]);
		assert_eq!(read[0].1.public_key(), Identity::from_seed([8; 32]).public_key());
		for elsewhere in [
			Recovered::new(files.clone(), &other, [1; 32]),
			Recovered::new(files.clone(), &own, [2; 32]),
		] {
			assert!(elsewhere.read().await.unwrap().is_empty());
		}
		forget(&*files, own.account()).await.unwrap();
		assert!(kept.read().await.unwrap().is_empty());
	}

	#[tokio::test]
	async fn no_more_are_kept_than_are_read_again() {
		let kept = Recovered::new(Arc::new(Memory::new()), &keys(), [1; 32]);
		for version in 0..40 {
			kept.keep(version, &[version as u8; 32]).await.unwrap();
		}
		let versions: Vec<u32> = kept.read().await.unwrap().iter().map(|one| one.0).collect();
		assert_eq!(versions, (24..40).rev().collect::<Vec<_>>());
	}

	/// Without its key, a doctor's recovery would close all charts until each patient has acted.
	#[tokio::test]
	async fn recovered_key_opens_what_was_sealed_to_the_lost_one() {
		use medblock_crypto::{Pair, SealContext, seal};
		let (lost, new) = (keys(), keys());
		let identity = lost.identity(2).unwrap();
		let context = SealContext::epoch(Pair { genesis: [1; 32], patient: 5, doctor: 3 }, 0, 4, 2);
		let sealed = seal(&identity.public_key(), &context, &[9; 32]).unwrap();
		assert!(new.unseal(2, &context, &sealed).is_err());
		new.recover(vec![(2, identity)]);
		assert_eq!(*new.unseal(2, &context, &sealed).unwrap(), [9; 32]);
		assert!(new.unseal(1, &context, &sealed).is_err(), "another version");
	}
}
