//! Accounts' files, intact and changed.

#![allow(clippy::unwrap_used)]

use crate::*;
use medblock_platform::{Folder, Memory};
use std::{
	fs,
	path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A fast one: tests unlock often.
const FAST: WorkFactor = WorkFactor(10);

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
	async fn with_account(account: &str) -> Self {
		let home = tempfile::tempdir().unwrap();
		let keystore = Keystore::new(Arc::new(Folder::new(home.path())), FAST);
		let words = Mnemonic::parse(WORDS).unwrap();
		keystore.create(&name(account), &words, Key::Own, passphrase()).await.unwrap();
		Self { home, keystore }
	}

	fn path(&self, file: &str) -> PathBuf {
		self.home.path().join("accounts").join(file)
	}

	async fn unlock(&self, account: &str) -> Result<Account, Error> {
		self.keystore.unlock(&name(account), passphrase()).await
	}

	/// The error of unlocking a file that was changed like this.
	async fn changed(&self, account: &str, change: impl FnOnce(&mut Vec<u8>)) -> Error {
		let path = self.path(&format!("{account}.age"));
		let whole = fs::read(&path).unwrap();
		let mut bytes = whole.clone();
		change(&mut bytes);
		fs::write(&path, bytes).unwrap();
		let Err(error) = self.unlock(account).await else { panic!("it was unlocked") };
		fs::write(&path, whole).unwrap();
		error
	}
}

#[tokio::test]
async fn only_its_owner_can_read_an_account() {
	use std::os::unix::fs::PermissionsExt;
	let here = Here::with_account("maria").await;
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

#[tokio::test]
async fn unlocked_account_is_the_one_that_was_made() {
	let here = Here::with_account("maria").await;
	let account = here.unlock("maria").await.unwrap();
	assert_eq!(*account.words.words(), *WORDS);
	let address = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";
	assert_eq!(account.entry.address, address);
	assert_eq!(account.id.to_string(), address);
	assert_eq!(account.signer.unwrap().public_key().0, account.id.0);
}

#[tokio::test]
async fn changed_or_cut_file_is_refused() {
	let here = Here::with_account("maria").await;
	let size = fs::metadata(here.path("maria.age")).unwrap().len() as usize;
	// In the version line; there is no need to try a passphrase on it.
	let error = here.changed("maria", |bytes| bytes[3] ^= 1).await;
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	// In the wrapped file key, in the header's MAC, and in the contents.
	let mac = |bytes: &[u8]| bytes.windows(4).position(|one| one == b"\n---").unwrap();
	let error = here
		.changed("maria", |bytes| {
			let at = mac(bytes) - 20;
			bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
		})
		.await;
	assert!(matches!(error, Error::WrongPassphrase), "{error:?}");
	let error = here
		.changed("maria", |bytes| {
			let at = mac(bytes) + 8;
			bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
		})
		.await;
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	for change in [
		(|bytes, size| bytes[size - 1] ^= 1) as fn(&mut Vec<u8>, usize),
		|bytes, size| bytes.truncate(size - 1),
		|bytes, _| bytes.push(0),
	] {
		let error = here.changed("maria", |bytes| change(bytes, size)).await;
		assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	}
	for length in [0, 1, 21, 60] {
		let error = here.changed("maria", |bytes| bytes.truncate(length)).await;
		assert!(matches!(error, Error::Damaged { .. }), "{length}: {error:?}");
	}
	let error = here.changed("maria", |bytes| bytes.resize(secrets::MAX_LENGTH + 1, 0)).await;
	assert!(matches!(error, Error::Storage(_)), "{error:?}");
	assert!(here.unlock("maria").await.is_ok());
}

#[tokio::test]
async fn file_that_costs_too_much_to_unlock_is_refused() {
	let here = Here::with_account("maria").await;
	let error = here
		.changed("maria", |bytes| {
			let text = String::from_utf8_lossy(bytes).into_owned();
			let end = text.find(" 10\n").unwrap();
			bytes[end + 1..end + 3].copy_from_slice(b"30");
		})
		.await;
	assert!(matches!(error, Error::TooMuchWork(_)), "{error:?}");
}

#[tokio::test]
async fn one_accounts_file_is_not_taken_for_another_ones() {
	let here = Here::with_account("maria").await;
	fs::rename(here.path("maria.age"), here.path("jan.age")).unwrap();
	let Err(error) = here.unlock("jan").await else { panic!("it was unlocked") };
	assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
	assert!(matches!(here.unlock("maria").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn missing_public_part_is_written_again() {
	let here = Here::with_account("maria").await;
	let before = here.keystore.list().await.unwrap();
	fs::remove_file(here.path("maria.json")).unwrap();
	assert_eq!(here.keystore.list().await.unwrap(), [(name("maria"), Ok(None))]);
	here.unlock("maria").await.unwrap();
	assert_eq!(here.keystore.list().await.unwrap(), before);
}

#[tokio::test]
async fn account_without_its_public_part_is_unlocked_where_nothing_can_be_written() {
	use std::os::unix::fs::PermissionsExt;
	let here = Here::with_account("maria").await;
	let (path, folder) = (here.path("maria.json"), here.home.path().join("accounts"));
	fs::remove_file(&path).unwrap();
	let set_mode = |mode| {
		fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
	};
	set_mode(0o500);
	// Root may write everywhere: there, the public part is written.
	let is_root = fs::write(folder.join("new"), "").is_ok();
	let unlocked = here.unlock("maria").await;
	set_mode(0o700);
	unlocked.unwrap();
	assert_eq!(path.exists(), is_root);
}

#[tokio::test]
async fn false_public_part_is_noticed() {
	let here = Here::with_account("maria").await;
	let path = here.path("maria.json");
	let text = fs::read_to_string(&path).unwrap();
	let false_address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	let address = "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV";
	fs::write(&path, text.replace(address, false_address)).unwrap();
	assert!(matches!(here.unlock("maria").await, Err(Error::BadEntry(_))));
	assert_eq!(fs::read_to_string(&path).unwrap(), text.replace(address, false_address));
}

/// As a full disk, another version or another user leaves it.
#[tokio::test]
async fn useless_public_part_hides_no_account_and_is_written_again() {
	let here = Here::with_account("maria").await;
	here.keystore
		.create(&name("jan"), &Mnemonic::generate(), Key::Own, passphrase())
		.await
		.unwrap();
	let (path, before) = (here.path("maria.json"), here.keystore.list().await.unwrap());
	let text = fs::read_to_string(&path).unwrap();
	let newer = text.replacen('{', "{\"newer\": 1,", 1);
	let long = " ".repeat(MAX_ENTRY + 1);
	for useless in
		["", "{}", "\u{0}", &text[..text.len() / 2], &text.replace("maria", "eva"), &newer, &long]
	{
		fs::write(&path, useless).unwrap();
		let listed = here.keystore.list().await.unwrap();
		assert_eq!(listed[0], before[0], "{useless}");
		let bad = listed[1].1.clone().unwrap_err();
		assert_eq!(bad.place, path.display().to_string(), "{useless}");
		here.unlock("maria").await.unwrap();
		assert_eq!(here.keystore.list().await.unwrap(), before, "{useless}");
	}
}

#[tokio::test]
async fn folder_in_place_of_a_public_part_is_named_and_hides_no_account() {
	let here = Here::with_account("maria").await;
	here.keystore
		.create(&name("jan"), &Mnemonic::generate(), Key::Own, passphrase())
		.await
		.unwrap();
	let path = here.path("maria.json");
	fs::remove_file(&path).unwrap();
	fs::create_dir(&path).unwrap();
	let listed = here.keystore.list().await.unwrap();
	assert!(matches!(listed[0].1, Ok(Some(_))), "{listed:?}");
	let bad = listed[1].1.clone().unwrap_err();
	assert_eq!(bad.place, path.display().to_string());
	// It can't be replaced, so the reason is what is there.
	let Err(Error::BadEntry(refused)) = here.unlock("maria").await else { panic!("unlocked") };
	assert_eq!(refused, bad);
	fs::remove_dir(&path).unwrap();
	assert!(here.unlock("maria").await.is_ok());
}

#[tokio::test]
async fn links_that_lead_nowhere_hide_no_account() {
	use std::os::unix::fs::symlink;
	let here = Here::with_account("maria").await;
	let (public, to_itself) = (here.path("maria.json"), here.path("jan.age"));
	fs::remove_file(&public).unwrap();
	for path in [&public, &to_itself] {
		symlink(path, path).unwrap();
	}
	let listed = here.keystore.list().await.unwrap();
	assert!(matches!(&listed[..], [(_, Err(bad))] if bad.place == public.display().to_string()));
	// It is replaced, and not followed.
	assert!(here.unlock("maria").await.is_ok());
	assert!(matches!(here.keystore.list().await.unwrap()[..], [(_, Ok(Some(_)))]));
}

#[tokio::test]
async fn passkey_unlocks_an_account_whose_public_part_is_useless() {
	let here = Here::with_account("maria").await;
	let (maria, id) = (name("maria"), "aB-_");
	let answers = || Answers::new(&[1; 32], &[2; 32]).unwrap();
	let keys = (Questions::new(), answers());
	here.keystore.add_passkey(&maria, passphrase(), id, keys).await.unwrap();
	fs::write(here.path("maria.json"), "").unwrap();
	assert!(here.keystore.unlock_by_passkey(&maria, id, &answers()).await.is_ok());
	here.keystore.remove(&maria).await.unwrap();
	assert!(!here.path("maria.json").exists());
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
	let here = Here::with_account("maria").await;
	let before = fs::read(here.path("maria.age")).unwrap();
	let other = Mnemonic::generate();
	let again = here.keystore.create(&name("maria"), &other, Key::Own, passphrase()).await;
	assert!(matches!(again, Err(Error::AlreadyThere(_))));
	assert_eq!(fs::read(here.path("maria.age")).unwrap(), before);
	assert!(matches!(here.keystore.ensure_free(&name("maria")).await, Err(Error::AlreadyThere(_))));
	// Nothing half-written is left, either.
	assert_eq!(fs::read_dir(here.home.path().join("accounts")).unwrap().count(), 2);
}

#[tokio::test]
async fn accounts_need_no_disk() {
	let keystore = Keystore::new(Arc::new(Memory::new()), FAST);
	assert_eq!(keystore.list().await.unwrap(), []);
	let words = Mnemonic::parse(WORDS).unwrap();
	keystore.create(&name("maria"), &words, Key::Own, passphrase()).await.unwrap();
	assert_eq!(*keystore.unlock(&name("maria"), passphrase()).await.unwrap().words.words(), *WORDS);
	assert_eq!(keystore.list().await.unwrap().len(), 1);
	let refused = keystore.unlock(&name("maria"), "wrong".into()).await;
	assert!(matches!(refused, Err(Error::WrongPassphrase)));
}

#[tokio::test]
async fn work_factor_is_the_one_that_was_asked_for() {
	for (factor, said) in [(WorkFactor::NATIVE, " 18\n"), (WorkFactor::BROWSER, " 16\n")] {
		let storage = Arc::new(Memory::new());
		let keystore = Keystore::new(storage.clone(), factor);
		let words = Mnemonic::parse(WORDS).unwrap();
		keystore.create(&name("maria"), &words, Key::Own, passphrase()).await.unwrap();
		let file = storage.read("accounts/maria.age", secrets::MAX_LENGTH).await.unwrap().unwrap();
		assert!(String::from_utf8_lossy(&file).contains(said));
		assert!(keystore.unlock(&name("maria"), passphrase()).await.is_ok());
	}
}

#[tokio::test]
async fn file_opens_elsewhere_under_its_own_name() {
	let here = Here::with_account("maria").await;
	let there = Keystore::new(Arc::new(Memory::new()), FAST);
	let file = here.keystore.file(&name("maria")).await.unwrap();
	assert_eq!(file, fs::read(here.path("maria.age")).unwrap());
	let wrong = there.take_in(file.clone(), "wrong".into()).await;
	assert!(matches!(wrong, Err(Error::WrongPassphrase)));
	assert!(there.list().await.unwrap().is_empty(), "nothing was kept");
	let taken = there.take_in(file.clone(), passphrase()).await.unwrap();
	assert_eq!(taken.id, here.unlock("maria").await.unwrap().id);
	let again = there.take_in(file, passphrase()).await;
	assert!(matches!(again, Err(Error::AlreadyThere(_))));
}

#[tokio::test]
async fn changed_passphrase_is_the_only_one() {
	let here = Here::with_account("maria").await;
	let maria = name("maria");
	let changed = here.keystore.change_passphrase(&maria, "wrong".into(), "new".into()).await;
	assert!(matches!(changed, Err(Error::WrongPassphrase)));
	here.keystore.change_passphrase(&maria, passphrase(), "new".into()).await.unwrap();
	assert!(matches!(here.unlock("maria").await, Err(Error::WrongPassphrase)));
	assert!(here.keystore.unlock(&maria, "new".into()).await.is_ok());
}

#[tokio::test]
async fn removed_account_leaves_nothing() {
	let here = Here::with_account("maria").await;
	let answers = Answers::new(&[1; 32], &[2; 32]).unwrap();
	let maria = name("maria");
	let keys = (Questions::new(), answers);
	here.keystore.add_passkey(&maria, passphrase(), "aB-_", keys).await.unwrap();
	here.keystore.remove(&maria).await.unwrap();
	assert!(matches!(here.unlock("maria").await, Err(Error::NotFound(_))));
	assert!(here.keystore.passkeys(&maria).await.unwrap().is_empty());
	assert!(matches!(here.keystore.remove(&maria).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn passkey_unlocks_beside_the_passphrase() {
	let here = Here::with_account("maria").await;
	let (maria, id) = (name("maria"), "aB-_");
	let answers = || Answers::new(&[1; 32], &[2; 32]).unwrap();
	let questions = Questions::new();
	let keys = (questions.clone(), answers());
	let wrong = here.keystore.add_passkey(&maria, "wrong".into(), id, keys).await;
	assert!(matches!(wrong, Err(Error::WrongPassphrase)));
	let keys = (questions.clone(), answers());
	here.keystore.add_passkey(&maria, passphrase(), id, keys).await.unwrap();
	assert_eq!(here.keystore.questions(&maria, id).await.unwrap(), questions);
	assert_eq!(here.keystore.passkeys(&maria).await.unwrap()[0].id, id);
	let opened = here.keystore.unlock_by_passkey(&maria, id, &answers()).await.unwrap();
	assert_eq!(opened.entry, here.unlock("maria").await.unwrap().entry);
	let other = Answers::new(&[1; 32], &[3; 32]).unwrap();
	let refused = here.keystore.unlock_by_passkey(&maria, id, &other).await;
	assert!(matches!(refused, Err(Error::WrongPasskey)));
	let unknown = here.keystore.unlock_by_passkey(&maria, "other", &answers()).await;
	assert!(matches!(unknown, Err(Error::NoSuchPasskey(_))));
	for bad in ["", "../maria", "a.b", &"a".repeat(1_365)] {
		let refused = here.keystore.questions(&maria, bad).await;
		assert!(matches!(refused, Err(Error::BadPasskey)), "{bad}");
	}
	assert_eq!(here.keystore.list().await.unwrap().len(), 1, "a passkey is no account");
	here.keystore.remove_passkey(&maria, id).await.unwrap();
	assert!(here.keystore.passkeys(&maria).await.unwrap().is_empty());
}

#[tokio::test]
async fn passkeys_file_brings_the_account_to_another_device() {
	let here = Here::with_account("maria").await;
	let (maria, id) = (name("maria"), "aB-_");
	let answers = || Answers::new(&[1; 32], &[2; 32]).unwrap();
	let questions = Questions::new();
	let keys = (questions.clone(), answers());
	here.keystore.add_passkey(&maria, passphrase(), id, keys).await.unwrap();
	let file = here.keystore.passkey_file(&maria, id).await.unwrap();
	assert_eq!(Questions::of_file(&file).unwrap(), questions);
	assert!(matches!(Questions::of_file(b"no file"), Err(Error::Damaged { .. })));
	let by_passphrase = here.keystore.file(&maria).await.unwrap();
	assert!(matches!(Questions::of_file(&by_passphrase), Err(Error::Damaged { .. })));

	let there = Keystore::new(Arc::new(Memory::new()), FAST);
	let wrong = Answers::new(&[1; 32], &[3; 32]).unwrap();
	let refused = there.take_in_by_passkey((file.clone(), None), id, wrong, "another".into()).await;
	assert!(matches!(refused, Err(Error::WrongPasskey)));
	assert!(there.list().await.unwrap().is_empty(), "nothing was kept");
	let taken =
		there.take_in_by_passkey((file.clone(), None), id, answers(), "another".into()).await;
	assert_eq!(taken.unwrap().entry, here.unlock("maria").await.unwrap().entry);
	assert!(there.unlock(&maria, "another".into()).await.is_ok());
	assert!(there.unlock_by_passkey(&maria, id, &answers()).await.is_ok());
	let again =
		there.take_in_by_passkey((file.clone(), None), id, answers(), "another".into()).await;
	assert!(matches!(again, Err(Error::AlreadyThere(_))));
	let visiting = Account::in_passkey_file(&file, &answers()).unwrap();
	assert_eq!(*visiting.words.words(), *WORDS);
}

#[tokio::test]
async fn passkey_brings_an_account_whose_name_is_taken_under_another() {
	let here = Here::with_account("me").await;
	let (me, second, id) = (name("me"), name("second"), "aB-_");
	let answers = || Answers::new(&[1; 32], &[2; 32]).unwrap();
	here.keystore.add_passkey(&me, passphrase(), id, (Questions::new(), answers())).await.unwrap();
	let file = here.keystore.passkey_file(&me, id).await.unwrap();

	let there = Keystore::new(Arc::new(Memory::new()), FAST);
	there.create(&me, &Mnemonic::generate(), Key::Own, passphrase()).await.unwrap();
	let bring = |name: Option<Name>| {
		there.take_in_by_passkey((file.clone(), name), id, answers(), "another".into())
	};
	assert!(matches!(bring(None).await, Err(Error::AlreadyThere(_))));
	let brought = bring(Some(second.clone())).await.unwrap();
	assert_eq!(brought.entry.name, second);
	assert_eq!(brought.id, here.unlock("me").await.unwrap().id);
	for opened in [
		there.unlock(&second, "another".into()).await.unwrap(),
		there.unlock_by_passkey(&second, id, &answers()).await.unwrap(),
	] {
		assert_eq!(opened.entry, brought.entry);
	}
	assert_ne!(there.unlock(&me, passphrase()).await.unwrap().id, brought.id);
}

#[tokio::test]
async fn one_accounts_passkey_is_not_taken_for_another_ones() {
	let here = Here::with_account("maria").await;
	let (maria, jan, id) = (name("maria"), name("jan"), "aB-_");
	let answers = || Answers::new(&[1; 32], &[2; 32]).unwrap();
	let keys = (Questions::new(), answers());
	here.keystore.add_passkey(&maria, passphrase(), id, keys).await.unwrap();
	here.keystore.create(&jan, &Mnemonic::generate(), Key::Own, passphrase()).await.unwrap();
	let folder = |of: &str| here.path("..").join("passkeys").join(of);
	fs::rename(folder("maria"), folder("jan")).unwrap();
	let refused = here.keystore.unlock_by_passkey(&jan, id, &answers()).await;
	assert!(matches!(refused, Err(Error::Damaged { .. })));
}

#[tokio::test]
async fn copy_that_arrives_after_its_passkey_was_removed_is_removed_as_well() {
	let here = Here::with_account("maria").await;
	let (maria, keystore) = (name("maria"), &here.keystore);
	let sent = |at: &[u32]| PasskeyCopy {
		passkey: "aB-_".into(),
		locator: [7; 32],
		at: at.to_vec(),
		wanted: true,
	};
	// While the vault is asked, the person removes the passkey: before, or after it was noted anywhere.
	for (before, left) in [(&[][..], &[3][..]), (&[1], &[1, 3])] {
		keystore.note_copy(&maria, &sent(before)).await.unwrap();
		keystore.remove_passkey(&maria, "aB-_").await.unwrap();
		let mut now = keystore.note_step(&maria, &sent(before), Step::Put(3)).await.unwrap();
		assert_eq!(now, PasskeyCopy { wanted: false, ..sent(left) });
		assert_eq!(keystore.copies(&maria).await.unwrap(), [now.clone()]);
		while let Some(step) = now.steps(3).first().copied() {
			assert!(matches!(step, Step::Remove(_)), "{step:?}");
			now = keystore.note_step(&maria, &now, step).await.unwrap();
		}
		assert_eq!(keystore.copies(&maria).await.unwrap(), []);
	}
}

#[tokio::test]
async fn unwanted_copies_are_noted_until_they_are_gone() {
	let here = Here::with_account("maria").await;
	let (maria, keystore) = (name("maria"), &here.keystore);
	let copy = |id: &str, at: &[u32]| PasskeyCopy {
		passkey: id.into(),
		locator: [7; 32],
		at: at.to_vec(),
		wanted: true,
	};
	for one in [copy("stored", &[3]), copy("waiting", &[])] {
		keystore.note_copy(&maria, &one).await.unwrap();
	}
	keystore.unwant_copies(&maria).await.unwrap();
	let gone = PasskeyCopy { wanted: false, ..copy("stored", &[3]) };
	assert_eq!(keystore.copies(&maria).await.unwrap(), [gone]);
}

#[tokio::test]
async fn copy_of_a_removed_passkey_is_known_until_it_is_gone() {
	let here = Here::with_account("maria").await;
	let (maria, keystore) = (name("maria"), &here.keystore);
	let copy = |id: &str, at: &[u32]| PasskeyCopy {
		passkey: id.into(),
		locator: [7; 32],
		at: at.to_vec(),
		wanted: true,
	};
	for one in [copy("stored", &[3]), copy("waiting", &[])] {
		keystore.note_copy(&maria, &one).await.unwrap();
		assert!(keystore.copies(&maria).await.unwrap().contains(&one));
	}
	for id in ["stored", "waiting", "unknown"] {
		keystore.remove_passkey(&maria, id).await.unwrap();
	}
	let gone = PasskeyCopy { wanted: false, ..copy("stored", &[3]) };
	assert_eq!(keystore.copies(&maria).await.unwrap(), std::slice::from_ref(&gone));
	assert_eq!(gone.steps(3), [Step::Remove(3)]);
	keystore.note_copy(&maria, &PasskeyCopy { at: Vec::new(), ..gone }).await.unwrap();
	assert_eq!(keystore.copies(&maria).await.unwrap(), []);
	keystore.note_copy(&maria, &copy("stored", &[3])).await.unwrap();
	keystore.remove(&maria).await.unwrap();
	assert_eq!(keystore.copies(&maria).await.unwrap(), []);
	assert_eq!(fs::read_dir(here.path("")).unwrap().count(), 0);
}

#[tokio::test]
async fn damaged_note_hides_no_other_and_goes_with_its_passkey() {
	let here = Here::with_account("maria").await;
	let (maria, keystore) = (name("maria"), &here.keystore);
	let copy =
		|id: &str| PasskeyCopy { passkey: id.into(), locator: [7; 32], at: vec![3], wanted: true };
	let note = here.home.path().join("copies/maria/damaged.json");
	let long = " ".repeat(5_000);
	for damage in ["", "{", r#"{"locator":"07","at":[3],"wanted":true}"#, &long] {
		for id in ["damaged", "whole"] {
			keystore.note_copy(&maria, &copy(id)).await.unwrap();
		}
		fs::write(&note, damage).unwrap();
		assert_eq!(keystore.copies(&maria).await.unwrap(), [copy("whole")]);
		assert_eq!(keystore.damaged_notes(&maria).await.unwrap(), ["damaged"]);
		keystore.remove_passkey(&maria, "damaged").await.unwrap();
		assert!(keystore.damaged_notes(&maria).await.unwrap().is_empty(), "{damage}");
	}
	// All copies are removed at all hospitals, so that nothing is left to know.
	fs::write(&note, "{").unwrap();
	keystore.unwant_copies(&maria).await.unwrap();
	assert!(keystore.damaged_notes(&maria).await.unwrap().is_empty());
	assert_eq!(
		keystore.copies(&maria).await.unwrap(),
		[PasskeyCopy { wanted: false, ..copy("whole") }]
	);
}
