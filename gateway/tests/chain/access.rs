//! Access: what accounts are given, and when access ends.

use super::*;

#[tokio::test]
async fn a_record_is_given_to_whom_the_patient_allows_it_and_that_is_written_down() {
	let setup = Setup::start().await;
	let file = age_file(1, 300_000);
	let (kept, (doctor, doctor_id), (stranger, _)) =
		tokio::join!(Kept::new(&setup, &file), setup.doctor(), setup.patient());
	let Kept { patient, id, own, record, path } = kept;
	let (doctors, strangers) = tokio::join!(setup.session(&doctor), setup.session(&stranger));

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
	patient.client.withdraw(&[record]).await.unwrap();
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
	let file = age_file(1, 1_000);
	let (kept, (doctor, doctor_id)) = tokio::join!(Kept::new(&setup, &file), setup.doctor());
	let Kept { patient, id, record, path, .. } = kept;
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
async fn an_answer_is_cut_when_access_is_revoked_in_the_middle() {
	let setup = Setup::start().await;
	let file = age_file(1, 64 << 20);
	let (kept, (doctor, doctor_id)) = tokio::join!(Kept::new(&setup, &file), setup.doctor());
	let Kept { patient, path, .. } = kept;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let doctors = setup.session(&doctor).await;
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
async fn naming_a_digest_gives_nobody_the_bytes() {
	let setup = Setup::start().await;
	let file = age_file(1, 1_000);
	let Kept { id, own, path: kept, .. } = Kept::new(&setup, &file).await;
	let (thief, thief_id) = setup.patient().await;
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
	thief.client.withdraw(&[stolen]).await.unwrap();
	assert!(own.send("GET", &kept).await.bytes().await.unwrap() == file);
	assert_eq!(own.refusal("DELETE", &upload_path(id, &file)).await, refused(409, "referenced"));
}

#[tokio::test]
async fn no_path_leads_out_of_the_vault_for_who_is_signed_in() {
	let setup = Setup::start().await;
	let file = age_file(1, 1_000);
	let Kept { id, own, record, .. } = Kept::new(&setup, &file).await;
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
async fn another_chain_behind_the_nodes_address_decides_nothing() {
	let mut setup = Setup::start().await;
	let file = age_file(1, 1_000);
	let Kept { own, path, .. } = Kept::new(&setup, &file).await;

	setup.replace_node(&["--chain=local"]);
	setup.until_health("reason", "other-chain").await;
	assert_eq!(own.refusal("GET", &path).await, refused(503, "other-chain"));

	setup.restart_node(&[]).await;
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
}

#[tokio::test]
async fn without_its_node_the_gateway_serves_nobody() {
	let mut setup = Setup::start().await;
	let file = age_file(1, 1_000);
	let Kept { id, own, path, .. } = Kept::new(&setup, &file).await;
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

/// An operator at the gateway's door: what it needs to encrypt is answered, and what it adds is taken in. Nothing is
/// given out.
#[tokio::test]
async fn an_operator_uploads_where_the_patient_allows_it_and_is_given_nothing() {
	use crate::common::chain::receipt;
	use medblock_client::{
		Error, NewFile, institutions::Error as InstitutionError, medblock_crypto::Headers,
		vault::unwatched,
	};
	use medblock_platform::files::UserFile;
	use medblock_primitives::{InstitutionId, InstitutionKind};
	let setup = Setup::start_with(&["--rpc-door"]).await;
	let (patient, id) = setup.patient().await;
	let controller = setup.known("//Alice").await;
	let adding = controller.client.add_institution(InstitutionKind::Laboratory, "Blood").await;
	let done = adding.unwrap();
	let event = receipt(&done).event("InstitutionAdded").unwrap();
	let institution = InstitutionId(event.number("institution").unwrap());
	let operator = setup.newcomer_at_the_door().await;
	let account = operator.client.keys().account();
	controller.client.appoint_operator(institution, account).await.unwrap();
	operator.client.join_institution(institution).await.unwrap();

	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("result");
	std::fs::write(&path, "all is well").unwrap();
	let headers = Headers {
		title: "Blood count".to_owned(),
		media_type: "text/plain".to_owned(),
		file_name: None,
		written_at: None,
	};
	let files = [NewFile { file: UserFile::Given(path), headers, in_reply_to: None }];
	let progress = unwatched();
	let deposit = || operator.client.deposit(id, &files, &progress);
	let refused = deposit().await.unwrap_err();
	let is_refused = matches!(refused, Error::Institution(InstitutionError::NotAllowed { .. }));
	assert!(is_refused, "{refused}");
	let session = setup.session(&operator).await;
	let file = age_file(1, 10);
	assert_eq!(session.upload(id, &file).await.status(), 403);

	patient.client.allow_deposit(institution, None).await.unwrap();
	let done = deposit().await.unwrap();
	let record = receipt(&done).event("RecordsAdded").unwrap().number("first").unwrap();
	let session = setup.session(&operator).await;
	for path in [
		format!("/v1/patients/{}/records/{record}", id.0),
		format!("/v1/patients/{}/profile", id.0),
	] {
		assert_eq!(session.refusal("GET", &path).await, super::refused(403, "not-granted"));
	}
	let list = format!("/v1/patients/{}/disclosures", id.0);
	assert_eq!(session.refusal("GET", &list).await, super::refused(403, "patient-only"));
	let own = setup.session(&patient).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert_eq!(own.send("GET", &path).await.status(), 200);

	patient.client.end_deposits(&[institution]).await.unwrap();
	assert_eq!(session.upload(id, &file).await.status(), 403);
}
