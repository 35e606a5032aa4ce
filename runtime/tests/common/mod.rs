//! The chain that the runtime's tests run on.

// Each test binary uses a part of this.
#![allow(dead_code, clippy::unwrap_used)]

use codec::{Decode, Encode};
use frame_metadata::v15::RuntimeMetadataV15;
use frame_metadata_hash_extension::CheckMetadataHash;
use medblock_primitives::{
	ChartKeys, DoctorId, DoctorProfile, EpochKey, HospitalId, PublicKey, SUITE_X_WING,
	WrappedSecret, X_WING_PUBLIC_KEY_LENGTH,
};
use medblock_runtime::{
	AccountId, Executive, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SignedPayload, System,
	TxExtension, UncheckedExtrinsic, genesis,
};
use pallet_medical_records::Call;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	ApplyExtrinsicResult, BuildStorage, MultiAddress,
	generic::Era,
	transaction_validity::{TransactionSource, TransactionValidity},
};

/// The presets' chain with four hospitals.
pub fn local() -> sp_io::TestExternalities {
	let json = genesis::preset(&genesis::LOCAL_PRESET.into()).expect("the preset exists");
	let patch: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
	let mut config =
		serde_json::to_value(RuntimeGenesisConfig::default()).expect("the default is JSON");
	merge(&mut config, patch);
	let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a genesis");
	config.build_storage().expect("it builds").into()
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
	match (into, patch) {
		(serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(into.entry(key).or_insert(serde_json::Value::Null), value);
			}
		},
		(into, patch) => *into = patch,
	}
}

/// The metadata, as wallets read it.
pub fn metadata() -> RuntimeMetadataV15 {
	let metadata = local().execute_with(|| Runtime::metadata_at_version(15)).expect("V15 is there");
	let metadata = frame_metadata::RuntimeMetadataPrefixed::decode(&mut &metadata[..]).unwrap();
	match metadata.1 {
		frame_metadata::RuntimeMetadata::V15(metadata) => metadata,
		other => panic!("not V15 but {}", other.version()),
	}
}

/// Begins a block.
pub fn block(number: u32) {
	System::reset_events();
	System::set_block_number(number);
	// The weight of the previous block does not count in this one.
	frame_system::BlockWeight::<Runtime>::kill();
}

/// Lets time pass, in seconds.
pub fn pass(seconds: u64) {
	pallet_timestamp::Now::<Runtime>::mutate(|now| *now += seconds * 1_000);
}

/// The checks of a transaction with this nonce.
pub fn extension(nonce: Nonce) -> TxExtension {
	(
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		pallet_fair_use::FairUse(nonce),
		frame_system::CheckWeight::new(),
		CheckMetadataHash::new(false),
	)
}

/// A transaction as a wallet makes it.
pub fn signed(
	who: Sr25519Keyring,
	nonce: Nonce,
	call: impl Into<RuntimeCall>,
) -> UncheckedExtrinsic {
	let (call, extension) = (call.into(), extension(nonce));
	let payload = SignedPayload::new(call.clone(), extension.clone()).expect("it can be signed");
	let signature = payload.using_encoded(|bytes| who.sign(bytes));
	let address = MultiAddress::Id(who.to_account_id());
	UncheckedExtrinsic::new_signed(call, address, signature.into(), extension)
}

/// The verdict of the pool on a transaction.
pub fn submit(transaction: UncheckedExtrinsic) -> TransactionValidity {
	let genesis = System::block_hash(0);
	Executive::validate_transaction(TransactionSource::External, transaction, genesis)
}

/// Makes a transaction part of the block.
pub fn apply(transaction: UncheckedExtrinsic) -> ApplyExtrinsicResult {
	Executive::apply_extrinsic(transaction)
}

pub fn account(who: Sr25519Keyring) -> AccountId {
	who.to_account_id()
}

pub fn x_wing_key(byte: u8) -> PublicKey {
	vec![byte; X_WING_PUBLIC_KEY_LENGTH as usize].try_into().unwrap()
}

pub fn chart_keys() -> ChartKeys {
	let epoch = |previous| EpochKey { key: x_wing_key(1), salt: [1; 16], previous };
	ChartKeys {
		suite: SUITE_X_WING,
		distributed: epoch(None),
		standby: epoch(Some(WrappedSecret([1; 60]))),
		standby_tag: [1; 32],
	}
}

pub fn register_patient(hospital: u32) -> RuntimeCall {
	let hospital = HospitalId(hospital);
	Call::register_patient { hospital, keys: chart_keys(), profile: None }.into()
}

pub fn register_doctor(hospital: u32) -> RuntimeCall {
	let text = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	let profile = DoctorProfile {
		name: text("Ada"),
		specialty: text("cardiology"),
		qualification: text("MD"),
		practising_since: 1970,
	};
	let hospital = HospitalId(hospital);
	Call::register_doctor { hospital, profile, suite: SUITE_X_WING, key: x_wing_key(1) }.into()
}

/// The digest by which a registrar confirms a doctor's entry.
pub fn published_profile(doctor: DoctorId) -> [u8; 32] {
	let entry = pallet_medical_records::Directory::<Runtime>::get(doctor).unwrap();
	medblock_runtime::MedicalRecords::profile_digest(&entry.profile)
}
