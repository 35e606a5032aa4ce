//! Files: in a bucket, after a kill, and in little memory.

use super::*;
use medblock_client::{NewFile, medblock_crypto::Headers, vault::unwatched};
use medblock_platform::files::UserFile;

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

/// Longer than a client waits for an answer on which nothing moves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_takes_long_to_the_bucket_is_sent_once() {
	let service = Service::start().await;
	let endpoint = service.endpoint();
	let setup = Setup::start_with(&["--store", STORE, "--s3-endpoint", &endpoint]).await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	service.slow_down(Duration::from_secs(70));
	let by_hand = async {
		let file = age_file(1, 1_000_000);
		let says = |answer: &reqwest::Response, name: &str| {
			answer.headers()[name].to_str().unwrap() == "?1"
		};
		let began = Instant::now();
		let mut answer = own.upload(id, &file).await;
		assert_eq!(answer.status(), 202);
		assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
		while !says(&answer, "upload-complete") {
			assert!(says(&answer, "upload-storing"));
			assert!(began.elapsed() < Duration::from_secs(180), "it is never stored");
			tokio::time::sleep(Duration::from_secs(1)).await;
			answer = own.send("HEAD", &upload_path(id, &file)).await;
		}
		assert!(!says(&answer, "upload-storing"));
		file
	};
	let headers = Headers {
		title: "Letter".into(),
		media_type: "text/plain".into(),
		file_name: None,
		written_at: None,
	};
	let text = UserFile::Bytes { name: "letter".into(), bytes: vec![b'x'; 1_000].into() };
	let new = [NewFile { file: text, headers, in_reply_to: None }];
	let progress = unwatched();
	let (file, added) = tokio::join!(by_hand, patient.client.add_records(&new, &progress));
	added.unwrap();
	let record = setup.name(&patient, &[&file]).await;
	let path = format!("/v1/patients/{}/records/{record}", id.0);
	assert!(own.send("GET", &path).await.bytes().await.unwrap() == file);
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
	let deadline = Instant::now() + Duration::from_secs(90);
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

/// As after a copy that was cut off, to a folder without its database.
#[tokio::test]
async fn a_file_that_was_cut_short_is_missing_until_it_is_sent_again() {
	let mut setup = Setup::start_with(&["--sweep-interval", "1"]).await;
	let (patient, id) = setup.patient().await;
	patient.client.add_records(&receipts::notes(1), &unwatched()).await.unwrap();
	setup.kill_gateway();
	for entry in std::fs::read_dir(setup.data.path()).unwrap() {
		let path = entry.unwrap().path();
		if path.file_name().unwrap().to_str().unwrap().starts_with("state.sqlite") {
			std::fs::remove_file(path).unwrap();
		}
	}
	let folder = setup.data.path().join("blobs").join(id.0.to_string());
	let file = files_below(&folder).pop_first().unwrap();
	std::fs::File::options().write(true).open(file).unwrap().set_len(100).unwrap();
	setup.resume().await;
	setup.gateway.as_ref().unwrap().wait_for_log(r#""adopted":1"#);
	let own = setup.session(&patient).await;
	let path = format!("/v1/patients/{}/records/0", id.0);
	assert_eq!(own.refusal("GET", &path).await, refused(404, "blob-missing"));
	let repaired = patient.client.repair_records(id, true, &unwatched()).await.unwrap();
	assert_eq!((repaired.sent, repaired.lost.len()), (1, 0));
	assert_eq!(own.send("GET", &path).await.status(), 200);
}

#[tokio::test]
async fn a_chart_that_cant_be_read_keeps_no_other_from_garbage_collection() {
	let mut setup = Setup::start_with(&["--sweep-interval", "1"]).await;
	let [(_, unread), (patient, _)] = [setup.patient().await, setup.patient().await];
	patient.client.add_records(&receipts::notes(1), &unwatched()).await.unwrap();
	setup.kill_gateway();
	for entry in std::fs::read_dir(setup.data.path()).unwrap() {
		let path = entry.unwrap().path();
		if path.file_name().unwrap().to_str().unwrap().starts_with("state.sqlite") {
			std::fs::remove_file(path).unwrap();
		}
	}
	make_unreadable(&setup, unread);
	setup.resume().await;
	setup.gateway.as_ref().unwrap().wait_for_log(r#""adopted":1"#);
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
