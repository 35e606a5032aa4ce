//! npm's `age-encryption` opens what this crate writes, this crate opens what that one writes, and the
//! test vectors are what other implementations of the primitives give.
//!
//! Needs Node and npm, and installs what `tests/npm/package-lock.json` pins. Where they are missing the tests say
//! so and pass, unless `MEDBLOCK_REQUIRE_NPM=1`.

#![allow(clippy::unwrap_used)]

use std::{
	env, fs,
	io::{self, Read, Write},
	path::{Path, PathBuf},
	process::Command,
	sync::OnceLock,
};

use medblock_crypto::{
	Headers, Identity, Key, MAX_RECIPIENTS, MAX_STANZAS, encrypt, open, recipient_to_bech32,
};

fn folder() -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npm")
}

/// Whether there is a Node with what the tests need.
fn ready() -> bool {
	static READY: OnceLock<bool> = OnceLock::new();
	*READY.get_or_init(|| {
		let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
		if !has("node") || !has("npm") {
			let required = env::var("MEDBLOCK_REQUIRE_NPM").is_ok_and(|value| value == "1");
			assert!(!required, "Node and npm are required here, and at least one is missing");
			// Not by `eprintln!`, which a test that passes keeps to itself.
			let said =
				"SKIPPED: Node or npm is missing, so nothing was compared with age-encryption\n";
			io::stderr().write_all(said.as_bytes()).unwrap();
			return false;
		}
		if !folder().join("node_modules/.package-lock.json").exists() {
			let mut install = Command::new("npm");
			install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
			let output = install.current_dir(folder()).output().unwrap();
			assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
		}
		true
	})
}

/// What a script prints.
fn node(script: &str, arguments: &[&str]) -> String {
	let mut command = Command::new("node");
	let output = command.arg(script).args(arguments).current_dir(folder()).output().unwrap();
	assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
	String::from_utf8(output.stdout).unwrap()
}

fn headers() -> Headers {
	Headers {
		title: "Röntgen".into(),
		media_type: "image/png".into(),
		file_name: Some("knie.png".into()),
		written_at: None,
	}
}

/// Bodies that leave the last chunk nearly empty, full, and anything in between.
const LENGTHS: [usize; 5] = [0, 1, 4_096, 65_536, 1_100_000];

#[test]
fn keys_are_the_same() {
	if !ready() {
		return;
	}
	for seed in [[0; 32], [7; 32], [0xff; 32]] {
		let identity = Identity::from_seed(seed);
		let recipient = node("age.mjs", &["recipient", &identity.to_bech32()]);
		assert_eq!(recipient, recipient_to_bech32(&identity.public_key()));
	}
}

#[test]
fn npm_opens_what_we_write() {
	if !ready() {
		return;
	}
	let folder = tempfile::tempdir().unwrap();
	let (sealed, plain) = (folder.path().join("sealed.age"), folder.path().join("plain"));
	let identities: Vec<_> =
		(0..MAX_RECIPIENTS as u8).map(|n| Identity::from_seed([n; 32])).collect();
	let keys: Vec<_> = identities.iter().map(Identity::public_key).collect();
	for (length, identity) in LENGTHS.into_iter().zip(identities.iter().cycle()) {
		let body: Vec<u8> = (0..length).map(|index| (index / 3) as u8).collect();
		let file = fs::File::create(&sealed).unwrap();
		encrypt(&keys, &headers(), &body[..], length as u64, file).unwrap();
		let paths = [sealed.to_str().unwrap(), plain.to_str().unwrap()];
		node("age.mjs", &["decrypt", paths[0], paths[1], &identity.to_bech32()]);

		let entity = fs::read(&plain).unwrap();
		let mut rest = &entity[..];
		assert!(Headers::read(&mut rest).unwrap() == headers());
		assert!(rest == body, "{length}");
	}
}

#[test]
fn we_open_what_npm_writes() {
	if !ready() {
		return;
	}
	let folder = tempfile::tempdir().unwrap();
	let (ours, plain) = (folder.path().join("ours.age"), folder.path().join("plain"));
	let theirs = folder.path().join("theirs.age");
	let (ours, plain, theirs) =
		(ours.to_str().unwrap(), plain.to_str().unwrap(), theirs.to_str().unwrap());
	let identities: Vec<_> = (0..MAX_STANZAS as u8).map(|n| Identity::from_seed([n; 32])).collect();
	let recipients: Vec<_> =
		identities.iter().map(|to| recipient_to_bech32(&to.public_key())).collect();
	let identity = &identities[0];
	for length in LENGTHS {
		// They know no records: the entity is ours, taken out of a file of ours.
		let body: Vec<u8> = (0..length).map(|index| (index / 5) as u8).collect();
		let file = fs::File::create(ours).unwrap();
		encrypt(&[identity.public_key()], &headers(), &body[..], length as u64, file).unwrap();
		node("age.mjs", &["decrypt", ours, plain, &identity.to_bech32()]);
		let mut arguments = vec!["encrypt", plain, theirs];
		arguments.extend(recipients.iter().map(String::as_str));
		node("age.mjs", &arguments);

		for identity in &identities {
			let identities = [identity.clone()];
			let file = fs::File::open(theirs).unwrap();
			let (found, mut reader) = open(Key::Identities(&identities), file).unwrap();
			let mut read = Vec::new();
			reader.read_to_end(&mut read).unwrap();
			assert!(found == headers() && read == body, "{length}");
		}
	}
}

#[test]
fn the_vectors_are_what_other_implementations_give() {
	if !ready() {
		return;
	}
	assert_eq!(node("vectors.mjs", &[]), include_str!("vectors/keys.json"));
}
