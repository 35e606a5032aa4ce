//! Limits of accounts: downloads, uploads, quotas.

use super::*;

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
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	let counted = r#"medblock_gateway_refusals_total{reason="too-many-requests"} 1"#;
	assert!(metrics.contains(counted));
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
