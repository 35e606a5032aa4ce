//! What questions cost: how many a second a node answers, and how long the slowest hundredth takes.
//!
//! Usage: `medblock-e2e rpc [--json] [SECONDS] [CONNECTIONS]`; 10 seconds for each method and 8 connections
//! if left out. Starts a network of its own, asks one of its nodes, and compares with `system_chain`,
//! which answers without looking at the chain. `scripts/measure-rpc` builds and runs it.

use jsonrpsee::{
	core::{client::ClientT, traits::ToRpcParams},
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_e2e::{Chain, Network, Wallet, arguments::numbers, load::times::Times};
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use serde_json::{Value, json, value::RawValue};
use std::{
	error::Error,
	sync::Arc,
	time::{Duration, Instant},
};

/// Records in the page that is asked for.
const RECORDS: usize = 20;

/// Parameters as JSON.
struct Given(Value);

impl ToRpcParams for Given {
	fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
		RawValue::from_string(self.0.to_string()).map(Some)
	}
}

/// What was measured of one method.
pub(super) struct Measured {
	/// The method.
	pub method: &'static str,
	/// The answers in a second.
	pub a_second: f64,
	/// The time that half of them do not exceed.
	pub half: Duration,
	/// The time that 99 in 100 do not exceed.
	pub slowest: Duration,
}

pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let (options, words): (Vec<String>, Vec<String>) =
		arguments.iter().cloned().partition(|word| word == "--json");
	let [seconds, connections] = numbers(&words, [("SECONDS", 10), ("CONNECTIONS", 8)])?;
	let time = Duration::from_secs(seconds);

	let network = Network::start().await;
	let chain = Chain::connect(&network.url(0)).await;
	let people = prepare(&chain).await;
	let results = ask(&network.url(0), people, time, connections).await;
	match options.is_empty() {
		true => print_table(&results, connections),
		false => print_json(&results, connections),
	}
	Ok(())
}

/// Whether an answer is the one that is to be measured. A refusal or an empty page would take less.
fn is_whole(method: &str, answer: &Value) -> bool {
	match method {
		"medicalRecords_access" => !answer["value"]["allowed"].is_null(),
		"medicalRecords_records" => {
			answer["items"].as_array().is_some_and(|items| items.len() == RECORDS)
		},
		_ => answer.is_string(),
	}
}

/// A chart with a page of records, and a doctor who may read it.
pub(super) async fn prepare(chain: &Chain) -> (PatientId, DoctorId) {
	let (patient, doctor) = (Wallet::new(chain, "Ferdie"), Wallet::new(chain, "Eve"));
	let (patient_id, doctor_id) =
		(patient.patient(HospitalId(0)).await, doctor.doctor(HospitalId(1)).await);
	patient.adds(RECORDS).await;
	patient.grants(doctor_id).await;
	(patient_id, doctor_id)
}

/// Asks a node about them with each method for this long.
pub(super) async fn ask(
	url: &str,
	(patient, doctor): (PatientId, DoctorId),
	time: Duration,
	connections: u64,
) -> Vec<Measured> {
	let page = json!({ "patient": patient, "limit": RECORDS });
	let questions = [
		("system_chain", json!([])),
		("medicalRecords_access", json!([patient, doctor, RECORDS - 1])),
		("medicalRecords_records", page),
	];
	let mut clients = Vec::new();
	for _ in 0..connections {
		let client = WsClientBuilder::default().build(url).await.expect("a node");
		clients.push(Arc::new(client));
	}
	let mut results = Vec::new();
	for (method, params) in questions {
		let first = clients.first().expect("at least one connection");
		let answer: Value = first.request(method, Given(params.clone())).await.expect("an answer");
		assert!(is_whole(method, &answer), "{method}: {answer}");
		// Once before it counts: the runtime is compiled, caches are warm.
		measure(&clients, method, &params, Duration::from_secs(1)).await;
		results.push(measure(&clients, method, &params, time).await);
	}
	results
}

/// Each connection asks, waits for the answer, and asks again.
async fn measure(
	clients: &[Arc<WsClient>],
	method: &'static str,
	params: &Value,
	time: Duration,
) -> Measured {
	let started = Instant::now();
	let asking = clients.iter().cloned().map(|client| {
		let params = params.clone();
		tokio::spawn(async move {
			let mut taken = Vec::new();
			while started.elapsed() < time {
				let asked = Instant::now();
				let answer =
					client.request::<Box<RawValue>, _>(method, Given(params.clone())).await;
				answer.unwrap_or_else(|why| panic!("{method}: {why}"));
				taken.push(asked.elapsed());
			}
			taken
		})
	});
	let mut taken = Vec::new();
	for asker in asking.collect::<Vec<_>>() {
		taken.extend(asker.await.expect("it asked"));
	}
	let a_second = taken.len() as f64 / started.elapsed().as_secs_f64();
	let taken: Times = taken.into_iter().collect();
	let part = |percent| taken.percentile(percent).expect("each connection has asked");
	Measured { method, a_second, half: part(50), slowest: part(99) }
}

fn milliseconds(time: Duration) -> f64 {
	time.as_secs_f64() * 1_000.0
}

fn print_table(results: &[Measured], connections: u64) {
	println!(
		"{connections} connections, one question at a time on each; a page has {RECORDS} records"
	);
	println!(
		"{:<26} {:>10} {:>10} {:>10} {:>14}",
		"METHOD", "A SECOND", "P50", "P99", "system_chain"
	);
	let base = results.first().expect("something was measured").a_second;
	for Measured { method, a_second, half, slowest } in results {
		let (half, slowest) = (milliseconds(*half), milliseconds(*slowest));
		let share = 100.0 * a_second / base;
		println!("{method:<26} {a_second:>10.0} {half:>7.2} ms {slowest:>7.2} ms {share:>12.0} %");
	}
}

fn print_json(results: &[Measured], connections: u64) {
	let methods: Vec<_> = results
		.iter()
		.map(|found| {
			json!({
				"method": found.method,
				"requestsPerSecond": found.a_second,
				"p50Ms": milliseconds(found.half),
				"p99Ms": milliseconds(found.slowest),
			})
		})
		.collect();
	println!("{:#}", json!({ "connections": connections, "records": RECORDS, "methods": methods }));
}
