//! What a network of real nodes bears: final transactions and records a second, how long people wait, and what it
//! costs. Run by `scripts/measure-throughput`, which lists the options.
//!
//! All transactions are signed before the clock of their phase starts, by enough people that no allowance ends
//! them. Each figure is also told as a multiple of v: the time of one check of an sr25519 signature on the same
//! machine, measured before the network starts.

mod bench;
mod import;
mod registrations;

use bench::{Bench, Plan};
use medblock_e2e::load::{
	offer::Pace,
	processes::Memory,
	report::{Disk, Machine, Question, Report},
	signing::{Person, check_time},
	words::{Part, Words},
};
use medblock_e2e::made_up::{BATCH, DOCTORS, doctors};
use medblock_runtime::RuntimeCall;
use std::{error::Error, fs, time::Duration};
use tokio::signal::{
	ctrl_c,
	unix::{SignalKind, signal},
};

/// Single records a second that leave a chain idle.
const FEW: f64 = 5.0;
/// Transactions that wait for a block at the limit: more than two blocks have, and less than a pool.
const WAITING: usize = 2_000;
/// The same of batches.
const BATCHES_WAITING: usize = 250;
/// Transactions that are signed for each second at the limit. Nodes that take more than that end the phase early,
/// and the report says so.
const MOST: f64 = 2_500.0;
/// The same of batches.
const MOST_BATCHES: f64 = 200.0;
/// Parts of the limit that are offered besides.
const SHARES: [(&str, f64); 3] = [("30 %", 0.3), ("90 %", 0.9), ("twice", 2.0)];
/// The longest time for which one method of JSON-RPC is asked.
const ASKING: Duration = Duration::from_secs(10);
/// The connections that ask.
const ASKERS: u64 = 8;

/// Measures, and prints what was found.
pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let words = Words::read(arguments)?;
	let (machine, check) = (Machine::this(), check_time());
	let mut report = Report::new(words.clone(), machine, check);
	let mut terminated = signal(SignalKind::terminate())?;
	let measured = tokio::select! {
		measured = measure(&mut report) => measured,
		_ = ctrl_c() => Err("interrupted; the network is stopped".to_owned()),
		_ = terminated.recv() => Err("terminated; the network is stopped".to_owned()),
	};
	// What was measured before something went wrong is worth reading, too.
	print!("{}", report.tables(words.markdown));
	measured?;
	report.ensure_complete()?;
	if let Some(path) = &words.json {
		fs::write(path, format!("{:#}\n", report.json()))?;
	}
	report.ensure_nothing_lost()?;
	Ok(())
}

async fn measure(report: &mut Report) -> Result<(), String> {
	let words = report.words.clone();
	let mut bench = Bench::start(words.clone()).await?;
	let registered = registrations::register(&mut bench).await?;
	report.registrations = words.has(Part::Register).then_some(registered);
	if words.parts.iter().any(|part| matches!(part, Part::Single | Part::Batch | Part::Grant)) {
		doctors(&bench.chain).await;
	}
	let before = match words.has(Part::Disk) {
		true => Some(bench.restart().await?),
		false => None,
	};
	report.idle = Some(bench.idle().await?);
	if words.has(Part::Alone) {
		let most = FEW * words.time.as_secs_f64();
		let plan = Plan::new("single, idle chain", Pace::PerSecond(FEW), 1, most);
		let found = bench.phase(plan, one_record).await?;
		report.phases.push((Part::Alone, found));
	}
	if words.has(Part::Single) {
		let limit = (Pace::Waiting(WAITING), MOST);
		shares(&mut bench, report, (Part::Single, "single", 1), limit, one_record).await?;
	}
	if words.has(Part::Batch) {
		let limit = (Pace::Waiting(BATCHES_WAITING), MOST_BATCHES);
		shares(&mut bench, report, (Part::Batch, "batches", BATCH), limit, one_batch).await?;
	}
	// Last: adding to a chart that a doctor has lost takes another key.
	if words.has(Part::Grant) {
		bench.forget_deeds();
		let most = MOST * words.time.as_secs_f64();
		let plan = Plan::new("grants, revocations", Pace::Waiting(WAITING), 0, most);
		let found = bench.phase(plan, grant_or_revocation).await?;
		report.phases.push((Part::Grant, found));
	}
	for hospital in bench.running() {
		let found = Memory::of(bench.pid(*hospital)?).map_err(|why| why.to_string())?;
		report.memory.push((hospital.to_string(), found));
	}
	if words.has(Part::Rpc) {
		report.questions = questions(&bench, words.time.min(ASKING)).await;
	}
	let transactions = bench.transactions();
	if words.has(Part::Import) {
		report.import = Some(import::import(&bench).await?);
	}
	if let Some(before) = before {
		let bytes = bench.end().await.saturating_sub(before);
		report.disk = Some(Disk { bytes, transactions });
	}
	Ok(())
}

/// The limit of a kind of transaction, and what becomes of shares of it.
async fn shares(
	bench: &mut Bench,
	report: &mut Report,
	(part, name, records): (Part, &str, usize),
	(pace, most): (Pace, f64),
	call: impl Fn(&Person, usize) -> RuntimeCall + Copy + Sync,
) -> Result<(), String> {
	let seconds = bench.words.time.as_secs_f64();
	let mut plan = Plan::new(&format!("{name}, limit"), pace, records, most * seconds);
	plan.with_probes = true;
	let found = bench.phase(plan, call).await?;
	let limit = found.rate;
	report.phases.push((part, found));
	for (word, share) in SHARES {
		let rate = share * limit;
		let title = format!("{name}, {word}");
		let mut plan = Plan::new(&title, Pace::PerSecond(rate), records, rate * seconds);
		plan.with_probes = share > 1.0;
		report.phases.push((part, bench.phase(plan, call).await?));
	}
	Ok(())
}

/// A person's next single record.
fn one_record(person: &Person, next: usize) -> RuntimeCall {
	person.patient.adds(person.nonce as usize + next, 1)
}

/// A person's next batch of records.
fn one_batch(person: &Person, next: usize) -> RuntimeCall {
	person.patient.adds(person.nonce as usize + next, BATCH)
}

/// A person's next grant, or the revocation of the one before.
fn grant_or_revocation(person: &Person, next: usize) -> RuntimeCall {
	let number = (person.deeds + next) as u32;
	let doctor = number / 2 % DOCTORS;
	match number % 2 {
		0 => person.patient.grants(doctor),
		_ => person.patient.revokes(doctor),
	}
}

/// Asks a node for a doctor's access and for a page of records, against a question without a chain.
async fn questions(bench: &Bench, time: Duration) -> Vec<Question> {
	eprintln!("JSON-RPC: three methods, {} s each", time.as_secs());
	let (patient, doctor) = super::rpc::prepare(&bench.chain).await;
	let url = bench.network.url(0);
	let found = super::rpc::ask(&url, (patient, doctor), time, ASKERS).await;
	found
		.into_iter()
		.map(|one| Question {
			method: one.method.to_owned(),
			rate: one.a_second,
			half: one.half,
			slowest: one.slowest,
		})
		.collect()
}
