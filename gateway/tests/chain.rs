//! The gateway on a real node: who is given what, and what survives.

#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use common::{
	chain::{Setup, age_file, document, upload_path},
	s3::{STORE, Service},
};
use futures::StreamExt;
use medblock_client::patient::Terms;
use serde_json::{Value, json};
use std::{
	collections::BTreeSet,
	path::{Path, PathBuf},
	time::{Duration, Instant},
};

fn refused(status: u16, code: &str) -> (u16, String) {
	(status, code.to_owned())
}

/// Of somebody who asks for more than they get.
async fn is_told_to_try_again(answer: reqwest::Response) {
	assert_eq!(answer.status(), 429);
	assert_eq!(answer.headers()["retry-after"], "1");
	let body: Value = answer.json().await.unwrap();
	assert_eq!(body["error"], "too-many-requests");
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
	let mut found = BTreeSet::new();
	for entry in std::fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		if path.is_dir() {
			found.extend(files_below(&path));
		} else {
			found.insert(path);
		}
	}
	found
}

#[tokio::test]
async fn a_record_is_given_to_whom_the_patient_allows_it_and_that_is_written_down() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let (stranger, _) = setup.patient().await;
	let (own, doctors, strangers) =
		tokio::join!(setup.session(&patient), setup.session(&doctor), setup.session(&stranger));
	let file = age_file(1, 300_000);
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);

	let answer = own.send("GET", &path).await;
	assert_eq!(answer.status(), 200);
	let headers = answer.headers().clone();
	assert_eq!(headers["content-type"], "application/age");
	assert_eq!(headers["content-disposition"], "attachment");
	assert_eq!(headers["etag"], format!("\"{}\"", hex::encode(document(&file).digest)));
	assert!(headers.contains_key("x-finalized-block"));
	assert!(answer.bytes().await.unwrap() == file);

	let answer = own.send("HEAD", &path).await;
	assert_eq!(answer.headers()["content-length"], file.len().to_string());
	let part = own.request("GET", &path).header("range", "bytes=1000-1999");
	let answer = part.send().await.unwrap();
	assert_eq!(answer.status(), 206);
	let range = format!("bytes 1000-1999/{}", file.len());
	assert_eq!(answer.headers()["content-range"], range);
	assert!(answer.bytes().await.unwrap() == file[1_000..2_000]);
	let beyond = own.request("GET", &path).header("range", "bytes=9999999-");
	assert_eq!(beyond.send().await.unwrap().status(), 416);

	for others in [&doctors, &strangers] {
		assert_eq!(others.refusal("GET", &path).await, refused(403, "not-granted"));
	}
	let terms = Terms { may_append: false, expires_at: None };
	patient.client.grant(doctor_id, terms).await.unwrap();
	assert!(doctors.send("GET", &path).await.bytes().await.unwrap() == file);
	let note = age_file(2, 10);
	let answer = doctors.upload(id, &note).await;
	assert_eq!(answer.status(), 403);
	assert_eq!(answer.json::<Value>().await.unwrap()["error"], "append-not-allowed");
	patient.client.revoke(&[doctor_id]).await.unwrap();
	assert_eq!(doctors.refusal("GET", &path).await, refused(403, "not-granted"));

	let missing = format!("/v1/patients/{}/records/99", id.0);
	assert_eq!(own.refusal("GET", &missing).await, refused(404, "record-not-found"));
	let profile = format!("/v1/patients/{}/profile", id.0);
	assert_eq!(own.refusal("GET", &profile).await, refused(404, "no-profile"));
	patient.client.withdraw(record).await.unwrap();
	assert_eq!(own.refusal("GET", &path).await, refused(410, "record-withdrawn"));

	let list = format!("/v1/patients/{}/disclosures", id.0);
	for others in [&doctors, &strangers] {
		assert_eq!(others.refusal("GET", &list).await, refused(403, "patient-only"));
	}
	let page: Value = own.send("GET", &list).await.json().await.unwrap();
	let items = page["items"].as_array().unwrap();
	let seen = |item: &Value| (item["from"].clone(), item["to"].clone(), item["doctor"].clone());
	let length = file.len();
	assert_eq!(
		items.iter().map(seen).collect::<Vec<_>>(),
		[
			(json!(0), json!(length), Value::Null),
			(json!(1_000), json!(2_000), Value::Null),
			(json!(0), json!(length), json!(doctor_id.0)),
		]
	);
	assert!(items.iter().all(|item| item["record"] == json!(record)));
	assert_eq!(items[2]["account"], doctor.client.keys().account().to_string());
	assert!(items[2]["challenge"].as_str().unwrap().contains("sign in to MedBlock"));
	assert_eq!(page["next"], Value::Null);
	let paged: Value =
		own.send("GET", &format!("{list}?after=0&limit=1")).await.json().await.unwrap();
	assert_eq!((&paged["items"][0]["number"], &paged["next"]), (&json!(1), &json!(1)));

	assert_eq!(own.send("DELETE", "/v1/session").await.status(), 204);
	assert_eq!(own.refusal("GET", &path).await, refused(401, "not-signed-in"));
}

#[tokio::test]
async fn a_grant_counts_once_it_is_final_and_not_before() {
	let mut setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let file = age_file(1, 1_000);
	assert_eq!(setup.session(&patient).await.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	let doctors = setup.session(&doctor).await;

	// From here on blocks come, and none becomes final.
	setup.restart_node(&["--no-grandpa"]).await;
	let granting = patient.client.grant(doctor_id, Terms::default());
	let meanwhile = async {
		loop {
			let best = setup.best_block().await;
			if best.access(id, doctor_id, Some(record)).await.unwrap().is_ok() {
				break;
			}
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
		assert_eq!(doctors.refusal("GET", &path).await, refused(403, "not-granted"));
		let last = setup.final_block().await;
		let access = last.access(id, doctor_id, Some(record)).await.unwrap();
		assert!(access.is_err(), "the grant is in the best block alone");
	};
	tokio::select! {
		granted = granting => panic!("nothing becomes final, and yet: {:?}", granted.map(drop)),
		() = meanwhile => (),
	}

	setup.restart_node(&[]).await;
	let deadline = Instant::now() + Duration::from_secs(60);
	while doctors.send("GET", &path).await.status() != 200 {
		assert!(Instant::now() < deadline, "it never counts");
		tokio::time::sleep(Duration::from_millis(100)).await;
	}
	let last = setup.final_block().await;
	assert!(last.access(id, doctor_id, Some(record)).await.unwrap().is_ok());
}

#[tokio::test]
async fn another_chain_behind_the_nodes_address_decides_nothing() {
	let mut setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	let file = age_file(1, 1_000);
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);

	setup.replace_node(&["--chain=local"]);
	setup.until_health("reason", "other-chain").await;
	assert_eq!(own.refusal("GET", &path).await, refused(503, "other-chain"));

	setup.restart_node(&[]).await;
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
}

#[tokio::test]
async fn an_account_gets_so_many_downloads_and_each_is_written_down() {
	let setup = Setup::start_with(&["--downloads-per-account", "5"]).await;
	let (patient, id) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let file = age_file(1, 1_000);
	let own = setup.session(&patient).await;
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let doctors = setup.session(&doctor).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	let byte = || own.request("GET", &path).header("range", "bytes=0-0").send();

	let mut given = 0;
	let refusal = loop {
		let answer = byte().await.unwrap();
		if answer.status() != 206 {
			break answer;
		}
		assert_eq!(answer.bytes().await.unwrap().len(), 1);
		given += 1;
		assert!(given < 200, "there is no end to it");
	};
	assert!(given >= 5, "{given}");
	is_told_to_try_again(refusal).await;
	assert_eq!(own.send("HEAD", &path).await.status(), 200, "nothing is disclosed by that");
	assert_eq!(doctors.send("GET", &path).await.status(), 200, "others have theirs");

	let list = format!("/v1/patients/{}/disclosures", id.0);
	let page: Value = own.send("GET", &list).await.json().await.unwrap();
	let items = page["items"].as_array().unwrap();
	let by = |doctor: Value| items.iter().filter(|item| item["doctor"] == doctor).count();
	assert_eq!((by(Value::Null), by(json!(doctor_id.0))), (given, 1));
	let figures = setup.gateway.as_ref().unwrap().figures().await;
	let counted = r#"medblock_gateway_refusals_total{reason="too-many-requests"} 1"#;
	assert!(figures.contains(counted));
	tokio::time::sleep(Duration::from_secs(2)).await;
	assert_eq!(byte().await.unwrap().status(), 206, "there are more after a while");
}

#[tokio::test]
async fn uploads_beyond_a_limit_are_told_to_try_again() {
	let limits = ["--max-uploads", "3", "--max-uploads-per-account", "2"];
	let setup = Setup::start_with(&limits).await;
	let (patient, id) = setup.patient().await;
	let (other, other_id) = setup.patient().await;
	let (own, others) = tokio::join!(setup.session(&patient), setup.session(&other));
	let files = [1, 2, 3].map(|seed| age_file(seed, 1_000));
	let first = own.begin(id, &files[0]).await;
	let second = own.begin(id, &files[1]).await;
	is_told_to_try_again(own.upload(id, &files[2]).await).await;
	let third = others.begin(other_id, &files[0]).await;
	is_told_to_try_again(others.upload(other_id, &files[1]).await).await;
	// The chain is asked first: who may not upload is told that, and takes nobody's slot.
	assert_eq!(others.upload(id, &files[2]).await.status(), 403);
	first.end().await;
	assert_eq!(own.upload(id, &files[2]).await.status(), 201);
	assert_eq!(others.upload(other_id, &files[1]).await.status(), 201);
	second.end().await;
	third.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_a_bucket_is_served_as_from_a_folder() {
	let mut service = Service::start().await;
	let endpoint = service.endpoint();
	let mut setup = Setup::start_with(&["--store", STORE, "--s3-endpoint", &endpoint]).await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	// It is sent to the bucket in several parts.
	let file = age_file(1, 20 << 20);
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let digest = hex::encode(document(&file).digest);
	let object = service.files().join(format!("{}/{}/{digest}", id.0, &digest[..2]));
	assert!(std::fs::read(object).unwrap() == file, "it is in the bucket");
	for folder in ["blobs", "staging"] {
		assert!(files_below(&setup.data.path().join(folder)).is_empty(), "and not in {folder}");
	}
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	let part = own.request("GET", &path).header("range", "bytes=9000000-9000499");
	assert!(part.send().await.unwrap().bytes().await.unwrap() == file[9_000_000..9_000_500]);

	service.stop().await;
	assert_eq!(own.refusal("GET", &path).await, refused(503, "store-failed"));
	setup.kill_gateway();
	service.start_again().await;
	setup.resume().await;
	let own = setup.session(&patient).await;
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	assert_eq!(own.refusal("DELETE", &upload_path(id, &file)).await, refused(409, "referenced"));
}

#[tokio::test]
async fn no_path_leads_out_of_the_vault_for_who_is_signed_in() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	let file = age_file(1, 1_000);
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let gateway = setup.gateway.as_ref().unwrap();
	// As it is written: a client would tidy the path up.
	let ask = |method: &str, path: &str| {
		let request = format!(
			"{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
			upload-offset: 0\r\nupload-length: 4\r\ncontent-length: 4\r\n\
			connection: close\r\n\r\nsome",
			own.token
		);
		gateway.raw(request.as_bytes())
	};
	let (patient, digest) = (id.0, hex::encode(document(&file).digest));
	for good in [
		format!("/v1/patients/{patient}/records/{record}"),
		format!("/v1/patients/{patient}/uploads/{digest}"),
	] {
		let answer = ask("HEAD", &good);
		assert!(answer.starts_with("HTTP/1.1 200"), "{good}: {answer}");
	}
	let before = files_below(setup.data.path());
	for bad in [
		"//etc/passwd".to_owned(),
		"/v1/patients/../../../../etc/passwd".to_owned(),
		"/v1/patients/..%2f..%2f..%2f..%2fetc%2fpasswd/profile".to_owned(),
		format!("/v1/patients/{patient}/../{patient}/records/{record}"),
		format!("/v1/patients/{patient}%2f..%2f{patient}/records/{record}"),
		format!("/v1/patients/{patient}%00/records/{record}"),
		format!("/v1/patients/0{patient}/records/{record}"),
		format!("/v1/patients/+{patient}/records/{record}"),
		format!("/v1/patients/{}/records/{record}", (1_u64 << 32) + u64::from(patient)),
		format!("/v1/patients/{patient}/records/..%2f..%2fvault.json"),
		format!("/v1/patients/{patient}/records/%2e%2e"),
		format!("/v1/patients/{patient}/records/{record}%20"),
		format!("/v1/patients/{patient}/uploads/..%2f..%2f..%2fvault.json"),
		format!("/v1/patients/{patient}/uploads/{}%2f{digest}", &digest[..2]),
		format!("/v1/patients/{patient}/uploads/{digest}.json"),
		format!("/v1/patients/{patient}/uploads/{digest}0"),
		format!("/v1/patients/{patient}/uploads/{}", digest.to_uppercase()),
	] {
		let answer = ask("HEAD", &bad);
		assert!(answer.starts_with("HTTP/1.1 404"), "{bad}: {answer}");
		for method in ["GET", "PATCH", "DELETE"] {
			let answer = ask(method, &bad);
			// Not every path takes every method.
			let refused = ["404", "405"].map(|status| format!("HTTP/1.1 {status}"));
			let refused = refused.iter().any(|line| answer.starts_with(line));
			assert!(refused, "{method} {bad}: {answer}");
		}
	}
	assert!(files_below(setup.data.path()) == before, "nothing was written, and nothing removed");
}

#[tokio::test]
async fn naming_a_digest_gives_nobody_the_bytes() {
	let setup = Setup::start().await;
	let (victim, id) = setup.patient().await;
	let (thief, thief_id) = setup.patient().await;
	let file = age_file(1, 1_000);
	let own = setup.session(&victim).await;
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&victim, &[&file]).await;
	let theirs = setup.session(&thief).await;
	let stolen = setup.name(&thief, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{stolen}", thief_id.0);
	assert_eq!(theirs.refusal("GET", &path).await, refused(404, "blob-missing"));
	assert_eq!(theirs.refusal("DELETE", &upload_path(id, &file)).await.0, 404);
	let end = theirs.request("PATCH", &upload_path(thief_id, &file));
	let end = end.header("upload-offset", file.len()).header("upload-length", file.len());
	let answer = end.send().await.unwrap();
	assert_eq!(
		(answer.status().as_u16(), &answer.headers()["upload-offset"]),
		(409, &"0".parse().unwrap())
	);
	thief.client.withdraw(stolen).await.unwrap();
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	assert_eq!(own.refusal("DELETE", &upload_path(id, &file)).await, refused(409, "referenced"));
}

#[tokio::test]
async fn who_is_not_verified_has_little_room_and_who_is_unknown_none() {
	let setup = Setup::start().await;
	let nobody = setup.somebody().await;
	assert_eq!(setup.try_sign_in(&nobody).await.0["error"], "unknown-account");
	let (patient, id) = setup.pending_patient().await;
	let own = setup.session(&patient).await;
	let small = age_file(1, 1_000);
	assert_eq!(own.upload(id, &small).await.status(), 201);
	let large = own.request("PATCH", &upload_path(id, b"large"));
	let large = large.header("upload-offset", 0).header("upload-length", 17 << 20);
	let answer = large.body("some").send().await.unwrap();
	assert_eq!(answer.status(), 507);
	assert_eq!(own.send("DELETE", &upload_path(id, &small)).await.status(), 204);
	assert_eq!(
		own.refusal("DELETE", &upload_path(id, &small)).await,
		refused(404, "no-such-upload")
	);
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged_and_serves_nothing_by_halves() {
	let mut setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let file = age_file(1, 3_000_000);
	let record = setup.name(&patient, &[&file]).await;
	let path = upload_path(id, &file);
	let download = format!("/v1/patients/{}/records/{record}", id.0);
	let own = setup.session(&patient).await;

	// Half of it is sent, and the rest never comes.
	let (sender, receiver) = futures::channel::mpsc::unbounded();
	sender.unbounded_send(Ok::<_, std::io::Error>(file[..1_500_000].to_vec())).unwrap();
	let request = own.request("PATCH", &path).header("upload-offset", 0);
	let request = request.header("upload-length", file.len());
	let sending = tokio::spawn(request.body(reqwest::Body::wrap_stream(receiver)).send());
	let offset_of = |answer: &reqwest::Response| -> usize {
		answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
	};
	let deadline = Instant::now() + Duration::from_secs(20);
	loop {
		let answer = own.send("HEAD", &path).await;
		if answer.status() == 200 && offset_of(&answer) > 0 {
			break;
		}
		assert!(Instant::now() < deadline, "nothing arrives");
	}
	setup.kill_gateway();
	assert!(sending.await.unwrap().is_err());
	drop(sender);
	setup.resume().await;

	let own = setup.session(&patient).await;
	assert_eq!(own.refusal("GET", &download).await, refused(404, "blob-missing"));
	let answer = own.send("HEAD", &path).await;
	let offset = offset_of(&answer);
	assert!(0 < offset && offset <= 1_500_000, "{offset}");
	assert_eq!(answer.headers()["upload-complete"], "?0");
	let rest = own.request("PATCH", &path).header("upload-offset", offset);
	let answer = rest.body(file[offset..].to_vec()).send().await.unwrap();
	assert_eq!(answer.status(), 201);
	setup.kill_gateway();
	setup.resume().await;
	let own = setup.session(&patient).await;
	assert_eq!(own.send("HEAD", &path).await.headers()["upload-complete"], "?1");
	assert!(own.send("GET", &download).await.bytes().await.unwrap() == file);
}

#[tokio::test]
async fn without_its_node_the_gateway_serves_nobody() {
	let mut setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let file = age_file(1, 1_000);
	let own = setup.session(&patient).await;
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert_eq!(own.send("GET", &path).await.status(), 200);
	setup.kill_node();
	for path in [&path, &format!("/v1/patients/{}/disclosures", id.0)] {
		assert_eq!(own.refusal("GET", path).await, refused(503, "node-unreachable"));
	}
	assert_eq!(own.upload(id, &age_file(2, 10)).await.status(), 503);
	let health = setup.get("/health").await;
	assert_eq!(
		(&health["status"], &health["reason"]),
		(&json!("degraded"), &json!("node-unreachable"))
	);
}

#[tokio::test]
async fn an_answer_is_cut_when_access_is_revoked_in_the_middle() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let (doctor, doctor_id) = setup.doctor().await;
	let file = age_file(1, 64 << 20);
	let own = setup.session(&patient).await;
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let doctors = setup.session(&doctor).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	let mut body = doctors.send("GET", &path).await.bytes_stream();
	let mut received = body.next().await.unwrap().unwrap().len();
	patient.client.revoke(&[doctor_id]).await.unwrap();
	let cut = loop {
		match body.next().await {
			Some(Ok(piece)) => received += piece.len(),
			Some(Err(_)) => break true,
			None => break false,
		}
	};
	assert!(cut && received < file.len(), "{received} of {}", file.len());
	assert_eq!(doctors.refusal("GET", &path).await, refused(403, "not-granted"));
}

#[tokio::test]
async fn a_large_file_passes_in_little_memory() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let file = age_file(1, 128 << 20);
	let own = setup.session(&patient).await;
	let gateway = setup.gateway.as_ref().unwrap();
	let idle = gateway.memory("VmRSS");
	assert_eq!(own.upload(id, &file).await.status(), 201);
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
	let above = gateway.memory("VmHWM") - idle;
	assert!(above <= 64 << 10, "{above} KiB above {idle} KiB");
}
