//! The founding of a consortium: each hospital makes its keys, one hospital makes the specification
//! from all entries, and every hospital checks it.

use crate::{chain_spec, cli::ConsortiumCommand, preflight};
use codec::Encode;
use medblock_primitives::{
	KeysFile, MAX_NAME, Moment, Validator, is_name, may_be_address, ownership_statement,
};
use medblock_runtime::{
	AccountId, SessionKeys,
	genesis::{self, Hospital},
};
use pallet_consortium::{FULL_SLOT, Founder, Gateway, Settings, is_gateway};
use sc_cli::{Error, Result};
use sc_keystore::LocalKeystore;
use sc_network::{PeerId, config::NodeKeyConfig};
use serde::{Deserialize, Serialize};
use sp_core::{
	ByteArray,
	bytes::{from_hex, to_hex},
	crypto::{Ss58AddressFormat, Ss58Codec, key_types},
	ed25519, sr25519,
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_keystore::Keystore;
use sp_runtime::traits::OpaqueKeys;
use std::{
	collections::BTreeSet,
	fs::{self, OpenOptions},
	io::Write,
	ops::RangeInclusive,
	path::Path,
	str::FromStr,
};

/// The number of hospitals that a consortium needs to survive one that is offline or cheats.
const MINIMUM_HOSPITALS: u32 = 4;

/// In milliseconds. A block's work may take half of its slot, and hospitals' networks some of the rest.
const LEAST_SLOT_DURATION: u64 = 500;

/// In blocks of a second, as all numbers of blocks here: see [`stretched`].
const LEAST_SESSION_LENGTH: u32 = 60;

/// In blocks: a day, at one second each.
const LEAST_UPGRADE_DELAY: u32 = 86_400;

/// In blocks: from one day to thirty, at one second each. Every hospital has time to vote, and motions
/// end before they are forgotten.
const MOTION_DURATIONS: RangeInclusive<u32> = 86_400..=30 * 86_400;

/// In hours. A hospital has to be able to stop a change of account in time.
const ACCOUNT_DELAYS: RangeInclusive<u32> = 1..=30 * 24;

/// The hospitals file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct HospitalsFile {
	/// The chain's name, for people.
	name: String,
	/// The chain's id, for files and protocols: letters, digits, `_` and `-`.
	id: String,
	/// The choices that differ from the defaults.
	#[serde(default)]
	settings: SettingsEntry,
	/// The addresses of nodes to connect to first.
	#[serde(default)]
	boot_nodes: Vec<String>,
	/// The founders.
	#[serde(default)]
	hospital: Vec<Validator>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct SettingsEntry {
	slot_duration: Option<u64>,
	session_length: Option<u32>,
	upgrade_delay: Option<u32>,
	minimum_seats: Option<u32>,
	motion_duration: Option<u32>,
	/// In hours.
	account_delay: Option<u32>,
}

/// Runs a `consortium` subcommand.
pub fn run(command: &ConsortiumCommand) -> Result<()> {
	match command {
		ConsortiumCommand::Keys { base_path, chain_id, controller, name, gateway } => {
			let folder = base_path.join("chains").join(chain_id);
			let entry = make_keys(&folder, controller, name, gateway)?;
			let text = toml::to_string(&KeysFile { hospital: vec![entry] })
				.map_err(|why| Error::Input(why.to_string()))?;
			println!("{text}");
			Ok(())
		},
		ConsortiumCommand::Spec { hospitals, output } => {
			let text = fs::read_to_string(hospitals).map_err(|why| {
				Error::Input(format!("cannot read {}: {why}", hospitals.display()))
			})?;
			// Some editors begin a file with a byte order mark.
			let json = specification(text.trim_start_matches('\u{feff}'))
				.map_err(|why| Error::Input(format!("{}: {why}", hospitals.display())))?;
			match output {
				Some(path) => write_new(path, json.as_bytes()),
				None => {
					println!("{json}");
					Ok(())
				},
			}
		},
	}
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
	let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|why| {
		Error::Input(format!(
			"cannot write {}: {why}; an existing file is never overwritten",
			path.display()
		))
	})?;
	Ok(file.write_all(bytes)?)
}

/// Makes session keys and a node key below `folder`, which must not hold any yet.
fn make_keys(folder: &Path, controller: &str, name: &str, gateway: &str) -> Result<Validator> {
	let account = account(controller).map_err(Error::Input)?;
	profile(name, gateway).map_err(Error::Input)?;
	preflight::free_space(folder, 1)?;
	let keystore_path = folder.join("keystore");
	let node_key_path = folder.join("network").join("secret_ed25519");
	let has_keys = fs::read_dir(&keystore_path).is_ok_and(|mut files| files.next().is_some());
	if has_keys || node_key_path.exists() {
		return Err(Error::Input(format!(
			"{} holds keys already; nothing was changed. Move them away if they are not needed",
			folder.display()
		)));
	}
	let keystore = LocalKeystore::open(keystore_path, None)
		.map_err(|why| Error::Input(format!("cannot open the keystore: {why}")))?;
	let failed = |why| Error::Input(format!("cannot make a key: {why}"));
	let aura = keystore.sr25519_generate_new(key_types::AURA, None).map_err(failed)?;
	let grandpa = keystore.ed25519_generate_new(key_types::GRANDPA, None).map_err(failed)?;

	// The proof that `Session::set_keys` asks for, too.
	let statement = ownership_statement(&account);
	let signed = (
		keystore.sr25519_sign(key_types::AURA, &aura, &statement).map_err(failed)?,
		keystore.ed25519_sign(key_types::GRANDPA, &grandpa, &statement).map_err(failed)?,
	);
	let (Some(aura_proof), Some(grandpa_proof)) = signed else {
		return Err(Error::Input("the keystore lost a key that it just made".into()));
	};

	fs::create_dir_all(folder.join("network"))?;
	let node_key = NodeKeyConfig::Ed25519(sc_network::config::Secret::File(node_key_path))
		.into_keypair()
		.map_err(|why| Error::Input(format!("cannot make the node key: {why}")))?;
	Ok(Validator {
		name: name.into(),
		gateway: gateway.into(),
		controller: controller.into(),
		registrars: Vec::new(),
		aura: to_hex(aura.as_slice(), false),
		grandpa: to_hex(grandpa.as_slice(), false),
		proof: to_hex(&(aura_proof, grandpa_proof).encode(), false),
		nodes: vec![node_key.public().to_peer_id().to_base58()],
	})
}

/// The number of blocks that take as long as this many do at one a second, if slots are shorter.
fn stretched(blocks: u32, slot_duration: u64) -> u32 {
	let stretched = u64::from(blocks) * FULL_SLOT / slot_duration.clamp(1, FULL_SLOT);
	u32::try_from(stretched).unwrap_or(u32::MAX)
}

/// The chain's specification in JSON, or the file's mistake and its place.
fn specification(text: &str) -> std::result::Result<String, String> {
	let file: HospitalsFile = toml::from_str(text).map_err(|why| why.to_string())?;
	if file.id.is_empty()
		|| !file.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
	{
		return Err("id: use letters, digits, _ and - only".into());
	}
	let count = file.hospital.len() as u32;
	let (settings, account_delay) = checked_settings(&file.settings, count)?;
	let mut used = BTreeSet::new();
	let hospitals = file
		.hospital
		.iter()
		.map(|entry| {
			hospital(entry, &mut used).map_err(|why| format!("hospital \"{}\": {why}", entry.name))
		})
		.collect::<std::result::Result<Vec<_>, _>>()?;
	let mut spec = chain_spec::production(
		&file.name,
		&file.id,
		genesis::config(settings, account_delay, hospitals),
	)?;
	for address in &file.boot_nodes {
		let address = address
			.parse()
			.map_err(|why| format!("boot-nodes: {address} is not a node's address: {why}"))?;
		sc_service::ChainSpec::add_boot_node(&mut spec, address);
	}
	// The raw form, as the genesis builder makes it now: a mistake shows here, and every node begins
	// from the same bytes.
	sc_service::ChainSpec::as_json(&spec, true)
}

/// The chain's settings, and for how many milliseconds a change of account waits, if so many hospitals can found a chain
/// with them.
fn checked_settings(
	entry: &SettingsEntry,
	count: u32,
) -> std::result::Result<(Settings, Moment), String> {
	let defaults = Settings::default();
	let slot_duration = entry.slot_duration.unwrap_or(defaults.slot_duration);
	let as_long = |blocks| stretched(blocks, slot_duration);
	let SettingsEntry { session_length, upgrade_delay, motion_duration, .. } = *entry;
	let settings = Settings {
		slot_duration,
		session_length: session_length.unwrap_or(as_long(defaults.session_length)),
		upgrade_delay: upgrade_delay.unwrap_or(as_long(defaults.upgrade_delay)),
		minimum_seats: entry.minimum_seats.unwrap_or(MINIMUM_HOSPITALS),
		motion_duration: motion_duration.unwrap_or(as_long(defaults.motion_duration)),
	};
	if settings.slot_duration < LEAST_SLOT_DURATION {
		return Err(format!(
			"slot-duration: {} ms are too few for a full block; at least {LEAST_SLOT_DURATION}",
			settings.slot_duration
		));
	}
	let least = as_long(LEAST_SESSION_LENGTH);
	if settings.session_length < least {
		return Err(format!(
			"session-length: misconduct is provable for 144 sessions, and {} blocks make that too \
			short; at least {least}",
			settings.session_length
		));
	}
	let least = as_long(LEAST_UPGRADE_DELAY);
	if settings.upgrade_delay < least {
		return Err(format!(
			"upgrade-delay: every hospital has to be able to see an upgrade coming; at least \
			{least} blocks, not {}",
			settings.upgrade_delay
		));
	}
	let durations = as_long(*MOTION_DURATIONS.start())..=as_long(*MOTION_DURATIONS.end());
	if !durations.contains(&settings.motion_duration) {
		return Err(format!(
			"motion-duration: every hospital needs time to vote, and motions have to end before they are \
			forgotten; from {} to {} blocks, not {}",
			durations.start(),
			durations.end(),
			settings.motion_duration
		));
	}
	let account_delay = match entry.account_delay {
		None => genesis::ACCOUNT_DELAY,
		Some(hours) if ACCOUNT_DELAYS.contains(&hours) => u64::from(hours) * 3_600_000,
		Some(hours) => {
			return Err(format!(
				"account-delay: hospitals need time to stop a thief, and people can't wait for ever; from {} to \
				{} hours, not {hours}",
				ACCOUNT_DELAYS.start(),
				ACCOUNT_DELAYS.end(),
			));
		},
	};
	if settings.minimum_seats < MINIMUM_HOSPITALS || count < settings.minimum_seats {
		return Err(format!(
			"{count} hospitals with minimum-seats = {}: at least {MINIMUM_HOSPITALS} have to found a \
			chain, or it stops when one of them is offline",
			settings.minimum_seats
		));
	}
	if count > settings.session_length {
		return Err(format!(
			"session-length: {count} hospitals need as many blocks in a session, or some validators would have \
			no turn, and lose their seats for it"
		));
	}
	Ok((settings, account_delay))
}

fn hospital(
	entry: &Validator,
	used: &mut BTreeSet<Vec<u8>>,
) -> std::result::Result<Hospital, String> {
	profile(&entry.name, &entry.gateway)?;
	let controller = account(&entry.controller)?;
	let aura = key(&entry.aura, "aura")?;
	let grandpa = key(&entry.grandpa, "grandpa")?;
	let proof = from_hex(&entry.proof).map_err(|why| format!("proof: {why}"))?;
	let session_keys = SessionKeys {
		aura: sr25519::Public::from_raw(aura).into(),
		grandpa: ed25519::Public::from_raw(grandpa).into(),
	};
	let registrars = entry
		.registrars
		.iter()
		.map(|one| account(one))
		.collect::<std::result::Result<Vec<_>, _>>()?;
	let nodes = entry
		.nodes
		.iter()
		.map(|node| {
			let peer = PeerId::from_str(node).ok().filter(|peer| peer.into_ed25519().is_some());
			peer.map(|peer| peer.to_bytes())
				.ok_or_else(|| format!("nodes: {node} is not a peer id, which begins with 12D3Koo"))
		})
		.collect::<std::result::Result<Vec<_>, _>>()?;
	if nodes.is_empty() {
		return Err("nodes: none is listed, so its validator could not connect".into());
	}

	let keys = [aura.to_vec(), grandpa.to_vec(), controller.as_slice().to_vec()];
	let everything = keys
		.into_iter()
		.chain(registrars.iter().map(|r| r.as_slice().to_vec()))
		.chain(nodes.clone());
	for key in everything {
		if well_known().contains(&key) {
			return Err(format!(
				"{} is a well-known development key: anyone could act for this hospital",
				to_hex(&key, false)
			));
		}
		if !used.insert(key.clone()) {
			return Err(format!("{} is used twice in this file", to_hex(&key, false)));
		}
	}
	if !session_keys.ownership_proof_is_valid(controller.as_slice(), &proof) {
		return Err(
			"proof: it does not show that this controller's validator holds both keys. Is \
			aura an sr25519 key and grandpa an ed25519 key, both as `medblock-node consortium keys` \
			printed them with this controller?"
				.into(),
		);
	}
	Ok(Hospital {
		founder: Founder {
			name: entry.name.clone(),
			gateway: entry.gateway.clone(),
			controller: Some(controller),
			registrars,
		},
		session_keys: Some(session_keys),
		nodes,
	})
}

/// The runtime's rules for a hospital's name and address. The runtime itself refuses bad ones late,
/// after the council has decided, and those of founders with a trap.
fn profile(name: &str, gateway: &str) -> std::result::Result<(), String> {
	let longest_gateway = Gateway::bound();
	if !is_name(name.as_bytes()) {
		return Err(format!("name: it has to be printable text of at most {MAX_NAME} characters"));
	}
	if gateway.len() > longest_gateway || !is_gateway(gateway.as_bytes()) {
		return Err(format!(
			"gateway: {gateway} is not an https:// address of at most {longest_gateway} bytes, such \
			as https://vault.example:8440"
		));
	}
	Ok(())
}

fn account(text: &str) -> std::result::Result<AccountId, String> {
	if !may_be_address(text) {
		return Err("a text of more than 64 letters is not an SS58 address".into());
	}
	let (account, format) = AccountId::from_ss58check_with_version(text)
		.map_err(|why| format!("{text} is not an SS58 address: {why:?}"))?;
	let ours = Ss58AddressFormat::custom(medblock_runtime::configs::SS58Prefix::get());
	if format != ours {
		return Err(format!("{text} is an address of another network; use its form for prefix 42"));
	}
	Ok(account)
}

fn key(text: &str, field: &str) -> std::result::Result<[u8; 32], String> {
	let bytes = from_hex(text).map_err(|why| format!("{field}: {why}"))?;
	let length = bytes.len();
	bytes.try_into().map_err(|_| {
		format!("{field}: a session key has 32 bytes, this one {length}: wrong key type?")
	})
}

/// The public keys whose secrets are well known, in the forms in which they appear in a file.
fn well_known() -> BTreeSet<Vec<u8>> {
	let sr25519 = Sr25519Keyring::iter().map(|key| key.public().0.to_vec());
	let ed25519 = Ed25519Keyring::iter().map(|key| key.public().0.to_vec());
	let nodes = genesis::PRESET_NODE_KEYS.iter().map(genesis::peer_id);
	sr25519.chain(ed25519).chain(nodes).collect()
}

#[cfg(test)]
mod tests;
