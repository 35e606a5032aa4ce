//! Upgrades to this runtime, of a chain that has lived under the last released one.
//!
//! With the feature `try-runtime`, the migrations' own checks and all pallets' invariants run, too.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/released.rs"]
mod released;

use common::register_patient;
use frame_support::{
	migrations::MultiStepMigrator,
	traits::{Contains, GetStorageVersion},
	weights::Weight,
};
use medblock_primitives::{DoctorId, Document, HospitalId, PatientId};
use medblock_runtime::{
	AccountId, Block, Consortium, FairUse, MedicalRecords, Migrations, Runtime, RuntimeCall,
	RuntimeEvent, System, calls::Transactable, migrations::is_current,
};
use pallet_fair_use::CallPolicy;
use pallet_medical_records::{Call, PatientOf, Patients, migrations::v1};
use pallet_medical_records_runtime_api::runtime_decl_for_medical_records_api::MedicalRecordsApi;
use released::{DOCTORS, PATIENTS, released};
use sp_io::TestExternalities;
use std::{collections::BTreeMap, panic::AssertUnwindSafe};

type OldPatients = BTreeMap<PatientId, v1::Patient<AccountId>>;

fn old_patients(chain: &mut TestExternalities) -> OldPatients {
	chain.execute_with(|| v1::Patients::<Runtime>::iter().collect())
}

/// The first block under this runtime, without its first step.
fn upgrade(chain: &mut TestExternalities) {
	chain.execute_with(|| {
		System::set_block_number(System::block_number() + 1);
		System::reset_events();
		#[cfg(not(feature = "try-runtime"))]
		medblock_runtime::Executive::execute_on_runtime_upgrade();
		#[cfg(feature = "try-runtime")]
		{
			use frame_support::traits::{BeforeAllRuntimeMigrations, OnRuntimeUpgrade};
			use medblock_runtime::{AllPalletsWithSystem, migrations::AtOnce};
			AllPalletsWithSystem::before_all_runtime_migrations();
			AtOnce::try_on_runtime_upgrade(true).unwrap();
			// Not with their checks: pallets that change in steps have their version only after the last one.
			AllPalletsWithSystem::on_runtime_upgrade();
		}
	});
	chain.commit_all().unwrap();
}

/// The steps of the following blocks; gives each one's weight.
fn steps(chain: &mut TestExternalities) -> Vec<Weight> {
	let mut all = Vec::new();
	while chain.execute_with(Migrations::ongoing) {
		all.push(chain.execute_with(|| {
			System::set_block_number(System::block_number() + 1);
			System::reset_events();
			Migrations::step()
		}));
		chain.commit_all().unwrap();
		assert!(all.len() < 100_000, "it never ends");
	}
	all
}

fn events_of_migrations(chain: &mut TestExternalities) -> Vec<pallet_migrations::Event<Runtime>> {
	let events = chain.execute_with(System::events);
	let own = events.into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Migrations(event) => Some(event),
		_ => None,
	});
	own.collect()
}

/// What holds once it is over.
fn check(chain: &mut TestExternalities, before: &OldPatients) {
	chain.execute_with(|| {
		assert!(is_current::<Consortium>() && is_current::<MedicalRecords>());
		assert!(is_current::<FairUse>() && !Migrations::ongoing());
		assert_eq!(Patients::<Runtime>::iter().count(), before.len());
		for (id, old) in before {
			assert!(old.is_kept_by(&Patients::<Runtime>::get(id).unwrap()), "{id:?}");
			assert_eq!(PatientOf::<Runtime>::get(&old.account), Some(*id));
		}
		#[cfg(feature = "try-runtime")]
		{
			use frame_support::traits::{TryDecodeEntireStorage, TryState, TryStateSelect};
			use medblock_runtime::{AllPalletsWithSystem, configs::CouncilMotions};
			let decoded = AllPalletsWithSystem::try_decode_entire_state();
			assert!(decoded.is_ok(), "{:?}", decoded.map_err(|all| format!("{all:?}")));
			AllPalletsWithSystem::try_state(System::block_number(), TryStateSelect::All).unwrap();
			CouncilMotions::check().unwrap();
		}
	});
}

#[test]
fn chain_of_the_last_release_becomes_one_of_this() {
	let mut chain = released();
	let before = old_patients(&mut chain);
	assert_eq!(before.len() as u32, PATIENTS);
	let doctors = chain.execute_with(|| pallet_medical_records::Doctors::<Runtime>::iter().count());
	assert_eq!(doctors as u32, DOCTORS);
	upgrade(&mut chain);
	assert_eq!(steps(&mut chain).len(), 1, "twelve patients fit into one block");
	let events = events_of_migrations(&mut chain);
	assert_eq!(events.last(), Some(&pallet_migrations::Event::UpgradeCompleted));
	check(&mut chain, &before);

	chain.execute_with(|| {
		// Two hospitals had keys out of words, whatever their number was.
		for hospital in [0, 1] {
			let found = Consortium::profile_key(HospitalId(hospital));
			assert_eq!((found.key.unwrap().version, found.holders, found.due), (1, 0, true));
		}
		assert!(Consortium::profile_key(HospitalId(2)).key.is_none());
		// The others' word counts on, and delayed decisions have an end.
		for (account, hospital) in released::sponsored() {
			let kept = pallet_fair_use::Sponsorships::<Runtime>::contains_key(account, hospital);
			assert!(kept, "{hospital:?}");
		}
		let waits = pallet_consortium::PendingEnactments::<Runtime>::get(0).unwrap();
		assert!(waits.void_at >= 14 * 86_400_000);
		// Hospitals know how many people they have, suspended ones included, and find them.
		let people =
			|hospital| pallet_medical_records::People::<Runtime>::get(HospitalId(hospital));
		let counted: Vec<_> = (0..4).map(|hospital| people(hospital).patients).collect();
		assert_eq!(counted, [3, 3, 2, 2]);
		let counted: Vec<_> = (0..4).map(|hospital| people(hospital).doctors).collect();
		assert_eq!(counted, [1, 1, 1, 0]);
		let page = MedicalRecords::patients_of_hospital(HospitalId(1), None, 10);
		assert_eq!(page.items.iter().map(|one| one.id.0).collect::<Vec<_>>(), [1, 5, 9]);
		let page = MedicalRecords::awaiting_patients(HospitalId(0), None, 10);
		assert_eq!(page.items.iter().map(|one| one.id.0).collect::<Vec<_>>(), [3]);
		let page = MedicalRecords::awaiting_doctors(HospitalId(3), None, 10);
		assert_eq!(page.items.iter().map(|one| one.id.0).collect::<Vec<_>>(), [3]);
		// Access is as it was: granted by one and by a suspended one, shared; revoked, never granted.
		let may_see = |patient, doctor| {
			MedicalRecords::access(PatientId(patient), DoctorId(doctor), Some(0)).is_ok()
		};
		assert!(may_see(0, 0) && may_see(2, 0) && may_see(0, 1));
		assert!(!may_see(1, 0) && !may_see(6, 0) && !may_see(0, 2));
	});
}

/// A block must not do more than its part, and the whole has to end.
#[test]
fn hundred_thousand_patients_take_few_blocks_of_bounded_weight() {
	const MANY: u32 = 100_000;
	let mut chain = released();
	let example = old_patients(&mut chain)[&PatientId(0)].clone();
	chain.execute_with(|| {
		for number in PATIENTS..MANY {
			let mut account = [7; 32];
			account[..4].copy_from_slice(&number.to_le_bytes());
			let old = v1::Patient { account: account.into(), ..example.clone() };
			PatientOf::<Runtime>::insert(&old.account, PatientId(number));
			let chart = v1::Chart { records: 0, grants: 0, shares: 0, ..example.chart.clone() };
			v1::Patients::<Runtime>::insert(PatientId(number), v1::Patient { chart, ..old });
		}
		pallet_medical_records::NextPatient::<Runtime>::put(PatientId(MANY));
	});
	chain.commit_all().unwrap();
	let before = old_patients(&mut chain);
	assert_eq!(before.len() as u32, MANY);
	upgrade(&mut chain);
	let steps = steps(&mut chain);
	let most = <Runtime as pallet_migrations::Config>::MaxServiceWeight::get();
	assert!(steps.iter().all(|weight| weight.all_lte(most)), "{steps:?}");
	println!("{MANY} patients took {} blocks; weights {steps:?}", steps.len());
	assert!(steps.len() > 5 && steps.len() < 60, "{}", steps.len());
	// The invariants' check of so many takes too long; it has run on few.
	chain.execute_with(|| {
		for (id, old) in before {
			assert!(old.is_kept_by(&Patients::<Runtime>::get(id).unwrap()), "{id:?}");
		}
		assert!(is_current::<MedicalRecords>());
	});
}

/// Clients send meanwhile, and the pool keeps it. A question about people has no answer.
#[test]
fn transactions_wait_and_questions_are_refused_meanwhile() {
	let call: RuntimeCall = register_patient(0);
	let asks = |chain: &mut TestExternalities| {
		chain.execute_with(|| {
			let patient = AssertUnwindSafe(|| {
				<Runtime as MedicalRecordsApi<Block, AccountId>>::patient(PatientId(0))
			});
			std::panic::catch_unwind(patient).map_err(|why| *why.downcast::<&str>().unwrap())
		})
	};
	let mut chain = released();
	upgrade(&mut chain);
	assert!(chain.execute_with(|| Migrations::ongoing() && Transactable::contains(&call)));
	assert_eq!(asks(&mut chain).unwrap_err(), "the chain is migrating: ask again in some blocks");
	steps(&mut chain);
	assert!(chain.execute_with(|| Transactable::contains(&call)));
	assert!(asks(&mut chain).unwrap().is_some());
}

/// The pool asks about people whose entries can't be read yet. What they send has to wait, and a revocation has
/// to come first in the block that takes it.
#[test]
fn pool_keeps_what_people_may_send_meanwhile() {
	let doctors = vec![DoctorId(0)].try_into().unwrap();
	let revoke: RuntimeCall = Call::revoke_access { doctors, rotation: None }.into();
	let correct = |number| -> RuntimeCall {
		let document = Document { digest: [2; 32], head: [2; 16], size: 1, vault: HospitalId(0) };
		let patient = PatientId(number);
		Call::update_patient_profile { patient, document, sealed_to: 0, recipients: None }.into()
	};
	let verdicts = |chain: &mut TestExternalities| {
		chain.execute_with(|| {
			// A verified one, a suspended one, and one who waits to be verified.
			[0, 2, PATIENTS - 1].map(|number| {
				let who = released::patient(number);
				(
					Transactable::is_urgent(&who, &revoke),
					Transactable::is_retraction(&who, &revoke),
					Transactable::is_correction(&who, &correct(number)),
				)
			})
		})
	};
	let mut chain = released();
	upgrade(&mut chain);
	assert_eq!(verdicts(&mut chain), [(true, true, true); 3]);
	steps(&mut chain);
	let [verified, suspended, pending] = verdicts(&mut chain);
	assert_eq!([verified, suspended], [(true, true, false); 2]);
	assert_eq!(pending, (false, false, true));
}

#[test]
fn another_upgrade_does_nothing_a_second_time() {
	let mut chain = released();
	let before = old_patients(&mut chain);
	upgrade(&mut chain);
	steps(&mut chain);
	let root = |chain: &mut TestExternalities| {
		chain.execute_with(|| {
			let all = Patients::<Runtime>::iter().collect::<BTreeMap<_, _>>();
			let keys = pallet_consortium::EncryptionKeys::<Runtime>::iter().count();
			(all, keys)
		})
	};
	let once = root(&mut chain);
	upgrade(&mut chain);
	assert_eq!(steps(&mut chain).len(), 1);
	assert_eq!(root(&mut chain), once);
	check(&mut chain, &before);
}

/// A chain that begins with this runtime has nothing to migrate.
#[test]
fn new_chain_has_every_pallets_version() {
	let mut chain = common::local();
	chain.execute_with(|| {
		assert_eq!(Consortium::on_chain_storage_version(), Consortium::in_code_storage_version());
		assert!(is_current::<MedicalRecords>() && is_current::<FairUse>());
	});
	upgrade(&mut chain);
	assert_eq!(steps(&mut chain).len(), 1);
}

/// A step can't fail. If one does, the council has to be able to repair it, and no one else may write
/// entries over others of an old shape.
#[cfg(not(feature = "try-runtime"))]
#[test]
fn failed_step_closes_the_pallet_and_not_the_council() {
	use common::account;
	use frame_support::{storage::unhashed, traits::StorageVersion};
	use sp_keyring::Sr25519Keyring::Bob;

	let mut chain = released();
	upgrade(&mut chain);
	chain.execute_with(|| {
		let key = pallet_migrations::Cursor::<Runtime>::hashed_key();
		assert!(unhashed::exists(&key));
		let cursor = pallet_migrations::ActiveCursor {
			index: 0,
			// No patient's number.
			inner_cursor: Some(vec![1].try_into().unwrap()),
			started_at: 1,
		};
		let cursor = pallet_migrations::MigrationCursor::Active(cursor);
		pallet_migrations::Cursor::<Runtime>::put(cursor);
	});
	assert_eq!(steps(&mut chain).len(), 1);
	let events = events_of_migrations(&mut chain);
	assert!(events.contains(&pallet_migrations::Event::UpgradeFailed), "{events:?}");
	chain.execute_with(|| {
		assert_eq!(MedicalRecords::on_chain_storage_version(), StorageVersion::new(1));
		assert!(!Transactable::contains(&register_patient(0)));
		let decide: RuntimeCall = pallet_consortium::Call::carry_out { enactment: 0 }.into();
		let code = vec![];
		let upgrade: RuntimeCall = frame_system::Call::apply_authorized_upgrade { code }.into();
		let sponsor: RuntimeCall = pallet_fair_use::Call::sponsor { account: account(Bob) }.into();
		for open in [decide, upgrade, sponsor] {
			assert!(Transactable::contains(&open), "{open:?}");
		}
	});
}

/// In the worst case a step handles one entry, and still gets on.
#[test]
fn block_has_room_for_an_entry_beside_the_pallets_own_work() {
	let most = <Runtime as pallet_migrations::Config>::MaxServiceWeight::get();
	use medblock_reshape::Reshape;
	let entry = pallet_medical_records::migrations::PatientsFromV1::<Runtime>::weight();
	let own = Migrations::exec_migration_max_weight().saturating_mul(2);
	assert!(own.saturating_add(entry.saturating_mul(1_000)).all_lte(most));
}
