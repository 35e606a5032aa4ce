//! Forgetting accounts that are removed from a device.

use crate::{Result, chain::AccountId, names, notebook, receipts, recovery, titles};
use medblock_platform::Files;

/// The folders of what a device keeps, for each account and each chain.
const FOLDERS: [&str; 8] =
	["titles", "names", "notebook", "receipts", "logs", "unreceipted", "recovered", "outbox"];

/// The file of keys that were seen.
const PINS: &str = "pins.json";

/// Deletes what this device keeps for an account beside its keys, of all chains: titles, patients' names, the notebook,
/// receipts, what was seen of logs, and keys that guardians gave back. Ciphertext in flight stays, because it belongs to charts, and so do other people's keys.
pub async fn forget_account(files: &dyn Files, account: AccountId) -> Result<()> {
	titles::forget(files, account).await?;
	names::forget(files, account).await?;
	notebook::forget(files, account).await?;
	recovery::forget(files, account).await?;
	receipts::forget(files, account).await
}

/// Deletes what this device keeps for any account, for a device that has none any more.
pub async fn forget_every_account(files: &dyn Files) -> Result<()> {
	for folder in FOLDERS {
		files.clear(folder).await?;
	}
	Ok(files.remove(PINS).await?)
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use medblock_platform::{Memory, Storage};

	#[tokio::test]
	async fn account_is_forgotten_and_no_other() {
		let files = Memory::new();
		let [gone, stays] = [[1u8; 32], [2; 32]].map(AccountId::from);
		let of = |account: AccountId| {
			["titles", "names", "notebook", "receipts", "logs", "unreceipted", "recovered"]
				.map(|folder| format!("{folder}/{account}/0011223344556677"))
		};
		for name in [of(gone), of(stays)].concat() {
			files.create(&format!("{name}/0"), b"kept").await.unwrap();
		}
		files.create("outbox/0011223344556677/3-0-00.age", b"in flight").await.unwrap();
		files.create(PINS, b"{}").await.unwrap();
		forget_account(&files, gone).await.unwrap();
		for (account, left) in [(gone, 0), (stays, 1)] {
			for folder in of(account) {
				let found = files.list(&format!("{folder}/")).await.unwrap();
				assert_eq!(found.len(), left, "{folder}");
			}
		}
		assert_eq!(files.list("outbox/0011223344556677/").await.unwrap().len(), 1);

		forget_every_account(&files).await.unwrap();
		assert!(files.list("outbox/0011223344556677/").await.unwrap().is_empty());
		for folder in of(stays) {
			assert!(files.list(&format!("{folder}/")).await.unwrap().is_empty());
		}
		assert!(files.find(PINS).await.unwrap().is_none());
	}
}
