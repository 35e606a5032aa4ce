//! One account that does two things at once: in two terminals, or on two devices. Both succeed, or one says why not; and the
//! chart gets no key that is not needed.

use medblock_client::{Keys, grants::Terms, medblock_crypto::Mnemonic};
use medblock_e2e::{Consortium, Hold, Liar, Lie, Person, Program, Ran, eventually};
use medblock_primitives::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// The exit code of what is refused.
const REFUSED: i32 = 3;

/// A patient with two devices.
struct Devices {
	words: Mnemonic,
	patient: PatientId,
	/// Looks at what becomes of it.
	ana: Person,
	one: Program,
	/// Asks the nodes in the other order.
	two: Program,
}

impl Devices {
	async fn of(consortium: &Consortium) -> Self {
		let words = Mnemonic::generate();
		let ana = Person::with_words(&consortium.network, &words).await;
		let patient = consortium.admit(&ana, 0).await;
		let one = Program::with_words(&consortium.network, &words).await;
		let nodes = [1, 0].map(|index| consortium.network.url(index));
		let two = Program::at_nodes(&nodes, &words).await;
		Self { words, patient, ana, one, two }
	}

	/// A third one, whose first transaction reaches the chain late.
	async fn delayed(&self, consortium: &Consortium) -> (Person, Hold, Liar) {
		let hold = Hold::default();
		let node = Liar::start(&consortium.network.url(0), Lie::Delay(hold.clone())).await;
		let urls = [node.url(), consortium.network.url(1)];
		let keys = Keys::from_seed(self.words.seed("")).unwrap();
		(Person::with_keys(&urls, keys).await, hold, node)
	}

	fn file(&self, name: &str) -> String {
		let path = self.ana.home().join(name);
		std::fs::write(&path, format!("content of {name}")).unwrap();
		path.display().to_string()
	}

	async fn chart(&self) -> medblock_client::chain::PatientInfo {
		let at = self.ana.client.chain().finalized().await.unwrap();
		at.known_patient(self.patient).await.unwrap()
	}

	/// Rotates with the first device, once the delayed one has sent something.
	async fn rotates_meanwhile(&self, hold: &Hold) {
		hold.reached().await;
		let ran = self.one.run(&["patient", "rotate"]).await;
		assert_eq!(ran.code, 0, "{ran:?}");
		hold.release();
	}
}

async fn add(program: &Program, file: &str) -> Ran {
	program.run(&["record", "add", file, "--json"]).await
}

/// The records that two commands have added.
fn records(told: &[Value]) -> BTreeSet<u64> {
	told.iter()
		.flat_map(|one| one["records"].as_array().unwrap())
		.filter_map(Value::as_u64)
		.collect()
}

#[tokio::test]
async fn two_that_are_done_at_once_are_both_done() {
	let consortium = Consortium::start().await;
	let devices = Devices::of(&consortium).await;
	two_commands_add(&devices).await;
	one_command_runs_twice(&consortium, &devices).await;
	two_devices_rotate(&consortium, &devices).await;
	one_device_grants_while_the_other_rotates(&consortium, &devices).await;
}

async fn two_commands_add(devices: &Devices) {
	let Devices { one, two, .. } = devices;
	let files = ["first", "second", "third", "fourth"].map(|name| devices.file(name));
	let [first, second, third, fourth] = files.each_ref().map(String::as_str);

	// In two terminals of one machine, and on two devices whose nodes have not heard of each other's transaction.
	for (other, files) in [(one, [first, second]), (two, [third, fourth])] {
		let before = u64::from(devices.chart().await.records);
		let (here, there) = tokio::join!(add(one, files[0]), add(other, files[1]));
		for ran in [&here, &there] {
			assert_eq!(ran.code, 0, "{ran:?}");
		}
		let added = records(&[here.json().unwrap(), there.json().unwrap()]);
		assert_eq!(added, BTreeSet::from([before, before + 1]));
		// The second device asks another node, which may be ahead.
		eventually("both are final at the first node", || async {
			(u64::from(devices.chart().await.records) == before + 2).then_some(())
		})
		.await;
	}
}

/// In both terminals, as after a double click. The first run's transaction reaches the chain late, so that this run is not
/// over when the second begins.
async fn one_command_runs_twice(consortium: &Consortium, devices: &Devices) {
	let hold = Hold::default();
	let node = Liar::start(&consortium.network.url(0), Lie::Delay(hold.clone())).await;
	let urls = [node.url(), consortium.network.url(1)];
	let program = Program::at_nodes(&urls, &devices.words).await;
	let same = devices.file("same");

	let before = devices.chart().await.records;
	let second = async {
		hold.reached().await;
		let ran = add(&program, &same).await;
		hold.release();
		ran
	};
	let (done, refused) = tokio::join!(add(&program, &same), second);
	assert_eq!((done.code, refused.code), (0, REFUSED), "{done:?}, {refused:?}");
	assert!(refused.said.contains("another run of this program"), "{refused:?}");
	assert_eq!(devices.chart().await.records, before + 1);
	// It is no mistake to add a file again.
	assert_eq!(add(&program, &same).await.code, 0);
	assert_eq!(devices.chart().await.records, before + 2);
}

/// The second one's key would follow the first one's, which no one else had either.
async fn two_devices_rotate(consortium: &Consortium, devices: &Devices) {
	let before = devices.chart().await.epoch;
	let (late, hold, _node) = devices.delayed(consortium).await;
	let (rotated, ()) = tokio::join!(late.client.rotate(), devices.rotates_meanwhile(&hold));
	let event = rotated.unwrap().receipt().unwrap().event("ChartKeyRotated").cloned().unwrap();
	assert_eq!(event.number("epoch"), Some(before + 2));
	assert_eq!(devices.chart().await.epoch, before + 2, "one key for both");
}

/// The key that is sealed to the doctor is the chart's no more when the grant arrives.
async fn one_device_grants_while_the_other_rotates(consortium: &Consortium, devices: &Devices) {
	let before = devices.chart().await.epoch;
	let (_, doctor) = consortium.doctor(1).await;
	let (late, hold, _node) = devices.delayed(consortium).await;
	let granting = late.client.grant(doctor, Terms::default());
	let (granted, ()) = tokio::join!(granting, devices.rotates_meanwhile(&hold));
	granted.unwrap();
	assert_eq!(devices.chart().await.epoch, before + 2, "the grant made no other one");
	let at = devices.ana.client.chain().finalized().await.unwrap();
	let access = at.access(devices.patient, doctor, None).await.unwrap().unwrap();
	assert_eq!(access.key, KeyStatus::Current);
}
