//! The runtime as every client sees it: its pallets, calls, APIs and presets.

use crate::common::{local, metadata};
use codec::Decode;
use frame_support::traits::{BuildGenesisConfig, Contains, IntegrityTest};
use medblock_runtime::{
	AccountId, AllPalletsWithSystem, Consortium, Runtime, RuntimeCall, RuntimeGenesisConfig,
	TxExtension,
	calls::{CouncilPowers, Transactable},
};
use pallet_consortium::Powers;
use sp_core::OpaquePeerId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{MultiAddress, traits::TransactionExtension};

#[test]
fn metadata_has_exactly_the_pallets_of_the_design() {
	let metadata = metadata();
	let pallets: Vec<_> = metadata.pallets.iter().map(|p| (p.index, p.name.as_str())).collect();
	assert_eq!(
		pallets,
		[
			(0, "System"),
			(1, "Timestamp"),
			(2, "Aura"),
			(3, "Authorship"),
			(4, "Council"),
			(5, "Consortium"),
			(6, "Offences"),
			(7, "Historical"),
			(8, "Session"),
			(9, "Grandpa"),
			(10, "NodeAuthorization"),
			(11, "FairUse"),
			(12, "MedicalRecords"),
			(13, "Migrations"),
			(14, "Delegation"),
		]
	);
	assert_eq!(Runtime::metadata_versions().iter().filter(|v| (14..=16).contains(*v)).count(), 3);
}

/// Stock wallets know these by name, and sign no others.
#[test]
fn transactions_carry_only_extensions_that_every_wallet_knows() {
	let names: Vec<_> =
		TxExtension::metadata().into_iter().map(|extension| extension.identifier).collect();
	assert_eq!(
		names,
		[
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"CheckMetadataHash",
		]
	);
}

/// Wallets show a function's documentation on one line, and cut it at about 80 characters.
#[test]
fn runtime_apis_have_these_functions_and_a_short_sentence_for_each() {
	let metadata = metadata();
	let functions = |api: &str| -> Vec<String> {
		let api = metadata.apis.iter().find(|found| found.name == api).unwrap();
		for function in &api.methods {
			let docs = function.docs.join("\n");
			let line = docs.trim();
			let is_short = !line.contains('\n') && line.len() <= 80;
			assert!(is_short && line.ends_with('.'), "{}: {line}", function.name);
		}
		api.methods.iter().map(|function| function.name.clone()).collect()
	};
	assert_eq!(
		functions("ConsortiumApi"),
		[
			"hospitals",
			"hospital",
			"registrar_of",
			"encryption_key",
			"registrars",
			"appointments",
			"appointments_of",
			"profile_key",
			"profile_key_versions",
			"held_profile_key",
			"institutions",
			"institution",
			"operator_of",
			"operators",
			"operator_appointment",
			"disclosure_log",
			"disclosure_anchors",
			"vault_of",
			"author",
			"authorized_nodes",
			"portal_releases",
		]
	);
	assert_eq!(
		functions("DelegationApi"),
		[
			"acting_key",
			"guardians",
			"guardian_share",
			"wards",
			"recoveries",
			"recovery_share",
			"representatives",
			"represented",
			"awaiting_representatives",
			"representative_key",
			"representative_access",
			"emergency_plan",
			"emergency_set",
			"emergency_share",
			"emergency_requests",
			"emergencies_asked",
			"confirmed_share",
			"emergencies",
		]
	);
	assert_eq!(
		functions("MedicalRecordsApi"),
		[
			"doctors",
			"doctor",
			"doctor_of",
			"encryption_key",
			"patient",
			"patient_of",
			"records",
			"record",
			"grants_of_patient",
			"grant",
			"grants_to_doctor",
			"deposits",
			"deposit",
			"access",
			"chart_keys",
			"past_epochs",
			"recipients",
			"grant_key",
			"share",
			"awaiting_patients",
			"patients_of_hospital",
			"patients_of_vault",
			"successors",
			"awaiting_doctors",
			"proposed_profile",
			"proposed_profiles",
			"account_change",
			"account_changes",
			"news",
		]
	);
}

#[test]
fn calls_that_this_chain_is_not_for_are_refused() {
	let refused: Vec<RuntimeCall> = vec![
		frame_system::Call::remark { remark: vec![] }.into(),
		frame_system::Call::remark_with_event { remark: vec![] }.into(),
		frame_system::Call::set_code { code: vec![] }.into(),
		pallet_session::Call::purge_keys {}.into(),
		pallet_node_authorization::Call::claim_node { node: OpaquePeerId(vec![1]) }.into(),
		pallet_grandpa::Call::note_stalled { delay: 1, best_finalized_block_number: 1 }.into(),
		pallet_migrations::Call::force_set_cursor { cursor: None }.into(),
	];
	for call in refused {
		assert!(!Transactable::contains(&call), "{call:?}");
	}
	let execute = RuntimeCall::Council(pallet_collective::Call::execute {
		proposal: Box::new(frame_system::Call::remark { remark: vec![] }.into()),
		length_bound: 100,
	});
	assert!(!Transactable::contains(&execute));
	let upgrade = frame_system::Call::apply_authorized_upgrade { code: vec![] };
	assert!(Transactable::contains(&upgrade.into()));
}

#[test]
fn council_has_these_powers_and_no_others() {
	local().execute_with(|| {
		let delay = |call: RuntimeCall| CouncilPowers::delay(&call);
		let code_hash = Default::default();
		assert_eq!(delay(frame_system::Call::authorize_upgrade { code_hash }.into()), Some(10));
		let stalled =
			pallet_grandpa::Call::note_stalled { delay: 1, best_finalized_block_number: 1 };
		assert_eq!(delay(stalled.into()), Some(0));
		let node = OpaquePeerId(vec![1]);
		let remove = pallet_node_authorization::Call::remove_well_known_node { node: node.clone() };
		assert_eq!(delay(remove.into()), Some(0));
		let add = |owner: AccountId| {
			let owner = MultiAddress::Id(owner);
			let call =
				pallet_node_authorization::Call::add_well_known_node { node: node.clone(), owner };
			delay(call.into())
		};
		assert_eq!(add(Consortium::seat_account(medblock_primitives::HospitalId(3))), Some(0));
		// An unknown hospital, and an account that acts for none.
		assert_eq!(add(Consortium::seat_account(medblock_primitives::HospitalId(4))), None);
		assert_eq!(add(Sr25519Keyring::Alice.to_account_id()), None);

		let none: Vec<RuntimeCall> = vec![
			frame_system::Call::set_storage { items: vec![] }.into(),
			frame_system::Call::kill_storage { keys: vec![] }.into(),
			frame_system::Call::kill_prefix { prefix: vec![], subkeys: 1 }.into(),
			frame_system::Call::set_code { code: vec![] }.into(),
			frame_system::Call::set_code_without_checks { code: vec![] }.into(),
			frame_system::Call::authorize_upgrade_without_checks { code_hash }.into(),
			frame_system::Call::set_heap_pages { pages: 1 }.into(),
			pallet_node_authorization::Call::reset_well_known_nodes { nodes: vec![] }.into(),
			pallet_migrations::Call::force_onboard_mbms {}.into(),
		];
		for call in none {
			assert_eq!(delay(call.clone()), None, "{call:?}");
		}
	});
}

/// An expelled hospital's nodes leave the list in the same block.
#[test]
fn nodes_leave_with_their_hospital() {
	local().execute_with(|| {
		frame_system::Pallet::<Runtime>::set_block_number(1);
		let council = || pallet_collective::RawOrigin::Members(4, 4).into();
		let fifth = medblock_primitives::HospitalId(4);
		Consortium::admit_hospital(
			council(),
			Sr25519Keyring::Eve.to_account_id(),
			b"Fifth".to_vec().try_into().unwrap(),
			b"https://5.example".to_vec().try_into().unwrap(),
		)
		.unwrap();
		let owner = MultiAddress::Id(Consortium::seat_account(fifth));
		for node in [vec![1], vec![2]] {
			let node = OpaquePeerId(node);
			let call =
				pallet_node_authorization::Call::add_well_known_node { node, owner: owner.clone() };
			Consortium::enact(council(), Box::new(call.into())).unwrap();
		}
		let nodes = || medblock_runtime::NodeAuthorization::well_known_nodes().len();
		assert_eq!(nodes(), 6);
		Consortium::expel_hospital(council(), fifth).unwrap();
		assert_eq!(nodes(), 4);
	});
}

/// `<` in SCALE: a text that a gateway asks a user to sign can never be a call.
#[test]
fn no_pallet_has_the_index_that_sign_in_texts_begin_with() {
	assert!(RuntimeCall::decode(&mut &b"<Bytes>"[..]).is_err());
	assert!(metadata().pallets.iter().all(|pallet| pallet.index != b'<'));
}

#[test]
fn local_preset_seats_four() {
	local().execute_with(|| {
		assert_eq!(pallet_session::Validators::<Runtime>::get().len(), 4);
		assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 4);
		assert_eq!(medblock_runtime::Grandpa::grandpa_authorities().len(), 4);
		let stored = pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get();
		assert_eq!(stored.len(), 4);
	});
}

/// The SDK writes this test, and the next one, into every runtime, which would have to be compiled again for them.
#[test]
fn pallets_accept_the_constants_that_they_have_here() {
	AllPalletsWithSystem::integrity_test();
}

#[test]
fn genesis_without_a_preset_builds() {
	sp_io::TestExternalities::default().execute_with(|| RuntimeGenesisConfig::default().build());
}
