//! The genesis of a chain.
//!
//! The presets use well-known keys, and are for tests alone. A production chain begins from its
//! hospitals' own keys: `medblock-node consortium spec` makes its genesis with [`config`] too.

use crate::{
	AccountId, ConsortiumConfig, DelegationConfig, MedicalRecordsConfig, NodeAuthorizationConfig,
	RuntimeGenesisConfig, SessionConfig, SessionKeys,
};
use alloc::{
	format,
	string::{String, ToString},
	vec,
	vec::Vec,
};
use frame_support::build_struct_json_patch;
use medblock_primitives::{HospitalId, Moment};
use pallet_consortium::{Founder, Settings};
pub use pallet_medical_records::ACCOUNT_DELAY;
use serde_json::Value;
use sp_core::OpaquePeerId;
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Four hospitals on one machine.
pub const LOCAL_PRESET: &str = "local";

/// One hospital alone, for developers of clients.
pub const DEVELOPMENT_PRESET: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;

/// The public keys of the presets' nodes, as ed25519. Their secrets are 31 bytes of zero and then
/// 1, 2, 3 or 4.
pub const PRESET_NODE_KEYS: [[u8; 32]; 4] = [
	hex("4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29"),
	hex("7422b9887598068e32c4448a949adb290d0f4e35b9e01b0ee5f1a1e600fe2674"),
	hex("f381626e41e7027ea431bfe3009e94bdd25a746beec468948d6c3c7c5dc9a54b"),
	hex("fd50b8e3b144ea244fbf7737f550bc8dd0c2650bbc1aada833ca17ff8dbf329b"),
];

/// A founding hospital, with its validator's keys and its nodes.
pub struct Hospital {
	/// The hospital's entry in the consortium.
	pub founder: Founder<AccountId>,
	/// The validator's keys; without them the hospital is admitted, but not seated.
	pub session_keys: Option<SessionKeys>,
	/// The hospital's nodes, as the bytes of their libp2p peer ids.
	pub nodes: Vec<Vec<u8>>,
}

/// The time after which accounts change in the presets: long enough to be seen, short enough to be
/// waited for.
const PRESET_ACCOUNT_DELAY: Moment = 6_000;

/// The genesis of a chain that these hospitals found. Accounts change after `account_delay`
/// milliseconds, and no recovery is faster than that.
pub fn config(settings: Settings, account_delay: Moment, hospitals: Vec<Hospital>) -> Value {
	let mut founders = Vec::new();
	let mut keys = Vec::new();
	let mut nodes = Vec::new();
	for (hospital, id) in hospitals.into_iter().zip(0..) {
		let seat = crate::Consortium::seat_account(HospitalId(id));
		if let (Some(controller), Some(session_keys)) =
			(&hospital.founder.controller, hospital.session_keys)
		{
			keys.push((controller.clone(), seat.clone(), session_keys));
		}
		let own = hospital.nodes.into_iter().map(|node| (OpaquePeerId(node), seat.clone()));
		nodes.extend(own);
		founders.push(hospital.founder);
	}
	build_struct_json_patch!(RuntimeGenesisConfig {
		consortium: ConsortiumConfig { settings, hospitals: founders },
		session: SessionConfig { keys },
		node_authorization: NodeAuthorizationConfig { nodes },
		medical_records: MedicalRecordsConfig { account_delay },
		delegation: DelegationConfig { min_delay: account_delay },
	})
}

/// The JSON of a preset.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
	let config = match id.as_ref() {
		DEVELOPMENT_PRESET => development(),
		LOCAL_PRESET => local(),
		_ => return None,
	};
	Some(config.to_string().into_bytes())
}

/// The presets' names.
pub fn preset_names() -> Vec<PresetId> {
	vec![PresetId::from(DEVELOPMENT_PRESET), PresetId::from(LOCAL_PRESET)]
}

fn development() -> Value {
	let settings =
		Settings { session_length: 60, upgrade_delay: 10, minimum_seats: 1, ..Default::default() };
	config(settings, PRESET_ACCOUNT_DELAY, well_known_hospitals(1))
}

fn local() -> Value {
	let settings =
		Settings { session_length: 60, upgrade_delay: 10, minimum_seats: 4, ..Default::default() };
	config(settings, PRESET_ACCOUNT_DELAY, well_known_hospitals(4))
}

/// The hospitals of Alice, Bob, Charlie and Dave, each with one registrar: `//Alice//stash` and so on.
fn well_known_hospitals(count: usize) -> Vec<Hospital> {
	let people = [
		(
			"Northern General",
			Sr25519Keyring::Alice,
			Sr25519Keyring::AliceStash,
			Ed25519Keyring::Alice,
		),
		("Eastside Clinic", Sr25519Keyring::Bob, Sr25519Keyring::BobStash, Ed25519Keyring::Bob),
		(
			"South Shore Hospital",
			Sr25519Keyring::Charlie,
			Sr25519Keyring::CharlieStash,
			Ed25519Keyring::Charlie,
		),
		(
			"Westfield Infirmary",
			Sr25519Keyring::Dave,
			Sr25519Keyring::DaveStash,
			Ed25519Keyring::Dave,
		),
	];
	people
		.into_iter()
		.zip(PRESET_NODE_KEYS)
		.zip(0u16..)
		.take(count)
		.map(|(((name, controller, registrar, finality), node), index)| Hospital {
			founder: Founder {
				name: String::from(name),
				gateway: format!("http://127.0.0.1:{}", index.saturating_add(8_440)),
				controller: Some(controller.to_account_id()),
				registrars: vec![registrar.to_account_id()],
			},
			session_keys: Some(SessionKeys {
				aura: controller.public().into(),
				grandpa: finality.public().into(),
			}),
			nodes: vec![peer_id(&node)],
		})
		.collect()
}

/// The libp2p peer id of an ed25519 public key: an identity multihash (0x00, 36 bytes) of the key's
/// protobuf (type 1 in field 1, 32 bytes in field 2). See libp2p's peer id specification.
pub fn peer_id(public: &[u8; 32]) -> Vec<u8> {
	let mut bytes = vec![0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
	bytes.extend_from_slice(public);
	bytes
}

/// Reads 32 bytes of hexadecimal when the runtime is compiled.
const fn hex(text: &str) -> [u8; 32] {
	const fn digit(character: u8) -> u8 {
		match character {
			b'0'..=b'9' => character - b'0',
			b'a'..=b'f' => character - b'a' + 10,
			_ => panic!("not a hexadecimal digit"),
		}
	}
	let text = text.as_bytes();
	assert!(text.len() == 64, "32 bytes are 64 digits");
	let mut bytes = [0; 32];
	let mut index = 0;
	while index < 32 {
		bytes[index] = digit(text[2 * index]) << 4 | digit(text[2 * index + 1]);
		index += 1;
	}
	bytes
}
