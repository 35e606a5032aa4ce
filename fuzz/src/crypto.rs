//! Files, headers, keys and secrets, as `medblock-crypto` reads them.

use medblock_crypto::{
	Challenge, Digest, DividedKind, DividedSecret, Division, EpochSecret, FileKey, Headers,
	Identity, Key, MAX_HEADER, MAX_TITLE, Mnemonic, Pair, PublicKey, SEALED_LENGTH, SHARE_LENGTH,
	SealContext, SecretShare, ShareContext, ShareKey, Sheet, WRAPPED_FILE_KEY_LENGTH,
	WRAPPED_LENGTH, check_header, check_public_key, check_share, divide, encrypt, file_key,
	head_of, is_division_of, join, open, parse_recipient, peek, recipient_to_bech32,
	safe_file_name, unseal,
};
use std::{io::Read, sync::LazyLock};

static IDENTITY: LazyLock<[Identity; 1]> = LazyLock::new(|| [Identity::from_seed([1; 32])]);
static RECIPIENT: LazyLock<[PublicKey; 1]> = LazyLock::new(|| [IDENTITY[0].public_key()]);

/// Arbitrary bytes never open as a file, and parsing a header stays within its bounds.
pub(crate) fn header(file: &[u8]) {
	let length = check_header(file);
	if let Ok(length) = length {
		assert!(length <= MAX_HEADER && length <= file.len());
		assert_eq!(file[length - 1], b'\n');
		// The bytes behind the header do not matter.
		assert_eq!(check_header(&file[..length]).ok(), Some(length));
		assert!(check_header(&file[..length - 1]).is_err());
	}
	let mut digest = Digest::new();
	digest.update(file);
	assert_eq!(digest.finish().ok().map(|sealed| sealed.head), head_of(file).ok());
	assert!(file_key(&*IDENTITY, file).is_err());
	let own = FileKey::from_bytes([1; 16]);
	for key in [Key::Identities(&*IDENTITY), Key::File(&own)] {
		let _ = peek(key, file);
		if let Ok((_, mut body)) = open(key, file) {
			let _ = body.read_to_end(&mut Vec::new());
		}
		assert!(length.is_ok() || open(key, file).is_err());
	}
}

pub(crate) fn header_seeds() -> Vec<Vec<u8>> {
	vec![include_bytes!("../seeds/header/record").to_vec()]
}

/// Headers that are taken show nothing that misleads, and come back from a record that is written with them.
pub(crate) fn mime(entity: &[u8]) {
	let mut rest = entity;
	let Ok(headers) = Headers::read(&mut rest) else { return };
	assert!(entity.ends_with(rest) && entity.len() - rest.len() < 80 * 1024);
	assert!(headers.title.len() <= MAX_TITLE);
	assert!(!headers.title.chars().any(|letter| letter.is_control() || letter == '\u{202e}'));
	assert!(headers.media_type.contains('/') && headers.media_type.is_ascii());
	if let Some(name) = &headers.file_name {
		assert_eq!(*name, safe_file_name(name));
	}
	// What is read is more than what is written: a title may be empty.
	let mut file = Vec::new();
	if let Ok(sealed) = encrypt(&*RECIPIENT, &headers, rest, rest.len() as u64, &mut file) {
		assert_eq!(sealed.size, file.len() as u64);
		let (found, _) = open(Key::Identities(&*IDENTITY), &file[..]).expect("it is ours");
		assert!(found == headers);
	}
}

pub(crate) fn mime_seeds() -> Vec<Vec<u8>> {
	vec![include_bytes!("../seeds/mime/record").to_vec()]
}

/// A text that is taken is the text that is written for what was read.
pub(crate) fn challenge(bytes: &[u8]) {
	if let Ok(text) = Challenge::unwrap_signed(bytes) {
		assert_eq!(Challenge::signed_bytes(text), bytes);
	}
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Ok(challenge) = Challenge::parse(text) {
		assert_eq!(challenge.text(), text);
		assert!(challenge.issued < challenge.expires);
		assert!(text.len() <= 1_024);
	}
}

pub(crate) fn challenge_seeds() -> Vec<Vec<u8>> {
	vec![
		include_bytes!("../seeds/challenge/signed").to_vec(),
		include_bytes!("../seeds/challenge/text").to_vec(),
	]
}

/// Nothing that was not sealed for us opens.
pub(crate) fn sealed(bytes: &[u8]) {
	let genesis = [0; 32];
	let pair = Pair { genesis, patient: 1, doctor: 2 };
	let context = SealContext::epoch(pair, 0, 0, 1);
	let identity = Identity::from_seed([1; 32]);
	assert!(unseal(&identity, &context, bytes).is_err());
	// Long enough to be looked into.
	let mut sealed = [0; SEALED_LENGTH];
	let length = bytes.len().min(SEALED_LENGTH - 1);
	sealed[0] = 1;
	sealed[1..=length].copy_from_slice(&bytes[..length]);
	assert!(unseal(&identity, &context, &sealed).is_err());

	let mut wrapped = [0; WRAPPED_LENGTH];
	let length = bytes.len().min(WRAPPED_LENGTH);
	wrapped[..length].copy_from_slice(&bytes[..length]);
	let secret = EpochSecret::from_bytes([1; 32]);
	assert!(secret.unwrap_previous(&genesis, 1, &[0; 32], &wrapped).is_err());

	let mut wrapped = [0; WRAPPED_FILE_KEY_LENGTH];
	let length = bytes.len().min(WRAPPED_FILE_KEY_LENGTH);
	wrapped[..length].copy_from_slice(&bytes[..length]);
	let context = ShareContext::new(pair, 0, 0);
	assert!(ShareKey::from_bytes([1; 32]).unwrap(&context, &wrapped).is_err());
}

pub(crate) fn sealed_seeds() -> Vec<Vec<u8>> {
	vec![include_bytes!("../seeds/sealed/epoch").to_vec()]
}

const SECRET: [u8; 32] = [9; 32];

const ROOT: DividedSecret =
	DividedSecret { genesis: [1; 32], kind: DividedKind::PatientRoot, owner: 5 };

static RIGHT: LazyLock<Division> = LazyLock::new(|| divide(&ROOT, &SECRET, 2, 3).expect("2 of 3"));

/// No share that was made up fits commitments that are right, and nothing in place of commitments makes shares open
/// anything.
pub(crate) fn shares(bytes: &[u8]) {
	let mut share = [0; SHARE_LENGTH];
	let length = bytes.len().min(SHARE_LENGTH);
	share[..length].copy_from_slice(&bytes[..length]);
	let share = SecretShare::from_bytes(share);
	for number in 0..=9 {
		assert!(check_share(&RIGHT.commitments, number, &share).is_err());
	}

	let mut commitments = Vec::new();
	for chunk in bytes.chunks_exact(32).take(8) {
		let mut commitment = [0; 32];
		commitment.copy_from_slice(chunk);
		commitments.push(commitment);
	}
	assert!(!is_division_of(&ROOT, &commitments, &SECRET));
	let shares = [(1, RIGHT.shares[0].clone()), (2, RIGHT.shares[1].clone())];
	assert!(join(&ROOT, &commitments, &RIGHT.secret, &shares).is_err());
	// What is made up may fit what is made up.
	let _ = check_share(&commitments, 1, &share);
}

pub(crate) fn shares_seeds() -> Vec<Vec<u8>> {
	let points = [&[1; 32][..], &[0; 32], &RIGHT.commitments.concat()].concat();
	vec![vec![0; 32], points]
}

/// Whatever the name, what becomes of it is safe, and stays as it is.
pub(crate) fn file_name(bytes: &[u8]) {
	let Ok(name) = std::str::from_utf8(bytes) else { return };
	let safe = safe_file_name(name);
	assert!((1..=200).contains(&safe.len()));
	assert!(!safe.contains(['/', '\\', ':', '\0', '\u{1b}', '\u{202e}', '\n']));
	assert!(!safe.starts_with(['.', '-', ' ', '~']) && !safe.ends_with(['.', ' ']));
	assert_eq!(safe_file_name(&safe), safe);
}

pub(crate) fn file_name_seeds() -> Vec<Vec<u8>> {
	vec![include_bytes!("../seeds/file_name/path").to_vec()]
}

/// A key or phrase that is read prints as what was read.
pub(crate) fn keys(bytes: &[u8]) {
	let _ = check_public_key(bytes);
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	if let Ok(identity) = Identity::parse(text) {
		assert!(identity.to_bech32().eq_ignore_ascii_case(text.trim()));
	}
	if let Ok(key) = parse_recipient(text) {
		assert!(recipient_to_bech32(&key).eq_ignore_ascii_case(text.trim()));
	}
	if let Ok(phrase) = Mnemonic::parse(text) {
		let text = text.to_lowercase();
		let words =
			text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
		assert!(phrase.words().split(' ').eq(words));
	}
}

pub(crate) fn keys_seeds() -> Vec<Vec<u8>> {
	vec![
		include_bytes!("../seeds/keys/identity").to_vec(),
		include_bytes!("../seeds/keys/phrase").to_vec(),
		include_bytes!("../seeds/keys/recipient").to_vec(),
	]
}

/// A printed sheet that is read prints as what was read, in words and for a scanner.
pub(crate) fn sheet(bytes: &[u8]) {
	let Ok(text) = std::str::from_utf8(bytes) else { return };
	let Ok(sheet) = Sheet::parse(text) else { return };
	let code = sheet.code();
	for printed in [sheet.words(), sheet.code()] {
		let again = Sheet::parse(&printed).expect("it is what a sheet prints");
		assert!(*again.code() == *code);
		assert_eq!((again.number(), again.kit()), (sheet.number(), sheet.kit()));
		// The same sheet twice is not enough.
		assert!(sheet.join(&again).is_err());
	}
}

pub(crate) fn sheet_seeds() -> Vec<Vec<u8>> {
	// Those of the crate's tests.
	[
		"MEDBLOCK-SHEET-1ZX43YYTC8UJJR9U2J7MEXXGJK7V5UNVWZA42GR8JT7R",
		"bargain flat loan face apple social actor expose tiny table room slice guitar merit erode dignity poverty",
		"1. bargain\n2. flat",
	]
	.map(|text| text.as_bytes().to_vec())
	.into()
}
