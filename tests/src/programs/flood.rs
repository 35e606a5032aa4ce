//! Floods a network of real nodes with throw-away accounts, and prints the bytes that blocks keep of it in a
//! day, and how long other people wait meanwhile. Run by `scripts/measure-flood`.
//!
//! The flood does all that an attacker without a hospital can do. It registers at one hospital far more
//! accounts than the open lane takes. The hospital rejects them, as it does with people that it does not
//! know. Each rejected account then sends a call of 31 kB, which fails and stays in the block, as often as a
//! node accepts it.

use futures::{StreamExt, stream};
use medblock_e2e::{
	Chain, Network, Wallet,
	arguments::numbers,
	eventually,
	forms::{chart_keys, document, large, sealed_key},
	well_known,
};
use medblock_primitives::*;
use medblock_runtime::{AccountId, Hash, RuntimeCall, RuntimeEvent};
use pallet_medical_records::{Call, Event};
use sp_core::{Pair, sr25519};
use std::{
	collections::{BTreeMap, VecDeque},
	error::Error,
	sync::{
		Mutex,
		atomic::{AtomicBool, Ordering},
	},
	time::{Duration, Instant},
};
use tokio::time::{interval, sleep};

/// The hospital that the flood registers at.
const FLOODED: HospitalId = HospitalId(3);
/// Newcomers that register in a second: several times as many as the lane takes.
const A_SECOND: u32 = 8;
/// Rejected accounts that try to send in a second.
const TRIES: usize = 16;
/// The time between two rounds of the people who are not part of the flood.
const ROUND: Duration = Duration::from_secs(60);
/// The number of seconds in a day.
const DAY: f64 = 86_400.0;

fn registration(hospital: HospitalId) -> RuntimeCall {
	let profile = Some(document(hospital));
	Call::register_patient { hospital, keys: chart_keys(0), profile }.into()
}

/// What the flood has done so far.
#[derive(Default)]
struct Flood {
	/// The keys of accounts that were handed to a node.
	keys: Mutex<BTreeMap<AccountId, sr25519::Pair>>,
	/// Patients of the flood that the hospital has yet to reject.
	waiting: Mutex<VecDeque<(PatientId, sr25519::Pair)>>,
	/// Accounts that the hospital has rejected.
	rejected: Mutex<VecDeque<sr25519::Pair>>,
	/// The refusals of the large call, and their number.
	refusals: Mutex<BTreeMap<String, u32>>,
	is_over: AtomicBool,
}

impl Flood {
	fn is_over(&self) -> bool {
		self.is_over.load(Ordering::Relaxed)
	}

	/// New accounts register, through all nodes in turn.
	async fn registers(&self, chains: &[Chain]) {
		let mut second = interval(Duration::from_secs(1));
		for round in 0u32.. {
			second.tick().await;
			if self.is_over() {
				return;
			}
			let newcomers = (0..A_SECOND).map(|number| async move {
				let name = format!("flood/{}", round * A_SECOND + number);
				let (key, chain) = (well_known(&name), &chains[number as usize % chains.len()]);
				if chain.submit(&key, 0, registration(FLOODED)).await.is_ok() {
					let account = AccountId::from(key.public());
					self.keys.lock().expect("no panic").insert(account, key);
				}
			});
			stream::iter(newcomers).buffer_unordered(A_SECOND as usize).collect::<Vec<_>>().await;
		}
	}

	/// The hospital rejects what has registered, as many as its registrar can at a time.
	async fn is_rejected(&self, chain: &Chain, block: Hash) {
		for event in chain.events(block).await {
			let RuntimeEvent::MedicalRecords(Event::PatientRegistered { patient, account, .. }) =
				event
			else {
				continue;
			};
			let key = self.keys.lock().expect("no panic").get(&account).cloned();
			let waiting = key.map(|key| (patient, key));
			self.waiting.lock().expect("no panic").extend(waiting);
		}
		let registrar = well_known("Dave//stash");
		let mut nonce = chain.next_nonce(&AccountId::from(registrar.public())).await;
		loop {
			let next = self.waiting.lock().expect("no panic").front().cloned();
			let Some((patient, key)) = next else { return };
			let reject = Call::reject_patient { patient };
			if chain.submit(&registrar, nonce, reject.into()).await.is_err() {
				return;
			}
			nonce += 1;
			self.waiting.lock().expect("no panic").pop_front();
			self.rejected.lock().expect("no panic").push_back(key);
		}
	}

	/// Rejected accounts send the large call, one after another, and begin again.
	async fn sends(&self, chains: &[Chain]) {
		let mut second = interval(Duration::from_secs(1));
		while !self.is_over() {
			second.tick().await;
			let turn: Vec<_> = {
				let mut rejected = self.rejected.lock().expect("no panic");
				let count = TRIES.min(rejected.len());
				let turn: Vec<_> = rejected.drain(..count).collect();
				rejected.extend(turn.iter().cloned());
				turn
			};
			let tries = turn.into_iter().enumerate().map(|(index, key)| async move {
				let chain = &chains[index % chains.len()];
				let nonce = chain.next_nonce(&AccountId::from(key.public())).await;
				if let Err(why) = chain.submit(&key, nonce, large()).await {
					*self.refusals.lock().expect("no panic").entry(why).or_default() += 1;
				}
			});
			stream::iter(tries).buffer_unordered(TRIES).collect::<Vec<_>>().await;
		}
	}
}

/// What blocks keep.
#[derive(Default)]
struct Kept {
	blocks: u32,
	bytes: usize,
	/// Transactions of 30 kB or more.
	large: u32,
	/// Registrations, at the flooded hospital and others.
	registrations: u32,
	took: Duration,
}

impl Kept {
	fn add(&mut self, transactions: &[sp_core::Bytes], registrations: u32) {
		self.blocks += 1;
		self.bytes += transactions.iter().map(|one| one.len()).sum::<usize>();
		self.large += transactions.iter().filter(|one| one.len() > 30_000).count() as u32;
		self.registrations += registrations;
	}

	fn a_day(&self) -> f64 {
		self.bytes as f64 / self.took.as_secs_f64() * DAY
	}
}

/// How long other people waited until their transactions were final.
#[derive(Default)]
struct Waits(BTreeMap<&'static str, Vec<Duration>>);

impl Waits {
	async fn note<T>(&mut self, what: &'static str, work: impl Future<Output = T>) -> T {
		let begun = Instant::now();
		let done = work.await;
		self.0.entry(what).or_default().push(begun.elapsed());
		done
	}

	fn show(&self) {
		for (what, waits) in &self.0 {
			let most = waits.iter().max().expect("each was done once");
			let mean = waits.iter().sum::<Duration>() / waits.len() as u32;
			println!(
				"{what}: {} times, final after {:.1} s on average, at most {:.1} s",
				waits.len(),
				mean.as_secs_f64(),
				most.as_secs_f64()
			);
		}
	}
}

/// The people who are not part of the flood: a patient, and a doctor with access.
struct People {
	patient: PatientId,
	patient_key: sr25519::Pair,
	doctor_key: sr25519::Pair,
	others: Vec<DoctorId>,
}

impl People {
	async fn arrive(chain: &Chain) -> Self {
		let patient = Wallet::new(chain, "Ferdie").patient(HospitalId(0)).await;
		let doctor = Wallet::new(chain, "Eve").doctor(HospitalId(1)).await;
		let mut others = Vec::new();
		for number in 0..4 {
			let name = format!("doctor/{number}");
			others.push(Wallet::new(chain, &name).doctor(HospitalId(1)).await);
		}
		let wallet = Wallet::new(chain, "Ferdie");
		wallet.adds(1).await;
		wallet.grants(doctor).await;
		let (patient_key, doctor_key) = (well_known("Ferdie"), well_known("Eve"));
		Self { patient, patient_key, doctor_key, others }
	}

	/// A sponsored newcomer registers, the doctor writes a note, and the patient grants another doctor
	/// access and takes it back.
	async fn go_on(&self, chain: &Chain, round: u32, waits: &mut Waits) {
		let newcomer = well_known(&format!("sponsored/{round}"));
		let account = AccountId::from(newcomer.public());
		let sponsor = pallet_fair_use::Call::sponsor { account };
		let registrar = well_known("Alice//stash");
		waits.note("a registrar sponsors", chain.send(&registrar, sponsor.into())).await;
		let register = chain.send(&newcomer, registration(HospitalId(0)));
		waits.note("a sponsored newcomer registers", register).await;

		let record = NewRecord { document: document(HospitalId(0)), in_reply_to: Some(0) };
		let records = vec![record].try_into().expect("one");
		let (patient, recipients) = (self.patient, None);
		let note = Call::append_records { patient, sealed_to: 0, records, recipients };
		waits.note("a doctor's note", chain.send(&self.doctor_key, note.into())).await;

		let doctor = self.others[round as usize % self.others.len()];
		let key = KeyForDoctor { doctor, key_version: 1, key: sealed_key() };
		let grant = Call::grant_access { epoch: 0, key, may_append: false, expires_at: None };
		waits.note("a grant", chain.send(&self.patient_key, grant.into())).await;
	}
}

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let [minutes] = numbers(arguments, [("MINUTES", 10)])?;
	let network = Network::start().await;
	let mut chains = Vec::new();
	for index in 0..4 {
		chains.push(Chain::connect(&network.url(index)).await);
	}
	let people = People::arrive(&chains[0]).await;
	let flood = Flood::default();
	let goes_on = async {
		let (mut waits, mut minute) = (Waits::default(), interval(ROUND));
		for round in 0u32.. {
			minute.tick().await;
			if flood.is_over() {
				break;
			}
			people.go_on(&chains[0], round, &mut waits).await;
		}
		waits
	};
	let watches = async {
		let kept = watch(&chains[0], &flood, Duration::from_secs(60 * minutes)).await;
		flood.is_over.store(true, Ordering::Relaxed);
		kept
	};
	let ((), (), waits, kept) =
		tokio::join!(flood.registers(&chains), flood.sends(&chains), goes_on, watches,);
	println!(
		"{} blocks in {:.0} s: {} bytes of transactions, {:.0} MB a day",
		kept.blocks,
		kept.took.as_secs_f64(),
		kept.bytes,
		kept.a_day() / 1e6
	);
	println!("{} registrations, {} calls of 31 kB", kept.registrations, kept.large);
	println!("{} accounts were rejected", flood.rejected.lock().expect("no panic").len());
	for (why, count) in flood.refusals.lock().expect("no panic").iter() {
		println!("calls of 31 kB refused by a node: {count} times ({why})");
	}
	waits.show();
	// Without them, neither the bytes nor the waits are those of a flood.
	match kept.large {
		0 => Err("no call of 31 kB got into a block: this was no flood".into()),
		_ => Ok(()),
	}
}

/// Counts what final blocks keep, for this long, and has the hospital reject what registered.
async fn watch(chain: &Chain, flood: &Flood, time: Duration) -> Kept {
	let mut next = chain.finalized().await.1.number + 1;
	let (begun, mut kept) = (Instant::now(), Kept::default());
	while begun.elapsed() < time {
		let last = chain.finalized().await.1.number;
		while next <= last {
			let block = eventually("a final block", || chain.hash_of(next)).await;
			let registered = chain.events(block).await.into_iter().filter(|event| {
				matches!(event, RuntimeEvent::MedicalRecords(Event::PatientRegistered { .. }))
			});
			let registered = registered.count() as u32;
			kept.add(&chain.transactions(block).await, registered);
			flood.is_rejected(chain, block).await;
			next += 1;
		}
		sleep(Duration::from_millis(200)).await;
	}
	kept.took = begun.elapsed();
	kept
}
