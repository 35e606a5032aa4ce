//! Accounts' files, and what becomes of those that somebody has changed.

#![allow(clippy::unwrap_used)]

use super::*;
use tempfile::TempDir;

const WORDS: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

struct Here {
	home: TempDir,
	keystore: Keystore,
}

fn name(text: &str) -> Name {
	text.parse().unwrap()
}

fn passphrase() -> SecretString {
	SecretString::from("correct horse battery")
}

impl Here {
	fn with_account(account: &str) -> Self {
		let home = tempfile::tempdir().unwrap();
		let keystore = Keystore::new(home.path());
		let words = Mnemonic::parse(WORDS).unwrap();
		keystore.create(&name(account), &words, Key::Own, passphrase()).unwrap();
		Self { home, keystore }
	}

	fn path(&self, file: &str) -> PathBuf {
		self.home.path().join("accounts").join(file)
	}

	fn unlock(&self, account: &str) -> Result<Account, Error> {
		self.keystore.unlock(&name(account), passphrase())
	}

	/// What comes of unlocking a file that was changed like this.
	fn changed(&self, account: &str, change: impl FnOnce(&mut Vec<u8>)) -> Error {
		let path = self.path(&format!("{account}.age"));
		let whole = fs::read(&path).unwrap();
		let mut bytes = whole.clone();
		change(&mut bytes);
		fs::write(&path, bytes).unwrap();
		let Err(error) = self.unlock(account) else { panic!("it was unlocked") };
		fs::write(&path, whole).unwrap();
		error
	}
}

#[test]
fn nobody_else_can_read_an_account() {
	use std::os::unix::fs::PermissionsExt;
	let here = Here::with_account("maria");
	let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
	assert_eq!(mode(&here.path("maria.age")), 0o600);
	assert_eq!(mode(&here.path("maria.json")), 0o600);
	assert_eq!(mode(&here.home.path().join("accounts")), 0o700);
	let locked = fs::read(here.path("maria.age")).unwrap();
	let public = fs::read(here.path("maria.json")).unwrap();
	for word in WORDS.split(' ') {
		for bytes in [&locked, &public] {
			assert!(!bytes.windows(word.len()).any(|one| one == word.as_bytes()), "{word}");
		}
	}
}

#[test]
fn unlocked_account_is_the_one_that_was_made() {
	let here = Here::with_account("maria");
	let account = here.unlock("maria").unwrap();
	assert_eq!(*account.words.words(), *WORDS);
	let address = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";
	assert_eq!(account.entry.address, address);
	assert_eq!(account.id.to_string(), address);
	assert_eq!(account.signer.unwrap().public_key().0, account.id.0);
}

#[test]
fn changed_or_cut_file_is_refused() {
	let here = Here::with_account("maria");
	let size = fs::metadata(here.path("maria.age")).unwrap().len() as usize;
	// In the version line; there is no need to try a passphrase on it.
	let error = here.changed("maria", |bytes| bytes[3] ^= 1);
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	// In the wrapped file key, in the header's MAC, and in the contents.
	let mac = |bytes: &[u8]| bytes.windows(4).position(|one| one == b"\n---").unwrap();
	let error = here.changed("maria", |bytes| {
		let at = mac(bytes) - 20;
		bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
	});
	assert!(matches!(error, Error::WrongPassphrase), "{error:?}");
	let error = here.changed("maria", |bytes| {
		let at = mac(bytes) + 8;
		bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
	});
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	for change in [
		(|bytes, size| bytes[size - 1] ^= 1) as fn(&mut Vec<u8>, usize),
		|bytes, size| bytes.truncate(size - 1),
		|bytes, _| bytes.push(0),
	] {
		let error = here.changed("maria", |bytes| change(bytes, size));
		assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	}
	for length in [0, 1, 21, 60] {
		let error = here.changed("maria", |bytes| bytes.truncate(length));
		assert!(matches!(error, Error::Damaged { .. }), "{length}: {error:?}");
	}
	let error = here.changed("maria", |bytes| bytes.resize(secrets::MAX_LENGTH + 1, 0));
	assert!(matches!(error, Error::File { .. }), "{error:?}");
	assert!(here.unlock("maria").is_ok());
}

#[test]
fn file_that_costs_too_much_to_unlock_is_refused() {
	let here = Here::with_account("maria");
	let error = here.changed("maria", |bytes| {
		let text = String::from_utf8_lossy(bytes).into_owned();
		let end = text.find(" 18\n").unwrap();
		bytes[end + 1..end + 3].copy_from_slice(b"30");
	});
	assert!(matches!(error, Error::TooMuchWork(_)), "{error:?}");
}

#[test]
fn one_accounts_file_is_not_taken_for_another_ones() {
	let here = Here::with_account("maria");
	fs::rename(here.path("maria.age"), here.path("jan.age")).unwrap();
	let Err(error) = here.unlock("jan") else { panic!("it was unlocked") };
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	assert!(matches!(here.unlock("maria"), Err(Error::NotFound(_))));
}

#[test]
fn missing_public_part_is_written_again() {
	let here = Here::with_account("maria");
	let before = here.keystore.list().unwrap();
	fs::remove_file(here.path("maria.json")).unwrap();
	assert_eq!(here.keystore.list().unwrap(), [(name("maria"), None)]);
	here.unlock("maria").unwrap();
	assert_eq!(here.keystore.list().unwrap(), before);
}

#[test]
fn false_public_part_is_noticed() {
	let here = Here::with_account("maria");
	let path = here.path("maria.json");
	let text = fs::read_to_string(&path).unwrap();
	let false_address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	let address = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";
	fs::write(&path, text.replace(address, false_address)).unwrap();
	assert!(matches!(here.unlock("maria"), Err(Error::Damaged { .. })));
	for nonsense in ["", "{}", "\u{0}", &text.replace("maria", "jan")] {
		fs::write(&path, nonsense).unwrap();
		assert!(matches!(here.keystore.list(), Err(Error::Damaged { .. })), "{nonsense}");
	}
}

#[test]
fn what_is_there_is_not_overwritten() {
	let here = Here::with_account("maria");
	let before = fs::read(here.path("maria.age")).unwrap();
	let other = Mnemonic::generate();
	let again = here.keystore.create(&name("maria"), &other, Key::Own, passphrase());
	assert!(matches!(again, Err(Error::AlreadyThere(_))));
	assert_eq!(fs::read(here.path("maria.age")).unwrap(), before);
	assert!(matches!(here.keystore.ensure_free(&name("maria")), Err(Error::AlreadyThere(_))));
	// Nothing half-written is left, either.
	assert_eq!(fs::read_dir(here.home.path().join("accounts")).unwrap().count(), 2);
}
