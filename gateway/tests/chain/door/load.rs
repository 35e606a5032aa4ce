//! Clients that take more than their part.

use super::*;
use codec::Decode;
use std::{
	net::IpAddr,
	sync::{
		Arc,
		atomic::{AtomicBool, Ordering},
	},
};

/// Asks for metadata over and over again, and connects again when that ends, until it is told to stop.
async fn floods(from: IpAddr, address: SocketAddr, stop: Arc<AtomicBool>) {
	let metadata = r#"{"jsonrpc":"2.0","id":1,"method":"state_getMetadata"}"#;
	while !stop.load(Ordering::Relaxed) {
		let Ok(mut rpc) = Rpc::connect_from(from, address).await else {
			// The node has the same machine: what is tested is the door, and not the machine.
			tokio::time::sleep(Duration::from_millis(50)).await;
			continue;
		};
		while !stop.load(Ordering::Relaxed) {
			rpc.send(metadata).await;
			if rpc.next().await.is_none() {
				break;
			}
		}
	}
}

#[tokio::test]
async fn a_flood_of_200_connections_leaves_patients_and_the_chain_alone() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (_, doctor) = setup.doctor().await;
	let person = setup.newcomer_at_the_door().await;
	let done = person.client.register_patient(HospitalId(0)).await.unwrap();
	let id = receipt(&done).event("PatientRegistered").unwrap().number("patient").unwrap();
	let id = PatientId(id);
	setup.known("//Alice//stash").await.client.verify_patient(id).await.unwrap();
	person.client.grant(doctor, Terms::default()).await.unwrap();
	let session = setup.session(&person).await;
	let mut rpc = with_token(&setup, &session.token).await;
	let slot = rpc.ask("state_call", json!(["AuraApi_slot_duration", "0x"])).await;
	let slot = hex::decode(&slot["result"].as_str().unwrap()[2..]).unwrap();
	let slot = u64::decode(&mut &slot[..]).unwrap();

	let (stop, address) = (Arc::new(AtomicBool::new(false)), address(&setup));
	let flood: Vec<_> = (0..200_u8)
		.map(|number| {
			let from = IpAddr::from([127, 0, 1, 1 + number / 10]);
			tokio::spawn(floods(from, address, stop.clone()))
		})
		.collect();
	let first = setup.best_block().await;
	let connected = |metrics: &str| {
		let line =
			metrics.lines().find(|line| line.starts_with("medblock_gateway_rpc_connections "));
		line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0_u32)
	};
	let deadline = Instant::now() + Duration::from_secs(60);
	while connected(&setup.gateway.as_ref().unwrap().metrics().await) < 190 {
		assert!(Instant::now() < deadline, "it is no flood");
	}
	// A patient who is there, one who comes, and what may not wait.
	rpc.is_passed_on("medicalRecords_patient", json!([id.0])).await;
	person.client.revoke(&[doctor]).await.unwrap();
	while setup.best_block().await.number() < first.number() + 15 {
		let mut coming = with_token(&setup, &session.token).await;
		coming.is_passed_on("medicalRecords_patient", json!([id.0])).await;
		rpc.is_passed_on("medicalRecords_grantsOfPatient", json!([id.0])).await;
		tokio::time::sleep(Duration::from_millis(200)).await;
	}
	let last = setup.best_block().await;
	stop.store(true, Ordering::Relaxed);
	let slots = (last.now().await.unwrap() - first.now().await.unwrap()) / slot;
	let blocks = u64::from(last.number() - first.number());
	assert!(blocks * 10 >= slots * 8, "{blocks} blocks in {slots} slots");
	let last = setup.final_block().await;
	assert!(last.grant(id, doctor).await.unwrap().is_none(), "the revocation is final");
	for one in flood {
		one.await.unwrap();
	}
}

#[tokio::test]
async fn questions_count_by_what_it_takes_to_decide_them() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let ((patient, id), (doctor, doctor_id)) = tokio::join!(setup.patient(), setup.doctor());
	// Each record is a question of its own to the chain, in each block that decides.
	let call = medblock_client::chain::Call::share_records(
		doctor_id,
		medblock_primitives::ShareUnder::Nothing,
		medblock_primitives::SharedRecords::default(),
		true,
		None,
	);
	let signer = patient.client.keys().signer().unwrap();
	patient.client.chain().submit(signer, &call).await.unwrap();
	let mut rpc = signed_in(&setup, &doctor).await;
	// Fewer than an account may put at once if each counts for one. On a slow machine, it gets many back meanwhile.
	const QUESTIONS: u32 = 950;
	let both = BTreeSet::from(["record-not-shared", "too-many-requests"].map(str::to_owned));
	let mut refusals = BTreeSet::new();
	let (mut sent, mut answered) = (0, 0);
	while answered < QUESTIONS && refusals != both {
		while sent < QUESTIONS && sent < answered + 16 {
			let request = json!({ "jsonrpc": "2.0", "id": sent, "method": "medicalRecords_record",
				"params": [id.0, sent] });
			rpc.send(&request.to_string()).await;
			sent += 1;
		}
		let answer = rpc.next().await.unwrap();
		refusals.insert(answer["error"]["data"]["error"].as_str().unwrap().to_owned());
		answered += 1;
	}
	assert_eq!(refusals, both);
}

#[tokio::test]
async fn heads_are_followed_once_for_all() {
	let mut setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, _) = setup.patient().await;
	setup.restart_node(&["--rpc-max-subscriptions-per-connection=4"]).await;
	let session = setup.session(&patient).await;
	let mut all = Vec::new();
	for _ in 0..10 {
		let mut rpc = with_token(&setup, &session.token).await;
		for method in ["chain_subscribeNewHeads", "chain_subscribeFinalizedHeads"] {
			let answer = rpc.ask(method, json!([])).await;
			assert!(answer["result"].is_string(), "{answer}");
		}
		all.push(rpc);
	}
	for rpc in &mut all {
		let mut kinds = BTreeSet::new();
		while kinds.len() < 2 {
			let head = rpc.next().await.unwrap();
			assert!(head["params"]["result"]["number"].is_string(), "{head}");
			kinds.insert(head["method"].as_str().unwrap().to_owned());
		}
	}
	// Those who go away leave the others' subscriptions alone.
	all.truncate(1);
	for _ in 0..4 {
		assert!(all[0].next().await.unwrap()["params"]["result"].is_object());
	}
}

#[tokio::test]
async fn an_account_follows_so_many_inboxes_over_all_its_connections() {
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (doctor, id) = setup.doctor().await;
	let session = setup.session(&doctor).await;
	let mut all = Vec::new();
	for _ in 0..8 {
		let mut rpc = with_token(&setup, &session.token).await;
		let answer = rpc.ask("medicalRecords_subscribeInbox", json!([id.0])).await;
		assert!(answer["result"].is_string(), "{answer}");
		all.push((rpc, answer["result"].clone()));
	}
	let mut more = with_token(&setup, &session.token).await;
	let refusal = more.refusal("medicalRecords_subscribeInbox", json!([id.0])).await;
	assert_eq!(refusal, "too-many-subscriptions");
	let (rpc, inbox) = &mut all[0];
	let ended = rpc.ask("medicalRecords_unsubscribeInbox", json!([inbox])).await;
	assert_eq!(ended["result"], true);
	let deadline = Instant::now() + Duration::from_secs(90);
	while more.ask("medicalRecords_subscribeInbox", json!([id.0])).await.get("result").is_none() {
		assert!(Instant::now() < deadline, "its place does not come back");
	}
}
