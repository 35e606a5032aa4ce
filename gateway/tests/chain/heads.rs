//! The beginnings of many records at once.

use super::*;
use common::chain::Session;
use medblock_client::{NewFile, vault::unwatched};
use medblock_crypto::{Headers, check_header, head_of};
use medblock_platform::files::UserFile;
use medblock_primitives::PatientId;
use medblock_vault_protocol::heads::{HEADS, Head, MAX_HEADS, parse};

async fn ask(session: &Session, patient: PatientId, records: &[u32]) -> reqwest::Response {
	let path = format!("/v1/patients/{}/heads", patient.0);
	session.request("POST", &path).json(&json!({ "records": records })).send().await.unwrap()
}

async fn refusal(answer: reqwest::Response) -> (u16, String) {
	let status = answer.status().as_u16();
	let body: Value = answer.json().await.unwrap();
	(status, body["error"].as_str().unwrap().to_owned())
}

/// The code of the problem in place of a record.
fn code(head: &Head<'_>) -> (u16, String) {
	let problem: Value = serde_json::from_slice(head.bytes).unwrap();
	(head.status, problem["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_chart_is_listed_by_one_request_which_gives_what_titles_need_and_is_written_down() {
	let setup = Setup::start().await;
	let ((patient, id), (doctor, doctor_id), (stranger, _)) =
		tokio::join!(setup.patient(), setup.doctor(), setup.patient());
	let (own, doctors, strangers) =
		tokio::join!(setup.session(&patient), setup.session(&doctor), setup.session(&stranger));
	let files: Vec<_> = [(1, 300_000), (2, 100), (3, 70_000), (4, 5_000), (5, 200), (6, 300)]
		.map(|(seed, length)| age_file(seed, length))
		.to_vec();
	// The last one is named, and was never uploaded.
	for file in &files[..5] {
		assert_eq!(own.upload(id, file).await.status(), 201);
	}
	let named: Vec<_> = files.iter().map(Vec::as_slice).collect();
	assert_eq!(setup.name(&patient, &named).await, 0);
	patient.client.withdraw(&[4]).await.unwrap();

	let answer = ask(&own, id, &[0, 1, 2, 3, 4, 5, 99]).await;
	assert_eq!(answer.status(), 200);
	assert_eq!(answer.headers()["content-type"], HEADS);
	assert!(answer.headers().contains_key("x-finalized-block"));
	let announced: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
	let bytes = answer.bytes().await.unwrap();
	assert_eq!(bytes.len(), announced);
	let heads = parse(&bytes).unwrap();
	assert!(heads.iter().map(|one| one.record).eq([0, 1, 2, 3, 4, 5, 99]));
	for (head, file) in heads.iter().zip(&files[..4]) {
		let needed = file.len().min(check_header(file).unwrap() + 16 + 65_536 + 16);
		assert_eq!(head.status, 200);
		assert!(head.bytes == &file[..needed], "record {}", head.record);
		head_of(head.bytes).unwrap();
	}
	assert_eq!(code(&heads[4]), refused(410, "record-withdrawn"));
	assert_eq!(code(&heads[5]), refused(404, "blob-missing"));
	assert_eq!(code(&heads[6]), refused(404, "record-not-found"));

	// Who may read nothing is given nothing, and a doctor who was given single records those alone.
	let bytes = ask(&strangers, id, &[0, 1]).await.bytes().await.unwrap();
	assert!(parse(&bytes).unwrap().iter().all(|one| code(one) == refused(403, "not-granted")));
	patient.client.grant(doctor_id, Terms::default()).await.unwrap();
	let bytes = ask(&doctors, id, &[0, 1, 2, 3]).await.bytes().await.unwrap();
	assert!(parse(&bytes).unwrap().iter().all(|one| one.status == 200));
	patient.client.revoke(&[doctor_id]).await.unwrap();
	let bytes = ask(&doctors, id, &[0, 1]).await.bytes().await.unwrap();
	assert!(parse(&bytes).unwrap().iter().all(|one| code(one) == refused(403, "not-granted")));

	let list = format!("/v1/patients/{}/disclosures", id.0);
	let page: Value = own.send("GET", &list).await.json().await.unwrap();
	let items = page["items"].as_array().unwrap();
	let by = |doctor: Value| -> Vec<u64> {
		let own = items.iter().filter(|item| item["doctor"] == doctor);
		own.map(|item| item["record"].as_u64().unwrap()).collect()
	};
	assert_eq!(by(Value::Null), [0, 1, 2, 3]);
	assert_eq!(by(json!(doctor_id.0)), [0, 1, 2, 3]);
	let whole = files[0].len() as u64;
	assert!(items[0]["to"].as_u64().unwrap() < whole, "it was the beginning");
}

#[tokio::test]
async fn another_request_than_for_some_records_in_order_is_refused() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let own = setup.session(&patient).await;
	let most = u32::try_from(MAX_HEADS).unwrap();
	for bad in [vec![], vec![1, 0], vec![1, 1], (0..=most).collect()] {
		assert_eq!(refusal(ask(&own, id, &bad).await).await, refused(400, "bad-request"));
	}
	let all: Vec<u32> = (0..most).collect();
	let bytes = ask(&own, id, &all).await.bytes().await.unwrap();
	let heads = parse(&bytes).unwrap();
	assert_eq!(heads.len(), MAX_HEADS);
	assert!(heads.iter().all(|one| code(one) == refused(404, "record-not-found")));
	assert_eq!(setup.get("/v1/limits").await["headsAtOnce"], json!(MAX_HEADS));
}

#[tokio::test]
async fn a_client_lists_a_chart_by_few_requests() {
	let setup = Setup::start().await;
	let (patient, id) = setup.patient().await;
	let files: Vec<_> = (0..70)
		.map(|number: u32| NewFile {
			file: UserFile::Bytes {
				name: "a note".into(),
				bytes: format!("finding {number}").into_bytes().into(),
			},
			headers: Headers {
				title: format!("Note {number}"),
				media_type: "text/plain".into(),
				file_name: None,
				written_at: None,
			},
			in_reply_to: None,
		})
		.collect();
	patient.client.add_records(&files, &unwatched()).await.unwrap();
	let at = setup.final_block().await;
	let listed = patient.client.list(&at, id, None, None, &unwatched()).await.unwrap();
	let titles = listed.items.into_iter().map(|entry| entry.title.unwrap().headers.title);
	assert!(titles.eq((0..70).map(|number| format!("Note {number}"))));
	let metrics = setup.gateway.as_ref().unwrap().metrics().await;
	let asked =
		r#"medblock_gateway_requests_total{class="2xx",route="/v1/patients/{patient}/heads"} 2"#;
	assert!(metrics.contains(asked), "{metrics}");
	assert!(!metrics.contains(r#"route="/v1/patients/{patient}/records/{record}""#), "{metrics}");
}
