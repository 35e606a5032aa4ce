//! Known answers. `tests/npm/vectors.mjs` made them, with other implementations of everything.

use std::{fs, path::Path};

use medblock_crypto::{
	DividedKind, DividedSecret, EpochSecret, FileKey, Identity, Keeper, Key, Mnemonic, Pair,
	ProfileSecret, ProfileVersion, SealContext, SecretShare, Seed, ShareContext, ShareKey,
	check_share, is_division_of, join, key_digest, parse_recipient, recipient_to_bech32, unseal,
	unseal_share,
};
use serde_json::Value;

use crate::support::read;

fn keys() -> Value {
	serde_json::from_str(include_str!("../vectors/keys.json")).unwrap()
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
	hex::decode(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn number(value: &Value) -> u32 {
	value.as_u64().unwrap().try_into().unwrap()
}

fn seed(keys: &Value) -> Seed {
	let words = keys["mnemonic"].as_str().unwrap();
	Mnemonic::parse(words).unwrap().seed(keys["password"].as_str().unwrap())
}

fn epoch(keys: &Value, epoch: usize) -> EpochSecret {
	let vector = &keys["epochs"][epoch];
	EpochSecret::derive(
		&seed(keys).root(),
		&bytes(&keys["genesis"]),
		&bytes(&vector["salt"]),
		number(&vector["epoch"]),
	)
}

#[test]
fn the_development_phrase_has_the_account_that_substrate_gives_it() {
	let known = "fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e";
	assert_eq!(hex::encode(*seed(&keys()).account()), known);
	assert_eq!(keys()["account_secret"], known);
}

#[test]
fn encryption_identities_are_as_written_down() {
	let keys = keys();
	let vector = &keys["encryption_identity_1"];
	let identity = seed(&keys).encryption_identity(1);
	assert_eq!(vector["identity"], identity.to_bech32().as_str());
	assert_eq!(bytes(&vector["key_digest"]), key_digest(&identity.public_key()));
	let next = seed(&keys).encryption_identity(2);
	assert_ne!(identity.public_key(), next.public_key());
}

#[test]
fn epochs_are_as_written_down() {
	let keys = keys();
	for number in [0, 1] {
		let vector = &keys["epochs"][number];
		let secret = epoch(&keys, number);
		assert_eq!(bytes(&vector["secret"]), *secret.expose());
		assert_eq!(vector["identity"], secret.identity().to_bech32().as_str());
		assert_eq!(bytes(&vector["key_digest"]), key_digest(&secret.public_key()));
	}
}

#[test]
fn wrapped_epochs_and_tags_are_as_written_down() {
	let keys = keys();
	let previous = epoch(&keys, 1)
		.unwrap_previous(
			&bytes(&keys["genesis"]),
			1,
			&bytes(&keys["epochs"][0]["key_digest"]),
			&bytes(&keys["wrapped_epoch_0"]),
		)
		.unwrap();
	assert_eq!(bytes(&keys["epochs"][0]["secret"]), *previous.expose());
	let standby = epoch(&keys, 1).public_key();
	assert_eq!(bytes(&keys["standby_tag"]), previous.standby_tag(&standby));
}

fn pair(keys: &Value, vector: &Value) -> Pair {
	Pair {
		genesis: bytes(&keys["genesis"]),
		patient: number(&vector["patient"]),
		doctor: number(&vector["doctor"]),
	}
}

#[test]
fn sealed_secrets_are_as_written_down() {
	let keys = keys();
	let vector = &keys["sealed"];
	let context = SealContext::epoch(
		pair(&keys, vector),
		number(&vector["generation"]),
		number(&vector["epoch"]),
		number(&vector["key_version"]),
	);
	let sealed: [u8; 1_169] = bytes(&vector["sealed"]);
	let secret = unseal(&seed(&keys).encryption_identity(1), &context, &sealed).unwrap();
	assert_eq!(bytes(&keys["epochs"][0]["secret"]), *secret);
}

#[test]
fn profile_keys_are_as_written_down() {
	let keys = keys();
	let own = seed(&keys).registrar_identity(1);
	assert_eq!(keys["registrar_identity_1"]["identity"], own.to_bech32().as_str());
	assert_eq!(bytes(&keys["registrar_identity_1"]["key_digest"]), key_digest(&own.public_key()));
	let vector = &keys["profile_key"];
	let versions = &vector["versions"];
	for version in [0, 1] {
		let secret = ProfileSecret::from_bytes(bytes(&versions[version]["secret"]));
		assert_eq!(versions[version]["identity"], secret.identity().to_bech32().as_str());
		assert_eq!(bytes(&versions[version]["key_digest"]), key_digest(&secret.public_key()));
	}
	let this = ProfileVersion {
		genesis: bytes(&keys["genesis"]),
		hospital: number(&vector["hospital"]),
		version: number(&vector["version"]),
	};
	let key_version = number(&vector["key_version"]);
	let context = SealContext::profile_key(this, bytes(&vector["registrar"]), key_version);
	let sealed: [u8; 1_169] = bytes(&vector["sealed"]);
	let held = ProfileSecret::from_bytes(*unseal(&own, &context, &sealed).unwrap());
	assert_eq!(bytes(&versions[1]["secret"]), *held.expose());
	let before = bytes(&versions[0]["key_digest"]);
	let wrapped = bytes(&vector["wrapped_version_1"]);
	let first = held.unwrap_previous(&this, &before, &wrapped).unwrap();
	assert_eq!(bytes(&versions[0]["secret"]), *first.expose());
}

#[test]
fn shared_file_keys_are_as_written_down() {
	let keys = keys();
	let vector = &keys["shared"];
	let (generation, record) = (number(&vector["generation"]), number(&vector["record"]));
	let context = ShareContext::new(pair(&keys, vector), generation, record);
	let share_key = ShareKey::from_bytes(bytes(&vector["share_key"]));
	let file_key: FileKey = share_key.unwrap(&context, &bytes(&vector["wrapped"])).unwrap();
	assert_eq!(bytes(&vector["file_key"]), *file_key.expose());
	let root = seed(&keys).root();
	let key_version = number(&vector["key_version"]);
	let derived = ShareKey::derive(&root, pair(&keys, vector), generation, key_version);
	assert_eq!(bytes(&vector["derived"]), *derived.expose());
}

#[test]
fn divided_secrets_are_as_written_down() {
	let keys = keys();
	let vector = &keys["divided"];
	let of = DividedSecret {
		genesis: bytes(&keys["genesis"]),
		kind: DividedKind::PatientRoot,
		owner: number(&vector["patient"]),
	};
	let list = |name: &str| vector[name].as_array().unwrap().iter();
	let commitments: Vec<[u8; 32]> = list("commitments").map(bytes).collect();
	let root = bytes(&keys["root"]);
	assert!(is_division_of(&of, &commitments, &root));
	let shares = (1..).zip(list("shares"));
	let shares: Vec<(usize, SecretShare)> =
		shares.map(|(number, share)| (number, SecretShare::from_bytes(bytes(share)))).collect();
	for (number, share) in &shares {
		check_share(&commitments, *number, share).unwrap();
	}
	let joined = join(&of, &commitments, &bytes(&vector["wrapped"]), &shares[1..]).unwrap();
	assert_eq!(*joined, root);
	let keeper = Keeper::Doctor(number(&vector["doctor"]));
	let context =
		SealContext::kept_share(&of, &commitments, keeper, number(&vector["key_version"]));
	let sealed: [u8; 1_201] = bytes(&vector["sealed_share_1"]);
	let own = seed(&keys).encryption_identity(1);
	let share = unseal_share(&own, &context, &sealed).unwrap();
	assert_eq!(share.expose(), shares[0].1.expose());
}

#[test]
fn kept_titles_are_as_written_down() {
	let keys = keys();
	let vector = &keys["titles"];
	let key = seed(&keys).root().titles_key(&bytes(&keys["genesis"]), &bytes(&vector["account"]));
	let [bound, plain, sealed] = ["bound", "plain", "sealed"]
		.map(|name| hex::decode(vector[name].as_str().unwrap()).unwrap());
	assert_eq!(bytes(&vector["name"]), key.name(&bound));
	assert_eq!(plain, **key.open(&bound, &sealed).unwrap());
}

/// `age-encryption` 0.3.1 made them. They are no records, so that only their plaintext can be compared.
#[test]
fn age_files_of_another_implementation_open() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/age-pq");
	let text = |name: String| fs::read_to_string(folder.join(name)).unwrap();
	for case in ["empty", "short", "two-chunks"] {
		let identity = Identity::parse(&text(format!("{case}.identity.txt"))).unwrap();
		let recipient = text(format!("{case}.recipient.txt"));
		assert_eq!(recipient_to_bech32(&identity.public_key()), recipient.trim());
		assert_eq!(parse_recipient(&recipient).unwrap(), identity.public_key());

		let file = fs::read(folder.join(format!("{case}.age"))).unwrap();
		let mut plain = Vec::new();
		let decryptor = age::Decryptor::new_buffered(&file[..]).unwrap();
		let mut reader = decryptor.decrypt(std::iter::once(&identity as _)).unwrap();
		std::io::Read::read_to_end(&mut reader, &mut plain).unwrap();
		assert_eq!(plain, fs::read(folder.join(format!("{case}.plain"))).unwrap());

		let refused = read(Key::Identities(&[identity]), &file).unwrap_err();
		assert!(matches!(refused, medblock_crypto::Error::NotARecord(_)), "{refused}");
	}
}
