use medblock_crypto::{
	ActingPair, DividedKind, DividedSecret, Error, Keeper, Pair, ProfileVersion, SEALED_LENGTH,
	SEALED_SHARE_LENGTH, SHARE_LENGTH, SealContext, SecretShare, seal, seal_share, unseal,
	unseal_share,
};

use crate::support::{identity, key};

const SECRET: [u8; 32] = [9; 32];

const PAIR: Pair = Pair { genesis: [1; 32], patient: 2, doctor: 3 };

fn context() -> SealContext {
	SealContext::epoch(PAIR, 4, 6, 5)
}

#[test]
fn a_sealed_secret_opens_with_the_key_that_it_was_sealed_to() {
	let sealed = seal(&key(1), &context(), &SECRET).unwrap();
	assert_eq!(sealed.len(), 1_169);
	assert_eq!(*unseal(&identity(1), &context(), &sealed).unwrap(), SECRET);
	let refused = unseal(&identity(2), &context(), &sealed);
	assert!(matches!(refused, Err(Error::CannotUnseal)));
}

#[test]
fn a_sealed_secret_opens_in_no_other_context() {
	let sealed = seal(&key(1), &context(), &SECRET).unwrap();
	for other in [
		SealContext::share(PAIR, 4, 5),
		SealContext::epoch(Pair { genesis: [2; 32], ..PAIR }, 4, 6, 5),
		SealContext::epoch(Pair { patient: 3, ..PAIR }, 4, 6, 5),
		SealContext::epoch(Pair { doctor: 2, ..PAIR }, 4, 6, 5),
		SealContext::epoch(PAIR, 5, 6, 5),
		SealContext::epoch(PAIR, 4, 8, 5),
		SealContext::epoch(PAIR, 4, 6, 6),
		SealContext::epoch(Pair { patient: 3, doctor: 2, ..PAIR }, 4, 6, 5),
	] {
		let refused = unseal(&identity(1), &other, &sealed);
		assert!(matches!(refused, Err(Error::CannotUnseal)), "{other:?}");
	}
}

#[test]
fn a_sealed_secret_serves_its_purpose_only() {
	let sealed = seal(&key(1), &SealContext::epoch(PAIR, 4, 0, 5), &SECRET).unwrap();
	let refused = unseal(&identity(1), &SealContext::share(PAIR, 4, 5), &sealed);
	assert!(matches!(refused, Err(Error::CannotUnseal)));
}

#[test]
fn a_profile_key_opens_for_its_hospital_version_and_registrar_only() {
	let this = ProfileVersion { genesis: [1; 32], hospital: 2, version: 3 };
	let context =
		|this, registrar, key_version| SealContext::profile_key(this, [registrar; 32], key_version);
	let sealed = seal(&key(1), &context(this, 4, 5), &SECRET).unwrap();
	assert_eq!(*unseal(&identity(1), &context(this, 4, 5), &sealed).unwrap(), SECRET);
	for other in [
		context(ProfileVersion { genesis: [2; 32], ..this }, 4, 5),
		context(ProfileVersion { hospital: 3, ..this }, 4, 5),
		context(ProfileVersion { version: 2, ..this }, 4, 5),
		context(ProfileVersion { hospital: 3, version: 2, ..this }, 4, 5),
		context(this, 5, 5),
		context(this, 4, 4),
		SealContext::epoch(PAIR, 4, 6, 5),
		SealContext::share(PAIR, 4, 5),
	] {
		let refused = unseal(&identity(1), &other, &sealed);
		assert!(matches!(refused, Err(Error::CannotUnseal)), "{other:?}");
	}
}

#[test]
fn a_representatives_secret_opens_for_this_patient_and_representative_only() {
	let pair = ActingPair { genesis: [1; 32], patient: 2, representative: 3 };
	let sealed = seal(&key(1), &SealContext::representative(pair, 4, 6, 5), &SECRET).unwrap();
	let opened = unseal(&identity(1), &SealContext::representative(pair, 4, 6, 5), &sealed);
	assert_eq!(*opened.unwrap(), SECRET);
	for other in [
		SealContext::representative(ActingPair { genesis: [2; 32], ..pair }, 4, 6, 5),
		SealContext::representative(ActingPair { patient: 3, ..pair }, 4, 6, 5),
		SealContext::representative(ActingPair { representative: 2, ..pair }, 4, 6, 5),
		SealContext::representative(pair, 5, 6, 5),
		SealContext::representative(pair, 4, 8, 5),
		SealContext::representative(pair, 4, 6, 6),
		// A doctor with the same number.
		SealContext::epoch(PAIR, 4, 6, 5),
		SealContext::share(PAIR, 4, 5),
	] {
		let refused = unseal(&identity(1), &other, &sealed);
		assert!(matches!(refused, Err(Error::CannotUnseal)), "{other:?}");
	}
}

#[test]
fn a_share_opens_for_its_division_and_its_keeper_only() {
	let of = DividedSecret { genesis: [1; 32], kind: DividedKind::PatientRoot, owner: 2 };
	let commitments = [[3; 32], [4; 32]];
	let context = |of: &DividedSecret, commitments: &[[u8; 32]], keeper, key_version| {
		SealContext::kept_share(of, commitments, keeper, key_version)
	};
	let own = context(&of, &commitments, Keeper::Doctor(5), 1);
	let share = SecretShare::from_bytes([8; SHARE_LENGTH]);
	let sealed = seal_share(&key(1), &own, &share).unwrap();
	assert_eq!(sealed.len(), 1_201);
	assert_eq!(unseal_share(&identity(1), &own, &sealed).unwrap().expose(), share.expose());
	for other in [
		context(&DividedSecret { genesis: [2; 32], ..of }, &commitments, Keeper::Doctor(5), 1),
		context(&DividedSecret { owner: 3, ..of }, &commitments, Keeper::Doctor(5), 1),
		context(
			&DividedSecret { kind: DividedKind::DoctorKey, ..of },
			&commitments,
			Keeper::Doctor(5),
			1,
		),
		context(&of, &[[3; 32], [5; 32]], Keeper::Doctor(5), 1),
		context(&of, &commitments, Keeper::Patient(5), 1),
		context(&of, &commitments, Keeper::Desk(5), 1),
		context(&of, &commitments, Keeper::Doctor(6), 1),
		context(&of, &commitments, Keeper::Doctor(5), 2),
		SealContext::handed_share(&of, &commitments, &key(1)),
	] {
		let refused = unseal_share(&identity(1), &other, &sealed);
		assert!(matches!(refused, Err(Error::CannotUnseal)), "{other:?}");
	}
	let handed = |to| SealContext::handed_share(&of, &commitments, &key(to));
	let sealed = seal_share(&key(1), &handed(1), &share).unwrap();
	assert!(unseal_share(&identity(1), &handed(1), &sealed).is_ok());
	assert!(unseal_share(&identity(1), &handed(2), &sealed).is_err(), "it was for another device");
}

#[test]
fn a_changed_byte_of_a_sealed_secret_is_noticed() {
	let sealed = seal(&key(1), &context(), &SECRET).unwrap();
	// The suite; both ends and the middle of ML-KEM's and X25519's parts; ciphertext; tag.
	for position in [0, 1, 500, 1_088, 1_089, 1_119, 1_120, 1_121, 1_152, 1_153, 1_168] {
		let mut changed = sealed;
		changed[position] ^= 0x10;
		let expected = if position == 0 { "not a sealed key" } else { "does not open" };
		let said = unseal(&identity(1), &context(), &changed).unwrap_err().to_string();
		assert!(said.contains(expected), "{position}: {said}");
	}
}

#[test]
fn other_lengths_are_no_sealed_secrets() {
	let sealed = seal(&key(1), &context(), &SECRET).unwrap();
	for length in [0, 1, 32, 1_120, 1_121, SEALED_LENGTH - 1] {
		let refused = unseal(&identity(1), &context(), &sealed[..length]);
		assert!(matches!(refused, Err(Error::NotASealedKey)), "{length}");
	}
	let longer = [&sealed[..], &[0]].concat();
	assert!(matches!(unseal(&identity(1), &context(), &longer), Err(Error::NotASealedKey)));
	// Nor is a share a secret, or a secret a share.
	let share = SecretShare::from_bytes([8; SHARE_LENGTH]);
	let sealed_share = seal_share(&key(1), &context(), &share).unwrap();
	assert_eq!(sealed_share.len(), SEALED_SHARE_LENGTH);
	let refused = unseal(&identity(1), &context(), &sealed_share);
	assert!(matches!(refused, Err(Error::NotASealedKey)));
	let refused = unseal_share(&identity(1), &context(), &sealed);
	assert!(matches!(refused, Err(Error::NotASealedKey)));
}

#[test]
fn nothing_is_sealed_to_an_invalid_key() {
	let refused = seal(&[0xff; 1_216], &context(), &SECRET);
	assert!(matches!(refused, Err(Error::InvalidPublicKey)));
}

#[test]
fn no_two_sealings_are_alike() {
	let seal = || seal(&key(1), &context(), &SECRET).unwrap();
	assert_ne!(seal(), seal());
}
