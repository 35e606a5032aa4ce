use medblock_crypto::{
	EpochSecret, Error, Key, Mnemonic, ProfileSecret, ProfileVersion, WRAPPED_LENGTH, key_digest,
};

use crate::support::{read, record_to};

fn secret(version: u8) -> ProfileSecret {
	ProfileSecret::from_bytes([version; 32])
}

fn digest(secret: &ProfileSecret) -> [u8; 32] {
	key_digest(&secret.public_key())
}

fn this(version: u32) -> ProfileVersion {
	ProfileVersion { genesis: [3; 32], hospital: 7, version }
}

#[test]
fn the_newest_version_opens_all_before_it() {
	let mut held = secret(5);
	for version in (2..=5_u8).rev() {
		let this = this(version.into());
		let wrapped = secret(version).wrap_previous(&this, &secret(version - 1));
		held = held.unwrap_previous(&this, &digest(&secret(version - 1)), &wrapped).unwrap();
		assert_eq!(held.expose(), secret(version - 1).expose());
	}
}

#[test]
fn a_wrapped_version_opens_in_its_place_only() {
	let wrapped = secret(2).wrap_previous(&this(2), &secret(1));
	let before = digest(&secret(1));
	let refused = |result: Result<ProfileSecret, Error>| {
		assert!(matches!(result, Err(Error::WrongPreviousVersion)));
	};
	assert!(secret(2).unwrap_previous(&this(2), &before, &wrapped).is_ok());
	for other in [
		ProfileVersion { genesis: [4; 32], ..this(2) },
		ProfileVersion { hospital: 8, ..this(2) },
		this(3),
		this(1),
		this(0),
	] {
		refused(secret(2).unwrap_previous(&other, &before, &wrapped));
	}
	refused(secret(2).unwrap_previous(&this(2), &digest(&secret(3)), &wrapped));
	refused(secret(3).unwrap_previous(&this(2), &before, &wrapped));
	// What a former registrar could try: their version opens nothing later.
	refused(secret(1).unwrap_previous(&this(2), &before, &wrapped));
}

#[test]
fn a_changed_byte_of_a_wrapped_version_is_noticed() {
	let wrapped = secret(2).wrap_previous(&this(2), &secret(1));
	for byte in 0..WRAPPED_LENGTH {
		let mut changed = wrapped;
		changed[byte] ^= 1 << (byte % 8);
		let result = secret(2).unwrap_previous(&this(2), &digest(&secret(1)), &changed);
		assert!(matches!(result, Err(Error::WrongPreviousVersion)), "byte {byte}");
	}
}

#[test]
fn profiles_open_with_any_version_that_is_held() {
	let file = record_to(&[secret(1).public_key()], b"Ana");
	let held = [secret(3).identity(), secret(2).identity(), secret(1).identity()];
	assert_eq!(read(Key::Identities(&held), &file).unwrap().1, b"Ana");
	let refused = read(Key::Identities(&held[..2]), &file).unwrap_err();
	assert!(matches!(refused, Error::NotForThisKey));
}

#[test]
fn no_two_secrets_are_alike_and_none_is_an_epochs() {
	assert_ne!(ProfileSecret::generate().expose(), ProfileSecret::generate().expose());
	let epoch = EpochSecret::from_bytes([1; 32]);
	assert_ne!(epoch.public_key(), secret(1).public_key());
}

#[test]
fn a_registrars_key_is_not_a_doctors_and_neither_acts_for_others() {
	let seed = Mnemonic::generate().seed("");
	let keys = [
		seed.registrar_identity(1).public_key(),
		seed.registrar_identity(2).public_key(),
		seed.encryption_identity(1).public_key(),
		seed.acting_identity(1).public_key(),
		seed.acting_identity(2).public_key(),
	];
	for (place, key) in keys.iter().enumerate() {
		assert!(!keys[..place].contains(key), "{place}");
	}
}
