//! Whatever a node is asked that it cannot answer has a code of its own, and does it no harm.

use super::support::{Given, Node, connected, nobody_panicked};
use jsonrpsee::core::client::{ClientT, Error as ClientError, SubscriptionClientT};
use medblock_e2e::{
	Chain,
	Hospital::{self, South, West},
	Network, Up, Wallet, eventually,
};
use medblock_primitives::HospitalId;
use medblock_runtime::Hash;
use medblock_views::InboxNotification;
use pallet_medical_records_rpc::errors::*;
use serde_json::{Value, json};
use std::time::Instant;

/// Of the server's own.
const TOO_MANY_SUBSCRIPTIONS: i32 = -32006;
const REQUEST_TOO_LARGE: i32 = -32007;
const BATCH_TOO_LARGE: i32 = -32010;

/// So that what is old is discarded soon.
const ARGUMENTS: [&str; 2] = ["--state-pruning", "16"];

/// All on one network, with one verified patient and doctor, since none of it changes anything for them.
#[tokio::test]
async fn what_a_node_cannot_answer_has_a_code_of_its_own() {
	let network = Network::start_with(&[], &ARGUMENTS).await;
	let chain = Chain::connect(&network.url(0)).await;
	let (patient, doctor) = (Wallet::new(&chain, "Ferdie"), Wallet::new(&chain, "Eve"));
	tokio::join!(patient.patient(HospitalId(0)), doctor.doctor(HospitalId(1)));
	// The second one waits for blocks meanwhile.
	tokio::join!(
		bad_questions_are_refused_and_hurt_nobody(&network, &chain),
		discarded_state_is_told_from_an_unknown_block(&network, &chain),
	);
	block_of_an_abandoned_fork_is_told_from_an_unknown_one(&network, &chain).await;
}

async fn bad_questions_are_refused_and_hurt_nobody(network: &Network, chain: &Chain) {
	let node = Node::connect(&network.url(0)).await;
	let lists =
		["medicalRecords_records", "medicalRecords_grantsOfPatient", "medicalRecords_pastEpochs"];

	// Nobody has these ids.
	for id in [1, 9_999, u32::MAX] {
		let nobody = |person: &str| json!({ person: id });
		let entries =
			["medicalRecords_patient", "medicalRecords_chartKeys", "medicalRecords_recipients"];
		for method in lists.iter().chain(&entries) {
			let refusal = node.refuses(NOT_FOUND, method, nobody("patient")).await;
			assert!(refusal.message.contains(&format!("no patient {id}")), "{}", refusal.message);
		}
		for method in ["doctor", "encryptionKey", "grantsToDoctor", "subscribeInbox"] {
			let method = format!("medicalRecords_{method}");
			node.refuses(NOT_FOUND, &method, nobody("doctor")).await;
		}
		for method in ["medicalRecords_grant", "medicalRecords_grantKey", "medicalRecords_share"] {
			node.refuses(NOT_FOUND, method, json!([0, id])).await;
			node.refuses(NOT_FOUND, method, json!([id, 0])).await;
		}
	}
	for hospital in [4, 9_999, u32::MAX] {
		for method in ["hospital", "registrars", "appointments", "profileKey", "profileKeyVersions"]
		{
			let method = format!("consortium_{method}");
			node.refuses(NOT_FOUND, &method, json!([hospital])).await;
		}
	}
	let refusal = node.refuses(NOT_FOUND, "medicalRecords_record", json!([0, 0])).await;
	assert!(refusal.message.contains("no record 0"), "{}", refusal.message);
	let refusal = node.refuses(NOT_FOUND, "medicalRecords_record", json!([9_999, 0])).await;
	assert!(refusal.message.contains("no patient 9999"), "{}", refusal.message);
	for method in ["Patients", "Doctors"] {
		let method = format!("medicalRecords_awaiting{method}");
		for hospital in [4, 9_999, u32::MAX] {
			node.refuses(NOT_FOUND, &method, json!([hospital])).await;
		}
		// The four that there are have nobody waiting, which is no error.
		for hospital in 0..4 {
			assert_eq!(node.ask(&method, json!([hospital])).await["items"], json!([]));
		}
	}
	for hospital in [4, 9_999, u32::MAX] {
		node.refuses(NOT_FOUND, "medicalRecords_patientsOfHospital", json!([hospital])).await;
	}

	// Limits and cursors.
	for limit in [json!(0), json!(257), json!(1_000_000_000), json!(u32::MAX)] {
		for method in lists {
			let params = json!({ "patient": 0, "limit": limit });
			let refusal = node.refuses(INVALID_PARAMS, method, params).await;
			assert_eq!(refusal.message, "limit has to be 1 to 256");
		}
		let params = json!({ "limit": limit });
		node.refuses(INVALID_PARAMS, "consortium_hospitals", params).await;
	}
	let behind = json!({ "patient": 0, "after": u32::MAX, "limit": 256 });
	assert_eq!(node.ask("medicalRecords_records", behind).await["items"], json!([]));

	// What is no number, no address, no hash.
	for id in [json!(-1), json!(1.5), json!("1"), json!(4_294_967_296_u64), json!(null), json!([])]
	{
		node.refuses(INVALID_PARAMS, "medicalRecords_patient", json!([id])).await;
	}
	for account in ["", "0x00", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"] {
		node.refuses(INVALID_PARAMS, "medicalRecords_patientOf", json!([account])).await;
	}
	let (short, long) = ("0x".to_owned() + &"0".repeat(63), "0x".to_owned() + &"0".repeat(65));
	for at in ["", "0x", "finalized", &short, &long, &"zz".repeat(32)] {
		let refusal = node.refuses(INVALID_PARAMS, "medicalRecords_patient", json!([0, at])).await;
		assert!(refusal.data.as_str().unwrap().contains("0x and 64 hex digits"), "{refusal:?}");
	}
	for params in [json!([]), json!({}), json!({ "pat": 0 })] {
		node.refuses(INVALID_PARAMS, "medicalRecords_patient", params).await;
	}

	// A block that nobody ever made.
	let unknown = Hash::repeat_byte(0x5a);
	for method in lists.iter().chain(&["medicalRecords_patient"]) {
		let params = json!({ "patient": 0, "at": unknown });
		let refusal = node.refuses(UNKNOWN_BLOCK, method, params).await;
		assert!(refusal.message.contains(&format!("{unknown:?}")), "{}", refusal.message);
	}
	for method in [
		"consortium_hospitals",
		"consortium_author",
		"consortium_authorizedNodes",
		"consortium_portalReleases",
	] {
		node.refuses(UNKNOWN_BLOCK, method, json!({ "at": unknown })).await;
	}

	// Inboxes that begin where none can.
	let number = chain.finalized().await.1.number;
	for after in [number + 1_000, u32::MAX] {
		let params = json!({ "doctor": 0, "after": after });
		let refusal =
			node.refuses(AFTER_OUT_OF_RANGE, "medicalRecords_subscribeInbox", params).await;
		assert!(refusal.data["highest"].as_u64().unwrap() >= number.into(), "{refusal:?}");
		assert_eq!(refusal.data["lowest"], 0);
	}

	too_much_at_once(network).await;
	still_answers(network).await;
}

/// Batches, requests and subscriptions beyond what a node takes.
async fn too_much_at_once(network: &Network) {
	let url = network.url(0).replace("ws://", "http://");
	let post = |body: String| {
		let request = reqwest::Client::new().post(&url).header("content-type", "application/json");
		async { request.body(body).send().await.unwrap().json::<Value>().await.unwrap() }
	};
	let question = |id| json!({ "jsonrpc": "2.0", "id": id, "method": "medicalRecords_patient", "params": [0] });
	let batch = |size| Value::from_iter((0..size).map(question)).to_string();
	let answers = post(batch(100)).await;
	let answers = answers.as_array().unwrap();
	assert_eq!(answers.len(), 100);
	assert!(answers.iter().all(|answer| answer["result"]["value"]["patient"] == 0));
	assert_eq!(post(batch(101)).await["error"]["code"], BATCH_TOO_LARGE);
	assert_eq!(post(batch(20_000)).await["error"]["code"], BATCH_TOO_LARGE);

	let mut long = question(1);
	long["params"] = json!([" ".repeat(16 * 1024 * 1024)]);
	let client = reqwest::Client::new();
	let sent = client.post(&url).header("content-type", "application/json").body(long.to_string());
	// The server may hang up on whoever is still sending.
	if let Ok(answer) = sent.send().await {
		let refused = answer.status() == 413
			|| answer.json::<Value>().await.unwrap()["error"]["code"] == REQUEST_TOO_LARGE;
		assert!(refused, "16 MiB are too large");
	}

	let client = connected(&network.url(0)).await.unwrap();
	let subscribe = || {
		let (begin, end) = ("medicalRecords_subscribeInbox", "medicalRecords_unsubscribeInbox");
		client.subscribe::<InboxNotification, _>(begin, Given(json!([0])), end)
	};
	let mut held = Vec::new();
	for _ in 0..256 {
		held.push(subscribe().await.unwrap());
	}
	let Err(ClientError::Call(refusal)) = subscribe().await else { panic!("256 are the most") };
	assert_eq!(refusal.code(), TOO_MANY_SUBSCRIPTIONS);
	// Whoever ends one may begin another.
	held.pop().unwrap().unsubscribe().await.unwrap();
	eventually("there is room again", || async { subscribe().await.ok() }).await;
	let ended: bool =
		client.request("medicalRecords_unsubscribeInbox", Given(json!(["unknown"]))).await.unwrap();
	assert!(!ended, "there is no such subscription");
}

async fn still_answers(network: &Network) {
	for index in 0..4 {
		let node = Node::connect(&network.url(index)).await;
		assert_eq!(node.ask("medicalRecords_patient", json!([0])).await["value"]["patient"], 0);
	}
	nobody_panicked(network);
}

async fn discarded_state_is_told_from_an_unknown_block(network: &Network, chain: &Chain) {
	let node = Node::connect(&network.url(0)).await;
	let (old, header) = chain.finalized().await;
	let at_old = json!({ "patient": 0, "at": old });
	node.ask("medicalRecords_patient", at_old.clone()).await;
	eventually("its state is discarded", || async {
		let number = chain.finalized().await.1.number;
		(number > header.number + 20).then_some(())
	})
	.await;
	for method in ["patient", "records", "grantsOfPatient", "chartKeys", "recipients", "pastEpochs"]
	{
		let method = format!("medicalRecords_{method}");
		let refusal = node.refuses(STATE_PRUNED, &method, at_old.clone()).await;
		assert!(refusal.message.ends_with("ask an archive node"), "{}", refusal.message);
	}
	for method in ["hospitals", "author", "authorizedNodes", "portalReleases"] {
		let method = format!("consortium_{method}");
		node.refuses(STATE_PRUNED, &method, json!({ "at": old })).await;
	}
	let access = json!({ "patient": 0, "doctor": 0, "at": old });
	node.refuses(STATE_PRUNED, "medicalRecords_access", access).await;
	let inbox = json!({ "doctor": 0, "after": header.number });
	node.refuses(STATE_PRUNED, "medicalRecords_subscribeInbox", inbox).await;
	let recent = chain.finalized().await.0;
	node.ask("medicalRecords_patient", json!([0, recent])).await;
	still_answers(network).await;
}

/// Two validators go on without the other two, which then, without them, make a longer chain. Neither
/// pair can finalize anything, so the blocks of the first are given up when all meet again.
async fn block_of_an_abandoned_fork_is_told_from_an_unknown_one(network: &Network, chain: &Chain) {
	let up = |only: &[Hospital]| Up {
		only: only.to_vec(),
		arguments: ARGUMENTS.map(str::to_owned).into(),
		..Up::default()
	};
	network.kill(&[South, West]);
	let beginning = chain.best().await.number;
	let (abandoned, height, since) = eventually("north and east go on alone", || async {
		let since = Instant::now();
		let best = chain.best().await;
		(best.number > beginning + 4).then_some((best.hash(), best.number, since))
	})
	.await;
	let node = Node::connect(&network.url(0)).await;
	let params = json!({ "patient": 0, "at": abandoned });
	let answer = node.ask("medicalRecords_patient", params.clone()).await;
	assert_eq!(answer["at"]["number"], height, "a block that is not final yet can be asked for");
	let final_number = node.ask("medicalRecords_patient", json!([0])).await["at"]["number"].clone();
	assert!(final_number.as_u64().unwrap() < height.into(), "but has to be named");

	// In good order, so that what they have made is kept.
	network.down().await;
	// Of the slots of a second each, two in four are theirs.
	let slots = u32::try_from(since.elapsed().as_secs()).unwrap() + 1;
	let highest = height + slots / 2 + 3;
	network.up_as(&up(&[South, West])).await;
	let south = Chain::connect(&network.url(2)).await;
	eventually("south and west have made a longer chain", || async {
		(south.best().await.number > highest).then_some(())
	})
	.await;
	network.up_as(&up(&[])).await;
	let chain = Chain::connect(&network.url(0)).await;
	eventually("the longer chain is final", || async {
		(chain.finalized().await.1.number > height).then_some(())
	})
	.await;
	assert_ne!(chain.hash_of(height).await, Some(abandoned), "the other chain won");
	let node = Node::connect(&network.url(0)).await;
	let refusal = node.refuses(ABANDONED_FORK, "medicalRecords_patient", params.clone()).await;
	assert!(refusal.message.contains("not on the best chain"), "{}", refusal.message);
	node.refuses(ABANDONED_FORK, "medicalRecords_records", params).await;
	node.refuses(ABANDONED_FORK, "consortium_author", json!([abandoned])).await;
	still_answers(network).await;
}
