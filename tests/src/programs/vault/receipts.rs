//! What a receipt costs, and how long a patient's client checks a long list of disclosures.

use super::{milliseconds, report, seconds};
use futures::future::join_all;
use medblock_client::{grants::Terms, receipts::Proven, vault::unwatched};
use medblock_e2e::{Consortium, Gateway, Line, Network, Person, must};
use medblock_platform::Memory;
use medblock_primitives::PatientId;
use std::time::{Duration, Instant};

/// The doctors who read at the same time.
const DOCTORS: u64 = 4;

/// A doctor opens a small record so many times without receipts and with them, and then all of them together as often as
/// the list is to be long.
pub async fn run(opened: u64, lines: u64) {
	let network = Network::start().await;
	let line = Line::to(&format!("127.0.0.1:{}", network.gateway_port(0)), None).await;
	let _gateway = Gateway::hidden(&network, 0, &line.url()).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(&line.url()).await);
	let (ana, patient) = consortium.patient(0).await;
	ana.adds("small", b"short").await;
	let mut doctors = Vec::new();
	for _ in 0..DOCTORS {
		let (doctor, id) = consortium.doctor(1).await;
		ana.client.grant(id, Terms::default()).await.expect("a grant");
		doctors.push(doctor);
	}
	let without = Cost::of(&doctors[0], patient, opened, &line).await;
	controller.client.name_vault_account().await.expect("it is named");
	// Those who have signed in before sign in again, with a session's key.
	let renewed = Cost::of(&doctors[1], patient, opened, &line).await;
	report("opening a small record without a receipt, in the middle", milliseconds(without.time));
	report("opening it with a receipt", milliseconds(renewed.time));
	let more = renewed.time.saturating_sub(without.time);
	report("a receipt's time", milliseconds(more));
	for (what, with, without) in [
		("a receipt's bytes in the request", renewed.sent, without.sent),
		("a receipt's bytes in the answer", renewed.received, without.received),
	] {
		report(what, format!("{:.0}", with - without));
	}

	let each = lines.saturating_sub(opened) / DOCTORS;
	let began = Instant::now();
	join_all(doctors.iter().map(async |doctor| opens(doctor, patient, each).await)).await;
	report(&format!("{} more records opened", each * DOCTORS), seconds(began.elapsed()));
	let began = Instant::now();
	let mut checked = ana.client.check_disclosures().await.expect("an answer");
	let took = began.elapsed();
	let (_, proven) = checked.remove(0);
	match proven.expect("the vault answers") {
		Proven::Whole { lines, .. } => {
			report(&format!("a patient's check of {} lines", lines.len()), seconds(took));
		},
		other => panic!("{other:?}"),
	}
}

/// What opening a record takes.
struct Cost {
	/// The time in the middle of all.
	time: Duration,
	/// Bytes to the vault, for each.
	sent: f64,
	/// Bytes from the vault, for each.
	received: f64,
}

impl Cost {
	async fn of(doctor: &Person, patient: PatientId, count: u64, line: &Line) -> Self {
		// The first one signs in.
		opens(doctor, patient, 1).await;
		let before = (line.sent(), line.received());
		let mut times = opens(doctor, patient, count).await;
		times.sort_unstable();
		let each = |now: u64, before: u64| (now - before) as f64 / count as f64;
		Self {
			time: times[times.len() / 2],
			sent: each(line.sent(), before.0),
			received: each(line.received(), before.1),
		}
	}
}

/// Opens the record so many times, and says how long each took.
async fn opens(doctor: &Person, patient: PatientId, count: u64) -> Vec<Duration> {
	let mut times = Vec::new();
	for _ in 0..count {
		let began = Instant::now();
		let opened = doctor.client.open(patient, 0, &Memory::new(), &unwatched()).await;
		opened.unwrap_or_else(|why| panic!("{why}"));
		times.push(began.elapsed());
	}
	times
}
