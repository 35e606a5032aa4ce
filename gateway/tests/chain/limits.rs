//! Limits of accounts: downloads, uploads, quotas.

use super::*;

#[tokio::test]
async fn an_account_gets_so_many_downloads_and_each_is_written_down() {
	let setup = Setup::start_with(&["--downloads-per-account", "5"]).await;
	let file = age_file(1, 1_000);
	let (kept, (doctor, doctor_id)) = tokio::join!(Kept::new(&setup, &file), setup.doctor());
	let Kept { patient, id, own, path, .. } = kept;
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let doctors = setup.session(&doctor).await;
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
	for counted in [
		r#"medblock_gateway_refusals_total{reason="too-many-requests"} 1"#,
		r#"medblock_gateway_limited_total{of="downloads"} 1"#,
		r#"medblock_gateway_limited_total{of="uploads"} 0"#,
	] {
		assert!(metrics.contains(counted), "{counted}");
	}
	tokio::time::sleep(Duration::from_secs(2)).await;
	assert_eq!(byte().await.unwrap().status(), 206, "there are more after a while");
}

#[tokio::test]
async fn uploads_beyond_a_limit_are_told_to_try_again() {
	let limits = ["--max-uploads", "3", "--max-uploads-per-account", "2"];
	let setup = Setup::start_with(&limits).await;
	let ((patient, id), (other, other_id)) = tokio::join!(setup.patient(), setup.patient());
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

#[tokio::test]
async fn a_vault_that_refuses_uploads_says_why_and_serves_on() {
	// More than any disk has free.
	let setup = Setup::start_with(&["--disk-reserve", "1000TiB"]).await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	let file = age_file(1, 1_000);
	let answer = own.upload(id, &file).await;
	assert_eq!(answer.status(), 507);
	assert_eq!(answer.json::<Value>().await.unwrap()["error"], "disk-full");
	let list = format!("/v1/patients/{}/disclosures", id.0);
	assert_eq!(own.send("GET", &list).await.status(), 200);
	let health = setup.get("/health").await;
	assert_eq!(health["status"], "strained", "{health}");
	assert_eq!(health["troubles"][0]["what"], "disk-reserve");
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	for line in [
		r#"medblock_gateway_trouble{what="disk-reserve"} 1"#,
		r#"medblock_gateway_trouble{what="quota-unnamed"} 0"#,
		"medblock_gateway_serving 1",
	] {
		assert!(metrics.contains(line), "{line} is not in {metrics}");
	}
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_encrypted() {
	let setup = Setup::start().await;
	let (patient, _) = setup.patient().await;
	let limits = setup.get("/v1/limits").await;
	assert_eq!(limits["maxFile"], json!(8_u64 << 30));
	// It takes no room on this disk, and minutes to encrypt.
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("study");
	std::fs::File::create(&path).unwrap().set_len(9 << 30).unwrap();
	let headers = medblock_crypto::Headers {
		title: "Study".into(),
		media_type: "application/octet-stream".into(),
		file_name: None,
		written_at: None,
	};
	let file = medblock_platform::files::UserFile::Given(path);
	let file = medblock_client::NewFile { file, headers, in_reply_to: None };
	let began = Instant::now();
	let (files, progress) = ([file], medblock_client::vault::unwatched());
	let why =
		patient.client.add_records(&files, &progress).await.map(drop).unwrap_err().to_string();
	assert!(why.contains("too-large") && why.contains("8589934592 bytes"), "{why}");
	assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
