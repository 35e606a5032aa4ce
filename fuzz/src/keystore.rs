//! Accounts' files, as a stranger could have written them onto a person's device.

use futures::executor::block_on;
use medblock_keystore::{Account, Answers, Handle, Keystore, Name, Questions, WorkFactor};
use medblock_platform::{Memory, Storage};
use std::sync::Arc;

/// No file opens as an account, since no one has sealed it to this passkey, and what describes an account is whole.
pub(crate) fn files(bytes: &[u8]) {
	let _ = Questions::of_file(bytes);
	if let Ok(answers) = Answers::new(&[1; 32], &[2; 32]) {
		assert!(Account::in_passkey_file(bytes, &answers).is_err());
	}
	if let Some(handle) = Handle::parse(bytes) {
		assert_eq!(handle.to_bytes(), bytes);
	}
	let text = String::from_utf8_lossy(bytes);
	if let Ok(name) = text.parse::<Name>() {
		assert_eq!(name.as_str(), text);
	}
	block_on(described(bytes));
}

/// An account's public part, and the notes about its copies.
async fn described(bytes: &[u8]) {
	let Ok(name) = "maria".parse::<Name>() else { return };
	let storage = Arc::new(Memory::new());
	for file in ["accounts/maria.age", "accounts/maria.json", "copies/maria/aB-_.json"] {
		storage.create(file, bytes).await.expect("memory is free");
	}
	let keystore = Keystore::new(storage, WorkFactor::NATIVE);
	if let Ok(Some(entry)) = keystore.entry(&name).await {
		assert_eq!(entry.name, name);
	}
	let copies = keystore.copies(&name).await.expect("damaged notes are no error");
	let damaged = keystore.damaged_notes(&name).await.expect("damaged notes are no error");
	assert_eq!(copies.len() + damaged.len(), 1);
	for copy in copies {
		assert!(copy.steps(1).len() <= copy.at.len() + 1);
	}
}

pub(crate) fn files_seeds() -> Vec<Vec<u8>> {
	let age = "age-encryption.org/v1\n-> age-encryption.org/fido2prf AAAAAAAAAAAAAAAAAAAAAA\n\
		AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
	let entry = format!(
		r#"{{"name":"maria","address":"5Grw","kind":"own","encryptionKeyDigest":"{}","created":"2026-03-02T10:00:00Z"}}"#,
		"07".repeat(32)
	);
	let note = format!(r#"{{"locator":"{}","at":[0,1],"wanted":true}}"#, "07".repeat(32));
	let handle = [&[1][..], &[7; 32], &[0; 4]].concat();
	vec![age.into(), entry.into(), note.into(), handle, b"maria-2".to_vec()]
}
