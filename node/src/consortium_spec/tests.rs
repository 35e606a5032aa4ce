use super::*;
use codec::Decode;
use sp_core::Pair;
use sp_io::hashing::twox_128;

/// A hospitals file of `count` hospitals with fresh keys.
fn file(count: usize) -> String {
	let mut text = String::from("name = \"Test Consortium\"\nid = \"test\"\n");
	for index in 0..count {
		let folder = tempfile::tempdir().unwrap();
		let controller = sr25519::Pair::generate().0.public();
		let address = AccountId::from(controller).to_ss58check();
		let name = format!("Hospital {index}");
		let entry = make_keys(folder.path(), &address, &name, "https://vault.example").unwrap();
		text += &toml::to_string(&KeysFile { hospital: vec![entry] }).unwrap();
	}
	text
}

/// Replaces what the first line that starts with `field` says.
fn with(text: &str, field: &str, value: &str) -> String {
	let start = text.find(&format!("{field} = ")).unwrap();
	let end = start + text[start..].find('\n').unwrap();
	format!("{}{field} = {value}{}", &text[..start], &text[end..])
}

fn refused(text: &str, reason: &str) {
	let Err(why) = specification(text) else {
		panic!("accepted, though {reason:?} was expected");
	};
	assert!(why.contains(reason), "expected {reason:?} in {why:?}");
}

/// Public keys of everything that development presets and wallets derive from the one phrase that
/// everybody knows.
fn development_keys() -> Vec<String> {
	let names = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];
	let paths = names.iter().flat_map(|name| [format!("//{name}"), format!("//{name}//stash")]);
	paths
		.flat_map(|path| {
			let sr25519 = sr25519::Pair::from_string(&path, None).unwrap().public();
			let ed25519 = ed25519::Pair::from_string(&path, None).unwrap().public();
			[sr25519.0, ed25519.0]
		})
		.chain(genesis::PRESET_NODE_KEYS)
		.map(|key| to_hex(&key, false).trim_start_matches("0x").to_owned())
		.collect()
}

/// A raw specification's storage without the runtime's code, which knows the presets.
fn state(spec: &str) -> String {
	let spec: serde_json::Value = serde_json::from_str(spec).unwrap();
	let mut top = spec["genesis"]["raw"]["top"].as_object().unwrap().clone();
	assert!(top.remove(&to_hex(b":code", false)).is_some());
	serde_json::Value::Object(top).to_string()
}

#[test]
fn four_hospitals_make_a_specification_without_any_well_known_key() {
	let spec = state(&specification(&file(4)).unwrap());
	for key in development_keys() {
		assert!(!spec.contains(&key), "{key} is in a production specification");
	}
	// The search would find one: the local preset has them.
	let local = chain_spec::load("local").unwrap();
	let local = state(&sc_service::ChainSpec::as_json(&local, true).unwrap());
	assert!(development_keys().iter().filter(|key| local.contains(*key)).count() >= 12);
}

#[test]
fn well_known_keys_are_refused() {
	let good = file(4);
	let alice = Sr25519Keyring::Alice.to_account_id().to_ss58check();
	refused(&with(&good, "controller", &format!("\"{alice}\"")), "well-known");
	refused(&with(&good, "registrars", &format!("[\"{alice}\"]")), "well-known");
	let aura = to_hex(&Sr25519Keyring::Bob.public().0, false);
	refused(&with(&good, "aura", &format!("\"{aura}\"")), "well-known");
	let grandpa = to_hex(&Ed25519Keyring::Charlie.public().0, false);
	refused(&with(&good, "grandpa", &format!("\"{grandpa}\"")), "well-known");
	let node = PeerId::from_bytes(&genesis::peer_id(&genesis::PRESET_NODE_KEYS[0])).unwrap();
	refused(&with(&good, "nodes", &format!("[\"{}\"]", node.to_base58())), "well-known");
}

/// The settings that the chain of this file begins with.
fn settings_of(text: &str) -> Settings {
	let spec: serde_json::Value = serde_json::from_str(&specification(text).unwrap()).unwrap();
	let key = ["Consortium", "ConsortiumSettings"].map(|name| twox_128(name.as_bytes())).concat();
	let stored = &spec["genesis"]["raw"]["top"][to_hex(&key, false)];
	let bytes = from_hex(stored.as_str().unwrap()).unwrap();
	Settings::decode(&mut &bytes[..]).unwrap()
}

/// What numbers of blocks stand for are times: a week is a week.
#[test]
fn short_slots_stretch_what_is_counted_in_blocks() {
	let good = file(4);
	let usual = Settings { minimum_seats: MINIMUM_HOSPITALS, ..Default::default() };
	assert_eq!(settings_of(&good), usual);
	let slots = |duration| format!("{good}\n[settings]\nslot-duration = {duration}\n");
	let Settings { session_length, upgrade_delay, motion_duration, .. } = usual;
	assert_eq!(
		settings_of(&slots(500)),
		Settings {
			slot_duration: 500,
			session_length: 2 * session_length,
			upgrade_delay: 2 * upgrade_delay,
			motion_duration: 2 * motion_duration,
			..usual
		}
	);
	assert_eq!(settings_of(&slots(2_000)), Settings { slot_duration: 2_000, ..usual });
	for (setting, reason) in [
		("session-length = 119", "at least 120"),
		("upgrade-delay = 172799", "at least 172800"),
		("motion-duration = 172799", "from 172800 to 5184000"),
	] {
		refused(&format!("{}{setting}\n", slots(500)), reason);
	}
}

#[test]
fn malformed_files_are_refused_with_the_reason() {
	let good = file(4);
	refused("not toml", "TOML parse error");
	refused(&good.replace("gateway", "gatewy"), "unknown field");
	refused(&with(&good, "id", "\"a/b\""), "letters, digits");
	refused(&file(3), "at least 4");
	let short = format!("{}\n[settings]\nsession-length = 60\n", file(61));
	refused(&short, "session-length: 61 hospitals");
	refused(&format!("{good}\n[settings]\nminimum-seats = 1\n"), "at least 4");
	for (setting, reason) in [
		("slot-duration = 499", "slot-duration"),
		("session-length = 10", "session-length"),
		("upgrade-delay = 0", "upgrade-delay"),
		("motion-duration = 60", "motion-duration"),
		("account-delay = 0", "account-delay"),
		("account-delay = 721", "account-delay"),
		("motion-duration = 4000000000", "motion-duration"),
		("upgrade-dealy = 5", "unknown field"),
	] {
		refused(&format!("{good}\n[settings]\n{setting}\n"), reason);
	}
	refused(&with(&good, "controller", "\"5Nonsense\""), "not an SS58 address");
	let ones = format!("\"{}\"", "1".repeat(200));
	refused(&with(&good, "controller", &ones), "not an SS58 address");
	let other_network = AccountId::from(sr25519::Pair::generate().0.public())
		.to_ss58check_with_version(Ss58AddressFormat::custom(0));
	refused(&with(&good, "controller", &format!("\"{other_network}\"")), "another network");
	// The second is base58 and even a multihash, but of nothing.
	for nonsense in ["nonsense-0", "12D3Nonsense"] {
		refused(&with(&good, "nodes", &format!("[\"{nonsense}\"]")), "not a peer id");
	}
	refused(&with(&good, "nodes", "[]"), "none is listed");
	refused(&format!("boot-nodes = [\"nowhere\"]\n{good}"), "not a node's address");
	refused(
		&with(&good, "gateway", "\"ftp://vault.example\""),
		"gateway: ftp://vault.example is not",
	);
	refused(&good.replace("\"Hospital 2\"", "\"\""), "name: it has to be printable");
	refused(
		&good.replace("\"Hospital 2\"", &format!("\"{}\"", "x".repeat(65))),
		"at most 64 characters",
	);
}

#[test]
fn keys_of_the_wrong_type_or_of_others_are_refused() {
	let good = file(4);
	let secp256k1 = format!("\"0x{}\"", "02".repeat(33));
	refused(&with(&good, "aura", &secp256k1), "wrong key type");
	refused(&with(&good, "grandpa", "\"0xzz\""), "grandpa");
	let file: HospitalsFile = toml::from_str(&good).unwrap();
	// The two keys of one hospital exchanged, and a key of another hospital.
	let entry = &file.hospital[0];
	let exchanged = with(&good, "aura", &format!("\"{}\"", entry.grandpa));
	refused(&with(&exchanged, "grandpa", &format!("\"{}\"", entry.aura)), "proof");
	let strange = ed25519::Pair::generate().0.public();
	refused(&with(&good, "grandpa", &format!("\"{}\"", to_hex(&strange.0, false))), "proof");
	let nodes = format!("[\"{}\"]", file.hospital[1].nodes[0]);
	refused(&with(&good, "nodes", &nodes), "used twice");
}

#[test]
fn no_keys_are_made_for_a_name_or_gateway_that_the_runtime_refuses() {
	let folder = tempfile::tempdir().unwrap();
	let address = AccountId::from(sr25519::Pair::generate().0.public()).to_ss58check();
	let (good_name, good_gateway) = ("North", "https://vault.example");
	let (long_name, long_gateway) = ("x".repeat(65), format!("https://{}", "x".repeat(121)));
	for (name, gateway, reason) in [
		("", good_gateway, "name: it has to be printable"),
		("North\nSouth", good_gateway, "name: it has to be printable"),
		(long_name.as_str(), good_gateway, "at most 64 characters"),
		(good_name, "vault.example", "such as https://vault.example:8440"),
		(good_name, "http://vault.example", "gateway: http://vault.example is not"),
		(good_name, long_gateway.as_str(), "at most 128 bytes"),
	] {
		let why = make_keys(folder.path(), &address, name, gateway).unwrap_err().to_string();
		assert!(why.contains(reason), "expected {reason:?} in {why:?}");
	}
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn existing_keys_and_files_are_never_overwritten() {
	let folder = tempfile::tempdir().unwrap();
	let address = AccountId::from(sr25519::Pair::generate().0.public()).to_ss58check();
	let make = || make_keys(folder.path(), &address, "North", "https://vault.example");
	let first = make().unwrap();
	assert!(make().unwrap_err().to_string().contains("holds keys already"));
	assert!(!first.nodes[0].is_empty());

	let path = folder.path().join("spec.json");
	write_new(&path, b"first").unwrap();
	assert!(write_new(&path, b"second").unwrap_err().to_string().contains("never overwritten"));
	assert_eq!(fs::read(path).unwrap(), b"first");
}
