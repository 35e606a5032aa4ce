//! What people, records and grants cost on disk: how far the tables of real nodes' databases grow with each,
//! and how fast a new node has all blocks.
//!
//! Usage: `medblock-e2e growth [PATIENTS] [BATCHES]`; 500 patients and 4 batches of 128 records each if left
//! out. Starts a network of its own in which nodes keep different amounts of history.
//! `scripts/measure-growth` builds and runs it.

use medblock_e2e::{
	Chain,
	Hospital::{self, East, North, South, West},
	Network, Up,
	arguments::numbers,
	eventually,
	made_up::{BATCH, DOCTORS, Patient, all, doctors, patient_ids, staff},
};
use medblock_primitives::*;
use medblock_runtime::AccountId;
use pallet_medical_records::Call;
use std::{
	error::Error,
	fs,
	os::unix::fs::MetadataExt,
	path::Path,
	time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::sleep};

/// Blocks whose states pruned nodes keep. Fewer than the usual 256, so that less time passes until
/// what has to go is gone; more would only add a constant.
const KEPT: &str = "32";
/// Blocks after which nodes delete as many votes of old rounds as they write down new ones: they keep those of
/// 1,000 rounds, of which there are 2.5 a second.
const STEADY: u32 = 500;
/// Idle blocks that are watched.
const IDLE: u32 = 600;

/// What the nodes keep besides all blocks.
const NODES: [(Hospital, &str, &str); 2] =
	[(North, "recent states", KEPT), (West, "all states", "archive")];

/// Bytes on disk in a database's tables, as `du` counts them: files are sparse. Only of a node that has
/// ended: until then, the newest megabytes are in its log alone. What is in the log is on its way into the
/// tables. The indices have room for millions from the start, and double when they are full: a few
/// blocks touch all of it, which would hide what the blocks themselves take.
pub(super) fn on_disk(folder: &Path) -> u64 {
	let entries = fs::read_dir(folder).into_iter().flatten().flatten();
	entries
		.filter_map(|entry| Some((entry.path(), entry.file_name(), entry.metadata().ok()?)))
		.map(|(path, name, found)| match found.is_dir() {
			true => on_disk(&path),
			false if name.to_string_lossy().starts_with("table_") => found.blocks() * 512,
			false => 0,
		})
		.sum()
}

/// The size of each node's database, and at which block.
struct Sizes {
	number: u32,
	bytes: [u64; NODES.len()],
}

impl Sizes {
	/// When everything old has been pruned. Stops the nodes, which then write all that they have, and
	/// starts them again.
	async fn settled(network: &Network) -> Self {
		let chain = Chain::connect(&network.url(0)).await;
		let from = chain.finalized().await.1.number;
		let kept: u32 = KEPT.parse().expect("a number");
		eventually("what is old is pruned", || async {
			(chain.finalized().await.1.number > from + kept + 8).then_some(())
		})
		.await;
		let number = chain.finalized().await.1.number;
		network.down().await;
		let folder = |node: Hospital| network.path().join(node.name()).join("chains");
		let bytes = NODES.map(|(node, ..)| on_disk(&folder(node)));
		start(network).await;
		Self { number, bytes }
	}
}

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let [count, batches] = numbers(arguments, [("PATIENTS", 500), ("BATCHES", 4)])?;
	let (count, batches) = (u32::try_from(count)?, usize::try_from(batches)?);

	let network = Network::new();
	start(&network).await;
	let chain = Chain::connect(&network.url(0)).await;
	let patients: Vec<_> = (0..count).map(Patient::new).collect();
	doctors(&chain).await;
	staff(&chain, &patients, |patient| {
		pallet_fair_use::Call::sponsor { account: patient.account() }.into()
	})
	.await;

	idle_until(&network, STEADY).await;
	let before = Sizes::settled(&network).await;
	idle_until(&network, before.number + IDLE).await;
	let idle = Sizes::settled(&network).await;
	each("an empty block", &before, &idle, idle.number - before.number);
	catch_up(&network, "blocks that are nearly all empty").await;

	let chain = Chain::connect(&network.url(0)).await;
	all(&chain, &patients, |patient| vec![patient.registers()]).await;
	let ids = patient_ids(&chain, &patients).await;
	staff(&chain, &patients, |patient| Call::verify_patient { patient: ids[&patient.name] }.into())
		.await;
	let registered = Sizes::settled(&network).await;
	each("a patient, verified", &idle, &registered, count);

	let chain = Chain::connect(&network.url(0)).await;
	all(&chain, &patients, |patient| {
		(0..batches).map(|batch| patient.adds(batch, BATCH)).collect()
	})
	.await;
	let recorded = Sizes::settled(&network).await;
	let chain = Chain::connect(&network.url(0)).await;
	let records = count * (batches * BATCH) as u32;
	each("a record, of 128", &registered, &recorded, records);

	let grants = |patient: &Patient| (0..DOCTORS).map(|doctor| patient.grants(doctor)).collect();
	all(&chain, &patients, grants).await;
	let granted = Sizes::settled(&network).await;
	each("a grant", &recorded, &granted, count * DOCTORS);
	catch_up(&network, "these and all others").await;
	show_counts(&Chain::connect(&network.url(0)).await, count, (records, count * DOCTORS)).await;
	Ok(())
}

/// How fast a node that keeps everything, and begins with nothing, executes all blocks that there are,
/// beside the others.
async fn catch_up(network: &Network, what: &str) {
	network.kill(&[South]);
	let chains = network.path().join("south/chains");
	for chain in fs::read_dir(chains).expect("its data").flatten() {
		fs::remove_dir_all(chain.path().join("paritydb")).expect("its database");
	}
	let goal = Chain::connect(&network.url(0)).await.finalized().await.1.number;
	let up = keeping(&[South], "archive");
	let (_, (count, took)) = tokio::join!(network.up_as(&up), importing(network.url(2), goal));
	assert!(count > 0, "the new node had all blocks before it could be watched");
	println!(
		"catching up, {what}: {count} in {took:.1} s, {:.0} a second",
		f64::from(count) / took
	);
}

/// How many blocks a node that is about to start imports, from the first that it has to this one, and in
/// how many seconds.
async fn importing(url: String, goal: u32) -> (u32, f64) {
	eventually("the node answers", || async {
		TcpStream::connect(url.trim_start_matches("ws://")).await.ok()
	})
	.await;
	let node = Chain::connect(&url).await;
	let (asked, mut begun) = (Instant::now(), None);
	while asked.elapsed() < Duration::from_secs(600) {
		let best = node.best().await.number;
		let (from, since) = *begun.get_or_insert((best, Instant::now()));
		if best == 0 {
			begun = None;
		} else if best >= goal {
			return (best - from, since.elapsed().as_secs_f64());
		}
		sleep(Duration::from_millis(10)).await;
	}
	panic!("block {goal} was not reached in ten minutes");
}

/// Three of one kind, and one of the other.
async fn start(network: &Network) {
	network.up_as(&keeping(&[North, South, East], NODES[0].2)).await;
	network.up_as(&keeping(&[West], NODES[1].2)).await;
}

/// How nodes are started that keep these states.
fn keeping(nodes: &[Hospital], states: &str) -> Up {
	let arguments = vec!["--state-pruning".to_owned(), states.to_owned()];
	Up { only: nodes.to_vec(), arguments, ..Up::default() }
}

async fn idle_until(network: &Network, number: u32) {
	let chain = Chain::connect(&network.url(0)).await;
	while chain.finalized().await.1.number < number {
		let next = chain.finalized().await.1.number + 30;
		eventually("blocks go on", || async {
			(chain.finalized().await.1.number >= next.min(number)).then_some(())
		})
		.await;
	}
}

/// Fails when something that was to be measured is not there.
async fn show_counts(chain: &Chain, patients: u32, expected: (u32, u32)) {
	use pallet_medical_records_runtime_api::PatientInfo;
	let (at, _) = chain.finalized().await;
	let (mut records, mut grants) = (0, 0);
	for id in (0..patients).map(PatientId) {
		let found: Option<PatientInfo<AccountId>> =
			chain.ask("MedicalRecordsApi_patient", id, at).await;
		let found = found.expect("a patient");
		assert_eq!(found.standing, Standing::Verified);
		records += found.records;
		grants += found.grants;
	}
	assert_eq!((records, grants), expected, "each call that was counted has succeeded");
	println!("on chain: {patients} patients, {records} records, {grants} grants");
}

/// What grew, divided among them.
fn each(what: &str, before: &Sizes, after: &Sizes, count: u32) {
	println!("{what}: {count} of them, in {} blocks", after.number - before.number);
	for (node, (_, keeps, _)) in NODES.iter().enumerate() {
		let grown = after.bytes[node] as f64 - before.bytes[node] as f64;
		println!(
			"  {keeps:<15} {:>7.1} MB, {:>8.0} bytes each",
			grown / 1e6,
			grown / f64::from(count)
		);
	}
}
