//! Whether a vault's start, its garbage collection and its pages take longer the more it has.

use super::{report, seconds};
use medblock_client::vault::unwatched;
use medblock_e2e::{Consortium, Gateway, Network, Person, eventually, must};
use sqlx::{
	ConnectOptions, Connection, Sqlite,
	sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::time::{Duration, Instant};

/// The patients whose rows are made at a time.
const BATCH: u64 = 10_000;
/// The first look is at one patient in so many.
pub const SHARE: u64 = 20;
/// The first of the patients who are not on the chain.
const FIRST: u64 = 1_000_000;

/// The same questions of a vault whose database has a twentieth of so many patients with so many files each, and then all of
/// them. The files themselves are missing, and are kept long.
pub async fn run(patients: u64, files: u64) {
	let network = Network::start().await;
	let gateway = Gateway::start(&network, 0, &["--sweep-interval", "1"]).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(gateway.url()).await);
	let (ana, patient) = consortium.patient(0).await;
	let record = ana.adds("small", b"short").await;
	ana.client.disclosures().await.expect("an answer");

	let few = patients / SHARE;
	for (from, to) in [(0, few), (few, patients)] {
		gateway.kill();
		fill(&gateway, from, to, files).await;
		let what = format!("{to} patients with {files} files each");
		let began = Instant::now();
		gateway.resume().await;
		report(&format!("start, {what}"), seconds(began.elapsed()));
		report(&format!("garbage collection, {what}"), seconds(collects(&gateway).await));
		let began = Instant::now();
		ana.reads(patient, record).await.expect("the record");
		ana.adds("another", b"short").await;
		report(&format!("read one record and add another, {what}"), seconds(began.elapsed()));
		let began = Instant::now();
		ana.client.disclosures().await.expect("an answer");
		report(&format!("page of disclosures, {what}"), seconds(began.elapsed()));
	}
	let repaired = ana.client.repair_records(patient, true, &unwatched()).await.expect("an answer");
	assert!(repaired.lost.is_empty(), "nothing was collected that a chart names");
}

/// The time from one garbage collection to the next, which begins as soon as that one has ended.
async fn collects(gateway: &Gateway) -> Duration {
	let count = || gateway.log().matches("garbage collected").count();
	let first = count();
	eventually("it has collected", || async { (count() > first).then_some(()) }).await;
	let (began, first) = (Instant::now(), count());
	eventually("it has collected again", || async { (count() > first).then_some(()) }).await;
	began.elapsed()
}

/// Writes files and disclosures into the database of a gateway that does not run.
async fn fill(gateway: &Gateway, from: u64, to: u64, files: u64) {
	let began = Instant::now();
	let options = SqliteConnectOptions::new().filename(gateway.data().join("state.sqlite"));
	let mut database = options.connect().await.expect("its database can be opened");
	let mut next = from;
	while next < to {
		let end = to.min(next + BATCH);
		let (begins, ends) = (FIRST + next, FIRST + end);
		let numbers = "WITH RECURSIVE numbers (n) AS \
			(SELECT $1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < $2)";
		let rows = format!(
			"{numbers} INSERT INTO files (patient, digest, size, keep_until, settled) \
			 SELECT n / $3, CAST(printf('%032d', n) AS BLOB), 1000, 4102444800000, 1 FROM numbers"
		);
		write(&mut database, &rows, [begins * files, ends * files, files]).await;
		let rows = format!(
			"{numbers} INSERT INTO disclosures (patient, number, time, line) \
			 SELECT n / $3, n % $3, 1780000000000, '{{}}' FROM numbers"
		);
		write(&mut database, &rows, [begins * 10, ends * 10, 10]).await;
		next = end;
	}
	database.close().await.expect("it is written");
	eprintln!("rows of {} patients were made in {}", to - from, seconds(began.elapsed()));
}

async fn write(database: &mut SqliteConnection, statement: &str, numbers: [u64; 3]) {
	let mut query = sqlx::query::<Sqlite>(statement);
	for number in numbers {
		query = query.bind(i64::try_from(number).expect("a small number"));
	}
	query.execute(database).await.expect("it has the tables");
}
