//! Whatever is killed, and however often: nothing that was acknowledged is lost or half there, and each receipt is in the
//! vault's log, and in the next anchor.
//!
//! `MEDBLOCK_KILLS` says how often something is killed, 16 times without it, and `MEDBLOCK_SEED` what decides what and
//! when, 19 without it. `scripts/test-kills` runs this with many. More than 16 also wait for the anchor that has everything:
//! the chain takes one in ten minutes.

mod bucket;
pub(crate) mod program;

use super::*;
use crate::two::{Two, progress_at, until};
use bucket::Bucket;
use common::{
	Gateway,
	chain::{Person, Session},
};
use medblock_client::{Error, Keys, medblock_crypto::Mnemonic, vault, vault::unwatched};
use medblock_platform::Memory;
use medblock_primitives::{HospitalId, Moment, PatientId};
use medblock_receipts::{Promise, Receipt, Tree};
use medblock_vault_protocol::{
	paths,
	receipts::{Log, Place},
};
use program::Program;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sha2::{Digest as _, Sha256};
use std::{
	sync::{
		Arc, Mutex,
		atomic::{AtomicBool, Ordering},
	},
	thread,
};
use tokio::task::spawn_blocking;

/// How often something is killed if nothing else is said.
const FEW: u64 = 16;
/// Kills after which everything that was acknowledged since is checked.
const BATCH: u64 = 25;
/// How long something may take while others are killed.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long the log may take to come onto the chain: the ten minutes between two anchors, and the look before.
const ANCHORED: Duration = Duration::from_secs(12 * 60);
/// A receipt that is this much older than an anchor has to be in it, in milliseconds: an anchor's tree is older than its
/// block.
const SETTLED: Moment = 60_000;

/// How often something is killed.
fn kills() -> u64 {
	setting("MEDBLOCK_KILLS", FEW)
}

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
	std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

/// A file that a client was told is kept.
#[derive(Clone)]
struct File {
	digest: [u8; 32],
	length: usize,
}

/// What all who use the vault share, and the killer with them.
struct Load {
	/// The address that the chain names.
	listen: String,
	acknowledged: Mutex<Vec<File>>,
	program: Program,
	is_over: AtomicBool,
}

impl Load {
	fn is_over(&self) -> bool {
		self.is_over.load(Ordering::Relaxed)
	}

	fn acknowledged(&self) -> Vec<File> {
		self.acknowledged.lock().unwrap().clone()
	}
}

/// Ends the load, also when the test has failed.
struct Ending(Arc<Load>);

impl Drop for Ending {
	fn drop(&mut self) {
		self.0.is_over.store(true, Ordering::Relaxed);
	}
}

/// Kills one thing after another, and starts it again.
fn kill(two: &mut Two, bucket: &mut Bucket, id: PatientId, load: &Load) {
	let (kills, seed) = (kills(), setting("MEDBLOCK_SEED", 19));
	let (began, mut checked) = (Instant::now(), 0);
	let mut random = StdRng::seed_from_u64(seed);
	for number in 1..=kills {
		if load.is_over() {
			return;
		}
		let pause = Duration::from_millis(random.gen_range(50..900));
		thread::sleep(pause);
		match random.gen_range(0..5) {
			0 => {
				two.server.kill();
				two.server.start_again();
			},
			1 => bucket.kill(),
			2 => load.program.kill(),
			other => {
				let index = other - 3;
				two.kill(index);
				thread::sleep(pause);
				two.resume(index);
			},
		}
		if number % BATCH == 0 || number == kills {
			let all = load.acknowledged();
			bucket.has(id, &all[checked..]);
			checked = all.len();
			let took = began.elapsed().as_secs();
			eprintln!("seed {seed}: {number} of {kills} kills, {checked} files, {took} s");
		}
	}
}

/// Uploads one file after another until all is over, and notes what is acknowledged.
async fn uploads(patient: &Person, id: PatientId, seed: u64, load: &Load) {
	let mut random = StdRng::seed_from_u64(seed);
	let mut session = None;
	while !load.is_over() {
		let file = age_file(random.gen_range(0..=u8::MAX), random.gen_range(20_000..300_000));
		let deadline = Instant::now() + PATIENCE;
		while !is_kept(&mut session, &load.listen, patient.client.keys(), id, &file).await {
			assert!(Instant::now() < deadline, "a file is never kept");
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
		let digest = Sha256::digest(&file).into();
		load.acknowledged.lock().unwrap().push(File { digest, length: file.len() });
		let pause = Duration::from_millis(random.gen_range(0..200));
		tokio::time::sleep(pause).await;
	}
}

/// Sends a file, and says whether the vault has it.
async fn is_kept(
	session: &mut Option<Session>,
	listen: &str,
	keys: &Keys,
	id: PatientId,
	file: &[u8],
) -> bool {
	if session.is_none() {
		*session = Session::sign_in_at(listen, keys).await;
	}
	let Some(open) = session.as_ref() else { return false };
	let path = upload_path(id, file);
	let sent = open.request("PATCH", &path).header("upload-offset", 0);
	let sent = sent.header("upload-length", file.len()).body(file.to_vec()).send().await;
	match sent.map(|answer| answer.status().as_u16()) {
		Ok(201) => true,
		// A quarter of an hour is over.
		Ok(401) => {
			*session = None;
			false
		},
		_ => matches!(progress_at(open, &path).await, Some((true, _))),
	}
}

/// Opens one record after another until all is over, and returns how often that succeeded.
async fn reads(doctor: &Person, id: PatientId, load: &Load) -> usize {
	let mut read = 0;
	while !load.is_over() {
		for record in 0..NOTES {
			match doctor.client.open(id, record, &Memory::new(), &unwatched()).await {
				Ok(opened) => {
					let mut content = Vec::new();
					let mut file = opened.content.file.reader();
					std::io::Read::read_to_end(&mut file, &mut content).unwrap();
					assert_eq!(content, format!("finding {record}").into_bytes());
					read += 1;
				},
				Err(Error::Vault(why @ vault::Error::WrongBytes(_))) => panic!("{why}"),
				// What is away comes back.
				Err(_) => (),
			}
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
	}
	read
}

/// The records that the doctor reads.
const NOTES: u32 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_no_acknowledged_file_and_no_receipt_is_lost() {
	let mut bucket = Bucket::start();
	let mut two = Two::over(&bucket.endpoint(), &["--anchor-interval", "1"]).await;
	two.setup.known("//Alice").await.client.name_vault_account().await.unwrap();
	let (patient, id) = two.setup.patient().await;
	patient.client.add_records(&receipts::notes(NOTES), &unwatched()).await.unwrap();
	let (doctor, doctor_id) = two.setup.doctor().await;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let words = Mnemonic::generate();
	let author = two.setup.person(Keys::from_seed(words.seed("")).unwrap()).await;
	let of_author = two.setup.becomes_patient(&author).await;
	let load = Arc::new(Load {
		listen: two.setup.address().to_owned(),
		acknowledged: Mutex::default(),
		program: Program::new(two.setup.node_url(), &words),
		is_over: AtomicBool::new(false),
	});

	let ending = Ending(load.clone());
	let adding = spawn_blocking({
		let load = load.clone();
		move || load.program.adds(&load)
	});
	let killing = spawn_blocking({
		let load = load.clone();
		move || {
			kill(&mut two, &mut bucket, id, &load);
			(two, bucket)
		}
	});
	let ended = async {
		let ended = killing.await;
		drop(ending);
		ended.unwrap()
	};
	let ((two, bucket), (), (), read) = tokio::join!(
		ended,
		uploads(&patient, id, 1, &load),
		uploads(&patient, id, 2, &load),
		reads(&doctor, id, &load),
	);
	adding.await.unwrap();

	// Each gateway has each file, and the bucket has its bytes.
	let all = load.acknowledged();
	assert!(!all.is_empty());
	bucket.has(id, &all);
	for gateway in two.gateways.iter().flatten() {
		let (listen, keys) = (gateway.address.to_string(), patient.client.keys());
		until("it serves", || async { Session::sign_in_at(&listen, keys).await.is_some() }).await;
		let session = Session::sign_in_at(&listen, keys).await.unwrap();
		for File { digest, length } in &all {
			let path = format!("/v1/patients/{}/uploads/{}", id.0, hex::encode(digest));
			// One of some thousand answers may be that the vault has too much to do.
			let told = Mutex::new(None);
			until(&path, || async {
				let answer = progress_at(&session, &path).await;
				*told.lock().unwrap() = answer;
				answer.is_some()
			})
			.await;
			assert_eq!(told.into_inner().unwrap(), Some((true, *length as u64)));
		}
	}

	// What the chain names of the killed program's is there, and the program goes on.
	let of_thread = load.clone();
	let going_on = spawn_blocking(move || {
		let program = &of_thread.program;
		program.does(&["record", "repair"]);
		program.does(&["record", "add", &program.letter(usize::MAX)]);
	});
	going_on.await.unwrap();
	let chart = two.setup.final_block().await.patient(of_author).await.unwrap().unwrap();
	for record in 0..chart.records {
		let memory = Memory::new();
		let opened = author.client.open(of_author, record, &memory, &unwatched()).await;
		assert!(opened.is_ok(), "{record}: {:?}", opened.err());
	}

	let receipts = doctor.client.receipts().await.unwrap();
	println!("{} files, {read} reads, {} receipts", all.len(), receipts.len());
	assert!(read > 0 && receipts.len() >= read, "each read has one");
	for gateway in two.gateways.iter().flatten() {
		log_has(gateway, &receipts).await;
	}
	each_comes_onto_the_chain(&doctor).await;
	let at = two.setup.final_block().await;
	let anchors = at.disclosure_anchors(HospitalId(0), None).await.unwrap();
	for (receipt, _) in &receipts {
		let promise = receipt.promise.statement;
		let next = anchors.iter().find(|(_, anchor)| anchor.at > promise.time + SETTLED);
		assert!(next.is_none_or(|(_, anchor)| anchor.size > promise.index), "{promise:?}");
	}
}

/// Checks that the log of a gateway has what each receipt promises.
async fn log_has(gateway: &Gateway, receipts: &[(Receipt, bool)]) {
	let get = async |path: String| {
		let answer = reqwest::get(gateway.url(&path)).await.unwrap();
		answer.error_for_status().unwrap()
	};
	let log: Log = get(paths::LOG.to_owned()).await.json().await.unwrap();
	let tree = Tree { size: log.size, root: log.root.0 };
	for (receipt, _) in receipts {
		let Promise { index, leaf, .. } = receipt.promise.statement;
		let path = format!("{}?index={index}&size={}", paths::log_leaf(&leaf), tree.size);
		let place: Place = get(path).await.json().await.unwrap();
		let proof: Vec<_> = place.proof.into_iter().map(|hash| hash.0).collect();
		assert_eq!(receipt.is_in(&tree, &proof), Ok(true), "{index}");
	}
}

/// Checks a doctor's receipts as their program does. Of many kills, waits until the log on the chain has what each promises.
async fn each_comes_onto_the_chain(doctor: &Person) {
	let deadline = Instant::now() + ANCHORED;
	loop {
		let checked = doctor.client.check_receipts().await.unwrap().remove(0).1.unwrap();
		assert!(checked.lies.is_empty() && checked.given_up == 0, "{checked:?}");
		if checked.waiting == 0 || kills() <= FEW {
			return;
		}
		assert!(Instant::now() < deadline, "{} are not on the chain", checked.waiting);
		tokio::time::sleep(Duration::from_secs(2)).await;
	}
}
