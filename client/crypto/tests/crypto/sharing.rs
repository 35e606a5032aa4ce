use medblock_crypto::{
	Error, FileKey, Key, Mnemonic, Pair, Root, ShareContext, ShareKey, WRAPPED_FILE_KEY_LENGTH,
	file_key,
};

use crate::support::{body, identity, read, record};

const PAIR: Pair = Pair { genesis: [1; 32], patient: 2, doctor: 3 };

fn context() -> ShareContext {
	ShareContext::new(PAIR, 4, 5)
}

fn root() -> Root {
	let words = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
	Mnemonic::parse(words).unwrap().seed("").root()
}

fn share_key() -> ShareKey {
	ShareKey::derive(&root(), PAIR, 4, 1)
}

/// For the doctor's next key, too: a holder of the earlier one learns nothing from a second attempt.
#[test]
fn every_share_has_a_key_of_its_own_which_the_patient_can_derive_again() {
	assert_eq!(share_key().expose(), share_key().expose());
	let others = [
		ShareKey::derive(&root(), Pair { genesis: [2; 32], ..PAIR }, 4, 1),
		ShareKey::derive(&root(), Pair { patient: 3, ..PAIR }, 4, 1),
		ShareKey::derive(&root(), Pair { doctor: 2, ..PAIR }, 4, 1),
		ShareKey::derive(&root(), PAIR, 5, 1),
		ShareKey::derive(&root(), PAIR, 4, 2),
		ShareKey::derive(&Mnemonic::generate().seed("").root(), PAIR, 4, 1),
	];
	for other in others {
		assert_ne!(other.expose(), share_key().expose());
	}
}

#[test]
fn a_shared_file_key_opens_its_record_and_no_other() {
	let (shared, other) = (record(b"shared"), record(b"not shared"));
	let share_key = share_key();
	let wrapped = share_key.wrap(&context(), &file_key(&[identity(1)], &shared).unwrap());

	let received = ShareKey::from_bytes(*share_key.expose());
	let file_key = received.unwrap(&context(), &wrapped).unwrap();
	assert_eq!(read(Key::File(&file_key), &shared).unwrap().1, b"shared");
	assert!(matches!(read(Key::File(&file_key), &other), Err(Error::HeaderMac)));
}

#[test]
fn a_wrapped_file_key_opens_in_no_other_context_and_under_no_other_key() {
	let share_key = share_key();
	let wrapped = share_key.wrap(&context(), &FileKey::from_bytes([6; 16]));
	assert_eq!(share_key.unwrap(&context(), &wrapped).unwrap().expose(), &[6; 16]);
	for other in [
		ShareContext::new(Pair { genesis: [2; 32], ..PAIR }, 4, 5),
		ShareContext::new(Pair { patient: 3, ..PAIR }, 4, 5),
		ShareContext::new(Pair { doctor: 2, ..PAIR }, 4, 5),
		ShareContext::new(PAIR, 5, 5),
		ShareContext::new(PAIR, 4, 6),
	] {
		assert!(matches!(share_key.unwrap(&other, &wrapped), Err(Error::WrongFileKey)));
	}
	let strange = ShareKey::from_bytes([8; 32]).unwrap(&context(), &wrapped);
	assert!(matches!(strange, Err(Error::WrongFileKey)));
}

#[test]
fn a_changed_bit_of_a_wrapped_file_key_is_noticed() {
	let share_key = share_key();
	let wrapped = share_key.wrap(&context(), &FileKey::from_bytes([6; 16]));
	for bit in 0..WRAPPED_FILE_KEY_LENGTH * 8 {
		let mut changed = wrapped;
		changed[bit / 8] ^= 1 << (bit % 8);
		assert!(share_key.unwrap(&context(), &changed).is_err(), "bit {bit}");
	}
}

/// An attacker copies the stanza of a record that they cannot open into the header of their own record, to make
/// the patient share "its" file key.
#[test]
fn a_transplanted_stanza_gives_no_file_key() {
	let (secret, bait) = (record(&body(100)), record(b"bait"));
	let end_of_stanza = |file: &[u8]| file.windows(4).position(|four| four == b"\n---").unwrap();
	let transplanted = [&secret[..end_of_stanza(&secret)], &bait[end_of_stanza(&bait)..]].concat();
	assert!(matches!(file_key(&[identity(1)], &transplanted), Err(Error::HeaderMac)));

	// Beside its own stanza, on either side.
	let version = b"age-encryption.org/v1\n".len();
	for (first, second) in [(&secret, &bait), (&bait, &secret)] {
		let both = [
			&first[..=end_of_stanza(first)],
			&second[version..end_of_stanza(second)],
			&bait[end_of_stanza(&bait)..],
		]
		.concat();
		assert!(matches!(file_key(&[identity(1)], &both), Err(Error::HeaderMac)));
	}
}

#[test]
fn a_file_key_needs_the_right_identity_and_the_whole_header() {
	let file = record(b"body");
	let header = medblock_crypto::check_header(&file).unwrap();
	assert!(file_key(&[identity(2), identity(1)], &file[..header]).is_ok());
	assert!(matches!(file_key(&[identity(2)], &file), Err(Error::NotForThisKey)));
	assert!(matches!(file_key(&[], &file), Err(Error::NotForThisKey)));
	let cut = file_key(&[identity(1)], &file[..header - 1]);
	assert!(matches!(cut, Err(Error::Truncated)));
}
