use medblock_crypto::{
	EpochSecret, FileKey, Key, Mnemonic, ProfileSecret, SHARE_LENGTH, SecretShare, ShareKey, Sheet,
};

use crate::support::{headers, identity};

#[test]
fn secrets_do_not_print() {
	let phrase = Mnemonic::generate();
	let seed = phrase.seed("");
	let file_key = FileKey::from_bytes([7; 16]);
	assert_eq!(format!("{phrase:?}"), "Mnemonic(hidden)");
	assert_eq!(format!("{seed:?} {:?}", seed.root()), "Seed(hidden) Root(hidden)");
	assert_eq!(format!("{:?}", seed.root().titles_key(&[1; 32], &[2; 32])), "CacheKey(hidden)");
	assert_eq!(format!("{:?}", EpochSecret::from_bytes([7; 32])), "EpochSecret(hidden)");
	assert_eq!(format!("{:?}", ProfileSecret::generate()), "ProfileSecret(hidden)");
	assert_eq!(format!("{:?}", ShareKey::from_bytes([7; 32])), "ShareKey(hidden)");
	assert_eq!(format!("{:?}", SecretShare::from_bytes([7; SHARE_LENGTH])), "SecretShare(hidden)");
	let [sheet, ..] = Sheet::print(&phrase).unwrap();
	assert_eq!(format!("{sheet:?}"), "Sheet(hidden)");
	assert_eq!(format!("{:?}", Key::File(&file_key)), "File(FileKey(hidden))");
	assert_eq!(format!("{:?}", Key::Identities(&[identity(7)])), "Identities([Identity(hidden)])");
}

#[test]
fn titles_and_file_names_do_not_print() {
	let printed = format!("{:?}", headers());
	assert!(printed.contains("application/dicom"));
	assert!(!printed.contains("Knie") && !printed.contains("knie"), "{printed}");
}
