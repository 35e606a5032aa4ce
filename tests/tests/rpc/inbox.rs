//! A hundred inboxes, while records stream in, connections break and the node dies: every event comes
//! once, in order, to exactly the doctors that it concerns.

mod expected;
mod line;

use super::support::{Given, Node, Promises, connected, nobody_panicked};
use expected::expected;
use futures::future::join_all;
use jsonrpsee::core::client::{Error as ClientError, SubscriptionClientT};
use line::Line;
use medblock_e2e::{Chain, Hospital::North, Network, Up, Wallet, eventually};
use medblock_primitives::{DoctorId, HospitalId, PatientId};
use pallet_medical_records::Call;
use pallet_medical_records_rpc::{HEARTBEAT, errors::AFTER_OUT_OF_RANGE};
use serde_json::{Value, json};

/// Subscribers of each doctor; half of them over a line that is cut.
const SUBSCRIBERS: usize = 20;

/// The line has another address than the node, which else takes callers for strangers.
const ARGUMENTS: [&str; 4] = ["--rpc-max-connections", "300", "--rpc-cors", "all"];

/// What one subscriber was told.
struct Told {
	notifications: Vec<Value>,
	connections: u32,
}

impl Told {
	/// The events, with the number of their block.
	fn events(&self) -> Vec<(u32, Value)> {
		let events = self.notifications.iter().flat_map(|notification| {
			let events = notification["events"].as_array().unwrap();
			events.iter().map(|event| (number(notification), event.clone()))
		});
		events.collect()
	}
}

fn number(notification: &Value) -> u32 {
	notification["block"]["number"].as_u64().unwrap().try_into().unwrap()
}

/// Reads a doctor's inbox from behind a block until the doctor publishes a new key, and comes back
/// after every loss of the connection.
async fn reads_on(url: String, doctor: DoctorId, mut after: u32) -> Told {
	let mut told = Told { notifications: Vec::new(), connections: 0 };
	loop {
		let (client, mut inbox) = eventually("an inbox", || async {
			let client = connected(&url).await.ok()?;
			let (begin, end) = ("medicalRecords_subscribeInbox", "medicalRecords_unsubscribeInbox");
			let params = json!({ "doctor": doctor, "after": after });
			match client.subscribe::<Value, _>(begin, Given(params), end).await {
				Ok(inbox) => Some((client, inbox)),
				// A node that has just started again may not have come to that block yet.
				Err(ClientError::Call(why)) => {
					assert_eq!(why.code(), AFTER_OUT_OF_RANGE, "{why}");
					None
				},
				Err(_) => None,
			}
		})
		.await;
		told.connections += 1;
		while let Some(Ok(notification)) = inbox.next().await {
			let block = number(&notification);
			assert!(block > after, "doctor {doctor}: block {block} came again after {after}");
			after = block;
			let events = notification["events"].as_array().unwrap();
			let ends = events.iter().any(|event| event["type"] == "encryption-key-set");
			told.notifications.push(notification);
			if ends {
				return told;
			}
		}
		drop(client);
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundred_inboxes_lose_nothing_over_broken_connections_and_a_restart() {
	let network = Network::start_with(&[], &ARGUMENTS).await;
	// People send their transactions elsewhere, so that these go on when North is down.
	let east = Chain::connect(&network.url(1)).await;
	let cast = Cast::assemble(&east).await;
	cast.prologue().await;

	let (start, _) = east.finalized().await;
	let begin = east.number_of(start).await;
	let line = Line::to(network.url(0)).await;
	let subscribers: Vec<_> = cast
		.doctors
		.iter()
		.flat_map(|doctor| (0..SUBSCRIBERS).map(|nth| (*doctor, nth % 2 == 0)))
		.map(|(doctor, over_line)| {
			let url = if over_line { line.url() } else { network.url(0) };
			(doctor, over_line, tokio::spawn(reads_on(url, doctor, begin)))
		})
		.collect();
	assert_eq!(subscribers.len(), 100);
	eventually("half of them are connected over the line", || async {
		(line.open() == subscribers.len() / 2).then_some(())
	})
	.await;

	cast.first_act().await;
	line.cut();
	cast.second_act().await;
	network.kill(&[North]);
	cast.third_act().await;
	let arguments = ARGUMENTS.map(str::to_owned).into();
	network.up_as(&Up { only: vec![North], arguments, ..Up::default() }).await;
	cast.fourth_act().await;
	cast.all_publish_a_new_key().await;

	let (end, _) = east.finalized().await;
	let expected = expected(&east, begin, east.number_of(end).await, &cast.shared()).await;
	let promises = Promises::new();
	for (doctor, over_line, subscriber) in subscribers {
		let told = subscriber.await.unwrap();
		assert_eq!(told.events(), expected[&doctor], "doctor {doctor}");
		assert!(told.connections >= if over_line { 3 } else { 2 }, "it really was cut off");
		told.notifications.iter().for_each(|notification| promises.keeps_notifying(notification));
		if doctor == cast.doctors[4] {
			quiet_inbox_moves_on(&told, begin);
		}
	}
	let events: usize = expected.values().map(Vec::len).sum();
	println!("{events} events of {} doctors, each told {SUBSCRIBERS} times", expected.len());
	without_after(&network, cast.doctors[4]).await;
	nobody_panicked(&network);
}

/// A doctor who hears nothing still learns how far the inbox has got.
fn quiet_inbox_moves_on(told: &Told, begin: u32) {
	let (last, quiet) = told.notifications.split_last().unwrap();
	let expected: Vec<u32> =
		(1..).map(|nth| begin + nth * HEARTBEAT).take_while(|at| *at < number(last)).collect();
	assert_eq!(quiet.iter().map(number).collect::<Vec<_>>(), expected);
	assert!(quiet.iter().all(|notification| notification["events"] == json!([])));
}

/// A doctor who names no block is told the block after which the inbox begins.
async fn without_after(network: &Network, doctor: DoctorId) {
	let node = Node::connect(&network.url(0)).await;
	let before = node.ask("medicalRecords_doctor", json!([doctor])).await["at"]["number"].clone();
	let (begin, end) = ("medicalRecords_subscribeInbox", "medicalRecords_unsubscribeInbox");
	let params = Given(json!([doctor]));
	let mut inbox = node.client.subscribe::<Value, _>(begin, params, end).await.unwrap();
	let first = inbox.next().await.unwrap().unwrap();
	assert_eq!(first["events"], json!([]));
	assert!(u64::from(number(&first)) >= before.as_u64().unwrap());
	inbox.unsubscribe().await.unwrap();
}

/// The people who act. Of the doctors, one sees two charts, one sees one, one sees single records, one comes and
/// goes, and one is shown nothing.
struct Cast<'a> {
	chain: &'a Chain,
	patients: Vec<Wallet<'a>>,
	ids: Vec<PatientId>,
	doctors: Vec<DoctorId>,
}

const HOME: HospitalId = HospitalId(1);

impl<'a> Cast<'a> {
	async fn assemble(chain: &'a Chain) -> Self {
		let patients: Vec<_> =
			(0..3).map(|nth| Wallet::new(chain, &format!("patient-{nth}"))).collect();
		// Each of another hospital, whose registrars verify them at the same time.
		let hospitals = [0, 2, 3].map(HospitalId);
		let register = patients.iter().zip(hospitals).map(|(who, hospital)| who.patient(hospital));
		// All of one hospital, whose registrar verifies one after the other.
		let doctors = async {
			let mut doctors = Vec::new();
			for nth in 0..5 {
				doctors.push(Self::wallet(chain, nth).doctor(HOME).await);
			}
			doctors
		};
		let (ids, doctors) = tokio::join!(join_all(register), doctors);
		Self { chain, patients, ids, doctors }
	}

	/// A doctor's.
	fn wallet(chain: &'a Chain, nth: usize) -> Wallet<'a> {
		Wallet::new(chain, &format!("doctor-{nth}"))
	}

	/// The records that the third patient shares, one time after the other.
	fn shared(&self) -> Vec<Vec<u32>> {
		vec![vec![1], vec![1, 3]]
	}

	/// Both patients whose charts are open add some records, so many times.
	async fn records_stream_in(&self, rounds: usize) {
		for round in 0..rounds {
			tokio::join!(self.patients[0].adds(1 + round % 3), self.patients[1].adds(1));
		}
	}

	async fn prologue(&self) {
		let [ana, ben, eva] = &self.patients[..] else { panic!("three") };
		tokio::join!(
			async { ana.grants(self.doctors[0]).await },
			async {
				ben.grants(self.doctors[0]).await;
				ben.grants(self.doctors[1]).await;
			},
			async { eva.adds(2).await },
		);
	}

	async fn first_act(&self) {
		let [ana, _, eva] = &self.patients[..] else { panic!("three") };
		self.records_stream_in(4).await;
		eva.shares(self.doctors[2], &self.shared()[0]).await;
		ana.grants(self.doctors[3]).await;
		self.records_stream_in(4).await;
	}

	async fn second_act(&self) {
		let [ana, _, eva] = &self.patients[..] else { panic!("three") };
		let registrar = Wallet::registrar(self.chain, HOME);
		// Two records that nobody is told of, until one of them is shared.
		tokio::join!(eva.adds(2), self.records_stream_in(4));
		eva.shares(self.doctors[2], &self.shared()[1]).await;
		registrar.sends(Call::suspend_doctor { doctor: self.doctors[1] }).await;
		self.records_stream_in(3).await;
		registrar.sends(Call::reinstate_doctor { doctor: self.doctors[1] }).await;
		ana.revokes(self.doctors[3]).await;
		self.records_stream_in(3).await;
	}

	async fn third_act(&self) {
		let [ana, ben, eva] = &self.patients[..] else { panic!("three") };
		ana.rotates(&self.doctors[..1]).await;
		tokio::join!(
			async {
				eva.withdraws(1).await;
				// Nobody was shown this one.
				eva.withdraws(0).await;
			},
			ben.withdraws(2),
		);
		self.records_stream_in(4).await;
	}

	async fn fourth_act(&self) {
		let [_, ben, _] = &self.patients[..] else { panic!("three") };
		ben.grants(self.doctors[3]).await;
		self.records_stream_in(2).await;
		let relinquish =
			Call::relinquish_access { patients: vec![self.ids[1]].try_into().unwrap() };
		Self::wallet(self.chain, 3).sends(relinquish).await;
		self.records_stream_in(8).await;
	}

	/// The last that each subscriber waits for.
	async fn all_publish_a_new_key(&self) {
		let publish = |nth| async move {
			let key = vec![2; 1_216].try_into().unwrap();
			let call = Call::set_encryption_key { suite: 1, key };
			Self::wallet(self.chain, nth).sends(call).await
		};
		join_all((0..self.doctors.len()).map(publish)).await;
	}
}
