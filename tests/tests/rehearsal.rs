//! The council upgrades a chain that began under the last released runtime, and has a hundred thousand people.
//!
//! `REHEARSAL_PATIENTS` gives another number. The figures are in the test's output.

use codec::{Decode, Encode};
use jsonrpsee::rpc_params;
use medblock_e2e::{Chain, Item, Network, Specification, Up, eventually, well_known};
use medblock_primitives::{DoctorId, HospitalId, PatientId, Standing};
use medblock_runtime::{AccountId, Hash, Runtime, RuntimeCall, RuntimeEvent, VERSION, WASM_BINARY};
use pallet_collective::Instance1;
use pallet_medical_records::{Patient, PatientOf, Patients, migrations::v1};
use pallet_migrations::Event as Migrated;
use sp_core::{Pair, sr25519};
use sp_runtime::traits::{BlakeTwo256, Hash as _};
use std::{collections::BTreeMap, time::Instant};

/// The runtime of the last release, as its build made it.
const RELEASED: &str =
	concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/tests/released/100/runtime.wasm");

const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];

/// The patient who revokes while the chain migrates.
const AWAKE: PatientId = PatientId(0);

fn patients() -> u32 {
	let number = std::env::var("REHEARSAL_PATIENTS").ok();
	number.map_or(100_000, |number| number.parse().expect("a number"))
}

/// The key pair of [`AWAKE`].
fn awake() -> sr25519::Pair {
	sr25519::Pair::from_seed(&[9; 32])
}

fn account(number: u32) -> AccountId {
	if number == AWAKE.0 {
		return awake().public().into();
	}
	let mut bytes = [7; 32];
	bytes[..4].copy_from_slice(&number.to_le_bytes());
	bytes.into()
}

/// A patient as the last release stored them. No two are alike.
fn old(number: u32) -> v1::Patient<AccountId> {
	v1::Patient {
		account: account(number),
		generation: 0,
		hospital: HospitalId(number % 4),
		standing: if number % 11 == 10 { Standing::Suspended } else { Standing::Verified },
		registered_at: 1_700_000_000_000 + u64::from(number),
		moving_to: (number % 1_000 == 999).then_some(HospitalId(0)),
		profile: None,
		chart: v1::Chart {
			epoch: 2 * (number % 5),
			lost_from: None,
			next_expiry: None,
			lapses_seen: 0,
			records: 0,
			grants: 0,
			shares: number % 3,
		},
	}
}

/// Everything that the last release stored about them, but for the keys of charts, which stay as they are.
fn people() -> Vec<Item> {
	let mut items = Vec::new();
	for number in 0..patients() {
		let (id, account) = (PatientId(number), account(number));
		items.push((v1::Patients::<Runtime>::hashed_key_for(id), old(number).encode()));
		items.push((PatientOf::<Runtime>::hashed_key_for(&account), id.encode()));
		// Nonce, references, and the allowance of a patient's account.
		let entry = (1u32, 0u32, 1u32, 0u32, (0u8, 0u8, 0u32, 0u32, 1u8)).encode();
		items.push((frame_system::Account::<Runtime>::hashed_key_for(&account), entry));
	}
	let next = pallet_medical_records::NextPatient::<Runtime>::hashed_key();
	items.push((next.to_vec(), PatientId(patients()).encode()));
	items
}

/// The council's way to an upgrade. Events are not read: the last release numbered them otherwise.
async fn council_upgrades(chain: &Chain, code: &[u8]) {
	let code_hash = BlakeTwo256::hash(code);
	let authorize = frame_system::Call::<Runtime>::authorize_upgrade { code_hash };
	let call = Box::new(authorize.into());
	let motion: RuntimeCall = pallet_consortium::Call::<Runtime>::enact { call }.into();
	let (proposal_hash, length_bound) =
		(BlakeTwo256::hash_of(&motion), motion.encoded_size() as u32);
	let weight = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&motion).call_weight;
	type Call = pallet_collective::Call<Runtime, Instance1>;
	let alice = well_known(THREE[0]);
	let proposal = Box::new(motion);
	let propose = Call::propose { threshold: 3, proposal, length_bound };
	chain.send_all(&alice, vec![propose.into()]).await;
	for member in THREE {
		let vote = Call::vote { proposal: proposal_hash, index: 0, approve: true };
		chain.send_all(&well_known(member), vec![vote.into()]).await;
	}
	// The motion's weight is the last release's.
	let proposal_weight_bound = weight.saturating_mul(4);
	let close = Call::close { proposal_hash, index: 0, proposal_weight_bound, length_bound };
	chain.send_all(&alice, vec![close.into()]).await;

	let waiting = pallet_consortium::PendingEnactments::<Runtime>::hashed_key_for(0);
	let (_, due): (Vec<u8>, u32) = {
		let (at, _) = chain.finalized().await;
		chain.storage(&waiting, at).await.expect("an upgrade waits")
	};
	eventually("the delay passes", || async { (chain.best().await.number >= due).then_some(()) })
		.await;
	let carry_out = pallet_consortium::Call::<Runtime>::carry_out { enactment: 0 };
	chain.send_all(&alice, vec![carry_out.into()]).await;
	let code = code.to_vec();
	let apply = frame_system::Call::<Runtime>::apply_authorized_upgrade { code };
	chain.send_all(&alice, vec![apply.into()]).await;
}

async fn spec_version(chain: &Chain) -> u32 {
	let version: serde_json::Value = chain.get("state_getRuntimeVersion").await;
	version["specVersion"].as_u64().expect("a number") as u32
}

/// What a block did to migrate.
#[derive(Debug)]
struct Step {
	number: u32,
	/// Whether the next block has no transactions either.
	goes_on: bool,
	/// The computation that the block declares, in milliseconds.
	declared: u64,
	/// The time of the block, in milliseconds since 1970.
	time: u64,
	events: Vec<Migrated<Runtime>>,
}

async fn step(chain: &Chain, number: u32) -> Step {
	let at = eventually("the block is there", || chain.hash_of(number)).await;
	let cursor = pallet_migrations::Cursor::<Runtime>::hashed_key();
	let goes_on = chain.is_stored(&cursor, at).await;
	let weight = frame_system::BlockWeight::<Runtime>::hashed_key();
	let weight: frame_support::dispatch::PerDispatchClass<frame_support::weights::Weight> =
		chain.storage(&weight, at).await.expect("every block has its weight");
	let now = frame_support::storage::storage_prefix(b"Timestamp", b"Now");
	let time = chain.storage(&now, at).await.expect("every block has its time");
	let events = chain.events(at).await.into_iter().filter_map(|event| match event {
		RuntimeEvent::Migrations(event) => Some(event),
		_ => None,
	});
	let declared = weight.total().ref_time() / 1_000_000_000;
	Step { number, goes_on, declared, time, events: events.collect() }
}

/// The block that has a nonce of an account as its first.
async fn first_with_nonce(chain: &Chain, account: &AccountId, nonce: u32, from: u32) -> u32 {
	for number in from.. {
		let at = eventually("the block is there", || chain.hash_of(number)).await;
		let found: u32 = chain.ask("AccountNonceApi_account_nonce", account, at).await;
		if found >= nonce {
			return number;
		}
	}
	unreachable!()
}

#[tokio::test]
#[ignore = "wants runtime/tests/released/100/runtime.wasm"]
async fn chain_of_the_last_release_is_upgraded_while_it_runs() {
	let mut specification = Specification::local().await.expect("the node exports it");
	specification.set("upgradeDelay", 10.into()).expect("a setting");
	// The block that ends a session declares all of a block for that.
	specification.set("sessionLength", 1_000.into()).expect("a setting");
	let released = std::fs::read(RELEASED).expect("runtime/tests/released says how it is made");
	specification.run_by(&released).expect("it is plain");
	let network = Network::new();
	let path = network.path().join("released.json");
	specification.write(&path).expect("a file");
	let items = people();
	network.up_as(&Up { specification: Some(path), items, ..Up::default() }).await;
	let chain = Chain::connect(&network.url(0)).await;
	assert_eq!(spec_version(&chain).await, 100);
	// The nodes are of today, and answer for a week or more out of the last release's state.
	for (method, of) in [
		("medicalRecords_patient", 3),
		("medicalRecords_patientsOfHospital", 0),
		("medicalRecords_awaitingPatients", 0),
		("medicalRecords_grantsOfPatient", 3),
	] {
		assert_eq!(chain.refusal(method, rpc_params![of]).await, None, "{method}");
	}

	let code = WASM_BINARY.expect("built with the runtime");
	let before = chain.best().await.number;
	let upgrading = council_upgrades(&chain, code);
	// A patient on another node revokes as soon as the chain migrates.
	let revoking = async {
		let other = Chain::connect(&network.url(1)).await;
		let cursor = pallet_migrations::Cursor::<Runtime>::hashed_key();
		loop {
			// The delay is longer than one thing that a story waits for.
			let head = other.best().await;
			if other.is_stored(&cursor, head.hash()).await {
				break;
			}
			tokio::time::sleep(std::time::Duration::from_millis(100)).await;
		}
		let doctors = vec![DoctorId(7)].try_into().expect("one");
		let revoke =
			pallet_medical_records::Call::<Runtime>::revoke_access { doctors, rotation: None };
		let sent = Instant::now();
		other.send_all(&awake(), vec![revoke.into()]).await;
		sent.elapsed()
	};
	let (_, revoked) = tokio::join!(upgrading, revoking);
	assert_eq!(spec_version(&chain).await, VERSION.spec_version);

	// The steps, block after block.
	let mut steps = Vec::new();
	for number in before.. {
		let at = chain.hash_of(number).await.expect("a block that is there");
		let last = frame_system::LastRuntimeUpgrade::<Runtime>::hashed_key();
		let last: frame_system::LastRuntimeUpgradeInfo =
			chain.storage(&last, at).await.expect("every chain has it");
		if last.spec_version.0 < VERSION.spec_version {
			continue;
		}
		let step = step(&chain, number).await;
		let is_last = !step.goes_on;
		steps.push(step);
		if is_last {
			break;
		}
	}
	let (first, last) = (steps.first().expect("a step"), steps.last().expect("a step"));
	assert!(last.events.contains(&Migrated::UpgradeCompleted), "{last:?}");
	let most = steps.iter().map(|step| step.declared).max().unwrap_or_default();
	assert!(most <= 500, "a block declares more than it may: {most} ms");
	let waited = first_with_nonce(&chain, &account(AWAKE.0), 2, first.number).await - first.number;
	let patients = patients();
	println!(
		"{patients} patients: {} blocks in {} ms without transactions, at most {most} ms declared in one; a \
		 revocation sent at once was in block {waited} after the upgrade, and final after {} ms",
		steps.len(),
		last.time.saturating_sub(first.time),
		revoked.as_millis(),
	);
	for step in &steps {
		println!("  block {}: {} ms declared, {:?}", step.number, step.declared, step.events);
	}

	// Everybody is there, on every node, as before.
	let prefix = frame_support::storage::storage_prefix(b"MedicalRecords", b"Patients");
	let end = chain.finalized().await.1.number;
	let mut heads: Vec<Hash> = Vec::new();
	for index in 0..4 {
		let node = Chain::connect(&network.url(index)).await;
		heads.push(eventually("the same block everywhere", || node.hash_of(end)).await);
		assert_eq!(spec_version(&node).await, VERSION.spec_version);
	}
	assert!(heads.iter().all(|head| *head == heads[0]), "{heads:?}");
	let found: BTreeMap<Vec<u8>, Vec<u8>> =
		chain.items(&prefix, heads[0]).await.into_iter().collect();
	assert_eq!(found.len() as u32, patients);
	for number in 0..patients {
		let key = Patients::<Runtime>::hashed_key_for(PatientId(number));
		let now = Patient::decode(&mut &found[&key][..]).expect("a patient of today");
		assert!(old(number).is_kept_by(&now), "patient {number} is {now:?}");
	}
	let version =
		frame_support::storage::storage_prefix(b"MedicalRecords", b":__STORAGE_VERSION__:");
	let version: u16 = chain.storage(&version, heads[0]).await.expect("a version");
	assert!(version > 1);
	// And life goes on.
	let mode = pallet_consortium::RegistrationMode::Closed;
	let call = pallet_consortium::Call::<Runtime>::set_registration_mode { mode };
	chain.send(&well_known("Alice"), call.into()).await;
}
