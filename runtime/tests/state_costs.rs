//! What people, grants, hospitals and motions take in the state at most: the table in docs/operations/capacity.md.
//! What they take usually is in the READMEs of the pallets of records and of delegation.

use crate::common::*;
use frame_support::{
	assert_ok,
	traits::{StorageInfo, StorageInfoTrait},
};
use medblock_primitives::HospitalId;
use medblock_runtime::{
	Consortium, Delegation, FairUse, MedicalRecords, Runtime, RuntimeCall, System,
};
use pallet_collective::Instance1;
use sp_io::hashing::twox_128;
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::traits::{BlakeTwo256, Hash as _};
use std::collections::{BTreeMap, BTreeSet};

type CouncilCall = pallet_collective::Call<Runtime, Instance1>;

const DOCUMENT: &str = include_str!("../../docs/operations/capacity.md");

/// The bytes of each key before what its entry is about: hashes of the pallet's name and the item's.
const PREFIX: usize = 32;

const RECORDS: &str = "MedicalRecords";
const CONSORTIUM: &str = "Consortium";
const FAIR_USE: &str = "FairUse";
const DELEGATION: &str = "Delegation";

/// An item, and how many entries of it something has.
type Entries = (&'static str, &'static str, usize);

/// What has entries, and all of these.
const TABLE: [(&str, &[Entries]); 31] = [
	(
		"a patient",
		&[
			(RECORDS, "Patients", 1),
			(RECORDS, "PatientOf", 1),
			(RECORDS, "CurrentKeys", 1),
			(RECORDS, "PatientsOf", 1),
			(RECORDS, "AwaitingPatients", 1),
		],
	),
	(
		"a doctor",
		&[
			(RECORDS, "Doctors", 1),
			(RECORDS, "DoctorOf", 1),
			(RECORDS, "Directory", 1),
			(RECORDS, "EncryptionKeys", 1),
			(RECORDS, "AwaitingDoctors", 1),
		],
	),
	("a doctor's proposed entry", &[(RECORDS, "ProposedProfiles", 1)]),
	(
		"a change of account that waits",
		&[(RECORDS, "AccountChanges", 1), (RECORDS, "ChangeQueue", 1)],
	),
	("a request to move", &[(RECORDS, "MoveRequests", 1), (RECORDS, "AwaitingPatients", 1)]),
	("a record", &[(RECORDS, "Records", 1)]),
	(
		"a grant of a whole chart",
		&[(RECORDS, "Grants", 1), (RECORDS, "GrantedTo", 1), (RECORDS, "GrantKeys", 1)],
	),
	(
		"a grant of 64 single records",
		&[
			(RECORDS, "Grants", 1),
			(RECORDS, "GrantedTo", 1),
			(RECORDS, "ShareKeys", 1),
			(RECORDS, "SharedRecordsOf", 1),
		],
	),
	("a rotation", &[(RECORDS, "PastEpochs", 2)]),
	("a chart's 32 deposits", &[(RECORDS, "Deposits", 1)]),
	("a patient's choice of 17 vaults", &[(RECORDS, "VaultChoices", 1), (RECORDS, "ChosenBy", 17)]),
	(
		"a hospital",
		&[
			(CONSORTIUM, "Hospitals", 1),
			(CONSORTIUM, "Profiles", 1),
			(CONSORTIUM, "EncryptionKeys", 1),
			(CONSORTIUM, "ControllerOf", 1),
			(CONSORTIUM, "ProfileKeyStates", 1),
			(CONSORTIUM, "LastAuthored", 1),
			(CONSORTIUM, "VaultAccounts", 1),
			(CONSORTIUM, "VaultOf", 1),
			(CONSORTIUM, "DisclosureLogs", 1),
			(CONSORTIUM, "Paces", 6),
			(FAIR_USE, "HospitalUses", 1),
			(FAIR_USE, "SponsoredBy", 1),
			(FAIR_USE, "Departures", 1),
			(RECORDS, "People", 1),
			(RECORDS, "LapsedAt", 1),
		],
	),
	("a vault's last 1,024 anchors", &[(CONSORTIUM, "DisclosureAnchors", 1_024)]),
	("a version of a profile key", &[(CONSORTIUM, "ProfileKeyVersions", 1)]),
	("a hospital's list of 256 registrars", &[(CONSORTIUM, "Registrars", 1)]),
	(
		"a registrar",
		&[
			(CONSORTIUM, "RegistrarOf", 1),
			(CONSORTIUM, "RegistrarKeys", 1),
			(CONSORTIUM, "SealedProfileKeys", 1),
		],
	),
	("a hospital's 32 appointments", &[(CONSORTIUM, "Appointments", 1)]),
	("a hospital's list of 16 institutions", &[(CONSORTIUM, "InstitutionsOf", 1)]),
	(
		"an institution, with the lists of 32 operators and as many appointments",
		&[
			(CONSORTIUM, "Institutions", 1),
			(CONSORTIUM, "Operators", 1),
			(CONSORTIUM, "OperatorAppointments", 1),
		],
	),
	("an operator", &[(CONSORTIUM, "OperatorOf", 1)]),
	("a sponsored account", &[(FAIR_USE, "Sponsorships", 1)]),
	("a decision that waits", &[(CONSORTIUM, "PendingEnactments", 1)]),
	("a key for acting for others", &[(DELEGATION, "ActingKeys", 1)]),
	(
		"a person's eight guardians",
		&[
			(DELEGATION, "GuardianSets", 1),
			(DELEGATION, "GuardianShares", 8),
			(DELEGATION, "GuardedBy", 8),
		],
	),
	// On the agenda are the end of each request, and the end that it gets later.
	(
		"a request for recovery with eight shares",
		&[
			(DELEGATION, "Recoveries", 1),
			(DELEGATION, "RecoveryShares", 8),
			(DELEGATION, "Agenda", 2),
		],
	),
	(
		"a patient's four representatives",
		&[
			(DELEGATION, "Representatives", 1),
			(DELEGATION, "RepresentativeKeys", 4),
			(DELEGATION, "Agenda", 8),
		],
	),
	("a representative who waits for a hospital", &[(DELEGATION, "AwaitingConfirmation", 1)]),
	("a representative's list of 16 patients", &[(DELEGATION, "Represented", 1)]),
	(
		"an emergency plan for 64 records with eight holders",
		&[
			(DELEGATION, "EmergencyPlans", 1),
			(DELEGATION, "EmergencySets", 1),
			(DELEGATION, "EmergencyShares", 8),
		],
	),
	(
		"a request for an emergency with eight shares",
		&[
			(DELEGATION, "EmergencyRequests", 1),
			(DELEGATION, "EmergenciesAsked", 8),
			(DELEGATION, "ConfirmedShares", 8),
			(DELEGATION, "Agenda", 2),
		],
	),
	("a chart's last 16 emergencies", &[(DELEGATION, "Emergencies", 1)]),
];

/// The items of our pallets, by pallet and name.
fn items() -> BTreeMap<(String, String), StorageInfo> {
	let all = [
		MedicalRecords::storage_info(),
		Consortium::storage_info(),
		FairUse::storage_info(),
		Delegation::storage_info(),
	];
	let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
	all.concat()
		.into_iter()
		.map(|info| ((name(&info.pallet_name), name(&info.storage_name)), info))
		.collect()
}

/// A number as people write it.
fn grouped(number: usize) -> String {
	match number / 1_000 {
		0 => number.to_string(),
		thousands => format!("{thousands},{:03}", number % 1_000),
	}
}

/// The call as its account's next transaction, in a block.
fn sends(who: Sr25519Keyring, call: CouncilCall) {
	let nonce = System::account_nonce(account(who));
	assert_ok!(apply(signed(who, nonce, call)).unwrap());
}

/// The bytes of all keys and values below this.
fn stored(prefix: &[u8]) -> usize {
	let (mut key, mut bytes) = (prefix.to_vec(), 0);
	while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(prefix)) {
		bytes += next.len() + sp_io::storage::get(&next).unwrap().len();
		key = next;
	}
	bytes
}

/// The bytes of a motion of one hospital, beside another one, for which all four have voted.
fn a_motion() -> usize {
	let proposers = [twox_128(CONSORTIUM.as_bytes()), twox_128(b"Proposers")].concat();
	let motions = || {
		let proposers = sp_io::storage::get(&proposers).map_or(0, |value| value.len());
		stored(&twox_128(b"Council")) + proposers
	};
	let propose = |who, index, name: &[u8]| {
		let name = name.to_vec().try_into().unwrap();
		let call: RuntimeCall =
			pallet_consortium::Call::rename_hospital { hospital: HospitalId(2), name }.into();
		let (proposal, length_bound) = (BlakeTwo256::hash_of(&call), 100);
		sends(who, CouncilCall::propose { threshold: 3, proposal: Box::new(call), length_bound });
		for member in [Alice, Bob, Charlie, Dave] {
			sends(member, CouncilCall::vote { proposal, index, approve: true });
		}
	};
	local().execute_with(|| {
		block(1);
		propose(Alice, 0, b"Forgotten");
		let before = motions();
		propose(Bob, 1, b"Also gone");
		motions() - before
	})
}

#[test]
fn state_takes_at_most_what_the_document_says() {
	let items = items();
	let most = |(pallet, item, entries): &Entries| {
		let info = &items[&((*pallet).to_owned(), (*item).to_owned())];
		entries * (PREFIX + info.max_size.unwrap() as usize)
	};
	let rows = TABLE.map(|(what, entries)| (what, entries.iter().map(most).sum::<usize>()));
	let motion = ("a motion of four votes, with a call of 16 bytes", a_motion());
	let lacking: Vec<_> = rows
		.into_iter()
		.chain([motion])
		.map(|(what, bytes)| format!("| {what} | {} |", grouped(bytes)))
		.filter(|row| !DOCUMENT.contains(row))
		.collect();
	assert!(lacking.is_empty(), "capacity.md lacks these rows:\n{}", lacking.join("\n"));
}

/// What there may be many of has a row, so that none is forgotten.
#[test]
fn each_item_with_many_entries_is_in_the_document() {
	let told = TABLE.into_iter().flat_map(|(_, entries)| entries);
	let told: BTreeSet<_> = told.map(|(pallet, item, _)| (*pallet, *item)).collect();
	for ((pallet, item), info) in items() {
		let is_told = told.contains(&(pallet.as_str(), item.as_str()));
		assert_eq!(is_told, info.max_values.is_none(), "{pallet}, {item}");
	}
}
